"""Two versions of a contract compared: what was added, what changed, and what breaks a consumer of the data.

A consumer is broken by what it can no longer rely on: a column that is gone or has another type, values where there
was a bound, empty cells where there were none, a rule that is no longer an error. A supplier who must do more (a new
column, a tighter bound) breaks nobody who reads the data: that is a change.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from report_builder.contracts.odcs.contract import Contract, ContractColumn, DeclaredRule, Dialect, FileContract
from report_builder.contracts.odcs.load import contract_versions, load_contract
from report_builder.contracts.odcs.quality import LibraryRule
from report_builder.problems import Place, Problem, ReportError

_LOWER = frozenset({"minimum", "exclusive_minimum", "min_length"})
_UPPER = frozenset({"maximum", "exclusive_maximum", "max_length"})
_UNRELEASED = frozenset({"draft", "proposed"})


class Kind(StrEnum):
    """What a difference means to one who reads the data."""

    BREAKING = "breaking"
    ADDITION = "addition"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference; ``where`` is an object or a column ("object.column"), empty for the contract itself."""

    kind: Kind
    where: str
    what: str


def contract_differences(old: Contract, new: Contract) -> tuple[Difference, ...]:
    """What sets ``new`` apart from ``old``, what breaks first."""
    found = [*_contract(old, new)]
    return tuple(sorted(found, key=lambda d: list(Kind).index(d.kind)))


def release_faults(workspace_root: Path) -> Iterator[Problem]:
    """Released versions of a contract that break their consumers without a new major version, pair by pair."""
    for dataset, versions in contract_versions(workspace_root).items():
        released = []
        for version in versions:
            try:
                contract = load_contract(workspace_root, dataset, version)
            except ReportError:
                continue  # what is wrong with the file is told where it is read
            released += [contract] if contract.status not in _UNRELEASED else []
        for old, new in pairwise(released):
            if old.version.split(".")[0] == new.version.split(".")[0]:
                yield from (_fault(old, new, d) for d in contract_differences(old, new) if d.kind is Kind.BREAKING)


def _fault(old: Contract, new: Contract, difference: Difference) -> Problem:
    major = int(new.version.split(".")[0]) + 1 if new.version.split(".")[0].isdecimal() else "next"
    return Problem(
        code="breaking-change",
        message=f"{new.id} breaks those who read {old.id}: {difference.where}: {difference.what}.",
        place=Place(file=new.file),
        hint=f"Take the change back, or release it as {major}.0.0.",
    )


def _contract(old: Contract, new: Contract) -> Iterator[Difference]:
    before, after = {f.name: f for f in old.files}, {f.name: f for f in new.files}
    for name in before.keys() - after.keys():
        yield Difference(kind=Kind.BREAKING, where=name, what="the object is gone")
    for name in after.keys() - before.keys():
        yield Difference(kind=Kind.ADDITION, where=name, what="a new object")
    for name in (n for n in before if n in after):
        yield from _file(before[name], after[name])
    for what, was, now in (
        ("status", old.status, new.status),
        ("service levels", old.promises, new.promises),
        ("owner", old.owner, new.owner),
        ("support", old.contacts, new.contacts),
        ("title", old.title, new.title),
    ):
        if was != now:
            told = f"{was} → {now}" if isinstance(was, str) else "changed"
            yield Difference(kind=Kind.CHANGE, where="", what=f"{what}: {told}")


