"""Walking a document: every node in reading order, and rebuilding one with some nodes replaced."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import cache
from operator import is_not
from typing import Any, TypeVar, cast

from report_builder.document import nodes as n

NodeT = TypeVar("NodeT")


def walk(node: Any, past: tuple[type, ...] = ()) -> Iterator[Any]:
    """Every node below ``node`` in reading order, ``node`` first; a figure's data table is not part of the reading.

    The kinds in ``past`` are passed by, with what lies below them.
    """
    waiting = [node]
    while waiting:
        found = waiting.pop()
        kind = found.__class__
        if kind is tuple:
            waiting.extend(found[::-1])
        elif kind not in past and (below := _below(kind)) is not None:
            yield found
            waiting.extend(getattr(found, name) for name in reversed(below))


_PLAIN = frozenset({"str", "int", "bool"})


@cache
def _below(kind: type) -> tuple[str, ...] | None:
    """The fields of a kind of node that may hold other nodes, in reading order; ``None`` for what is no node.

    Most fields are words and numbers, and are not looked into.
    """
    if not dataclasses.is_dataclass(kind):
        return None
    if kind is n.Meta:
        return ()
    unread = ("data", "spec") if kind is n.Figure else ()
    fields = (f for f in dataclasses.fields(kind) if f.name not in unread)
    return tuple(f.name for f in fields if f.type not in _PLAIN and not str(f.type).startswith("Literal["))


def transformed(node: NodeT, change: Callable[[Any], Any]) -> NodeT:
    """``node`` with ``change`` applied to every node in reading order, parents before their children.

    What ``change`` leaves as it is, is the very same object afterwards.
    """
    return cast(NodeT, _rebuild(node, change))


def _rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    if node.__class__ is tuple:
        items = tuple([_rebuild(item, change) for item in node])
        return items if any(map(is_not, items, node)) else node
    if isinstance(node, n.Meta) or _below(node.__class__) is None:
        return node
    changed = change(node)
    fields = {}
    for name in _below(changed.__class__) or ():
        before = getattr(changed, name)
        after = _rebuild(before, change)
        if after is not before:
            fields[name] = after
    return dataclasses.replace(changed, **fields) if fields else changed


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
