"""Goals and guide values: the register as facts, and how far the outcome is from them.

``content/registers/mal.yaml`` says at its head which measures the goals are about, and a row per case type holds the
goal, the day by which it is to be reached, the interim goals on the way and the guide value for the backlog. From a row
and the last year's outcome come these facts (``2026`` stands for that year):

- ``mal.tid.<case type>.2026``, ``mal.nasta.….2026`` (the step that comes next) and ``mal.etappmal.….<its day>``;
- ``mal.avvikelse-tid.….2026`` (outcome less goal) and ``mal.avstand-tid.….2026`` (the same without its sign);
- ``mal.avvikelse-tid.….2025`` and so on for the years before it, which tell the deviation's trend;
- ``mal.avvikelse-andel`` (in per cent of the goal), ``mal.vantad-effekt`` (by how much the measures taken are expected
  to shorten the time), ``mal.atgardbar`` (so much of the deviation they are expected to remove) and ``mal.ordning``
  (the place among the case types by that, then by the deviation);
- ``mal.riktvarde``, ``mal.avvikelse-balans`` and ``mal.avstand-balans`` for the last day of the year;
- what time and backlog are heading for by the days of goal and guide value: see ``outlook``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import Field

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.facts.fact import Fact, FactSet, Provenance, fact_id
from report_builder.narrative.chapters.outlook import NO_OUTLOOKS, GoalLevel, Outlooks, outlooks
from report_builder.periods import Period
from report_builder.problems import Problem, ReportError, nearest
from report_builder.workspace.workspace import CaseType, Release, Workspace
from report_builder.workspace.yamlfile import Model, YamlFile, read

REGISTER = "mal"
GOAL = msgid("Goal for the processing time")
GUIDE = msgid("Guide value for the backlog")
CaseTypes = tuple[Sequence[CaseType], str]
"""The case types of a release, and the id of their total."""
DEVIATIONS = ("avvikelse-tid", "avvikelse-balans", "avvikelse-andel")
"""Statistics whose sign says on which side of the goal the outcome lies: tables print their plus."""


class MeasuresModel(Model):
    """What the goals and the guide values are about, as ``<measure>.<statistic>``, and the unit of the goals."""

    goal: str = Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    guide: str = Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    unit: str


class InterimModel(Model):
    """A step on the way: a level and the day by which it is to be reached."""

    varde: Decimal
    datum: date


class GoalModel(Model):
    """The goal and the guide value of a case type; ``vantad_effekt`` is in the unit of the goals."""

    id: str
    arendeslag: str
    mal: Decimal
    datum: date
    etappmal: tuple[InterimModel, ...] = ()
    riktvarde: Decimal
    riktvarde_datum: date
    vantad_effekt: Decimal | None = Field(default=None, ge=0)
    skal: str
    grund: str
    agare: str
    status: str
    granskad: date
    example: bool = False


class GoalsModel(Model):
    """``mal.yaml``."""

    owned: dict[str, str] = Field(default_factory=dict)
    example: bool = False
    measures: MeasuresModel
    rows: tuple[GoalModel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """On which side of its goal an outcome lies, as printed: ``over``, ``under``, or neither (exactly on it)."""

    known: bool
    over: bool
    under: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A row of the register as prose sees it. Its figures are facts; here are its words, days and sides.

    The prospects say whether goal and guide value are expected to be reached: ``reached``, ``open``, ``missed`` or "".
    """

    case_type: CaseType
    due: date
    next_due: date
    interims: tuple[Period, ...]
    guide_due: date
    reason: str
    ground: str
    owner: str
    status: str
    time: Side
    stock: Side
    time_prospect: str = ""
    stock_prospect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """The goals of a release, in the register's order, with the facts that they give."""

    rows: tuple[Goal, ...] = ()
    facts: tuple[Fact, ...] = ()
    outlooks: Outlooks = NO_OUTLOOKS


def goals_of(
    registers: Sequence[str], workspace: Workspace, release: Release, kinds: CaseTypes, facts: FactSet
) -> Goals:
    """The goals of the release where the template names their register; see :func:`read_goals`."""
    return read_goals(workspace, release, kinds, facts) if REGISTER in registers else Goals()


