"""The gate: what a release must be before it leaves the house, condition by condition, with everything that fails."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from report_builder.document import nodes as n
from report_builder.facts.fact import FactSet
from report_builder.narrative.checks.example_marks import ExampleMarks
from report_builder.problems import Place, Problem, Severity
from report_builder.publishing.bundle import HOME
from report_builder.verifying.links import dead_links
from report_builder.verifying.verify import Verified
from report_builder.workspace.workspace import Release, Settings, Workspace
from report_builder.workspace.yamlfile import YamlFile

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9]+)*")
_GIVEN = re.compile(r"(?!.*FYLL-I).*\d")
"""A number that somebody has assigned holds a digit, and is no mark of what is left to fill in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCondition:
    """One thing that the gate asks for, and what stands in its way."""

    name: str
    problems: tuple[Problem, ...] = ()
    unknown: bool = False

    @property
    def met(self) -> bool:
        """Whether it has been looked at and nothing was found."""
        return not self.problems and not self.unknown


def on_paper(workspace: Workspace, release: Release, file: YamlFile) -> Iterator[GateCondition]:
    """What ``release.yaml`` alone decides."""
    yield GateCondition(name="the release is final and decided", problems=tuple(_final(release, file)))
    yield GateCondition(name="every section has been reviewed", problems=tuple(_reviewed(workspace, release, file)))
    yield GateCondition(name="the version is the next one", problems=tuple(_next(workspace, release, file)))


def _final(release: Release, file: YamlFile) -> Iterator[Problem]:
    if release.status != "final":
        hint = "When it has been decided, write status: final and build again."
        yield _at(file, "not-final", "The release is a draft.", hint, "status")
    for field, what in (("diarienummer", "diarienummer"), ("article_number", "article number")):
        value = getattr(release, field)
        if not _GIVEN.match(value):
            hint = f"Write the {what} that the report has been given."
            yield _at(file, "not-assigned", f"The report has no {what}.", hint, field, value=value)
    if not release.decided_by.strip():
        hint = "Write decided_by: with the role that decided, never a person's name."
        yield _at(file, "not-decided", "Nobody is said to have decided the report.", hint)
    if release.decided is None:
        hint = "Write decided: with the day of the decision, as 2026-02-27."
        yield _at(file, "not-decided", "The day of the decision is missing.", hint)
    elif release.decided > release.published:
        message = f"The report is published on {release.published}, before it was decided on {release.decided}."
        yield _at(file, "date-order", message, "Correct the one or the other.", "decided")
    days = [release.published, *(erratum.date for erratum in release.errata)]
    if days != sorted(days):
        message = "An erratum is older than the version that it puts right."
        yield _at(file, "date-order", message, "Write the errata in the order of their dates.", "errata")


def _reviewed(workspace: Workspace, release: Release, file: YamlFile) -> Iterator[Problem]:
    for path in sorted((workspace.release_dir(release.id) / "sections").glob("*.md")):
        if release.review.get(path.stem) != "reviewed":
            message = f"The section {path.stem} has not been reviewed."
            hint = f"Read {workspace.shown(path)}, and write {path.stem}: reviewed under review."
            yield _at(file, "not-reviewed", message, hint, "review")


def _next(workspace: Workspace, release: Release, file: YamlFile) -> Iterator[Problem]:
    home = workspace.root / HOME
    if (home / release.bundle).exists() or (home / f"{release.bundle}.zip").exists():
        message = f"{release.bundle} has been published, and what is published is not overwritten."
        hint = "To put something right, add an entry to errata (date and text): the next version is made from it."
        yield _at(file, "published", message, hint, "errata")
    for number in range(1, release.edition):
        name = f"{release.kind}-{release.release}-v{number}"
        if not (home / name).is_dir():
            message = f"Version {number} is put right by this one, but {HOME}/{name} is not there."
            hint = f"Unpack {name}.zip there from where it is kept, or take away the erratum."
            yield _at(file, "version-missing", message, hint, "errata", number - 1)


def on_examples(marks: ExampleMarks) -> GateCondition:
    """Nothing that the release rests on says of itself that it is made up."""
    name = "no delivery, method, change of method or register is an example"
    return GateCondition(name=name, problems=marks.problems)


def on_warnings(warnings: Iterable[Problem]) -> GateCondition:
    """No warning is left open."""
    found = dict.fromkeys(dataclasses.replace(w, severity=Severity.ERROR) for w in warnings)
    return GateCondition(name="no warning is open", problems=tuple(found))


def on_document(
    document: n.Document, facts: FactSet, settings: Settings, place: Place, status: str
) -> Iterator[GateCondition]:
    """What the written document must be: unmarked, in a language, and of real facts alone.

    A final release (``status``) that was only looked at as a draft bears that mark for no other reason.
    """
    marked = [
        Problem(
            code="marked", message=f"Every page bears the mark {mark}.", place=place, hint="See what makes it a mark."
        )
        for mark in document.meta.marks
        if not (status == "final" and mark == settings.marks.draft)
    ]
    invented = sum(fact.example for fact in facts)
    if invented:
        message = "Facts rest on example data."
        marked.append(Problem(code="example-data", message=message, place=place, count=invented))
    yield GateCondition(name="no page is marked as draft or example", problems=tuple(marked))
    wrong = not document.meta.language.startswith(settings.language)
    message = f"The report's language is {document.meta.language or 'not set'}, not {settings.language}."
    problem = Problem(code="no-language", message=message, place=place, hint="Set language in content/workspace.yaml.")
    yield GateCondition(name="the language is set", problems=(problem,) if wrong else ())


def on_files(files: Mapping[str, bytes], verified: Verified) -> Iterator[GateCondition]:
    """What the finished files must be: named by the rule, whole, accessible, archivable, and true to the facts."""
    named = [name for name in files if not all(_NAME.fullmatch(part) for part in name.split("/"))]
    hint = "File names hold a–z, 0–9, - and _ only; change the name of the kind, the release or the table."
    problems = tuple(
        Problem(code="file-name", message="The name is not by the rule.", place=Place(file=name), hint=hint)
        for name in named
    )
    yield GateCondition(name="file names are by the rule", problems=problems)
    yield GateCondition(name="links inside the report lead somewhere", problems=tuple(dead_links(files)))
    groups = {
        "the PDF meets PDF/UA and PDF/A": ("not-conforming", "not-judged"),
        "the Word file is accessible": ("word-",),
    }
    rest = list(verified.problems)
    if not verified.judged:
        message = "Nothing has judged whether the PDF meets PDF/UA and PDF/A: page-validation is not installed."
        rest.append(Problem(code="not-judged", message=message, hint="Install it: pip install page-validation"))
    for name, codes in groups.items():
        found = tuple(p for p in rest if p.code.startswith(codes))
        rest = [p for p in rest if p not in found]
        yield GateCondition(name=name, problems=found)
    yield GateCondition(name="every figure in every edition is its fact's", problems=tuple(rest))


def _at(file: YamlFile, code: str, message: str, hint: str, *keys: str | int, value: str | None = None) -> Problem:
    return Problem(code=code, message=message, place=file.place(*keys), hint=hint, value=value)


def gate_failures(conditions: Sequence[GateCondition]) -> tuple[Problem, ...]:
    """Every failure once, in the order of the conditions."""
    return tuple(dict.fromkeys(p for condition in conditions for p in condition.problems))
