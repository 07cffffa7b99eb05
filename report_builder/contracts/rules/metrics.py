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
from report_builder.contracts.rules.rules import Failing, Frames, Rule
from report_builder.contracts.rules.sql import prepared
from report_builder.contracts.words import Words, quoted
from report_builder.problems import Severity
from report_builder.swedish import listing

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
    about = quoted("The share of", "Andelen") if bound.percent else quoted("The number of", "Antalet")
    noun = quoted(f"{about.en} {metric.noun.en}", f"{about.sv} {metric.noun.sv}")
    plainly = bound.none_may_fail and rule.metric != "rowCount"
    return Rule(
        code=metric.code,
        object=file.name,
        columns=metric.columns,
        needs=tuple((file.name, c) for c in metric.columns),
        says=metric.says if plainly else quoted(f"{noun.en} {bound.words.en}.", f"{noun.sv} {bound.words.sv}."),
        broken=metric.broken if plainly else noun,
        hint=quoted(metric.hint.en, declared.hint or metric.hint.sv),
        note=rule.description or "",
        name=rule.id or "",
        severity=Severity(rule.severity),
        failing=metric.failing,
        groups=metric.groups,
        bound=None if plainly else bound,
    )


def sql_rule(file: FileContract, declared: DeclaredRule, rule: SqlRule) -> Rule:
    """A query whose one figure is held against its bound."""
    bound = bound_of(rule)
    return Rule(
        code="sql-rule",
        object=file.name,
        columns=(declared.column,) if declared.column else (),
        needs=tuple((file.name, c.name) for c in file.columns),
        says=quoted(
            f"The figure of the query {bound.words.en}: {' '.join(rule.query.split())}", rule.description or ""
        ),
        broken=quoted("The figure of the query", "Värdet som regeln räknar fram"),
        hint=quoted(
            "Correct the rows that the rule is about.", declared.hint or "Rätta de rader som regeln handlar om."
        ),
        name=rule.id or "",
        severity=Severity(rule.severity),
        bound=bound,
        query=prepared(rule.query, file.name, declared.column),
    )


def unchecked_rule(file: FileContract, declared: DeclaredRule, rule: TextRule | ForeignRule) -> Rule:
    """A rule in words, or of another program: shown, with the reason why it was not tried."""
    reason = quoted(
        "The rule is in words, for people.", "Regeln är skriven för människor och kontrolleras inte av programmet."
    )
    if isinstance(rule, ForeignRule):
        reason = quoted(f"The rule is for {rule.engine}.", f"Regeln är skriven för programmet {rule.engine}.")
    text = rule.description or rule.name or "(utan beskrivning)"
    return Rule(
        code="not-run",
        object=file.name,
        columns=(declared.column,) if declared.column else (),
        needs=(),
        says=quoted(text, text),
        broken=quoted("", ""),
        hint=quoted("", ""),
        severity=Severity(rule.severity),
        missing=reason,
    )


def _metric(file: FileContract, declared: DeclaredRule, rule: LibraryRule) -> _Metric:
    match rule.metric:
        case "rowCount":
            return _Metric(
                code="row-count", noun=quoted("rows", "rader"), says=quoted("", ""), broken=quoted("", ""),
                hint=quoted("Take the extract anew and compare the number of rows with the system.",
                           "Gör om uttaget och jämför antalet rader med systemet."),
            )  # fmt: skip
        case "duplicateValues":
            return _duplicates(file, declared, rule)
        case "invalidValues":
            return _invalid(file, str(declared.column), rule)
        case _:
            return _missing(file, str(declared.column), rule)


def _duplicates(file: FileContract, declared: DeclaredRule, rule: LibraryRule) -> _Metric:
    columns = rule.arguments.properties or (str(declared.column),)
    headers = [file.column(c).header for c in columns]
    together = quoted(", ".join(headers), listing(headers))
    return _Metric(
        code="unique",
        columns=columns,
        groups=columns,
        noun=quoted(f"rows that repeat {together.en}", f"rader som upprepar {together.sv}"),
        says=quoted(f"{together.en} together stand once.", f"{together.sv} ska tillsammans förekomma en gång."),
        broken=quoted(f"{together.en} repeats an earlier row", f"{together.sv} upprepar en tidigare rad"),
        hint=quoted("Remove the repeated rows, or correct the value.", "Ta bort dubbletterna, eller rätta värdet."),
    )


