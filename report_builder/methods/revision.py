"""Revisions: every published value that prints differently now, in one list, each with what kind of revision it is.

What a report, its cover note and its page on the web say of revised values comes from this list and from nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from pydantic import Field

from report_builder import swedish
from report_builder.facts.fact import Fact, FactSet, ObsStatus
from report_builder.facts.ledger import Ledger, LedgerEntry, rounded
from report_builder.methods.change import Changes, Said
from report_builder.problems import Problem, raise_errors
from report_builder.workspace.yamlfile import Model, YamlFile, read

REVISION_REGISTER = "content/registers/revideringar.yaml"
OWN_REGISTER = "registers/revideringar.yaml"
"""Below a release's folder: the records of that release alone, where a build puts those that are missing."""

TO_FILL_IN = "FYLL-I"
"""Stands where a person has something to write."""

RevisionKind = Literal["method-change", "method-and-data", "correction", "data-revision", "forecast"]
"""Why a value prints differently.

``method-and-data`` is where the version before gives another value of today's data than it gave then, too;
``forecast`` is a projection that is made again from what has come in since.
"""

KINDS: tuple[RevisionKind, ...] = ("method-change", "method-and-data", "correction", "data-revision", "forecast")
"""The kinds, the weightiest first: a derived value has the weightiest of what it is derived from."""


