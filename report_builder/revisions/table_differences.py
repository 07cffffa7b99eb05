"""Tables cell by cell, and charts by their data."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.revisions.comparison import ChangedCell, DifferenceKind, Layer, Piece, ReportDifference, Weight
from report_builder.revisions.matching import moved_positions
from report_builder.revisions.outline import Item
from report_builder.revisions.table_pairing import facts_in, head_of, heads, paired_columns, paired_rows
from report_builder.revisions.tokens import fold, pieces, same, series_of, text_tokens, tokens
from report_builder.revisions.wording_differences import PairedOutlines, Placed, told_as
from report_builder.swedish import listing


def table_differences(paired: PairedOutlines, *, rolled: bool) -> Iterator[ReportDifference]:
    """Every change inside tables and charts.

    A table that repeats a figure's data is not told again: its cells are the chart's. With ``rolled`` the versions are
    about different periods, and what only follows from that is told once for each table.
    """
    behind = {p.item.node.data.id for _, p in paired.pairs("figure") if isinstance(p.item.node, n.Figure)}
    for one, other in paired.pairs("table"):
        before, after = _table(one.item), _table(other.item)
        if after.id in behind and before.id == after.id:
            continue
        yield from _Grid(before, after, other, Layer.TABLES, rolled).changes()
    for one, other in paired.pairs("figure"):
        yield from _chart(one.item.node, other.item.node, other, rolled)
    pairs = ((one, other) for sort in ("table", "figure") for one, other in paired.pairs(sort))
    yield from _remarks(((a.item.node, b) for a, b in pairs), rolled)


def _table(item: Item) -> n.Table:
    if not isinstance(item.node, n.Table):
        raise TypeError(item.sort)
    return item.node


class _Grid:
    """Two tables paired on each other: rows by their header, columns by theirs."""

    def __init__(self, before: n.Table, after: n.Table, placed: Placed, layer: Layer, rolled: bool) -> None:
        self.before, self.after, self.placed, self.layer, self.rolled = before, after, placed, layer, rolled
        self.heads = heads(before), heads(after)
        self.columns = paired_columns(before, after, rolled=rolled)
        self.rows = paired_rows(before, after, self.columns, rolled=rolled)
        self._series = tuple({series_of(f) for row in t.rows for c in row.cells for f in facts_in(c)}
                             for t in (before, after))  # fmt: skip

    def changes(self) -> Iterator[ReportDifference]:
        """Columns, rows, and the cells that both tables have."""
        periods: tuple[list[str], list[str]] = ([], [])
        told = [*self._lines("column", periods), *self._lines("row", periods), *self._renamed(periods)]
        yield from told
        yield from self._moved()
        cells: list[ChangedCell] = []
        later: list[ChangedCell] = []
        for cell, only_later in self._cells():
            (later if only_later else cells).append(cell)
        if later or any(periods):
            old, new = (listing(tuple(dict.fromkeys(side))) for side in periods)
            yield self._change("table", DifferenceKind.ROLLED, old=old, new=new, cells=tuple(later), weight="small")
        if cells:
            yield self._change("table", DifferenceKind.CHANGED, cells=tuple(cells), weight=_weight(cells))

    def _lines(self, what: str, periods: tuple[list[str], list[str]]) -> Iterator[ReportDifference]:
        """Rows or columns that one side has alone; those of a period that came or went are put among ``periods``."""
        paired = self.columns if what == "column" else self.rows
        for side, kind in ((0, DifferenceKind.REMOVED), (1, DifferenceKind.ADDED)):
            table = self.before if side == 0 else self.after
            known = set(paired) if side == 0 else set(paired.values())
            alone: list[str] = []
            for i in (i for i in range(len(table.columns if what == "column" else table.rows)) if i not in known):
                cells = [r.cells[i] for r in table.rows] if what == "column" else list(table.rows[i].cells)
                head = self.heads[side][i] if what == "column" else head_of(table.rows[i])
                if self._another_period(cells, 1 - side):
                    periods[side].append(head)
                    continue
                words = head if what == "column" else " | ".join(fold(plain_text(cell)) for cell in cells)
                alone.append(words)
            if alone:
                yield self._line(what if len(alone) == 1 else f"{what}s", kind, "\n".join(alone))

    def _another_period(self, cells: Sequence[tuple[n.Inline, ...]], other: int) -> bool:
        """Whether the cells, but for a header, are figures whose series the other version's table has too."""
        printed = [facts_in(cell) for cell in cells]
        found = {series_of(f) for facts in printed for f in facts}
        return self.rolled and bool(found) and all(printed[1:]) and found <= self._series[other]

    def _renamed(self, periods: tuple[list[str], list[str]]) -> Iterator[ReportDifference]:
        for i, j in self.columns.items():
            old, new = self.heads[0][i], self.heads[1][j]
            before, after = text_tokens(old, rolled=self.rolled), text_tokens(new, rolled=self.rolled)
            told = told_as(before, after, DifferenceKind.RENAMED)
            if told is DifferenceKind.ROLLED:
                periods[0].append(old)
                periods[1].append(new)
            elif told is not None:
                yield self._change("column", told, old=old, new=new, pieces=pieces(before, after))

    def _moved(self) -> Iterator[ReportDifference]:
        for j in sorted(moved_positions([self.columns[i] for i in sorted(self.columns)])):
            yield self._put("column", self.heads[1][j])
        for j in sorted(moved_positions([self.rows[i] for i in sorted(self.rows)])):
            yield self._put("row", head_of(self.after.rows[j]))

    def _put(self, what: str, words: str) -> ReportDifference:
        return self._change(what, DifferenceKind.MOVED, old=words, new=words, weight="small")

    def _cells(self) -> Iterator[tuple[ChangedCell, bool]]:
        """The cells that both tables have and that differ, and whether only in the period that they are about."""
        for i, j in sorted(self.rows.items(), key=lambda pair: pair[1]):
            old, new = self.before.rows[i], self.after.rows[j]
            for a, b in sorted(self.columns.items(), key=lambda pair: pair[1]):
                one, other = old.cells[a], new.cells[b]
                if _said(one) == _said(other):
                    continue
                was, is_now, facts = fold(plain_text(one)), fold(plain_text(other)), facts_in(other)
                yield (
                    ChangedCell(row=head_of(new), column=self.heads[1][b], old=was, new=is_now, facts=facts),
                    self.rolled and self._rolled(one, other),
                )

    def _rolled(self, one: tuple[n.Inline, ...], other: tuple[n.Inline, ...]) -> bool:
        """Whether two cells say the same of different periods."""
        before, after = facts_in(one), facts_in(other)
        if not before or set(before) & set(after):
            return False
        return same(tokens(one, rolled=True), tokens(other, rolled=True))

    def _line(self, what: str, kind: DifferenceKind, words: str) -> ReportDifference:
        gone = kind is DifferenceKind.REMOVED
        woven = (Piece(op="gone", old=words) if gone else Piece(op="new", new=words),)
        return self._change(what, kind, old=words if gone else "", new="" if gone else words, pieces=woven)

    def _change(self, what: str, kind: DifferenceKind, **more: Any) -> ReportDifference:
        return _change(self.layer, what, kind, self.placed, **more)


