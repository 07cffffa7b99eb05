"""Where time and backlog are heading by the day of the goal: projections as facts, marked as such wherever they show.

Each goal gives, of its own day, the facts ``mal.framskriven-tid.<case type>.2029-12-31`` and the ends of its interval,
``…-lagst`` and ``…-hogst``; the guide value likewise ``mal.framskriven-balans``. They have the status ``F``. How often
such intervals held when they were tried on the earlier years is told by ``mal.provade-tid``, ``mal.holl-tid`` and
``mal.traffsakerhet-tid`` of the total (and ``-balans``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.facts.fact import Fact, FactSet, ObsStatus, Provenance, fact_id
from report_builder.methods.projection import (
    QUARTER,
    YEAR,
    Course,
    Outlook,
    Trial,
    stock_ahead,
    straying,
    time_ahead,
    tried_stocks,
    tried_times,
)
from report_builder.periods import Period
from report_builder.problems import Problem

PROJECTION = msgid("project")
"""The stem of the word that must stand where a projected figure is printed."""

Prospect = Literal["", "reached", "open", "missed"]
"""Whether a level is expected to be reached: the whole interval within it, only part of it, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLevel:
    """A level and its day, for one case type. ``of`` is ``tid`` or ``balans``, ``outcome`` the series it is about."""

    of: Literal["tid", "balans"]
    case_type: str
    level: Fact
    due: date
    outcome: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """A target with its projection: value, lower and upper end of the interval, and whether it is to be reached."""

    target: GoalLevel
    facts: tuple[Fact, Fact, Fact]
    prospect: Prospect


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlooks:
    """The projections of a release, and the facts that tell how often such ones held."""

    rows: tuple[Projected, ...] = ()
    trials: tuple[Fact, ...] = ()

    @property
    def facts(self) -> Iterator[Fact]:
        """Every fact."""
        for row in self.rows:
            yield from row.facts
        yield from self.trials

    def prospect(self, case_type: str, of: str) -> Prospect:
        """Whether the case type's level is expected to be reached; empty where nothing is projected."""
        found = (r.prospect for r in self.rows if (r.target.case_type, r.target.of) == (case_type, of))
        return next(found, "")


NO_OUTLOOKS = Outlooks()
"""Those of a report that speaks of no goals."""


def outlooks(targets: Sequence[GoalLevel], facts: FactSet, years: Sequence[Period], total: str) -> Outlooks:
    """The projection of every target from the end of the last year, by what the facts tell of the years."""
    courses = {t.case_type: Course(levels=(), medians=()) for t in targets}
    stocks = {t.case_type: t.outcome for t in targets if t.of == "balans"}
    times = {t.case_type: t.outcome for t in targets if t.of == "tid"}
    for case_type in courses:
        levels = _levels(facts, stocks[case_type], years) if case_type in stocks else ()
        medians = _medians(facts, times[case_type], years) if case_type in times else ()
        courses[case_type] = Course(levels=levels, medians=medians)
    strays = straying([c for c in courses.values() if c.levels])
    rows = []
    for target in targets:
        months = YEAR * (target.due.year - years[-1].end.year) + target.due.month - years[-1].end.month
        course = courses[target.case_type]
        ahead = stock_ahead(course.levels, months) if target.of == "balans" else time_ahead(course, months, strays)
        if ahead is not None and months > 0:
            rows.append(_projected(target, ahead))
    known = [c for c in courses.values() if c.levels]
    trials = [("balans", tried_stocks(known)), ("tid", tried_times(known))]
    made = [f for of, trial in trials for f in _trial(of, trial, targets[0], years[-1], total)] if targets else []
    return Outlooks(rows=tuple(rows), trials=tuple(made))


def _levels(facts: FactSet, outcome: Fact, years: Sequence[Period]) -> tuple[int, ...]:
    """The backlog at every month's end, from the day on which the first year opens; none where a month is missing."""
    first = Period(f"{years[0].start.year - 1:04d}-12-31")
    days = [first, *(month.last_day for year in years for month in year.months())]
    found = [_same_series(facts, outcome, day) for day in days]
    return tuple(int(v) for v in found if v is not None) if None not in found else ()


