"""Walking a document: every node in reading order, and rebuilding one with some nodes replaced."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from report_builder.document import nodes as n

NodeT = TypeVar("NodeT")


def walk(node: Any) -> Iterator[Any]:
    """Every node below ``node`` in reading order, ``node`` first; a figure's data table is not part of the reading."""
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        yield node
        for field in dataclasses.fields(node):
            if isinstance(node, n.Figure) and field.name in ("data", "spec"):
                continue
            if not isinstance(node, n.Meta):
                yield from walk(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from walk(item)


def rebuild(node: NodeT, change: Callable[[Any], Any]) -> NodeT:
    """``node`` with ``change`` applied to every node in reading order, parents before their children."""
    return cast(NodeT, _rebuild(node, change))


def _rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(node, tuple):
        return tuple(_rebuild(item, change) for item in node)
    if not dataclasses.is_dataclass(node) or isinstance(node, type | n.Meta):
        return node
    changed = change(node)
    fields = {
        field.name: _rebuild(getattr(changed, field.name), change)
        for field in dataclasses.fields(changed)
        if not (isinstance(changed, n.Figure) and field.name == "data")
    }
    return dataclasses.replace(changed, **fields)


def plain_text(content: tuple[n.Inline, ...]) -> str:
    """The words of inline content as a reader hears them; footnotes stay out."""
    parts: list[str] = []
    for item in content:
        match item:
            case n.Text(text=text) | n.FactValue(text=text) | n.CrossRef(text=text):
                parts.append(text)
            case n.Footnote():
                pass
            case _:
                parts.append(plain_text(item.content))
    return "".join(parts)
