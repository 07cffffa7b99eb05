"""Durations: how long the cases took that were closed in a period.

One pass counts the cases by case type, quarter and number of days. Everything else is read from that table: sums and
order statistics are exact whole numbers, whatever the period or the total they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from report_builder.facts import Fact
from report_builder.methods.clock import events, measured, months_after
from report_builder.methods.making import LISTED, Maker, Rows, stretches_of
from report_builder.methods.method import Durations, DurationStatistic
from report_builder.methods.numbers import lower_place, percentile, ratio
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

_MEDIAN = Decimal(50)
_MEDIAN_RULE = "hyndman-fan-7"
Group = dict[str, Any]


def duration_facts(maker: Maker, rules: Durations) -> Iterator[Fact]:
    """Every statistic for every case type and the total, each year, quarter and tertial."""
    times = closed_times(maker, rules)
    groups = {(g["case_type"], _name(g["period"])): g for g in _grouped(maker, rules, times).to_pyarrow().to_pylist()}
    rows = _listed_rows(maker, times)
    for period in maker.scope.stretches:
        for case_type in maker.scope.with_total:
            group = groups.get((case_type, period.name), {"n": 0})
            for statistic in rules.statistics:
                yield _fact(maker, rules, statistic, case_type, period, group, rows)


def closed_times(maker: Maker, rules: Durations) -> ir.Table:
    """The cases measured: ``row``, ``case_id``, ``case_type``, ``start``, ``stop``, ``days``, ``within_M`` a bound."""
    times = measured(rules, events(maker.method, rules, maker.delivery, maker.scope.case_types))
    times = times.filter(times.stop >= maker.scope.years[0].start, times.stop <= maker.scope.last_day)
    bounds = {f"within_{m}": times.stop <= months_after(times.start, m) for m in _bounds(rules)}
    return times.mutate(**bounds)


def _bounds(rules: Durations) -> tuple[int, ...]:
    return tuple(sorted({s.months for s in rules.statistics if s.months is not None}))


def _quarter(day: ir.DateColumn) -> ir.IntegerColumn:
    """A quarter as a number, ``20253``; a year is ``20250``. Text would cost the grouping half as much again."""
    return 10 * day.year() + day.quarter()


def _tertial(day: ir.DateColumn) -> ir.IntegerColumn:
    """A tertial as a number, ``20255`` to ``20257``: after the quarters."""
    return 10 * day.year() + 4 + (day.month() + 3) // 4


def _name(number: int) -> str:
    year, part = divmod(number, 10)
    if part > 4:
        return f"{year:04d}-T{part - 4}"
    return f"{year:04d}-Q{part}" if part else f"{year:04d}"


def _grouped(maker: Maker, rules: Durations, times: ir.Table) -> ir.Table:
    """One row per case type or total and period: ``n``, ``total`` days, counts within bounds, order statistics."""
    import ibis

    within = {f"within_{m}": ibis._[f"within_{m}"].cast("int64").sum() for m in _bounds(rules)}
    by_days = times.group_by("case_type", "days", period=_quarter(times.stop)).agg(n=ibis._.count(), **within)
    years = by_days.mutate(period=by_days.period // 10 * 10)
    parts = ibis.union(by_days, years)
    if maker.scope.tertials:
        parts = ibis.union(
            parts, times.group_by("case_type", "days", period=_tertial(times.stop)).agg(n=ibis._.count(), **within)
        )
    parts = ibis.union(parts, parts.mutate(case_type=ibis.literal(maker.scope.total)))
    sums = {name: ibis._[name].sum() for name in ("n", *within)}
    parts = parts.group_by("case_type", "period", "days").agg(**sums)
    group = ["case_type", "period"]
    ordered = parts.mutate(
        size=parts.n.sum().over(ibis.window(group_by=group)),
        upto=parts.n.sum().over(ibis.cumulative_window(group_by=group, order_by=parts.days)),
    )
    wanted = {name: ibis._[name].sum() for name in within}
    for name, percent, rule in _percentiles(rules):
        place = lower_place(ordered["size"], percent, rule)
        wanted[f"{name}_lower"] = ordered.days.min(where=ordered.upto > place)
        wanted[f"{name}_upper"] = ordered.days.min(where=ordered.upto > place + 1)
    return ordered.group_by(group).agg(n=ibis._.n.sum(), total=(ibis._.n * ibis._.days).sum(), **wanted)


def _percentiles(rules: Durations) -> Iterator[tuple[str, Decimal, str]]:
    for statistic in rules.statistics:
        if statistic.kind == "median":
            yield statistic.id, _MEDIAN, _MEDIAN_RULE
        elif statistic.percent is not None:
            yield statistic.id, statistic.percent, rules.percentile_rule


def _fact(
    maker: Maker,
    rules: Durations,
    statistic: DurationStatistic,
    case_type: str,
    period: Period,
    group: Group,
    rows: Rows,
) -> Fact:
    n = int(group["n"])
    value = _value(rules, statistic, group) if n or statistic.kind == "count" else None
    few = statistic.kind == "share_within" and 0 < n < statistic.minimum_group
    listed = rows.get((case_type, period.name), ())
    return maker.fact(statistic, case_type, period, value, count=n, rows=listed, suppressed=few)


def _value(rules: Durations, statistic: DurationStatistic, group: Group) -> Decimal | None:
    n = int(group["n"])
    if statistic.kind == "count":
        return Decimal(n)
    if statistic.kind == "mean":
        return ratio(int(group["total"]), n)
    if statistic.kind == "share_within":
        return ratio(int(group[f"within_{statistic.months}"]), n, 100)
    percent, rule = next((p, r) for name, p, r in _percentiles(rules) if name == statistic.id)
    lower, upper = group[f"{statistic.id}_lower"], group[f"{statistic.id}_upper"]
    return percentile(lower, lower if upper is None else upper, n, percent, rule)


def _listed_rows(maker: Maker, times: ir.Table) -> Rows:
    """The rows of every group that is small enough to list; such a group consists of small months only."""
    cells = times.mutate(year=times.stop.year(), month=times.stop.month())
    key = ["case_type", "year", "month"]
    sizes = cells.group_by(key).agg(n=cells.count())
    few = cells.semi_join(sizes.filter(sizes.n <= LISTED), key)
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for cell in few.select(*key, "row").to_pyarrow().to_pylist():
        for case_type in (cell["case_type"], maker.scope.total):
            for period in stretches_of(cell["year"], cell["month"]):
                rows[case_type, period].append(cell["row"])
    return rows
