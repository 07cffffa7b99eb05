"""Cover, imprint and table of contents, and what stands at the head and foot of every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

from report_builder.document import nodes as n
from report_builder.document.names import bookmark_name
from report_builder.document.walk import plain_text
from report_builder.editions.contents import LEVELS
from report_builder.editions.contents import entries as listed
from report_builder.editions.ooxml import NO_XML, Xml, el, field, field_end, field_start, join, root, run, tab
from report_builder.editions.word import styles
from report_builder.editions.word.draft import Draft
from report_builder.editions.word.pictures import backdrop, logotype
from report_builder.editions.word.styles import Style
from report_builder.problems import Place, Problem, ReportError

_BETWEEN_MARKS = " · "
_BLOCK = (210.0, 156.0, 2.5, 30.0)
"""The cover's block: width, height, the height of its lower edge and of the ornament above that, in millimetres."""

_EMU_PER_MM = 36000
_BLOCK_TOP = 62 * _EMU_PER_MM
_SVG = "{http://www.w3.org/2000/svg}"


def front_matter(document: n.Document, draft: Draft, ornament: Path, pages: Mapping[str, int] | None) -> Xml:
    """Everything before the first chapter; ``ornament`` is the SVG at the foot of the cover's block."""
    return join(cover(document.meta, ornament, draft), imprint(document.meta, draft), contents(document, draft, pages))


def cover(meta: n.Meta, ornament: Path, draft: Draft) -> Xml:
    """The first page: who, what, when, and the status that nobody may miss."""
    mark = logotype(meta.authority, draft)
    name = run(f"\N{EN SPACE}{meta.authority.name}" if mark else meta.authority.name)
    return join(
        draft.paragraph(Style.COVER_AUTHORITY, _title_block(meta.authority, ornament, draft), mark, name),
        draft.paragraph(Style.MARKS, run(_BETWEEN_MARKS.join(meta.marks))) if meta.marks else NO_XML,
        draft.paragraph(Style.TITLE, run(meta.title)),
        draft.paragraph(Style.SUBTITLE, run(meta.subtitle)) if meta.subtitle else NO_XML,
        *(draft.paragraph(Style.COVER_LINE, run(line)) for line in (meta.published, meta.article_number) if line),
    )


def _drawing(ornament: Path) -> ElementTree.Element:
    """The ornament's SVG; an empty file is none. Raises ReportError where it is not XML."""
    data = ornament.read_bytes().strip() or b"<svg/>"
    try:
        return ElementTree.fromstring(data)  # noqa: S314 -- the workspace's own style file
    except ElementTree.ParseError as e:
        hint = "Save the drawing as SVG again, or empty the file to leave the ornament out."
        place = Place(file=f"templates/editions/{ornament.name}", line=e.position[0])
        message = f"The cover's ornament is not an SVG file: {e}."
        raise ReportError(Problem(code="broken-svg", message=message, place=place, hint=hint)) from e


def _title_block(authority: n.Authority, ornament: Path, draft: Draft) -> Xml:
    """The coloured block behind the title, from edge to edge, with the ornament along its foot."""
    width, height, edge, foot = _BLOCK
    drawn = ElementTree.Element(f"{_SVG}svg", viewBox=f"0 0 {width} {height}", width=f"{width}mm", height=f"{height}mm")
    surface = {"x": "0", "width": str(width)}
    ElementTree.SubElement(drawn, f"{_SVG}rect", surface, y="0", height=str(height), fill=authority.primary)
    ElementTree.SubElement(drawn, f"{_SVG}rect", surface, y=str(height - edge), height=str(edge), fill=authority.accent)
    along = ElementTree.SubElement(drawn, f"{_SVG}g", transform=f"translate(0 {height - edge - foot})")
    along.extend(_drawing(ornament))
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    svg = ElementTree.tostring(drawn, encoding="unicode")
    return backdrop(svg, (round(width * _EMU_PER_MM), round(height * _EMU_PER_MM)), _BLOCK_TOP, "Omslag", draft)


def imprint(meta: n.Meta, draft: Draft) -> Xml:
    """The second page: what the status means, how the report may be cited, and its numbers in the registers."""
    status = NO_XML
    if meta.marks:
        status = draft.paragraph(styles.callout("warning", "title"), run(_BETWEEN_MARKS.join(meta.marks)))
        if meta.mark_explanation:
            status = join(status, draft.paragraph(styles.callout("warning"), run(meta.mark_explanation)))
    advice = (
        draft.paragraph(Style.CITATION_ADVICE if i else Style.CITATION_ADVICE_FIRST, run(words))
        for i, words in enumerate(meta.citation_advice)
    )
    lines = (draft.paragraph(Style.IMPRINT, run(label), tab(), run(value)) for label, value in meta.imprint)
    return join(draft.paragraph(Style.IMPRINT_TITLE, run(meta.title)), status, *advice, *lines)


def contents(document: n.Document, draft: Draft, pages: Mapping[str, int] | None) -> Xml:
    """The table of contents as Word would make it, already filled in.

    It is not marked as out of date: Word would greet the reader with a question about other files. Made again, it lists
    the sections of appendices even where they are left out here.
    """
    title = draft.paragraph(Style.CONTENTS_HEADING, run(document.meta.labels.contents))
    headings = listed(document)
    start = field_start(f'TOC \\o "1-{LEVELS}" \\h \\z \\u')
    entries = [_entry(heading, draft, pages) for heading in headings]
    if entries:
        entries[0] = join(start, entries[0])
        entries[-1] = join(entries[-1], field_end())
    gallery = el("w:docPartObj", el("w:docPartGallery", val="Table of Contents"), el("w:docPartUnique"))
    paragraphs = (
        draft.paragraph(styles.contents_style(heading.level), entry)
        for heading, entry in zip(headings, entries, strict=True)
    )
    properties = el("w:sdtPr", el("w:id", val=draft.new_id("control")), gallery)
    return el("w:sdt", properties, el("w:sdtContent", title, *paragraphs))


def header(meta: n.Meta, draft: Draft, *, landscape: bool) -> Xml:
    """The head of every page but the cover: the running title, and the status marks where there are any."""
    marks = run(_BETWEEN_MARKS.join(meta.marks), draft.look(Style.MARK_WORD))
    style = Style.HEADER_LANDSCAPE if landscape else Style.HEADER
    words = join(run(meta.running_title), *((tab(), marks) if meta.marks else ()))
    return root("w:hdr", draft.paragraph(style, words))


def footer(labels: n.Labels, draft: Draft) -> Xml:
    """The foot of every page but the cover: page and number of pages as the labels word them."""
    return root("w:ftr", draft.paragraph(Style.FOOTER, *_page_of(labels.page_of)))


def _entry(heading: n.Heading, draft: Draft, pages: Mapping[str, int] | None) -> Xml:
    name = bookmark_name(heading.id)
    words = [run(plain_text(heading.content))]
    if heading.scheme == "appendix" and heading.level == 1:
        words.insert(0, run(f"{draft.labels.appendix} {heading.number} "))
    elif heading.number:
        words[:0] = [run(heading.number), tab()]
    if pages is not None and heading.id in pages:
        words += [tab(), field(f"PAGEREF {name} \\h", run(str(pages[heading.id])))]
    return el("w:hyperlink", *words, anchor=name, history=1)


def _page_of(wording: str) -> Iterator[Xml]:
    fields = {"page": "PAGE", "pages": "NUMPAGES"}
    for words, name, _, _ in Formatter().parse(wording):
        if words:
            yield run(words)
        if name:
            yield field(fields[name], run("1"))
