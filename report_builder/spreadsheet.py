"""Cells of the CSV files that we write: text from a delivery must never be run by the spreadsheet that opens it."""

from __future__ import annotations

import re

_STARTS_A_FORMULA = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9](?:[0-9 \N{NO-BREAK SPACE}]*[0-9])?(?:[.,][0-9]+)?")
_MARK = "'"


def inert(cell: str) -> str:
    """``cell``, with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay numbers."""
    if cell.startswith(_STARTS_A_FORMULA) and not _NUMBER.fullmatch(cell):
        return _MARK + cell
    return cell


def without_guard(cell: str) -> str:
    """The cell that :func:`inert` made ``cell`` of."""
    return cell[1:] if cell.startswith(_MARK) and inert(cell[1:]) == cell else cell
