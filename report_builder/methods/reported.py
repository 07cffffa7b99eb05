"""Reported values: figures taken over exactly as somebody published them, each with its citation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from report_builder.catalogue import gettext
from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, ObsStatus, Provenance, fact_id
from report_builder.methods.clock import ROW
from report_builder.methods.method import Method, Reported, ReportedStatistic
from report_builder.periods import Period
from report_builder.problems import Place, Problem, ReportError, Severity, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedValue:
    """One published value. ``vintage`` is when it was published, as far as the source says."""

    row: int
    statistic: ReportedStatistic
    case_type: str
    period: Period
    value: Decimal
    unit: str
    definition: str
    citation: str
    vintage: str


def reported_facts(method: Method, rules: Reported, delivery: Delivery) -> Iterator[Fact]:
    """Every published value that has a period, in every vintage.

    Raises:
        ReportError: names, units or values that the method does not know, all of them.

    """
    values, problems = published_values(method, rules, delivery)
    errors = [p for p in problems if p.severity is Severity.ERROR]
    if errors:
        raise ReportError(errors)
    by_id: dict[str, list[PublishedValue]] = defaultdict(list)
    for value in values:
        by_id[fact_id(rules.measure, value.statistic.id, value.case_type, value.period)].append(value)
    for name, vintages in by_id.items():
        ordered = sorted(vintages, key=lambda v: (v.vintage, v.row), reverse=True)
        used: set[str] = set()
        for i, value in enumerate(ordered):
            suffix = f"@{value.vintage or 'odaterad'}" if i else ""
            if suffix in used:
                suffix += f"-rad-{value.row}"
            used.add(suffix)
            differs = value.definition != ordered[0].definition
            status = ObsStatus.DEFINITION_DIFFERS if differs else ObsStatus.NORMAL
            yield _fact(method, delivery, name + suffix, value, status)


def published_values(method: Method, rules: Reported, delivery: Delivery) -> tuple[list[PublishedValue], list[Problem]]:
    """The rows that make facts, and a problem for each row that does not: a blank period warns, the rest are errors."""
    source = rules.source
    table = delivery.tables.get(source.object)
    columns = {name: getattr(source, name) for name in type(source).model_fields if name not in {"dataset", "object"}}
    missing = [c for c in columns.values() if table is None or c not in table.columns]
    if table is None or missing:
        what = f"no column {', '.join(missing)} in {source.object}" if table is not None else f"no {source.object}"
        place = method.file.place("source")
        raise ReportError(Problem(code="unknown-column", message=f"{delivery.contract} has {what}.", place=place))
    picked = table.select(_row=table[ROW], **{name: table[column] for name, column in columns.items()})
    values: list[PublishedValue] = []
    problems: list[Problem] = []
    for row in sorted(picked.to_pyarrow().to_pylist(), key=lambda r: int(r["_row"])):
        value, faults = _read(rules, row, delivery.sources[source.object].file)
        problems += faults
        if value is not None:
            values.append(value)
    return values, problems


def _read(rules: Reported, row: dict[str, Any], file: str) -> tuple[PublishedValue | None, list[Problem]]:
    """One row as a value, or what stops it from being one."""
    source, at = rules.source, int(row["_row"])
    case_types = {c.source_name: c.id for c in rules.case_types}
    statistics = {s.source_name: s for s in rules.statistics}

    def place(column: str) -> Place:
        return Place(file=file, row=at, column=column)

    faults = [
        *_unknown(row["case_type"], case_types, place(source.case_type)),
        *_unknown(row["statistic"], statistics, place(source.statistic)),
        *_unknown(row["unit"], rules.units, place(source.unit)),
    ]
    number = _number(row["value"])
    if number is None:
        faults.append(_not_a_number(row["value"], place(source.value)))
    period, late = _period(row["period_start"], row["period_end"], place(source.period_start))
    faults += late
    if faults or period is None or number is None:
        return None, faults
    value = PublishedValue(
        row=at,
        statistic=statistics[row["statistic"]],
        case_type=case_types[row["case_type"]],
        period=period,
        value=number,
        unit=rules.units[row["unit"]],
        definition=row["definition"] or "",
        citation=row["citation"] or "",
        vintage=str(row["vintage"] or ""),
    )
    return value, []


def _unknown(name: object, known: Mapping[str, object], place: Place) -> Iterator[Problem]:
    if name not in known:
        message = f"The method does not know {name}."
        hint = nearest(str(name), known) or "Add the name to the method's file."
        yield Problem(code="unknown-name", message=message, place=place, hint=hint, value=str(name))


def _not_a_number(value: object, place: Place) -> Problem:
    shown = None if value is None else str(value)
    message = "The value is not a number."
    return Problem(code="not-a-number", message=message, place=place, hint="Correct it.", value=shown)


def _period(start: object, end: object, place: Place) -> tuple[Period | None, list[Problem]]:
    first, last = _day(start), _day(end)
    if first is None or last is None:
        problem = Problem(
            code="no-period",
            message="The value has no period and makes no fact.",
            place=place,
            hint="Give the period if the source does.",
            severity=Severity.WARNING,
            sentence=gettext("The source gives no period for the value, so the report leaves it out."),
        )
        return None, [problem]
    if last < first:
        message = f"The period ends ({last}) before it starts ({first})."
        return None, [Problem(code="date-order", message=message, place=place, hint="Correct the dates.")]
    return Period.spanning(first, last), []


def _fact(method: Method, delivery: Delivery, name: str, value: PublishedValue, status: ObsStatus) -> Fact:
    source = delivery.sources[method.rules.source.object]
    citation = f"{value.citation} ({value.vintage})" if value.vintage else value.citation
    return Fact(
        id=name,
        measure=method.measure,
        statistic=value.statistic.id,
        case_type=value.case_type,
        period=value.period,
        value=value.value,
        unit=value.unit,
        decimals=max(0, -int(value.value.as_tuple().exponent)),
        method=method.id,
        status=status,
        example=delivery.example,
        label=value.statistic.label,
        provenance=Provenance(
            dataset=delivery.dataset,
            contract=delivery.contract,
            sources=(source,),
            selection=value.definition,
            count=1,
            rows=(value.row,),
            citation=citation,
        ),
    )


def _number(value: object) -> Decimal | None:
    """The value as published; text may use a decimal comma, and a stored 6.0 is 6 with as many decimals as it needs."""
    text = str(value).strip().replace(" ", "").replace("\u00a0", "").replace(",", ".") if value is not None else ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    if isinstance(value, str):
        return number
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        return None
