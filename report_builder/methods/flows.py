"""Flows: how many cases were opened, closed and reopened in a period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from report_builder.facts import Fact
from report_builder.methods.clock import events, rounds
from report_builder.methods.making import LISTED, Maker, stretches_of
from report_builder.methods.method import Flows

if TYPE_CHECKING:
    import ibis.expr.types as ir

Cell = tuple[str, str, str]
"""Case type, kind of event, period name."""


def flow_facts(maker: Maker, rules: Flows) -> Iterator[Fact]:
    """Every statistic for every case type and the total, each year, quarter and tertial."""
    happened = happenings(maker, rules)
    counts, rows = _counted(maker, happened)
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

    each = rounds(rules, events(maker.method, rules, maker.delivery, maker.scope.case_types))
    key = ("row", "case_id", "case_type")
    kind = (each["round"] == 0).ifelse("opened", "reopened")
    starts = each.select(*key, kind=kind, day=each.opened)
    ends = each.select(*key, kind=ibis.literal("closed"), day=each.closed)
    happened = ibis.union(starts, ends)
    scope = maker.scope
    return happened.filter(happened.day >= scope.years[0].start, happened.day <= scope.last_day)


def _counted(maker: Maker, happened: ir.Table) -> tuple[Counter[Cell], dict[Cell, list[int]]]:
    """The number of events in each cell, and the rows of the cells that are small enough to list."""
    import ibis

    cells = happened.mutate(year=happened.day.year(), month=happened.day.month())
    key = ["case_type", "kind", "year", "month"]
    sizes = cells.group_by(key).agg(n=cells.count()).to_pyarrow().to_pylist()
    counts: Counter[Cell] = Counter()
    for cell in sizes:
        for name in _names(maker, cell):
            counts[name] += cell["n"]
    rows: dict[Cell, list[int]] = defaultdict(list)
    asked = {p.name for p in maker.scope.stretches}
    few_in = {name for name, count in counts.items() if count <= LISTED and name[2] in asked}
    small = [{k: c[k] for k in key} for c in sizes if not few_in.isdisjoint(_names(maker, c))]
    if not small:
        return counts, rows
    schema = {"case_type": "string", "kind": "string", "year": "int32", "month": "int32"}
    few = cells.semi_join(ibis.memtable(small, schema=schema), key).select(*key, "row")
    for cell in few.to_pyarrow().to_pylist():
        for name in _names(maker, cell):
            rows[name].append(cell["row"])
    return counts, rows


def _names(maker: Maker, cell: dict[str, Any]) -> Iterator[Cell]:
    """The cells that a count by case type and month belongs to."""
    for case_type in (cell["case_type"], maker.scope.total):
        for period in stretches_of(cell["year"], cell["month"]):
            yield case_type, cell["kind"], period
