"""Everything becomes one document: template, content, facts, methods."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.facts.claims import claims_of
from report_builder.facts.fact import Fact, FactSet
from report_builder.narrative.book import Book
from report_builder.narrative.chapters import coverage, errata, method_notes
from report_builder.narrative.chapters.goals import goals_of
from report_builder.narrative.chapters.outlook import unmarked
from report_builder.narrative.checks import needed_facts, readiness, superlatives
from report_builder.narrative.checks.ownership import review_problems
from report_builder.narrative.fill import Filler
from report_builder.narrative.front import meta_of
from report_builder.narrative.inserts import Inserts
from report_builder.narrative.markup import Markup
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
    from report_builder.methods.release_facts import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A resolved document, the facts it may cite (derived ones among them), and what deserves a warning."""

    document: n.Document
    facts: FactSet
    warnings: tuple[Problem, ...]


News = Callable[[n.Document, FactSet], tuple[n.Block, ...]]
"""Finds what is new since the last report in a document that does not tell of it yet, and in its facts."""


def compose(
    *,
    workspace: Workspace,
    release: Release,
    settings: Settings,
    case_types: Sequence[CaseType],
    template: Template,
    account: Account,
    past: Past,
    methods: Mapping[str, Method],
    deliveries: Sequence[Delivery],
    remarks: Sequence[Remark] = (),
    news: News | None = None,
) -> Composition:
    """Fill the template's prose with the release's facts and content.

    ``remarks`` are the warnings of contracts and methods; ``news`` tells what is new since the last report.

    Raises:
        ReportError: every fault of template and content that was found, each with its file and line.

    """
    goals = goals_of(template.model.registers, workspace, release, (case_types, settings.total.id), account.facts)
    book = _book(account, goals.facts, release, settings, case_types, methods, workspace.cache)
    filler = Filler(template.folder, workspace.shown)
    vocabulary = Vocabulary(book, filler, template.model.materiality)
    inserts = Inserts(
        workspace=workspace, template=template, book=book, filler=filler, say=vocabulary.say, methods=methods,
        deliveries=deliveries, remarks=remarks, account=account, past=past, outlooks=goals.outlooks,
    )  # fmt: skip
    filler.offer(vocabulary.names() | inserts.names() | {"goals": goals.rows, "example": _is_example(deliveries)})
    writing = _Writing(
        workspace=workspace,
        release=release,
        template=template,
        remarks=remarks,
        meta=meta_of(workspace, release, settings, example=_is_example(deliveries)),
        declared=tuple(_declared(workspace, release, template, methods)),
        filler=filler,
        vocabulary=vocabulary,
        inserts=inserts,
        book=book,
    )
    return writing.whole(news)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chapter:
    """A written chapter; ``before`` are the figures that stood before it, ``tells_news`` if it says what is new."""

    section: SectionModel
    blocks: tuple[n.Block, ...]
    problems: tuple[Problem, ...]
    before: tuple[n.Figure, ...]
    tells_news: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """A document while it is written: what its chapters share."""

    workspace: Workspace
    release: Release
    template: Template
    remarks: Sequence[Remark]
    meta: n.Meta
    declared: tuple[Problem, ...]
    filler: Filler
    vocabulary: Vocabulary
    inserts: Inserts
    book: Book

    def whole(self, news: News | None) -> Composition:
        """Every chapter; those that tell what is new are written once more when that is known."""
        chapters = [self._chapter(section) for section in self.template.model.sections]
        composition = self._bound(chapters)
        if news is None:
            return composition
        self.inserts.news = news(composition.document, composition.facts)
        return self._bound([self._again(chapter) if chapter.tells_news else chapter for chapter in chapters])

    def _again(self, chapter: _Chapter) -> _Chapter:
        self.inserts.figures[:] = chapter.before
        return self._chapter(chapter.section)

    def _chapter(self, section: SectionModel) -> _Chapter:
        inserts = self.inserts
        before, inserts.news_told = tuple(inserts.figures), False
        blocks, problems = _written(section, self.template, self.workspace, self.filler, self.vocabulary)
        told = inserts.news_told
        return _Chapter(section=section, blocks=blocks, problems=tuple(problems), before=before, tells_news=told)

    def _bound(self, chapters: Sequence[_Chapter]) -> Composition:
        """The chapters as one document that is held against its facts. Raises ReportError for what does not hold."""
        workspace, release, template, book = self.workspace, self.release, self.template, self.book
        blocks = (*errata.chapter(release), *(block for chapter in chapters for block in chapter.blocks))
        problems = [*self.filler.problems, *(p for chapter in chapters for p in chapter.problems), *self.declared]
        problems += readiness.readiness_problems(workspace, release, template, blocks, self.remarks)
        remarked = raise_errors(_once(problems))
        document = _resolved(n.Document(meta=self.meta, blocks=coverage.settle(blocks)), template, workspace, release)
        raise_errors(_once([*_unresolved(document, book), *unmarked(document, book.facts)]))
        warnings = (*remarked, *_unused(workspace, release, self.inserts))
        return Composition(document=document, facts=book.facts, warnings=warnings)


def _declared(
    workspace: Workspace, release: Release, template: Template, methods: Mapping[str, Method]
) -> Iterator[Problem]:
    """What is wrong with the reviews that a release declares, and with the facts that its template does."""
    yield from review_problems(workspace, release, template.model.registers)
    yield from needed_facts.needed_fact_problems(template, methods, methods, workspace)


def _book(
    account: Account,
    goals: Sequence[Fact],
    release: Release,
    settings: Settings,
    case_types: Sequence[CaseType],
    methods: Mapping[str, Method],
    cache: Cache,
) -> Book:
    fitted = {f"{m.measure}.{statistic}" for m in methods.values() for statistic in method_notes.fitted(m.rules)}
    changed = {bridge.new.measure for bridge in account.bridges}
    return Book(account.facts.union(goals), release, settings, case_types, fitted, changed, cache)


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


def _written(
    section: SectionModel, template: Template, workspace: Workspace, filler: Filler, vocabulary: Vocabulary
) -> tuple[tuple[n.Block, ...], list[Problem]]:
    path = template.folder / section.file
    shown = workspace.shown(path)
    faults = len(filler.problems)
    filled = filler.render(section.file)
    if len(filler.problems) > faults and not filled:
        return (), []
    markup = Markup(
        filler.fragments,
        file=shown,
        source=path.read_text(encoding="utf-8"),
        scope=section.id,
        scheme=section.scheme,
        say=vocabulary.say,
    )
    blocks = markup.blocks(filled)
    problems = list(markup.problems)
    first = blocks[0] if blocks else None
    if not isinstance(first, n.Heading) or first.level != 1:
        message = f"The section {section.id} does not start with a heading of level 1."
        hint = "Begin the file with a line {#id} and under it a line # Title."
        problems.append(Problem(code="no-chapter", message=message, place=Place(file=shown, line=1), hint=hint))
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


def _is_example(deliveries: Sequence[Delivery]) -> bool:
    """Whether any of the data is made up; a template may say so, and leave it out when the data is real."""
    return any(d.example for d in deliveries)
