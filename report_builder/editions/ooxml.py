"""WordprocessingML in small pieces: elements, runs, fields and bookmarks as text that is well-formed by construction.

A Word file of forty pages is some sixty thousand elements. They are written as text and parsed once, which is several
times quicker than building them one by one; the type :data:`Xml` keeps words that nobody has escaped out of it.
"""

from __future__ import annotations

from typing import Any, NewType
from xml.sax.saxutils import quoteattr

Xml = NewType("Xml", str)
"""Markup that is complete and escaped: made by the functions of this module, never from a report's words."""

NO_XML = Xml("")

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
}
"""The prefixes that the elements here may use."""

_W = f"{{{NAMESPACES['w']}}}"
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"

_NOT_XML = {code: None for code in (*range(32), 0x7F, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))}
_ESCAPES = {**_NOT_XML, ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", 9: " ", 10: " ", 13: " "}
_ATTRIBUTE_ESCAPES = {**_NOT_XML, 9: " ", 10: " ", 13: " "}


def w(name: str) -> str:
    """The name of a WordprocessingML element or attribute as lxml wants it."""
    return _W + name


def el(tag: str, *content: Xml, **attributes: str | int | None) -> Xml:
    """An element. ``tag`` carries its prefix (``w:p``).

    Attributes of a ``w:`` element get the prefix ``w:``; a name with an underscore carries its own (``r_embed``);
    ``None`` leaves an attribute out.
    """
    prefix = "w:" if tag.startswith("w:") else ""
    written = "".join(
        f" {name.replace('_', ':') if '_' in name else prefix + name}={_quoted(value)}"
        for name, value in attributes.items()
        if value is not None
    )
    if not content:
        return Xml(f"<{tag}{written}/>")
    return Xml(f"<{tag}{written}>{''.join(content)}</{tag}>")


def copied(element: Any) -> Xml:
    """A ``w:`` element of a parsed part, rewritten."""
    attributes = {_local(name): str(value) for name, value in element.attrib.items()}
    return el(f"w:{_local(element.tag)}", *(copied(child) for child in element), **attributes)


def join(*pieces: Xml) -> Xml:
    """Pieces of markup in a row."""
    return Xml("".join(pieces))


def text(words: str) -> Xml:
    """Words as the content of an element; line breaks and tabs become spaces, what XML cannot hold is left out."""
    return Xml(words.translate(_ESCAPES))


def root(tag: str, *content: Xml) -> Xml:
    """The root of a part, declaring every prefix."""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return Xml(f"<{tag}{declared}>{''.join(content)}</{tag}>")


def run(words: str, look: Xml = NO_XML) -> Xml:
    """A run of words; ``look`` holds the children of its ``w:rPr``. Soft hyphens become Word's own."""
    pieces = (el("w:t", text(piece), xml_space="preserve") if piece else NO_XML for piece in words.split(_SOFT_HYPHEN))
    return _run(Xml(el("w:softHyphen").join(pieces)), look)


def tab() -> Xml:
    """A run that holds a tab."""
    return _run(el("w:tab"), NO_XML)


def field(instruction: str, *result: Xml, look: Xml = NO_XML) -> Xml:
    """A whole field: its instruction and ``result``, the runs that are shown until Word works it out again."""
    return join(field_start(instruction, look), *result, field_end(look))


def field_start(instruction: str, look: Xml = NO_XML) -> Xml:
    """The beginning of a field whose result runs over several paragraphs; :func:`field_end` must follow."""
    return join(
        _run(el("w:fldChar", fldCharType="begin"), look),
        _run(el("w:instrText", text(f" {instruction} "), xml_space="preserve"), look),
        _run(el("w:fldChar", fldCharType="separate"), look),
    )


def field_end(look: Xml = NO_XML) -> Xml:
    """The end of a field."""
    return _run(el("w:fldChar", fldCharType="end"), look)


def bookmark(name: str, number: int, *content: Xml) -> Xml:
    """``content`` inside a bookmark; ``number`` is its id, unique in the file."""
    return join(el("w:bookmarkStart", id=number, name=name), *content, el("w:bookmarkEnd", id=number))


def paragraph(style: str, *content: Xml, properties: Xml = NO_XML) -> Xml:
    """A paragraph in the style with the id ``style``; ``properties`` are further children of its ``w:pPr``."""
    return el("w:p", el("w:pPr", el("w:pStyle", val=style), properties), *content)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _run(content: Xml, look: Xml) -> Xml:
    return el("w:r", el("w:rPr", look), content) if look else el("w:r", content)


def _quoted(value: str | int) -> str:
    return quoteattr(value.translate(_ATTRIBUTE_ESCAPES)) if isinstance(value, str) else f'"{value}"'
