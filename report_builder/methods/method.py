"""A method version: the rules by which a measure is counted, as an analyst writes them in YAML.

Four families: durations (how long cases took), stocks (open cases at a date), flows (what happened in a period) and
reported values (figures taken over as somebody published them). The first three share a clock: which events start
and stop it, and what a reopening does to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from report_builder import swedish
from report_builder.methods.timing import Clock, Source, SplitPart
from report_builder.workspace.yamlfile import Model, YamlFile

_ID = r"^[a-z0-9][a-z0-9-]*$"
_UNITS = (swedish.COUNT, swedish.DAYS, swedish.MONTHS, swedish.PERCENT)


def _is_a_unit(code: str) -> str:
    if code not in _UNITS:
        raise ValueError(f"write one of {', '.join(_UNITS)}")
    return code


Unit = Annotated[str, AfterValidator(_is_a_unit)]
"""The code of what a value is counted in."""


class Disclosure(Model):
    """How small counts are kept from telling about single persons.

    ``suppress`` withholds counts from 1 to ``minimum`` − 1 and every statistic that rests on so few cases, and then as
    many more counts as it takes that none of them can be found by subtraction in its table; a share that tells such a
    count, of those in it or of those left, is withheld too. ``round`` rounds every count to the nearest multiple of
    ``base`` and takes shares of rounded counts; sums of rounded counts need not agree.
    """

    rule: Literal["suppress", "round"]
    minimum: int = Field(default=5, ge=2)
    base: int = Field(default=5, ge=2)


class Statistic(Model):
    """What every statistic has. ``selection`` says in Swedish which rows it counts (else the method's own words)."""

    id: str = Field(pattern=_ID)
    label: str
    unit: Unit
    decimals: int = Field(default=0, ge=0, le=6)
    selection: str = ""


DurationKind = Literal[
    "count", "mean", "median", "percentile", "share_within", "mean_mix", "mean_within",
    "km_median", "km_lower", "km_upper",
]  # fmt: skip
KM_KINDS = ("count", "km_median", "km_lower", "km_upper")
"""What there is of cases that are followed while they are open."""
SHIFTS = ("mean_mix", "mean_within")
"""What there is only of cases that were closed: how the mean has moved."""


class DurationStatistic(Statistic):
    """A summary of the times.

    ``percent`` belongs to a percentile; ``months`` or ``days`` (the bound, included) and ``minimum_group`` to a share.
    A share rests on at least ``minimum_group`` cases; below that it is suppressed. ``km_median`` is the median by
    Kaplan and Meier over closed and open cases, ``km_lower`` and ``km_upper`` the ends of its interval.

    ``mean_mix`` and ``mean_within`` part the change of the mean since a year before in two, which sum to it: what comes
    of another share of cases older than ``months`` being closed, and what comes of the times in each group.
    """

    kind: DurationKind
    percent: Decimal | None = Field(default=None, gt=0, lt=100)
    months: int | None = Field(default=None, gt=0)
    days: int | None = Field(default=None, ge=0)
    minimum_group: int = Field(default=0, ge=0)


class StockStatistic(Statistic):
    """Open cases, or the share of them, older than ``over_months`` and at most ``up_to_months``."""

    kind: Literal["count", "share"]
    over_months: int = Field(default=0, ge=0)
    up_to_months: int | None = None
    minimum_group: int = Field(default=0, ge=0)


class FlowStatistic(Statistic):
    """How often something happened: a case was opened for the first time, reopened, or closed (any time)."""

    kind: Literal["opened", "reopened", "closed"]


class ReportedStatistic(Statistic):
    """A published measure; ``source_name`` is what the dataset calls it."""

    source_name: str


class ReportedCaseType(Model):
    """A published category; ``id`` may be a case type of the register or one of the method's own."""

    id: str = Field(pattern=_ID)
    source_name: str
    name: str = ""


class Identity(Model):
    """What must hold between flows and a stock: opening + ``plus`` − ``minus`` = closing, for each period."""

    stock: str
    plus: tuple[str, ...] = Field(min_length=1)
    minus: tuple[str, ...] = Field(min_length=1)


class MethodFile(Model):
    """What every method version states about itself.

    ``valid_from`` is when it was put into use. ``serves_from`` and ``serves_to`` bound the periods that it can be
    computed for at all, because its source data do not reach further or because another law applied. ``example`` says
    that its decision is made up: nothing is published that rests on it.
    """

    measure: str = Field(pattern=_ID)
    version: str = Field(pattern=r"^v[1-9][0-9]*$")
    name: str
    definition: str
    why: str
    valid_from: date
    decided_by: str
    decided: date
    diarienummer: str
    example: bool = False
    rounding: Literal["half-up"] = "half-up"
    serves_from: date | None = None
    serves_to: date | None = None
    disclosure: Disclosure | None = None


class Durations(MethodFile):
    """Times of cases: of those closed in a period, of those registered in it, or of those open at its end.

    A case without a stop is still open. Among the closed it is not measured. Among the registered it is longer than any
    time: there is a median as soon as half of them are closed, a mean when all are, and a share within a bound when
    the bound has passed for all. For open cases the time is their age at the end of each quarter.
    With ``open-in-period`` every case counts that was open some time in a year; see ``survival``.

    In all three families a case without a start (``missing``) or with its events out of order (``disorder``) is left
    out of every count, with a warning, so that the measures still agree with each other.

    ``percentile_rule`` is Hyndman and Fan's type 7 (linear between the two nearest cases) or type 1 (the nearest
    case at or above the share); the median is always the middle one, or the mean of the two in the middle.
    """

    family: Literal["duration"]
    source: Source
    clock: Clock
    population: Literal["closed-in-period", "registered-in-period", "open-at-end", "open-in-period"]
    selection: str
    missing: Literal["leave-out"]
    disorder: Literal["leave-out"]
    percentile_rule: Literal["hyndman-fan-7", "hyndman-fan-1"] = "hyndman-fan-7"
    statistics: tuple[DurationStatistic, ...] = Field(min_length=1)


class Stocks(MethodFile):
    """Cases open at the end of a day; age is time on the clock by then.

    ``sums_to_100`` names shares that are parts of one whole: they are rounded by largest remainder, so that what is
    printed sums to 100.
    """

    family: Literal["stock"]
    source: Source
    clock: Clock
    population: Literal["open-at-end-of-day"]
    selection: str
    missing: Literal["leave-out"]
    disorder: Literal["leave-out"]
    sums_to_100: tuple[str, ...] = ()
    statistics: tuple[StockStatistic, ...] = Field(min_length=1)


class Flows(MethodFile):
    """Events in a period."""

    family: Literal["flow"]
    source: Source
    clock: Clock
    population: Literal["events-in-period"]
    selection: str
    missing: Literal["leave-out"]
    disorder: Literal["leave-out"]
    identity: Identity | None = None
    statistics: tuple[FlowStatistic, ...] = Field(min_length=1)


class ReportedSource(Model):
    """The columns of a dataset of published values."""

    dataset: str
    object: str
    period_start: str
    period_end: str
    case_type: str
    statistic: str
    value: str
    unit: str
    definition: str
    citation: str
    vintage: str


class Reported(MethodFile):
    """Values as published. ``units`` maps the dataset's units to the engine's.

    Where a value was published more than once, the latest vintage is the fact and each earlier one is a fact with
    ``@<vintage>`` behind its id.
    """

    family: Literal["reported"]
    source: ReportedSource
    units: dict[str, Unit]
    case_types: tuple[ReportedCaseType, ...] = Field(min_length=1)
    statistics: tuple[ReportedStatistic, ...] = Field(min_length=1)


CaseMethod = Durations | Stocks | Flows
Rules = Durations | Stocks | Flows | Reported
FAMILIES: dict[str, type[Rules]] = {"duration": Durations, "stock": Stocks, "flow": Flows, "reported": Reported}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method version as read: its rules, its long explanation (Swedish Markdown), and its file for error places."""

    rules: Rules
    explanation: str
    file: YamlFile

    @property
    def id(self) -> str:
        """``<measure>@<version>``, as facts cite it."""
        return f"{self.rules.measure}@{self.rules.version}"

    @property
    def measure(self) -> str:
        """The measure's id."""
        return self.rules.measure

    @property
    def version(self) -> str:
        """``v1``, ``v2``, …"""
        return self.rules.version

    @property
    def name(self) -> str:
        """The measure's name in Swedish."""
        return self.rules.name

    @property
    def definition(self) -> str:
        """The definition in one or a few Swedish sentences."""
        return self.rules.definition

    @property
    def labels(self) -> dict[str, str]:
        """Statistic id to its label in Swedish, those of the parts that cases are split by among them."""
        whole = {s.id: s.label for s in self.rules.statistics}
        return whole | {f"{s}-{p.id}": f"{label}, {p.label}" for p in self.parts for s, label in whole.items()}

    @property
    def parts(self) -> tuple[SplitPart, ...]:
        """The parts that cases are split by; none where they are not."""
        split = None if isinstance(self.rules, Reported) else self.rules.source.split
        return split.parts if split is not None else ()

    def whole(self, statistic: str) -> tuple[str, SplitPart | None]:
        """A fact's statistic as the method's file has it, and the part that it is about (``None``: everyone)."""
        own = {s.id for s in self.rules.statistics}
        found = ((statistic.removesuffix(f"-{p.id}"), p) for p in self.parts if statistic not in own)
        return next(((s, p) for s, p in found if s in own), (statistic, None))
