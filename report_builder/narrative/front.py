"""What stands before the first chapter and around every page: titles, marks, imprint, and an edition's fixed words."""

from __future__ import annotations

from report_builder import swedish
from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.narrative.chapters import errata
from report_builder.narrative.checks.example_marks import ExampleMarks
from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.workspace import Release, Settings, Workspace


def labels() -> n.Labels:
    """The fixed words of an edition."""
    return n.Labels(
        contents=gettext("Contents"),
        table=gettext("Table"),
        figure=gettext("Figure"),
        appendix=gettext("Appendix"),
        chapter=gettext("Chapter"),
        section=gettext("Section"),
        source=gettext("Source"),
        note=gettext("Note:"),
        page_of="{page} ({pages})",
        footnotes=gettext("Footnotes"),
        skip_to_content=gettext("Skip to the content"),
        tables_of_figure=gettext("Data of the figure"),
        annex=gettext("Data annex"),
        annex_letter=gettext("DA", context="letters before the numbers of a data annex"),
        in_annex=gettext("{reference} in the data annex"),
    )


def meta_of(workspace: Workspace, release: Release, settings: Settings, examples: ExampleMarks) -> n.Meta:
    """The front matter of a release; ``examples`` says what it rests on that is made up.

    Raises:
        ReportError: the logotype is missing or is no SVG.

    """
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
            font=authority.font,
        ),
        article_number=release.article_number,
        published=published,
        created=release.created.isoformat(),
        reference=release.reference,
        commission=release.reference,
        marks=(*marks, settings.marks.example) if examples.any else marks,
        mark_explanation=_explanation(settings, examples),
        imprint=(
            (gettext("Article number"), release.article_number),
            (gettext("Published in"), f"{published}, {authority.web}"),
            (gettext("Commission"), release.reference),
            (gettext("Registration number"), release.diarienummer),
            *errata.version_line(release),
            (gettext("Publisher"), authority.name),
        ),
        citation_advice=tuple(p.strip() for p in settings.citation_advice),
        labels=labels(),
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


def _explanation(settings: Settings, examples: ExampleMarks) -> str:
    """What the mark of examples means: the workspace says it of data, and the program of the rest."""
    if examples.deliveries:
        return settings.mark_explanation.strip()
    if examples.any:
        return gettext("What is called an example in this report is made up: nobody has decided it.")
    return ""
