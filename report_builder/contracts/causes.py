"""One cause is told, and what only follows from it is folded under it.

A cell that holds ``#REF!`` is no date either; rows that a merged cell leaves empty lack their value. Who corrects the
one has corrected the other, so only the first is a fault to count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from report_builder.contracts.result import NUMBERED_ROWS, Finding, Outcome
from report_builder.problems import Severity

CAUSES = frozenset({
    "swallowed-rows", "merged-cells", "scaled-cells", "text-became-date", "error-value", "missing-sign",
    "rewritten-key", "odd-text",
})  # fmt: skip
"""Codes of faults that make others in the same cells."""


def folded(findings: Sequence[Finding], outcomes: Sequence[Outcome]) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """The findings without those that follow from another, which stand under it; the outcomes have the same findings.

    One follows from another of the same file if each of its rows is one of that one's, a column at fault is the same,
    and it is no worse. One that is known by some of its rows only is left alone.
    """
    under: dict[int, int] = {}
    causes = [i for i, f in enumerate(findings) if f.code in CAUSES and _all_known(f)]
    for i, finding in enumerate(findings):
        if not _all_known(finding):
            continue
        for cause in causes:
            if cause != i and cause not in under and _follows(finding, findings[cause], later=i > cause):
                under[i] = cause
                break
    told: dict[int, Finding] = {}
    for i, finding in enumerate(findings):
        if i not in under:
            mine = tuple(findings[j] for j, cause in under.items() if cause == i)
            told[i] = replace(finding, consequences=mine) if mine else finding
    exchanged = {id(findings[i]): finding for i, finding in told.items()}
    changed = tuple(
        o if o.finding is None else replace(o, finding=exchanged.get(id(o.finding), o.finding)) for o in outcomes
    )
    return tuple(told.values()), changed


def _all_known(finding: Finding) -> bool:
    return 0 < len(finding.numbers) < NUMBERED_ROWS


def _follows(finding: Finding, cause: Finding, *, later: bool) -> bool:
    """Of two causes in the same cells the one that is told first is the cause."""
    if finding.file != cause.file or (finding.code in CAUSES and not later):
        return False
    if finding.severity is Severity.ERROR and cause.severity is Severity.WARNING:
        return False
    return bool(set(finding.headers) & set(cause.headers)) and set(finding.numbers) <= set(cause.numbers)
