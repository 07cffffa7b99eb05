"""What a release is written from, as it was measured before from the very same files: kept, and measured if need be.

Checked deliveries and facts depend on the metric files, their contracts, the methods with their history, registers and
the release's own file. They do not depend on prose, so a word that is changed in a section or a template needs none of
them again. Kept deliveries have no tables: nothing that writes a report reads rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from report_builder.deliveries.delivery import ColumnQuality, Delivery, FileQuality, Gap, GroupQuality
from report_builder.facts.fact import Fact, FactSet, SourceFile
from report_builder.methods.bridge import Bridge, BridgeRow, NotLinked
from report_builder.methods.release_facts import ReleaseFacts
from report_builder.methods.tally import MethodTally, Tally
from report_builder.output.plan import Plan, own_inputs_of
from report_builder.problems import Problem
from report_builder.workspace.cache import key

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import TypeAdapter

_KIND = "measurements"

_OF_PROSE = frozenset({"section", "template", "edition"})
"""Roles of the inputs that say how a report is worded and looks, and have no part in what is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """The deliveries of a release, their facts, the remarks that their methods make, and the validation pages.

    ``pages`` has the page of each dataset in the report's language.
    """

    deliveries: tuple[Delivery, ...]
    release_facts: ReleaseFacts
    noticed: tuple[Problem, ...]
    pages: Mapping[str, str]


def measured_or(plan: Plan, measure: Callable[[], Measurements]) -> Measurements:
    """The measurements of ``plan`` as they were kept, else what ``measure`` gives. Raises what that raises."""
    store = plan.workspace.cache
    if store.folder is None:
        return measure()
    name = key(*_basis(plan))
    if (content := store.get(_KIND, name)) is not None and (found := _restored(plan, content)) is not None:
        return found
    measured = measure()
    store.put(_KIND, name, _form().dump_json(_kept(measured)))
    return measured


