"""How long cases take when the open ones are counted too: the median by Kaplan and Meier, with its interval.

The median of closed cases describes only those. Closing the oldest first makes it rise while the service
improves, and leaving them makes it fall. Here every case that was open some time in a period counts with the days that
it was seen: from its age when the period began (or from its start) until it was closed or the period ended. The median
is the age by which half of the cases would be closed if all were closed at the period's pace.

The estimate is exact arithmetic on whole numbers; only the interval (Greenwood's variance on the scale of log(−log), 95
per cent) needs logarithms. Thirty lines of a known formula are less to carry than a library for survival analysis.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import exp, log, sqrt
from typing import TYPE_CHECKING

from report_builder.facts.fact import Fact
from report_builder.methods.clock import spans, timed
from report_builder.methods.fact_builder import CHOSEN, Maker, Measured
from report_builder.methods.method import Durations
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

_Z = 1.959963984540054
"""The standard normal's 97.5th percentile: two-sided, 95 per cent."""

_HALF = Fraction(1, 2)


@dataclass(slots=True)
class Seen:
    """How many cases entered, left and were closed at each age in days; an age of −1 enters before any day."""

    entered: Counter[int] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)
    closed: Counter[int] = field(default_factory=Counter)

    def add(self, other: Seen) -> None:
        """Count the cases of ``other`` too."""
        self.entered.update(other.entered)
        self.left.update(other.left)
        self.closed.update(other.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The median with its interval; a bound is ``None`` where the curve does not come down so far."""

    median: int | None
    lower: int | None
    upper: int | None


def median(seen: Seen) -> Estimate:
    """Kaplan and Meier's median of the ages: the first at which at most half are still open."""
    at_risk, survival, greenwood = 0, Fraction(1), 0.0
    found: dict[str, int] = {}
    for age in sorted({*seen.entered, *seen.left}):
        closed = seen.closed[age]
        if closed and at_risk:
            survival *= 1 - Fraction(closed, at_risk)
            greenwood += closed / (at_risk * (at_risk - closed)) if closed < at_risk else 0.0
            low, high = _band(float(survival), greenwood)
            for name, value in (("lower", low), ("median", survival), ("upper", high)):
                if value <= _HALF:
                    found.setdefault(name, age)
            if not survival or len(found) == 3:  # what comes later cannot change what was reached first
                break
            survival = _shortened(survival)
        at_risk += seen.entered[age] - seen.left[age]
    return Estimate(median=found.get("median"), lower=found.get("lower"), upper=found.get("upper"))


def _shortened(survival: Fraction) -> Fraction:
    """The product kept to forty digits, so that thousands of factors stay cheap; far below what could move a day."""
    return survival if survival.denominator < 10**40 else survival.limit_denominator(10**40)


def _band(survival: float, greenwood: float) -> tuple[float, float]:
    """Where the curve lies with 95 per cent's confidence, on the scale of log(−log)."""
    if survival <= 0 or survival >= 1:
        return survival, survival
    width = _Z * sqrt(greenwood) / abs(log(survival))
    return survival ** exp(width), survival ** exp(-width)


def survival_facts(maker: Maker, rules: Durations) -> Measured:
    """The median, its interval and the cases it rests on, for every case type and the total, each year and tertial."""
    periods = maker.followed
    found = _seen(maker, rules) if periods else {}
    facts: list[Fact] = []
    counted: dict[tuple[str, str], int] = {}
    for period in periods:
        whole = Seen()
        for case_type in maker.scope.counted_types:
            whole.add(found.get((case_type, period.name), Seen()))
        for case_type in maker.scope.with_total:
            seen = whole if case_type == maker.scope.total else found.get((case_type, period.name), Seen())
            counted[CHOSEN, case_type] = sum(seen.entered.values())
            facts += _facts(maker, rules, case_type, period, seen)
    return Measured(facts=facts, counted=counted)


def _facts(maker: Maker, rules: Durations, case_type: str, period: Period, seen: Seen) -> Iterator[Fact]:
    count, estimate = sum(seen.entered.values()), median(seen)
    values = {"km_median": estimate.median, "km_lower": estimate.lower, "km_upper": estimate.upper}
    for statistic in rules.statistics:
        value = count if statistic.kind == "count" else values[statistic.kind]
        few = statistic.kind != "count" and 0 < count < statistic.minimum_group
        shown = None if value is None else Decimal(value)
        yield maker.fact(statistic, case_type, period, shown, count=count, suppressed=few)


def _seen(maker: Maker, rules: Durations) -> Mapping[tuple[str, str], Seen]:
    """What was seen of the cases, by case type and period."""
    found: dict[tuple[str, str], Seen] = defaultdict(Seen)
    counted = at_risk(maker, rules).group_by("case_type", "period", "entry", "exit", "closed_then")
    for row in counted.agg(n=lambda t: t.count()).to_pyarrow().to_pylist():
        seen, n = found[row["case_type"], row["period"]], row["n"]
        seen.entered[row["entry"]] += n
        seen.left[row["exit"]] += n
        seen.closed[row["exit"]] += n if row["closed_then"] else 0
    return found


def at_risk(maker: Maker, rules: Durations) -> ir.Table:
    """One row per case and period in which it was open: ``row``, ``case_type``, ``period``, ``entry``, ``exit``.

    ``entry`` is its age at the end of the day before the period (−1 for a case that started in it), ``exit`` its age
    when it was closed or the period ended, ``closed_then`` whether it was closed.
    """
    import ibis

    cases = maker.cases(rules)
    periods = [{"period": p.name, "first": p.start, "last": p.end} for p in maker.followed]
    table = ibis.memtable(periods, schema={"period": "string", "first": "date", "last": "date"})
    each = spans(rules, cases).rename(closing="stop")
    pairs = each.join(table, [each.start <= table["last"], each.closing.isnull() | (each.closing >= table["first"])])
    closed_then = pairs.closing.notnull() & (pairs.closing <= pairs["last"])
    key = ("row", "span", "period")
    keep = ("row", "span", "case_id", "case_type", "start", "period", "first")
    pairs = pairs.select(*keep, closed_then=closed_then, stop=closed_then.ifelse(pairs.closing, pairs["last"]))
    pairs = timed(rules, maker.delivery, cases, pairs, (), key).rename(exit="days").drop("stop")
    eve = pairs["first"] - ibis.interval(days=1)
    pairs = pairs.mutate(stop=ibis.greatest(eve.cast("date"), pairs.start))
    pairs = timed(rules, maker.delivery, cases, pairs, (), key)
    entry = (pairs.start >= pairs["first"]).ifelse(-1, pairs.days)
    return pairs.select("row", "case_id", "case_type", "period", "exit", "closed_then", entry=entry)
