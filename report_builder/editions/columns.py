"""How wide a table's columns are, in shares of the table: by the author's weights, and never too narrow to read."""

from __future__ import annotations

from report_builder.document.nodes import Table
from report_builder.document.walk import plain_text
from report_builder.problems import Problem, ReportError

PORTRAIT, LANDSCAPE = 92, 146
"""About how many characters of a table's text fit side by side on an upright and on a lying page."""

_PADDING = 2
_LONGEST_PART = 15
"""Words longer than this are hyphenated in text columns; digits never are."""


def shares(table: Table, room: int) -> tuple[float, ...]:
    """The share of each column, summing to 1, in a table that has ``room`` characters side by side.

    Raises:
        ReportError: the columns do not fit beside each other, however narrow.

    """
    needs = [_need(table, i) / room for i in range(len(table.columns))]
    if sum(needs) > 1:
        message = f"Table {table.id} has {len(needs)} columns and is too wide for the page."
        hint = "Split the table, shorten its headers, or ask for a lying page with wide."
        raise ReportError(Problem(code="table-too-wide", message=message, hint=hint))
    weights = [float(column.width) for column in table.columns]
    return _raised(weights, needs)


def _raised(weights: list[float], needs: list[float]) -> tuple[float, ...]:
    """Shares by weight; a column that gets less than it needs is given that, and the others share what is left."""
    fixed: set[int] = set()
    while True:
        left = 1 - sum(needs[i] for i in fixed)
        total = sum(w for i, w in enumerate(weights) if i not in fixed)
        given = [needs[i] if i in fixed else left * w / total for i, w in enumerate(weights)]
        short = {i for i in range(len(weights)) if i not in fixed and given[i] < needs[i]}
        if not short:
            return tuple(given)
        fixed |= short


def _need(table: Table, index: int) -> int:
    column = table.columns[index]
    header = max(map(len, plain_text(column.header).split()), default=1)
    cells = [plain_text(row.cells[index]) for row in table.rows]
    if column.align == "number":
        longest = max(map(len, cells), default=1)
    else:
        longest = max((len(word) for cell in cells for word in cell.split(" ")), default=1)
        longest = min(longest, _LONGEST_PART)
    return max(longest, min(header, _LONGEST_PART)) + _PADDING
