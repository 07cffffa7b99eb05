"""Everything becomes one document: template, content, facts, methods."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.facts import Fact, FactSet
from report_builder.narrative import coverage, errata, method_notes, needed_facts, readiness, superlatives
from report_builder.narrative.book import Book
from report_builder.narrative.claims import ledger
from report_builder.narrative.fill import Filler
from report_builder.narrative.goals import goals_of
from report_builder.narrative.inserts import Inserts
from report_builder.narrative.markup import Markup
from report_builder.narrative.outlook import unmarked
from report_builder.narrative.ownership import review_problems
from report_builder.narrative.template import SectionModel, Template
from report_builder.narrative.vocabulary import Vocabulary
from report_builder.problems import Place, Problem, ReportError, Severity, raise_errors
from report_builder.workspace import CaseType, Release, Settings, Workspace

if TYPE_CHECKING:
    from report_builder.contracts.acceptance import Remark
    from report_builder.delivery import Delivery
    from report_builder.methods.account import Account
    from report_builder.methods.method import Method
    from report_builder.methods.past import Past

LABELS = n.Labels(
    contents="Innehåll",
    table="Tabell",
    figure="Figur",
    appendix="Bilaga",
    chapter="Kapitel",
    section="Avsnitt",
    source="Källa",
    note="Anm.",
    page_of="{page} ({pages})",
    footnotes="Fotnoter",
    skip_to_content="Hoppa till innehållet",
    tables_of_figure="Figurens data",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A resolved document, the facts it may cite (derived ones among them), and what deserves a warning."""

    document: n.Document
    facts: FactSet
    warnings: tuple[Problem, ...]


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
    news: tuple[n.Block, ...] = (),
) -> Composition:
    """Fill the template's prose with the release's facts and content.

    ``remarks`` are the warnings of contracts and methods; ``news`` what a comparison with the last report found.

    Raises:
        ReportError: every fault of template and content that was found, each with its file and line.

    """
    goals = goals_of(template.model.registers, workspace, release, (case_types, settings.total.id), account.facts)
    book = _book(account, goals.facts, release, settings, case_types, methods)
    filler = Filler(template.folder, workspace.shown)
    vocabulary = Vocabulary(book, filler, template.model.materiality)
    inserts = Inserts(
        workspace=workspace,
        template=template,
        book=book,
        filler=filler,
        say=vocabulary.say,
        methods=methods,
        deliveries=deliveries,
        remarks=remarks,
        account=account,
        past=past,
        news=news,
        outlooks=goals.outlooks,
    )
    filler.offer(vocabulary.names() | inserts.names() | {"goals": goals.rows, "example": _is_example(deliveries)})
    chapters = [_chapter(section, template, workspace, filler, vocabulary) for section in template.model.sections]
    blocks = (*errata.chapter(release), *(block for chapter, _ in chapters for block in chapter))
    problems = [*filler.problems, *(fault for _, faults in chapters for fault in faults)]
    problems += _declared(workspace, release, template, methods)
    remarked = raise_errors(_once([*problems, *readiness.problems(workspace, release, template, blocks, remarks)]))
    meta = _meta(workspace, release, settings, deliveries)
    document = _resolved(n.Document(meta=meta, blocks=coverage.settle(blocks)), template, workspace, release)
    raise_errors(_once([*_unresolved(document, book), *unmarked(document, book.facts)]))
    return Composition(document=document, facts=book.facts, warnings=(*remarked, *_unused(workspace, release, inserts)))


def _declared(
    workspace: Workspace, release: Release, template: Template, methods: Mapping[str, Method]
) -> Iterator[Problem]:
    """What is amiss with the reviews that a release declares, and with the facts that its template does."""
    yield from review_problems(workspace, release, template.model.registers)
    yield from needed_facts.problems(template, methods, methods, workspace)


def _book(
    account: Account,
    goals: Sequence[Fact],
    release: Release,
    settings: Settings,
    case_types: Sequence[CaseType],
    methods: Mapping[str, Method],
) -> Book:
    fitted = {f"{m.measure}.{statistic}" for m in methods.values() for statistic in method_notes.fitted(m.rules)}
    changed = {bridge.new.measure for bridge in account.bridges}
    return Book(account.facts.union(goals), release, settings, case_types, fitted, changed)


def _resolved(document: n.Document, template: Template, workspace: Workspace, release: Release) -> n.Document:
    """The document with numbers and references; what is amiss with an id is told where the id is written last."""
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


def _chapter(
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
    yield from superlatives.problems(document, book)
    for claim in ledger(document, book.facts.get):
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


def _meta(workspace: Workspace, release: Release, settings: Settings, deliveries: Sequence[Delivery]) -> n.Meta:
    example = _is_example(deliveries)
    marks = (settings.marks.draft,) if release.status == "draft" else ()
    authority = settings.authority
    published = swedish.month(release.published)
    return n.Meta(
        title=release.title,
        subtitle=release.subtitle,
        kind=release.kind,
        release=release.release,
        running_title=release.running_title,
        language=f"{settings.language}-SE",
        authority=n.Authority(
            name=authority.name,
            short=authority.short,
            web=authority.web,
            primary=authority.primary,
            accent=authority.accent,
            logotype=_logotype(workspace, authority.logotype),
            logotype_alt=authority.logotype_alt,
        ),
        article_number=release.article_number,
        published=published,
        created=release.created.isoformat(),
        reference=release.reference,
        commission=release.reference,
        marks=(*marks, settings.marks.example) if example else marks,
        mark_explanation=settings.mark_explanation.strip() if example else "",
        imprint=(
            ("Artikelnummer", release.article_number),
            ("Utgiven", f"{published}, {authority.web}"),
            ("Regeringsuppdrag", release.reference),
            ("Diarienummer", release.diarienummer),
            *errata.imprint(release),
            ("Utgivare", authority.name),
        ),
        citation_advice=tuple(p.strip() for p in settings.citation_advice),
        labels=LABELS,
        status=release.status,
    )


def _logotype(workspace: Workspace, file: str) -> str:
    """The source of the logotype's SVG, or "" where the authority has none.

    Raises:
        ReportError: the file is missing or is no SVG.

    """
    if not file:
        return ""
    path = workspace.root / file
    if not path.is_file() or path.suffix != ".svg":
        message = f"The logotype {file} is not an SVG file in the workspace."
        place = Place(file="content/workspace.yaml")
        raise ReportError(Problem(code="no-logotype", message=message, place=place, hint="Correct authority.logotype."))
    return path.read_text(encoding="utf-8")
