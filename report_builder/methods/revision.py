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
from report_builder.facts.ledger import Ledger, LedgerEntry, changed_values, rounded
from report_builder.methods.change import Changes, Said
from report_builder.problems import Place, Problem
from report_builder.workspace.yamlfile import Model, read

REVISION_REGISTER = "content/registers/revideringar.yaml"
RevisionKind = Literal["data-revision", "method-change", "correction"]


class RevisionRecord(Model):
    """Why values are otherwise in a release: ``facts`` are ids, where ``*`` stands for any letters."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    release: str
    kind: Literal["data-revision", "correction"]
    facts: tuple[str, ...] = Field(min_length=1)
    why: Said


class RevisionRegister(Model):
    """``revideringar.yaml``: why published values are revised."""

    rows: tuple[RevisionRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A published value that is otherwise now."""

    entry: LedgerEntry
    fact: Fact
    kind: RevisionKind
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


def load_revision_records(root: Path, release_id: str) -> tuple[RevisionRecord, ...]:
    """The reasons that are given for revisions in a release. Raises ReportError for every fault of the file."""
    if not (root / REVISION_REGISTER).is_file():
        return ()
    rows = read(root / REVISION_REGISTER, REVISION_REGISTER, RevisionRegister)[0].rows
    return tuple(r for r in rows if r.release == release_id)


def find_revisions(
    before: Ledger | None, facts: FactSet, changes: Changes, reasons: Sequence[RevisionRecord], release_id: str
) -> tuple[tuple[Revision, ...], list[Problem]]:
    """Every revision of what ``before`` published, and a problem for each kind of figure that has no reason."""
    if before is None:
        return (), []
    found: list[Revision] = []
    unclassed: dict[str, list[tuple[LedgerEntry, Fact]]] = defaultdict(list)
    for entry, fact in changed_values(before, facts):
        kind, why = _class(entry, fact, changes, reasons)
        if kind is None:
            unclassed[f"{fact.measure}.{fact.statistic}"].append((entry, fact))
            continue
        found.append(Revision(entry=entry, fact=fact, kind=kind, why=why, published_in=before.release))
    return tuple(found), [_unclassed(before, pairs, name, release_id) for name, pairs in sorted(unclassed.items())]


def _class(
    entry: LedgerEntry, fact: Fact, changes: Changes, reasons: Sequence[RevisionRecord]
) -> tuple[RevisionKind | None, str]:
    """A version that took another's place explains a value; otherwise people must."""
    (measure, _, old), new = entry.method.partition("@"), fact.method.partition("@")[2]
    if old != new and (steps := changes.path(measure, old, new)):
        return "method-change", steps[-1].what
    for reason in reasons:
        if any(fnmatchcase(fact.id, pattern) for pattern in reason.facts):
            return reason.kind, reason.why
    return None, ""


def _unclassed(before: Ledger, pairs: Sequence[tuple[LedgerEntry, Fact]], name: str, release_id: str) -> Problem:
    entry, fact = pairs[0]
    now = rounded(fact.value, fact.decimals)
    message = (
        f"{len(pairs)} published value(s) of {name} differ from those in {before.release}, and nothing says why: "
        f"{entry.id} was {entry.printed} and is {now}."
    )
    hint = (
        f"Add to {REVISION_REGISTER}, under rows, a row with id, release: {release_id}, kind (data-revision or "
        f'correction), facts: ["{name}.*"] and why.'
    )
    place = Place(file=before.file)
    return Problem(code="unclassed-revision", message=message, place=place, hint=hint, value=str(now), count=len(pairs))
