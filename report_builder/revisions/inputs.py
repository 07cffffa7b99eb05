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
    "ledger": (Layer.CONTENT, "Tidigare publicerade värden"),
    "release": (Layer.CONTENT, "Utgåvans uppgifter"),
    "workspace": (Layer.CONTENT, "Myndighetens inställningar"),
    "edition": (Layer.CONTENT, "Formgivningen"),
}
_VERSIONED = ("method", "contract", "template")
_SINGLE = ("release", "workspace", "ledger")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The files that make one input: a method's, a template's …"""

    version: str
    files: dict[str, str]


def changes(old: Version, new: Version) -> Iterator[Change]:
    """Every input that differs, one change each; files are told apart by their checksums, never by where they lie."""
    before, after = _groups(old), _groups(new)
    for role, key in sorted({*before, *after}, key=lambda name: (list(_ROLES).index(name[0]), name[1])):
        one, other = before.get((role, key)), after.get((role, key))
        if one is None or other is None or one.files != other.files or one.version != other.version:
            yield _change(role, key, one, other)
    if old.program != new.program:
        yield _program(old, new)


def _groups(build: Version) -> dict[tuple[str, str], _Group]:
    found: dict[tuple[str, str], _Group] = {}
    in_force = _in_force(build)
    for entry in build.inputs:
        if entry.role not in _ROLES:
            continue
        name, _, version = entry.version.partition("@")
        key, path = _named(entry, name)
        version = in_force.get(name, version) if entry.role == "method" else version
        group = found.setdefault((entry.role, key), _Group(version=version, files={}))
        group.files[path] = entry.sha256
    return found


def _in_force(build: Version) -> dict[str, str]:
    """The version of each measure's method that the build's figures rest on; kept older values apart."""
    pins = (f.method.split("@") for f in build.facts if "@" not in f.id)
    return dict((pin[0], pin[-1]) for pin in pins)


def _named(entry: Input, name: str) -> tuple[str, str]:
    """The name of the input that a file belongs to, and the file's name inside it, both free of any version."""
    path, role = PurePosixPath(entry.file), entry.role
    keys = {"edition": "editions", "metrics": path.name, **dict.fromkeys(_VERSIONED, name), **{r: r for r in _SINGLE}}
    files = {"contract": path.suffix, "edition": entry.file}  # a method tells of its earlier versions by their files
    return keys.get(role, path.stem), files.get(role, path.name)


def _change(role: str, key: str, one: _Group | None, other: _Group | None) -> Change:
    layer, word = _ROLES[role]
    kind = Kind.ADDED if one is None else Kind.REMOVED if other is None else Kind.CHANGED
    old, new = (group.version if group and role in _VERSIONED else "" for group in (one, other))
    files = _changed_files(one, other)
    decisive = old != new or role != "method" or f"{new}.yaml" in files
    quiet = role in _VERSIONED and kind is Kind.CHANGED and old == new and decisive
    files = files if role in ("template", "edition") or not decisive else ()
    remark = "Innehållet har ändrats utan att versionen har fått ett nytt nummer." if quiet else ""
    words = " ".join(part for part in (remark, f"Ändrade filer: {', '.join(files)}." if files else "") if part)
    shown = key if role not in ("edition", *_SINGLE) else ""
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
        weight="medium" if role not in _VERSIONED else "large" if decisive else "small",
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
