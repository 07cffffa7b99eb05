"""What a method version says about time: its events, when its clock runs, which waiting counts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from report_builder.workspace.yamlfile import Model

OnReturn = Literal["continue", "pause", "restart", "ignore"]
"""What a case's coming back does to its time; see :class:`Clock`."""


class CaseReturn(Model):
    """A case's coming back: the event that opens it again, and the events that must all happen to close it again.

    ``kind`` says why it came back: the authority took it up again, a court sent it back, or it was appealed.
    """

    start: str
    stop: tuple[str, ...] = Field(min_length=1)
    kind: Literal["reopening", "remittal", "appeal"] = "reopening"


class Clock(Model):
    """When time runs.

    ``stop`` names the events that must all have happened; the last of them stops the clock. ``reopening``, ``remittal``
    and ``appeal`` tell what the time of a case is that came back for that reason:

    - ``continue``: it runs from the first start to the last stop, and the case is measured once, when it is closed for
      good;
    - ``pause``: the same, but the time between the closing and the coming back does not count;
    - ``restart``: what follows is measured by itself;
    - ``ignore``: the case stays closed in every count.

    ``days`` counts calendar days or Swedish working days (see ``workdays``). ``excluded_waiting`` names the causes of
    waiting that do not count; overlapping intervals count once, and only what lies inside the case's time counts.
    ``months`` says how a bound in months is found, and how a time is told in months: ``calendar`` is the day with the
    same number (or the last day of a month that lacks it), ``thirty-days`` is 30 days, ``mean-month`` a twelfth of
    365.25 days. Time that does not count moves a bound in months by as many calendar days.
    """

    start: str
    stop: tuple[str, ...] = Field(min_length=1)
    reopenings: tuple[CaseReturn, ...] = ()
    reopening: OnReturn = "continue"
    remittal: OnReturn = "continue"
    appeal: OnReturn = "continue"
    days: Literal["calendar", "working"] = "calendar"
    months: Literal["calendar", "thirty-days", "mean-month"] = "calendar"
    excluded_waiting: tuple[str, ...] = ()

    def rule(self, again: CaseReturn) -> OnReturn:
        """What the clock does at this coming back."""
        rules: dict[str, OnReturn] = {"reopening": self.reopening, "remittal": self.remittal, "appeal": self.appeal}
        return rules[again.kind]

    @property
    def returns(self) -> tuple[tuple[CaseReturn, OnReturn], ...]:
        """The rounds after the first that the clock takes notice of, each with its rule."""
        each = ((again, self.rule(again)) for again in self.reopenings)
        return tuple((again, rule) for again, rule in each if rule != "ignore")


class WaitingColumns(Model):
    """The columns of the intervals in which cases waited; an empty ``end`` is a wait that still goes on."""

    object: str
    case_id: str
    cause: str
    start: str
    end: str


class SplitPart(Model):
    """A value that cases are split by: its id (part of the facts' ids), its name, and what the dataset calls it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str
    source_name: str


class Split(Model):
    """A column that every statistic is split by too, such as sex.

    Rows with a value that no part lists, or with none, are in the whole alone, and the report says how many they are.
    """

    column: str
    parts: tuple[SplitPart, ...] = Field(min_length=1)


class Source(Model):
    """The columns of a dataset that the method reads; ``events`` maps an event of the clock to its date column.

    ``case_types`` maps what the dataset calls a case type to its id in the register, where the two differ. A case
    whose type is then in no row of the register stops the build; with ``unlisted_case_types: in-total`` such cases are
    counted in the total alone, and the report says how many they are. With
    ``split`` the statistic ``median`` comes as ``median-<part>`` as well, for each part.
    """

    dataset: str
    object: str
    case_id: str
    case_type: str
    case_types: dict[str, str] = Field(default_factory=dict)
    unlisted_case_types: Literal["refuse", "in-total"] = "refuse"
    events: dict[str, str] = Field(min_length=1)
    waiting: WaitingColumns | None = None
    split: Split | None = None
