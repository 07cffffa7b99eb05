"""Stocks: cases open at the end of a day, by age.

One sweep over events: a case enters the stock of those older than some number of months on one day and leaves it on
another. The events of each month are counted once, and running sums give every month's end. The cost grows with the
cases, not with cases × dates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from report_builder.facts.fact import Fact
from report_builder.methods.clock import case_rounds, timed
from report_builder.methods.fact_builder import CHOSEN, LISTED, Maker, Measured
from report_builder.methods.method import Stocks, StockStatistic
from report_builder.methods.numbers import parts_of_100, ratio
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

Band = tuple[int, int | None]
Levels = dict[tuple[str, int, str], int]
"""Open cases by case type, age bound in months, and day."""


def stock_facts(maker: Maker, rules: Stocks) -> Measured:
    """Every statistic for every case type and the total, at each month's end."""
    open_rounds = open_round_spans(maker, rules)
    levels = _levels(maker, rules, open_rounds)
    counts = {
        (case_type, band, day.name): _in_band(levels, case_type, band, day)
        for band in _bands(rules)
        for case_type in (*maker.scope.counted_types, maker.scope.total)
        for day in maker.scope.month_ends
    }
    rows = _listed_rows(maker, open_rounds, counts)
    last = maker.scope.month_ends[-1].name
    counted = {(CHOSEN, case_type): counts[case_type, (0, None), last] for case_type in maker.scope.with_total}
    return Measured(facts=list(_facts(maker, rules, counts, rows)), counted=counted)


def _facts(
    maker: Maker,
    rules: Stocks,
    counts: dict[tuple[str, Band, str], int],
    rows: dict[tuple[str, Band, str], list[int]],
) -> Iterator[Fact]:
    for day in maker.scope.month_ends:
        for case_type in maker.scope.with_total:
            everyone = counts[case_type, (0, None), day.name]
            parts = _parts(rules, case_type, day, counts)
            for statistic in rules.statistics:
                fact = _fact(maker, statistic, case_type, day, counts, everyone, rows)
                adjusted = fact.value is not None and statistic.id in parts
                yield replace(fact, value=parts[statistic.id]) if adjusted else fact


def _parts(rules: Stocks, case_type: str, day: Period, counts: dict[tuple[str, Band, str], int]) -> dict[str, Decimal]:
    """The shares that are parts of one whole, rounded so that they sum to 100; none where the whole is nothing."""
    named = [s for s in rules.statistics if s.id in rules.sums_to_100]
    sizes = [counts[case_type, band_of(s), day.name] for s in named]
    if not sum(sizes):
        return {}
    decimals = max(s.decimals for s in named)
    return dict(zip((s.id for s in named), parts_of_100(sizes, decimals), strict=True))


def open_round_spans(maker: Maker, rules: Stocks) -> ir.Table:
    """One row per open round: ``row``, ``case_id``, ``case_type``, ``start``, ``opened``, ``closed`` (null while open).

    ``enter_M`` is the day from whose end the case counts as open and older than ``M`` months.
    """
    import ibis

    cases = maker.cases(rules)
    each = case_rounds(rules, cases, maker.came_back(rules))
    bounds = tuple(m for m in _bounds(rules) if m)
    timing = timed(rules, maker.delivery, cases, each.mutate(stop=each.closed), bounds, ("row", "round"))
    enters = {
        f"enter_{m}": ibis.greatest(timing.opened, timing[f"due_{m}"] + ibis.interval(days=1)).cast("date")
        for m in bounds
    }
    columns = ("row", "case_id", "case_type", "start", "opened", "closed")
    return timing.select(*columns, enter_0=timing.opened, **enters)


def in_stock(open_rounds: ir.Table, band: Band, day: date | ir.DateValue) -> ir.BooleanValue:
    """Whether a round is open at the end of ``day`` with an age in ``band``."""
    over, up_to = band
    inside = (open_rounds[f"enter_{over}"] <= day) & (open_rounds.closed.isnull() | (open_rounds.closed > day))
    return inside if up_to is None else inside & (open_rounds[f"enter_{up_to}"] > day)


def band_of(statistic: StockStatistic) -> Band:
    """The ages that a statistic counts: over so many months, up to so many (``None``: no limit)."""
    return statistic.over_months, statistic.up_to_months


def _bands(rules: Stocks) -> set[Band]:
    return {(0, None), *(band_of(s) for s in rules.statistics)}


def _bounds(rules: Stocks) -> tuple[int, ...]:
    return tuple(sorted({bound for band in _bands(rules) for bound in band if bound is not None}))


