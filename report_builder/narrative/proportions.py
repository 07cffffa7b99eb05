"""How columns of words share a line: so that the rows of the table become as short as they can."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text

_LINE = 92
"""About how many characters of a table's text fit side by side on an upright page."""

_PADDING = 2
_ROOM = 3
"""The padding, and a letter that a line may be wider than it was taken for."""

_LONGEST_WORD = 15
"""Longer words are hyphenated."""

_SHARPNESS = 4
"""How much more a row's longest cell counts than its others: the row is as high as that."""


def proportioned(table: n.Table) -> n.Table:
    """The table with widths after its words: every column has room for its longest word, and what is left of the line
    goes, character by character, to the column where it shortens the rows most.
    """
    cells = [
        [plain_text(column.header), *(plain_text(row.cells[i]) for row in table.rows)]
        for i, column in enumerate(table.columns)
    ]
    columns = zip(table.columns, _widths(cells), strict=True)
    return dataclasses.replace(table, columns=tuple(dataclasses.replace(c, width=width) for c, width in columns))


def fits_upright(table: n.Table) -> bool:
    """Whether the columns of figures, the first of words, have room beside each other on an upright page."""
    names, *figures = (
        [plain_text(column.header), *(plain_text(row.cells[i]) for row in table.rows)]
        for i, column in enumerate(table.columns)
    )
    least = (max(map(len, (*cells[0].split(), *cells[1:]))) + _PADDING for cells in figures)
    return _least(names) + sum(least) <= _LINE


def _widths(columns: Sequence[Sequence[str]]) -> list[int]:
    widths = [_least(cells) for cells in columns]
    lengths = [[len(cell) for cell in cells] for cells in columns]
    efforts = [_effort(cells, width) for cells, width in zip(lengths, widths, strict=True)]
    for _ in range(_LINE - sum(widths)):
        wider = [_effort(cells, width + 1) for cells, width in zip(lengths, widths, strict=True)]
        gains = [now - then for now, then in zip(efforts, wider, strict=True)]
        best = gains.index(max(gains))
        if gains[best] <= 0:  # every cell has a line
            break
        widths[best] += 1
        efforts[best] = wider[best]
    return widths


def _least(cells: Sequence[str]) -> int:
    header = max((len(word) for word in cells[0].split()), default=1) + 1  # set bold
    words = max((len(word) for cell in cells[1:] for word in cell.split(" ")), default=1)
    return max(min(header, _LONGEST_WORD), min(words, _LONGEST_WORD)) + _PADDING


def _effort(lengths: Sequence[int], width: int) -> float:
    return float(sum(max(1.0, length / (width - _ROOM)) ** _SHARPNESS for length in lengths))
