"""YAML files read into typed models, with file and line for everything that does not fit.

One reader for every YAML file of a workspace: the shape is a pydantic model, a fault keeps the line it stands on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from report_builder.allowance import regular, watched
from report_builder.problems import Place, Problem, ReportError

FILL_IN = "FYLL-I"
"""Stands where somebody must still write something; no file that holds it is read."""

Loc = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same language read by libyaml, ten times faster, where the package was built with it."""

_DEEPEST = 40
"""No file of a workspace nests this deep; an alias that refers to itself nests without end."""

_LARGEST, _MOST = 1 << 24, 1_000_000
"""Bytes and values of a file, far beyond the largest register."""

_IMPOSSIBLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What the package raises for a value that is not of the type that its tag says, or that no Python value can be."""


class Model(BaseModel):
    """Base of every file model: immutable, and an unknown field is a fault, never dropped."""

    # Built when first used: no run reads every kind of file.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed YAML file: plain data, and the line of every key and item."""

    name: str
    data: Any
    lines: dict[Loc, int]

    def known(self, loc: Loc) -> Loc:
        """``loc`` without the parts that are no key or item of the file, such as pydantic's names of union members."""
        at: Loc = ()
        for part in loc:
            if (*at, part) in self.lines:
                at = (*at, part)
        return at

    def place(self, *loc: str | int) -> Place:
        """The place of the value at ``loc``, or of the nearest enclosing value that has a line."""
        return Place(file=self.name, line=self.lines.get(self.known(loc), 1))


def parse(path: Path, name: str) -> YamlFile:
    """Read ``path`` (shown to people as ``name``).

    Raises:
        ReportError: the file is missing or no file, not UTF-8, not YAML, too large or too deep, holds a key twice, or
            is empty.

    """
    try:
        with regular(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError as e:
        raise ReportError(_fault("file-missing", f"The file {name} does not exist.", Place(file=name))) from e
    except OSError as e:
        hint = "See that it is an ordinary file, and that you may read it."
        reason = e.strerror or str(e)
        raise ReportError(_fault("unreadable", f"The file cannot be read: {reason}.", Place(file=name), hint)) from e
    if len(content) > _LARGEST:
        message = f"The file is larger than {_LARGEST >> 20} MB."
        raise ReportError(_fault("too-large", message, Place(file=name), "Divide it, or remove what is not needed."))
    try:
        text = content.decode()
    except UnicodeDecodeError as e:
        hint = "Save the file as UTF-8."
        raise ReportError(_fault("not-utf8", f"Byte {e.start} is not UTF-8.", Place(file=name), hint)) from e
    return parse_text(text, name)


def parse_text(text: str, name: str) -> YamlFile:
    """As :func:`parse`, of text that is no file of the workspace."""
    with watched(name):
        try:
            _look_through(text, name)
            loader = _LOADER(text)
            try:
                return _constructed(loader, name)
            finally:
                loader.dispose()
        except (yaml.YAMLError, *_IMPOSSIBLE) as e:
            mark = getattr(e, "problem_mark", None)
            place = Place(file=name, line=mark.line + 1 if mark else 1)
            if isinstance(e, (yaml.constructor.ConstructorError, *_IMPOSSIBLE)):
                raise ReportError(_fault("broken-yaml", f"A value cannot be read: {e}.", place)) from e
            what = getattr(e, "problem", None) or str(e)
            hint = "Check indentation, colons and quotes on this line and the one before it."
            raise ReportError(_fault("broken-yaml", f"The file is not valid YAML: {what}.", place, hint)) from e


def _constructed(loader: Any, name: str) -> YamlFile:
    node = loader.get_single_node()
    if node is None:
        raise ReportError(_fault("empty-file", "The file is empty.", Place(file=name, line=1)))
    lines: dict[Loc, int] = {}
    twice: list[Problem] = []
    _index(node, (), lines, twice, name)
    if twice:
        raise ReportError(twice)
    return YamlFile(name, loader.construct_document(node), lines)


def _look_through(text: str, name: str) -> None:
    """See that the file is of a size and a depth that the rest can take, before anything is built of it.

    Goes through the events of the parser, which nest in no stack: the C library that builds nodes dies of a file that
    is nested too deeply. An alias stands for all that its anchor holds, and an anchor may hold aliases: a file of a few
    lines may mean more than any memory takes.

    Raises ReportError, and what the parser raises.
    """
    held: dict[str, int] = {}
    open_anchors: list[tuple[str | None, int]] = []
    count = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_anchors):
                raise ReportError(_too_deep(name, line))
            count += held.get(event.anchor or "", 0)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_anchors.append((event.anchor, count))
            if len(open_anchors) > _DEEPEST:
                raise ReportError(_too_deep(name, line))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_anchors.pop()
            if anchor is not None:
                held[anchor] = count - before
        elif isinstance(event, yaml.ScalarEvent) and event.anchor is not None:
            held[event.anchor] = 1
        count += 1
        if count > _MOST:
            hint = "Write less with aliases (*name): each stands for all that its anchor holds."
            message = f"The file holds more than {_MOST} values when its aliases are written out."
            raise ReportError(_fault("too-large", message, Place(file=name, line=line), hint))


