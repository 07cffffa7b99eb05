"""Blocks as paragraphs and tables: one list of all of them, one small rule each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from report_builder.document import nodes as n
from report_builder.editions.ooxml import NOTHING, Xml, bookmark, el, join, run
from report_builder.editions.word import styles
from report_builder.editions.word.draft import Draft, bookmark_name
from report_builder.editions.word.inline import inlines
from report_builder.editions.word.pictures import figure
from report_builder.editions.word.styles import Style
from report_builder.editions.word.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a block stands in: how many lists, which boxed passage, and whether right below a bare table."""

    lists: int = 0
    callout: styles.CalloutKind | None = None
    after_table: bool = False


def block(node: n.Block, draft: Draft, around: Around) -> Xml:  # noqa: PLR0911 -- one line a node
    """One block. This is the list of all of them."""
    match node:
        case n.Heading():
            return _heading(node, draft)
        case n.Paragraph(content=content):
            return draft.paragraph(_text_style(around), inlines(content, draft)) if content else NOTHING
        case n.BulletList():
            return _list(node, draft, around)
        case n.OrderedList():
            return _list(node, draft, around)
        case n.DefinitionList(items=items):
            return join(*(_definition(item, draft) for item in items))
        case n.Callout():
            return _callout(node, draft, around)
        case n.Table():
            return table(node, draft)
        case n.Figure():
            return figure(node, draft)
        case _:
            assert_never(node)


def _heading(node: n.Heading, draft: Draft) -> Xml:
    """A heading; its number is the list's that its style belongs to, never typed."""
    words = bookmark(bookmark_name(node.id), draft.new_id("bookmark"), inlines(node.content, draft))
    return draft.paragraph(styles.heading(node.scheme, node.level), words)


def _text_style(around: Around) -> str:
    if around.callout:
        return styles.callout(around.callout)
    if around.lists:
        return styles.further(around.lists)
    return Style.NORMAL_AFTER_TABLE if around.after_table else Style.NORMAL


def _list(node: n.BulletList | n.OrderedList, draft: Draft, around: Around) -> Xml:
    inside = replace(around, lists=around.lists + 1, after_table=False)
    style = _list_style(node, inside)
    numbering = NOTHING
    if isinstance(node, n.OrderedList) or around.callout:
        level = min(inside.lists, styles.DEEPEST_LIST) - 1
        if isinstance(node, n.OrderedList):
            number = draft.new_list(style, node.start, level)
        else:
            number = draft.template.series(style)
        numbering = el("w:numPr", el("w:ilvl", val=level), el("w:numId", val=number))
    return join(*(_item(blocks, style, numbering, draft, inside) for blocks in node.items))


def _list_style(node: n.BulletList | n.OrderedList, inside: Around) -> str:
    ordered = isinstance(node, n.OrderedList)
    if inside.callout:
        part: Literal["numrerad lista", "punktlista"] = "numrerad lista" if ordered else "punktlista"
        return styles.callout(inside.callout, part)
    return styles.number(inside.lists) if ordered else styles.bullet(inside.lists)


def _item(blocks: tuple[n.Block, ...], style: str, numbering: Xml, draft: Draft, inside: Around) -> Xml:
    """An item: its first paragraph has the sign, what follows stands below it."""
    written = []
    for i, node in enumerate(blocks):
        if i == 0 and isinstance(node, n.Paragraph):
            written.append(draft.paragraph(style, inlines(node.content, draft), properties=numbering))
        else:
            written.append(block(node, draft, inside))
    return join(*written)


def _definition(item: n.Definition, draft: Draft) -> Xml:
    term = draft.paragraph(Style.TERM, inlines(item.term, draft))
    return join(term, draft.paragraph(Style.MEANING, inlines(item.meaning, draft)))


def _callout(node: n.Callout, draft: Draft, around: Around) -> Xml:
    title = draft.paragraph(styles.callout(node.kind, "rubrik"), run(node.title))
    inside = replace(around, lists=0, callout=node.kind, after_table=False)
    return join(title, *(block(item, draft, inside) for item in node.blocks))
