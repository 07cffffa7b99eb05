"""Deliveries and methods to facts: the way in to the measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, FactSet, fact_id
from report_builder.methods.clock import out_of_order
from report_builder.methods.durations import duration_facts
from report_builder.methods.fact_builder import Maker, Scope
from report_builder.methods.flows import flow_facts
from report_builder.methods.method import Durations, Flows, Method, Reported, ReportedSource, Stocks
from report_builder.methods.reported import published_values, reported_facts
from report_builder.methods.stocks import stock_facts
from report_builder.methods.survival import survival_facts
from report_builder.methods.timing import SplitPart
from report_builder.periods import Period
from report_builder.problems import Place, Problem, ReportError, Severity, nearest

TOTAL = "alla"


def compute(
    methods: Mapping[str, Method],
    deliveries: Sequence[Delivery],
    case_types: Sequence[str],
    years: Sequence[str],
    total: str = TOTAL,
    tertial: str = "",
) -> FactSet:
    """Every fact of ``methods`` for ``case_types`` and their ``total``, for ``years`` (first to last) and their parts.

    Durations and flows are made for each year and quarter, stocks for the last day of each month and for the day
    on which the first year opens. ``tertial`` is the last tertial to account for, in the last year or the year after
    it; with it come the tertials up to it. Reported values keep the periods they were published for.

    Raises:
        ReportError: a method's dataset is not delivered, lacks what the method names, or holds what it does not know.

    """
    scope = Scope(
        case_types=tuple(case_types),
        total=total,
        years=tuple(sorted(Period(y) for y in years)),
        tertial=Period(tertial) if tertial else None,
    )
    facts: list[Fact] = []
    problems: list[Problem] = []
    for method in methods.values():
        try:
            delivery = delivery_of(method, deliveries)
            made = chain(_facts(method, delivery, scope), _split_facts(method, delivery, scope))
            facts += (f for f in made if serves(method, f.period))
        except ReportError as e:
            problems += e.problems
    if problems:
        raise ReportError(problems)
    return FactSet(facts)


def serves(method: Method, period: Period) -> bool:
    """Whether the method says that it can be computed for the whole of ``period``."""
    rules = method.rules
    starts = rules.serves_from is None or period.start >= rules.serves_from
    return starts and (rules.serves_to is None or period.end <= rules.serves_to)


def notices(methods: Mapping[str, Method], deliveries: Sequence[Delivery]) -> tuple[Problem, ...]:
    """Warnings about rows that make no fact, for the report on data quality.

    They are published values without a period, and cases whose events are out of order; each is said once, however
    many methods leave it out.
    """
    found: dict[Problem, None] = {}
    for method in methods.values():
        rules, delivery = method.rules, delivery_of(method, deliveries)
        if isinstance(rules, Reported):
            _, problems = published_values(method, rules, delivery)
            found |= dict.fromkeys(p for p in problems if p.severity is Severity.WARNING)
        elif rows := out_of_order(method, rules, delivery):
            found[_left_out(delivery.sources[rules.source.object].file, rows)] = None
    return tuple(found)


def _left_out(file: str, rows: Sequence[int]) -> Problem:
    message = (
        f"{len(rows)} case(s) are left out of every measure: a date is missing or comes before the one it follows on."
    )
    return Problem(
        code="events-out-of-order",
        message=message,
        place=Place(file=file, row=rows[0]),
        hint=f"Correct the dates in row(s) {', '.join(map(str, rows[:10]))}{' …' if len(rows) > 10 else ''}.",
        severity=Severity.WARNING,
        count=len(rows),
    )


def delivery_of(method: Method, deliveries: Sequence[Delivery]) -> Delivery:
    """The delivery that ``method`` reads.

    Raises:
        ReportError: the release delivers no such dataset.

    """
    wanted = method.rules.source.dataset
    for delivery in deliveries:
        if delivery.dataset == wanted:
            return delivery
    names = [d.dataset for d in deliveries]
    message = f"{method.id} reads the dataset {wanted}, which the release does not deliver."
    hint = nearest(wanted, names) or f"Delivered: {', '.join(names) or 'nothing'}. Add the dataset to release.yaml."
    place = method.file.place("source", "dataset")
    raise ReportError(Problem(code="dataset-not-delivered", message=message, place=place, hint=hint, value=wanted))


def _split_facts(method: Method, delivery: Delivery, scope: Scope) -> Iterator[Fact]:
    """Every statistic again for each part that the method splits cases by, under the statistic's id and the part's."""
    for part in method.parts:
        for fact in _facts(method, only(method, delivery, part), scope):
            came = fact.provenance
            statistic = f"{fact.statistic}-{part.id}"
            yield replace(
                fact,
                id=fact_id(fact.measure, statistic, fact.case_type, fact.period),
                statistic=statistic,
                label=method.labels[statistic],
                provenance=replace(came, selection=f"{came.selection}, {part.label}"),
            )


def only(method: Method, delivery: Delivery, part: SplitPart) -> Delivery:
    """The delivery with the cases of one part alone."""
    source = method.rules.source
    if isinstance(source, ReportedSource) or source.split is None:
        return delivery
    table = delivery.tables[source.object]
    chosen = table.filter(table[source.split.column] == part.source_name)
    return replace(delivery, tables=delivery.tables | {source.object: chosen})


def _facts(method: Method, delivery: Delivery, scope: Scope) -> Iterator[Fact]:
    maker = Maker(method=method, delivery=delivery, scope=scope)
    rules = method.rules
    if isinstance(rules, Durations) and rules.population == "open-in-period":
        return survival_facts(maker, rules)
    if isinstance(rules, Durations):
        return duration_facts(maker, rules)
    if isinstance(rules, Stocks):
        return stock_facts(maker, rules)
    if isinstance(rules, Flows):
        return flow_facts(maker, rules)
    return reported_facts(method, rules, delivery)
