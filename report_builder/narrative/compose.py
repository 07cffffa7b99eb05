"""Everything becomes one document: template, content, facts, methods."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.document.walk import walk
from report_builder.facts.claims import claims_of
from report_builder.facts.fact import Fact, FactSet
from report_builder.narrative.book import Book
from report_builder.narrative.chapters import coverage, errata, method_notes, revised_values
from report_builder.narrative.chapters.goals import goals_of
from report_builder.narrative.chapters.outlook import unmarked
from report_builder.narrative.checks import needed_facts, readiness, superlatives
from report_builder.narrative.checks.example_marks import example_marks
from report_builder.narrative.checks.ownership import review_problems
from report_builder.narrative.fill import Filler
from report_builder.narrative.front import meta_of
from report_builder.narrative.inserts import Inserts
from report_builder.narrative.markup import Markup
from report_builder.narrative.slots import REVISED_VALUES, REVISIONS, Filled, LateFragment, Slot, SlotContent
from report_builder.narrative.template import SectionModel, Template
from report_builder.narrative.vocabulary import Vocabulary
from report_builder.problems import Place, Problem, ReportError, Severity, raise_errors
from report_builder.workspace.cache import Cache
from report_builder.workspace.workspace import CaseType, Release, Settings, Workspace

if TYPE_CHECKING:
    from report_builder.deliveries.acceptance import Remark
    from report_builder.deliveries.delivery import Delivery
    from report_builder.methods.history import Past
    from report_builder.methods.method import Method
    from report_builder.methods.release_facts import ReleaseFacts
    from report_builder.methods.revision import Revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A resolved document, the facts it may cite (derived ones among them), and what deserves a warning.

    ``revisions`` are the published values that are not the same in it.
    """

    document: n.Document
    facts: FactSet
    revisions: Revisions
    warnings: tuple[Problem, ...]