def _medians(facts: FactSet, outcome: Fact, years: Sequence[Period]) -> tuple[Fraction | None, ...]:
    quarters = (Period(f"{year.name}-Q{i}") for year in years for i in range(1, YEAR // QUARTER + 1))
    found = (_same_series(facts, outcome, quarter) for quarter in quarters)
    return tuple(None if value is None else Fraction(value) for value in found)


def _same_series(facts: FactSet, outcome: Fact, period: Period) -> Decimal | None:
    """The value for a period, if it rests on the same method and is about the same cases."""
    fact = facts.get(fact_id(outcome.measure, outcome.statistic, outcome.case_type, period))
    alike = fact is not None and (fact.method, fact.population) == (outcome.method, outcome.population)
    return fact.value if fact is not None and alike else None


_PROJECTED = {"tid": msgid("Projected median time"), "balans": msgid("Projected backlog")}


def _projected(target: GoalLevel, ahead: Outlook) -> Projected:
    name = f"framskriven-{target.of}"
    words = gettext(_PROJECTED[target.of])
    ends = (
        ("", ahead.value, words),
        ("-lagst", ahead.lower, gettext("{projection}, lower bound", projection=words)),
        ("-hogst", ahead.upper, gettext("{projection}, upper bound", projection=words)),
    )
    period = Period(target.due.isoformat())
    facts = [
        dataclasses.replace(
            target.outcome,
            id=fact_id(target.level.measure, f"{name}{suffix}", target.case_type, period),
            measure=target.level.measure,
            statistic=f"{name}{suffix}",
            period=period,
            value=Decimal(str(round(value, 6))),
            decimals=0,
            status=ObsStatus.FORECAST,
            label=label,
            provenance=Provenance(derived_from=(target.outcome.id,)),
        )
        for suffix, value, label in ends
    ]
    _, lower, upper = (swedish.round_half_up(f.value or Decimal(0), 0) for f in facts)
    level = target.level.value or Decimal(0)
    prospect: Prospect = "reached" if upper <= level else "missed" if lower > level else "open"
    return Projected(target=target, facts=(facts[0], facts[1], facts[2]), prospect=prospect)


def _trial(of: str, trial: Trial, target: GoalLevel, year: Period, total: str) -> Iterator[Fact]:
    if not trial.tried:
        return
    level = target.level
    share = (Decimal(100 * trial.held) / trial.tried).quantize(Decimal("1.000000"))
    for statistic, value, unit, label in (
        (f"provade-{of}", Decimal(trial.tried), swedish.COUNT, gettext("Projections tried")),
        (f"holl-{of}", Decimal(trial.held), swedish.COUNT, gettext("Projections whose interval held")),
        (f"traffsakerhet-{of}", share, swedish.PERCENT, gettext("Share of projections that held")),
    ):
        name = fact_id(level.measure, statistic, total, year)
        yield dataclasses.replace(
            level, id=name, statistic=statistic, case_type=total, period=year, value=value, unit=unit, label=label,
            example=target.outcome.example,
            provenance=Provenance(selection=gettext("Projections from earlier days, one year ahead")),
        )  # fmt: skip


_VERDICTS = {
    "reached": msgid("expected to be reached"),
    "open": msgid("uncertain"),
    "missed": msgid("not expected to be reached"),
}
_HEADERS = {
    "tid": (
        msgid("Goal"), msgid("To be reached by"), msgid("Projected median time"), msgid("Interval"), msgid("The goal"),
    ),
    "balans": (
        msgid("Guide value"), msgid("To be reached by"), msgid("Projected level"), msgid("Interval"),
        msgid("The guide value"),
    ),
}  # fmt: skip


def outlook_table(
    found: Outlooks, of: Literal["tid", "balans"], labels: Mapping[str, str], *, table_id: str, caption: str
) -> n.Table:
    """The projections of one kind: level, day, projected value, interval and verdict, a row a case type."""
    widths, aligned = (3, 4, 4, 4, 4), ("number", "text", "number", "number", "text")
    rows = []
    for row in (r for r in found.rows if r.target.of == of):
        value, lower, upper = (_figure(fact) for fact in row.facts)
        mark = n.Text(text=f"{swedish.NBSP}{ObsStatus.FORECAST.value}")
        day = n.Citation(content=(n.Text(text=row.target.due.isoformat()),))
        cells: tuple[tuple[n.Inline, ...], ...] = (
            (n.Text(text=labels[row.target.case_type]),),
            (_figure(row.target.level),),
            (day,),
            (value, mark),
            (lower, n.Text(text="–"), upper, mark),
            (n.Text(text=gettext(_VERDICTS[row.prospect]) if row.prospect else ""),),
        )
        rows.append(n.Row(cells=cells))
    columns = [
        n.Column(id=f"k{i}", header=(n.Text(text=gettext(header)),), width=width, align=align)  # type: ignore[arg-type]
        for i, (header, width, align) in enumerate(zip(_HEADERS[of], widths, aligned, strict=True), 1)
    ]
    first = n.Column(id="rubrik", header=(n.Text(text=swedish.capitalised(gettext("case type"))),), width=8)
    note = gettext("F Projection: what happens if nothing changes, as computed. It is neither an outcome nor a goal.")
    return n.Table(
        id=table_id,
        caption=(n.Text(text=caption),),
        columns=(first, *columns),
        rows=tuple(rows),
        notes=((n.Text(text=note),),),
    )


def _figure(fact: Fact) -> n.FactValue:
    return n.FactValue(fact_id=fact.id, text=swedish.number(fact.value, fact.decimals))


def unmarked(document: n.Document, facts: FactSet) -> Iterator[Problem]:
    """Places that print a projected figure without saying that it is one."""
    stem = gettext(PROJECTION)
    for block in document.blocks:
        for part in block.blocks if isinstance(block, n.Callout) else (block,):
            nodes = [*walk(part), *(walk(part.data) if isinstance(part, n.Figure) else ())]
            told = (facts.get(node.fact_id) for node in nodes if isinstance(node, n.FactValue))
            projected = [f.id for f in told if f is not None and f.status is ObsStatus.FORECAST]
            words = " ".join(node.text for node in nodes if isinstance(node, n.Text)).lower()
            if projected and stem not in words:
                message = f"{projected[0]} is a projection, and nothing where it is printed says so."
                hint = f'Use a word with "{stem}" in the same paragraph or list.'
                yield Problem(code="unmarked-projection", message=message, value=projected[0], hint=hint)
