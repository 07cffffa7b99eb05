"""What a new version of a published report puts right, as its readers meet it: a chapter before all others."""

from __future__ import annotations

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.workspace.workspace import Release

CHAPTER_ID = "rattelser"


def chapter(release: Release) -> tuple[n.Block, ...]:
    """The chapter of a second or later version; nothing for a first one."""
    if not release.errata:
        return ()
    before = f"version {release.edition - 1}"
    said = f"Det här är version {release.edition} av rapporten. Den ersätter {before}. Följande har rättats."
    items = tuple(
        n.Definition(
            term=_reference(f"Version {number}, {swedish.day(erratum.date)}"), meaning=_reference(erratum.text.strip())
        )
        for number, erratum in enumerate(release.errata, start=2)
    )
    heading = n.Heading(id=CHAPTER_ID, level=1, content=(n.Text(text="Rättelser"),), scheme="plain")
    return heading, n.Paragraph(content=_reference(said)), n.DefinitionList(items=items)


def imprint(release: Release) -> tuple[tuple[str, str], ...]:
    """The line of the imprint that names the version, from the second on."""
    if not release.errata:
        return ()
    return (("Version", f"{release.edition}, rättad {swedish.day(release.errata[-1].date)}"),)


def _reference(words: str) -> tuple[n.Inline, ...]:
    """Words whose digits tell of what was printed before and are no figures of this report."""
    return (n.Citation(content=(n.Text(text=words),)),)
