"""Two states of a file that decides a report, field by field: registers, methods, contracts, templates, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from report_builder.catalogue import gettext
from report_builder.problems import ReportError
from report_builder.revisions.comparison import ChangedCell
from report_builder.revisions.matching import moved_positions
from report_builder.workspace import yamlfile

_NAMES = ("id", "name", "property", "term", "dataset")
"""What the items of a list may be told apart by, the first that all of them have."""
_LONGEST = 400
"""So many characters of a value are shown; whoever needs more opens the file."""
_AROUND = 40
"""So many characters are shown before and behind the part of a line that differs."""

Fields = dict[tuple[str, str], str]


def changed_fields(old: bytes | None, new: bytes | None, name: str) -> tuple[ChangedCell, ...]:
    """What differs between two states of the file called ``name``; ``None`` is a file that is not there.

    ``row`` of a cell is the item's id (items inside items with a dot between), or the file where it has no items, and
    ``column`` the field. Text that is no YAML is told paragraph by paragraph.
    """
    texts = [data.decode("utf-8", errors="replace") if data is not None else "" for data in (old, new)]
    if name.endswith((".yaml", ".yml")):
        found = [parsed_yaml(text, name) if text else {} for text in texts]
        if found[0] is not None and found[1] is not None:
            return tuple(_of_fields(found[0], found[1], name))
    return tuple(_of_paragraphs(texts[0], texts[1], name))


def parsed_yaml(text: str, name: str) -> Any:
    """The plain data of a YAML file; ``None`` where it is none."""
    try:
        return yamlfile.parse_text(text, name).data
    except ReportError:
        return None


def rows(data: Any, around: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every item of a file that has an id: its id, the ids of the items around it before it; those; and the item."""
    if isinstance(data, dict):
        for value in data.values():
            yield from rows(value, around)
    elif (key := _key(data)) is not None:
        for item in data:
            name = f"{around}.{item[key]}".lstrip(".")
            yield name, around, item
            yield from rows(item, name)


def _key(data: Any) -> str | None:
    """What the items of a list are told apart by, if they are items of that sort."""
    if not isinstance(data, list) or not data or not all(isinstance(item, dict) for item in data):
        return None
    return next((k for k in _NAMES if len({str(item.get(k)) for item in data if k in item}) == len(data)), None)


def _of_fields(old: Any, new: Any, name: str) -> Iterator[ChangedCell]:
    items = [{row: (around, item) for row, around, item in rows(data)} for data in (old, new)]
    for side in (0, 1):
        for row, (around, item) in items[side].items():
            if row not in items[1 - side] and (not around or around in items[1 - side]):
                words = _short("; ".join(f"{k}: {_plain(v)}" for k, v in item.items()))
                yield ChangedCell(row=row, column="", old="" if side else words, new=words if side else "")
    fields = [dict(_fields(data)) for data in (old, new)]
    for row, column in dict.fromkeys((*fields[0], *fields[1])):
        before, after = (f.get((row, column), "") for f in fields)
        if before != after and (not row or (row in items[0] and row in items[1])):
            yield ChangedCell(row=row or name, column=column, old=_short(before), new=_short(after))
    both = [row for row in items[0] if row in items[1]]
    place = {row: i for i, row in enumerate(row for row in items[1] if row in items[0])}
    for i in sorted(moved_positions([place[row] for row in both])):
        row = next(r for r in both if place[r] == i)
        order, elsewhere = gettext("order", context="comparison"), gettext("stands in another place")
        yield ChangedCell(row=row, column=order, old="", new=elsewhere)


def _fields(data: Any, row: str = "", at: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """Every value with its row and its field; a list of plain values is one value."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _fields(value, row, f"{at}.{name}".lstrip("."))
    elif (key := _key(data)) is not None:
        for item in data:
            yield from _fields(item, f"{row}.{item[key]}".lstrip("."), at if "." in at else "")
    else:
        yield (row, at), _plain(data)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return "; ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    if isinstance(value, bool):
        return gettext("yes", context="comparison") if value else gettext("no", context="comparison")
    return "" if value is None else " ".join(str(value).split())


def _of_paragraphs(old: str, new: str, name: str) -> Iterator[ChangedCell]:
    """Text by its paragraphs, each told by the line that it begins on; other line breaks are no difference."""
    before, after = _paragraphs(old), _paragraphs(new)
    matcher = SequenceMatcher(None, [words for _, words in before], [words for _, words in after], autojunk=False)
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            continue
        for one, other in zip_longest(before[i1:i2], after[j1:j2]):
            line = (other or one)[0]
            words = _around(one[1] if one else "", other[1] if other else "")
            column = gettext("line {number}", context="comparison", number=line)
            yield ChangedCell(row=name, column=column, old=_short(words[0]), new=_short(words[1]))


def _paragraphs(text: str) -> list[tuple[int, str]]:
    """The paragraphs of a text, each with the number of its first line."""
    found: list[tuple[int, str]] = []
    at = 1
    for part in re.split(r"(\n\s*\n)", text):
        if words := " ".join(part.split()):
            found.append((at + len(part) - len(part.lstrip("\n")), words))
        at += part.count("\n")
    return found


def _around(old: str, new: str) -> tuple[str, str]:
    """The part of two lines that differs, with some words around it."""
    start, most = _alike(old, new), min(len(old), len(new))
    behind = min(_alike(old[::-1], new[::-1]), most - start)
    first = 0 if start <= _AROUND else old.rfind(" ", 0, start - _AROUND // 2) + 1
    return _cut(old, first, len(old) - behind), _cut(new, first, len(new) - behind)


def _alike(old: str, new: str) -> int:
    """How many characters the two begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))


def _cut(text: str, first: int, last: int) -> str:
    behind = text.find(" ", last + _AROUND // 2)
    shown = text[first : behind if behind >= 0 else None]
    return f"{'… ' if first else ''}{shown}{' …' if behind >= 0 else ''}" if text else ""


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rpartition(" ")[0] + " …"
