"""What Word's "accept all" and "reject all" leave of a file, worked out on its XML by the rules of the standard."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Literal

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Verdict = Literal["accept", "reject"]
_COUNTED = ("SEQ", "REF", "PAGEREF", "PAGE", "NUMPAGES")


def texts(data: bytes, verdict: Verdict | None = None) -> list[str]:
    """The words of every paragraph, running heads and feet behind the text, footnotes where they are anchored.

    What Word counts by itself (headings', tables' and references' numbers) is left out.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [
            "word/document.xml",
            *sorted(n for n in package.namelist() if n.startswith(("word/header", "word/foot"))),
        ]
        trees = {name: etree.fromstring(package.read(name)) for name in names}
    notes = trees.pop("word/footnotes.xml")
    for tree in (*trees.values(), notes):
        if verdict is not None:
            settle(tree, verdict)
    by_number = {note.get(f"{W}id"): "".join(_words(p, {}) for p in note.iter(f"{W}p")) for note in notes}
    return [words for tree in trees.values() for p in tree.iter(f"{W}p") if (words := _words(p, by_number)).strip()]


def settle(tree: Any, verdict: Verdict) -> None:
    """Accept or reject every tracked change of a part."""
    kept, gone = (("ins", "moveTo"), ("del", "moveFrom"))
    if verdict == "reject":
        kept, gone = gone, kept
    _settle_cells(tree, gone)
    _drop_rows(tree, gone)
    for element in _marked(tree, gone):
        element.getparent().remove(element)
    for element in _marked(tree, kept):
        for child in list(element):
            element.addprevious(child)
        element.getparent().remove(element)
    for name, plain in (("delText", "t"), ("delInstrText", "instrText")):
        for element in tree.iter(f"{W}{name}"):
            element.tag = f"{W}{plain}"
    for paragraph in list(tree.iter(f"{W}p")):
        if any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in gone):
            _join_with_next(paragraph)


def _marked(tree: Any, names: tuple[str, ...]) -> list[Any]:
    """The changes of runs; marks of paragraphs and rows carry the same names."""
    found = [e for name in names for e in tree.iter(f"{W}{name}")]
    return [e for e in found if e.getparent().tag not in (f"{W}rPr", f"{W}trPr")]


def _settle_cells(tree: Any, gone: tuple[str, ...]) -> None:
    """A cell whose mark is gone goes with what is in it; of one that stays the mark goes."""
    for name, fate in (("cellIns", "ins"), ("cellDel", "del")):
        for mark in list(tree.iter(f"{W}{name}")):
            properties = mark.getparent()
            properties.remove(mark)
            if fate in gone:
                cell = properties.getparent()
                cell.getparent().remove(cell)


def _drop_rows(tree: Any, gone: tuple[str, ...]) -> None:
    for row in list(tree.iter(f"{W}tr")):
        if any(row.find(f"{W}trPr/{W}{name}") is not None for name in gone):
            row.getparent().remove(row)
    for table in list(tree.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)


def _join_with_next(paragraph: Any) -> None:
    """A paragraph whose mark is gone: what is left of it stands first in the next one."""
    left = [
        child
        for child in paragraph
        if child.tag != f"{W}pPr" and child.tag not in (f"{W}bookmarkStart", f"{W}bookmarkEnd")
    ]
    following = paragraph.getnext()
    while following is not None and following.tag != f"{W}p":
        following = following.getnext()
    if left and following is not None:
        at = 1 if following.find(f"{W}pPr") is not None else 0
        for child in reversed(left):
            following.insert(at, child)
    paragraph.getparent().remove(paragraph)


def _words(paragraph: Any, notes: dict[str, str]) -> str:
    parts: list[str] = []
    fields: list[str] = []
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    contents = style is not None and style.get(f"{W}val").startswith("TOC")
    for node in paragraph.iter(*(f"{W}{name}" for name in ("fldChar", "instrText", "tab", "t", "footnoteReference"))):
        match node.tag.removeprefix(W):
            case "fldChar":
                _field(fields, node.get(f"{W}fldCharType"))
            case "instrText":
                fields[-1] += node.text
            case "tab" if contents and node.getparent().tag == f"{W}r":
                parts.clear()
            case "t" if not any(field.split()[:1] and field.split()[0] in _COUNTED for field in fields):
                parts.append(node.text)
            case "footnoteReference":
                parts.append(f"[{notes[node.get(f'{W}id')]}]")
    return "".join(parts)


def _field(fields: list[str], kind: str) -> None:
    if kind == "begin":
        fields.append("")
    elif kind == "end" and fields:
        fields.pop()
