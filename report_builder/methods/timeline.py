"""One case by the clock in plain Python: when it was open, and which of its time counts. For drawing, and as a check.

The measures themselves are counted by expressions over all cases at once (``clock``, ``waiting``). This is the same
rule written a second time, for one case, so that what a reader sees drawn and what the engine counts can be held
against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from report_builder.methods.clock import spells
from report_builder.methods.method import CaseMethod, Durations, Flows


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days from ``start`` to ``end``: the first is not counted, the last is. ``end`` is ``None`` while time runs."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTime:
    """A time of waiting, and whether its days count; ``end`` is ``None`` while the case still waits."""

    cause: str
    label: str
    start: date
    end: date | None
    counts: bool


def counted_stretches(
    rules: CaseMethod, events: Mapping[str, date], waits: Sequence[WaitingTime]
) -> tuple[Stretch, ...]:
    """What of a case's time makes the measure.

    For durations that is the time on the clock, for stocks the time in which the case is open. A flow counts events and
    no time. A case whose events are out of order counts nowhere.
    """
    if isinstance(rules, Flows) or not events_in_order(rules, events):
        return ()
    rounds = _rounds(rules, events)
    if not isinstance(rules, Durations):
        return tuple(Stretch(start=opened, end=closed) for opened, closed in rounds.values())
    found: list[Stretch] = []
    for spell in spells(rules):
        own = [rounds[i] for i in spell if i in rounds]
        if spell[0] in rounds:
            away = [(w.start, w.end) for w in waits if not w.counts]
            away += _pauses(rules, spell, rounds)
            found += _without(own[0][0], own[-1][1], away)
    return tuple(found)


def _stop(events: Mapping[str, date], needed: Sequence[str]) -> date | None:
    days = [events.get(name) for name in needed]
    known = [d for d in days if d is not None]
    return max(known) if len(known) == len(days) else None


def _all_rounds(rules: CaseMethod, events: Mapping[str, date]) -> list[tuple[date | None, date | None]]:
    clock = rules.clock
    found = [(events.get(clock.start), _stop(events, clock.stop))]
    return found + [(events.get(again.start), _stop(events, again.stop)) for again, _ in clock.returns]


def events_in_order(rules: CaseMethod, events: Mapping[str, date]) -> bool:
    """Whether the case counts at all: it has a start, and no later event precedes or lacks the one it follows on."""
    days = [d for pair in _all_rounds(rules, events) for d in pair]
    follows = (later is None or (earlier is not None and later >= earlier) for earlier, later in pairwise(days))
    return days[0] is not None and all(follows)


def _rounds(rules: CaseMethod, events: Mapping[str, date]) -> dict[int, tuple[date, date | None]]:
    each = enumerate(_all_rounds(rules, events))
    return {i: (opened, closed) for i, (opened, closed) in each if opened is not None}


def _pauses(
    rules: CaseMethod, spell: Sequence[int], rounds: Mapping[int, tuple[date, date | None]]
) -> Iterator[tuple[date, date | None]]:
    for i, (_, rule) in enumerate(rules.clock.returns, start=1):
        if rule == "pause" and i in spell and i in rounds:
            closed = rounds[i - 1][1]
            if closed is not None:
                yield closed, rounds[i][0]


def _without(start: date, stop: date | None, away: Sequence[tuple[date, date | None]]) -> Iterator[Stretch]:
    """The time from ``start`` to ``stop`` less what is ``away``; intervals may overlap and reach outside."""
    at = start
    for first, last in sorted(away, key=lambda pair: (pair[0], pair[1] or date.max)):
        if stop is not None and first >= stop:
            break
        if first > at:
            yield Stretch(start=at, end=first)
        if last is None:
            return
        at = max(at, last)
    if stop is None or at < stop or at == start:
        yield Stretch(start=at, end=stop)
