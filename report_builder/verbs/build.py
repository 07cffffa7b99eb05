"""``build``: a release into its output folder, or nothing where the output is up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from report_builder.output.plan import Plan, read_plan
from report_builder.pipeline import Progress, UnexplainedRevisionError, make, make_editions
from report_builder.problems import Problem, ReportError
from report_builder.workspace.cache import NO_CACHE
from report_builder.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A build: where it lies, its files, what deserves a warning, and whether it lay there already."""

    release: str
    folder: Path
    files: tuple[str, ...]
    warnings: tuple[Problem, ...]
    unchanged: bool = False

    @property
    def editions(self) -> tuple[str, ...]:
        """The files that people read: PDF, Word and HTML."""
        stem = self.release.replace("/", "-")
        return tuple(f for f in self.files if f.startswith(stem))


def build(
    workspace: Workspace,
    release_id: str,
    progress: Progress = lambda _: None,
    *,
    force: bool = False,
    fresh: bool = False,
    only: Sequence[str] = (),
) -> Built:
    """Build a release into ``output/<kind>/<release>/``; what was there stays until the new build is whole.

    If nothing that a build can read has changed since the last one, its output is left as it lies; ``force`` builds
    anyway, and ``fresh`` builds anyway without anything that was kept between builds. Where ``only`` names editions (by
    extension), they alone are made, into a folder of their own beside that (``<release>.only``), for a folder of output
    is always a whole build. One run at a time builds a release: another waits, and finds what the first has built.

    Raises:
        ReportError: the release, its data or its content is at fault, or another run does not come to an end with it.
            Nothing has been written.

    """
    from report_builder.output.folder import building
    from report_builder.output.stamp import keep, stamp, still_true

    if fresh:
        workspace = replace(workspace, cache=NO_CACHE)
    workspace.release(release_id)  # before anything is written: there is such a release
    folder = workspace.output_dir(release_id)
    if only:
        return _build_editions(workspace, release_id, only, folder.with_name(f"{folder.name}.only"), progress)
    with building(folder, lambda: progress("Waiting for another run that builds this release")):
        taken = stamp(workspace.root)
        files = None if force or fresh else still_true(workspace.root, folder, taken)
        if files is not None:
            return Built(release=release_id, folder=folder, files=files, warnings=(), unchanged=True)
        built = _build(workspace, release_id, progress)
        keep(folder, taken)
    workspace.cache.tidy()
    return built


def _build(workspace: Workspace, release_id: str, progress: Progress) -> Built:
    from report_builder.output.folder import replace_folder

    progress("Reading the release and what it pins")
    plan = read_plan(workspace, release_id)
    try:
        made = make(plan, progress)
    except UnexplainedRevisionError as e:
        raise _with_records(plan, e) from e
    folder = workspace.output_dir(release_id)
    replace_folder(folder, made.files)
    return Built(release=release_id, folder=folder, files=tuple(sorted(made.files)), warnings=made.warnings)


def _build_editions(
    workspace: Workspace, release_id: str, only: Sequence[str], folder: Path, progress: Progress
) -> Built:
    from report_builder.output.folder import building, replace_folder

    with building(folder, lambda: progress("Waiting for another run that builds this release")):
        progress("Reading the release and what it pins")
        made = make_editions(read_plan(workspace, release_id), only, progress)
        replace_folder(folder, made.files)
    workspace.cache.tidy()
    return Built(release=release_id, folder=folder, files=tuple(sorted(made.files)), warnings=made.warnings)


def _with_records(plan: Plan, missing: UnexplainedRevisionError) -> ReportError:
    """What is to be done about revised values that no record explains, once the records are offered."""
    from report_builder.output.revision_offer import offer_records

    before = plan.past.before.release if plan.past.before is not None else ""
    offered = offer_records(plan.workspace, plan.release.id, before, missing.groups)
    return ReportError([*(replace(p, hint=offered.hint) for p in missing.problems), offered])
