"""Two tables of Word files woven into one: rows, columns and cells that came or went are tracked changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

from lxml import etree

from report_builder.packages.word import W
from report_builder.revisions.redline.weave import Weaver

_LEAST_COLUMNS = 0.5
"""The share of the columns that two tables must have in common; of fewer the table is exchanged as a whole."""

Pairs = list[tuple[int | None, int | None]]
"""Positions on both sides that belong together, in the order in which they are to stand; ``None`` has no partner."""


def weavable(old: Any, new: Any) -> bool:
    """Whether two tables can be woven: built the same way, or plain ones with most of their columns in common."""
    if _shape(old) == _shape(new):
        return True
    if not (_plain(old) and _plain(new)):
        return False
    pairs = _columns(old, new)
    return sum(i is not None and j is not None for i, j in pairs) >= _LEAST_COLUMNS * len(pairs)


class TableWeaver:
    """Weaves tables that are weavable."""

    def __init__(self, weaver: Weaver) -> None:
        self.weaver, self.tracker, self.adoption = weaver, weaver.tracker, weaver.adoption

    def weave(self, old: Any, new: Any, part: str) -> None:
        """Turn ``new`` into a table that is ``new`` when its changes are accepted and ``old`` when rejected."""
        before, after = old.findall(f"{W}tr"), new.findall(f"{W}tr")
        columns = _columns(old, new) if _plain(old) and _plain(new) else None
        if columns is not None:
            _widen(old, new, columns)
        last = None
        for i, j in list(_rows(before, after, columns is not None)):
            if i is not None and j is not None:
                self._row(before[i], after[j], columns, part)
            if j is not None:
                last = after[j] if i is not None else self.tracker.row(after[j], "ins")
            elif i is not None:
                row = self.tracker.row(self.adoption.take(before[i], part), "del")
                if last is None:
                    after[0].addprevious(row)
                else:
                    last.addnext(row)
                last = row

    def _row(self, old: Any, new: Any, columns: Pairs | None, part: str) -> None:
        was, now = old.findall(f"{W}tc"), new.findall(f"{W}tc")
        last = None
        for i, j in columns or [(k, k) for k in range(len(now))]:
            if i is not None and j is not None:
                for one, other in zip(was[i].iter(f"{W}p"), list(now[j].iter(f"{W}p")), strict=True):
                    self.weaver.weave(one, other, part)
                last = now[j]
            elif j is not None:
                last = self._cell(now[j], "ins")
            elif i is not None:
                cell = self._cell(self.adoption.take(deepcopy(was[i]), part), "del")
                if last is None:
                    now[0].addprevious(cell)
                else:
                    last.addnext(cell)
                last = cell

    def _cell(self, cell: Any, kind: str) -> Any:
        """A whole cell with what is in it; returns it."""
        for paragraph in list(cell.iter(f"{W}p")):
            self.tracker.paragraph(paragraph, "ins" if kind == "ins" else "del")
        properties = cell.find(f"{W}tcPr")
        if properties is None:
            properties = etree.Element(f"{W}tcPr")
            cell.insert(0, properties)
        properties.append(self.tracker.mark("cellIns" if kind == "ins" else "cellDel"))
        return cell


def _shape(table: Any) -> tuple[str, ...]:
    """The number of columns, and of cells in each row of the head, with the words of plain heads."""
    heads = [r for r in table.findall(f"{W}tr") if r.find(f"{W}trPr/{W}tblHeader") is not None]
    cells = (str(len(r.findall(f"{W}tc"))) for r in heads)
    return (str(len(table.findall(f"{W}tblGrid/{W}gridCol"))), *cells)


def _plain(table: Any) -> bool:
    """Whether every row has a cell for each column, none of them across several, and one row is the head."""
    rows = table.findall(f"{W}tr")
    width = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    heads = sum(r.find(f"{W}trPr/{W}tblHeader") is not None for r in rows)
    merged = next(table.iter(f"{W}gridSpan", f"{W}vMerge"), None) is not None
    nested = next(table.iterfind(f".//{W}tbl"), None) is not None
    return heads == 1 and not merged and not nested and all(_cells(row) == width for row in rows)


def _columns(old: Any, new: Any) -> Pairs:
    """Columns by the words of their heads; where as many were exchanged as came, each is reworded to the next."""
    words = [[_words(cell) for cell in table.find(f"{W}tr").findall(f"{W}tc")] for table in (old, new)]
    found: Pairs = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        same = op == "equal" or i2 - i1 == j2 - j1
        if same:
            found += [(i1 + k, j1 + k) for k in range(i2 - i1)]
        else:
            found += [*((i, None) for i in range(i1, i2)), *((None, j) for j in range(j1, j2))]
    return found


def _widen(old: Any, new: Any, columns: Pairs) -> None:
    """Make room in the table for the columns that went: all of them share the width that the table has."""
    if all(i is not None and j is not None for i, j in columns):
        return
    grids = [[int(c.get(f"{W}w")) for c in t.findall(f"{W}tblGrid/{W}gridCol")] for t in (old, new)]
    wanted = [grids[1][j] if j is not None else grids[0][i or 0] for i, j in columns]
    grid = new.find(f"{W}tblGrid")
    for column in list(grid):
        grid.remove(column)
    scale = sum(grids[1]) / sum(wanted)
    for width in wanted:
        etree.SubElement(grid, f"{W}gridCol", {f"{W}w": str(round(width * scale))})
    widths = {("new", j) if j is not None else ("old", i): round(w * scale)
              for (i, j), w in zip(columns, wanted, strict=True)}  # fmt: skip
    for side, table in (("old", old), ("new", new)):
        for row in table.findall(f"{W}tr"):
            for k, cell in enumerate(row.findall(f"{W}tc")):
                width = cell.find(f"{W}tcPr/{W}tcW")
                if width is not None and (side, k) in widths:
                    width.set(f"{W}w", str(widths[side, k]))


def _rows(before: Sequence[Any], after: Sequence[Any], plain: bool) -> Iterator[tuple[int | None, int | None]]:
    """Rows by their first cell; rows in order, the gone before the new. Only those of one build, unless plain."""
    first = [[_words(row.find(f"{W}tc")) for row in rows] for rows in (before, after)]
    for op, i1, i2, j1, j2 in SequenceMatcher(None, first[0], first[1], autojunk=False).get_opcodes():
        common = min(i2 - i1, j2 - j1) if op in ("equal", "replace") else 0
        fits = [plain or _cells(before[i1 + k]) == _cells(after[j1 + k]) for k in range(common)]
        paired = common if all(fits) else 0
        yield from ((i1 + k, j1 + k) for k in range(paired))
        yield from ((i, None) for i in range(i1 + paired, i2))
        yield from ((None, j) for j in range(j1 + paired, j2))


def _words(cell: Any) -> str:
    return "" if cell is None else " ".join("".join(t.text or "" for t in cell.iter(f"{W}t")).split())


def _cells(row: Any) -> int:
    return len(row.findall(f"{W}tc"))
