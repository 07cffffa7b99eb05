"""What came of holding files against a contract: faults with their rows, rules with their outcome, and the delivery.

Everything is said in English for a terminal and in Swedish for the supplier who gets the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.words import Words, joined
from report_builder.deliveries.delivery import Delivery
from report_builder.problems import Place, Problem, Severity

SHOWN_ROWS = 10
"""How many failing rows of a rule are kept; the count says how many there are."""
NUMBERED_ROWS = 1000
"""How many failing rows of a rule are named by their number."""
WITHHELD = "•••"
"""Stands where a value of a sensitive column would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRow:
    """A row as it stands in the file: its number as a spreadsheet shows it, and its cells in the file's order."""

    row: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: what must hold, what was found instead, in how many rows, and what to do.

    ``headers`` are the columns at fault as the file names them, the one to look at first. ``row`` is the first row at
    fault and ``value`` what stands there, None where the value is withheld or there is none. ``rows`` are the first
    rows at fault; their cells stand under ``row_headers`` (none for rows that do not fit the header). ``note`` is what
    the contract says of the rule in its own words, ``name`` the id that it has there. ``details`` tell of groups of
    rows where no row is at fault by itself. ``numbers`` are the rows at fault, a thousand of them at most.
    ``consequences`` are the faults that go away with this one.
    """

    code: str
    name: str = ""
    severity: Severity = Severity.ERROR
    object: str
    file: str
    rule: Words
    fault: Words
    hint: Words
    note: str = ""
    headers: tuple[str, ...] = ()
    row: int | None = None
    value: str | None = None
    count: int = 1
    row_headers: tuple[str, ...] = ()
    rows: tuple[FailingRow, ...] = ()
    details: tuple[Words, ...] = ()
    numbers: tuple[int, ...] = ()
    consequences: tuple[Finding, ...] = ()

    @property
    def said(self) -> Words:
        """The fault with its details."""
        return joined(self.fault, joined(*self.details, between="; "))

    @property
    def problem(self) -> Problem:
        """The finding as the rest of the program says it, in English; a report's reader gets :attr:`said`."""
        place = Place(file=self.file, row=self.row, column=self.headers[0] if self.headers else None)
        return Problem(
            code=self.code,
            rule=self.name,
            message=self.said.en,
            place=place,
            hint=self.hint.en,
            severity=self.severity,
            value=self.value,
            count=self.count,
            follows=tuple(f.said.en for f in self.consequences),
        )


class Status(StrEnum):
    """What came of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A rule and what came of it. ``note`` is the contract's own words on the rule; ``reason`` why it was skipped."""

    code: str
    object: str
    headers: tuple[str, ...]
    severity: Severity
    rule: Words
    note: str
    status: Status
    reason: Words | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """A file that was read (``sha256`` empty where it could not be): its rows of data and its column names."""

    object: str
    title: str
    file: str
    sha256: str
    rows: int
    headers: tuple[str, ...]
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What came of a delivery: ``delivery`` is None if anything was an error.

    ``findings`` holds the faults of reading first, then those of the rules, in the contract's order; what only follows
    from another is folded under that one.
    """

    contract: Contract
    files: tuple[FileSummary, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    delivery: Delivery | None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every fault, one for each rule and column."""
        return tuple(f.problem for f in self.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the delivery from being taken."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that are only shown."""
        return tuple(f for f in self.findings if f.severity is Severity.WARNING)
