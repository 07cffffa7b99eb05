"""Tables cell by cell, and charts by their data."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.revisions.changes import Cell, Change, Kind, Layer, Piece, Weight
from report_builder.revisions.match import moved
from report_builder.revisions.outline import Item
from report_builder.revisions.prose import Laid, Placed
from report_builder.revisions.words import fold, likeness, pieces, same, text_tokens, tokens

_ROW_ALIKE = 0.5


def changes(laid: Laid, *, rolled: bool) -> Iterator[Change]:
    """Every change inside tables and charts.

    A table that repeats a figure's data is not told again: its cells are the chart's.
    """
    behind = {p.item.node.data.id for _, p in laid.pairs("figure") if isinstance(p.item.node, n.Figure)}
    for one, other in laid.pairs("table"):
        before, after = _table(one.item), _table(other.item)
        if after.id in behind and before.id == after.id:
            continue
        grid = _Grid(before, after, other, Layer.TABLES)
        yield from grid.changes()
        yield from _remarks(before, after, other, rolled)
    for one, other in laid.pairs("figure"):
        yield from _chart(one.item.node, other.item.node, other)
        yield from _remarks(one.item.node, other.item.node, other, rolled)


def _table(item: Item) -> n.Table:
    if not isinstance(item.node, n.Table):
        raise TypeError(item.sort)
    return item.node


class _Grid:
    """Two tables laid on each other: rows by their header, columns by theirs."""

    def __init__(self, before: n.Table, after: n.Table, placed: Placed, layer: Layer) -> None:
        self.before, self.after, self.placed, self.layer = before, after, placed, layer
        self.heads = _heads(before), _heads(after)
        self.columns = _paired_columns(before, after)
        self.rows = _paired_rows(before, after, self.columns)

    def changes(self) -> Iterator[Change]:
        """Columns, rows, and the cells that both tables have."""
        for side, kind in ((0, Kind.REMOVED), (1, Kind.ADDED)):
            paired = set(self.columns) if side == 0 else set(self.columns.values())
            for i, head in enumerate(self.heads[side]):
                if i not in paired:
                    yield self._line("column", kind, head)
            rows = (self.before if side == 0 else self.after).rows
            known = set(self.rows) if side == 0 else set(self.rows.values())
            for i, row in enumerate(rows):
                if i not in known:
                    yield self._line("row", kind, " | ".join(fold(plain_text(cell)) for cell in row.cells))
        yield from self._renamed_and_moved()
        if cells := tuple(self.cells()):
            yield self._change("table", Kind.CHANGED, cells=cells, weight=_weight(cells))

    def _renamed_and_moved(self) -> Iterator[Change]:
        for i, j in self.columns.items():
            old, new = self.heads[0][i], self.heads[1][j]
            if old != new:
                yield self._change(
                    "column", Kind.RENAMED, old=old, new=new, pieces=pieces(text_tokens(old), text_tokens(new))
                )
        for j in sorted(moved([self.columns[i] for i in sorted(self.columns)])):
            yield self._moved("column", self.heads[1][j])
        for j in sorted(moved([self.rows[i] for i in sorted(self.rows)])):
            yield self._moved("row", _head(self.after.rows[j]))

    def _moved(self, what: str, words: str) -> Change:
        return self._change(what, Kind.MOVED, old=words, new=words, weight="small")

    def cells(self) -> Iterator[Cell]:
        """The cells that both tables have and that say different things."""
        for i, j in sorted(self.rows.items(), key=lambda pair: pair[1]):
            old, new = self.before.rows[i], self.after.rows[j]
            for a, b in sorted(self.columns.items(), key=lambda pair: pair[1]):
                was, is_now = fold(plain_text(old.cells[a])), fold(plain_text(new.cells[b]))
                if was != is_now:
                    facts = tuple(f.fact_id for f in walk(new.cells[b]) if isinstance(f, n.FactValue))
                    yield Cell(row=_head(new), column=self.heads[1][b], old=was, new=is_now, facts=facts)

    def _line(self, what: str, kind: Kind, words: str) -> Change:
        gone = kind is Kind.REMOVED
        woven = (Piece(op="gone", old=words) if gone else Piece(op="new", new=words),)
        return self._change(what, kind, old=words if gone else "", new="" if gone else words, pieces=woven)

    def _change(self, what: str, kind: Kind, **more: Any) -> Change:
        return _change(self.layer, what, kind, self.placed, **more)


def _change(layer: Layer, what: str, kind: Kind, placed: Placed, **more: Any) -> Change:
    node = placed.item.node
    word = "Figur" if isinstance(node, n.Figure) else "Tabell"
    return Change(
        id=f"{layer.value}-{what}-{placed.item.id}",
        layer=layer,
        kind=kind,
        what=what,
        key=placed.item.id,
        title=f"{word} {node.number if node else ''}. {fold(plain_text(node.caption)) if node else ''}",
        chapter=placed.section.chapter.id,
        place=placed.section.words,
        **more,
    )


def _heads(table: n.Table) -> tuple[str, ...]:
    """The header of each column, with the title of its group before it."""
    groups = [title for title, span in table.groups for _ in range(span)] or [""] * len(table.columns)
    return tuple(fold(f"{g} {plain_text(c.header)}") for g, c in zip(groups, table.columns, strict=True))


def _head(row: n.Row) -> str:
    return fold(plain_text(row.cells[0])) if row.cells else ""


def _paired_columns(before: n.Table, after: n.Table) -> dict[int, int]:
    """Columns by their words; those that are left, by their id, but for ids that only count."""
    pairs: dict[int, int] = {}
    _pair(list(enumerate(_heads(before))), list(enumerate(_heads(after))), pairs)
    ids = [[(i, c.id) for i, c in enumerate(t.columns)] for t in (before, after)]
    if len(before.columns) == len(after.columns):
        _pair(ids[0], ids[1], pairs)
    return pairs


def _paired_rows(before: n.Table, after: n.Table, columns: dict[int, int]) -> dict[int, int]:
    """Rows by their header; those that are left, by how many of their other cells are the same."""
    pairs: dict[int, int] = {}
    _pair([(i, _head(r)) for i, r in enumerate(before.rows)], [(j, _head(r)) for j, r in enumerate(after.rows)], pairs)
    taken = set(pairs.values())
    bags = {j: Counter(_others(r, columns.values())) for j, r in enumerate(after.rows) if j not in taken}
    for i, row in enumerate(before.rows):
        if i in pairs or not bags:
            continue
        mine = Counter(_others(row, columns))
        best = max(bags, key=lambda j: (likeness(mine, bags[j]), -abs(i - j)))
        if mine and likeness(mine, bags[best]) >= _ROW_ALIKE:
            pairs[i] = best
            del bags[best]
    return pairs


def _others(row: n.Row, columns: Any) -> list[str]:
    return [fold(plain_text(row.cells[i])) for i in columns if i > 0]


def _pair(old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    waiting: dict[str, list[int]] = defaultdict(list)
    for j, name in reversed(new):
        if j not in taken:
            waiting[name].append(j)
    for i, name in old:
        if i not in pairs and waiting.get(name):
            pairs[i] = waiting[name].pop()


def _weight(cells: Sequence[Cell]) -> Weight:
    return "small" if len(cells) <= 2 else "medium" if len(cells) <= 12 else "large"


def _chart(before: n.Table | n.Figure | None, after: n.Table | n.Figure | None, placed: Placed) -> Iterator[Change]:
    if not isinstance(before, n.Figure) or not isinstance(after, n.Figure):
        return
    found = list(_Grid(before.data, after.data, placed, Layer.CHARTS).changes())
    yield from found
    if found:
        return  # axes and text alternative follow the data
    if _look(before.spec) != _look(after.spec):
        yield _change(Layer.CHARTS, "look", Kind.CHANGED, placed, weight="small")
    if not same(text_tokens(before.alt), text_tokens(after.alt)):
        woven = pieces(text_tokens(before.alt), text_tokens(after.alt))
        yield _change(Layer.WORDING, "alternative", Kind.CHANGED, placed, pieces=woven, weight="small")


def _look(spec: dict[str, Any]) -> str:
    """A chart's specification without its data."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k not in ("data", "datasets")}
        return [bare(v) for v in value] if isinstance(value, list | tuple) else value

    return json.dumps(bare(spec), sort_keys=True)


def _remarks(
    before: n.Table | n.Figure | None, after: n.Table | n.Figure | None, placed: Placed, rolled: bool
) -> Iterator[Change]:
    """Notes and source below a table or figure, as one text."""
    if before is None or after is None:
        return
    old, new = (
        tokens(tuple(part for line in (*node.notes, node.source) for part in (*line, n.Text(text=" "))), rolled=rolled)
        for node in (before, after)
    )
    if not same(old, new):
        yield _change(Layer.WORDING, "remark", Kind.CHANGED, placed, pieces=pieces(old, new), weight="small")
