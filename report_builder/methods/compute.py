"""Deliveries and methods to facts: the way in to the measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from report_builder import swedish
from report_builder.catalogue import gettext, ngettext
from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, FactSet, LeftOut, fact_id
from report_builder.methods.clock import out_of_order, require_columns
from report_builder.methods.durations import duration_facts
from report_builder.methods.fact_builder import Maker, Measured, Scope
from report_builder.methods.flows import flow_facts
from report_builder.methods.method import CaseMethod, Durations, Method, Reported, ReportedSource, Stocks
from report_builder.methods.reported import published_values, reported_facts
from report_builder.methods.stocks import stock_facts
from report_builder.methods.survival import survival_facts
from report_builder.methods.tally import MethodTally, accounting_problems, take_tallies, unlisted_problems
from report_builder.methods.timing import SplitPart
from report_builder.periods import Period
from report_builder.problems import Gather, Place, Problem, ReportError, Severity, nearest, raise_errors

TOTAL = "alla"
_VALUES = 5
"""As many values that nothing lists are named; the rest are summed."""


def compute(
    methods: Mapping[str, Method],
    deliveries: Sequence[Delivery],
    case_types: Sequence[str],
    years: Sequence[str],
    total: str = TOTAL,
    tertial: str = "",
) -> FactSet:
    """The facts of :func:`measure_all`."""
    return measure_all(methods, deliveries, case_types, years, total, tertial).facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The facts of methods, and for each measure of cases what became of the rows that were read."""

    facts: FactSet
    tallies: Mapping[str, MethodTally]


def measure_all(
    methods: Mapping[str, Method],
    deliveries: Sequence[Delivery],
    case_types: Sequence[str],
    years: Sequence[str],
    total: str = TOTAL,
    tertial: str = "",
) -> Measurement:
    """Every fact of ``methods`` for ``case_types`` and their ``total``, for ``years`` (first to last) and their parts.

    Durations and flows are made for each year and quarter, stocks for the last day of each month and for the day
    on which the first year opens. ``tertial`` is the last tertial to account for, in the last year or the year after
    it; with it come the tertials up to it. Reported values keep the periods they were published for.

    Raises:
        ReportError: a method's dataset is not delivered, lacks what the method names, or holds what it does not know;
            or the rows that a method read are not those that it counted and those that it left out.

    """
    scope = Scope(
        case_types=tuple(case_types),
        total=total,
        years=tuple(sorted(Period(y) for y in years)),
        tertial=Period(tertial) if tertial else None,
    )
    gather = Gather()
    found = [gather(lambda m=m: _maker(m, deliveries, scope)) for m in methods.values()]  # type: ignore[misc]
    makers = [maker for maker in found if maker is not None]
    tallies = take_tallies(makers)
    gather.add(_once(p for m in makers if m.method.measure in tallies
                     for p in unlisted_problems(m, tallies[m.method.measure])))  # fmt: skip
    raise_errors(gather.problems)
    facts: list[Fact] = []
    for maker in makers:
        made = gather(lambda maker=maker: _measured(maker, tallies.get(maker.method.measure)))  # type: ignore[misc]
        facts += (f for f in made or () if serves(maker.method, f.period))
    raise_errors(gather.problems)
    return Measurement(facts=FactSet(facts), tallies=tallies)


