"""Which row and which column of a table is which of the same table in another version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.revisions.tokens import fold, keys, likeness, text_tokens, tokens

_ROW_ALIKE = 0.5


def heads(table: n.Table) -> tuple[str, ...]:
    """The header of each column, with the title of its group before it."""
    groups = [title for title, span in table.groups for _ in range(span)] or [""] * len(table.columns)
    return tuple(fold(f"{g} {plain_text(c.header)}") for g, c in zip(groups, table.columns, strict=True))


def head_of(row: n.Row) -> str:
    """What a reader calls the row: its first cell."""
    return fold(plain_text(row.cells[0])) if row.cells else ""


def facts_in(cell: tuple[n.Inline, ...]) -> tuple[str, ...]:
    """The ids of the figures that a cell prints."""
    return tuple(node.fact_id for node in walk(cell) if isinstance(node, n.FactValue))


def paired_columns(before: n.Table, after: n.Table, *, rolled: bool) -> dict[int, int]:
    """Columns by their words; those that are left by their id, but for ids that only count.

    With ``rolled`` those that are then left are paired by their words but for the period, the last with the last.
    """
    pairs: dict[int, int] = {}
    _pair(list(enumerate(heads(before))), list(enumerate(heads(after))), pairs)
    if len(before.columns) == len(after.columns):
        ids = [[(i, c.id) for i, c in enumerate(t.columns)] for t in (before, after)]
        _pair(ids[0], ids[1], pairs)
    elif rolled and not _one_of_a_series(pairs, before, after):
        kinds = [[(i, keys(text_tokens(h, rolled=True))) for i, h in enumerate(heads(t))] for t in (before, after)]
        _pair(kinds[0][::-1], kinds[1][::-1], pairs)
    return pairs


def _one_of_a_series(pairs: dict[int, int], before: n.Table, after: n.Table) -> bool:
    """Whether some of the columns for periods are the same in both: then the others are further ones."""
    timed = [{i for i, h in enumerate(heads(t)) if any(k.time for k in text_tokens(h, rolled=True))}
             for t in (before, after)]  # fmt: skip
    return any(i in timed[0] and j in timed[1] for i, j in pairs.items())


def paired_rows(before: n.Table, after: n.Table, columns: dict[int, int], *, rolled: bool) -> dict[int, int]:
    """Rows by all that they say, by all but their figures, by their header where no other has it, or by likeness."""
    pairs: dict[int, int] = {}
    for key in (_whole, _worded):
        _pair([(i, key(r)) for i, r in enumerate(before.rows)], [(j, key(r)) for j, r in enumerate(after.rows)], pairs)
    first = [_only_one([(i, head_of(r)) for i, r in enumerate(t.rows)]) for t in (before, after)]
    _pair(first[0], first[1], pairs)
    taken = set(pairs.values())
    bags = {j: Counter(_others(r, columns.values(), rolled)) for j, r in enumerate(after.rows) if j not in taken}
    for i, row in enumerate(before.rows):
        if i in pairs or not bags:
            continue
        mine = Counter(_others(row, columns, rolled))
        best = max(bags, key=lambda j: (likeness(mine, bags[j]), -abs(i - j)))
        if mine and likeness(mine, bags[best]) >= _ROW_ALIKE:
            pairs[i] = best
            del bags[best]
    return pairs


def _whole(row: n.Row) -> Hashable:
    return tuple(fold(plain_text(cell)) for cell in row.cells)


def _worded(row: n.Row) -> Hashable:
    """The row's header and what it says in words; none where nothing but the header does."""
    words = tuple(fold(plain_text(cell)) for cell in row.cells[1:])
    said = tuple(w for w in words if any(c.isalpha() for c in w) and not any(c.isdigit() for c in w))
    return (head_of(row), *said) if said else None


def _only_one(named: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    count = Counter(name for _, name in named)
    return [(i, name) for i, name in named if count[name] == 1]


def _others(row: n.Row, columns: Iterable[int], rolled: bool) -> list[str]:
    return [" ".join(keys(tokens(row.cells[i], rolled=rolled))) for i in columns if i > 0]


def _pair(old: Sequence[tuple[int, Hashable]], new: Sequence[tuple[int, Hashable]], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j, name in reversed(new):
        if j not in taken and name is not None:
            waiting[name].append(j)
    for i, name in old:
        if i not in pairs and name is not None and waiting.get(name):
            pairs[i] = waiting[name].pop()
