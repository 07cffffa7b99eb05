"""What to do about a value that breaks a rule, told from the value itself where it gives itself away."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from report_builder.contracts.odcs.contract import ContractColumn, FileContract, LogicalType
from report_builder.contracts.odcs.quality import LibraryRule
from report_builder.contracts.odd_text import even
from report_builder.contracts.words import Words, either, words
from report_builder.problems import nearest

_DAY_OR_MONTH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_DIGITS = "0123456789"
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?")
_EXPONENT = re.compile(r"(-?[0-9]+(?:[.,][0-9]+)?)[eE]([+-]?[0-9]{1,3})")
_LONGEST_NUMBER = 30
_SERIAL = re.compile(r"[1-9][0-9]{4}")
_SERIAL_START = date(1899, 12, 30)
"""Day 0 of a spreadsheet's dates: it takes 1900 for a leap year, so from March 1900 on the count starts here."""


def value_hint(code: str, file: FileContract, column: ContractColumn, value: str) -> Words | None:
    """A hint for ``value``, which broke the rule ``code`` in ``column``; None where nothing can be told from it."""
    if code in {f"not-a-{LogicalType.NUMBER}", f"not-a-{LogicalType.INTEGER}"} and (
        found := _number(even(value), file)
    ):
        return found
    if value != value.strip():
        return words("Remove the space before or after the value.")
    if (seen := even(value)) != value:
        return words("Write {text} with plain letters and spaces.", text=seen)
    if code == "unknown-value":
        return _like(value, _valid_values(file, column))
    if code == f"not-a-{LogicalType.DATE}":
        return _date(value)
    return None


def _valid_values(file: FileContract, column: ContractColumn) -> tuple[str, ...]:
    rules = (d.rule for d in file.quality if d.column == column.name and isinstance(d.rule, LibraryRule))
    return tuple(str(v) for rule in rules for v in rule.arguments.valid_values or ())


def _like(value: str, valid: tuple[str, ...]) -> Words | None:
    by_small = {v.casefold(): v for v in valid}
    near = nearest(value.casefold(), by_small, 1).removeprefix("Did you mean ").removesuffix("?")
    if not near:
        return None
    return words("Did you mean {near} where it says {value}?", near=by_small[near], value=value)


def _date(value: str) -> Words | None:
    if found := _DAY_OR_MONTH.fullmatch(value):
        a, b, year = (int(part) for part in found.groups())
        readings = [day.isoformat() for m, d in ((b, a), (a, b)) if (day := _day(year, m, d)) is not None]
        if len(set(readings)) == 2:
            return words("{value} can be read as {readings}: write the one that is meant.",
                         value=value, readings=either(readings))  # fmt: skip
        return words("Write {value}.", value=readings[0]) if readings else None
    if _SERIAL.fullmatch(value):
        serial = (_SERIAL_START + timedelta(days=int(value))).isoformat()
        return words(
            "{value} looks like a spreadsheet's number for {day}: format the column as a date.",
            value=value, day=serial,
        )  # fmt: skip
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(value: str, file: FileContract) -> Words | None:
    decimal, group = file.dialect.decimal, file.dialect.group
    other = "." if decimal == "," else ","
    if other != group and re.fullmatch(rf"-?[0-9]{{1,3}}[{other}][0-9]{{3}}", value):
        whole, part = value.replace(other, ""), value.replace(other, decimal)
        return words("{value} can be read as {readings}: write the one that is meant, without a thousands separator.",
                     value=value, readings=either((whole, part)))  # fmt: skip
    if _GROUPED.fullmatch(value) and (mark := value.lstrip("-").lstrip(_DIGITS)[0]) not in {decimal, group}:
        return words("{value} has a thousands separator: write {plain}.",
                     value=value, plain=value.replace(mark, "").replace(other, decimal))  # fmt: skip
    if found := _EXPONENT.fullmatch(value):
        number = Decimal(f"{found[1].replace(',', '.')}E{found[2]}")
        if abs(number.adjusted()) < _LONGEST_NUMBER:
            plain = f"{number:f}".replace(".", decimal)
            return words("{value} is written with an exponent: write {plain}.", value=value, plain=plain)
    if other in value and other != group:
        if decimal == ".":
            return words("Write the number with a decimal point.")
        return words("Write the number with a decimal comma.")
    return None
