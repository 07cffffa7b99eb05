"""The ledger: every value that has been published, release by release, one line a value, in files under git.

``content/ledger/<kind>/<release>.csv`` holds what a release printed or could have printed, and by which method. Later
releases are held against it: a method may not change unsaid, and neither may a value about a period that has passed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from report_builder.facts.csvcells import decimals_of, parse_value, utf8_text
from report_builder.facts.fact import Fact, FactSet
from report_builder.problems import Place, Problem, ReportError

LEDGER_COLUMNS = ("id", "value", "unit", "decimals", "status", "method", "fingerprint")
LEDGER_FOLDER = "content/ledger"
_CODE = "bad-ledger"
_HINT = "A ledger is written by the program; restore the file from version control."


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A published value; ``fingerprint`` is that of the method version when it was published."""

    id: str
    value: Decimal | None
    unit: str
    decimals: int
    status: str
    method: str
    fingerprint: str

    @property
    def printed(self) -> Decimal | None:
        """The value as rounded for print."""
        return rounded(self.value, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What one release published: its id (``<kind>/<release>``), its file, and its values by fact id."""

    release: str
    file: str
    entries: Mapping[str, LedgerEntry]

    @property
    def methods(self) -> dict[str, str]:
        """Each method version that the release used, with its fingerprint then."""
        return dict(sorted({e.method: e.fingerprint for e in self.entries.values()}.items()))

    def version(self, measure: str) -> str:
        """The version that a measure's values had, or "" where the release had none; a kept older one is not it."""
        found = {e.method for e in self.entries.values() if e.id.startswith(f"{measure}.") and "@" not in e.id}
        return max((m.partition("@")[2] for m in found), key=lambda v: (len(v), v), default="")


def rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    """``value`` as it is printed."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def ledger_csv(facts: FactSet, fingerprints: Mapping[str, str]) -> str:
    """The ledger's file of a release; ``fingerprints`` are by method id."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(LEDGER_COLUMNS)
    writer.writerows(_row(f, fingerprints.get(f.method, "")) for f in facts)
    return buffer.getvalue()


def _row(fact: Fact, fingerprint: str) -> tuple[str, ...]:
    value = "" if fact.value is None else f"{fact.value.normalize():f}"
    return (fact.id, value, fact.unit, str(fact.decimals), fact.status.value, fact.method, fingerprint)


def ledger_path(root: Path, release_id: str) -> Path:
    """Where the ledger of a release lies."""
    return root / LEDGER_FOLDER / f"{release_id}.csv"


def releases_with_ledger(root: Path) -> tuple[str, ...]:
    """The releases that have a ledger, as ``<kind>/<release>``."""
    files = (root / LEDGER_FOLDER).glob("*/*.csv")
    return tuple(sorted(f"{p.parent.name}/{p.stem}" for p in files))


def previous_ledger(root: Path, release_id: str, named: str = "") -> Ledger | None:
    """The ledger of the release ``named``, else of the last one before ``release_id`` of the same kind, else ``None``.

    Raises:
        ReportError: the named release has no ledger, or the file is not one.

    """
    if named:
        if named not in releases_with_ledger(root):
            message = f"The release names {named} as the one before it, but that has no ledger."
            known = ", ".join(releases_with_ledger(root)) or "none"
            hint = f"Published: {known}. Record it with: report-builder ledger {named}."
            place = Place(file=f"content/{release_id}/release.yaml")
            raise ReportError(Problem(code="no-ledger", message=message, place=place, hint=hint, value=named))
        return read_ledger(root, named)
    kind = release_id.partition("/")[0]
    earlier = [r for r in releases_with_ledger(root) if r.partition("/")[0] == kind and r < release_id]
    return read_ledger(root, earlier[-1]) if earlier else None


def read_ledger(root: Path, release_id: str) -> Ledger:
    """The ledger of a release.

    Raises:
        ReportError: every line that is not a published value.

    """
    name = f"{LEDGER_FOLDER}/{release_id}.csv"
    text = utf8_text(ledger_path(root, release_id).read_bytes(), name, code=_CODE, hint=_HINT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as e:
        raise ReportError(_bad(f"The file is no ledger: {e}.", name, 1)) from e
    if not rows or tuple(rows[0]) != LEDGER_COLUMNS:
        message = f"The ledger's first line is not {','.join(LEDGER_COLUMNS)}."
        raise ReportError(_bad(message, name, 1))
    entries: dict[str, LedgerEntry] = {}
    problems: list[Problem] = []
    for line, row in enumerate(rows[1:], start=2):
        entry = _entry(row)
        if entry is None:
            problems.append(_bad("The line is not a published value.", name, line))
        elif entry.id in entries:
            problems.append(_bad(f"The line repeats {entry.id}.", name, line))
        else:
            entries[entry.id] = entry
    if problems:
        raise ReportError(problems)
    return Ledger(release=release_id, file=name, entries=entries)


def _bad(message: str, name: str, line: int) -> Problem:
    return Problem(code=_CODE, message=message, place=Place(file=name, line=line), hint=_HINT)


def _entry(row: list[str]) -> LedgerEntry | None:
    if len(row) != len(LEDGER_COLUMNS):
        return None
    name, text, unit, decimals, status, method, fingerprint = row
    try:
        return LedgerEntry(
            id=name,
            value=parse_value(text),
            unit=unit,
            decimals=decimals_of(decimals),
            status=status,
            method=method,
            fingerprint=fingerprint,
        )
    except ValueError:
        return None
