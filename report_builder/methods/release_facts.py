"""The facts of a release with every change of method accounted for: bridged, marked, and held against what was said.

A measure whose version changed keeps plain ids for the version in force. Values that only an older version can give
keep their plain ids too; they rest on another version, so nothing compares across.

The marks are those of SDMX (code list CL_OBS_STATUS), each by SDMX's own meaning; ``docs/marks.md`` has the table. A
value that a newer version counts from the cases of an earlier time is as good as any other and has no mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

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
from report_builder.methods.lifespans import Lifespan, within_lifespans
from report_builder.methods.method import KM_KINDS, Durations, Method
from report_builder.methods.tally import MethodTally
from report_builder.problems import Problem, raise_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """The facts of a release, and the bridges over its changes of method."""

    facts: FactSet
    bridges: tuple[Bridge, ...] = ()
    tallies: Mapping[str, MethodTally] = field(default_factory=dict)
    """What became of the rows that each method of cases read, by measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSources:
    """What facts are computed from: deliveries, case types and their total, and the years.

    ``provisional`` says of a dataset from which day on what was delivered is expected to be corrected.
    """

    deliveries: Sequence[Delivery]
    case_types: Sequence[str]
    years: Sequence[str]
    total: str
    tertial: str = ""
    provisional: Mapping[str, date] = field(default_factory=dict)
    lifespans: Mapping[str, Lifespan] = field(default_factory=dict)
    """When case types begin and end, and what they came from; of those without bounds, nothing."""

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


def release_facts(methods: Mapping[str, Method], past: Past, sources: FactSources) -> ReleaseFacts:
    """The facts of the pinned ``methods``, with what earlier versions say where a change is recorded.

    Raises:
        ReportError: a method cannot be applied, the identity fails, or a bridge is promised where no period is common.

    """
    measured = sources.measured(methods)
    facts = {f.id: f for f in measured.facts}
    bridges: list[Bridge] = []
    problems: list[Problem] = []
    for measure, method in methods.items():
        own = [f for f in facts.values() if f.measure == measure]
        history = past.history.get(measure, ())
        found, bridge = _with_earlier(method, own, history, past.changes, sources)
        if bridge is not None:
            problems += _unbridged(bridge, past.changes)
            bridges.append(bridge)
        found = [_across_outside(f, past.changes.of(measure)) for f in found]
        for fact in own:
            del facts[fact.id]
        versions = {m.id: m for m in (*history, method)}
        facts |= {f.id: f for f in _marked(found, versions, sources.provisional)}
    raise_errors(problems)
    whole = within_lifespans(FactSet(facts.values()), sources.lifespans)
    return ReleaseFacts(facts=whole, bridges=tuple(bridges), tallies=measured.tallies)


def _with_earlier(
    method: Method, own: Sequence[Fact], history: Sequence[Method], changes: Changes, sources: FactSources
) -> tuple[list[Fact], Bridge | None]:
    """The facts of a measure with those of its earlier versions, and the bridge over its latest change."""
    found = {f.id: f for f in own}
    first: Bridge | None = None
    newer, change = method, changes.into(method)
    while change is not None:
        before = change.valid_from
        if change.comparability == "broken":
            found = {n: f for n, f in found.items() if f.method != newer.id or f.period.start >= before}
        older = next(m for m in history if m.version == change.from_version)
        old_facts = _earlier_facts(older, change, sources)
        bridge = build_bridge(change, older, newer, old_facts, FactSet(found.values()))
        for fact in old_facts:
            found.setdefault(fact.id, fact)
        if first is None:
            first = bridge
            found |= {f.id: f for f in bridge.facts}
        newer, change = older, changes.into(older)
    return list(found.values()), first


def _earlier_facts(older: Method, change: ChangeRecord, sources: FactSources) -> FactSet:
    facts = sources.facts({older.measure: older})
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


def _across_outside(fact: Fact, changes: Iterable[ChangeRecord]) -> Fact:
    """A fact from before a break that no version makes is about another population."""
    for change in changes:
        if not change.outside or (change.case_types and fact.case_type not in change.case_types):
            continue
        if fact.period.start < change.valid_from:
            mixed = f"/{fact.period.name}" if fact.period.end >= change.valid_from else ""
            return replace(fact, population=gettext("before {change}", change=f"{change.id}{mixed}"))
    return fact


def _marked(facts: Sequence[Fact], versions: Mapping[str, Method], provisional: Mapping[str, date]) -> Iterator[Fact]:
    """The facts with their marks; of two that a value could have, a break goes first, then what is estimated."""
    breaks = _breaks(facts)
    for fact in facts:
        if fact.value is None or fact.status is not ObsStatus.NORMAL:
            yield fact
        elif fact.id in breaks:
            yield replace(fact, status=ObsStatus.BREAK)
        elif _estimated(fact, versions):
            yield replace(fact, status=ObsStatus.ESTIMATED)
        elif _provisional(fact, provisional):
            yield replace(fact, status=ObsStatus.PROVISIONAL)
        else:
            yield fact


def _breaks(facts: Sequence[Fact]) -> frozenset[str]:
    """The values that rest on another version, or are about other cases, than the one before them in their series."""
    series: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in facts:
        if fact.value is not None and "@" not in fact.id and "~" not in fact.id and fact.period.kind != "range":
            series.setdefault((fact.statistic, fact.case_type, fact.period.kind), []).append(fact)
    pairs = (pair for found in series.values() for pair in pairwise(sorted(found, key=lambda f: f.period)))
    return frozenset(
        after.id for before, after in pairs if (before.method, before.population) != (after.method, after.population)
    )


def _estimated(fact: Fact, versions: Mapping[str, Method]) -> bool:
    """Whether a statistic is estimated, because not all of its cases have ended, and not counted."""
    method = versions.get(fact.method)
    if method is None or not isinstance(method.rules, Durations):
        return False
    statistic, _ = method.whole(fact.statistic)
    kind = next((s.kind for s in method.rules.statistics if s.id == statistic), "count")
    return kind in KM_KINDS and kind != "count"


def _provisional(fact: Fact, provisional: Mapping[str, date]) -> bool:
    """Whether whoever delivered the data expects to correct what the value rests on."""
    since = provisional.get(fact.provenance.dataset)
    return since is not None and fact.period.end >= since