def _change(layer: Layer, what: str, kind: DifferenceKind, placed: Placed, **more: Any) -> ReportDifference:
    node = placed.item.node
    return ReportDifference(
        id=f"{layer.value}-{'periods' if kind is DifferenceKind.ROLLED else what}-{placed.item.id}",
        layer=layer,
        kind=kind,
        what=what,
        key=placed.item.id,
        title=f"{_word(placed)} {node.number if node else ''}. {fold(plain_text(node.caption)) if node else ''}",
        chapter=placed.section.chapter.id,
        place=placed.section.words,
        **more,
    )


def _said(cell: tuple[n.Inline, ...]) -> list[str]:
    """What a cell says: its words, the printed values of its figures, and what it refers to by whatever number."""
    return [token.text.strip() if token.fact else token.key for token in tokens(cell) if token.key]


def _weight(cells: Sequence[ChangedCell]) -> Weight:
    return "small" if len(cells) <= 2 else "medium" if len(cells) <= 12 else "large"


def _chart(
    before: n.Table | n.Figure | None, after: n.Table | n.Figure | None, placed: Placed, rolled: bool
) -> Iterator[ReportDifference]:
    if not isinstance(before, n.Figure) or not isinstance(after, n.Figure):
        return
    found = list(_Grid(before.data, after.data, placed, Layer.CHARTS, rolled).changes())
    yield from found
    if found:
        return  # axes and text alternative follow the data
    if _look(before.spec) != _look(after.spec):
        yield _change(Layer.CHARTS, "look", DifferenceKind.CHANGED, placed, weight="small")
    if not same(text_tokens(before.alt), text_tokens(after.alt)):
        woven = pieces(text_tokens(before.alt), text_tokens(after.alt))
        yield _change(Layer.WORDING, "alternative", DifferenceKind.CHANGED, placed, pieces=woven, weight="small")


def _look(spec: dict[str, Any]) -> str:
    """A chart's specification without its data."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k not in ("data", "datasets")}
        return [bare(v) for v in value] if isinstance(value, list | tuple) else value

    return json.dumps(bare(spec), sort_keys=True)


def _remarks(pairs: Iterable[tuple[n.Table | n.Figure | None, Placed]], rolled: bool) -> Iterator[ReportDifference]:
    """Notes and source below tables and figures, each as one text; the same change below several is told once."""
    found: dict[tuple[Piece, ...], list[tuple[Placed, ReportDifference]]] = {}
    for before, placed in pairs:
        after = placed.item.node
        if before is None or after is None:
            continue
        old, new = (
            tokens(tuple(p for line in (*node.notes, node.source) for p in (*line, n.Text(text=" "))), rolled=rolled)
            for node in (before, after)
        )
        told = told_as(old, new, DifferenceKind.CHANGED)
        if told is not None:
            woven = pieces(old, new)
            change = _change(Layer.WORDING, "remark", told, placed, pieces=woven, weight="small")
            found.setdefault(tuple(p for p in woven if p.op != "same"), []).append((placed, change))
    for alike in found.values():
        placed, first = alike[0]
        below = [f"{_word(p)} {p.item.node.number}".lower() for p, _ in alike if p.item.node]
        yield first if len(alike) == 1 else dataclasses.replace(first, title=listing(below), place="")


def _word(placed: Placed) -> str:
    if isinstance(placed.item.node, n.Figure):
        return gettext("Figure", context="comparison")
    return gettext("Table", context="comparison")
