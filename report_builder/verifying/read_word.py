"""The Word file read back: its passages, with the content controls that say which fact each number is; its pictures.

The text stands in the main part. Running heads and feet, footnotes, endnotes and building blocks are parts of their
own, and whatever part holds a paragraph is read. Comments are not: they are the reviewers' words and not the report's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from report_builder.packages.word import FOOTNOTES_PART, R, WordPackage, open_word
from report_builder.packages.word import W as _W
from report_builder.verifying.edition_passages import EditionPassage, EditionPicture, picture_place

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def word_passages(data: bytes, name: str) -> Iterator[EditionPassage]:
    """Every passage of the text, in reading order, then those of the other parts.

    Raises:
        ReportError: the file is not a Word file.

    """
    package = open_word(data, name)
    for part, root in _stories(package):
        yield from _story(root, "" if part == package.main else _place(part, root))


def _stories(package: WordPackage) -> Iterator[tuple[str, Any]]:
    """The parts that hold paragraphs, the main one first; comments are left out."""
    yield package.main, package.tree(package.main)
    for part in sorted(package.parts):
        if part.startswith("word/") and part.endswith(".xml") and part != package.main:
            root = package.tree(part)
            if root.tag not in _NO_STORY and next(root.iter(f"{_W}p"), None) is not None:
                yield part, root


_NO_STORY = {f"{_W}comments", f"{_W}numbering", f"{_W}styles"}


def _place(part: str, root: Any) -> str:
    kinds = {f"{_W}hdr": "in the running head", f"{_W}ftr": "in the running foot"}
    if part == FOOTNOTES_PART:
        return "among the footnotes"
    return f"{kinds.get(root.tag, 'outside the main text')} ({part})"


def word_pictures(data: bytes, name: str) -> Iterator[EditionPicture]:
    """Every picture, as bytes of the part that it is drawn from; raises as :func:`word_passages`."""
    package = open_word(data, name)
    for part, root in _stories(package):
        relations = package.relations(part)
        heading = ""
        for element in root.iter(f"{_W}p", _DRAWN):
            if element.tag != _DRAWN:
                heading = _words(element) if _is_heading(element) else heading
                continue
            place = picture_place(heading) if part == package.main else _place(part, root)
            for blip in element.getparent().iter(f"{_A}blip", f"{_SVG}svgBlip"):
                relation = relations.get(str(blip.get(f"{R}embed") or blip.get(f"{R}link")))
                target = relation.target if relation is not None else ""
                drawn = package.parts.get(target, target.encode())
                yield EditionPicture(place=place, alt=element.get("descr", ""), drawn=drawn)


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
    counted = _page_numbers(element)
    for node in element.iter():
        if node in counted:
            continue
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif node.tag in gap:
            parts.append(gap[node.tag])
    return "".join(parts).strip()


def _page_numbers(element: Any) -> set[Any]:
    """The text that Word writes for the number of a page and of all pages: it counts them itself."""
    found: set[Any] = set()
    code, result = "", False
    for node in element.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}fldSimple", f"{_W}t"):
        if node.tag == f"{_W}fldSimple":
            found |= set(node.iter(f"{_W}t")) if _is_page_number(str(node.get(f"{_W}instr"))) else set()
        elif node.tag == f"{_W}instrText":
            code += node.text or ""
        elif node.tag == f"{_W}t":
            found |= {node} if result else set()
        else:
            kind = node.get(f"{_W}fldCharType")
            result = kind == "separate" and _is_page_number(code)
            code = "" if kind == "begin" else code
    return found


def _is_page_number(code: str) -> bool:
    return code.split()[:1] in (["PAGE"], ["NUMPAGES"])


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
