"""What went into the two builds: methods, contracts, deliveries, templates, registers and the rest, by version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from report_builder.catalogue import gettext, msgid
from report_builder.packages.manifest import InputRecord
from report_builder.revisions.comparison import ChangedCell, DifferenceKind, Layer, Piece, ReportDifference
from report_builder.revisions.version import Version
from report_builder.revisions.yaml_fields import changed_fields, parsed_yaml, rows

_ROLES = {
    "method": (Layer.METHODS, msgid("The method {name}")),
    "contract": (Layer.CONTRACTS, msgid("The data contract {name}")),
    "metrics": (Layer.DELIVERIES, msgid("The delivery {name}")),
    "template": (Layer.TEMPLATES, msgid("The template {name}")),
    "register": (Layer.REGISTERS, msgid("The register {name}")),
    "section": (Layer.CONTENT, msgid("The release's text {name}")),
    "ledger": (Layer.CONTENT, msgid("Values published before")),
    "release": (Layer.CONTENT, msgid("The release's own file")),
    "workspace": (Layer.CONTENT, msgid("The authority's settings")),
    "edition": (Layer.CONTENT, msgid("The look of the editions")),
}
_NOT_KEPT = msgid("The older file is no longer kept, so the fields cannot be compared.")
_ONLY_SPELLING = msgid("Only comments or the way of writing differ in the file.")
_VERSIONED = ("method", "contract", "template")
_SINGLE = ("release", "workspace", "ledger")
_TOLD_BY_FIELD = ("method", "contract", "template", "register", "section", "release", "workspace")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The files that make one input: a method's, a template's …"""

    version: str
    files: dict[str, InputRecord]

    @property
    def sums(self) -> dict[str, str]:
        """The checksum of each file."""
        return {name: entry.sha256 for name, entry in self.files.items()}


def input_differences(old: Version, new: Version) -> Iterator[ReportDifference]:
    """Every input that differs, one change each; files are told apart by their checksums, never by where they lie."""
    before, after = _groups(old), _groups(new)
    for role, key in sorted({*before, *after}, key=lambda name: (list(_ROLES).index(name[0]), name[1])):
        one, other = before.get((role, key)), after.get((role, key))
        if one is None or other is None or one.sums != other.sums or one.version != other.version:
            name = _name(new, other) or _name(old, one) if role == "method" else ""
            yield _change(role, key, one, other, _fields(role, old, new, one, other), name)
    if old.program != new.program:
        yield _program(old, new)


def case_names(*versions: Version) -> dict[str, str]:
    """What the versions' registers and settings call the things that figures are about, by id; the last one decides."""
    found: dict[str, str] = {}
    for build in versions:
        for entry in build.inputs:
            data = build.content(entry) if entry.role in ("register", "workspace") else None
            parsed = parsed_yaml(data.decode("utf-8", errors="replace"), entry.file) if data else None
            settings = parsed.values() if isinstance(parsed, dict) else ()
            items = [*(item for _, _, item in rows(parsed)), *(v for v in settings if isinstance(v, dict))]
            found |= {str(i["id"]): str(i.get("short") or i["name"]) for i in items if "id" in i and "name" in i}
    return found


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
        group.files[path] = entry
    return found


def _in_force(build: Version) -> dict[str, str]:
    """The version of each measure's method that the build's figures rest on; kept older values apart."""
    pins = (f.method.split("@") for f in build.facts if "@" not in f.id)
    return dict((pin[0], pin[-1]) for pin in pins)


def _named(entry: InputRecord, name: str) -> tuple[str, str]:
    """The name of the input that a file belongs to, and the file's name inside it, both free of any version."""
    path, role = PurePosixPath(entry.file), entry.role
    keys = {"edition": "editions", "metrics": path.name, **dict.fromkeys(_VERSIONED, name), **{r: r for r in _SINGLE}}
    files = {"contract": path.suffix, "edition": entry.file}  # a method describes its earlier versions by their files
    return keys.get(role, path.stem), files.get(role, path.name)


