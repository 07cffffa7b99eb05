"""``new``: a release started from an earlier one; what belongs to the old period is moved, or to be filled in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from report_builder.problems import Place, Problem, ReportError
from report_builder.swedish.period_words import foreign_periods, tertial_words
from report_builder.workspace.identity import WORDS, periods_in_words
from report_builder.workspace.workspace import PeriodsModel, Release, Workspace
from report_builder.workspace.yamlfile import FILL_IN, Loc, parse_text

_LEFT_BEHIND = ("previous", "review", "decided_by", "decided", "errata")
_LEFT_BEHIND_OF_A_DELIVERY = ("accepted", "absent")
"""What was decided about the earlier release, and about its deliveries, and says nothing of the new one."""

_DECIDED_AGAIN = ("published", "created", "article_number", "diarienummer")
_DAYS_OF_A_DELIVERY = re.compile(r"""(\b(?:as_of|received):\s*)("[^"]*"|'[^']*'|[^,}\s#]+)""")


def start(workspace: Workspace, release_id: str, source_id: str) -> Iterator[str]:
    """Make ``content/<release>/`` from ``source_id`` and say, line by line, what was moved and what is left to do.

    The sections are carried over for review; metric files are not, since each release has deliveries of its own.

    Raises:
        ReportError: the source does not exist, or the new release already does.

    """
    source, file = workspace.release(source_id)
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
    registers = sorted((workspace.release_dir(source_id) / "registers").glob("*.yaml"))
    moved = _moved(text, kind, name, source, [s.stem for s in sections])
    changes = tuple(_changes(_leaves(file.data), moved))
    _write(target, moved, sections, registers)
    yield f"Started {release_id} in {workspace.shown(target)}. What is left:"
    yield from changes
    for pin in source.deliveries:
        for relative in pin.files.values():
            yield f"  {relative}: put the new delivery here ({pin.dataset}@{pin.contract})"
    for section in sections:
        yield f"  sections/{section.name}: written for {source_id}; review it, and then write reviewed in release.yaml"
    for register in registers:
        yield f"  registers/{register.name}: as it stood for {source_id}; review each row and write the day"
    for section_name in _unwritten(workspace, source.template, {s.stem for s in sections}):
        yield f"  sections/{section_name}.md: the template asks for it and it has never been written"


def _changes(before: Mapping[str, str], text: str) -> Iterator[str]:
    """Every field of the old release, by what became of it: to be filled in, moved, left behind, or kept as it was."""
    after = _leaves(parse_text(text, "release.yaml").data)
    for field, value in after.items():
        if FILL_IN in value:
            yield f"  release.yaml: {field}: fill in" + (f" (was {before[field]})" if field in before else "")
    for field, value in after.items():
        if field in before and before[field] != value and FILL_IN not in value:
            yield f"  release.yaml: {field}: moved from {before[field]} to {value}; see that it is right"
    for field, value in before.items():
        if field not in after:
            yield f"  release.yaml: {field}: left behind (was {value})"
    kept = [field for field, value in after.items() if before.get(field) == value]
    yield f"  release.yaml: kept as they were; see that each still holds: {', '.join(kept)}"


def _leaves(value: Any, loc: Loc = ()) -> dict[str, str]:
    """Every single value of a YAML file by its dotted name."""
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in _leaves(item, (*loc, str(key))).items()}
    if isinstance(value, list):
        return {k: v for i, item in enumerate(value) for k, v in _leaves(item, (*loc, i)).items()}
    return {".".join(map(str, loc)): str(value)}


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


def _moved(text: str, kind: str, name: str, source: Release, sections: list[str]) -> str:
    """The old release's file with its own lines changed; the comments and the order that people wrote stay."""
    years = _year(name) - _year(source.release) if _year(name) and _year(source.release) else 0
    named = re.match(r"([12][0-9]{3})-t([1-3])\b", name)
    tertial = f"{named[1]}-T{named[2]}" if named else ""
    changes = {"kind": kind, "release": f'"{name}"', "status": "draft", **dict.fromkeys(_DECIDED_AGAIN, FILL_IN)}
    changes |= _titles(source, years, tertial)
    lines = []
    block, indent = "", -1
    for line in text.splitlines():
        key = line.partition(":")[0]
        block = key if re.match(r"[a-z_]+:", line) else block
        depth = len(line) - len(line.lstrip())
        if indent >= 0 and line.strip() and (depth > indent or (line.lstrip().startswith("- ") and depth == indent)):
            continue
        indent = -1
        if block in _LEFT_BEHIND or (block in changes and line[:1].isspace() and line.strip()):
            continue  # the second of the two: the rest of a value that goes on over several lines
        if (
            block == "deliveries"
            and key.strip(" -") in _LEFT_BEHIND_OF_A_DELIVERY
            and not line.lstrip().startswith("-")
        ):
            indent = depth
        elif block == "periods":
            lines.append(_periods(line, years, tertial))
        elif block == "deliveries":
            lines.append(_DAYS_OF_A_DELIVERY.sub(rf"\g<1>{FILL_IN}", line))
        else:
            lines.append(f"{key}: {changes[key]}" if key in changes else line)
    review = ["review:", *(f"  {section}: to-review" for section in sections)] if sections else []
    return "\n".join([*lines, f"previous: {source.id}", *review, ""])


def _periods(line: str, years: int, tertial: str) -> str:
    """A line of the periods, with the tertial that the new name says, else everything moved by as many years."""
    if tertial:
        line, found = re.subn(r"(\btertial:\s*)(\"[^\"]*\"|'[^']*'|[^,}\s#]+)", rf"\g<1>{tertial}", line)
        if found and "years" not in line:
            return line
    head, mark, rest = line.partition("tertial:") if tertial else (line, "", "")
    return re.sub(r"\b[12][0-9]{3}\b", lambda year: str(int(year.group()) + years), head) + mark + rest


def _titles(source: Release, years: int, tertial: str) -> dict[str, str]:
    """The fields that name the old period: with the new one where that can be written, else to be filled in."""
    old = periods_in_words(source.periods)
    new = periods_in_words(
        PeriodsModel.model_construct(
            years=tuple(str(int(year) + years) for year in source.periods.years),
            tertial=tertial
            or (f"{int(source.periods.tertial[:4]) + years}{source.periods.tertial[4:]}" if old.tertial else ""),
        )
    )
    found = {}
    for field in WORDS:
        words = str(getattr(source, field))
        if foreign_periods(words, new):
            moved = tertial_words(words, old, new)
            found[field] = FILL_IN if foreign_periods(moved, new) else _quoted(moved)
    return found


def _quoted(words: str) -> str:
    """Words as a value of YAML."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
