"""Checking one metric file against its contract, for the person who delivers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.problems import Place, Problem, ReportError, Severity

if TYPE_CHECKING:
    from report_builder.contracts.check import CheckResult
    from report_builder.contracts.context import Earlier
    from report_builder.contracts.odcs.contract import Contract
    from report_builder.workspace.workspace import Workspace


class FailOn(StrEnum):
    """The least severity that makes a file fail."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def counts(self, severity: Severity) -> bool:
        """Whether a problem of this severity fails the file."""
        return self is not FailOn.NEVER and (severity is Severity.ERROR or self is FailOn.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the contract had to say about a file."""

    file: str
    contract: str
    result: CheckResult
    fail_on: FailOn = FailOn.ERROR

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found, errors and warnings."""
        return self.result.problems

    @property
    def accepted(self) -> bool:
        """Whether the file passes, by the severity that the caller wants it to fail on."""
        return not any(self.fail_on.counts(p.severity) for p in self.problems)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was inferred in reading, and the rules that were not run, each with its reason."""
        read = [f"{file.file}: {note.en}" for file in self.result.files for note in file.notes]
        by_reason: dict[str, list[str]] = {}
        for outcome in self.result.outcomes:
            if outcome.reason is not None and outcome.object in {file.object for file in self.result.files}:
                by_reason.setdefault(outcome.reason.en, []).append(outcome.rule.en)
        skipped = [
            f"Not run: {rules[0]}{f' (and {len(rules) - 1} more)' if len(rules) > 1 else ''} {reason}"
            for reason, rules in by_reason.items()
        ]
        return (*read, *skipped)

    @property
    def summary(self) -> str:
        """One line for the terminal."""
        verdict = "does not meet" if self.result.errors else "meets"
        return f"{self.file} {verdict} {self.contract}."

    def html(self) -> str:
        """The answer as a page in Swedish that can be mailed to the supplier."""
        from report_builder.contracts.report import html_report

        return html_report(self.result)

    def json(self) -> str:
        """The answer for machines."""
        from report_builder.contracts.report import json_report

        return json_report(self.result)

    def junit(self) -> str:
        """The answer as test results, a case for each rule."""
        from report_builder.contracts.machine_formats import junit_report

        return junit_report(self.result, self.fail_on.counts)

    def sarif(self) -> str:
        """The answer as the result of an analysis, a place in the file for each fault."""
        from report_builder.contracts.machine_formats import sarif_report

        return sarif_report(self.result)


def validate(
    workspace: Workspace,
    file: Path,
    contract: str,
    schema_object: str = "",
    *,
    as_of: date | None = None,
    since: date | None = None,
    previous: Path | None = None,
    fail_on: FailOn = FailOn.ERROR,
    rows_to: Path | None = None,
) -> Answer:
    """Check ``file`` against ``contract`` (``dataset@version``); every row at fault goes to the CSV file ``rows_to``.

    ``since`` and ``as_of`` are the first and the last day that the file covers; ``previous`` is the file of the
    delivery before, which is taken to tell of the same days.

    Raises:
        ReportError: there is no such contract, the file belongs to none of its objects, or ``rows_to`` cannot be
            written or would overwrite what is read.

    """
    from report_builder.contracts.files.digest import sha256

    if rows_to is not None:
        _refuse_overwriting(workspace, rows_to, (file, previous))
    with ThreadPoolExecutor(max_workers=1) as beside:
        digest = beside.submit(sha256, file)  # while the contract is read, and all that reads it is loaded
        from report_builder.contracts.check import check_file
        from report_builder.contracts.context import DeliveryContext

        loaded = contract_named(workspace, contract)
        around = DeliveryContext(since=since, as_of=as_of, earlier=_earlier(loaded, previous, since, as_of))
        cache = workspace.cache
        check = partial(check_file, loaded, file, schema_object or None, around=around, cache=cache, digest=digest)
        result = check() if rows_to is None else _with_rows(check, rows_to)
    return Answer(file=str(file), contract=contract, result=result, fail_on=fail_on)


def _refuse_overwriting(workspace: Workspace, rows_to: Path, read: Sequence[Path | None]) -> None:
    """Refuse to write rows over what is read, by whatever name or link, or over anything that people keep.

    Raises:
        ReportError: ``rows_to`` is one of the files ``read``, or lies among the contents of the workspace.

    """
    hint = "Name a new file outside the workspace's folders, such as rows.csv."
    for path in (path for path in read if path is not None):
        if rows_to.exists() and path.exists() and rows_to.samefile(path):
            message = f"--rows-to names the file that is checked, {path}: it would be overwritten."
            raise ReportError(Problem(code="overwrites-input", message=message, place=_at(rows_to), hint=hint))
    for name in ("content", "data_contracts", "templates"):
        if rows_to.resolve().is_relative_to((workspace.root / name).resolve()):
            message = f"--rows-to names a file in {name}, where only people write."
            raise ReportError(Problem(code="overwrites-input", message=message, place=_at(rows_to), hint=hint))


def _at(path: Path) -> Place:
    return Place(file=str(path))


def _with_rows(check: Callable[..., CheckResult], rows_to: Path) -> CheckResult:
    """The check with its rows in ``rows_to``, which stays as it was unless the check comes to its end."""
    straight = rows_to.exists() and not rows_to.is_file()  # a pipe or a terminal cannot be exchanged
    new = rows_to if straight else rows_to.with_name(f".{rows_to.name}.new")
    try:
        with new.open("w", encoding="utf-8-sig", newline="") as out:
            result = check(rows_to=out)
        if not straight:
            new.replace(rows_to)
        return result
    except (ReportError, OSError) as e:
        if not straight:
            new.unlink(missing_ok=True)
        if isinstance(e, ReportError):
            raise
        message = f"The rows cannot be written to {rows_to}: {e.strerror}."
        raise ReportError(Problem(code="file-unwritable", message=message, hint="Name another file.")) from e


def _earlier(contract: Contract, file: Path | None, since: date | None, as_of: date | None) -> Earlier | None:
    """The file of the delivery before, whichever object it is of: only one file is checked."""
    from report_builder.contracts.context import Earlier

    if file is None:
        return None
    return Earlier(name=file.name, files={f.name: file for f in contract.files}, since=since, as_of=as_of)


def contract_named(workspace: Workspace, name: str) -> Contract:
    """The contract called ``dataset@version``. Raises ReportError where there is none, or it is at fault."""
    from report_builder.contracts.odcs.load import load_contract

    dataset, at, version = name.partition("@")
    if not (dataset and at and version):
        hint = "Write DATASET@VERSION, for example arenden@1.0.0."
        raise ReportError(Problem(code="bad-contract", message=f"{name!r} names no contract version.", hint=hint))
    return load_contract(workspace.root, dataset, version)
