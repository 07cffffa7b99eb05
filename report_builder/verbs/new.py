"""Starting a release from an earlier one: what can be carried over is, what must be decided anew is left open."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.workspace import Workspace

_OPEN = "FYLL-I"
"""Stands where the new release must say something of its own; a build refuses it and names the line."""

_LEFT_BEHIND = ("previous", "review", "decided_by", "decided", "errata")
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
    years = _year(name) - _year(source.release) if _year(name) and _year(source.release) else 0
    registers = sorted((workspace.release_dir(source_id) / "registers").glob("*.yaml"))
    _write(target, _moved(text, kind, name, source_id, years, [s.stem for s in sections]), sections, registers)
    yield f"Started {release_id} in {workspace.shown(target)}. What is left:"
    yield f"  release.yaml: fill in {', '.join(_ANEW)} and as_of where it says {_OPEN}; check every pin"
    moved = f"moved by {years} years; see that they are right" if years else "not moved; move them"
    yield f"  release.yaml: periods are {moved}"
    for pin in source.deliveries:
        for relative in pin.files.values():
            yield f"  {relative}: put the new delivery here ({pin.dataset}@{pin.contract})"
    for section in sections:
        yield f"  sections/{section.name}: written for {source_id}; review it, and then write reviewed in release.yaml"
    for register in registers:
        yield f"  registers/{register.name}: as it stood for {source_id}; review each row and write the day"
    for name in _unwritten(workspace, source.template, {s.stem for s in sections}):
        yield f"  sections/{name}.md: the template asks for it and it has never been written"


def _write(target: Path, release: str, sections: list[Path], registers: list[Path]) -> None:
    (target / "sections").mkdir(parents=True)
    (target / "metrics").mkdir()
    (target / "release.yaml").write_text(release, encoding="utf-8")
    for path in (*sections, *registers):
        copy = target / path.parent.name / path.name
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copy)


def _unwritten(workspace: Workspace, template: str, written: set[str]) -> Iterator[str]:
    from report_builder.narrative.template import load_template

    yield from (name for name in load_template(workspace, template).model.free_sections if name not in written)


def _year(name: str) -> int:
    """The year that a release's name begins with, or 0."""
    return int(name[:4]) if re.match(r"[12][0-9]{3}\b", name) else 0


def _moved(text: str, kind: str, name: str, source_id: str, years: int, sections: list[str]) -> str:
    """The old release's file with its own lines changed; the comments and the order that people wrote stay."""
    changes = {"kind": kind, "release": f'"{name}"', "status": "draft", **dict.fromkeys(_ANEW, _OPEN)}
    tertial = re.match(r"([12][0-9]{3})-t([1-3])\b", name)
    lines = []
    block = ""
    for line in text.splitlines():
        key = line.partition(":")[0]
        block = key if re.match(r"[a-z_]+:", line) else block
        if block in _LEFT_BEHIND:
            continue
        if tertial and re.match(r"\s+tertial:", line):
            lines.append(re.sub(r"(tertial:).*", rf"\1 {tertial[1]}-T{tertial[2]}", line))
        elif block == "periods":
            lines.append(re.sub(r"\b[12][0-9]{3}\b", lambda year: str(int(year.group()) + years), line))
        elif block == "deliveries":
            lines.append(re.sub(r"(\s+as_of:).*", rf"\1 {_OPEN}", line))
        else:
            lines.append(f"{key}: {changes[key]}" if key in changes else line)
    review = ["review:", *(f"  {section}: to-review" for section in sections)] if sections else []
    return "\n".join([*lines, f"previous: {source_id}", *review, ""])
