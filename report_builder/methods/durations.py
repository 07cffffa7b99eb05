"""Durations: how long the cases took that a method's population holds.

One pass counts the cases by case type, quarter and number of days. Everything else is read from that table: sums and
order statistics are exact whole numbers, whatever the period or the total they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from report_builder import swedish
from report_builder.facts.fact import Fact
from report_builder.methods.clock import SPAN, UNLISTED, case_rounds, spans, timed
from report_builder.methods.fact_builder import CHOSEN, LISTED, Maker, Measured, RowNumbers, stretches_of
from report_builder.methods.method import SHIFTS, Durations, DurationStatistic
from report_builder.methods.numbers import NEAREST, Closed, decimal, lower_place, mean_shift, percentile, ratio
from report_builder.methods.timing import Clock
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

_MEDIAN = Decimal(50)
_MEDIAN_RULE = "hyndman-fan-7"
_MONTH_DAYS = {"thirty-days": Fraction(30), "mean-month": Fraction(1461, 48)}
Group = dict[str, Any]


def duration_facts(maker: Maker, rules: Durations) -> Measured:
    """Every statistic for every case type and the total: each year, quarter and tertial, or each quarter's end."""
    times = measured_times(maker, rules)
    found = _grouped(maker, rules, times).to_pyarrow().to_pylist()
    groups = {(_case_type(maker, g["group"]), _name(g["group"] % _PLACES)): g for g in found}
    rows = _listed_rows(maker, times, groups)
    whole = maker.known_quarters[-1:] if rules.population == "open-at-end" else maker.scope.apart
    counted = {
        (CHOSEN, case_type): sum(groups[case_type, p.name]["n"] for p in whole if (case_type, p.name) in groups)
        for case_type in maker.scope.with_total
    }
    return Measured(facts=list(_facts(maker, rules, groups, rows)), counted=counted if whole else {})


def _facts(maker: Maker, rules: Durations, groups: Mapping[tuple[str, str], Group], rows: RowNumbers) -> Iterator[Fact]:
    periods = _periods(maker, rules)
    for period in periods:
        for case_type in maker.scope.with_total:
            group = groups.get((case_type, period.name), {"n": 0})
            listed = rows.get((case_type, period.name), ())
            shown = period.last_day if rules.population == "open-at-end" else period
            for statistic in rules.statistics:
                if statistic.kind not in SHIFTS:
                    yield _fact(maker, rules, statistic, case_type, shown, group, listed)
            if period.previous in periods:
                before = groups.get((case_type, period.previous.name), {"n": 0})
                yield from _shifts(maker, rules, case_type, period, (before, group), listed)


def _periods(maker: Maker, rules: Durations) -> tuple[Period, ...]:
    return maker.scope.quarters if rules.population == "open-at-end" else maker.scope.stretches


def measured_times(maker: Maker, rules: Durations) -> ir.Table:
    """The population: ``row``, ``case_id``, ``case_type``, ``start``, ``stop``, ``at``, ``days``, a flag per bound.

    ``at`` is the day that decides which period a case belongs to. ``within_6`` and ``within_5d`` tell whether the time
    is within six months, or five days. Among the registered, ``days`` is null and ``stop`` is the last day that is
    known while a case is open, and ``waits_6`` tells that it may still be closed within the bound.
    """
    cases = maker.cases(rules)
    first, last = maker.scope.years[0].start, maker.scope.last_day
    bounds = tuple(sorted({s.months for s in rules.statistics if s.months is not None}))
    key: tuple[str, ...]
    if rules.population == "open-at-end":
        times, key = _open_at_ends(maker, rules, cases), ("row", "span", "at")
    else:
        times, key = spans(rules, cases), SPAN
        if rules.population == "closed-in-period":
            times = times.filter(times.stop >= first, times.stop <= last).mutate(at=times.stop)
        else:
            times = times.filter(times.start >= first, times.start <= min(last, maker.known_until))
            open_still = times.stop.isnull() | (times.stop > maker.known_until)
            stop = open_still.ifelse(maker.known_until, times.stop).cast("date")
            times = times.mutate(at=times.start, stop=stop, open=open_still)
    times = timed(rules, maker.delivery, cases, times, bounds, key)
    within = {f"within_{m}": times.stop <= times[f"due_{m}"] for m in bounds}
    within |= {f"within_{s.days}d": times.days <= s.days for s in rules.statistics if s.days is not None}
    times = times.mutate(**within).drop(*(f"due_{m}" for m in bounds), "span")
    if rules.population != "registered-in-period":
        return times
    changes = {name.replace("within", "waits"): times.open & times[name] for name in within}
    changes |= {name: ~times.open & times[name] for name in within}
    return times.mutate(days=times.open.ifelse(None, times.days), **changes).drop("open")


