"""A document as passages: what stands in each paragraph and each cell, in reading order, in every edition alike.

Who reads a file back, whichever program saved it, holds its paragraphs against these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk

_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of the report.

    ``section`` is the id of the heading that it stands under ("" before the first) and ``paragraph`` its number there,
    from 1. ``table`` is the id of the table whose cell it is, with ``row`` (0 for the head) and ``column`` from 1;
    ``note`` the number of the footnote that it is.
    """

    content: tuple[n.Inline, ...]
    section: str = ""
    paragraph: int = 0
    table: str = ""
    row: int = 0
    column: int = 0
    note: str = ""

    @property
    def text(self) -> str:
        """The words, without the marks of footnotes."""
        return plain_text(self.content)

    @property
    def facts(self) -> tuple[n.FactValue, ...]:
        """The numbers in it, in their order; those of a footnote belong to the footnote."""
        return tuple(_facts(self.content))


def passages(document: n.Document) -> Iterator[Passage]:
    """Every passage of the running text in reading order, and then every footnote; empty ones are left out."""
    notes: list[Passage] = []
    section, count = "", 0
    for block in document.blocks:
        if isinstance(block, n.Heading):
            section, count = block.id, 0
        for passage in _block(block, document.meta.labels):
            if passage.text.strip():
                count += 1
                yield replace(passage, section=section, paragraph=count)
        marks = (node for node in walk(block) if isinstance(node, n.Footnote))
        notes += (Passage(content=mark.content, section=section, note=mark.number) for mark in marks)
    yield from notes


def _facts(content: tuple[n.Inline, ...]) -> Iterator[n.FactValue]:
    for node in content:
        if isinstance(node, n.FactValue):
            yield node
        elif not isinstance(node, n.Text | n.CrossRef | n.Footnote):
            yield from _facts(node.content)


def _block(node: n.Block, labels: n.Labels) -> Iterator[Passage]:
    """The passages of a block. This is the list of all blocks."""
    match node:
        case n.Heading(content=content) | n.Paragraph(content=content):
            yield Passage(content=content)
        case n.BulletList(items=items) | n.OrderedList(items=items):
            yield from _blocks((block for blocks in items for block in blocks), labels)
        case n.DefinitionList(items=definitions):
            for item in definitions:
                yield Passage(content=item.term)
                yield Passage(content=item.meaning)
        case n.Callout():
            yield _words(node.title)
            yield from _blocks(node.blocks, labels)
        case n.Table():
            yield _caption(labels.table, node)
            yield from _cells(node)
            yield from _below(node, labels)
        case n.Figure():
            yield _caption(labels.figure, node)
            yield from _below(node, labels)
            if node.data_at:
                yield _words(f"{labels.tables_of_figure}: {node.data_at}.")
        case _:
            assert_never(node)


def _blocks(blocks: Iterable[n.Block], labels: n.Labels) -> Iterator[Passage]:
    for block in blocks:
        yield from _block(block, labels)


def _words(text: str) -> Passage:
    return Passage(content=(n.Text(text=text),))


def _caption(word: str, node: n.Table | n.Figure) -> Passage:
    return Passage(content=(n.Text(text=f"{word}{_NBSP}{node.number}. "), *node.caption))


def _cells(node: n.Table) -> Iterator[Passage]:
    yield from (replace(passage, table=node.id) for passage in _head(node))
    for i, row in enumerate(node.rows, 1):
        for j, cell in enumerate(row.cells, 1):
            yield Passage(content=cell, table=node.id, row=i, column=j)


def _head(node: n.Table) -> Iterator[Passage]:
    """The cells of the head, row by row: over grouped columns stands the group, and below it their own headers."""
    single = [Passage(content=column.header, column=j) for j, column in enumerate(node.columns, 1)]
    if not node.groups:
        yield from single
        return
    second: list[Passage] = []
    at = 0
    for title, span in node.groups:
        columns = single[at : at + span]
        if title:
            yield replace(_words(title), column=at + 1)
            second += columns
        else:
            yield from columns
        at += span
    yield from second


def _below(node: n.Table | n.Figure, labels: n.Labels) -> Iterator[Passage]:
    for i, remark in enumerate(node.notes):
        yield Passage(content=(n.Text(text=f"{labels.note} "), *remark) if i == 0 else remark)
    if node.source:
        yield Passage(content=(n.Text(text=f"{labels.source}: "), *node.source))
