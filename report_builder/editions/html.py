"""The document as HTML: one list of every node, one small rule each; what is on paper and what on screen differs below.

Both editions that are made of HTML use these rules. A rule adds no words of its own and counts nothing: numbers come
from the resolved document, fixed words from its labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never
from xml.etree.ElementTree import Element

from report_builder.document import nodes as n
from report_builder.document.parts import heading_number
from report_builder.document.walk import walk
from report_builder.editions.columns import is_long, of_the_line, shares
from report_builder.editions.elements import Child, el
from report_builder.problems import Problem, ReportError

_SCHEMES = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What the rules need to know of where the document is shown.

    ``picture`` gives the address of a figure's chart; ``note`` what stands where a footnote is anchored;
    ``table`` what surrounds a table; ``tables`` gives the number of every table that stands in the document, by id.
    ``mark_facts`` leaves the id of every fact on its words, for whoever checks the page.
    """

    labels: n.Labels
    picture: Callable[[n.Figure], str]
    note: Callable[[n.Footnote, Medium], Element]
    table: Callable[[n.Table, Element], Element]
    tables: Mapping[str, str]
    mark_facts: bool = True


def tables_in(document: n.Document) -> dict[str, str]:
    """The tables that a reference can lead to: id → number."""
    return {node.id: node.number for node in walk(document) if isinstance(node, n.Table)}


def issue(meta: n.Meta) -> tuple[str, ...]:
    """The lines that say which issue this is: when it was published, and its article number as the imprint names it."""
    label = next((label for label, value in meta.imprint if value == meta.article_number), "")
    number = f"{label} {meta.article_number}".strip() if meta.article_number else ""
    return tuple(line[0].upper() + line[1:] for line in (meta.published, number) if line)


def chapters(document: n.Document, medium: Medium) -> Iterator[Element]:
    """The document's blocks, one ``section`` for each heading of level 1 (and one for what stands before the first)."""
    section: Element | None = None
    for node in document.blocks:
        if section is None or (isinstance(node, n.Heading) and node.level == 1):
            if section is not None:
                yield section
            section = el("section", class_=_chapter(node))
        section.append(block(node, medium))
    if section is not None:
        yield section


def _chapter(node: n.Block) -> str:
    if not isinstance(node, n.Heading):
        return "chapter"
    return f"chapter {node.scheme}{' new-page' if node.new_page else ''}"


def block(node: n.Block, medium: Medium) -> Element:  # noqa: PLR0911 -- one return for each kind of node
    """One block. This is the list of all of them."""
    match node:
        case n.Heading():
            return _heading(node, medium)
        case n.Paragraph(content=content):
            return el("p", *inlines(content, medium))
        case n.BulletList(items=items):
            return el("ul", *_items(items, medium))
        case n.OrderedList(items=items, start=start):
            return _ordered(items, start, medium)
        case n.DefinitionList(items=definitions):
            return el("dl", *(_definition(item, medium) for item in definitions), class_="terms")
        case n.Callout():
            return _callout(node, medium)
        case n.Table():
            return _table(node, medium)
        case n.Figure():
            return _figure(node, medium)
        case _:
            assert_never(node)


def inlines(content: tuple[n.Inline, ...], medium: Medium) -> list[Child]:
    """Inline content as words and elements."""
    return [inline(node, medium) for node in content]


def inline(node: n.Inline, medium: Medium) -> Child:  # noqa: PLR0911 -- one return for each kind of node
    """One piece of inline content. This is the list of all of them."""
    match node:
        case n.Text(text=text):
            return text
        case n.Emphasis(content=content):
            return el("em", *inlines(content, medium))
        case n.Strong(content=content):
            return el("strong", *inlines(content, medium))
        case n.Link():
            return _link(node, medium)
        case n.FactValue(fact_id=fact_id, text=text):
            return el("span", text, class_="fact", data_fact=fact_id) if medium.mark_facts else text
        case n.Citation(content=content):
            return el("span", *inlines(content, medium), class_="citation")
        case n.CrossRef(target=target, text=text):
            return el("a", text, class_="reference", href=f"#{target}")
        case n.Footnote():
            return medium.note(node, medium)
        case _:
            assert_never(node)


def _heading(node: n.Heading, medium: Medium) -> Element:
    number = heading_number(node, medium.labels)
    before: list[Child] = [el("span", number, class_="number"), " "] if number else []
    page = "new-page" if node.new_page and node.level > 1 else None
    return el(f"h{node.level + 1}", *before, *inlines(node.content, medium), id=node.id, class_=page)


def _items(items: tuple[tuple[n.Block, ...], ...], medium: Medium) -> Iterator[Element]:
    for blocks in items:
        yield el("li", *(block(item, medium) for item in blocks))