def draft(
    *,
    workspace: Workspace,
    release: Release,
    settings: Settings,
    case_types: Sequence[CaseType],
    template: Template,
    measured: ReleaseFacts,
    past: Past,
    methods: Mapping[str, Method],
    deliveries: Sequence[Delivery],
    remarks: Sequence[Remark] = (),
) -> Draft:
    """Fill the template's prose with the release's facts and content; what depends on the whole report is left open.

    ``remarks`` are the warnings of contracts and methods.

    Raises:
        ReportError: the registers of the release do not fit.

    """
    goals = goals_of(template.model.registers, workspace, release, (case_types, settings.total.id), measured.facts)
    book = _book(measured, goals.facts, release, settings, case_types, methods, workspace.cache)
    filler = Filler(template.folder, workspace.shown)
    vocabulary = Vocabulary(book, filler, template.model.materiality)
    inserts = Inserts(
        workspace=workspace, template=template, book=book, filler=filler, say=vocabulary.say, methods=methods,
        deliveries=deliveries, remarks=remarks, measured=measured, past=past, outlooks=goals.outlooks,
    )  # fmt: skip
    examples = example_marks(workspace, release, template, methods, past)
    marked = {"example": examples.deliveries, "examples": examples.names}
    filler.offer(vocabulary.names() | inserts.names() | {"goals": goals.rows, **marked})
    chapters = []
    for section in template.model.sections:
        prose = _filled(section, template, workspace, filler)
        blocks, problems = _read(prose, filler, vocabulary, {})
        chapters.append(_Chapter(prose=prose, blocks=blocks, problems=tuple(problems)))
    return Draft(
        workspace=workspace,
        release=release,
        template=template,
        remarks=remarks,
        meta=meta_of(workspace, release, settings, examples),
        past=past,
        declared=tuple(_declared(workspace, release, template, methods)),
        chapters=tuple(chapters),
        filler=filler,
        vocabulary=vocabulary,
        book=book,
        unused=tuple(_unused(workspace, release, inserts)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prose:
    """A section's prose with what its expressions gave, as tokens; ``late`` are those that wait for a slot."""

    section: SectionModel
    path: Path
    file: str
    text: str
    late: tuple[LateFragment, ...]
    broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chapter:
    """A section as blocks, its slots empty."""

    prose: _Prose
    blocks: tuple[n.Block, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report whose slots are open: everything but what was revised, and what is new since the report before."""

    workspace: Workspace
    release: Release
    template: Template
    remarks: Sequence[Remark]
    meta: n.Meta
    past: Past
    declared: tuple[Problem, ...]
    chapters: tuple[_Chapter, ...]
    filler: Filler
    vocabulary: Vocabulary
    book: Book
    unused: tuple[Problem, ...]

    @property
    def facts(self) -> FactSet:
        """The facts that the report may cite."""
        return self.book.facts

    @property
    def printed(self) -> frozenset[str]:
        """The ids of the facts that the report prints, its data annex included and its slots not."""
        nodes = (node for chapter in self.chapters for block in chapter.blocks for node in walk(block))
        return frozenset(node.fact_id for node in nodes if isinstance(node, n.FactValue))

    def listed(self, revisions: Revisions) -> frozenset[str]:
        """The ids of the revised facts that the report lists, where it has such a list."""
        if not self._has_list:
            return frozenset()
        return frozenset(r.fact.id for r in revised_values.selected(revisions, self.book))

    def composition(self, revisions: Revisions, content: SlotContent | None = None) -> Composition:
        """The document with ``revisions``, and with ``content`` in its other slots.

        Raises:
            ReportError: every fault of template and content that was found, each with its file and line.

        """
        filled = {**self._revised(revisions), **(content or {})}
        blocks: list[n.Block] = list(errata.chapter(self.release))
        problems = list(self.declared)
        for chapter in self.chapters:
            now, faults = chapter.blocks, list(chapter.problems)
            if chapter.prose.late:
                now, faults = _read(chapter.prose, self.filler, self.vocabulary, filled)
            blocks += now
            problems += faults
        return self._bound(tuple(blocks), [*self.filler.problems, *problems], revisions)

    @property
    def _has_list(self) -> bool:
        return any(Slot(REVISED_VALUES) in chapter.prose.late for chapter in self.chapters)

    def _revised(self, revisions: Revisions) -> SlotContent:
        printed = self.printed | {r.fact.id for r in revisions.printed}
        tables = revised_values.revision_tables(revisions, self.past.published, self.book, printed)
        summary = revised_values.revision_summary(revisions, tables if self._has_list else ())
        return {REVISIONS: summary, REVISED_VALUES: tables or summary}

    def _bound(self, blocks: tuple[n.Block, ...], problems: list[Problem], revisions: Revisions) -> Composition:
        """The blocks as one document that is held against its facts. Raises ReportError for what does not hold."""
        workspace, release, template, book = self.workspace, self.release, self.template, self.book
        problems += readiness.readiness_problems(workspace, release, template, blocks, self.remarks)
        remarked = raise_errors(_once(problems))
        document = _resolved(n.Document(meta=self.meta, blocks=coverage.settle(blocks)), template, workspace, release)
        raise_errors(_once([*_unresolved(document, book), *unmarked(document, book.facts)]))
        warnings = (*remarked, *self.unused)
        return Composition(document=document, facts=book.facts, revisions=revisions, warnings=warnings)


def _declared(
    workspace: Workspace, release: Release, template: Template, methods: Mapping[str, Method]
) -> Iterator[Problem]:
    """What is wrong with the reviews that a release declares, and with the facts that its template does."""
    yield from review_problems(workspace, release, template.model.registers)
    yield from needed_facts.needed_fact_problems(template, methods, methods, workspace)


def _book(
    measured: ReleaseFacts,
    goals: Sequence[Fact],
    release: Release,
    settings: Settings,
    case_types: Sequence[CaseType],
    methods: Mapping[str, Method],
    cache: Cache,
) -> Book:
    fitted = {f"{m.measure}.{statistic}" for m in methods.values() for statistic in method_notes.fitted(m.rules)}
    changed = {bridge.new.measure for bridge in measured.bridges}
    return Book(measured.facts.union(goals), release, settings, case_types, fitted, changed, cache)


def _resolved(document: n.Document, template: Template, workspace: Workspace, release: Release) -> n.Document:
    """The document with numbers and references; what is wrong with an id is told where the id is written last."""
    try:
        return resolve(document)
    except ReportError as e:
        sections = sorted((workspace.release_dir(release.id) / "sections").glob("*.md"))
        files = [
            *(template.folder / s.file for s in template.model.sections),
            *sections,
            template.folder / "template.yaml",
        ]
        raise ReportError([_located(p, files, workspace) for p in e.problems]) from e


def _located(problem: Problem, files: Sequence[Path], workspace: Workspace) -> Problem:
    signs = {"dead-reference": (f"(#{problem.value})",), "duplicate-id": (f"{{#{problem.value}}}", f"{problem.value}:")}
    wanted = signs.get(problem.code, ())
    found = [
        Place(file=workspace.shown(path), line=number)
        for path in files
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(sign in line for sign in wanted)
    ]
    return dataclasses.replace(problem, place=found[-1]) if found else problem


def _filled(section: SectionModel, template: Template, workspace: Workspace, filler: Filler) -> _Prose:
    """A section's prose filled in; faults are among the filler's problems."""
    path = template.folder / section.file
    faults = len(filler.problems)
    filled = filler.render(section.file)
    return _Prose(
        section=section,
        path=path,
        file=workspace.shown(path),
        text=filled,
        late=filler.late(filled),
        broken=len(filler.problems) > faults and not filled,
    )


def _read(
    prose: _Prose, filler: Filler, vocabulary: Vocabulary, content: SlotContent
) -> tuple[tuple[n.Block, ...], list[Problem]]:
    """Filled prose as blocks, with ``content`` in its slots."""
    if prose.broken:
        return (), []
    markup = Markup(
        Filled(filler.fragments, content),
        file=prose.file,
        source=prose.path.read_text(encoding="utf-8"),
        scope=prose.section.id,
        scheme=prose.section.scheme,
        say=vocabulary.say,
    )
    blocks = markup.blocks(prose.text)
    problems = list(markup.problems)
    first = blocks[0] if blocks else None
    if not isinstance(first, n.Heading) or first.level != 1:
        message = f"The section {prose.section.id} does not start with a heading of level 1."
        hint = "Begin the file with a line {#id} and under it a line # Title."
        problems.append(Problem(code="no-chapter", message=message, place=Place(file=prose.file, line=1), hint=hint))
    return blocks, problems


def _unresolved(document: n.Document, book: Book) -> Iterator[Problem]:
    """Figures and words that the document prints and no fact stands behind, or that do not say what their fact says."""
    yield from superlatives.superlative_problems(document, book)
    for claim in claims_of(document, book.facts.get):
        if claim.fault:
            message = f"{claim.place}: {claim.words!r}: {claim.fault}."
            hint = "Print figures with number(), value() or change(), and mark references with {.cite}."
            yield Problem(code="unresolved-claim", message=message, value=claim.words, hint=hint)


def _once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Each problem once: a sentence in a loop meets the same fault many times."""
    return tuple(dict.fromkeys(problems))


def _unused(workspace: Workspace, release: Release, inserts: Inserts) -> Iterator[Problem]:
    for path in sorted((workspace.release_dir(release.id) / "sections").glob("*.md")):
        if path.stem not in inserts.free_used:
            message = f"The section {path.stem} is written, but nothing in the template includes it."
            place = Place(file=workspace.shown(path))
            yield Problem(code="unused-section", message=message, place=place, severity=Severity.WARNING)
