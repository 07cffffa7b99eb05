"""The document as the tree of HTML elements that becomes pages: cover, imprint, contents, chapters."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from report_builder.document import nodes as n
from report_builder.document.parts import heading_number
from report_builder.editions import colours, contents
from report_builder.editions.elements import Child, el
from report_builder.editions.html import Medium, chapters, inlines, issue, tables_in
from report_builder.editions.images import Charts

_LONG_TITLE = 75
"""A title of more characters than this is set smaller on the cover."""


def paper_tree(document: n.Document, charts: Charts) -> Element:
    """The whole report for print.

    An element carries ``data-tag`` where its role in a tagged PDF is not plain from its name; the running heads stand
    in attributes of ``body``, from which the style sheet fetches them.

    Raises:
        ReportError: a chart, a link, a table or a colour cannot be shown.

    """
    meta = document.meta
    medium = Medium(
        labels=meta.labels,
        picture=lambda figure: svg_address(charts.svg(figure)),
        note=_note,
        table=lambda _, table: table,
        tables=tables_in(document),
        mark_facts=False,
    )
    body = el(
        "body",
        _cover(meta),
        _imprint(meta),
        _contents(document, medium),
        el("main", *chapters(document, medium)),
        data_running=meta.running_title,
        data_marks=" · ".join(meta.marks),
        **_page_number(meta.labels),
    )
    return el("html", _head(meta), body, lang=meta.language)


def svg_address(picture: bytes) -> str:
    """An SVG picture as an address that holds the picture itself."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode("ascii")


def _head(meta: n.Meta) -> Element:
    return el(
        "head",
        el("title", meta.title),
        el("meta", name="author", content=meta.authority.name),
        el("meta", name="description", content=meta.subtitle) if meta.subtitle else None,
        el("meta", name="dcterms.created", content=meta.created),
        el("meta", name="dcterms.modified", content=meta.created),
        el("style", colours.variables(meta.authority)),
    )


def _page_number(labels: n.Labels) -> dict[str, str]:
    """``{page} ({pages})`` in its three parts of words, for the style sheet to set the numbers between."""
    before, _, rest = labels.page_of.partition("{page}")
    between, _, after = rest.partition("{pages}")
    return {"data_before_page": before, "data_before_pages": between, "data_after_pages": after}


def _cover(meta: n.Meta) -> Element:
    authority = meta.authority
    logotype = None
    if authority.logotype:
        address = svg_address(authority.logotype.encode())
        logotype = el("img", src=address, alt=authority.logotype_alt or authority.name, class_="logotype")
    marks = [el("p", mark, class_="mark") for mark in meta.marks]
    return el(
        "section",
        el("div", logotype, el("p", authority.name, class_="authority"), class_="sender"),
        el(
            "div",
            el("h1", meta.title, class_="long" if len(meta.title) > _LONG_TITLE else None),
            el("p", meta.subtitle, class_="subtitle") if meta.subtitle else None,
            class_="title",
        ),
        el("div", *marks, class_="marks") if marks else None,
        el("div", *(el("p", line) for line in issue(meta)), class_="issue"),
        class_="cover",
    )


def _imprint(meta: n.Meta) -> Element:
    explained: list[Child] = []
    if meta.marks:
        title = el("p", " · ".join(meta.marks), class_="callout-title")
        explained = [el("div", title, el("p", meta.mark_explanation), class_="callout warning")]
    pairs = (el("div", el("dt", label), el("dd", value)) for label, value in meta.imprint)
    advice = (el("p", paragraph) for paragraph in meta.citation_advice)
    return el(
        "section",
        *explained,
        el(
            "div",
            el("p", meta.title, class_="imprint-title"),
            *advice,
            el("dl", *pairs, class_="facts"),
            class_="colophon",
        ),
        class_="imprint",
    )


def _contents(document: n.Document, medium: Medium) -> Element:
    title = el("h2", medium.labels.contents, id="innehall")
    return el("nav", title, el("ol", *_entries(contents.entries(document), medium), class_="contents", data_tag="TOC"))


def _entries(headings: tuple[n.Heading, ...], medium: Medium) -> Iterator[Element]:
    for heading in headings:
        number = heading_number(heading, medium.labels)
        before = el("span", number, class_="number") if number else None
        words = el("span", " " if number else None, *_without_notes(heading.content, medium))
        page = el("span", class_="page", data_target=f"#{heading.id}")
        link = el("a", before, words, page, href=f"#{heading.id}")
        kind = f"level-{heading.level} {heading.scheme}"
        yield el("li", el("span", link, data_tag="Reference"), class_=kind, data_tag="TOCI")


def _without_notes(content: tuple[n.Inline, ...], medium: Medium) -> list[Child]:
    return inlines(tuple(item for item in content if not isinstance(item, n.Footnote)), medium)


def _note(node: n.Footnote, medium: Medium) -> Element:
    return el("span", *inlines(node.content, medium), class_="footnote", id=node.id, data_number=node.number)
