"""A released template version is locked: its files by checksum, so that an edit is found and named.

The lock is ``released.yaml`` in the version's own folder; it holds the wordings that the version shares with others
too. Line ends do not count: a checkout on Windows may turn them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import Field

from report_builder.narrative.shared_words import shared_files
from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.workspace import Workspace, is_content
from report_builder.workspace.yamlfile import Model, parse, read

LOCK = "released.yaml"


class Lock(Model):
    """``released.yaml``: when the version was released, the first report it was released with, and its files."""

    released: date
    release: str
    files: dict[str, str] = Field(min_length=1)


def files_of(folder: Path) -> dict[str, Path]:
    """Every file of a template version, by its name in the folder; the shared wordings by their way from there."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and is_content(p.name)}
    version = _shared(folder / "template.yaml")
    shared = shared_files(folder.parents[1] / "shared" / version) if version else ()
    return found | {f"../../shared/{version}/{p.name}": p for p in shared}


def _shared(path: Path) -> str:
    """The version of shared wordings that a template pins; nothing where its file cannot be read."""
    try:
        data = parse(path, path.name).data
    except ReportError:
        return ""
    return str(data.get("shared") or "") if isinstance(data, dict) else ""


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a template version by its name, see :func:`files_of`, the lock left out."""
    return {name: _digest(path) for name, path in sorted(files_of(folder).items()) if name != LOCK}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def is_locked(folder: Path) -> bool:
    """Whether the version in ``folder`` has been released."""
    return (folder / LOCK).is_file()


def edits(folder: Path, workspace: Workspace) -> Iterator[Problem]:
    """Every file of a released version that has been changed, added or taken away since."""
    if not is_locked(folder):
        return
    lock, _ = read(folder / LOCK, workspace.shown(folder / LOCK), Lock)
    now = digests(folder)
    pin = f"{folder.parent.name}@{folder.name}"
    for name in sorted(lock.files.keys() | now.keys()):
        if lock.files.get(name) != now.get(name):
            what = "has been taken away" if name not in now else "has been changed"
            what = "has been added" if name not in lock.files else what
            message = f"The template {pin} was released with {lock.release} and is locked, but {name} {what}."
            hint = f"Put the file back as it was, and make the change in the next version beside {folder.name}."
            place = Place(file=workspace.shown(folder / name))
            yield Problem(code="released-template", message=message, place=place, hint=hint)


def lock(workspace: Workspace, pin: str, release_id: str) -> Path:
    """Lock the template version ``pin`` (``<kind>@v<N>``) as it stands, as released with ``release_id``.

    Raises:
        ReportError: there is no such release, it does not pin this template, it is not final, or the lock exists.

    """
    release, file = workspace.release(release_id)
    kind, _, version = pin.partition("@")
    folder = workspace.root / "templates" / kind / version
    path = folder / LOCK
    fault = ""
    if release.template != pin:
        fault = f"The release {release_id} is built from {release.template}, not from {pin}."
    elif release.status != "final":
        fault = f"The release {release_id} is a draft; a template is locked when a report of it is final."
    elif path.exists():
        fault = f"The template {pin} is locked already."
    if fault:
        raise ReportError(Problem(code="cannot-lock", message=fault, place=file.place("template")))
    lines = [
        f"# Released with {release_id}. Do not edit this version: the next change is made in the next version.",
        f"released: {release.published.isoformat()}",
        f"release: {release_id}",
        "files:",
        *(f"  {name}: {digest}" for name, digest in digests(folder).items()),
    ]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path