def _too_deep(name: str, line: int) -> Problem:
    return _fault("too-deep", "The file refers to itself or is nested too deeply.", Place(file=name, line=line))


def read(path: Path, name: str, model: type[M]) -> tuple[M, YamlFile]:
    """Read ``path`` into ``model``.

    Raises:
        ReportError: as :func:`parse`, for every value that is still to be filled in, and for every value that does
            not fit the model, all at once.

    """
    file = parse(path, name)
    if unfilled := tuple(_unfilled(file.data, (), file)):
        raise ReportError(unfilled)
    try:
        return model.model_validate(file.data), file
    except ValidationError as e:
        raise ReportError([_from_pydantic(err, file) for err in e.errors()]) from e


def _unfilled(value: Any, loc: Loc, file: YamlFile) -> Iterator[Problem]:
    """Every value that still says FYLL-I, with its line."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _unfilled(item, (*loc, str(key)), file)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _unfilled(item, (*loc, i), file)
    elif isinstance(value, str) and FILL_IN in value:
        field = ".".join(str(part) for part in loc)
        message = f"{field} is still to be filled in: it says {FILL_IN}."
        yield _fault("fill-in", message, file.place(*loc), f"Write the value of {field} in its place.")


def _from_pydantic(err: Any, file: YamlFile) -> Problem:
    loc: Loc = tuple(err["loc"])
    kind = str(err["type"])
    named = (*file.known(loc), loc[-1]) if kind == "missing" else file.known(loc)
    field = ".".join(str(p) for p in named) or "the file"
    if kind == "extra_forbidden":
        return _fault("unknown-field", f"Unknown field {field}.", file.place(*loc), "Remove it or correct its name.")
    if kind == "missing":
        return _fault("missing-field", f"The field {field} is missing.", file.place(*loc[:-1]), "Add it.")
    value = err.get("input")
    shown = None if isinstance(value, dict | list) else str(value)
    return Problem(code="bad-value", message=f"{field}: {_said(err)}.", place=file.place(*loc), value=shown)


def _said(err: Any) -> str:
    """What is amiss: in the words of the model's own check where it has them."""
    return str(err["msg"]).removeprefix("Value error, ")


def _index(node: yaml.Node, loc: Loc, lines: dict[Loc, int], twice: list[Problem], name: str) -> None:
    lines.setdefault(loc, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                place = Place(file=name, line=key.start_mark.line + 1)
                twice.append(_fault("duplicate-key", f"The key {word} is given twice.", place, "Keep one of them."))
            seen.add(word)
            lines[(*loc, word)] = key.start_mark.line + 1
            _index(value, (*loc, word), lines, twice, name)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            _index(item, (*loc, i), lines, twice, name)


def _fault(code: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(code=code, message=message, place=place, hint=hint)
