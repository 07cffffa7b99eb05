"""Tracked changes in WordprocessingML: runs, paragraphs and rows marked as inserted, deleted or moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from lxml import etree

from report_builder.packages.word import W

RevisionMark = Literal["ins", "del", "moveFrom", "moveTo"]

_GONE = {f"{W}t": f"{W}delText", f"{W}instrText": f"{W}delInstrText"}


@dataclass(slots=True, kw_only=True)
class Tracker:
    """Who made the changes and when; the same for every change of a file, and given, never the clock's."""

    author: str
    date: str
    _ids: count[int] = field(default_factory=lambda: count(500000))

    def mark(self, kind: RevisionMark | str) -> Any:
        """An empty element of a tracked change."""
        attributes = {f"{W}id": str(next(self._ids)), f"{W}author": self.author, f"{W}date": self.date}
        return etree.Element(f"{W}{kind}", attributes)

    def wrapped(self, elements: Iterable[Any], kind: RevisionMark) -> Iterator[Any]:
        """Inline elements of a paragraph, their runs inside a tracked change; what cannot be tracked stays outside."""
        box = None
        for element in elements:
            for piece in _bare(element):
                if piece.tag == f"{W}r":
                    if box is None:
                        box = self.mark(kind)
                    box.append(_gone(piece) if kind == "del" else piece)
                    continue
                if box is not None:
                    yield box
                    box = None
                if piece.tag == f"{W}hyperlink":
                    inside = list(piece)
                    for child in inside:
                        piece.remove(child)
                    piece.extend(self.wrapped(inside, kind))
                yield piece
        if box is not None:
            yield box

    def paragraph(self, paragraph: Any, kind: RevisionMark) -> Any:
        """A whole paragraph with its mark; returns it."""
        content = [child for child in paragraph if child.tag != f"{W}pPr"]
        for child in content:
            paragraph.remove(child)
        paragraph.extend(self.wrapped(content, kind))
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        run = properties.find(f"{W}rPr")
        if run is None:
            run = etree.Element(f"{W}rPr")
            later = next((c for c in properties if c.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
            if later is None:
                properties.append(run)
            else:
                later.addprevious(run)
        run.insert(0, self.mark(kind))
        return paragraph

    def row(self, row: Any, kind: Literal["ins", "del"]) -> Any:
        """A whole row of a table with what is in its cells; returns it."""
        for paragraph in list(row.iter(f"{W}p")):
            self.paragraph(paragraph, kind)
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            row.insert(0, properties)
        properties.append(self.mark(kind))
        return row

    def table(self, table: Any, kind: Literal["ins", "del"]) -> Any:
        """A whole table; returns it."""
        for row in table.findall(f"{W}tr"):
            self.row(row, kind)
        return table

    def moved(self, paragraph: Any, name: str, kind: Literal["moveFrom", "moveTo"]) -> tuple[Any, Any, Any]:
        """A whole paragraph as one end of the move called ``name``, between the marks of its range."""
        start, end = self.mark(f"{kind}RangeStart"), etree.Element(f"{W}{kind}RangeEnd")
        start.set(f"{W}name", name)
        end.set(f"{W}id", start.get(f"{W}id"))
        return start, self.paragraph(paragraph, kind), end


def _bare(element: Any) -> Iterator[Any]:
    """An inline element without the content controls around it: a locked control could be neither kept nor removed."""
    if element.tag == f"{W}sdt":
        for child in list(element.find(f"{W}sdtContent")):
            yield from _bare(child)
    else:
        yield element


def _gone(run: Any) -> Any:
    for node in run:
        node.tag = _GONE.get(node.tag, node.tag)
    return run
