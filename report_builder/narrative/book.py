"""What a template may ask about: the facts of a release by coordinates, and the names of its periods."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.facts.fact import WHOLE, Fact, FactSet, ObsStatus, difference, relative_change
from report_builder.narrative.chapters.goals import DEVIATIONS
from report_builder.narrative.charts.style import style_of
from report_builder.periods import Period
from report_builder.workspace.cache import NO_CACHE, Cache
from report_builder.workspace.workspace import CaseType, Release, Settings

Change = Literal["difference", "percent"]

MARKED = frozenset(ObsStatus) - {ObsStatus.NORMAL, ObsStatus.MISSING, ObsStatus.SUPPRESSED}
"""The statuses whose letter stands behind a value in a table."""

SUPPRESSED = "x"
"""Printed for a value that is withheld because its group is small."""


_NAMES = frozenset({"latest", "earlier", "first", "latest_end", "earlier_end", "first_end"}) | {
    "latest_tertial", "earlier_tertial", "preceding_tertial",
    "latest_tertial_end", "earlier_tertial_end", "preceding_tertial_end",
}  # fmt: skip


@dataclass(frozen=True)
class NamedPeriods:
    """The periods of a release by the names that templates use, so that a template holds no year of its own."""

    years: tuple[Period, ...]
    latest_tertial: Period | None = None
    """The tertial that the release reports on; ``None`` where it reports on years alone."""

    @property
    def earlier_tertial(self) -> Period | None:
        """The same tertial a year earlier."""
        return self.latest_tertial and self.latest_tertial.previous

    @property
    def latest_tertial_end(self) -> Period | None:
        """The last day of the tertial that the release reports on."""
        return self.latest_tertial and self.latest_tertial.last_day

    @property
    def earlier_tertial_end(self) -> Period | None:
        """The last day of the same tertial a year earlier."""
        return self.earlier_tertial and self.earlier_tertial.last_day

    @property
    def preceding_tertial(self) -> Period | None:
        """The tertial just before the latest, in whichever year."""
        return self.tertials[-2] if len(self.tertials) > 1 else None

    @property
    def preceding_tertial_end(self) -> Period | None:
        """The day on which the latest tertial opens: the last day of the one before it."""
        return self.preceding_tertial and self.preceding_tertial.last_day

    @property
    def tertials(self) -> tuple[Period, ...]:
        """Every tertial of the years up to the latest; none where the release reports on years alone."""
        if self.latest_tertial is None:
            return ()
        years = range(self.first.start.year, self.latest_tertial.start.year + 1)
        each = (Period(f"{year:04d}-T{i}") for year in years for i in (1, 2, 3))
        return tuple(t for t in each if not self.latest_tertial < t)

    @property
    def same_tertials(self) -> tuple[Period, ...]:
        """The latest tertial and the same one of each year before it: what a reader may compare."""
        return tuple(t for t in self.tertials if t.name[-2:] == str(self.latest_tertial)[-2:])

    @property
    def tertial_ends(self) -> tuple[Period, ...]:
        """The last day of each tertial."""
        return tuple(t.last_day for t in self.tertials)

    @property
    def same_tertial_ends(self) -> tuple[Period, ...]:
        """The last day of the latest tertial and of the same one of each year before it."""
        return tuple(t.last_day for t in self.same_tertials)

    @property
    def latest(self) -> Period:
        """The last year."""
        return self.years[-1]

    @property
    def earlier(self) -> Period:
        """The year before the last."""
        return self.years[-1].previous

    @property
    def first(self) -> Period:
        """The first year."""
        return self.years[0]

    @property
    def latest_end(self) -> Period:
        """The last day of the last year."""
        return self.latest.last_day

    @property
    def earlier_end(self) -> Period:
        """The last day of the year before the last."""
        return self.earlier.last_day

    @property
    def first_end(self) -> Period:
        """The last day of the first year."""
        return self.first.last_day

    @property
    def year_ends(self) -> tuple[Period, ...]:
        """The last day of each year."""
        return tuple(y.last_day for y in self.years)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Every quarter of the years."""
        return tuple(Period(f"{y.name}-Q{i}") for y in self.years for i in (1, 2, 3, 4))

    @property
    def quarter_ends(self) -> tuple[Period, ...]:
        """The last day of each quarter of the years."""
        return tuple(q.last_day for q in self.quarters)

    @property
    def month_ends(self) -> tuple[Period, ...]:
        """The last day of each month of the years, and of the tertials after them."""
        return tuple(sorted({m.last_day for p in (*self.years, *self.tertials) for m in p.months()}))

    def named(self, name: str) -> Period:
        """The period called ``name``, or the one that ``name`` spells. Raises ValueError where it is neither."""
        if name not in _NAMES:
            return Period(name)
        period: Period | None = getattr(self, name)
        if period is None:
            raise ValueError(f"{name}: the release reports on no tertial; give it periods.tertial")
        return period


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinates:
    """What picks a fact out: all three parts, and whether its change against a year earlier is meant.

    ``at_end`` means the period's last day: a row of a measure that is read at a date, in a column of years.
    ``vintage`` picks an earlier publication of a value that was published more than once.
    """

    measure: str = ""
    case_type: str = ""
    period: Period | None = None
    change: Change | None = None
    at_end: bool = False
    vintage: str = ""

    def over(self, under: Coordinates) -> Coordinates:
        """These coordinates, with what they leave open taken from ``under``."""
        return Coordinates(
            measure=self.measure or under.measure,
            case_type=self.case_type or under.case_type,
            period=self.period or under.period,
            change=self.change or under.change,
            at_end=self.at_end or under.at_end,
            vintage=self.vintage or under.vintage,
        )

    @property
    def fact_id(self) -> str:
        """The id of the fact at these coordinates (without the change)."""
        period = self.period.last_day if self.period and self.at_end else self.period
        name = f"{self.measure}.{self.case_type}.{period.name if period else '?'}"
        return f"{name}@{self.vintage}" if self.vintage else name


