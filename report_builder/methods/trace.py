"""From a fact back to its rows, by the very expressions that counted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact
from report_builder.methods.compute import TOTAL, only
from report_builder.methods.durations import measured_times
from report_builder.methods.fact_builder import Maker, Scope
from report_builder.methods.flows import happenings
from report_builder.methods.method import Durations, Flows, Method, Stocks
from report_builder.methods.stocks import band_of, in_stock, open_round_spans
from report_builder.methods.survival import at_risk
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedRow:
    """A row that a fact counts; ``values`` are what the method made of it, as (name, text)."""

    object: str
    row: int
    values: tuple[tuple[str, str], ...]


def select_rows(
    method: Method, delivery: Delivery, fact: Fact, case_types: Sequence[str], total: str = TOTAL
) -> tuple[TracedRow, ...]:
    """The rows that ``fact`` counts, in the order of the file.

    For a share that is everyone it is a share of; the value ``within_M`` or ``counted`` tells who is in the part.
    A derived fact has no rows of its own: ask for the facts that it is derived from.
    """
    rules = method.rules
    name = rules.source.object
    statistic, part = method.whole(fact.statistic)
    if part is not None:
        fact, delivery = replace(fact, statistic=statistic), only(method, delivery, part)
    if fact.provenance.derived_from or not isinstance(rules, Durations | Stocks | Flows):
        came = fact.provenance
        values = (("value", str(fact.value)), ("definition", came.selection), ("citation", came.citation))
        return tuple(TracedRow(object=name, row=row, values=values) for row in came.rows)
    tertial = fact.period if fact.period.kind == "tertial" else None
    scope = Scope(case_types=tuple(case_types), total=total, years=_years(fact.period), tertial=tertial)
    maker = Maker(method=method, delivery=delivery, scope=scope)
    if isinstance(rules, Durations):
        rows = _duration_rows(maker, rules, fact)
    elif isinstance(rules, Stocks):
        rows = _stock_rows(maker, rules, fact)
    else:
        rows = _flow_rows(maker, rules, fact)
    rows = rows.filter(rows.case_type.isin(list(scope.members(fact.case_type)))).order_by("row")
    return tuple(
        TracedRow(
            object=name, row=found.pop("row"), values=tuple((k, str(v)) for k, v in found.items() if v is not None)
        )
        for found in rows.to_pyarrow().to_pylist()
    )


def _years(period: Period) -> tuple[Period, ...]:
    return tuple(Period(str(year)) for year in range(period.start.year, period.end.year + 1))


def _duration_rows(maker: Maker, rules: Durations, fact: Fact) -> ir.Table:
    if rules.population == "open-in-period":
        rows = at_risk(maker, rules)
        return rows.filter(rows.period == fact.period.name)
    times = measured_times(maker, rules)
    return times.filter(times["at"] >= fact.period.start, times["at"] <= fact.period.end)


def _stock_rows(maker: Maker, rules: Stocks, fact: Fact) -> ir.Table:
    statistic = next(s for s in rules.statistics if s.id == fact.statistic)
    open_rounds = open_round_spans(maker, rules)
    everyone = (0, None) if statistic.kind == "share" else band_of(statistic)
    rows = open_rounds.filter(in_stock(open_rounds, everyone, fact.period.end))
    counted = in_stock(rows, band_of(statistic), fact.period.end)
    return rows.select("row", "case_id", "case_type", "start", "opened", "closed", counted=counted)


def _flow_rows(maker: Maker, rules: Flows, fact: Fact) -> ir.Table:
    kind = next(s.kind for s in rules.statistics if s.id == fact.statistic)
    happened = happenings(maker, rules)
    return happened.filter(happened.kind == kind, happened.day >= fact.period.start, happened.day <= fact.period.end)
