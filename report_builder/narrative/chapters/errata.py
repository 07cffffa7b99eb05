"""What a new version of a published report puts right, as its readers meet it: a chapter before all others."""

from __future__ import annotations

from report_builder import swedish
from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.workspace.workspace import Release

CHAPTER_ID = "rattelser"


def chapter(release: Release) -> tuple[n.Block, ...]:
    """The chapter of a second or later version; nothing for a first one."""
    if not release.errata:
        return ()
    said = gettext(
        "This is version {number} of the report. It replaces version {before}. The following has been corrected.",
        number=release.edition,
        before=release.edition - 1,
    )
    items = tuple(
        n.Definition(
            term=_reference(gettext("Version {number}, {day}", number=number, day=swedish.day(erratum.date))),
            meaning=_reference(erratum.text.strip()),
        )
        for number, erratum in enumerate(release.errata, start=2)
    )
    heading = n.Heading(id=CHAPTER_ID, level=1, content=(n.Text(text=gettext("Corrections")),), scheme="plain")
    return heading, n.Paragraph(content=_reference(said)), n.DefinitionList(items=items)


def version_line(release: Release) -> tuple[tuple[str, str], ...]:
    """The line of the imprint that names the version, from the second on."""
    if not release.errata:
        return ()
    day = swedish.day(release.errata[-1].date)
    return ((gettext("Version"), gettext("{number}, corrected {day}", number=release.edition, day=day)),)


def _reference(words: str) -> tuple[n.Inline, ...]:
    """Words whose digits tell of what was printed before and are no figures of this report."""
    return (n.Citation(content=(n.Text(text=words),)),)