class RevisionRecord(Model):
    """Why values print differently in a release: ``facts`` are ids, where ``*`` stands for any letters."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    release: str
    kind: Literal["data-revision", "correction"]
    facts: tuple[str, ...] = Field(min_length=1)
    why: Said

    def covers(self, fact_id: str) -> bool:
        """Whether the record explains the fact."""
        return any(fnmatchcase(fact_id, pattern) for pattern in self.facts)


class RevisionRegister(Model):
    """``revideringar.yaml``: why published values are revised."""

    rows: tuple[RevisionRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A published value that prints differently now; ``printed`` says whether the report itself prints it.

    ``record`` is the id of the record that explains it, empty where a change of method does.
    """

    entry: LedgerEntry
    fact: Fact
    kind: RevisionKind
    why: str
    published_in: str
    printed: bool = False
    record: str = ""

    @property
    def before(self) -> Decimal | None:
        """What was printed."""
        return self.entry.printed

    @property
    def now(self) -> Decimal | None:
        """What is printed now."""
        return rounded(self.fact.value, self.fact.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexplained:
    """A published value that prints differently now, and that no record explains."""

    entry: LedgerEntry
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionCounts:
    """How many values were revised: ``printed`` by kind (the weightiest first), and what stands beside them."""

    published_in: str = ""
    printed: Mapping[RevisionKind, int] = field(default_factory=dict)
    unprinted: int = 0
    below: int = 0
    remarked: int = 0

    @property
    def total(self) -> int:
        """How many of the values that the report prints differ from the published ones as they are printed."""
        return sum(self.printed.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """What of ``published_in`` (a release's id, empty where there is none) is not the same now.

    ``values`` are those that print differently, in the order of the facts. Of the values that the report prints,
    ``below`` differ from the published ones only beyond the decimals that are printed, and ``remarked`` say the same
    with another mark.
    """

    published_in: str = ""
    values: tuple[Revision, ...] = ()
    below: tuple[Revision, ...] = ()
    remarked: tuple[Revision, ...] = ()
    unexplained: tuple[Unexplained, ...] = field(default=(), repr=False)

    @property
    def printed(self) -> tuple[Revision, ...]:
        """Those that the report prints, its data annex included."""
        return tuple(r for r in self.values if r.printed)

    @property
    def counts(self) -> RevisionCounts:
        """How many there are of each."""
        kinds = Counter(r.kind for r in self.printed)
        return RevisionCounts(
            published_in=self.published_in,
            printed={kind: kinds[kind] for kind in KINDS if kinds[kind]},
            unprinted=len(self.values) - len(self.printed),
            below=len(self.below),
            remarked=len(self.remarked),
        )


def load_revision_records(root: Path, release_id: str) -> tuple[tuple[RevisionRecord, ...], tuple[YamlFile, ...]]:
    """The records about a release, those of its own register first, and the files that they stand in.

    Raises:
        ReportError: every fault of the first file that has any, or a reason that nobody has filled in.

    """
    records: list[RevisionRecord] = []
    files: list[YamlFile] = []
    open_rows: list[Problem] = []
    for name in (f"content/{release_id}/{OWN_REGISTER}", REVISION_REGISTER):
        if (root / name).is_file():
            register, file = read(root / name, name, RevisionRegister)
            own = [(i, r) for i, r in enumerate(register.rows) if r.release == release_id]
            open_rows += [_to_fill_in(r, file, i) for i, r in own if TO_FILL_IN in r.why]
            records += [r for _, r in own]
            files.append(file)
    raise_errors(open_rows)
    return tuple(records), tuple(files)


def _to_fill_in(record: RevisionRecord, file: YamlFile, row: int) -> Problem:
    message = f"The record {record.id} does not say yet why {len(record.facts)} value(s) print differently."
    hint = f"Write the reason for readers of the report where it says {TO_FILL_IN}."
    place = file.place("rows", row, "why")
    return Problem(code="to-fill-in", message=message, place=place, hint=hint, value=TO_FILL_IN)


def shown(value: Decimal | None, decimals: int, status: str) -> str:
    """A value as every edition prints it, but for its unit and its mark: ``18 950``, ``..``, or withheld."""
    if value is None and status == ObsStatus.SUPPRESSED:
        return status
    return swedish.number(value, decimals)


def find_revisions(
    before: Ledger | None,
    facts: FactSet,
    changes: Changes,
    records: Sequence[RevisionRecord],
    printed: Collection[str] = (),
) -> Revisions:
    """Every value that ``before`` published and that prints differently now.

    ``printed`` are the ids of the facts that the report prints.
    """
    if before is None:
        return Revisions()
    found: dict[str, Revision] = {}
    unexplained: list[Unexplained] = []
    below: list[Revision] = []
    remarked: list[Revision] = []
    for entry, fact in _pairs(before, facts):
        kind, why, record = _class(entry, fact, facts, changes, records)
        revision = Revision(
            entry=entry,
            fact=fact,
            kind=kind or "data-revision",
            why=why,
            published_in=before.release,
            printed=fact.id in printed,
            record=record,
        )
        if _prints_alike(entry, fact):
            below += [revision] if entry.value != fact.value and revision.printed else []
            remarked += [revision] if entry.status != fact.status and revision.printed else []
        elif kind is None:
            unexplained.append(Unexplained(entry=entry, fact=fact))
        else:
            found[fact.id] = revision
    found |= {r.fact.id: replace(r, printed=r.fact.id in printed) for r in _following(unexplained, found, facts)}
    return Revisions(
        published_in=before.release,
        values=tuple(found[f.id] for f in facts if f.id in found),
        below=tuple(below),
        remarked=tuple(remarked),
        unexplained=tuple(_leading([u for u in unexplained if u.fact.id not in found], facts)),
    )


def _leading(unexplained: Sequence[Unexplained], facts: FactSet) -> Iterator[Unexplained]:
    """Those that no other of them explains: a derived value is explained with what it is derived from."""
    ids = {u.fact.id for u in unexplained}
    for value in unexplained:
        if ids.isdisjoint(_sources(value.fact, facts)):
            yield value


def _following(unexplained: Sequence[Unexplained], found: Mapping[str, Revision], facts: FactSet) -> Iterator[Revision]:
    """Derived values that nothing explains follow what they are derived from."""
    for value in unexplained:
        source = _weightiest(value.fact, found, facts)
        if source is not None:
            yield replace(source, entry=value.entry, fact=value.fact)


def _pairs(before: Ledger, facts: FactSet) -> Iterator[tuple[LedgerEntry, Fact]]:
    """What was published and what is now, in the order of the facts."""
    for fact in facts:
        entry = before.entries.get(fact.id)
        if entry is not None:
            yield entry, fact


def _prints_alike(entry: LedgerEntry, fact: Fact) -> bool:
    then = shown(entry.value, entry.decimals, entry.status), entry.unit
    return then == (shown(fact.value, fact.decimals, fact.status), fact.unit)


def _class(
    entry: LedgerEntry, fact: Fact, facts: FactSet, changes: Changes, records: Sequence[RevisionRecord]
) -> tuple[RevisionKind | None, str, str]:
    """A version that took another's place explains a value, and so does being a forecast; else a record must."""
    if fact.status is ObsStatus.FORECAST:
        return "forecast", "", ""
    (measure, _, old), new = entry.method.partition("@"), fact.method.partition("@")[2]
    if old != new and (steps := changes.path(measure, old, new)):
        by_old = facts.get(f"{fact.id}@{old}")
        alone = by_old is None or _prints_alike(entry, by_old)
        return ("method-change" if alone else "method-and-data"), steps[-1].what, ""
    record = next((r for r in records if r.covers(fact.id)), None)
    return (record.kind, record.why, record.id) if record is not None else (None, "", "")


def _weightiest(fact: Fact, found: Mapping[str, Revision], facts: FactSet) -> Revision | None:
    """The revision that a derived value follows: of what it is derived from, however far back, the weightiest."""
    sources = (found[name] for name in _sources(fact, facts) if name in found)
    return min(sources, key=lambda r: (KINDS.index(r.kind), r.fact.id), default=None)


def _sources(fact: Fact, facts: FactSet) -> frozenset[str]:
    """The ids of what a fact is derived from, however far back."""
    waiting, seen = list(fact.provenance.derived_from), set[str]()
    while waiting:
        name = waiting.pop()
        source = facts.get(name)
        if name not in seen and source is not None:
            waiting += source.provenance.derived_from
        seen.add(name)
    return frozenset(seen)