def _open_at_ends(maker: Maker, rules: Durations, cases: ir.Table) -> ir.Table:
    """A row per open case and quarter's end: the time of a case that is open is its age by then."""
    import ibis

    ends = [{"at": quarter.end} for quarter in maker.known_quarters]
    days = ibis.memtable(ends, schema={"at": "date"})
    each = case_rounds(rules, cases)
    pairs = each.join(days, [each.opened <= days["at"], each.closed.isnull() | (each.closed > days["at"])])
    return pairs.select("row", "case_id", "case_type", "span", "start", "at", stop=pairs["at"])


def _flags(rules: Durations) -> tuple[str, ...]:
    bounds = sorted({_bound(s) for s in rules.statistics if s.kind in ("share_within", *SHIFTS)})
    waits = bounds if rules.population == "registered-in-period" else []
    return (*(f"within_{b}" for b in bounds), *(f"waits_{b}" for b in waits))


def _bound(statistic: DurationStatistic) -> str:
    return f"{statistic.days}d" if statistic.months is None else str(statistic.months)


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


_PLACES = 10**6
"""What a case type's place in the scope is multiplied with: more than any period's number."""


def _grouped(maker: Maker, rules: Durations, times: ir.Table) -> ir.Table:
    """One row per case type or total and period: ``n``, ``total`` days, counts within bounds, order statistics.

    ``group`` is the case type's place among the scope's, times a million, plus the period's number: sorting by one
    number costs half of sorting by a text and a number.
    """
    import ibis

    within = {name: ibis._[name].cast("int64").sum() for name in _flags(rules)}
    parts = _by_days(maker, times, _quarter(times["at"]), within)
    if rules.population != "open-at-end":
        parts = ibis.union(parts, parts.mutate(group=parts.group // 10 * 10))
        if maker.scope.tertials:
            parts = ibis.union(parts, _by_days(maker, times, _tertial(times["at"]), within))
    whole = _PLACES * len(maker.scope.case_types) + parts.group % _PLACES
    parts = ibis.union(parts, parts.mutate(group=whole))
    parts = parts.group_by("group", "days").agg(**{name: ibis._[name].sum() for name in ("n", *within)})
    ordered = parts.mutate(
        size=parts.n.sum().over(ibis.window(group_by="group")),
        upto=parts.n.sum().over(ibis.cumulative_window(group_by="group", order_by=parts.days.asc(nulls_first=False))),
    )
    wanted = {name: ibis._[name].sum() for name in within}
    for name in {f"within_{_bound(s)}" for s in rules.statistics if s.kind in SHIFTS}:
        wanted[f"{name}_days"] = (ibis._[name] * ibis._.days).sum()
    for name, percent, rule in _percentiles(rules):
        place = lower_place(ordered["size"], percent, rule)
        wanted[f"{name}_lower"] = ordered.days.min(where=ordered.upto > place)
        wanted[f"{name}_upper"] = ordered.days.min(where=ordered.upto > place + 1)
    wanted["timed"] = ordered.n.sum(where=ordered.days.notnull())
    return ordered.group_by("group").agg(n=ibis._.n.sum(), total=(ibis._.n * ibis._.days).sum(), **wanted)


def _by_days(maker: Maker, times: ir.Table, period: ir.IntegerColumn, within: Mapping[str, Any]) -> ir.Table:
    """How many cases took so many days: ``group``, ``days``, ``n`` and the counts within bounds."""
    import ibis

    counted = times.group_by("case_type", "days", period=period).agg(n=ibis._.count(), **within)
    places = [(counted.case_type == name, i) for i, name in enumerate(maker.scope.case_types)]
    other = len(maker.scope.case_types) + 1  # after the total: the types that the register lacks
    place = ibis.cases(*places, else_=other).cast("int64") if places else ibis.literal(other, "int64")
    return counted.mutate(group=_PLACES * place + counted.period).drop("case_type", "period")


def _case_type(maker: Maker, group: int) -> str:
    place = group // _PLACES
    return maker.scope.with_total[place] if place < len(maker.scope.with_total) else UNLISTED


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
    listed: Sequence[int],
) -> Fact:
    n = int(group["n"])
    value = _value(rules, statistic, group) if n or statistic.kind == "count" else None
    few = statistic.kind == "share_within" and 0 < n < statistic.minimum_group
    return maker.fact(statistic, case_type, period, value, count=n, rows=listed, suppressed=few)


def _shifts(
    maker: Maker,
    rules: Durations,
    case_type: str,
    period: Period,
    groups: tuple[Group, Group],
    listed: Sequence[int],
) -> Iterator[Fact]:
    """How the mean has moved since a year before, parted in two; nothing where either year has no cases."""
    few = maker.method.rules.disclosure
    least = few.minimum if few is not None and few.rule == "suppress" else 0
    for statistic in (s for s in rules.statistics if s.kind in SHIFTS):
        sizes = [int(group["n"]) for group in groups]
        value = None
        if all(sizes):
            name = f"within_{_bound(statistic)}"
            parts = [(int(g["n"]), int(g["total"]), int(g[name]), int(g[f"{name}_days"])) for g in groups]
            mix, within = mean_shift(*(Closed(n, days, young, of_young) for n, days, young, of_young in parts))
            value = _in_unit(rules.clock, statistic, decimal(mix if statistic.kind == "mean_mix" else within))
        hidden = 0 < min(sizes) < max(least, statistic.minimum_group)
        yield maker.fact(statistic, case_type, period, value, count=sizes[1], rows=listed, suppressed=hidden)


def _value(rules: Durations, statistic: DurationStatistic, group: Group) -> Decimal | None:
    n = int(group["n"])
    if statistic.kind == "count":
        return Decimal(n)
    if statistic.kind == "share_within":
        waits = group.get(f"waits_{_bound(statistic)}", 0)
        return None if waits else ratio(int(group[f"within_{_bound(statistic)}"]), n, 100)
    if statistic.kind == "mean":
        everyone = group["timed"] == n
        return _in_unit(rules.clock, statistic, ratio(int(group["total"]), n)) if everyone else None
    percent, rule = next((p, r) for name, p, r in _percentiles(rules) if name == statistic.id)
    place = lower_place(n, percent, rule)
    lower, upper = group[f"{statistic.id}_lower"], group[f"{statistic.id}_upper"]
    if upper is None:
        needed = rule != NEAREST and (n - 1) * Fraction(percent) / 100 != place
        if lower is None or needed:  # the place is among the cases that are still open
            return None
        upper = lower
    return _in_unit(rules.clock, statistic, percentile(lower, upper, n, percent, rule))


def _in_unit(clock: Clock, statistic: DurationStatistic, days: Decimal | None) -> Decimal | None:
    """A time in the statistic's unit; a time in months is days divided by the days of the clock's month."""
    if days is None or statistic.unit != swedish.MONTHS:
        return days
    return decimal(Fraction(days) / _MONTH_DAYS[clock.months])


def _listed_rows(maker: Maker, times: ir.Table, groups: Mapping[tuple[str, str], Group]) -> RowNumbers:
    """The rows of every group that is small enough to list; such a group consists of small months only."""
    import ibis

    few = {(case_type, month) for (case_type, name), group in groups.items() if group["n"] <= LISTED
           for case_type in maker.scope.members(case_type) for month in Period(name).months()}  # fmt: skip
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    if not few:
        return rows
    wanted = [{"case_type": c, "year": m.start.year, "month": m.start.month} for c, m in sorted(few)]
    schema = {"case_type": "string", "year": "int32", "month": "int32"}
    cells = times.mutate(year=times["at"].year(), month=times["at"].month())
    found = cells.semi_join(ibis.memtable(wanted, schema=schema), list(schema))
    for cell in found.select(*schema, "row").to_pyarrow().to_pylist():
        for case_type in (cell["case_type"], maker.scope.total):
            for period in stretches_of(cell["year"], cell["month"]):
                rows[case_type, period].append(cell["row"])
    return rows
