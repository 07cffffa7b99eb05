"""HTML elements built as a tree, so that nothing can be left unclosed or unescaped, and written as text at the end."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

Child = Element | str | None

_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})
_RAW = frozenset({"style"})


def el(tag: str, *children: Child, **attributes: str | None) -> Element:
    """An element with ``children``: elements, words, or ``None`` for nothing.

    An attribute that is a word of Python takes a trailing underscore (``class_``), a hyphen is written as ``_``
    (``data_fact``); ``None`` leaves an attribute out.
    """
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    return add(Element(tag, names), children)


def add(parent: Element, children: Iterable[Child]) -> Element:
    """``parent`` with ``children`` behind those that it has."""
    for child in children:
        if isinstance(child, str):
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + child
            else:
                parent.text = (parent.text or "") + child
        elif child is not None:
            parent.append(child)
    return parent


def all_words(element: Element) -> str:
    """All words in ``element``, as they stand."""
    return "".join(element.itertext())


def serialise(element: Element) -> str:
    """The element as text that is well-formed XML and the same document when read as HTML.

    Raises:
        ValueError: a style sheet holds a character that XML and HTML would read differently.

    """
    parts: list[str] = []
    _write(element, parts)
    return "".join(parts)


def _write(element: Element, parts: list[str]) -> None:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in element.attrib.items())
    if element.tag in _VOID:
        parts.append(f"<{element.tag}{attributes}/>")
        return
    parts.append(f"<{element.tag}{attributes}>")
    if element.tag in _RAW:
        parts.append(_raw(element.text or ""))
    else:
        parts.append(escape(element.text or ""))
        for child in element:
            _write(child, parts)
            parts.append(escape(child.tail or ""))
    parts.append(f"</{element.tag}>")


def _raw(text: str) -> str:
    if "<" in text or "&" in text:
        raise ValueError("a style sheet may hold neither “<” nor “&”")
    return text