def _basis(plan: Plan) -> Iterator[str | Path]:
    """Everything that measurements are made of: files with role, version and name, and the words of the language."""
    yield plan.release.id
    yield plan.settings.language
    yield repr(sorted(plan.template.wordings.items(), key=repr))
    for entry in own_inputs_of(plan):
        if entry.role not in _OF_PROSE:
            yield from (entry.role, entry.version, entry.name, entry.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A :class:`GroupQuality` with its counts as a list, for they are found by three values at once."""

    column: str
    title: str
    by: str
    by_title: str
    each: str
    values: tuple[str, ...]
    counts: tuple[tuple[str, int, int, int], ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    object: str
    title: str
    granularity: str
    rows: int
    remarked: int
    columns: tuple[ColumnQuality, ...]
    groups: tuple[_Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    dataset: str
    version: str
    sources: dict[str, SourceFile]
    warnings: tuple[Problem, ...]
    example: bool
    since: date | None
    as_of: date | None
    received: date | None
    quality: tuple[_File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bridge:
    """A :class:`Bridge` with the names of its change and its methods, which the plan has."""

    change: str
    old: str
    new: str
    rows: tuple[BridgeRow, ...]
    linked: tuple[Fact, ...]
    not_linked: tuple[NotLinked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    rows: int
    returns: int
    no_start: int
    disorder: int
    unlisted: int
    no_part: int
    outside: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _MethodTally:
    """A :class:`MethodTally` with the values that nothing lists as a list, for one of them may be none at all."""

    whole: dict[str, _Tally]
    parts: dict[str, dict[str, _Tally]]
    unlisted: tuple[tuple[str | None, int, int], ...]
    no_part: tuple[tuple[str | None, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The form of an entry."""

    deliveries: tuple[_Delivery, ...]
    facts: tuple[Fact, ...]
    bridges: tuple[_Bridge, ...]
    tallies: dict[str, _MethodTally]
    noticed: tuple[Problem, ...]
    pages: dict[str, str]


@cache
def _form() -> TypeAdapter[_Kept]:
    from pydantic import TypeAdapter

    return TypeAdapter(_Kept)


def _kept(measured: Measurements) -> _Kept:
    found = measured.release_facts
    return _Kept(
        deliveries=tuple(_kept_delivery(delivery) for delivery in measured.deliveries),
        facts=tuple(found.facts),
        bridges=tuple(
            _Bridge(**_same(bridge, change=bridge.change.id, old=bridge.old.id, new=bridge.new.id))
            for bridge in found.bridges
        ),
        tallies={measure: _kept_method_tally(tally) for measure, tally in found.tallies.items()},
        noticed=measured.noticed,
        pages=dict(measured.pages),
    )


def _restored(plan: Plan, content: bytes) -> Measurements | None:
    try:
        kept = _form().validate_json(content)
        bridges = tuple(_bridge(plan, bridge) for bridge in kept.bridges)
        facts = FactSet(kept.facts)
    except (ValueError, KeyError):  # written by nobody who could read it back
        return None
    tallies = {measure: _method_tally(tally) for measure, tally in kept.tallies.items()}
    return Measurements(
        deliveries=tuple(_delivery(delivery) for delivery in kept.deliveries),
        release_facts=ReleaseFacts(facts=facts, bridges=bridges, tallies=tallies),
        noticed=kept.noticed,
        pages=kept.pages,
    )


def _same(found: Any, **others: object) -> dict[str, Any]:
    """The fields of a dataclass by name, ``others`` in the place of its own."""
    return {field.name: getattr(found, field.name) for field in fields(found)} | others


def _kept_delivery(delivery: Delivery) -> _Delivery:
    known = _same(delivery, quality=tuple(_kept_file(file) for file in delivery.quality))
    del known["tables"]
    return _Delivery(**known)


def _delivery(kept: _Delivery) -> Delivery:
    return Delivery(**_same(kept, quality=tuple(_file(file) for file in kept.quality)), tables={})


def _kept_file(file: FileQuality) -> _File:
    groups = tuple(
        _Group(**_same(group, counts=tuple((*at, count) for at, count in group.counts.items())))
        for group in file.groups
    )
    return _File(**_same(file, groups=groups))


def _file(kept: _File) -> FileQuality:
    groups = tuple(
        GroupQuality(**_same(group, counts={(value, year, month): n for value, year, month, n in group.counts}))
        for group in kept.groups
    )
    return FileQuality(**_same(kept, groups=groups))


def _bridge(plan: Plan, kept: _Bridge) -> Bridge:
    """The bridge between the methods of these names. Raises KeyError where the plan has no such change or method."""
    change = {change.id: change for change in plan.past.changes.rows}[kept.change]
    pinned = {method.id: method for method in plan.methods.values()}
    old, new = (pinned.get(name) or plan.past.method(name) for name in (kept.old, kept.new))
    return Bridge(**_same(kept, change=change, old=old, new=new))


def _kept_method_tally(tally: MethodTally) -> _MethodTally:
    return _MethodTally(
        whole={name: _kept_tally(one) for name, one in tally.whole.items()},
        parts={part: {name: _kept_tally(one) for name, one in of.items()} for part, of in tally.parts.items()},
        unlisted=tuple((value, count, first) for value, (count, first) in tally.unlisted.items()),
        no_part=tuple((value, count, first) for value, (count, first) in tally.no_part.items()),
    )


def _method_tally(kept: _MethodTally) -> MethodTally:
    return MethodTally(
        whole={name: _tally(one) for name, one in kept.whole.items()},
        parts={part: {name: _tally(one) for name, one in of.items()} for part, of in kept.parts.items()},
        unlisted={value: (count, first) for value, count, first in kept.unlisted},
        no_part={value: (count, first) for value, count, first in kept.no_part},
    )


def _kept_tally(tally: Tally) -> _Tally:
    return _Tally(**_same(tally, outside=dict(tally.outside)))


def _tally(kept: _Tally) -> Tally:
    outside: defaultdict[str, int] = defaultdict(lambda: 0)
    outside.update(kept.outside)
    return Tally(**_same(kept, outside=outside))