def _ordered(items: tuple[tuple[n.Block, ...], ...], start: int, medium: Medium) -> Element:
    """Browsers read ``start``; WeasyPrint does not, and is told by the counter that stands behind it."""
    if start == 1:
        return el("ol", *_items(items, medium))
    return el("ol", *_items(items, medium), start=str(start), style=f"counter-reset:list-item {start - 1}")


def _definition(item: n.Definition, medium: Medium) -> Element:
    return el("div", el("dt", *inlines(item.term, medium)), el("dd", *inlines(item.meaning, medium)))


def _callout(node: n.Callout, medium: Medium) -> Element:
    title = el("p", node.title, class_="callout-title")
    return el("div", title, *(block(item, medium) for item in node.blocks), class_=f"callout {node.kind}")


def _link(node: n.Link, medium: Medium) -> Element:
    if not node.url.startswith(_SCHEMES):
        message = f"A link leads to {node.url}, which is no address on the web."
        hint = "Write the whole address, with https:// first."
        raise ReportError(Problem(code="bad-link", message=message, value=node.url, hint=hint))
    return el("a", *inlines(node.content, medium), href=node.url)


def _figure(node: n.Figure, medium: Medium) -> Element:
    if not node.alt.strip():
        hint = "Say in full sentences what the chart shows."
        raise ReportError(Problem(code="missing-alt", message=f"Figure {node.id} has no text alternative.", hint=hint))
    caption = el("figcaption", *_caption(medium.labels.figure, node.number, node.caption, medium))
    image = el("img", src=medium.picture(node), alt=node.alt)
    return el("figure", caption, image, *_below(node, medium), _figures_behind(node, medium), id=node.id)


def _figures_behind(node: n.Figure, medium: Medium) -> Element | None:
    """Where the figure's data stand as a table, when they do."""
    if not node.data_at:
        return None
    here = node.data.id in medium.tables
    place: Child = el("a", node.data_at, href=f"#{node.data.id}", class_="reference") if here else node.data_at
    return el("p", f"{medium.labels.tables_of_figure}: ", place, ".", class_="behind")


def _caption(word: str, number: str, content: tuple[n.Inline, ...], medium: Medium) -> list[Child]:
    label = el("span", f"{word}\N{NO-BREAK SPACE}{number}.", class_="number")
    return [label, " ", *inlines(content, medium)]


def _below(node: n.Table | n.Figure, medium: Medium) -> Iterator[Element]:
    for i, remark in enumerate(node.notes):
        label = f"{medium.labels.note} " if i == 0 else ""
        yield el("p", label, *inlines(remark, medium), class_="remark")
    if node.source:
        yield el("p", f"{medium.labels.source}: ", *inlines(node.source, medium), class_="source")


def _table(node: n.Table, medium: Medium) -> Element:
    table = el(
        "table",
        el("caption", *_caption(medium.labels.table, node.number, node.caption, medium)),
        el("colgroup", *(el("col", style=f"width:{100 * width:.2f}%") for width in shares(node))),
        el("thead", *_head(node, medium)),
        el("tbody", *(_row(node, row, medium) for row in node.rows)),
    )
    return el("div", medium.table(node, table), *_below(node, medium), class_=f"table{_kind(node)}", id=node.id)


def _kind(node: n.Table) -> str:
    if node.wide:
        return " wide"
    share = of_the_line(node)
    narrow = f" of-{round(100 * share)}" if share < 1 else ""
    return f"{' long' if is_long(node) else ''}{narrow}"


def _head(node: n.Table, medium: Medium) -> Iterator[Element]:
    if not node.groups:
        yield el("tr", *(_column(column, medium) for column in node.columns))
        return
    first, second, at = el("tr", class_="groups"), el("tr"), 0
    for title, span in node.groups:
        columns = node.columns[at : at + span]
        if title:
            first.append(el("th", title, scope="colgroup", colspan=str(span), class_="group"))
        for column in columns:
            (second if title else first).append(_column(column, medium, rowspan=None if title else "2"))
        at += span
    yield first
    yield second


def _column(column: n.Column, medium: Medium, rowspan: str | None = None) -> Element:
    return el("th", *inlines(column.header, medium), scope="col", rowspan=rowspan, class_=column.align)


def _row(node: n.Table, row: n.Row, medium: Medium) -> Element:
    first, *rest = zip(node.columns, row.cells, strict=True)
    cells = [el("td", *inlines(content, medium), class_=column.align) for column, content in rest]
    header = el("th", *inlines(first[1], medium), scope="row", class_=first[0].align)
    return el("tr", header, *cells, class_="total" if row.kind == "total" else None)
