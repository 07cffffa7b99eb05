"""A queue of cases, simulated day by day: cases come in, become ready, are picked, decided, dispatched, reopened.

Only ``Random.random`` is drawn from: it alone is promised to give the same numbers in every version of Python.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar

from report_builder.example.calibration import Days, Discipline, Picks, SimulatedQueue, Yearly

T = TypeVar("T")

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """An interval of waiting; ``last_day`` is ``None`` while it lasts."""

    cause: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case; an event that has not happened, or is not known yet, is ``None``."""

    case_type: str
    unit: str
    registered: date
    decided: date | None = None
    dispatched: date | None = None
    reopened: date | None = None
    decided_again: date | None = None
    dispatched_again: date | None = None
    waits: tuple[Wait, ...] = ()

    def closed_before(self, day: date) -> bool:
        """Whether everything about the case was over before ``day``."""
        last = self.dispatched if self.reopened is None else self.dispatched_again
        return last is not None and last < day

    def known_on(self, day: date) -> Case:
        """The case as it stood at the end of ``day``, without anything that happened later."""

        def seen(event: date | None) -> date | None:
            return event if event is not None and event <= day else None

        return replace(
            self,
            decided=seen(self.decided),
            dispatched=seen(self.dispatched),
            reopened=seen(self.reopened),
            decided_again=seen(self.decided_again),
            dispatched_again=seen(self.dispatched_again),
            waits=tuple(replace(w, last_day=seen(w.last_day)) for w in self.waits if w.first_day <= day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    registered: date
    unit: str
    ready: date
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the simulation with chance of its own: a later stage never changes what an earlier one gave."""

    last_day: date
    rng: Random


def simulate(case_type: SimulatedQueue, stages: Sequence[Stage]) -> list[Case]:
    """Every case of ``case_type`` from an empty queue in the first year of its inflow until the last stage ends.

    A case is told to its end as far as it was decided within the stages, even where its dispatch or a reopening lies
    after them: :meth:`Case.known_on` cuts off what a day could not know.
    """
    first = date(min(case_type.inflow.per_year), 1, 1)
    arrivals: list[_Arrival] = []
    cases: list[Case] = []
    queue = _Queue()
    for stage in stages:
        rng = stage.rng
        registrations = sorted(_spread(case_type.inflow, first, stage.last_day, rng, even=False))
        new = [_arrival(case_type, day, rng) for day in registrations]
        queue.take(new, len(arrivals))
        arrivals += new
        cases += [Case(case_type=case_type.id, unit=a.unit, registered=a.registered, waits=a.waits) for a in new]
        closings = Counter(_spread(case_type.capacity, first, stage.last_day, rng, even=True))
        for i, day in sorted(queue.work(closings, case_type.discipline, rng).items()):
            cases[i] = _followed(case_type, cases[i], day, rng)
        first = stage.last_day + timedelta(days=1)
    return cases


@dataclass(slots=True)
class _Queue:
    """Who waits: cases by number, which follows the order of registration."""

    not_ready: list[tuple[date, int]] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)

    def take(self, arrivals: Sequence[_Arrival], first_number: int) -> None:
        """Add arrivals, numbered from ``first_number``."""
        self.not_ready += [(a.ready, i) for i, a in enumerate(arrivals, start=first_number)]
        heapq.heapify(self.not_ready)

    def work(self, closings: Mapping[date, int], discipline: Discipline, rng: Random) -> dict[int, date]:
        """The day of decision by the number of the case. Capacity that finds no ready case is lost."""
        decided: dict[int, date] = {}
        for day in sorted(closings):
            while self.not_ready and self.not_ready[0][0] <= day:
                insort(self.ready, heapq.heappop(self.not_ready)[1])
            picks = _in_force(discipline.from_year, day.year)
            for _ in range(min(closings[day], len(self.ready))):
                decided[self.ready.pop(_pick(picks, len(self.ready), rng))] = day
        return decided


def _pick(picks: Picks, waiting: int, rng: Random) -> int:
    """The place in the queue of the case that is decided next."""
    order = _choose((picks.oldest, picks.random, picks.newest), rng)
    return (0, int(rng.random() * waiting), waiting - 1)[order]


def _arrival(case_type: SimulatedQueue, registered: date, rng: Random) -> _Arrival:
    unit = list(case_type.units)[_choose(case_type.units.values(), rng)]
    ready = registered + _length(case_type.service.days, rng)
    waits = []
    for cause in case_type.waiting.causes:
        if rng.random() < cause.share:
            start = _weekday(registered + _length(cause.start_days, rng))
            end = _weekday(start + _length(cause.days, rng))
            waits.append(Wait(cause=cause.cause, first_day=start, last_day=end))
            ready = max(ready, end)
    return _Arrival(registered=registered, unit=unit, ready=ready, waits=tuple(waits))


def _followed(case_type: SimulatedQueue, case: Case, decided: date, rng: Random) -> Case:
    """The case with its decision and what followed on it."""
    dispatched = _weekday(decided + _lag(case_type, rng))
    reopened = decided_again = dispatched_again = None
    if rng.random() < case_type.reopening.share:
        reopened = _weekday(dispatched + _length(case_type.reopening.days, rng))
        decided_again = _weekday(reopened + _length(case_type.reopening.work_days, rng))
        dispatched_again = _weekday(decided_again + _lag(case_type, rng))
    return replace(
        case,
        decided=decided,
        dispatched=dispatched,
        reopened=reopened,
        decided_again=decided_again,
        dispatched_again=dispatched_again,
    )


def _lag(case_type: SimulatedQueue, rng: Random) -> timedelta:
    late = rng.random() < case_type.dispatch.share
    return _length(case_type.dispatch.days, rng) if late else timedelta(0)


def _spread(yearly: Yearly, first: date, last: date, rng: Random, *, even: bool) -> Iterator[date]:
    """As many weekdays a year as the year has cases, by the weights of the months; ``even`` keeps them apart."""
    for year in range(first.year, last.year + 1):
        days = [day for day in _days(year) if day.weekday() < _SATURDAY]
        sums = list(accumulate(yearly.season.get(day.month, 1.0) for day in days))
        count = _in_force(yearly.per_year, year)
        for i in range(count):
            place = (i + rng.random()) / count if even else rng.random()
            day = days[min(bisect_right(sums, place * sums[-1]), len(days) - 1)]
            if first <= day <= last:
                yield day


def _in_force(from_year: Mapping[int, T], year: int) -> T:
    """The value of the latest year named that is not after ``year`` (the first one before that)."""
    return from_year[max((y for y in from_year if y <= year), default=min(from_year))]


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _weekday(day: date) -> date:
    """``day``, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day


def _length(days: Days, rng: Random) -> timedelta:
    """A length drawn from evenly spaced quantiles."""
    place = rng.random() * (len(days) - 1)
    i = int(place)
    return timedelta(days=int(days[i] + (place - i) * (days[i + 1] - days[i]) + 0.5))


def _choose(weights: Iterable[float], rng: Random) -> int:
    """The index of one weight, drawn in proportion to the weights."""
    sums = list(accumulate(weights))
    return min(bisect_right(sums, rng.random() * sums[-1]), len(sums) - 1)
