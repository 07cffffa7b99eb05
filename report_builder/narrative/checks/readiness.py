"""What a report must have before it is final: demands answered, remarks explained, old prose read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report_builder.deliveries.acceptance import Remark
from report_builder.document import nodes as n
from report_builder.narrative.chapters import coverage
from report_builder.narrative.template import Template
from report_builder.narrative.template_lock import is_locked
from report_builder.problems import Place, Problem, Severity
from report_builder.workspace.workspace import Release, Workspace


def readiness_problems(
    workspace: Workspace, release: Release, template: Template, blocks: tuple[n.Block, ...], remarks: Sequence[Remark]
) -> Iterator[Problem]:
    """What is left to do: warnings in a draft, most of it errors in a final release.

    Raises:
        ReportError: the register of demands does not fit.

    """
    yield from (r.problem for r in remarks if r.accepted is None and r.problem.severity is Severity.ERROR)
    yield from _unreviewed(workspace, release)
    yield from _unlocked(template, release, workspace)
    if template.model.coverage:
        demands, file = coverage.load_demands(workspace, template.model.coverage, release.id)
        yield from coverage.gaps(demands, file, release, blocks)


def _unreviewed(workspace: Workspace, release: Release) -> Iterator[Problem]:
    """Sections carried over that nobody has read since: an error in a final release, a warning in a draft."""
    severity = Severity.ERROR if release.status == "final" else Severity.WARNING
    _, file = workspace.release(release.id)
    for section, state in release.review.items():
        place = file.place("review", section)
        path = workspace.release_dir(release.id) / "sections" / f"{section}.md"
        if not path.is_file():
            message = f"The release has no section {section} to review."
            yield Problem(code="unknown-section", message=message, place=place, hint="Remove the line.")
        elif state == "to-review":
            message = f"The section {section} was written for an earlier release and has not been reviewed."
            hint = f"Read {workspace.shown(path)}, change what no longer holds, and write reviewed here."
            yield Problem(code="to-review", message=message, place=place, hint=hint, severity=severity)


def _unlocked(template: Template, release: Release, workspace: Workspace) -> Iterator[Problem]:
    if release.status == "final" and not is_locked(template.folder):
        message = f"The report is final, and its template {release.template} can still be edited."
        hint = f"Lock it: report-builder templates lock {release.template} --release {release.id}"
        place = Place(file=workspace.shown(template.folder))
        yield Problem(code="unlocked-template", message=message, place=place, hint=hint, severity=Severity.WARNING)
