"""Relationships and quality rules of a contract, held against its columns before any file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from report_builder.contracts.odcs.contract import ContractColumn, DeclaredRule, LogicalType, Reference
from report_builder.contracts.odcs.custom_rules import (
    Balance,
    Coverage,
    EmptyWhen,
    FilledWhen,
    NotAfter,
    OneOfWhen,
    Order,
    Requires,
    RowCountChange,
    Total,
)
from report_builder.contracts.odcs.quality import CustomProperty, LibraryRule, OwnRule, Quality, SqlRule
from report_builder.contracts.odcs.schema import Relationship, SchemaObject
from report_builder.contracts.rules.sql import prepared, refusal
from report_builder.problems import Place, Problem, nearest

_SHORT = re.compile(r"([^./]+)\.([^./]+)")
_LONG = re.compile(r"/?schema/([^/]+)/properties/([^/]+)")
_ORDERED = frozenset(
    {LogicalType.DATE, LogicalType.TIMESTAMP, LogicalType.TIME, LogicalType.NUMBER, LogicalType.INTEGER}
)
_DAYS = frozenset({LogicalType.DATE, LogicalType.TIMESTAMP})
_NUMBERS = frozenset({LogicalType.NUMBER, LogicalType.INTEGER})
_ANY = frozenset(LogicalType)
_OF_A_COLUMN = frozenset({"nullValues", "missingValues", "invalidValues"})


def reference_of(
    declared: Relationship, own: tuple[str, str | None], objects: Mapping[str, SchemaObject], place: Place
) -> tuple[Reference | None, tuple[Problem, ...]]:
    """The foreign key that a relationship declares. ``own`` is the object it stands in and, if any, the column."""
    problems: list[Problem] = []
    name, column = own
    sources = (
        [(name, column)]
        if column is not None
        else [_pointed(p, objects, place, problems) for p in _many(declared.from_)]
    )
    targets = [_pointed(p, objects, place, problems) for p in _many(declared.to)]
    found_from = [s for s in sources if s is not None]
    found_to = [t for t in targets if t is not None]
    if problems:
        return None, tuple(problems)
    if column is not None and declared.from_ is not None:
        problems.append(_fault("bad-relationship", "A column's relationship has no from.", place, "Remove it."))
    if len(found_from) != len(found_to) or not found_from:
        hint = "Write as many columns under from as under to."
        problems.append(_fault("bad-relationship", "The two sides of the relationship differ in number.", place, hint))
    if {s[0] for s in found_from} != {name} or len({t[0] for t in found_to}) != 1:
        hint = "from names columns of the object it stands in; to names columns of one object."
        problems.append(_fault("bad-relationship", "The relationship mixes objects.", place, hint))
    if problems:
        return None, tuple(problems)
    return Reference(
        columns=tuple(str(s[1]) for s in found_from),
        to=found_to[0][0],
        to_columns=tuple(str(t[1]) for t in found_to),
        place=place,
    ), ()


def declared_rule(
    rule: Quality,
    column: str | None,
    columns: Mapping[str, ContractColumn],
    objects: tuple[str, ...],
    place: Place,
) -> tuple[DeclaredRule, tuple[Problem, ...]]:
    """A quality rule of an object (``column`` None) or of a column, and what is wrong with it.

    ``objects`` are the names of the contract's objects, the rule's own first.
    """
    hint, problems = _hint(rule.custom_properties, place)
    match rule:
        case LibraryRule():
            problems += _metric_faults(rule, column, columns, place)
        case SqlRule():
            problems += _sql_faults(rule, column, objects, place)
        case OwnRule():
            problems += _form_faults(rule, column, columns, place)
        case _:
            pass
    return DeclaredRule(rule=rule, column=column, hint=hint, place=place), tuple(problems)


def _many(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _pointed(
    pointer: str, objects: Mapping[str, SchemaObject], place: Place, problems: list[Problem]
) -> tuple[str, str] | None:
    found = _SHORT.fullmatch(pointer) or _LONG.fullmatch(pointer)
    if found is None:
        hint = "Write object.column, within this contract."
        problems.append(_fault("bad-relationship", f"{pointer} does not name a column.", place, hint))
        return None
    target = next((o for o in objects.values() if found.group(1) in {o.name, o.id}), None)
    if target is None:
        hint = nearest(found.group(1), objects) or f"Objects here: {', '.join(objects)}."
        problems.append(_fault("unknown-object", f"There is no object {found.group(1)}.", place, hint))
        return None
    for declared in target.properties:
        if found.group(2) in {declared.name, declared.id}:
            return target.name, declared.name
    hint = nearest(found.group(2), [p.name for p in target.properties])
    problems.append(_fault("unknown-column", f"{target.name} has no column {found.group(2)}.", place, hint))
    return None


def _hint(customs: tuple[CustomProperty, ...], place: Place) -> tuple[str, list[Problem]]:
    problems = [
        _fault("unknown-custom-property", f"{c.property} means nothing here.", place, "A rule may have: hint.")
        for c in customs
        if c.property != "hint"
    ]
    return next((str(c.value) for c in customs if c.property == "hint"), ""), problems


def _metric_faults(
    rule: LibraryRule, column: str | None, columns: Mapping[str, ContractColumn], place: Place
) -> Iterator[Problem]:
    metric, given = rule.metric, rule.arguments.model_fields_set
    if column is None and metric in _OF_A_COLUMN:
        yield _fault("misplaced-rule", f"{metric} belongs under a column.", place, "Move it to the column it counts.")
    if column is not None and metric == "rowCount":
        yield _fault("misplaced-rule", "rowCount belongs under the object.", place, "Move it there.")
    takes = {"missingValues": {"missing_values"}, "invalidValues": {"valid_values", "pattern"}}.get(metric, set())
    if metric == "duplicateValues" and column is None:
        takes = {"properties"}
        yield from _unknown(rule.arguments.properties or (), columns, _ANY, place)
    if given - takes:
        message = f"{metric} does not take {', '.join(sorted(given - takes))}."
        yield _fault("bad-arguments", message, place, f"It takes: {', '.join(sorted(takes)) or 'nothing'}.")
    if takes and not given & takes:
        yield _fault("bad-arguments", f"{metric} needs arguments.", place, f"Give {' or '.join(sorted(takes))}.")
    operator, value = rule.operator
    if operator in {"must_be", "must_not_be"} and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield _fault("bad-value", f"{metric} is compared with a number, not {value!r}.", place)
    if rule.arguments.pattern is not None:
        try:
            re.compile(rule.arguments.pattern)
        except (re.error, RecursionError, OverflowError) as e:
            yield _fault("bad-pattern", f"{rule.arguments.pattern} is not a pattern: {e}.", place)


def _sql_faults(rule: SqlRule, column: str | None, objects: tuple[str, ...], place: Place) -> Iterator[Problem]:
    if not rule.description:
        hint = "Say in description, in Swedish, what must hold: nobody else can tell from the query."
        yield _fault("missing-description", "A sql rule has no description.", place, hint)
    if refused := refusal(prepared(rule.query, objects[0], column), objects):
        hint = "Write one SELECT that gives one figure from the objects of this contract."
        yield _fault("refused-query", refused.en, place, hint)


def _form_faults(
    rule: OwnRule, column: str | None, columns: Mapping[str, ContractColumn], place: Place
) -> Iterator[Problem]:
    if column is not None:
        yield _fault("misplaced-rule", "A rule between columns belongs under the object.", place, "Move it there.")
    form = rule.implementation
    for names, kinds in _named(form):
        yield from _unknown(names, columns, kinds, place)
    if isinstance(form, Coverage) and form.by and form.period:
        hint = "Write by for groups of rows, or period for periods of days."
        yield _fault("bad-arguments", "A coverage has by and period; it takes one of them.", place, hint)
    if isinstance(form, Order):
        kinds_used = {columns[c].type for c in form.columns if c in columns}
        if len(kinds_used) > 1:
            message = f"The columns to compare have different types: {', '.join(sorted(kinds_used))}."
            yield _fault("bad-arguments", message, place)


def _named(form: Any) -> Iterator[tuple[tuple[str, ...], frozenset[LogicalType]]]:
    """The columns that a form names, with the types that serve there."""
    match form:
        case Order():
            yield form.columns, _ORDERED
        case Requires():
            yield (form.column, *form.requires), _ANY
        case EmptyWhen() | FilledWhen() | OneOfWhen():
            yield form.named, _ANY
        case NotAfter():
            yield form.columns, _DAYS
        case Balance():
            yield (*form.plus, *form.minus, form.equals), _NUMBERS
        case Total():
            yield (form.column,), _NUMBERS
            yield form.by, _ANY
        case Coverage():
            yield (form.column, *form.by), _ANY
        case RowCountChange():
            yield form.by, _ANY
    if isinstance(form, Coverage | RowCountChange) and form.period is not None:
        yield (form.period.column,), _DAYS


def _unknown(
    names: tuple[str, ...], columns: Mapping[str, ContractColumn], kinds: frozenset[LogicalType], place: Place
) -> Iterator[Problem]:
    for name in names:
        if name not in columns:
            hint = nearest(name, columns) or f"Columns here: {', '.join(columns)}."
            yield _fault("unknown-column", f"There is no column {name}.", place, hint)
        elif columns[name].type not in kinds:
            message = f"The column {name} is a {columns[name].type}; the rule needs {' or '.join(sorted(kinds))}."
            yield _fault("bad-arguments", message, place)


def _fault(code: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(code=code, message=message, place=place, hint=hint)
