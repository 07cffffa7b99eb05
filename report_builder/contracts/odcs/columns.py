"""Properties of a contract made into columns, with every fault of their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic.alias_generators import to_camel

from report_builder.contracts.odcs.contract import OPEN_CLASSES, ContractColumn, Limit, Limits, LogicalType
from report_builder.contracts.odcs.schema import LogicalTypeOptions, Property
from report_builder.problems import Place, Problem

_BOUNDS = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum")
_ACTED_ON: dict[LogicalType, frozenset[str]] = {
    LogicalType.STRING: frozenset({"min_length", "max_length", "pattern"}),
    LogicalType.DATE: frozenset({"format", *_BOUNDS}),
    LogicalType.TIMESTAMP: frozenset(_BOUNDS),
    LogicalType.TIME: frozenset(),
    LogicalType.NUMBER: frozenset({"multiple_of", *_BOUNDS}),
    LogicalType.INTEGER: frozenset({"multiple_of", "format", *_BOUNDS}),
    LogicalType.BOOLEAN: frozenset(),
}
_BITS = {f"{sign}{n}": n if sign == "i" else -n for sign in "iu" for n in (8, 16, 32, 64)}
_DECIMAL = re.compile(r"(?:DECIMAL|NUMERIC)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)", re.IGNORECASE)
_DATE_FORMAT = re.compile(r"(?:yyyy|MM|dd)[-/. ]?(?:yyyy|MM|dd)[-/. ]?(?:yyyy|MM|dd)")
_MOST_DIGITS = 38


def column_of(declared: Property, place: Place) -> tuple[ContractColumn | None, tuple[Problem, ...]]:
    """The column that a property declares, and what is wrong with the declaration; None where no column comes of it."""
    try:
        kind = LogicalType(declared.logical_type or "")
    except ValueError:
        said = declared.logical_type or "none"
        hint = f"A cell of a metric file is one of: {', '.join(LogicalType)}."
        problem = _fault("unsupported-type", f"{declared.name}: the logicalType is {said}.", place, hint)
        return None, (problem,)
    problems = [*_name_faults(declared, place), *_option_faults(declared, kind, place)]
    limits, faults = _limits(declared.logical_type_options, kind, declared.name, place)
    digits, decimals = 18, 6
    if kind is LogicalType.NUMBER and (found := _DECIMAL.fullmatch(declared.physical_type or "")):
        digits, decimals = int(found.group(1)), int(found.group(2) or 0)
        if not 0 <= decimals <= digits <= _MOST_DIGITS or digits == 0:
            hint = f"Write DECIMAL(digits, decimals) with at most {_MOST_DIGITS} digits."
            faults.append(_fault("bad-value", f"{declared.name}: {declared.physical_type} is impossible.", place, hint))
            digits, decimals = 18, 6
    return ContractColumn(
        name=declared.name,
        header=declared.physical_name or declared.name,
        type=kind,
        title=declared.business_name or "",
        description=declared.description or "",
        required=declared.required or declared.primary_key,
        unique=declared.unique,
        key=declared.primary_key,
        public=(declared.classification or "").casefold() == "public",
        sensitive=(declared.classification or "public").casefold() not in OPEN_CLASSES,
        limits=limits,
        date_format=declared.logical_type_options.format or "yyyy-MM-dd" if kind is LogicalType.DATE else "yyyy-MM-dd",
        digits=digits,
        decimals=decimals,
        bits=_BITS.get(declared.logical_type_options.format or "i64", 64),
        place=place,
    ), (*problems, *faults)


def _name_faults(declared: Property, place: Place) -> Iterator[Problem]:
    if not declared.name.strip() or declared.name.startswith("_"):
        hint = "Names that begin with an underscore are kept for the program."
        yield _fault("bad-name", f"{declared.name!r} cannot be the name of a column.", place, hint)
    for custom in declared.custom_properties:
        hint = "Columns have no custom properties that mean something here; remove it."
        yield _fault("unknown-custom-property", f"{declared.name}: {custom.property} means nothing.", place, hint)


def _option_faults(declared: Property, kind: LogicalType, place: Place) -> Iterator[Problem]:
    options = declared.logical_type_options
    for name in sorted(options.model_fields_set - _ACTED_ON[kind]):
        hint = f"For {kind} the options are: {', '.join(sorted(map(to_camel, _ACTED_ON[kind]))) or 'none'}."
        message = f"{declared.name}: the option {to_camel(name)} is not supported for {kind}."
        yield _fault("unsupported-option", message, place, hint)
    if kind is LogicalType.INTEGER and (options.format or "i64") not in _BITS:
        hint = f"Supported are: {', '.join(_BITS)}."
        yield _fault("unsupported-option", f"{declared.name}: {options.format} is not supported.", place, hint)
    if kind is LogicalType.DATE and options.format is not None:
        parts = sorted(re.findall("yyyy|MM|dd", options.format))
        if not _DATE_FORMAT.fullmatch(options.format) or parts != ["MM", "dd", "yyyy"]:
            hint = "Write the format with yyyy, MM and dd, for example yyyy-MM-dd or dd/MM/yyyy."
            yield _fault("unsupported-option", f"{declared.name}: the format {options.format}.", place, hint)


def _limits(options: LogicalTypeOptions, kind: LogicalType, name: str, place: Place) -> tuple[Limits, list[Problem]]:
    problems: list[Problem] = []
    bounds: dict[str, Limit] = {}
    for bound in _BOUNDS:
        value = getattr(options, bound)
        if value is None or bound not in _ACTED_ON[kind]:
            continue
        try:
            bounds[bound] = _limit(value, kind)
        except (ValueError, InvalidOperation, OverflowError):
            message = f"{name}: {to_camel(bound)} is {value!r}, which is not a {kind}."
            problems.append(_fault("bad-value", message, place, "Write a value of the column's own type."))
    pattern = options.pattern if kind is LogicalType.STRING else None
    if pattern is not None:
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as e:
            problems.append(_fault("bad-pattern", f"{name}: {pattern} is not a pattern: {e}.", place))
            pattern = None
    step = None
    if options.multiple_of is not None:
        try:
            step = _number(options.multiple_of)
        except ValueError:
            message = f"{name}: multipleOf is {options.multiple_of}."
            hint = f"Write a number with at most {_MOST_DIGITS} digits."
            problems.append(_fault("bad-value", message, place, hint))
    limits = Limits(
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        exclusive_minimum=bounds.get("exclusive_minimum"),
        exclusive_maximum=bounds.get("exclusive_maximum"),
        multiple_of=step,
        min_length=options.min_length,
        max_length=options.max_length,
        pattern=pattern,
    )
    return limits, problems


def _limit(value: Any, kind: LogicalType) -> Limit:
    if kind is LogicalType.DATE:
        return date.fromisoformat(str(value))
    if kind is LogicalType.TIMESTAMP:
        return datetime.fromisoformat(str(value))
    if isinstance(value, str):
        raise ValueError(value)
    return _number(value)


def _number(value: float) -> Decimal:
    """The number that a contract holds values against; no engine counts with more digits than these."""
    exact = Decimal(str(value))
    if not exact.is_finite() or exact.adjusted() >= _MOST_DIGITS or exact.adjusted() < -_MOST_DIGITS:
        raise ValueError(value)
    return exact


def _fault(code: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(code=code, message=message, place=place, hint=hint)
