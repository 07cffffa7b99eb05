"""The Word file read back: its passages, with the content controls that say which fact each number is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from report_builder.packages.word import FOOTNOTES_PART, open_word
from report_builder.packages.word import W as _W
from report_builder.verifying.edition_passages import EditionPassage

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def word_passages(data: bytes, name: str) -> Iterator[EditionPassage]:
    """Every passage of the text and of the footnotes, in reading order.

    Raises:
        ReportError: the file is not a Word file.

    """
    package = open_word(data, name)
    yield from _story(package.tree(package.main), "")
    notes = package.tree(FOOTNOTES_PART)
    if notes is not None:
        yield from _story(notes, "among the footnotes")


def _story(root: Any, fixed: str) -> Iterator[EditionPassage]:
    heading, number = "", 0
    for element in root.iter(f"{_W}p", f"{_W}tr", _DRAWN):
        if element.tag == _DRAWN:
            if words := element.get("descr"):
                yield EditionPassage(place=fixed or f"picture under “{heading}”", text=words)
            continue
        if any(above.tag == f"{_W}tr" for above in element.iterancestors()):
            continue
        number += 1
        text = _words(element)
        if _is_heading(element):
            heading = text
        if text:
            place = fixed or f"under the heading “{heading}”, paragraph {number}"
            yield EditionPassage(place=place, text=text, facts=tuple(_facts(element)))


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