def read_goals(workspace: Workspace, release: Release, kinds: CaseTypes, facts: FactSet) -> Goals:
    """The goals as the release sees them, against the outcome of its years; ``kinds`` has the case types and the total.

    Raises:
        ReportError: the register does not fit, or a row names no case type.

    """
    path = workspace.register_path(REGISTER, release.id)
    model, file = read(path, workspace.shown(path), GoalsModel)
    case_types, total = kinds
    known = {c.id: c for c in case_types}
    problems = list(_strangers(model, file, known))
    if problems:
        raise ReportError(problems)
    years = tuple(sorted(Period(y) for y in release.periods.years))
    goals = [row.model_copy(update={"example": row.example or model.example}) for row in model.rows]
    makers = [_Row(row=row, measures=model.measures, years=years, facts=facts) for row in goals]
    made = [fact for maker in makers for fact in maker.facts_of_row()]
    made += _order(model.rows, made, years[-1])
    ahead = outlooks([target for maker in makers for target in maker.targets()], facts, years, total)
    rows = tuple(maker.as_prose(known[maker.row.arendeslag], ahead) for maker in makers)
    return Goals(rows=rows, facts=(*made, *ahead.facts), outlooks=ahead)


def _order(rows: Sequence[GoalModel], made: Sequence[Fact], year: Period) -> Iterator[Fact]:
    """The case types by how much of their deviation is expected to go, and then by the deviation: first place first."""
    facts = {f.id: f for f in made}
    found = [facts.get(fact_id(REGISTER, "atgardbar", row.arendeslag, year)) for row in rows]
    away = [facts.get(fact_id(REGISTER, "avvikelse-tid", row.arendeslag, year)) for row in rows]
    ranked = [(f, d) for f, d in zip(found, away, strict=True) if f is not None and d is not None]
    ranked.sort(key=lambda pair: (-(pair[0].value or 0), -(pair[1].value or 0)))
    for place, (fact, _) in enumerate(ranked, 1):
        yield dataclasses.replace(
            fact, id=fact_id(REGISTER, "ordning", fact.case_type, year), statistic="ordning", value=Decimal(place),
            unit=swedish.COUNT, decimals=0, label=gettext("Order"), provenance=Provenance(derived_from=(fact.id,)),
        )  # fmt: skip


