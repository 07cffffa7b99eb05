"""What went into the two builds: methods, contracts, deliveries, templates, registers and the rest, by version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from report_builder.revisions.changes import Change, Kind, Layer, Piece
from report_builder.revisions.version import Input, Version

_ROLES = {
    "method": (Layer.METHODS, "Mätmetoden"),
    "contract": (Layer.CONTRACTS, "Datakontraktet"),
    "metrics": (Layer.DELIVERIES, "Leveransen"),
    "template": (Layer.TEMPLATES, "Mallen"),
    "register": (Layer.REGISTERS, "Registret"),
    "section": (Layer.CONTENT, "Utgåvans text"),
    "release": (Layer.CONTENT, "Utgåvans uppgifter"),
    "workspace": (Layer.CONTENT, "Myndighetens inställningar"),
    "edition": (Layer.CONTENT, "Formgivningen"),
}
_VERSIONED = ("method", "contract", "template")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The files that make one input: a method's, a template's …"""

    version: str
    files: dict[str, str]


def changes(old: Version, new: Version) -> Iterator[Change]:
    """Every input that differs, one change each; files are told apart by their checksums, never by where they lie."""
    before, after = _groups(old.inputs), _groups(new.inputs)
    for role, key in sorted({*before, *after}, key=lambda name: (list(_ROLES).index(name[0]), name[1])):
        one, other = before.get((role, key)), after.get((role, key))
        if one is None or other is None or one.files != other.files or one.version != other.version:
            yield _change(role, key, one, other)
    if old.program != new.program:
        yield _program(old, new)


def _groups(inputs: tuple[Input, ...]) -> dict[tuple[str, str], _Group]:
    found: dict[tuple[str, str], _Group] = {}
    for entry in inputs:
        if entry.role not in _ROLES:
            continue
        name, _, version = entry.version.partition("@")
        key, path = _named(entry, name)
        group = found.setdefault((entry.role, key), _Group(version=version, files={}))
        group.files[path] = entry.sha256
    return found


def _named(entry: Input, name: str) -> tuple[str, str]:
    """The name of the input that a file belongs to, and the file's name inside it, both free of any version."""
    path = PurePosixPath(entry.file)
    match entry.role:
        case "method" | "contract":
            return name, path.suffix
        case "template":
            return name, path.name
        case "edition":
            return "editions", entry.file
        case "release" | "workspace":
            return entry.role, path.name
        case "metrics":
            return path.name, path.name
        case _:
            return path.stem, path.name


def _change(role: str, key: str, one: _Group | None, other: _Group | None) -> Change:
    layer, word = _ROLES[role]
    kind = Kind.ADDED if one is None else Kind.REMOVED if other is None else Kind.CHANGED
    old, new = (group.version if group and role in _VERSIONED else "" for group in (one, other))
    quiet = role in _VERSIONED and kind is Kind.CHANGED and old == new
    files = _changed_files(one, other) if role in ("template", "edition") else ()
    remark = "Innehållet har ändrats utan att versionen har fått ett nytt nummer." if quiet else ""
    words = " ".join(part for part in (remark, f"Ändrade filer: {', '.join(files)}." if files else "") if part)
    shown = key if role not in ("release", "workspace", "edition") else ""
    return Change(
        id=f"{layer.value}-{role}-{key}",
        layer=layer,
        kind=kind,
        what=role,
        key=key,
        title=f"{word} {shown}".strip(),
        old=old if old != new else "",
        new=new if old != new else "",
        pieces=(Piece(op="same", old=words, new=words),) if words else (),
        weight="large" if role in _VERSIONED else "medium",
    )


def _changed_files(one: _Group | None, other: _Group | None) -> tuple[str, ...]:
    before, after = (group.files if group else {} for group in (one, other))
    return tuple(f for f in sorted({*before, *after}) if before.get(f) != after.get(f))


def _program(old: Version, new: Version) -> Change:
    names = [n for n in sorted({*old.program, *new.program}) if old.program.get(n) != new.program.get(n)]
    told = [f"{n} {old.program.get(n, 'saknas')} → {new.program.get(n, 'saknas')}" for n in names]
    words = ", ".join(told) + "."
    return Change(
        id="content-program",
        layer=Layer.CONTENT,
        kind=Kind.CHANGED,
        what="program",
        key="program",
        title="Programmet som byggde rapporten",
        pieces=(Piece(op="same", old=words, new=words),),
    )
