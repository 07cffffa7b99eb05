"""Blocks as paragraphs and tables: one list of all of them, one small rule each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from report_builder.document import nodes as n
from report_builder.document.names import bookmark_name
from report_builder.editions.ooxml import NO_XML, Xml, bookmark, el, join, run
from report_builder.editions.word import styles
from report_builder.editions.word.draft import Draft
from report_builder.editions.word.inline import inlines
from report_builder.editions.word.pictures import figure
from report_builder.editions.word.styles import Style
from report_builder.editions.word.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a block stands in: how many lists and which boxed passage, and what its neighbours ask of it.

    ``set_off`` asks for air above a paragraph that follows a table or a box, ``after_list`` for less, behind a list;
    ``keep`` for the page of what follows, ``whole`` that no page break parts it, ``new_page`` for a page to begin.
    """

    lists: int = 0
    callout: styles.CalloutKind | None = None
    set_off: bool = False
    after_list: bool = False
    keep: bool = False
    whole: bool = False
    new_page: bool = False


def surroundings_of(blocks: tuple[n.Block, ...], at: int) -> Surroundings:
    """What the block at ``at`` in the running text stands in.

    Words that lead up to a list stay with it, and a chapter's first paragraph with what it leads to, so that no chapter
    begins at the very foot of a page. The style sheet of the PDF says the same.
    """
    node = blocks[at]
    before = blocks[at - 1] if at else None
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    bare = isinstance(before, n.Table) and not before.notes and not before.source
    opens = isinstance(before, n.Heading) and before.level == 1
    leads = isinstance(node, n.Paragraph) and (opens or isinstance(after, n.BulletList | n.OrderedList))
    return Surroundings(
        set_off=bare or isinstance(before, n.Callout),
        after_list=isinstance(before, n.BulletList | n.OrderedList),
        keep=leads and after is not None,
        whole=leads,
        new_page=_first(blocks, at) or (isinstance(node, n.Heading) and node.new_page),
    )


def _first(blocks: tuple[n.Block, ...], at: int) -> bool:
    """Whether a heading opens the report, behind its contents, or its appendices."""
    node = blocks[at]
    if not isinstance(node, n.Heading) or node.level > 1:
        return False
    before = [b for b in blocks[:at] if isinstance(b, n.Heading) and b.level == 1]
    return not before or (node.scheme == "appendix" and before[-1].scheme != "appendix")


def block(node: n.Block, draft: Draft, place: Surroundings) -> Xml:  # noqa: PLR0911 -- one line a node
    """One block. This is the list of all of them."""
    match node:
        case n.Heading():
            return _heading(node, draft, place)
        case n.Paragraph(content=content):
            return _paragraph(content, _text_style(place), draft, place) if content else NO_XML
        case n.BulletList():
            return _list(node, draft, place)
        case n.OrderedList():
            return _list(node, draft, place)
        case n.DefinitionList(items=items):
            return join(*(_definition(item, draft) for item in items))
        case n.Callout():
            return _callout(node, draft, place)
        case n.Table():
            return table(node, draft)
        case n.Figure():
            return figure(node, draft)
        case _:
            assert_never(node)


def _heading(node: n.Heading, draft: Draft, place: Surroundings) -> Xml:
    """A heading; its number is the list's that its style belongs to, never typed.

    Level 1 has styles for a heading that begins a page; below it, that is an exception.
    """
    words = bookmark(bookmark_name(node.id), draft.new_id("bookmark"), inlines(node.content, draft))
    if place.new_page and node.level == 1:
        return draft.paragraph(styles.on_a_new_page(node.scheme), words)
    page = join(el("w:pageBreakBefore"), el("w:spacing", before=0)) if place.new_page else NO_XML
    return draft.paragraph(styles.heading(node.scheme, node.level), words, properties=page)


def _paragraph(
    content: tuple[n.Inline, ...], style: str, draft: Draft, place: Surroundings, numbering: Xml = NO_XML
) -> Xml:
    keep = el("w:keepNext") if place.keep else NO_XML
    whole = el("w:keepLines") if place.whole else NO_XML
    return draft.paragraph(style, inlines(content, draft), properties=join(keep, whole, numbering))


def _text_style(place: Surroundings) -> str:
    if place.callout:
        return styles.callout(place.callout)
    if place.lists:
        return styles.further(place.lists)
    if place.set_off:
        return Style.NORMAL_SET_OFF
    return Style.NORMAL_AFTER_LIST if place.after_list else Style.NORMAL


def _list(node: n.BulletList | n.OrderedList, draft: Draft, place: Surroundings) -> Xml:
    inside = replace(place, lists=place.lists + 1, set_off=False, after_list=False)
    style = _list_style(node, inside)
    numbering = NO_XML
    if isinstance(node, n.OrderedList) or place.callout:
        level = min(inside.lists, styles.DEEPEST_LIST) - 1
        if isinstance(node, n.OrderedList):
            number = draft.new_list(style, node.start, level)
        else:
            number = draft.template.series(style)
        numbering = el("w:numPr", el("w:ilvl", val=level), el("w:numId", val=number))
    last = len(node.items) - 1
    return join(
        *(_item(item, style, numbering, draft, _kept(inside, last=i == last)) for i, item in enumerate(node.items))
    )


def _list_style(node: n.BulletList | n.OrderedList, inside: Surroundings) -> str:
    ordered = isinstance(node, n.OrderedList)
    if inside.callout:
        return styles.callout(inside.callout, "number" if ordered else "bullet")
    return styles.number_style(inside.lists) if ordered else styles.bullet_style(inside.lists)


def _item(blocks: tuple[n.Block, ...], style: str, numbering: Xml, draft: Draft, inside: Surroundings) -> Xml:
    """An item: its first paragraph has the sign, what follows stands below it."""
    written = []
    for i, node in enumerate(blocks):
        place = _kept(inside, last=i == len(blocks) - 1)
        if i == 0 and isinstance(node, n.Paragraph):
            written.append(_paragraph(node.content, style, draft, place, numbering))
        else:
            written.append(block(node, draft, place))
    return join(*written)


def _kept(place: Surroundings, *, last: bool) -> Surroundings:
    """A boxed passage is not broken between pages: each paragraph in it stays with the next, but for the last."""
    return place if last or not place.callout else replace(place, keep=True)


def _definition(item: n.Definition, draft: Draft) -> Xml:
    term = draft.paragraph(Style.TERM, inlines(item.term, draft))
    return join(term, draft.paragraph(Style.MEANING, inlines(item.meaning, draft)))


def _callout(node: n.Callout, draft: Draft, place: Surroundings) -> Xml:
    title = draft.paragraph(styles.callout(node.kind, "title"), run(node.title))
    inside = replace(place, lists=0, callout=node.kind, set_off=False)
    last = len(node.blocks) - 1
    return join(title, *(block(item, draft, _kept(inside, last=i == last)) for i, item in enumerate(node.blocks)))
