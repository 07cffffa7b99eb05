"""Text and cells of the CSV files that the program itself writes: facts and ledgers, read back with care."""

from __future__ import annotations

from decimal import Decimal

from report_builder.problems import Place, Problem, ReportError

_MOST_DIGITS, _MOST_DECIMALS = 30, 12
"""A value with more digits than this, before the decimal point or after it, is damage and no value."""


def utf8_text(data: bytes, name: str, *, code: str, hint: str) -> str:
    """The text of a file, without the byte order mark that some programs put first.

    Raises:
        ReportError: the file is not UTF-8; ``code`` and ``hint`` are the problem's.

    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        place = Place(file=name, line=data.count(b"\n", 0, e.start) + 1)
        message = f"The file is not UTF-8 (byte {data[e.start]:#04x}), as when Excel has saved it as CSV (ANSI)."
        raise ReportError(Problem(code=code, message=message, place=place, hint=hint)) from e


def parse_value(text: str) -> Decimal | None:
    """The value of a cell; an empty one has none. ``ValueError`` where it is no value that a report can print."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except ArithmeticError as e:
        raise ValueError(f"{text!r} is no value") from e
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS or len(value.as_tuple().digits) > 2 * _MOST_DIGITS:
        raise ValueError(f"{text!r} is no value")
    return value


def decimals_of(text: str) -> int:
    """How many decimals a value is printed with. ``ValueError`` where the cell holds no such number."""
    decimals = int(text)
    if not 0 <= decimals <= _MOST_DECIMALS:
        raise ValueError(f"{text!r} is no number of decimals")
    return decimals
