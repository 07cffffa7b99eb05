"""Checking one metric file against its contract, for the person who delivers it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.problems import Problem, ReportError, Severity

if TYPE_CHECKING:
    from report_builder.contracts.check import CheckResult
    from report_builder.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the contract had to say about a file."""

    file: str
    contract: str
    result: CheckResult

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found, errors and warnings."""
        return self.result.problems

    @property
    def accepted(self) -> bool:
        """Whether the file may be built on."""
        return all(p.severity is not Severity.ERROR for p in self.problems)

    @property
    def summary(self) -> str:
        """One line for the terminal."""
        verdict = "meets" if self.accepted else "does not meet"
        return f"{self.file} {verdict} {self.contract}."

    def html(self) -> str:
        """The answer as a page in Swedish that can be mailed to the supplier."""
        from report_builder.contracts.report import html_report

        return html_report(self.result)

    def json(self) -> str:
        """The answer for machines."""
        from report_builder.contracts.report import json_report

        return json_report(self.result)


def validate(workspace: Workspace, file: Path, contract: str, schema_object: str = "") -> Answer:
    """Check ``file`` against ``contract`` (``dataset@version``).

    Raises:
        ReportError: there is no such contract, or the file belongs to none of its objects.

    """
    from report_builder.contracts.check import check_file
    from report_builder.contracts.load import load_contract

    dataset, at, version = contract.partition("@")
    if not (dataset and at and version):
        hint = "Write DATASET@VERSION, for example arenden@1.0.0."
        raise ReportError(Problem(code="bad-contract", message=f"{contract!r} names no contract version.", hint=hint))
    loaded = load_contract(workspace.root, dataset, version)
    result = check_file(loaded, file, schema_object or None)
    return Answer(file=str(file), contract=contract, result=result)
