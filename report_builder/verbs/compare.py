"""Comparing two versions wherever they are: output folders, bundles, or a release as it stood at a revision of git."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.workspace import Workspace

if TYPE_CHECKING:
    from report_builder.packages.manifest import InputRecord
    from report_builder.pipeline import Progress
    from report_builder.revisions.comparison import Comparison
    from report_builder.revisions.version import Finder, Version

_AT_REVISION = re.compile(r"([a-z0-9_-]+/[a-z0-9_-]+)@([^@\s-][^@\s]*)")
_RELEASE = re.compile(r"[a-z0-9_-]+/[a-z0-9_-]+")
_INPUTS = ("content", "data_contracts", "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where the forms of a comparison are to be written, those that are wanted."""

    page: Path | None = None
    word: Path | None = None
    json: Path | None = None
    cover_note: Path | None = None
    pages: Path | None = None

    @property
    def any_edition(self) -> bool:
        """Whether the editions of the two versions are needed, and not only what they say."""
        return self.word is not None or self.pages is not None


@contextmanager
def opened(workspace: Path, name: str, progress: Progress, *, editions: bool) -> Iterator[Version]:
    """The version called ``name``: a folder, a bundle, ``RELEASE@REV``, or a release whose output is in the workspace.

    Raises:
        ReportError: there is no such version, it is damaged, or the release cannot be built as it stood.

    """
    from report_builder.output.folder import undisturbed
    from report_builder.revisions.version import read_version
    from report_builder.workspace.scratch import scratch_folder

    path, kept = Path(name), _kept(workspace)
    if path.exists():
        with undisturbed(path):
            yield read_version(path, name, kept)
    elif found := _AT_REVISION.fullmatch(name):
        with scratch_folder() as folder:
            progress(f"Building {found[1]} as it stood at {found[2]}")
            built = _built(workspace, found[1], found[2], folder, editions=editions)
            yield read_version(built, name, _kept(folder / "workspace"))
    elif _RELEASE.fullmatch(name) and (output := Workspace(workspace).output_dir(name)).is_dir():
        with undisturbed(output):
            yield read_version(output, name, kept)
    else:
        hint = "Name an output folder, a bundle, a release that has been built, or RELEASE@REV."
        message = f"There is no version {name}."
        raise ReportError(Problem(code="no-version", message=message, place=Place(file=name), hint=hint))


def _built(workspace: Path, release: str, revision: str, folder: Path, *, editions: bool) -> Path:
    """The release built by this program from the workspace as it stood at a revision; editions only where used."""
    from report_builder import pipeline
    from report_builder.output import rendering
    from report_builder.output.folder import replace_folder
    from report_builder.output.plan import inputs_of, read_plan
    from report_builder.packages.manifest import write_manifest
    from report_builder.verbs.build import build

    _unpack(workspace, revision, folder / "workspace")
    then = Workspace(folder / "workspace")
    if editions:
        return build(then, release).folder
    plan = read_plan(then, release)
    checks = pipeline.check_deliveries(plan)
    deliveries = pipeline.accepted(checks)
    composition = pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries))
    files = rendering.records(plan, composition, rendering.validation_pages(checks))
    files["manifest.json"] = write_manifest(release, plan.release.status, inputs_of(plan), files)
    replace_folder(folder / "output", files)
    return folder / "output"


