"""The parts of a report: what is printed, and the data annex that is read on the web and in the spreadsheets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from report_builder.document import nodes as n
from report_builder.document.walk import transformed, walk


def heading_number(heading: n.Heading, labels: n.Labels) -> str:
    """What stands before a heading's words: "2.1", "Bilaga A", "Databilaga DB1", or nothing."""
    word = {"appendix": labels.appendix, "annex": labels.annex}.get(heading.scheme, "")
    return f"{word}\N{NO-BREAK SPACE}{heading.number}" if word and heading.level == 1 else heading.number


def has_annex(document: n.Document) -> bool:
    """Whether any chapter belongs to the data annex."""
    return any(isinstance(block, n.Heading) and block.scheme == "annex" for block in document.blocks)


def annex_blocks(document: n.Document) -> Iterator[n.Block]:
    """The blocks of the data annex in reading order, its headings among them."""
    yield from (block for block, annexed in _parted(document) if annexed)


def annex_ids(document: n.Document) -> frozenset[str]:
    """The ids of everything in the data annex that a reference can lead to."""
    targets = (node for block in annex_blocks(document) for node in walk(block))
    return frozenset(node.id for node in targets if isinstance(node, n.Heading | n.Table | n.Figure))


def printed(document: n.Document) -> n.Document:
    """The document without its data annex, as PDF and Word show it; a reference into the annex is words, no link."""
    if not has_annex(document):
        return document
    away = annex_ids(document)

    def unlinked(node: Any) -> Any:
        if isinstance(node, n.CrossRef) and node.target in away:
            return n.Text(text=node.text)
        return node

    blocks = tuple(block for block, annexed in _parted(document) if not annexed)
    return transformed(dataclasses.replace(document, blocks=blocks), unlinked)


def _parted(document: n.Document) -> Iterator[tuple[n.Block, bool]]:
    """Each block with whether it belongs to the annex: a heading of level 1 decides for all up to the next."""
    annexed = False
    for block in document.blocks:
        if isinstance(block, n.Heading) and block.level == 1:
            annexed = block.scheme == "annex"
        yield block, annexed
