"""The shape of a calibration file: what the simulator is told, and on what ground each parameter stands.

Every block of parameters either names the published figure it is fitted to (``source``) or says that it is an
assumption (``assumed: true``); both give a reason (``why``).
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from report_builder.workspace.yamlfile import Model

Days = tuple[int, ...]
"""Lengths in days as evenly spaced quantiles, from the shortest to the longest, with straight lines between."""


class Grounded(Model):
    """A block of parameters with the ground it stands on."""

    why: str
    source: str | None = None
    assumed: bool = False

    @model_validator(mode="after")
    def _has_one_ground(self) -> Self:
        if (self.source is None) != self.assumed:
            raise ValueError("give either source (the published figure) or assumed: true, and not both")
        return self


class Yearly(Grounded):
    """A number of cases per calendar year, spread over the weekdays by the weights of the months (1 unless said)."""

    per_year: dict[int, int] = Field(min_length=1)
    season: dict[int, float] = Field(default_factory=dict)


class Picks(Model):
    """Which case is decided next: weights of the oldest, any, and the newest of those that can be decided."""

    oldest: float = Field(ge=0)
    random: float = Field(ge=0)
    newest: float = Field(ge=0)


class Discipline(Grounded):
    """The order of work from each year on, until the next year that is named."""

    from_year: dict[int, Picks] = Field(min_length=1)


class Service(Grounded):
    """How long a case must have been open before it can be decided."""

    days: Days = Field(min_length=2)


class Lag(Grounded):
    """The share of decisions that are dispatched later than they are made, and by how many days."""

    share: float = Field(ge=0, le=1)
    days: Days = Field(min_length=2)


class Reopening(Grounded):
    """The share of dispatched cases that are reopened, after how many days, and the days until the new decision."""

    share: float = Field(ge=0, le=1)
    days: Days = Field(min_length=2)
    work_days: Days = Field(min_length=2)


class Cause(Model):
    """The share of cases that wait for one cause: when the wait starts after registration, and how long it lasts."""

    cause: str
    share: float = Field(ge=0, le=1)
    start_days: Days = Field(min_length=2)
    days: Days = Field(min_length=2)


class Waiting(Grounded):
    """Waiting for others, by cause. A case is not decided while it waits."""

    causes: tuple[Cause, ...]


class SimulatedQueue(Model):
    """One queue."""

    id: str
    units: dict[str, float] = Field(min_length=1)
    inflow: Yearly
    capacity: Yearly
    discipline: Discipline
    service: Service
    dispatch: Lag
    reopening: Reopening
    waiting: Waiting


class CaseColumns(Model):
    """The names of the columns of the case file."""

    id: str
    case_type: str
    unit: str
    registered: str
    decided: str
    dispatched: str
    reopened: str
    decided_again: str
    dispatched_again: str


class WaitingFile(Model):
    """The names of the columns of the file of waiting intervals."""

    id: str
    cause: str
    first_day: str
    last_day: str


class Calibration(Model):
    """A whole calibration. Cases registered before ``first_day`` are kept when something happened to them later."""

    about: str
    seed: int
    first_day: date
    last_day: date
    id_prefix: str
    case_file: str
    case_columns: CaseColumns
    waiting_file: str
    waiting_columns: WaitingFile
    case_types: tuple[SimulatedQueue, ...] = Field(min_length=1)
