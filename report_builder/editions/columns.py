"""What a table looks like on paper: how long and how wide it is, and the share of it that each column gets.

Columns get their width by the author's weights, and are never too narrow to read.
"""

from __future__ import annotations

from report_builder.document.nodes import Table
from report_builder.document.walk import plain_text
from report_builder.problems import Problem, ReportError

PORTRAIT, LANDSCAPE = 92, 146
"""About how many characters of a table's text fit side by side on an upright and on a lying page."""

_NARROW = {2: 0.42, 3: 0.62}
"""How much of the line a table of so many columns takes, when all but the first hold figures."""

_LONG = 24
_PADDING = 2
_LONGEST_PART = 15
"""Words longer than this are hyphenated in text columns; digits never are."""


def is_long(table: Table) -> bool:
    """A long table may begin at the foot of a page and go on overleaf; another is kept whole."""
    return len(table.rows) > _LONG


def of_the_line(table: Table) -> float:
    """How much of the line a table takes: few figures read better when they stand near their names."""
    if table.wide or any(column.align != "number" for column in table.columns[1:]):
        return 1.0
    need = sum(_need(table, i) for i in range(len(table.columns))) / PORTRAIT
    fits = (share for columns, share in _NARROW.items() if columns >= len(table.columns) and share >= need)
    return min(fits, default=1.0)


def shares(table: Table) -> tuple[float, ...]:
    """The share of each column, summing to 1.

    Raises:
        ReportError: the columns do not fit beside each other, however narrow.

    """
    room = LANDSCAPE if table.wide else PORTRAIT * of_the_line(table)
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
