"""Flows: how many cases were opened, closed and reopened in a period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from report_builder.facts.fact import Fact
from report_builder.methods.clock import case_rounds
from report_builder.methods.fact_builder import CLOSED, LISTED, OPENED, Maker, Measured, stretches_of
from report_builder.methods.method import Flows

if TYPE_CHECKING:
    import ibis.expr.types as ir

FlowCell = tuple[str, str, str]
"""Case type, kind of event, period name."""


def flow_facts(maker: Maker, rules: Flows) -> Measured:
    """Every statistic for every case type and the total, each year, quarter and tertial."""
    counts, rows = _counted(maker, rules)
    counted = {
        (what, case_type): sum(counts[case_type, kind, period.name] for kind in kinds for period in maker.scope.apart)
        for what, kinds in ((OPENED, ("opened", "reopened")), (CLOSED, ("closed",)))
        for case_type in maker.scope.with_total
    }
    return Measured(facts=list(_facts(maker, rules, counts, rows)), counted=counted)


def _facts(
    maker: Maker, rules: Flows, counts: Counter[FlowCell], rows: Mapping[FlowCell, Sequence[int]]
) -> Iterator[Fact]:
    for period in maker.scope.stretches:
        for case_type in maker.scope.with_total:
            for statistic in rules.statistics:
                cell = (case_type, statistic.kind, period.name)
                value = Decimal(counts[cell])
                yield maker.fact(statistic, case_type, period, value, count=counts[cell], rows=rows.get(cell, ()))


def happenings(maker: Maker, rules: Flows) -> ir.Table:
    """One row per event in the periods: ``row``, ``case_id``, ``case_type``, ``kind`` and ``day``.

    The kinds are ``opened`` (the first time), ``reopened`` and ``closed`` (every time).
    """
    import ibis

    each = case_rounds(rules, maker.cases(rules), maker.came_back(rules))
    key = ("row", "case_id", "case_type")
    kind = (each["round"] == 0).ifelse("opened", "reopened")
    starts = each.select(*key, kind=kind, day=each.opened)
    ends = each.select(*key, kind=ibis.literal("closed"), day=each.closed)
    happened = ibis.union(starts, ends)
    scope = maker.scope
    return happened.filter(happened.day >= scope.years[0].start, happened.day <= scope.last_day)


def _counted(maker: Maker, rules: Flows) -> tuple[Counter[FlowCell], dict[FlowCell, list[int]]]:
    """The number of events in each cell, and the rows of the cells that are small enough to list."""
    import ibis

    key = ["case_type", "kind", "month"]
    sizes = [*_by_month(maker, rules, "opened"), *_by_month(maker, rules, "closed")]
    counts: Counter[FlowCell] = Counter()
    for cell in sizes:
        for name in _names(maker, cell):
            counts[name] += cell["n"]
    rows: dict[FlowCell, list[int]] = defaultdict(list)
    asked = {p.name for p in maker.scope.stretches}
    few_in = {name for name, count in counts.items() if count <= LISTED and name[2] in asked}
    small = [{k: c[k] for k in key} for c in sizes if not few_in.isdisjoint(_names(maker, c))]
    if not small:
        return counts, rows
    schema = {"case_type": "string", "kind": "string", "month": "int64"}
    happened = happenings(maker, rules)
    cells = happened.mutate(month=_month(happened.day).cast("int64"))
    few = cells.semi_join(ibis.memtable(small, schema=schema), key)
    for cell in few.select(*key, "row").to_pyarrow().to_pylist():
        for name in _names(maker, cell):
            rows[name].append(cell["row"])
    return counts, rows


def _by_month(maker: Maker, rules: Flows, event: Literal["opened", "closed"]) -> list[dict[str, Any]]:
    """How many rounds were opened, or closed, each month: ``case_type``, ``kind``, ``month`` and ``n``."""
    each = case_rounds(rules, maker.cases(rules), maker.came_back(rules))
    inside = (each[event] >= maker.scope.years[0].start) & (each[event] <= maker.scope.last_day)
    first = (each["round"] == 0) if event == "opened" else (each["round"] < 0)
    counted = each.filter(inside).group_by("case_type", first=first, month=_month(each[event]))
    found = counted.agg(n=lambda t: t.count()).to_pyarrow().to_pylist()
    other = "reopened" if event == "opened" else "closed"
    return [{**cell, "kind": "opened" if cell["first"] else other} for cell in found]


def _month(day: ir.DateColumn) -> ir.IntegerColumn:
    """A month as a number, ``202512``: cheaper to group by than text."""
    return 100 * day.year() + day.month()


def _names(maker: Maker, cell: dict[str, Any]) -> Iterator[FlowCell]:
    """The cells that a count by case type and month belongs to."""
    for case_type in (cell["case_type"], maker.scope.total):
        for period in stretches_of(*divmod(cell["month"], 100)):
            yield case_type, cell["kind"], period