def _invalid(file: FileContract, column: str, rule: LibraryRule) -> _Metric:
    header = file.column(column).header
    values, pattern = rule.arguments.valid_values, rule.arguments.pattern
    words = [str(v) for v in values or () if v is not None]
    must = [quoted(f"is one of {', '.join(words)}", f"vara något av {', '.join(words)}")] if values else []
    must += [quoted(f"follows the pattern {pattern}", f"följa mönstret {pattern}")] if pattern else []
    return _Metric(
        code="unknown-value" if values else "wrong-pattern",
        columns=(column,),
        failing=partial(_is_invalid, file, column, values, pattern),
        noun=quoted(f"values of {header} that are not valid", f"värden i {header} som inte är giltiga"),
        says=quoted(f"{header} {' and '.join(m.en for m in must)}.",
                   f"Värdet i kolumnen {header} ska {' och '.join(m.sv for m in must)}."),
        broken=quoted(f"{header} holds a value that is not valid", f"{header} har ett värde som inte är giltigt"),
        hint=quoted("Use one of the valid values.", "Använd ett av de giltiga värdena.")
        if values else quoted("Correct the value.", "Rätta värdet."),
    )  # fmt: skip


def _missing(file: FileContract, column: str, rule: LibraryRule) -> _Metric:
    header = file.column(column).header
    stand_ins = rule.arguments.missing_values if rule.metric == "missingValues" else None
    if words := [str(v) for v in stand_ins or () if v not in {None, ""}]:
        return _standing_in(file, column, stand_ins or (), words)
    return _Metric(
        code="required",
        columns=(column,),
        failing=partial(is_missing, file.name, column, stand_ins),
        noun=quoted(f"cells of {header} without a value", f"celler i {header} utan värde"),
        says=quoted(f"{header} is filled in on every row.", f"Kolumnen {header} ska vara ifylld på varje rad."),
        broken=quoted(f"{header} is empty", f"{header} är tom"),
        hint=quoted("Fill in the cells.", "Fyll i cellerna."),
    )


def _standing_in(file: FileContract, column: str, stand_ins: tuple[Scalar, ...], words: list[str]) -> _Metric:
    """Cells whose text says that there is no value, and the empty ones where they count as that too."""
    header = file.column(column).header
    empty = None in stand_ins or "" in stand_ins
    either = quoted(f"{'empty or ' if empty else ''}{' or '.join(words)}",
                   f"{'är tomma eller ' if empty else ''}innehåller {listing(words, 'eller')}")  # fmt: skip
    return _Metric(
        code="required",
        columns=(column,),
        failing=partial(is_missing, file.name, column, stand_ins),
        noun=quoted(f"cells of {header} that are {either.en}", f"celler i {header} som {either.sv}"),
        says=quoted(f"No cell of {header} is {either.en}.", f"Det ska inte finnas celler i {header} som {either.sv}."),
        broken=quoted(f"{header} says that there is no value", f"{header} anger inget värde"),
        hint=quoted("Fill in the value.", "Fyll i värdet."),
    )


def is_missing(file: str, column: str, stand_ins: tuple[Scalar, ...] | None, frames: Frames) -> ir.BooleanColumn:
    """Marks the cells without a value, or with one of ``stand_ins`` (the empty cell only if it is among them)."""
    text = frames[file].text(column)
    words = [str(s) for s in stand_ins or () if s not in {None, ""}]
    empty = text.isnull() if stand_ins is None or None in stand_ins or "" in stand_ins else None
    if empty is None:
        return text.notnull() & text.isin(words)
    return empty | text.isin(words) if words else empty


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