class Book:
    """The facts of a release, and those derived from them while the report is written."""

    def __init__(
        self,
        facts: FactSet,
        release: Release,
        settings: Settings,
        case_types: Sequence[CaseType],
        fitted: Container[str] = (),
        changed: Container[str] = (),
        cache: Cache = NO_CACHE,
    ) -> None:
        """``fitted`` are the shares (measure.statistic) that are rounded so that they sum to 100.

        ``changed`` are the measures whose method has changed. ``cache`` keeps how figures are drawn.
        """
        self.release = release
        self.settings = settings
        self.case_types = tuple(case_types)
        self.fitted = fitted
        self.chart_style = style_of(settings.authority)
        self.changed = changed
        self.cache = cache
        years, tertial = release.periods.years, release.periods.tertial
        self.periods = NamedPeriods(tuple(Period(y) for y in years), Period(tertial) if tertial else None)
        self._facts = facts
        self._derived: dict[str, Fact] = {}
        self._together = (0, facts)

    @property
    def facts(self) -> FactSet:
        """Every fact, those derived so far among them."""
        count, facts = self._together
        if count != len(self._derived):  # a derived fact is only ever added
            facts = self._facts.union(self._derived.values())
            self._together = len(self._derived), facts
        return facts

    def find(self, at: Coordinates) -> Fact | None:
        """The fact at these coordinates without its change, or ``None``."""
        return self._facts.get(at.fact_id)

    def fact(self, at: Coordinates) -> Fact:
        """The fact at these coordinates; a change is derived and kept.

        Raises:
            ReportError: there is no such fact, or the two facts of a change cannot be compared.

        """
        fact = self._facts.require(at.fact_id)
        if at.change is None:
            return fact
        return self.change(fact, at, fact.period.previous, at.change)

    def change(self, later: Fact, at: Coordinates, since: Period, kind: Change) -> Fact:
        """The difference (or change in per cent) between ``later`` and the same fact at ``since``."""
        earlier = self._facts.require(at.over(Coordinates()).fact_id.replace(later.period.name, since.name))
        both = tuple(self._facts.get(f"{fact.id}{WHOLE}") or fact for fact in (later, earlier))
        derived = difference(*both) if kind == "difference" else relative_change(*both)
        derived = dataclasses.replace(derived, id=derived.id.replace(WHOLE, ""))
        return self._derived.setdefault(derived.id, derived)

    def keep(self, fact: Fact) -> Fact:
        """``fact`` among those of the release; of two with the same id the first is kept."""
        return self._derived.setdefault(fact.id, fact)

    def case_type_label(self, case_type: str) -> str:
        """The short name of a case type, or the total's, or the id of one that only published figures have."""
        if case_type == self.settings.total.id:
            return self.settings.total.short
        return next((c.short for c in self.case_types if c.id == case_type), case_type)

    def case_type_in_text(self, case_type: str) -> str:
        """The name of a case type inside a sentence ("lex X"): the register's, or its short name uncapitalised."""
        total = self.settings.total
        if case_type == total.id:
            return swedish.uncapitalised(total.short)
        found = next((c for c in self.case_types if c.id == case_type), None)
        return case_type if found is None else found.text or swedish.uncapitalised(found.short)

    def cell(self, fact: Fact, *, signed: bool = False, marked: bool = True) -> n.FactValue:
        """A fact as it stands in a table: ``18 950``, ``75 %``, ``+312``, ``..``, ``x``, ``167 E`` where marked."""
        if fact.status is ObsStatus.SUPPRESSED:
            return n.FactValue(fact_id=fact.id, text=SUPPRESSED)
        deviation = fact.statistic in DEVIATIONS
        text = (swedish.signed if signed or deviation else swedish.number)(fact.value, fact.decimals)
        if fact.unit == swedish.PERCENT and fact.value is not None:
            text = f"{text}{swedish.NBSP}%"
        if marked and fact.status in MARKED and fact.value is not None and "~" not in fact.id:
            text = f"{text}{swedish.NBSP}{fact.status.value}"
        return n.FactValue(fact_id=fact.id, text=text)