def _unpack(workspace: Path, revision: str, folder: Path) -> None:
    """Put the workspace's inputs as they stood at ``revision`` into ``folder``; the working tree is not touched."""
    _git(workspace, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    listed = _git(workspace, "ls-tree", "--name-only", revision).decode().split("\n")  # of this folder, not of the top
    wanted = [name for name in _INPUTS if name in listed]
    if "content" not in wanted:
        message = f"The workspace was not in the repository at {revision}: there is no folder content."
        raise ReportError(Problem(code="no-version", message=message, place=Place(file=revision)))
    archive = _git(workspace, "archive", "--format=tar", revision, "--", *wanted)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _kept(workspace: Path) -> Finder:
    """Looks for what a build was made of in the workspace's files, and then in what git has kept of them."""

    @cache
    def blobs(file: str) -> tuple[str, ...]:
        try:
            told = _git(workspace, "log", "--all", "--format=", "--raw", "--no-abbrev", "--no-renames", "--", file)
        except ReportError:  # no git, or no repository: then nothing older is kept here
            return ()
        return tuple(dict.fromkeys(line.split()[3] for line in told.decode(errors="replace").splitlines() if line))

    def states(file: str) -> Iterator[bytes]:
        path = workspace / file
        if path.resolve().is_relative_to(workspace) and path.is_file():
            yield path.read_bytes()
            for blob in blobs(file):
                if blob.strip("0"):
                    yield _git(workspace, "cat-file", "blob", blob)

    def find(entry: InputRecord) -> bytes | None:
        return next((data for data in states(entry.file) if hashlib.sha256(data).hexdigest() == entry.sha256), None)

    return find


def _git(workspace: Path, *arguments: str) -> bytes:
    place = Place(file=str(workspace))
    try:
        done = subprocess.run(  # noqa: S603 -- fixed verbs; the revision is checked to be no option
            ["git", "-C", str(workspace), *arguments],  # noqa: S607 -- the user's own git
            capture_output=True,
            check=False,
        )
    except OSError as e:
        hint = "Install git, or compare output folders."
        raise ReportError(Problem(code="no-git", message="git is not installed.", place=place, hint=hint)) from e
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        message = f"git does not know this: {said or 'there is no such revision'}."
        hint = "Name a commit, a branch or a tag that git log shows in the workspace."
        raise ReportError(Problem(code="no-revision", message=message, place=place, hint=hint))
    return done.stdout


def compare(workspace: Path, old: str, new: str, outputs: Outputs, progress: Progress) -> Comparison:
    """Compare two versions and write the forms that are wanted, all of them or none.

    Raises:
        ReportError: a version cannot be read or built, the two are of different kinds, or a file cannot be written.

    """
    from report_builder.revisions.compare import compare_versions

    with (
        opened(workspace, old, progress, editions=outputs.any_edition) as before,
        opened(workspace, new, progress, editions=outputs.any_edition) as after,
    ):
        progress("Comparing")
        comparison = compare_versions(before, after)
        files = _forms(before, after, comparison, outputs, progress)
    _write(files)
    return comparison


def _forms(
    before: Version, after: Version, comparison: Comparison, outputs: Outputs, progress: Progress
) -> dict[Path, bytes]:
    files: dict[Path, bytes] = {}
    if outputs.json:
        from report_builder.revisions.comparison import comparison_json

        files[outputs.json] = comparison_json(comparison).encode()
    if outputs.page:
        from report_builder.revisions.comparison_page import comparison_page

        progress("Writing the page")
        files[outputs.page] = comparison_page(comparison).encode()
    if outputs.word:
        from report_builder.revisions.redline.redline import redline

        progress("Tracking the changes in Word")
        meta = after.document.meta
        author = f"{meta.authority.short}, {after.release}"
        date = f"{meta.created}T00:00:00Z"
        files[outputs.word] = redline(before.edition("docx"), after.edition("docx"), author=author, date=date)
    if outputs.cover_note:
        from report_builder.revisions.cover_note import as_text, as_word, draft

        note = draft(comparison, after)
        in_word = outputs.cover_note.suffix.lower() == ".docx"
        files[outputs.cover_note] = as_word(note, after.document.meta.created) if in_word else as_text(note).encode()
    if outputs.pages:
        from report_builder.revisions.pdf_pages import side_by_side

        progress("Laying the pages side by side")
        files[outputs.pages] = side_by_side(before.edition("pdf"), after.edition("pdf"), comparison).encode()
    return files


def _write(files: Mapping[Path, bytes]) -> None:
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as e:
            hint = "See that you may write there; close the file if it is open in Word."
            message = f"The file cannot be written: {e.strerror or e}."
            problem = Problem(code="cannot-write", message=message, place=Place(file=str(path)), hint=hint)
            raise ReportError(problem) from e
