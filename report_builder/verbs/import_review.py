"""Reading a reviewed Word file back: what the reviewers say and want, beside the release that they were given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.problems import Place, Problem, ReportError, Severity

if TYPE_CHECKING:
    from report_builder.document.nodes import Document
    from report_builder.revisions.review.review import Review
    from report_builder.revisions.review.wordfile import WordFile
    from report_builder.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A reviewed file, read: what it holds, and what deserves a warning."""

    file: str
    release: str
    review: Review
    warnings: tuple[Problem, ...]

    def text(self) -> str:
        """The reading for a terminal."""
        from report_builder.revisions.review.review_report import review_text

        return "\n".join(review_text(self.review))

    def json(self) -> str:
        """The reading for machines."""
        from report_builder.revisions.review.review_report import review_json

        return review_json(self.review, self.file, self.release)

    def html(self) -> str:
        """The reading as a page in Swedish for the team."""
        from report_builder.revisions.review.review_report import review_html

        return review_html(self.review, self.file, self.release)


def import_review(workspace: Workspace, path: Path, release: str = "") -> Reading:
    """Read a reviewed file beside the built document of its release; ``release`` is asked of the file when empty.

    Raises:
        ReportError: the file is no Word file or none of this release, or the release has not been built.

    """
    from report_builder.document import names, store
    from report_builder.document.parts import printed
    from report_builder.revisions.review.review import review
    from report_builder.revisions.review.tracked import reviewed_paragraphs, word_comments
    from report_builder.revisions.review.wordfile import read_reviewed

    file = read_reviewed(path)
    release = release or _named(file, path)
    document = printed(_built(workspace, release))
    stamp = file.properties.get(names.DOCUMENT_PROPERTY, "")
    found = review(document, reviewed_paragraphs(file), word_comments(file))
    if found is None:
        message = f"The file is no version of {release}: hardly any of its paragraphs stand in the report."
        hint = "See that it is the right file, and name the right release with --release."
        raise ReportError(Problem(code="foreign-file", message=message, place=Place(file=path.name), hint=hint))
    warnings = () if stamp == store.digest(document) else (_other_build(path, release, known=bool(stamp)),)
    return Reading(file=path.name, release=release, review=found, warnings=warnings)


def _named(file: WordFile, path: Path) -> str:
    from report_builder.document.names import RELEASE_PROPERTY

    named = file.properties.get(RELEASE_PROPERTY, "")
    if named:
        return named
    message = "The file does not say which release it shows."
    hint = "Name it with --release KIND/RELEASE, if the file comes from a report at all."
    raise ReportError(Problem(code="unknown-release", message=message, place=Place(file=path.name), hint=hint))


def _built(workspace: Workspace, release: str) -> Document:
    from report_builder.document import store

    workspace.release(release)  # says which releases there are, where this is none
    path = workspace.output_dir(release) / "document.json"
    if not path.is_file():
        message = f"{release} has not been built here, so there is nothing to hold the file against."
        hint = f"Run: report-builder build {release}, with the content that the reviewers were given."
        place = Place(file=workspace.shown(path))
        raise ReportError(Problem(code="not-built", message=message, place=place, hint=hint))
    return store.load(path)


def _other_build(path: Path, release: str, *, known: bool) -> Problem:
    why = "was made from another build" if known else "does not say which build it was made from"
    message = f"The file {why} of {release}: what the report itself has changed since looks like a reviewer's change."
    hint = "Build the release as the reviewers were given it, and read the file again."
    place = Place(file=path.name)
    return Problem(code="other-build", message=message, place=place, hint=hint, severity=Severity.WARNING)
