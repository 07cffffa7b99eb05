"""A single edition that came back: the release that it belongs to is found, and the file is held against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.names import RELEASE_PROPERTY
from report_builder.facts.factfile import parse_facts
from report_builder.packages.manifest import MANIFEST, read_manifest, sha256
from report_builder.packages.word import open_word
from report_builder.problems import Place, Problem, ReportError
from report_builder.publishing.bundle import HOME
from report_builder.revisions.review.wordfile import custom_properties
from report_builder.verifying import conformance
from report_builder.verifying.edition_passages import EditionPassage, expected_passages, folded
from report_builder.verifying.pictures import picture_problems
from report_builder.verifying.verify import READERS, Verified, edition_problems, shown_in

_MOST = 256 * 1024 * 1024
_SAME = 0.5
"""So many of a file's passages must stand in a report for the file to be an edition of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A built or published report."""

    folder: Path
    document: n.Document

    @property
    def release(self) -> str:
        return f"{self.document.meta.kind}/{self.document.meta.release}"


def is_edition(path: Path) -> bool:
    """Whether ``path`` is a single file of a kind that an edition is."""
    return path.suffix.casefold() in READERS and not path.is_dir()


def verify_returned(path: Path, root: Path) -> Verified:
    """Hold the edition at ``path`` against the report in the workspace ``root`` that it belongs to.

    Raises:
        ReportError: there is no such file, it cannot be read, or no report that was built here is like it.

    """
    data = _bytes(path)
    suffix = path.suffix.casefold()
    name = f"{path.stem}{suffix}"
    found = tuple(READERS[suffix](data, name))
    meant = _meant(path, data, found, tuple(_candidates(root)))
    facts = parse_facts((meant.folder / "facts.csv").read_bytes(), "facts.csv")
    problems = list(edition_problems(name, data, found, meant.document, facts))
    built = _as_built(meant, suffix)
    if built is not None and built != data:
        problems += picture_problems(name, data, built)
    return Verified(
        problems=tuple(problems),
        claims=0,
        read=((path.name, len(found)),),
        judged=conformance.judge_is_here(),
        against=meant.folder.relative_to(root).as_posix(),
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size <= _MOST:
            return path.read_bytes()
        message = "The file is far larger than a report."
    except OSError as e:
        message = f"The file cannot be read: {e.strerror or e}."
    raise ReportError(Problem(code="cannot-read", message=message, place=Place(file=path.name)))


def _candidates(root: Path) -> Iterator[_Candidate]:
    """The reports in the workspace, those that were built before those that were published."""
    found = sorted((root / "output").glob("*/*/document.json"), key=lambda p: (p.is_relative_to(root / HOME), p))
    for path in found:
        if (path.parent / "facts.csv").is_file():
            yield _Candidate(folder=path.parent, document=store.load(path))


def _meant(
    path: Path, data: bytes, found: tuple[EditionPassage, ...], candidates: tuple[_Candidate, ...]
) -> _Candidate:
    """The report that has most of the file's passages, among those of the release that a Word file names."""
    named = ""
    if path.suffix.casefold() == ".docx":
        named = custom_properties(open_word(data, path.name)).get(RELEASE_PROPERTY, "")
    folds = [folded(p.text) for p in found]
    scored = [(_share(folds, c, path), -i) for i, c in enumerate(candidates) if not named or c.release == named]
    share, at = max(scored, default=(0.0, 0))
    if share >= _SAME:
        return candidates[-at]
    known = ", ".join(sorted({c.release for c in candidates})) or "none"
    what = f"The file is an edition of {named}" if named else "The file is like no report"
    message = f"{what}, and no such report has been built or published in this workspace."
    if named and scored:
        message = f"The file is called an edition of {named}, and hardly anything in it stands in that report."
    hint = f"Reports here: {known}. Build the report that it came from, or name its workspace with --workspace."
    raise ReportError(Problem(code="foreign-file", message=message, place=Place(file=path.name), hint=hint))


def _share(folds: list[str], candidate: _Candidate, path: Path) -> float:
    """How much of a file's passages stands in a report, from 0 to 1."""
    forms = {f for piece in expected_passages(shown_in(path.name, candidate.document)) for f in piece.forms}
    return sum(fold in forms for fold in folds) / len(folds) if folds else 0.0


def _as_built(meant: _Candidate, suffix: str) -> bytes | None:
    """The edition of the report that was built, if it lies there and is the one that the manifest lists."""
    manifest = meant.folder / MANIFEST
    if not manifest.is_file():
        return None
    listed = read_manifest(manifest.read_bytes(), Place(file=MANIFEST)).sums
    for name, digest in sorted(listed.items()):
        path = meant.folder / name
        if path.suffix == suffix and "/" not in name and path.is_file() and sha256(path.read_bytes()) == digest:
            return path.read_bytes()
    return None
