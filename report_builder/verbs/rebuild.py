"""``rebuild``: a bundle built again from its own inputs, and compared with what was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.output.plan import Plan, inputs_of, read_plan
from report_builder.packages.archive import is_bundle, is_inside, read_files
from report_builder.packages.bundles import INPUTS, seal_problems
from report_builder.packages.manifest import MANIFEST, Manifest, Program, bundle_entry, read_manifest, sha256
from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.scratch import scratch_folder
from report_builder.workspace.workspace import Workspace

if TYPE_CHECKING:
    from report_builder.pipeline import Made, Progress

_ASIDE = ("comparison/", "sbom.", "manifest.json", "lasmig.txt", "sha256sums.")
"""What describes the bundle, the machine or the version before, and is not made from the inputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A bundle built again: the files that came out the same, those that did not, and what may be the reason."""

    name: str
    same: tuple[str, ...]
    differing: tuple[str, ...]
    remarks: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The answer for a terminal."""
        if not self.differing:
            yield f"Identical: {self.name} built again gives the same bytes in {len(self.same)} files."
        else:
            yield f"Different: {len(self.differing)} of {len(self.differing) + len(self.same)} files of {self.name}."
            yield from (f"  {name}" for name in self.differing)
        yield from self.remarks


def rebuild(path: Path, workspace: Path, progress: Progress) -> Rebuilt:
    """Build the bundle at ``path`` again in a folder of its own, and compare the two.

    Inputs that the bundle does not hold are taken from ``workspace``, if the very same files are there.

    Raises:
        ReportError: the bundle is not what was published, an input is neither in it nor in the workspace, or this
            program cannot build it.

    """
    files = read_files(path)
    if not is_bundle(files):
        message = "This is no published bundle, so it does not hold what it was made of."
        hint = "Name the folder or the ZIP that was published."
        raise ReportError(Problem(code="no-bundle", message=message, place=Place(file=str(path)), hint=hint))
    if broken := tuple(seal_problems(files, None)):
        raise ReportError(broken)
    return rebuild_files(files, workspace, progress)


def rebuild_files(files: Mapping[str, bytes], workspace: Path, progress: Progress) -> Rebuilt:
    """Build the bundle whose ``files`` these are again in an empty folder; raises as :func:`rebuild`."""
    manifest = read_manifest(files[MANIFEST], Place(file=MANIFEST))
    inputs = _inputs(files, manifest, workspace)
    with scratch_folder() as folder:
        for name, data in inputs.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        again = _built(Workspace(folder), manifest, progress)
    compared = [name for name in sorted(files) if not name.startswith((*_ASIDE, "inputs/"))]
    return Rebuilt(
        name=bundle_entry(manifest).name,
        same=tuple(name for name in compared if again.get(name) == files[name]),
        differing=tuple(name for name in compared if again.get(name) != files[name]),
        remarks=tuple(_other_versions(manifest.program, read_manifest(again[MANIFEST], Place(file=MANIFEST)).program)),
    )


def bundle_of(plan: Plan, made: Made, kept_back: frozenset[str]) -> dict[str, bytes]:
    """Every file of the bundle that a release makes, unsigned."""
    from report_builder.editions.images import Charts
    from report_builder.editions.style_files import font_folder, own_folder
    from report_builder.publishing import bundle
    from report_builder.publishing.landing import Front

    workspace, release, shown = plan.workspace, plan.release, plan.template.model.landing
    material = bundle.Material(
        release=release,
        document=made.composition.document,
        facts=made.composition.facts,
        built=made.files,
        inputs=tuple(inputs_of(plan)),
        withheld=kept_back,
        charts=Charts(font_folder(own_folder(workspace.root))),
        front=Front(summary=shown.summary, key_figures=shown.key_figures, figures=shown.figures),
        history=plan.past.history,
        open_data=plan.settings.open_data,
        before=bundle.last_before(workspace, release),
    )
    with plan.words():
        return bundle.bundle_files(material)


def _built(workspace: Workspace, manifest: Manifest, progress: Progress) -> dict[str, bytes]:
    from report_builder import pipeline

    plan = read_plan(workspace, manifest.release)
    left_out = frozenset(entry.file for entry in manifest.inputs if not entry.kept)
    return bundle_of(plan, pipeline.make(plan, progress), left_out)


def _inputs(files: Mapping[str, bytes], manifest: Manifest, workspace: Path) -> dict[str, bytes]:
    """Every input of the bundle by its name in a workspace: its own, or the same file where the workspace has it."""
    found, problems = {}, []
    for entry in manifest.inputs:
        name, digest = entry.file, entry.sha256
        place = workspace / name
        if not is_inside(name):
            problems.append(_problem("unsafe-path", name, "The path leads out of the workspace.", "Do not use it."))
        elif entry.kept:
            found[name] = files[f"{INPUTS}/{name}"]
        elif place.is_file() and sha256(data := place.read_bytes()) == digest:
            found[name] = data
        else:
            there = "holds another file of that name" if place.is_file() else "does not hold it"
            message = f"The bundle was published without this file, and the workspace {there}."
            hint = f"Name a workspace that has it with --workspace DIR. Its SHA-256 is {digest}."
            problems.append(_problem("input-missing", name, message, hint))
    if problems:
        raise ReportError(problems)
    return found


def _problem(code: str, name: str, message: str, hint: str) -> Problem:
    return Problem(code=code, message=message, place=Place(file=name), hint=hint)


def _other_versions(then: Program, now: Program) -> Iterator[str]:
    """Versions of the program and its packages that differ from those that the bundle was published with."""
    versions = [{**program.versions, "Python": program.python} for program in (then, now)]
    for name in sorted({*versions[0], *versions[1]}):
        before, after = (v.get(name, "none") for v in versions)
        if before != after:
            yield f"{name} was {before} and is {after}."