def _fields(
    role: str, old: Version, new: Version, one: _Group | None, other: _Group | None
) -> tuple[ChangedCell, ...] | None:
    """What differs inside the files, field by field; ``None`` where nobody has kept them as they were."""
    if role not in _TOLD_BY_FIELD or one is None or other is None:
        return ()
    names = {(name, name) for name in {*one.sums, *other.sums} if one.sums.get(name) != other.sums.get(name)}
    if role == "method" and one.version != other.version:
        names = {(f"{one.version}{suffix}", f"{other.version}{suffix}") for suffix in (".yaml", ".md")}
    found: list[ChangedCell] = []
    for before, after in sorted(names, key=lambda pair: (not pair[1].endswith(".yaml"), pair)):
        entries = one.files.get(before), other.files.get(after)
        states = [v.content(entry) if entry else None for v, entry in zip((old, new), entries, strict=True)]
        if any(state is None and entry is not None for state, entry in zip(states, entries, strict=True)):
            return None
        shown = next((entry.file for entry in entries[::-1] if entry), after)
        found += changed_fields(states[0], states[1], PurePosixPath(shown).name)
    return tuple(found)


def _name(build: Version, method: _Group | None) -> str:
    """What a method calls its measure, as it stands inside a sentence."""
    entry = method.files.get(f"{method.version}.yaml") if method else None
    data = build.content(entry) if entry else None
    parsed = parsed_yaml(data.decode("utf-8", errors="replace"), entry.file) if entry and data else None
    name = str(parsed.get("name", "")) if isinstance(parsed, dict) else ""
    return name[:1].lower() + name[1:]


def _change(
    role: str, key: str, one: _Group | None, other: _Group | None, cells: tuple[ChangedCell, ...] | None, name: str
) -> ReportDifference:
    layer, word = _ROLES[role]
    kind = DifferenceKind.ADDED if one is None else DifferenceKind.REMOVED if other is None else DifferenceKind.CHANGED
    old, new = (group.version if group and role in _VERSIONED else "" for group in (one, other))
    files = _changed_files(one, other)
    decisive = old != new or role != "method" or f"{new}.yaml" in files
    quiet = role in _VERSIONED and kind is DifferenceKind.CHANGED and old == new and decisive
    files = files if role in ("template", "edition") or not decisive else ()
    remarks = [
        gettext("The content has changed, but the version has no new number.") if quiet else "",
        gettext("Changed files: {files}.", files=", ".join(files)) if files else "",
        _where(one, other) if role in ("register", "section", "metrics") else "",
        gettext(_NOT_KEPT) if cells is None else "",
        gettext(_ONLY_SPELLING)
        if cells == () and kind is DifferenceKind.CHANGED and old == new and role in _TOLD_BY_FIELD
        else "",
    ]
    words = " ".join(filter(None, remarks))
    title = gettext("The method for {measure}", measure=name) if name else gettext(word, name=key)
    return ReportDifference(
        id=f"{layer.value}-{role}-{key}",
        layer=layer,
        kind=kind,
        what=role,
        key=key,
        title=title,
        old=old if old != new else "",
        new=new if old != new else "",
        pieces=(Piece(op="same", old=words, new=words),) if words else (),
        cells=cells or (),
        weight="medium" if role not in _VERSIONED else "large" if decisive else "small",
    )


def _where(one: _Group | None, other: _Group | None) -> str:
    """The file in question, before and after where it is another."""
    found = [min((e.file for e in group.files.values()), default="") if group else "" for group in (one, other)]
    told = [name for name in dict.fromkeys(found) if name]
    return gettext("File: {file}.", file=" → ".join(told)) if told else ""


def _changed_files(one: _Group | None, other: _Group | None) -> tuple[str, ...]:
    before, after = (group.sums if group else {} for group in (one, other))
    return tuple(f for f in sorted({*before, *after}) if before.get(f) != after.get(f))


def _program(old: Version, new: Version) -> ReportDifference:
    names = [n for n in sorted({*old.program, *new.program}) if old.program.get(n) != new.program.get(n)]
    absent = gettext("absent", context="version of a package")
    told = [f"{n} {old.program.get(n, absent)} → {new.program.get(n, absent)}" for n in names]
    words = ", ".join(told) + "."
    return ReportDifference(
        id="content-program",
        layer=Layer.CONTENT,
        kind=DifferenceKind.CHANGED,
        what="program",
        key="program",
        title=gettext("The program that built the report"),
        pieces=(Piece(op="same", old=words, new=words),),
    )