def _file(old: FileContract, new: FileContract) -> Iterator[Difference]:
    before, after = {c.name: c for c in old.columns}, {c.name: c for c in new.columns}
    for name in (n for n in before if n not in after):
        yield Difference(kind=Kind.BREAKING, where=f"{old.name}.{name}", what="the column is gone")
    for name in (n for n in after if n not in before):
        yield Difference(kind=Kind.ADDITION, where=f"{old.name}.{name}", what="a new column")
    for name in (n for n in before if n in after):
        yield from _column(f"{old.name}.{name}", before[name], after[name])
    if old.key != new.key:
        was, now = ", ".join(old.key) or "none", ", ".join(new.key) or "none"
        yield Difference(kind=Kind.BREAKING, where=old.name, what=f"primary key: {was} → {now}")
    for field in fields(Dialect):
        was, now = getattr(old.dialect, field.name), getattr(new.dialect, field.name)
        if was != now:
            yield Difference(kind=Kind.CHANGE, where=old.name, what=f"{field.name}: {was!r} → {now!r}")
    had = {(r.columns, r.to, r.to_columns) for r in old.references}
    has = {(r.columns, r.to, r.to_columns) for r in new.references}
    for columns, to, _ in sorted(had - has):
        yield Difference(kind=Kind.BREAKING, where=old.name, what=f"{', '.join(columns)} refers no longer to {to}")
    for columns, to, _ in sorted(has - had):
        yield Difference(kind=Kind.CHANGE, where=old.name, what=f"{', '.join(columns)} must exist in {to}")
    yield from _rules(old, new)


def _dropped(was: Any, now: Any) -> bool:
    return bool(was and not now)


def _always(was: Any, now: Any) -> bool:
    return bool(was != now)


def _never(was: Any, now: Any) -> bool:
    return False


_TRAITS: tuple[tuple[str, str, Callable[[Any, Any], bool]], ...] = (
    ("type", "type", _always),
    ("required", "required", _dropped),
    ("unique", "unique", _dropped),
    ("decimals", "decimals", operator.lt),
    ("digits", "digits", operator.lt),
    ("bits", "integer width", _always),
    ("sensitive", "sensitive", _never),
    ("header", "name in the file", _never),
    ("date_format", "format in the file", _never),
)
"""Traits of a column: its field, its name for people, and what of a change breaks one who reads the data."""


def _column(where: str, old: ContractColumn, new: ContractColumn) -> Iterator[Difference]:
    for name, word, breaks in _TRAITS:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            kind = Kind.BREAKING if breaks(was, now) else Kind.CHANGE
            yield Difference(kind=kind, where=where, what=f"{word}: {was} → {now}")
    for limit in fields(old.limits):
        was, now = getattr(old.limits, limit.name), getattr(new.limits, limit.name)
        if was != now:
            kind = Kind.BREAKING if _is_looser(limit.name, was, now) else Kind.CHANGE
            yield Difference(kind=kind, where=where, what=f"{limit.name.replace('_', ' ')}: {was} → {now}")


def _is_looser(name: str, was: Any, now: Any) -> bool:
    """Whether values may come that could not: a bound that went away or moved outwards, a pattern that changed."""
    if was is None:
        return False
    if now is None or type(was) is not type(now):
        return True
    if name in _LOWER:
        return bool(now < was)
    return bool(now > was) if name in _UPPER else True


def _rules(old: FileContract, new: FileContract) -> Iterator[Difference]:
    before, after = _keyed(old), _keyed(new)
    for key, rule in before.items():
        where = f"{old.name}.{rule.column}" if rule.column else old.name
        name = _named(rule)
        if key not in after:
            kind = Kind.BREAKING if rule.rule.severity == "error" else Kind.CHANGE
            yield Difference(kind=kind, where=where, what=f"the rule {name} is gone or says something else")
        elif (was := rule.rule.severity) != (now := after[key].rule.severity):
            kind = Kind.BREAKING if was == "error" else Kind.CHANGE
            yield Difference(kind=kind, where=where, what=f"the rule {name}: {was} → {now}")
    for key, rule in after.items():
        if key not in before:
            where = f"{new.name}.{rule.column}" if rule.column else new.name
            yield Difference(kind=Kind.CHANGE, where=where, what=f"a new rule, {_named(rule)}")


def _keyed(file: FileContract) -> Mapping[str, DeclaredRule]:
    """Rules by what they demand, in whatever words and with whatever severity."""
    wordless = {"description", "custom_properties", "severity", "name", "id", "tags", "dimension", "business_impact"}
    return {f"{r.column}: {r.rule.model_dump_json(exclude=wordless)}": r for r in file.quality}


def _named(declared: DeclaredRule) -> str:
    rule = declared.rule
    kind = rule.metric if isinstance(rule, LibraryRule) else rule.type
    words = rule.description or rule.name
    return f"{kind} (“{words}”)" if words else kind
