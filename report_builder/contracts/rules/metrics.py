"""The standard's library of metrics, sql rules, and the rules that no program here can run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.bounds import bound_of
from report_builder.contracts.odcs.contract import DeclaredRule, FileContract, LogicalType
from report_builder.contracts.odcs.quality import (
    ForeignRule,
    LibraryRule,
    Scalar,
    SqlRule,
    TextRule,
)
from report_builder.contracts.rules.rules import Failing, Frames, Rule, once_words
from report_builder.contracts.rules.sql import prepared
from report_builder.contracts.words import NOTHING, Words, either, quoted, words
from report_builder.problems import Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metric:
    """What a metric counts: as a noun for a bound ("empty cells"), and as a sentence where nothing may be counted."""

    code: str
    noun: Words
    says: Words
    broken: Words
    hint: Words
    columns: tuple[str, ...] = ()
    failing: Failing | None = None
    groups: tuple[str, ...] = ()


def metric_rule(file: FileContract, declared: DeclaredRule, rule: LibraryRule) -> Rule:
    """A metric of the library, held against its bound."""
    metric = _metric(file, declared, rule)
    bound = bound_of(rule)
    what = metric.noun
    noun = words("The share of {what}", what=what) if bound.percent else words("The number of {what}", what=what)
    plainly = bound.none_may_fail and rule.metric != "rowCount"
    return Rule(
        code=metric.code,
        object=file.name,
        columns=metric.columns,
        needs=tuple((file.name, c) for c in metric.columns),
        says=metric.says if plainly else words("{figure} {must}.", figure=noun, must=bound.words),
        broken=metric.broken if plainly else noun,
        hint=quoted(metric.hint.en, declared.hint) if declared.hint else metric.hint,
        note=rule.description or "",
        name=rule.id or "",
        severity=Severity(rule.severity),
        failing=metric.failing,
        groups=metric.groups,
        bound=None if plainly else bound,
    )


def sql_rule(file: FileContract, declared: DeclaredRule, rule: SqlRule) -> Rule:
    """A query whose one figure is held against its bound."""
    bound, hint = bound_of(rule), words("Correct the rows that the rule is about.")
    return Rule(
        code="sql-rule",
        object=file.name,
        columns=(declared.column,) if declared.column else (),
        needs=tuple((file.name, c.name) for c in file.columns),
        says=quoted(
            words("The figure of the query {must}: {query}", must=bound.words, query=" ".join(rule.query.split())).en,
            rule.description or "",
        ),
        broken=words("The figure of the query"),
        hint=quoted(hint.en, declared.hint) if declared.hint else hint,
        name=rule.id or "",
        severity=Severity(rule.severity),
        bound=bound,
        query=prepared(rule.query, file.name, declared.column),
    )


def unchecked_rule(file: FileContract, declared: DeclaredRule, rule: TextRule | ForeignRule) -> Rule:
    """A rule in words, or of another program: shown, with the reason why it was not tried."""
    reason = words("The rule is in words, for people.")
    if isinstance(rule, ForeignRule):
        reason = words("The rule is for {engine}.", engine=rule.engine)
    text = rule.description or rule.name
    return Rule(
        code="not-run",
        object=file.name,
        columns=(declared.column,) if declared.column else (),
        needs=(),
        says=quoted(text) if text else words("(no description)"),
        broken=NOTHING,
        hint=NOTHING,
        severity=Severity(rule.severity),
        missing=reason,
    )


def _metric(file: FileContract, declared: DeclaredRule, rule: LibraryRule) -> _Metric:
    match rule.metric:
        case "rowCount":
            return _Metric(
                code="row-count", noun=words("rows", context="number of"), says=NOTHING, broken=NOTHING,
                hint=words("Compare the number of rows with the source system, for the same days."),
            )  # fmt: skip
        case "duplicateValues":
            return _duplicates(file, declared, rule)
        case "invalidValues":
            return _invalid(file, str(declared.column), rule)
        case _:
            return _missing(file, str(declared.column), rule)


def _duplicates(file: FileContract, declared: DeclaredRule, rule: LibraryRule) -> _Metric:
    columns = rule.arguments.properties or (str(declared.column),)
    headers = tuple(file.column(c).header for c in columns)
    says, broken = once_words(headers)
    return _Metric(
        code="unique",
        columns=columns,
        groups=columns,
        noun=words("rows that repeat {columns}", columns=headers),
        says=says,
        broken=broken,
        hint=words("See in the source system which of the rows is right before anything is removed."),
    )


def _invalid(file: FileContract, column: str, rule: LibraryRule) -> _Metric:
    header = file.column(column).header
    values, pattern = rule.arguments.valid_values, rule.arguments.pattern
    known = tuple(str(v) for v in values or () if v is not None)
    one_of = words("{column} is one of {values}.", column=header, values=", ".join(known))
    follows = words("{column} follows the pattern {pattern}.", column=header, pattern=pattern or "")
    both = words(
        "{column} is one of {values} and follows the pattern {pattern}.",
        column=header, values=", ".join(known), pattern=pattern or "",
    )  # fmt: skip
    return _Metric(
        code="unknown-value" if values else "wrong-pattern",
        columns=(column,),
        failing=partial(_is_invalid, file, column, values, pattern),
        noun=words("values of {column} that are not valid", column=header),
        says=both if values and pattern else one_of if values else follows,
        broken=words("{column} holds a value that is not valid", column=header),
        hint=words("Use one of the valid values.") if values else words("Correct the value."),
    )


def _missing(file: FileContract, column: str, rule: LibraryRule) -> _Metric:
    header = file.column(column).header
    stand_ins = rule.arguments.missing_values if rule.metric == "missingValues" else None
    if signs := [str(v) for v in stand_ins or () if v not in {None, ""}]:
        return _standing_in(file, column, stand_ins or (), signs)
    return _Metric(
        code="required",
        columns=(column,),
        failing=partial(is_missing, file.name, column, stand_ins),
        noun=words("cells of {column} without a value", column=header),
        says=words("{column} is filled in on every row.", column=header),
        broken=words("{column} is empty", column=header),
        hint=words("Fill in what the source system says; an invented value is worse than an empty cell."),
    )


def _standing_in(file: FileContract, column: str, stand_ins: tuple[Scalar, ...], signs: list[str]) -> _Metric:
    """Cells whose text says that there is no value, and the empty ones where they count as that too."""
    header = file.column(column).header
    empty = None in stand_ins or "" in stand_ins
    what = words("{signs}", context="cells that hold a sign", signs=either(signs))
    if empty:
        what = words("empty or {signs}", signs=either(signs))
    return _Metric(
        code="required",
        columns=(column,),
        failing=partial(is_missing, file.name, column, stand_ins),
        noun=words("cells of {column} that are {what}", column=header, what=what),
        says=words("No cell of {column} is {what}.", column=header, what=what),
        broken=words("{column} says that there is no value", column=header),
        hint=words("Fill in the value."),
    )


def is_missing(file: str, column: str, stand_ins: tuple[Scalar, ...] | None, frames: Frames) -> ir.BooleanColumn:
    """Marks the cells without a value, or with one of ``stand_ins`` (the empty cell only if it is among them)."""
    text = frames[file].text(column)
    signs = [str(s) for s in stand_ins or () if s not in {None, ""}]
    empty = text.isnull() if stand_ins is None or None in stand_ins or "" in stand_ins else None
    if empty is None:
        return text.notnull() & text.isin(signs)
    return empty | text.isin(signs) if signs else empty


def _is_invalid(
    file: FileContract, column: str, values: tuple[Scalar, ...] | None, pattern: str | None, frames: Frames
) -> ir.BooleanColumn:
    import ibis

    text, value = frames[file.name].text(column), frames[file.name].value(column)
    numeric = file.column(column).type in {LogicalType.NUMBER, LogicalType.INTEGER}
    faults = []
    if values is not None:
        known = [v for v in values if v is not None]
        faults.append(~(value.isin(known) if numeric else text.isin([str(v) for v in known])).fill_null(False))
    if pattern is not None:
        faults.append(~text.re_search(pattern))
    return text.notnull() & ibis.or_(*faults)
