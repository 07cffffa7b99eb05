"""A document as JSON, and back: the form in which a comparison, a year later, reads it."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from pathlib import Path
from typing import Any, get_args, get_origin

from report_builder.document import nodes as n
from report_builder.problems import Place, Problem, ReportError

FORMAT = 1
"""Version of the stored form. A change that an older program would read wrongly raises it."""

_NODES: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        *(get_args(n.Inline)),
        *(get_args(n.Block)),
        n.Column, n.Row, n.Definition, n.Authority, n.Labels, n.Meta, n.Document,
    )
}  # fmt: skip


def dumps(document: n.Document) -> str:
    """The document as JSON text with sorted keys: the same document gives the same bytes."""
    data = {"format": FORMAT, "document": _plain(document)}
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def digest(document: n.Document) -> str:
    """The SHA-256 of all that the document says: a stored document read back has the same."""
    compact = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(compact.encode("utf-8", "surrogatepass")).hexdigest()


def load(path: Path) -> n.Document:
    """Read a stored document; a field that it was stored without takes its default.

    Raises:
        ReportError: the file is not a stored document, or is of a format that this program does not know.

    """
    try:
        data = path.read_bytes()
    except OSError as e:
        message = f"The file cannot be read: {e.strerror or e}."
        raise ReportError(Problem(code="bad-document", message=message, place=Place(file=path.name))) from e
    return loads(data, path.name)


def loads(stored: bytes, name: str) -> n.Document:
    """The document that ``stored`` holds, the file being shown to people as ``name``; raises as :func:`load`."""
    place = Place(file=name)
    try:
        data = json.loads(stored)
        found = data["format"]
        if found != FORMAT:
            hint = "Use the version of the program that wrote it, or a newer one."
            message = f"The document has format {found}; this program reads format {FORMAT}."
            raise ReportError(Problem(code="unknown-format", message=message, place=place, hint=hint))
        return typing.cast(n.Document, _node(data["document"]))
    except (ValueError, KeyError, TypeError) as e:
        message = f"The file is not a stored document: {e}."
        raise ReportError(Problem(code="bad-document", message=message, place=place)) from e


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"node": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _node(data: dict[str, Any]) -> Any:
    cls = _NODES[data["node"]]
    hints = _hints(cls)
    fields = {f.name: f.default for f in dataclasses.fields(cls)}
    found = set(data) - {"node"}
    absent = {name for name, default in fields.items() if name not in found and default is dataclasses.MISSING}
    if absent or found - set(fields):
        raise ValueError(f"{cls.__name__} has the fields {sorted(found)}")
    return cls(**{name: _value(data[name], hints[name]) for name in fields if name in found})


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    """The fields of a node with their types."""
    return typing.get_type_hints(cls, vars(n))


def _value(data: Any, hint: Any) -> Any:
    if isinstance(data, list):
        inner = get_args(hint)
        if get_origin(hint) is tuple and len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_value(v, inner[0]) for v in data)
        return tuple(_value(v, i) for v, i in zip(data, inner, strict=True))
    if isinstance(data, dict) and "node" in data and _is_node(hint):
        return _node(data)
    return data


def _is_node(hint: Any) -> bool:
    if isinstance(hint, types.UnionType):
        return all(_is_node(h) for h in get_args(hint))
    return dataclasses.is_dataclass(hint)
