"""Making facts: the one place where a computed value gets its id, its status and its provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING

from report_builder.catalogue import gettext
from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, LeftOut, ObsStatus, Provenance, SourceFile, fact_id
from report_builder.methods.clock import UNLISTED, events
from report_builder.methods.method import CaseMethod, Method, Reported, Statistic
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

LISTED = 25
"""A fact that rests on at most this many rows names them."""

RowNumbers = Mapping[tuple[str, str], Sequence[int]]
"""Row numbers by case type and period name, for the groups that are small enough to list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What to compute: the case types, the id of their total, the years, and the last tertial where one is asked for.

    The tertial lies in the last year or in the year after it. With it come the tertials of every year before it.
    """

    case_types: tuple[str, ...]
    total: str
    years: tuple[Period, ...]
    tertial: Period | None = None

    @property
    def with_total(self) -> tuple[str, ...]:
        """The case types and the total."""
        return (*self.case_types, self.total)

    @property
    def counted_types(self) -> tuple[str, ...]:
        """The case types, and ``UNLISTED`` for those that the register lacks: together they are the total."""
        return (*self.case_types, UNLISTED)

    def members(self, case_type: str) -> tuple[str, ...]:
        """The case types that ``case_type`` stands for: itself, or all of them."""
        return self.counted_types if case_type == self.total else (case_type,)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters of the years."""
        return tuple(Period(f"{year.name}-Q{i}") for year in self.years for i in (1, 2, 3, 4))

    @property
    def tertials(self) -> tuple[Period, ...]:
        """The tertials of the years up to the last one asked for; none where none is."""
        if self.tertial is None:
            return ()
        years = range(self.years[0].start.year, self.tertial.start.year + 1)
        each = (Period(f"{year:04d}-T{i}") for year in years for i in (1, 2, 3))
        return tuple(t for t in each if t.end <= self.tertial.end)

    @property
    def stretches(self) -> tuple[Period, ...]:
        """Every period in which something is counted: years, quarters, tertials."""
        return (*self.years, *self.quarters, *self.tertials)

    @property
    def apart(self) -> tuple[Period, ...]:
        """Periods that hold every day of the scope once: the years, and the tertials of no such year."""
        years = {year.start.year for year in self.years}
        return (*self.years, *(t for t in self.tertials if t.start.year not in years))

    @property
    def last_day(self) -> date:
        """The last day that any of the periods covers."""
        return max(p.end for p in (*self.years, *self.tertials))

    @property
    def month_ends(self) -> tuple[Period, ...]:
        """The last day of every month of the periods, and before them the day on which the first year opens."""
        return _month_ends(self.years, self.tertials)


@cache
def _month_ends(years: tuple[Period, ...], tertials: tuple[Period, ...]) -> tuple[Period, ...]:
    days = [Period(f"{year.start.year - 1:04d}-12-31") for year in years]
    days += [month.last_day for period in (*years, *tertials) for month in period.months()]
    return tuple(sorted(set(days)))


@cache
def stretches_of(year: int, month: int) -> tuple[str, str, str]:
    """The names of the year, the quarter and the tertial that a month belongs to."""
    return f"{year:04d}", f"{year:04d}-Q{(month + 2) // 3}", f"{year:04d}-T{(month + 3) // 4}"


CHOSEN, OPENED, CLOSED = "chosen", "opened", "closed"
"""What a method counts: the cases that its population chooses, or events of one kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The facts of a method, and how many candidates it counted in all, by what it counts and case type."""

    facts: Sequence[Fact]
    counted: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Makes the facts of one method from one delivery. What all of its facts share is worked out once."""

    method: Method
    delivery: Delivery
    scope: Scope
    left_out: Callable[[str, int], tuple[LeftOut, ...]] = lambda case_type, count: ()
    """Why the candidates of a case type that a count does not hold were left out; see ``tally``."""

    def cases(self, rules: CaseMethod) -> ir.Table:
        """The cases of the scope by the method's clock; see :func:`clock.events`."""
        return events(self.method, rules, self.delivery, self.scope.case_types)

    def came_back(self, rules: CaseMethod) -> tuple[ir.Table, ...]:
        """The cases that came back, for each round after the first: for :func:`clock.case_rounds`."""
        returns = range(1, len(rules.clock.returns) + 1)
        return tuple(events(self.method, rules, self.delivery, self.scope.case_types, having=i) for i in returns)

    @property
    def known_until(self) -> date:
        """The last day that is known: the data's, or the last of the periods if that is earlier or unsaid."""
        last = self.scope.last_day
        return last if self.delivery.as_of is None else min(last, self.delivery.as_of)

    @property
    def known_quarters(self) -> tuple[Period, ...]:
        """The quarters whose end is known."""
        return tuple(q for q in self.scope.quarters if q.end <= self.known_until)

    @property
    def followed(self) -> tuple[Period, ...]:
        """The years and tertials in which open cases are followed: those that the data covers to their end."""
        return tuple(p for p in (*self.scope.years, *self.scope.tertials) if p.end <= self.known_until)

    @cached_property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files that the method reads; that of waiting only where some waiting does not count."""
        rules = self.method.rules
        names = [rules.source.object]
        if not isinstance(rules, Reported) and rules.clock.excluded_waiting and rules.source.waiting is not None:
            names.append(rules.source.waiting.object)
        return tuple(self.delivery.sources[name] for name in names)

    def fact(
        self,
        statistic: Statistic,
        case_type: str,
        period: Period,
        value: Decimal | None,
        *,
        count: int,
        rows: Sequence[int] = (),
        suppressed: bool = False,
    ) -> Fact:
        """One fact resting on ``count`` rows; no value means that the group is empty, or ``suppressed``."""
        status = ObsStatus.NORMAL if value is not None else ObsStatus.MISSING
        if suppressed:
            value, status = None, ObsStatus.SUPPRESSED
        listed = tuple(sorted(rows)) if rows and count <= LISTED and not suppressed else ()
        return Fact(
            id=fact_id(self.method.measure, statistic.id, case_type, period),
            measure=self.method.measure,
            statistic=statistic.id,
            case_type=case_type,
            period=period,
            value=value,
            unit=statistic.unit,
            decimals=statistic.decimals,
            method=self.method.id,
            status=status,
            example=self.delivery.example,
            label=statistic.label,
            provenance=Provenance(
                dataset=self.delivery.dataset,
                contract=self.delivery.contract,
                sources=self.sources,
                selection=self._selection(statistic, case_type, period),
                count=count,
                rows=listed,
                left_out=self.left_out(case_type, count),
            ),
        )

    def _selection(self, statistic: Statistic, case_type: str, period: Period) -> str:
        what = statistic.selection or getattr(self.method.rules, "selection", "")
        total = case_type == self.scope.total
        who = gettext("all case types") if total else gettext("case type {name}", name=case_type)
        return f"{what}, {who}, {_days(period)}"


@cache
def _days(period: Period) -> str:
    """A period as the days that it covers."""
    return period.name if period.kind == "day" else f"{period.start.isoformat()}–{period.end.isoformat()}"
