"""The HTML edition: the whole report in one file that needs nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from report_builder.document import nodes as n
from report_builder.document.parts import heading_number
from report_builder.document.walk import plain_text, walk
from report_builder.editions import colours, webfonts
from report_builder.editions.elements import Child, el, serialise
from report_builder.editions.fonts import css_string, family_of
from report_builder.editions.html import Medium, chapters, inlines, issue, tables_in
from report_builder.editions.paper import svg_address
from report_builder.editions.resources import Resources

STYLE = "screen.css"
_DEEPEST_IN_CONTENTS = 2
_MAIN = "rapporten"


def render(document: n.Document, resources: Resources) -> bytes:
    """The document as a web page: well-formed, self-contained, UTF-8.

    Raises:
        ReportError: a chart, a link, a table or a colour cannot be shown.

    """
    return f"<!DOCTYPE html>\n{serialise(page_tree(document, resources))}\n".encode()


def page_tree(document: n.Document, resources: Resources) -> Element:
    """The page as a tree of elements; raises as :func:`render`."""
    meta = document.meta
    medium = Medium(
        labels=meta.labels,
        picture=_Pictures(document, resources).address,
        note=_call,
        table=_scrollable,
        tables=tables_in(document),
    )
    body = el(
        "body",
        el("a", meta.labels.skip_to_content, class_="skip", href=f"#{_MAIN}"),
        _header(meta),
        el("div", _contents(document, medium), _main(document, medium), class_="page"),
        _footer(meta),
    )
    return el("html", _head(meta, body, resources), body, lang=meta.language)


class _Pictures:
    """The charts of the page, each with its font inside."""

    def __init__(self, document: n.Document, resources: Resources) -> None:
        figures = [node for node in walk(document) if isinstance(node, n.Figure)]
        self._resources = resources
        self._family = family_of(resources.fonts, document.meta.authority.font)
        self._texts = [webfonts.chart_words(resources.charts.svg(figure)) for figure in figures]

    def address(self, figure: n.Figure) -> str:
        """The figure's chart as an address that holds it."""
        chart = self._resources.charts.svg(figure)
        faces = self._family, self._texts, self._resources.cache
        return svg_address(webfonts.chart_with_faces(chart, self._resources.fonts, *faces))


def _head(meta: n.Meta, body: Element, resources: Resources) -> Element:
    family = family_of(resources.fonts, meta.authority.font)
    faces = webfonts.page_faces(resources.fonts, family, body.itertext(), resources.cache)
    variables = f":root {{ --font: {css_string(family)}; }}\n{colours.variables(meta.authority)}"
    style = resources.file(STYLE).read_text(encoding="utf-8")
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{meta.title} – {meta.authority.short}"),
        el("meta", name="author", content=meta.authority.name),
        el("meta", name="description", content=meta.subtitle) if meta.subtitle else None,
        el("meta", name="dcterms.created", content=meta.created),
        el("style", f"\n{faces}\n{variables}\n{style}"),
    )


def _header(meta: n.Meta) -> Element:
    authority = meta.authority
    logotype = None
    if authority.logotype:
        logotype = el(
            "img", src=svg_address(authority.logotype.encode()), alt=authority.logotype_alt, class_="logotype"
        )
    marks = el("p", *(el("span", mark, class_="mark") for mark in meta.marks), class_="marks") if meta.marks else None
    return el("header", logotype, el("p", authority.name, class_="authority"), marks, class_="site")


def _contents(document: n.Document, medium: Medium) -> Element:
    entries = [
        el("li", _entry(block, medium), class_=f"level-{block.level}")
        for block in document.blocks
        if isinstance(block, n.Heading) and block.level <= _DEEPEST_IN_CONTENTS
    ]
    title = el("p", medium.labels.contents, class_="contents-title")
    return el("nav", title, el("ol", *entries), aria_label=medium.labels.contents)


def _entry(heading: n.Heading, medium: Medium) -> Element:
    number = heading_number(heading, medium.labels)
    before: list[Child] = [el("span", number, class_="number"), " "] if number else []
    return el("a", *before, plain_text(heading.content), href=f"#{heading.id}")


def _main(document: n.Document, medium: Medium) -> Element:
    meta = document.meta
    lines = " · ".join(issue(meta))
    title = el(
        "div",
        el("h1", meta.title),
        el("p", meta.subtitle, class_="subtitle") if meta.subtitle else None,
        el("p", lines, class_="issue") if lines else None,
        class_="title",
    )
    explained = None
    if meta.mark_explanation:
        heading = el("p", " · ".join(meta.marks), class_="callout-title")
        explained = el("div", heading, el("p", meta.mark_explanation), class_="callout warning")
    return el("main", title, explained, *chapters(document, medium), _notes(document, medium), id=_MAIN)


def _call(node: n.Footnote, _: Medium) -> Element:
    link = el("a", node.number, href=f"#{node.id}", id=_anchor(node), role="doc-noteref")
    return el("sup", link, class_="call")


def _notes(document: n.Document, medium: Medium) -> Element | None:
    """All footnotes in one list; the number in front of a note leads back to where it is called."""
    notes = [node for node in walk(document) if isinstance(node, n.Footnote)]
    if not notes:
        return None
    title = el("h2", medium.labels.footnotes, id="fotnoter")
    return el("section", title, el("ol", *_listed(notes, medium)), class_="notes", role="doc-endnotes")


def _listed(notes: list[n.Footnote], medium: Medium) -> Iterator[Element]:
    for note in notes:
        back = el("a", note.number, href=f"#{_anchor(note)}", role="doc-backlink")
        yield el("li", back, " ", el("span", *inlines(note.content, medium)), id=note.id)


def _anchor(note: n.Footnote) -> str:
    return f"{note.id}-text"


def _scrollable(node: n.Table, table: Element) -> Element:
    """A table wider than a small screen scrolls by itself, with the keyboard too."""
    caption = f"{node.id}-rubrik"
    for element in table.iter("caption"):
        element.set("id", caption)
    return el("div", table, class_="scroll", tabindex="0", role="group", aria_labelledby=caption)


def _footer(meta: n.Meta) -> Element:
    pairs = (el("div", el("dt", label), el("dd", value)) for label, value in meta.imprint)
    advice = (el("p", paragraph) for paragraph in meta.citation_advice)
    return el("footer", el("div", el("p", meta.authority.name, class_="authority"), *advice), el("dl", *pairs))
