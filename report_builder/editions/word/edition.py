"""The whole way from a resolved document to the bytes of a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from report_builder.document import nodes as n
from report_builder.editions.fonts import family_of
from report_builder.editions.ooxml import Xml, el, join, root, w
from report_builder.editions.resources import Resources
from report_builder.editions.word import front, package, template, typeface
from report_builder.editions.word.blocks import block, surroundings_of
from report_builder.editions.word.draft import Draft, targets
from report_builder.editions.word.styles import Style
from report_builder.problems import ReportError


def write_docx(document: n.Document, resources: Resources, pages: Mapping[str, int] | None) -> bytes:
    """See :func:`report_builder.editions.word.render`."""
    opened = template.open_template(resources.file(template.FILE.as_posix()))
    draft = Draft(
        template=opened,
        labels=document.meta.labels,
        language=document.meta.language,
        charts=resources.charts,
        targets=targets(document),
        body=opened.document.part,
        notes=package.notes_part(opened.document),
        final=document.meta.status == "final",
    )
    package.colour(draft, document.meta.authority)
    if resources.is_shipped(template.FILE.as_posix()):
        typeface.set_in(draft, family_of(resources.fonts, document.meta.authority.font))
    package.set_language(draft, document.meta.language)
    body = join(front.front_matter(document, draft, resources.file("cover.svg"), pages), *_blocks(document, draft))
    if draft.problems:
        raise ReportError(draft.problems)
    _fill(draft, body)
    package.write_notes(draft)
    package.write_lists(draft)
    package.set_properties(draft, document)
    typeface.embed_fonts(draft, resources.fonts)
    return package.saved(opened.document)


def _blocks(document: n.Document, draft: Draft) -> Iterator[Xml]:
    """Every block, and the end of a section wherever pages turn; the last section ends the file."""
    heads = _heads(document.meta, draft)

    def end(*, landscape: bool, title_page: bool) -> Xml:
        page = draft.page.lying() if landscape else draft.page
        return page.section(*heads[landscape], title_page=title_page)

    landscape, title_page = False, True
    for i, node in enumerate(document.blocks):
        wide = isinstance(node, n.Table) and node.wide
        if wide != landscape:
            yield end(landscape=landscape, title_page=title_page)
            landscape, title_page = wide, False
        try:
            yield block(node, draft, surroundings_of(document.blocks, i))
        except ReportError as e:
            draft.problems.extend(e.problems)  # and on to the next block, so that all faults are told at once
    yield end(landscape=landscape, title_page=title_page)


def _heads(meta: n.Meta, draft: Draft) -> dict[bool, tuple[Xml, Xml]]:
    """The references to page head and foot, for upright (``False``) and lying (``True``) pages."""
    foot = package.add_footer(front.footer(meta.labels, draft), "footer1", draft)
    upright = package.add_header(front.header(meta, draft, landscape=False), "header1", draft)
    lying = package.add_header(front.header(meta, draft, landscape=True), "header2", draft)
    return {False: (upright, foot), True: (lying, foot)}


def _fill(draft: Draft, body: Xml) -> None:
    """Make ``body`` the text of the file.

    Word wants a section's properties in the section's last paragraph, and a paragraph at the end of the text; where a
    table stands there, a paragraph without height follows it.
    """
    from docx.oxml import parse_xml

    document = parse_xml(root("w:document", el("w:body", body)).encode())
    text = document[0]
    for section in text.findall(w("sectPr")):
        before, last = section.getprevious(), section.getnext() is None
        if before is None or before.tag != w("p"):
            before = parse_xml(root("w:body", draft.paragraph(Style.SECTION_BREAK)).encode())[0]
            section.addprevious(before)
        if not last:
            before.find(w("pPr")).append(section)
    draft.body._element = document  # the template's words go; python-docx has no public way to exchange them
