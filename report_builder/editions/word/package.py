"""The parts of the file around the text: notes, lists, heads and feet, colours, properties, and the zip itself."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from report_builder.document import names, store
from report_builder.document import nodes as n
from report_builder.editions import colours
from report_builder.editions.ooxml import Xml, el, root, text, w
from report_builder.editions.word.draft import Draft

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time that every entry of the zip carries: the earliest that the format knows."""


def notes_part(document: Any) -> Any:
    """The part of the template that footnotes are written to."""
    return document.part.part_related_by(f"{_OFFICE}/footnotes")


def write_notes(draft: Draft) -> None:
    """Put the footnotes behind the separators that the template has."""
    from docx.oxml import parse_xml

    notes = parse_xml(draft.notes.blob)
    written = parse_xml(root("w:footnotes", *(note for _, note in sorted(draft.footnotes.items()))).encode())
    notes.extend(list(written))
    draft.notes._blob = _serialised(notes)


def write_lists(draft: Draft) -> None:
    """Add the numbered lists that this document needs."""
    from docx.oxml import parse_xml

    if draft.lists:
        lists = draft.template.lists
        last = lists.xpath("w:num")[-1]
        for element in reversed(parse_xml(root("w:numbering", *draft.lists).encode())):
            last.addnext(element)


def add_header(xml: Xml, name: str, draft: Draft) -> Xml:
    """Add a page head, and give the reference that a section shows it by."""
    return _running(xml, "header", name, draft)


def add_footer(xml: Xml, name: str, draft: Draft) -> Xml:
    """Add a page foot, and give the reference that a section shows it by."""
    return _running(xml, "footer", name, draft)


def _running(xml: Xml, kind: str, name: str, draft: Draft) -> Xml:
    relation = draft.body.relate_to(
        _part(f"/word/{name}.xml", f"{_WORD_PART}.{kind}+xml", xml, draft), f"{_OFFICE}/{kind}"
    )
    return el(f"w:{kind}Reference", type="default", r_id=relation)


def _part(name: str, kind: str, xml: Xml, draft: Draft) -> Any:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    data = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()
    return Part(PackURI(name), kind, data, draft.body.package)


def colour(draft: Draft, authority: n.Authority) -> None:
    """Give the template's first two accent colours the authority's own, wherever a style or list uses them.

    Raises:
        ReportError: a colour is not written as ``#rrggbb``, or stands out too little from white.

    """
    from docx.oxml import parse_xml

    colours.variables(authority)  # checks them: what print and screen refuse is no better here
    named = {"accent1": authority.primary, "accent2": authority.accent, "hyperlink": authority.primary}
    for element in (draft.template.document.styles.element, draft.template.lists):
        for child in element.iter():
            _recolour(child, named)
    theme = draft.body.part_related_by(f"{_OFFICE}/theme")
    tree = parse_xml(theme.blob)
    for slot, value in (("accent1", authority.primary), ("accent2", authority.accent), ("hlink", authority.primary)):
        for element in tree.iter(f"{_DRAWING}{slot}"):
            element[0].set("val", _hex(value))
    theme._blob = _serialised(tree)


def _recolour(element: Any, named: dict[str, str]) -> None:
    theme, fill = element.get(w("themeColor")), element.get(w("themeFill"))
    if theme in named:
        place = w("val") if element.tag == w("color") else w("color")
        element.set(place, _tinted(named[theme], element.get(w("themeTint"))))
    if fill in named:
        element.set(w("fill"), _tinted(named[fill], element.get(w("themeFillTint"))))


def _tinted(value: str, tint: str | None) -> str:
    """A colour mixed with white: ``tint`` is its own share, of 255. Word works it out again from the theme."""
    if tint is None:
        return _hex(value)
    share = int(tint, 16) / 255
    channels = (int(_hex(value)[i : i + 2], 16) for i in (0, 2, 4))
    return "".join(f"{round(255 - (255 - channel) * share):02X}" for channel in channels)


def _hex(value: str) -> str:
    return value.removeprefix("#").upper()


def set_language(draft: Draft, language: str) -> None:
    """Make the report's language the file's, unless the template already has a regional form of it (sv, sv-SE)."""
    for element in draft.template.document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        if element.get(w("val"), "").split("-")[0] != language:
            element.set(w("val"), language)


def set_properties(draft: Draft, document: n.Document) -> None:
    """Title, author, subject, dates and language, and as further properties the imprint and the file's origin."""
    meta = document.meta
    properties = draft.template.document.core_properties
    created = datetime.fromisoformat(meta.created).replace(tzinfo=None)
    properties.title, properties.subject = meta.title, meta.subtitle
    properties.author = properties.last_modified_by = meta.authority.name
    properties.created = properties.modified = created
    properties.language, properties.identifier = meta.language, meta.article_number
    properties.category, properties.version = meta.kind, meta.release
    properties.content_status = ", ".join(meta.marks)
    properties.revision = 1
    release = (names.RELEASE_PROPERTY, f"{meta.kind}/{meta.release}")
    _describe_further(draft, (*meta.imprint, release, (names.DOCUMENT_PROPERTY, store.digest(document))))


def _describe_further(draft: Draft, pairs: tuple[tuple[str, str], ...]) -> None:
    values = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name={_attribute(label)}>'
        f"<vt:lpwstr>{text(value)}</vt:lpwstr></property>"
        for pid, (label, value) in enumerate(pairs, start=2)
    )
    base = "http://schemas.openxmlformats.org/officeDocument/2006"
    xml = Xml(f'<Properties xmlns="{base}/custom-properties" xmlns:vt="{base}/docPropsVTypes">{values}</Properties>')
    part = _part(
        "/docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml", xml, draft
    )
    draft.body.package.relate_to(part, f"{_OFFICE}/custom-properties")


def _attribute(words: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(words)


def saved(document: Any) -> bytes:
    """The file's bytes: entries in order, and no time or machine in them."""
    first, done = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0o600 << 16
            out.writestr(entry, source.read(name), compresslevel=6)
    return done.getvalue()


def _serialised(element: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(element, encoding="UTF-8", standalone=True))
