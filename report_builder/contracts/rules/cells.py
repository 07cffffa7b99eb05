"""Cells of text made into values of the contract's types, strictly: what does not fit becomes null, never a guess."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from report_builder.contracts.odcs.contract import ContractColumn, Dialect, LogicalType
from report_builder.contracts.words import Words, words

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SPACES = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]"
_TIMESTAMP = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$"
_TIME = r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
_BINARY_ERROR = 1e-14
"""The part of a number by which a binary fraction may miss it."""
_ISO = "yyyy-MM-dd"
_ISO_LENGTH = len(_ISO)
_DESCRIBED = {
    LogicalType.STRING: words("text", context="what a cell holds"),
    LogicalType.TIMESTAMP: words("a date and a time such as 2026-02-01T13:45"),
    LogicalType.TIME: words("a time such as 13:45"),
    LogicalType.INTEGER: words("a whole number"),
    LogicalType.BOOLEAN: words("true or false"),
}


def value_of(text: ir.StringColumn, column: ContractColumn, dialect: Dialect) -> ir.Column:
    """The value that a cell's text stands for; null where the cell is empty or its text is no such value."""
    match column.type:
        case LogicalType.STRING:
            return text
        case LogicalType.DATE:
            return _date(text, column.date_format)
        case LogicalType.TIMESTAMP:
            return _where(text.re_search(_TIMESTAMP), text).try_cast("timestamp")
        case LogicalType.TIME:
            return _where(text.re_search(_TIME), text).try_cast("time")
        case LogicalType.INTEGER | LogicalType.NUMBER:
            return _number(text, column, dialect)
        case LogicalType.BOOLEAN:
            return text.cases(("true", True), ("false", False), else_=None)


def text_of(cell: ir.Column) -> ir.StringColumn:
    """The text of a cell of any type; null where it is empty."""
    if cell.type().is_string():
        return cell
    return cell.cast("string")


def native(cell: ir.Column, column: ContractColumn, dialect: Dialect) -> ir.Column:
    """The value of a cell that has a type of its own already; null where that is no such value.

    A type that says something else than the contract's is read as the text that it would be written as.
    """
    kind, wanted = cell.type(), column.type
    if wanted is LogicalType.BOOLEAN and kind.is_boolean():
        return cell
    if wanted is LogicalType.DATE and kind.is_date():
        return cell
    if wanted is LogicalType.TIME and kind.is_time():
        return cell
    if wanted in {LogicalType.DATE, LogicalType.TIMESTAMP} and (kind.is_date() or kind.is_timestamp()):
        return _moment(cell, wanted)
    if wanted in {LogicalType.INTEGER, LogicalType.NUMBER} and kind.is_numeric():
        return _figure(cell, column)
    return value_of(text_of(cell), column, dialect)


def _moment(cell: ir.Column, wanted: LogicalType) -> ir.Column:
    """A day as the moment that it begins, or a moment as its day where it is the beginning of one."""
    import ibis

    if wanted is LogicalType.TIMESTAMP:
        return cell.cast("timestamp")
    return ibis.ifelse(cell == cell.truncate("D"), cell.cast("date"), ibis.null("date"))


def _figure(cell: ir.Column, column: ContractColumn) -> ir.Column:
    """A number that has no more decimals than the contract allows, but for what binary fractions add."""
    import ibis

    kind = f"decimal({column.digits}, {column.decimals})"
    if column.type is LogicalType.INTEGER:
        kind = f"{'u' if column.bits < 0 else ''}int{abs(column.bits)}"
    made = cell.try_cast(kind)
    if cell.type().is_integer():
        return made
    slack = ibis.ifelse(cell.abs() > 1, cell.abs(), 1) * _BINARY_ERROR if cell.type().is_floating() else 0
    near = (cell.cast("float64") - made.cast("float64")).abs() <= slack if cell.type().is_floating() else made == cell
    return ibis.ifelse(near, made, ibis.null(kind))


def described(column: ContractColumn, dialect: Dialect) -> Words:
    """What a cell of the column holds: ``a date such as 2026-02-01``."""
    if column.type is LogicalType.DATE:
        before, _, after = column.date_format.replace("dd", "DD").partition("yyyy")
        return words(
            "a date as {before}{year}{after}",
            before=before,
            year=words("YYYY", context="what a cell holds"),
            after=after,
        )
    if column.type is LogicalType.NUMBER:
        decimals = column.decimals
        if dialect.decimal == ".":
            return words("a number with at most {decimals} decimals after a point", decimals=decimals)
        return words("a number with at most {decimals} decimals after a comma", decimals=decimals)
    return _DESCRIBED[column.type]


def _where(holds: ir.BooleanColumn, text: ir.StringColumn) -> Any:
    import ibis

    return ibis.ifelse(holds, text, ibis.null("string"))


def _date(text: ir.StringColumn, form: str) -> ir.Column:
    """A cast and back again: only a day that exists, written in full, comes back as it was."""
    import ibis

    iso = text
    if form != _ISO:
        year, month, day = (text.substr(form.index(part), len(part)) for part in ("yyyy", "MM", "dd"))
        iso = _where(text.re_search(_shape(form)), year + "-" + month + "-" + day)
    day_of = iso.try_cast("date")
    # The length keeps out spellings of infinity and years that a cast would take.
    holds = (iso.length() == _ISO_LENGTH) & (day_of.cast("string") == iso)
    return ibis.ifelse(holds, day_of, ibis.null("date"))


def _shape(form: str) -> str:
    parts = (re.escape(sign) if sign not in "yMd" else "[0-9]" for sign in form)
    return f"^{''.join(parts)}$"


def _number(text: ir.StringColumn, column: ContractColumn, dialect: Dialect) -> ir.Column:
    whole = "[0-9]+"
    plain = text
    if dialect.group:
        mark = _SPACES if dialect.group == " " else f"[{re.escape(dialect.group)}]"
        whole = f"([0-9]{{1,3}}({mark}[0-9]{{3}})+|[0-9]+)"
        plain = plain.re_replace(mark, "")
    if column.type is LogicalType.INTEGER:
        return _cast(text, plain, f"{'u' if column.bits < 0 else ''}int{abs(column.bits)}", f"^-?{whole}$")
    fraction = f"([{re.escape(dialect.decimal)}][0-9]{{1,{column.decimals}}})?" if column.decimals else ""
    plain = plain.replace(dialect.decimal, ".")
    kind = f"decimal({column.digits}, {column.decimals})"
    return _cast(text, plain, kind, f"^-?{whole}{fraction}$", dialect.decimal)


def _cast(text: ir.StringColumn, plain: ir.StringColumn, kind: str, shape: str, decimal: str = ".") -> ir.Column:
    """``plain`` as a number where ``text`` has the shape of one. Most have the very shape that the number is written
    with again, which is quicker to see, so only the others are held against ``shape``.
    """
    import ibis

    made, nothing = plain.try_cast(kind), ibis.null(kind)
    again = made.cast("string")
    same = text == (again if decimal == "." else again.replace(".", decimal))
    return ibis.ifelse(same, made, ibis.ifelse(text.re_search(shape), made, nothing))
