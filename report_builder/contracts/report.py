"""What came of a delivery, as a web page in Swedish for the one who delivered it, and as JSON for a program.

The page is a single file that can be mailed: nothing is fetched when it is opened. It holds no date, so that the same
delivery gives the same page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from report_builder.contracts.result import WITHHELD, CheckResult, FileSummary, Finding, Outcome, Status
from report_builder.contracts.words import NOTHING, Words, joined, words
from report_builder.swedish import listing, number

JSON_FORMAT = 1
"""The version of the JSON; it grows when a field changes its meaning or goes away."""
_TEMPLATE = "validation.html.j2"


def html_report(result: CheckResult) -> str:
    """The validation report as one self-contained web page."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = number
    environment.filters["ranges"] = _ranges
    template = environment.from_string((files(__package__) / _TEMPLATE).read_text(encoding="utf-8"))
    return template.render(
        contract=result.contract,
        files=result.files,
        errors=result.errors,
        warnings=result.warnings,
        passed=[o for o in result.outcomes if o.status is Status.PASSED],
        skipped=_skipped(result),
        withheld=WITHHELD if any(WITHHELD in r.cells for f in result.findings for r in f.rows) else "",
        verdict=_verdict(result),
        follows=_follows,
    )


def _follows(count: int) -> str:
    """What stands over the faults that go away with the one that they are folded under."""
    return words(
        "{count} fault that goes away with this one", "{count} faults that go away with this one", count=count
    ).sv


def _ranges(numbers: Sequence[int]) -> str:
    """``2, 4–7 och 12``: the numbers in order, those that follow on each other drawn together."""
    runs: list[list[int]] = []
    for row in sorted(set(numbers)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return listing([number(a) if a == b else f"{number(a)}–{number(b)}" for a, b in runs])


def _skipped(result: CheckResult) -> list[tuple[str, str, str]]:
    """What was not tried, as (rule, object, why); an object of which nothing was tried stands once."""
    found: dict[tuple[str, str, str], None] = {}
    for file in result.contract.files:
        own = [o for o in result.outcomes if o.object == file.name]
        reasons = {o.reason.sv if o.status is Status.SKIPPED and o.reason else "" for o in own}
        for outcome in (o for o in own if o.status is Status.SKIPPED and o.reason):
            whole = len(own) > 1 and len(reasons) == 1
            rule = words("All {count} rules", count=len(own)) if whole else outcome.rule
            found[rule.sv, file.title, outcome.reason.sv if outcome.reason else ""] = None
    return list(found)


def json_report(result: CheckResult) -> str:
    """The validation report as JSON: the same content as the page, each text in English and in Swedish."""
    content = {
        "format": JSON_FORMAT,
        "contract": result.contract.id,
        "valid": not result.errors,
        "errors": len(result.errors),
        "warnings": len(result.warnings),
        "files": [_file(f) for f in result.files],
        "findings": [_finding(f) for f in result.findings],
        "rules": [_outcome(o) for o in result.outcomes],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _verdict(result: CheckResult) -> str:
    errors, warnings = len(result.errors), len(result.warnings)
    remarks = words("{count} remark", "{count} remarks", count=warnings)
    if errors:
        wrong = words(
            "{count} fault has to be corrected before the data can be used.",
            "{count} faults have to be corrected before the data can be used.",
            count=errors,
        )
        return joined(wrong, words("There are also {remarks}.", remarks=remarks) if warnings else NOTHING).sv
    count = len(result.files)
    if not warnings:
        return words("The file meets the contract.", "The files meet the contract.", count=count).sv
    return words(
        "The file meets the contract, with {remarks} to look into.",
        "The files meet the contract, with {remarks} to look into.",
        count=count, remarks=remarks,
    ).sv  # fmt: skip


def _file(file: FileSummary) -> dict[str, Any]:
    return {
        "object": file.object,
        "file": file.file,
        "sha256": file.sha256,
        "rows": file.rows,
        "columns": list(file.headers),
        "notes": [_words(n) for n in file.notes],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "object": finding.object,
        "file": finding.file,
        "columns": list(finding.headers),
        "row": finding.row,
        "value": finding.value,
        "count": finding.count,
        "rule": _words(finding.rule),
        "fault": _words(finding.fault),
        "hint": _words(finding.hint),
        "note": finding.note,
        "details": [_words(d) for d in finding.details],
        "row_columns": list(finding.row_headers),
        "rows": [{"row": r.row, "cells": list(r.cells)} for r in finding.rows],
        "consequences": [_finding(f) for f in finding.consequences],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "code": outcome.code,
        "object": outcome.object,
        "columns": list(outcome.headers),
        "severity": outcome.severity.value,
        "rule": _words(outcome.rule),
        "note": outcome.note,
        "status": outcome.status.value,
        "reason": None if outcome.reason is None else _words(outcome.reason),
        "count": 0 if outcome.finding is None else outcome.finding.count,
    }


def _words(words: Words) -> dict[str, str]:
    return {"en": words.en, "sv": words.sv}
