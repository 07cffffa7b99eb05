"""Which paragraph of a file is which passage of the document: equal words first, then the likest in between."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from report_builder.revisions.tokens import fold

_LEAST = 0.4
"""Words at least this alike (0 to 1) are the same passage, edited; anything less is a new one."""

_WIDEST = 60
"""In a stretch of edited text, passages are looked for among this many places before and behind their own."""


def pair(expected: Sequence[str], found: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Indices of what belongs together, in reading order; ``None`` stands for what has no counterpart."""
    left, right = [fold(text) for text in expected], [fold(text) for text in found]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            yield from _between(left, right, range(i1, i2), range(j1, j2))


def _between(
    left: Sequence[str], right: Sequence[str], rows: range, columns: range
) -> Iterator[tuple[int | None, int | None]]:
    """The pairing of a stretch without equal words that has the greatest sum of likeness and keeps the order."""
    best = [[0.0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    near = max(_WIDEST, abs(len(rows) - len(columns)))
    likeness = [
        [_likeness(left[i], right[j]) if abs(a - b) <= near else 0.0 for b, j in enumerate(columns)]
        for a, i in enumerate(rows)
    ]
    for a in reversed(range(len(rows))):
        for b in reversed(range(len(columns))):
            together = likeness[a][b] + best[a + 1][b + 1] if likeness[a][b] >= _LEAST else 0.0
            best[a][b] = max(together, best[a + 1][b], best[a][b + 1])
    a = b = 0
    while a < len(rows) and b < len(columns):
        if likeness[a][b] >= _LEAST and best[a][b] == likeness[a][b] + best[a + 1][b + 1]:
            yield rows[a], columns[b]
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            yield rows[a], None
            a += 1
        else:
            yield None, columns[b]
            b += 1
    yield from ((i, None) for i in rows[a:])
    yield from ((None, j) for j in columns[b:])


def _likeness(one: str, other: str) -> float:
    """0 to 1 by the characters in common; a short passage without letters (a number in a cell) is like any other."""
    if not one or not other:
        return 0.0
    if not any(c.isalpha() for c in one + other):
        return _LEAST
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _LEAST and matcher.quick_ratio() >= _LEAST else 0.0