def _maker(method: Method, deliveries: Sequence[Delivery], scope: Scope) -> Maker:
    """What makes the facts of a method. Raises ReportError where its dataset lacks what it names."""
    delivery = delivery_of(method, deliveries)
    if not isinstance(method.rules, Reported):
        require_columns(method, method.rules, delivery)
    return Maker(method=method, delivery=delivery, scope=scope)


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each fault of a delivery once, however many methods meet it."""
    return tuple({(p.code, p.place): p for p in reversed(tuple(problems))}.values())[::-1]


def serves(method: Method, period: Period) -> bool:
    """Whether the method says that it can be computed for the whole of ``period``."""
    rules = method.rules
    starts = rules.serves_from is None or period.start >= rules.serves_from
    return starts and (rules.serves_to is None or period.end <= rules.serves_to)


def notices(
    methods: Mapping[str, Method], deliveries: Sequence[Delivery], tallies: Mapping[str, MethodTally] | None = None
) -> tuple[Problem, ...]:
    """Warnings about rows that a figure leaves out, for the report on data quality.

    They are published values without a period, cases whose events are out of order and, where there are ``tallies``,
    cases whose type or part nothing lists; each is said once, however many methods leave it out.
    """
    found: dict[Problem, None] = {}
    for method in methods.values():
        rules, delivery = method.rules, delivery_of(method, deliveries)
        if isinstance(rules, Reported):
            _, problems = published_values(method, rules, delivery)
            found |= dict.fromkeys(p for p in problems if p.severity is Severity.WARNING)
            continue
        file, tally = delivery.sources[rules.source.object].file, (tallies or {}).get(method.measure)
        if rows := out_of_order(method, rules, delivery):
            found[_left_out(file, rows)] = None
        if tally is not None:
            found |= dict.fromkeys(_unlisted(rules, tally, file))
    return tuple(found)


def _unlisted(rules: CaseMethod, tally: MethodTally, file: str) -> Iterator[Problem]:
    """Cases that are counted in the total alone, and those that are counted in no part."""
    types = Place(file=file, column=rules.source.case_type)
    count = sum(n for n, _ in tally.unlisted.values())
    if count:
        sentence = ngettext(
            "{count} case has a case type that is in no row of the register ({values}). It is counted in the total "
            "alone.",
            "{count} cases have a case type that is in no row of the register ({values}). They are counted in the "
            "total alone.",
            count, count=swedish.number(count), values=_values(tally.unlisted),
        )  # fmt: skip
        yield _notice("unlisted-case-type", types, count, sentence, "the case type is in no row of the register")
    count = sum(n for n, _ in tally.no_part.values())
    if count and rules.source.split is not None:
        column = Place(file=file, column=rules.source.split.column)
        sentence = ngettext(
            "{count} case has a value of {column} that no part lists ({values}). It is counted in the whole, but in no "
            "part.",
            "{count} cases have a value of {column} that no part lists ({values}). They are counted in the whole, but "
            "in no part.",
            count, count=swedish.number(count), column=rules.source.split.column, values=_values(tally.no_part),
        )  # fmt: skip
        yield _notice("unlisted-split-value", column, count, sentence, "the value is in no part of the split")


def _notice(code: str, place: Place, count: int, sentence: str, why: str) -> Problem:
    message = f"{count} case(s) are counted in the whole alone: {why}."
    hint = "Correct the delivery or list the value, or accept the notice in release.yaml with a reason."
    return Problem(
        code=code, message=message, place=place, hint=hint, severity=Severity.WARNING, count=count, sentence=sentence
    )


def _values(found: Mapping[str | None, tuple[int, int]]) -> str:
    """The most common values, each with its number of cases."""
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0] or ""))
    shown = [f"{value or gettext('left empty')}: {swedish.number(n)}" for value, (n, _) in ranked[:_VALUES]]
    rest = sum(n for _, (n, _) in ranked[_VALUES:])
    return ", ".join([*shown, *([f"{gettext('other values')}: {swedish.number(rest)}"] if rest else [])])


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


def _measured(maker: Maker, tally: MethodTally | None) -> list[Fact]:
    """Every fact of a method, with those of the parts that it splits cases by.

    Raises:
        ReportError: the rows that were read are not those that are counted and those that are left out.

    """
    rules = maker.method.rules
    if isinstance(rules, Reported):
        return list(reported_facts(maker.method, rules, maker.delivery))
    facts = _of_cases(maker, rules, tally, None)
    for part in maker.method.parts:
        facts += (_of_part(f, maker.method, part) for f in _of_cases(maker, rules, tally, part))
    return facts


def _of_cases(maker: Maker, rules: CaseMethod, tally: MethodTally | None, part: SplitPart | None) -> list[Fact]:
    """The facts of all cases, or of one part of them, held against the tally of the rows."""
    found = tally.of(part.id if part is not None else "") if tally is not None else {}
    delivery = maker.delivery if part is None else only(maker.method, maker.delivery, part)

    def left_out(case_type: str, count: int) -> tuple[LeftOut, ...]:
        return found[case_type].left_out(count) if case_type in found else ()

    maker = replace(maker, delivery=delivery, left_out=left_out)
    measured = _family(maker, rules)
    raise_errors(accounting_problems(maker, measured, found, part.id if part is not None else ""))
    return list(measured.facts)


def _family(maker: Maker, rules: CaseMethod) -> Measured:
    if isinstance(rules, Durations):
        return survival_facts(maker, rules) if rules.population == "open-in-period" else duration_facts(maker, rules)
    return stock_facts(maker, rules) if isinstance(rules, Stocks) else flow_facts(maker, rules)


def _of_part(fact: Fact, method: Method, part: SplitPart) -> Fact:
    """A fact of a part under the statistic's id and the part's."""
    came = fact.provenance
    statistic = f"{fact.statistic}-{part.id}"
    return replace(
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
