"""The facts of a release with every change of method accounted for: bridged, flagged, and held against what was said.

A measure whose version changed keeps plain ids for the version in force. Values that only an older version can give
keep their plain ids too, with the status ``D``; they rest on another version, so nothing compares across. Values of the
newer version about the time before it was in force are estimates (``E``), and the first ones after are marked ``B``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from report_builder.catalogue import gettext
from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, FactSet, ObsStatus
from report_builder.methods.bridge import Bridge, build_bridge
from report_builder.methods.change import ChangeRecord, Changes
from report_builder.methods.compute import Measurement, measure_all
from report_builder.methods.disclosure import protect
from report_builder.methods.extract_day import known_outcomes
from report_builder.methods.history import Past
from report_builder.methods.identity import flow_identity_problems
from report_builder.methods.method import Method
from report_builder.methods.revision import Revision, find_revisions
from report_builder.methods.tally import MethodTally
from report_builder.problems import Problem, raise_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The facts of a release, the bridges over its changes of method, and what it revises of what was published."""

    facts: FactSet
    bridges: tuple[Bridge, ...] = ()
    revisions: tuple[Revision, ...] = ()
    tallies: Mapping[str, MethodTally] = field(default_factory=dict)
    """What became of the rows that each method of cases read, by measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What facts are computed from: deliveries, case types and their total, and the years."""

    deliveries: Sequence[Delivery]
    case_types: Sequence[str]
    years: Sequence[str]
    total: str
    tertial: str = ""

    def facts(self, methods: Mapping[str, Method]) -> FactSet:
        """The facts of :meth:`measured`."""
        return self.measured(methods).facts

    def measured(self, methods: Mapping[str, Method]) -> Measurement:
        """The facts of ``methods``, disclosure control included, and the tallies of the rows that they read.

        Raises:
            ReportError: a method cannot be applied, or the stock–flow identity or the tally of the rows fails.

        """
        found = measure_all(methods, self.deliveries, self.case_types, self.years, self.total, self.tertial)
        raise_errors(flow_identity_problems(found.facts, methods))
        protected = protect(found.facts, methods, self.case_types, self.total)
        return replace(found, facts=known_outcomes(protected, methods, self.deliveries))


def account(methods: Mapping[str, Method], past: Past, ground: Ground, release_id: str = "") -> Account:
    """The facts of the pinned ``methods``, with what earlier versions say where a change is recorded.

    Raises:
        ReportError: a method cannot be applied, the identity fails, a bridge is promised where no period is common, or
            a published value is otherwise now and nothing says why.

    """
    measured = ground.measured(methods)
    facts = {f.id: f for f in measured.facts}
    bridges: list[Bridge] = []
    problems: list[Problem] = []
    for measure, method in methods.items():
        own = [f for f in facts.values() if f.measure == measure]
        told, bridge = _with_earlier(method, own, past.history.get(measure, ()), past.changes, ground)
        if bridge is not None:
            problems += _unbridged(bridge, past.changes)
            bridges.append(bridge)
        told = [_across_outside(f, past.changes.of(measure)) for f in told]
        for fact in own:
            del facts[fact.id]
        facts |= {f.id: f for f in _first_after_break(told, past.changes.of(measure))}
    whole = FactSet(facts.values())
    revised, unclassed = find_revisions(past.before, whole, past.changes, past.reasons, release_id)
    raise_errors([*problems, *unclassed])
    return Account(facts=whole, bridges=tuple(bridges), revisions=revised, tallies=measured.tallies)


def _with_earlier(
    method: Method, own: Sequence[Fact], history: Sequence[Method], changes: Changes, ground: Ground
) -> tuple[list[Fact], Bridge | None]:
    """The facts of a measure with those of its earlier versions, and the bridge over its latest change."""
    told = {f.id: f for f in own}
    first: Bridge | None = None
    newer, change = method, changes.into(method)
    while change is not None:
        before = change.valid_from
        if change.comparability == "broken":
            told = {n: f for n, f in told.items() if f.method != newer.id or f.period.start >= before}
        told = {n: _back_cast(f, newer, before) for n, f in told.items()}
        older = next(m for m in history if m.version == change.from_version)
        old_facts = _earlier_facts(older, change, ground)
        bridge = build_bridge(change, older, newer, old_facts, FactSet(told.values()))
        for fact in old_facts:
            told.setdefault(fact.id, replace(fact, status=_flag(fact, ObsStatus.DEFINITION_DIFFERS)))
        if first is None:
            first = bridge
            told |= {f.id: f for f in bridge.facts}
        newer, change = older, changes.into(older)
    return list(told.values()), first


def _earlier_facts(older: Method, change: ChangeRecord, ground: Ground) -> FactSet:
    facts = ground.facts({older.measure: older})
    if change.comparability == "broken":
        return FactSet(f for f in facts if f.period.start < change.valid_from)
    return facts


def _unbridged(bridge: Bridge, changes: Changes) -> Iterator[Problem]:
    """A bridge that is promised must have a period to stand on."""
    if bridge.rows or bridge.change.comparability == "broken":
        return
    change = bridge.change
    message = f"{bridge.old.id} and {bridge.new.id} have no period in common, so their values cannot be compared."
    hint = "Set comparability to broken: the report then describes the break and compares nothing across it."
    place = changes.place(change, "comparability")
    yield Problem(code="no-common-period", message=message, place=place, hint=hint, value=change.comparability)


def _flag(fact: Fact, status: ObsStatus) -> ObsStatus:
    """``status``, unless there is no value to flag."""
    return status if fact.value is not None else fact.status


def _back_cast(fact: Fact, newer: Method, before: date) -> Fact:
    if fact.method == newer.id and fact.status is ObsStatus.NORMAL and fact.period.start < before:
        return replace(fact, status=ObsStatus.ESTIMATED)
    return fact


def _across_outside(fact: Fact, changes: Iterable[ChangeRecord]) -> Fact:
    """A fact from before a break that no version makes is about another population."""
    for change in changes:
        if not change.outside or (change.case_types and fact.case_type not in change.case_types):
            continue
        if fact.period.start < change.valid_from:
            mixed = f"/{fact.period.name}" if fact.period.end >= change.valid_from else ""
            status = _flag(fact, ObsStatus.DEFINITION_DIFFERS)
            return replace(fact, population=gettext("before {change}", change=f"{change.id}{mixed}"), status=status)
    return fact


def _first_after_break(facts: Sequence[Fact], changes: Sequence[ChangeRecord]) -> Iterator[Fact]:
    """The facts, each series' first one at or after a break marked ``B``."""
    firsts: dict[tuple[str, str, str, str], Fact] = {}
    for change in changes:
        for fact in facts:
            named = not change.case_types or fact.case_type in change.case_types
            plain = "@" not in fact.id and "~" not in fact.id
            if plain and named and fact.value is not None and fact.period.end >= change.valid_from:
                series = (change.id, fact.statistic, fact.case_type, fact.period.kind)
                if series not in firsts or fact.period < firsts[series].period:
                    firsts[series] = fact
    marked = {f.id for f in firsts.values()}
    for fact in facts:
        yield replace(fact, status=ObsStatus.BREAK) if fact.id in marked else fact
