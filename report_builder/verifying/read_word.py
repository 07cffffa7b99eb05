"""The Word file read back: its passages, with the content controls that say which fact each number is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from report_builder.problems import Place, Problem, ReportError
from report_builder.verifying.edition_passages import Passage

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_TEXT, _NOTES = "word/document.xml", "word/footnotes.xml"


def passages(data: bytes, name: str) -> Iterator[Passage]:
    """Every passage of the text and of the footnotes, in reading order.

    Raises:
        ReportError: the file is not a Word file.

    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            text = etree.fromstring(package.read(_TEXT), parser)
            notes = etree.fromstring(package.read(_NOTES), parser) if _NOTES in package.namelist() else None
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as e:
        message = f"The file is not a Word file that can be read: {e}."
        raise ReportError(Problem(code="unreadable-edition", message=message, place=Place(file=name))) from e
    yield from _story(text, "")
    if notes is not None:
        yield from _story(notes, "among the footnotes")


def _story(root: Any, fixed: str) -> Iterator[Passage]:
    heading, number = "", 0
    for element in root.iter(f"{_W}p", f"{_W}tr", _DRAWN):
        if element.tag == _DRAWN:
            if words := element.get("descr"):
                yield Passage(place=fixed or f"picture under “{heading}”", text=words)
            continue
        if any(above.tag == f"{_W}tr" for above in element.iterancestors()):
            continue
        number += 1
        text = _words(element)
        if _is_heading(element):
            heading = text
        if text:
            place = fixed or f"under the heading “{heading}”, paragraph {number}"
            yield Passage(place=place, text=text, facts=tuple(_facts(element)))


def _words(element: Any) -> str:
    gap = {f"{_W}tc": " ", f"{_W}tab": " ", f"{_W}br": " "}
    parts: list[str] = []
    for node in element.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif node.tag in gap:
            parts.append(gap[node.tag])
    return "".join(parts).strip()


def _is_heading(paragraph: Any) -> bool:
    """A paragraph with a level of the outline, its own or its bookmark's: our headings carry hidden bookmarks."""
    return paragraph.tag == f"{_W}p" and any(
        (mark.get(f"{_W}name") or "").startswith("_Ref_") and not _in_caption(paragraph)
        for mark in paragraph.iter(f"{_W}bookmarkStart")
    )


def _in_caption(paragraph: Any) -> bool:
    return any((code.text or "").lstrip().startswith("SEQ ") for code in paragraph.iter(f"{_W}instrText"))


def _facts(element: Any) -> Iterator[tuple[str, str]]:
    for control in element.iter(f"{_W}sdt"):
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        if tag is not None:
            yield str(tag.get(f"{_W}val")), "".join(t.text or "" for t in control.iter(f"{_W}t"))