def _levels(maker: Maker, rules: Stocks, open_rounds: ir.Table) -> Levels:
    """The number of open cases older than each bound, by case type and month's end.

    Rounds that enter on the same days are counted together, all bounds in one pass, and so are those that leave in the
    same month. A round that was closed before it reached a bound neither enters nor leaves there.
    """
    import ibis

    bounds, last = _bounds(rules), maker.scope.month_ends[-1].end
    enters, closed = [f"enter_{bound}" for bound in bounds], open_rounds.closed
    reached = {f"n_{b}": (closed.isnull() | (open_rounds[f"enter_{b}"] < closed)).cast("int64").sum() for b in bounds}
    left = {f"n_{b}": -(open_rounds[f"enter_{b}"] < closed).cast("int64").sum() for b in bounds}
    came = open_rounds.group_by("case_type", *enters).agg(**reached)
    gone = open_rounds.filter(closed <= last).group_by("case_type", month=_month(closed)).agg(**left)
    moves = [came.filter(came[f"enter_{b}"] <= last).group_by("case_type", month=_month(came[f"enter_{b}"])).agg(
        step=came[f"n_{b}"].sum()).mutate(bound=ibis.literal(b, "int64")) for b in bounds]  # fmt: skip
    steps = ibis.union(*moves).to_pyarrow().to_pylist()
    for row in gone.to_pyarrow().to_pylist():
        key = {"case_type": row["case_type"], "month": row["month"]}
        steps += [{**key, "bound": bound, "step": row[f"n_{bound}"]} for bound in bounds]
    return _running(maker, bounds, steps)


def _month(day: ir.DateColumn) -> ir.IntegerColumn:
    """A month as a number, ``202512``: cheaper to group by than text or a date."""
    return 100 * day.year() + day.month()


def _running(maker: Maker, bounds: tuple[int, ...], steps: list[dict[str, Any]]) -> Levels:
    changes: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for step in steps:
        for case_type in (step["case_type"], maker.scope.total):
            changes[case_type, step["bound"]][step["month"]] += step["step"]
    days = [(100 * day.end.year + day.end.month, day.name) for day in maker.scope.month_ends]
    levels: Levels = {}
    for case_type in (*maker.scope.counted_types, maker.scope.total):
        for bound in bounds:
            moves = changes[case_type, bound]
            level = sum(step for month, step in moves.items() if month < days[0][0])
            for month, name in days:
                level += moves[month]
                levels[case_type, bound, name] = level
    return levels


def _in_band(levels: Levels, case_type: str, band: Band, day: Period) -> int:
    over, up_to = band
    older = 0 if up_to is None else levels[case_type, up_to, day.name]
    return levels[case_type, over, day.name] - older


def _fact(
    maker: Maker,
    statistic: StockStatistic,
    case_type: str,
    day: Period,
    counts: dict[tuple[str, Band, str], int],
    everyone: int,
    rows: dict[tuple[str, Band, str], list[int]],
) -> Fact:
    cell = (case_type, band_of(statistic), day.name)
    if statistic.kind == "count":
        value: Decimal | None = Decimal(counts[cell])
        return maker.fact(statistic, case_type, day, value, count=counts[cell], rows=rows.get(cell, ()))
    value = ratio(counts[cell], everyone, 100)
    listed = rows.get((case_type, (0, None), day.name), ())
    few = 0 < everyone < statistic.minimum_group
    return maker.fact(statistic, case_type, day, value, count=everyone, rows=listed, suppressed=few)


def _listed_rows(
    maker: Maker, open_rounds: ir.Table, counts: dict[tuple[str, Band, str], int]
) -> dict[tuple[str, Band, str], list[int]]:
    """The rows of every count that is small enough to list."""
    import ibis

    small: dict[Band, list[dict[str, object]]] = defaultdict(list)
    for (case_type, band, day), count in counts.items():
        if case_type != maker.scope.total and 0 < count <= LISTED:
            small[band].append({"case_type": case_type, "at": date.fromisoformat(day)})
    rows: dict[tuple[str, Band, str], list[int]] = defaultdict(list)
    for band, cells in sorted(small.items(), key=str):
        wanted = ibis.memtable(cells, schema={"case_type": "string", "at": "date"})
        pairs = open_rounds.join(wanted, "case_type")
        found = pairs.filter(in_stock(pairs, band, pairs.at)).select("case_type", "at", "row")
        for hit in found.to_pyarrow().to_pylist():
            for case_type in (hit["case_type"], maker.scope.total):
                rows[case_type, band, hit["at"].isoformat()].append(hit["row"])
    return rows
