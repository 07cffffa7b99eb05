"""Starting a release from an earlier one: what can be carried over is, what must be decided anew is left open."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace import Workspace

_OPEN = "FYLL-I"
"""Stands where the new release must say something of its own; a build refuses it and names the line."""

_ANEW = ("published", "created", "article_number", "diarienummer")


def start(workspace: Workspace, release_id: str, source_id: str) -> Iterator[str]:
    """Make ``content/<release>/`` from ``source_id`` and tell, line by line, what is left to do.

    The sections are carried over for review; metric files are not, since each release has deliveries of its own.

    Raises:
        ReportError: the source does not exist, or the new release already does.

    """
    source, _ = workspace.release(source_id)
    target = workspace.release_dir(release_id)
    kind, slash, name = release_id.partition("/")
    if not (kind and slash and name) or not re.fullmatch(r"[a-z0-9_-]+/[a-z0-9_-]+", release_id):
        hint = "Write <kind>/<release> with a–z, 0–9, - and _."
        raise ReportError(Problem(code="bad-release", message=f"{release_id!r} is no release name.", hint=hint))
    if target.exists():
        hint = "Choose another name, or remove the folder if it was a mistake."
        message = f"The release {release_id} already exists."
        raise ReportError(
            Problem(code="release-exists", message=message, place=Place(file=workspace.shown(target)), hint=hint)
        )
    text = (workspace.release_dir(source_id) / "release.yaml").read_text(encoding="utf-8")
    sections = sorted((workspace.release_dir(source_id) / "sections").glob("*.md"))
    _write(target, _moved(text, kind, name, source_id), sections)
    yield f"Started {release_id} in {workspace.shown(target)}. What is left:"
    yield f"  release.yaml: fill in {', '.join(_ANEW)} where it says {_OPEN}, move periods.years, check every pin"
    for pin in source.deliveries:
        for relative in pin.files.values():
            yield f"  {relative}: put the new delivery here ({pin.dataset}@{pin.contract})"
    for section in sections:
        yield f"  sections/{section.name}: written for {source_id}; review it"


def _write(target: Path, release: str, sections: list[Path]) -> None:
    (target / "sections").mkdir(parents=True)
    (target / "metrics").mkdir()
    (target / "release.yaml").write_text(release, encoding="utf-8")
    for section in sections:
        shutil.copyfile(section, target / "sections" / section.name)


def _moved(text: str, kind: str, name: str, source_id: str) -> str:
    """The old release's file with its own lines changed; the comments and the order that people wrote stay."""
    changes = {"kind": kind, "release": f'"{name}"', "status": "draft", **dict.fromkeys(_ANEW, _OPEN)}
    lines = []
    for line in text.splitlines():
        key = line.partition(":")[0]
        if key == "previous":
            continue
        lines.append(f"{key}: {changes[key]}" if key in changes else line)
    return "\n".join([*lines, f"previous: {source_id}", ""])
