"""Case types that begin, end, are split or merged: no value outside their time, and comparisons of the whole.

A value of a case type that has not begun, or has ended, is no zero: there is none. And a count of a type that was split
halfway through a year counts half of it: set beside the year before, it would say that nearly everything was gone.
So a count of such a type has another fact beside it, ``…@helhet``, with the parts added: the type with all that it came
from and all that it became, as long as nothing else came from or became the same. Changes are counted from those (see
``narrative/book.py``). Where there is no such whole, a count across a bound has no change at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from report_builder import swedish
from report_builder.facts.fact import WHOLE, Fact, FactSet, ObsStatus, Provenance
from report_builder.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifespan:
    """The first and the last day of a case type (``None``: unbounded), and the ids of the types that it came from."""

    since: date | None = None
    until: date | None = None
    successor_of: tuple[str, ...] = ()

    def outside(self, period: Period) -> bool:
        """Whether the type did not exist on any day of the period."""
        before = self.since is not None and period.end < self.since
        return before or (self.until is not None and period.start > self.until)

    def across(self, period: Period) -> bool:
        """Whether the type existed on some days of the period and not on others."""
        begins = self.since is not None and period.start < self.since <= period.end
        return begins or (self.until is not None and period.start <= self.until < period.end)


def within_lifespans(facts: FactSet, spans: Mapping[str, Lifespan]) -> FactSet:
    """``facts`` without values outside the time of their case type (status ``M``), and with those of wholes."""
    if not any(span.since or span.until for span in spans.values()):
        return facts
    groups = {name: _group(name, spans) for name in spans}
    wholes = [_whole(f, facts, groups[f.case_type]) for f in facts if _has_whole(f, spans, groups)]
    return FactSet([*(_limited(fact, spans.get(fact.case_type)) for fact in facts), *wholes])


def _limited(fact: Fact, span: Lifespan | None) -> Fact:
    if span is None or not span.outside(fact.period):
        return fact
    came = replace(fact.provenance, count=None, rows=(), left_out=())
    return replace(fact, value=None, status=ObsStatus.MISSING, provenance=came)


def _has_whole(fact: Fact, spans: Mapping[str, Lifespan], groups: Mapping[str, frozenset[str]]) -> bool:
    span = spans.get(fact.case_type)
    if span is None or fact.unit != swedish.COUNT or "@" in fact.id or "~" in fact.id:
        return False
    return bool(groups[fact.case_type]) or span.outside(fact.period) or span.across(fact.period)


def _whole(fact: Fact, facts: FactSet, group: frozenset[str]) -> Fact:
    """The count with its parts added; no value where there is no whole, or a part is withheld or not counted."""
    names = sorted(group)
    found = [facts.get(fact.id.replace(f".{fact.case_type}.", f".{name}.", 1)) for name in names]
    parts = [part for part in found if part is not None]
    values = [part.value for part in parts if part.value is not None]
    value = sum(values, Decimal(0)) if names and len(values) == len(names) else None
    return replace(
        fact,
        id=f"{fact.id}{WHOLE}",
        value=value,
        status=ObsStatus.NORMAL if value is not None else ObsStatus.MISSING,
        provenance=Provenance(derived_from=tuple(part.id for part in parts)),
    )


def _group(case_type: str, spans: Mapping[str, Lifespan]) -> frozenset[str]:
    """A type with all that it came from and became; empty where that is itself alone, or another type's as well."""
    came_from = {name: frozenset(span.successor_of) for name, span in spans.items()}
    became = {name: frozenset(n for n, span in spans.items() if name in span.successor_of) for name in spans}
    back, onward = _reached(case_type, came_from), _reached(case_type, became)
    group = frozenset({case_type}) | back | onward
    alone = all(became[name] <= group for name in back) and all(came_from[name] <= group for name in onward)
    return group if alone and len(group) > 1 else frozenset()


def _reached(case_type: str, steps: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """All types that steps lead to, however many."""
    waiting, found = list(steps[case_type]), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += steps[name]
    return frozenset(found)