def _strangers(model: GoalsModel, file: YamlFile, known: dict[str, CaseType]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, row in enumerate(model.rows):
        place = file.place("rows", i, "arendeslag")
        if row.arendeslag not in known:
            message = f"There is no case type {row.arendeslag}."
            yield Problem(code="unknown-case-type", message=message, place=place, hint=nearest(row.arendeslag, known))
        if row.arendeslag in seen:
            yield Problem(code="duplicate-id", message=f"{row.arendeslag} has two goals.", place=place)
        if (days := [s.datum for s in row.etappmal]) != sorted({*days}) or (days and days[-1] >= row.datum):
            message = f"The interim goals of {row.arendeslag} do not lead, day by day, up to {row.datum}."
            place = file.place("rows", i, "etappmal")
            yield Problem(code="interim-order", message=message, place=place, hint="Write them first to last.")
        seen.add(row.arendeslag)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row against one year."""

    row: GoalModel
    measures: MeasuresModel
    years: tuple[Period, ...]
    facts: FactSet

    @property
    def year(self) -> Period:
        """The last year."""
        return self.years[-1]

    def _outcome(self, measure: str, period: Period) -> Fact | None:
        return self.facts.get(f"{measure}.{self.row.arendeslag}.{period.name}")

    def _goal(self, statistic: str, period: Period, value: Decimal, unit: str, label: str) -> Fact:
        return Fact(
            id=fact_id(REGISTER, statistic, self.row.arendeslag, period),
            measure=REGISTER,
            statistic=statistic,
            case_type=self.row.arendeslag,
            period=period,
            value=value,
            unit=unit,
            decimals=0,
            method="",
            label=label,
            example=self.row.example,
            provenance=Provenance(citation=gettext("Register of goals: {ground}", ground=self.row.grund)),
        )

    def facts_of_row(self) -> Iterator[Fact]:
        """The goal, its steps, the guide value, and the distance of the outcome from goal and guide value."""
        row, unit, end = self.row, self.measures.unit, self.year.last_day
        goal = self._goal("tid", self.year, row.mal, unit, gettext(GOAL))
        guide = self._goal("riktvarde", end, row.riktvarde, swedish.COUNT, gettext(GUIDE))
        yield from (goal, guide)
        yield self._goal("nasta", self.year, self._next()[1], unit, gettext("Next step towards the goal"))
        for step in row.etappmal:
            yield self._goal("etappmal", Period(step.datum.isoformat()), step.varde, unit, gettext("Interim goal"))
        for year in self.years[:-1]:
            yield from list(self._apart("tid", goal, self._outcome(self.measures.goal, year)))[:1]
        apart = list(self._apart("tid", goal, self._outcome(self.measures.goal, self.year)))
        yield from (*apart, *self._effect(goal, apart))
        yield from self._apart("balans", guide, self._outcome(self.measures.guide, end))

    def targets(self) -> Iterator[GoalLevel]:
        """Goal and guide value with their days, where there is an outcome to go on from."""
        row, end = self.row, self.year.last_day
        time, stock = self._outcome(self.measures.goal, self.year), self._outcome(self.measures.guide, end)
        if stock is not None and stock.value is not None:
            guide = self._goal("riktvarde", end, row.riktvarde, swedish.COUNT, gettext(GUIDE))
            yield GoalLevel(of="balans", case_type=row.arendeslag, level=guide, due=row.riktvarde_datum, outcome=stock)
        if time is not None and time.value is not None:
            goal = self._goal("tid", self.year, row.mal, self.measures.unit, gettext(GOAL))
            yield GoalLevel(of="tid", case_type=row.arendeslag, level=goal, due=row.datum, outcome=time)

    def _effect(self, goal: Fact, apart: Sequence[Fact]) -> Iterator[Fact]:
        """The deviation in per cent of the goal, what the measures are expected to do, and what of it that removes."""
        deviation = next((f for f in apart if f.statistic == "avvikelse-tid"), None)
        if deviation is None or deviation.value is None or not goal.value:
            return
        share = (100 * deviation.value / goal.value).quantize(Decimal("1.000000"))
        yield self._beside(
            deviation, "avvikelse-andel", share, swedish.PERCENT, gettext("Deviation in per cent of the goal")
        )
        if self.row.vantad_effekt is not None:
            effect = self.row.vantad_effekt
            yield self._goal(
                "vantad-effekt", self.year, effect, goal.unit, gettext("Expected effect of the actions taken")
            )
            removed = max(Decimal(0), min(deviation.value, effect))
            words = gettext("Deviation that the actions taken are expected to remove")
            yield self._beside(deviation, "atgardbar", removed, goal.unit, words)

    @staticmethod
    def _beside(deviation: Fact, statistic: str, value: Decimal, unit: str, label: str) -> Fact:
        name = fact_id(REGISTER, statistic, deviation.case_type, deviation.period)
        came = Provenance(derived_from=(deviation.id,))
        return dataclasses.replace(
            deviation, id=name, statistic=statistic, value=value, unit=unit, decimals=0, label=label, provenance=came
        )

    def _apart(self, what: str, goal: Fact, outcome: Fact | None) -> Iterator[Fact]:
        if outcome is None or goal.value is None:
            return
        value = None if outcome.value is None else outcome.value - goal.value
        for statistic, label, number in (
            (f"avvikelse-{what}", gettext("Deviation"), value),
            (f"avstand-{what}", gettext("Distance"), None if value is None else abs(value)),
        ):
            yield dataclasses.replace(
                goal,
                id=fact_id(REGISTER, statistic, goal.case_type, outcome.period),
                statistic=statistic,
                period=outcome.period,
                value=number,
                decimals=outcome.decimals,
                method=outcome.method,
                status=outcome.status,
                population=outcome.population,
                example=outcome.example or goal.example,
                label=label,
                provenance=Provenance(derived_from=(outcome.id, goal.id)),
            )

    def _next(self) -> tuple[date, Decimal]:
        """The first step that is not yet due when the year ends, or the goal itself."""
        steps = [(s.datum, s.varde) for s in self.row.etappmal if s.datum > self.year.end]
        return steps[0] if steps else (self.row.datum, self.row.mal)

    def _side(self, outcome: Fact | None, level: Decimal) -> Side:
        if outcome is None or outcome.value is None:
            return Side(known=False, over=False, under=False)
        printed = swedish.round_half_up(outcome.value - level, outcome.decimals)
        return Side(known=True, over=printed > 0, under=printed < 0)

    def as_prose(self, case_type: CaseType, ahead: Outlooks) -> Goal:
        row = self.row
        return Goal(
            case_type=case_type,
            due=row.datum,
            next_due=self._next()[0],
            interims=tuple(Period(s.datum.isoformat()) for s in row.etappmal),
            guide_due=row.riktvarde_datum,
            reason=row.skal,
            ground=row.grund,
            owner=row.agare,
            status=row.status,
            time=self._side(self._outcome(self.measures.goal, self.year), row.mal),
            stock=self._side(self._outcome(self.measures.guide, self.year.last_day), row.riktvarde),
            time_prospect=ahead.prospect(row.arendeslag, "tid"),
            stock_prospect=ahead.prospect(row.arendeslag, "balans"),
        )
