"""Tables: rows written straight, a head that repeats, rows that do not break, a description for those who listen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from report_builder.document import nodes as n
from report_builder.document.names import bookmark_name
from report_builder.document.walk import plain_text
from report_builder.editions.columns import is_long, of_the_line, shares
from report_builder.editions.ooxml import NO_XML, Xml, bookmark, el, field, join, run
from report_builder.editions.word.draft import Draft
from report_builder.editions.word.hyphens import breakable
from report_builder.editions.word.inline import inlines
from report_builder.editions.word.styles import Style, in_appendix

_KEEP = el("w:keepNext")
_THIN_BELOW = el("w:tcBorders", el("w:bottom", val="single", sz=4, space=0, color="8A8A8A"))


def table(node: n.Table, draft: Draft) -> Xml:
    """A table with its caption above it, and its notes and source below."""
    page = draft.page.lying() if node.wide else draft.page
    widths = _twips(shares(node), page.text_width * of_the_line(node))
    grid = el("w:tblGrid", *(el("w:gridCol", w=width) for width in widths))
    title = caption(draft.labels.table, node, draft)
    rows = join(*_head(node, widths, draft), *_body(node, widths, draft))
    return join(title, el("w:tbl", _properties(node, sum(widths), draft), grid, rows), below(node, draft))


def caption(word: str, node: n.Table | n.Figure, draft: Draft) -> Xml:
    """ "Tabell 4. …": the number is counted by Word, again for each appendix, and is what a reference fetches."""
    letter = _appendix(node)
    series = "_".join(part for part in (word, letter) if part)
    look = draft.look(Style.LABEL)
    number = field(f"SEQ {series} \\* ARABIC", run(node.number.removeprefix(letter), look), look=look)
    marked = bookmark(bookmark_name(node.id), draft.new_id("bookmark"), run(letter, look) if letter else NO_XML, number)
    label = join(run(f"{word}\N{NO-BREAK SPACE}", look), marked, run(".", look))
    style = in_appendix(Style.CAPTION) if letter else Style.CAPTION
    return draft.paragraph(style, label, run(" "), inlines(node.caption, draft))


def _appendix(node: n.Table | n.Figure) -> str:
    """The letter of the appendix that a table or figure stands in, or nothing."""
    return node.number.rstrip("0123456789")


def below(node: n.Table | n.Figure, draft: Draft, *, followed: bool = False) -> Xml:
    """Notes and source; the first note says that it is one. What is ``followed`` by more stays with it."""
    remarks = [
        join(run(f"{draft.labels.note} "), inlines(remark, draft)) if i == 0 else inlines(remark, draft)
        for i, remark in enumerate(node.notes)
    ]
    source = join(run(f"{draft.labels.source}: "), inlines(node.source, draft)) if node.source else NO_XML
    written = [draft.paragraph(Style.REMARK, remark, properties=_KEEP) for remark in remarks[:-1]]
    written += [
        draft.paragraph(Style.REMARK, r, properties=_KEEP if source or followed else NO_XML) for r in remarks[-1:]
    ]
    last = draft.paragraph(Style.SOURCE, source, properties=_KEEP if followed else NO_XML) if source else NO_XML
    return join(*written, last)


def _twips(parts: tuple[float, ...], room: float) -> tuple[int, ...]:
    """Column widths that fill ``room`` exactly: each edge is rounded, so that no rounding adds up."""
    edges = [0]
    done = 0.0
    for part in parts:
        done += part
        edges.append(round(done * room))
    return tuple(right - left for left, right in pairwise(edges))


def _properties(node: n.Table, width: int, draft: Draft) -> Xml:
    last = bool(node.rows) and node.rows[-1].kind == "total"
    headers = "; ".join(plain_text(column.header) for column in node.columns)
    remarks = " ".join(plain_text(remark) for remark in node.notes)
    return el(
        "w:tblPr",
        el("w:tblStyle", val=draft.style(Style.TABLE)),
        el("w:tblW", w=width, type="dxa"),
        el("w:tblLayout", type="fixed"),
        el(
            "w:tblLook",
            val=f"{0x0020 | 0x0040 * last | 0x0080 | 0x0400:04X}",
            firstRow=1,
            lastRow=int(last),
            firstColumn=1,
            lastColumn=0,
            noHBand=0,
            noVBand=1,
        ),
        el("w:tblCaption", val=plain_text(node.caption)),
        el("w:tblDescription", val=f"{headers}. {remarks}".strip()),
    )


def _head(node: n.Table, widths: tuple[int, ...], draft: Draft) -> Iterator[Xml]:
    styles = _column_styles(node, Style.HEAD_NUMBER, Style.HEAD, Style.HEAD_AFTER_NUMBER)
    pairs = zip(styles, node.columns, strict=True)
    cells = [draft.paragraph(style, _words(column.header, draft)) for style, column in pairs]
    if not node.groups:
        yield _row(*(_cell(width, cell) for width, cell in zip(widths, cells, strict=True)), head=True)
        return
    look = draft.template.header_cell()
    first: list[Xml] = []
    second: list[Xml] = []
    at = 0
    for title, span in node.groups:
        inside = slice(at, at + span)
        at += span
        if title:
            words = draft.paragraph(_sized(Style.HEAD_GROUP, node), run(title))
            first.append(_cell(sum(widths[inside]), words, el("w:gridSpan", val=span), _THIN_BELOW))
            second += [_cell(width, cell, look) for width, cell in zip(widths[inside], cells[inside], strict=True)]
            continue
        for width, cell in zip(widths[inside], cells[inside], strict=True):
            first.append(_cell(width, cell, el("w:vMerge", val="restart"), look))
            second.append(_cell(width, draft.paragraph(_sized(Style.HEAD, node)), el("w:vMerge"), look))
    yield _row(*first, head=True)
    yield _row(*second, head=True)


def _sized(style: Style, node: n.Table) -> str:
    """Tables in an appendix are set smaller."""
    return in_appendix(style) if _appendix(node) else style


def _column_styles(node: n.Table, number: Style, words: Style, words_after_number: Style) -> list[str]:
    """A style for each column; words right of a number are set off from it."""
    before = ["text", *(column.align for column in node.columns)]
    return [
        _sized(number if column.align == "number" else words_after_number if left == "number" else words, node)
        for left, column in zip(before, node.columns, strict=False)
    ]


def _body(node: n.Table, widths: tuple[int, ...], draft: Draft) -> Iterator[Xml]:
    styles = _column_styles(node, Style.CELL_NUMBER, Style.CELL, Style.CELL_AFTER_NUMBER)
    whole, end = not is_long(node), len(node.rows) - 1
    for i, row in enumerate(node.rows):
        beside_an_edge = i in (0, end - 1)  # two rows at least on either side of a page's edge
        kept = bool(node.notes or node.source) if i == end else whole or beside_an_edge
        strong = row.kind == "total"
        yield _row(
            *(
                _cell(
                    width,
                    draft.paragraph(style, _words(cell, draft, strong=strong), properties=_KEEP if kept else NO_XML),
                )
                for width, style, cell in zip(widths, styles, row.cells, strict=True)
            )
        )


def _words(content: tuple[n.Inline, ...], draft: Draft, *, strong: bool = False) -> Xml:
    return inlines(breakable(content, draft.language), draft, strong=strong)


def _row(*cells: Xml, head: bool = False) -> Xml:
    return el("w:tr", el("w:trPr", el("w:cantSplit"), el("w:tblHeader") if head else NO_XML), *cells)


def _cell(width: int, content: Xml, *properties: Xml) -> Xml:
    return el("w:tc", el("w:tcPr", el("w:tcW", w=width, type="dxa"), *properties), content)
