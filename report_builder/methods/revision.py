"""Revisions: published values that are otherwise now, each classed as data revision, method change or correction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from pydantic import Field

from report_builder.facts.fact import Fact, FactSet
from report_builder.facts.ledger import Entry, Ledger, changed, rounded
from report_builder.methods.change import Changes, Said
from report_builder.problems import Place, Problem
from report_builder.workspace.yamlfile import Model, read

REGISTER = "content/registers/revideringar.yaml"
Kind = Literal["data-revision", "method-change", "correction"]


class Reason(Model):
    """Why values are otherwise in a release: ``facts`` are ids, where ``*`` stands for any letters."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    release: str
    kind: Literal["data-revision", "correction"]
    facts: tuple[str, ...] = Field(min_length=1)
    why: Said


class _Register(Model):
    rows: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A published value that is otherwise now."""

    entry: Entry
    fact: Fact
    kind: Kind
    why: str
    published_in: str

    @property
    def before(self) -> Decimal | None:
        """What was printed."""
        return self.entry.printed

    @property
    def now(self) -> Decimal | None:
        """What is printed now."""
        return rounded(self.fact.value, self.fact.decimals)


def load_reasons(root: Path, release_id: str) -> tuple[Reason, ...]:
    """The reasons that are given for revisions in a release. Raises ReportError for every fault of the file."""
    if not (root / REGISTER).is_file():
        return ()
    return tuple(r for r in read(root / REGISTER, REGISTER, _Register)[0].rows if r.release == release_id)


def revisions(
    before: Ledger | None, facts: FactSet, changes: Changes, reasons: Sequence[Reason], release_id: str
) -> tuple[tuple[Revision, ...], list[Problem]]:
    """Every revision of what ``before`` published, and a problem for each kind of figure that has no reason."""
    if before is None:
        return (), []
    found: list[Revision] = []
    unclassed: dict[str, list[tuple[Entry, Fact]]] = defaultdict(list)
    for entry, fact in changed(before, facts):
        kind, why = _class(entry, fact, changes, reasons)
        if kind is None:
            unclassed[f"{fact.measure}.{fact.statistic}"].append((entry, fact))
            continue
        found.append(Revision(entry=entry, fact=fact, kind=kind, why=why, published_in=before.release))
    return tuple(found), [_unclassed(before, pairs, name, release_id) for name, pairs in sorted(unclassed.items())]


def _class(entry: Entry, fact: Fact, changes: Changes, reasons: Sequence[Reason]) -> tuple[Kind | None, str]:
    """A version that took another's place explains a value; otherwise people must."""
    (measure, _, old), new = entry.method.partition("@"), fact.method.partition("@")[2]
    if old != new and (steps := changes.path(measure, old, new)):
        return "method-change", steps[-1].what
    for reason in reasons:
        if any(fnmatchcase(fact.id, pattern) for pattern in reason.facts):
            return reason.kind, reason.why
    return None, ""


def _unclassed(before: Ledger, pairs: Sequence[tuple[Entry, Fact]], name: str, release_id: str) -> Problem:
    entry, fact = pairs[0]
    now = rounded(fact.value, fact.decimals)
    message = (
        f"{len(pairs)} published value(s) of {name} are otherwise than in {before.release}, and nothing says why: "
        f"{entry.id} was {entry.printed} and is {now}."
    )
    hint = (
        f"Add to {REGISTER}, under rows, a row with id, release: {release_id}, kind (data-revision or correction), "
        f'facts: ["{name}.*"] and why.'
    )
    place = Place(file=before.file)
    return Problem(code="unclassed-revision", message=message, place=place, hint=hint, value=str(now), count=len(pairs))
