"""The records that a build misses, written where a person fills them in: one row for each cause of revised values."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.catalogue import gettext
from report_builder.methods.revision import OWN_REGISTER, REVISION_REGISTER, TO_FILL_IN
from report_builder.methods.revision_groups import cases_csv, missing_records
from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.workspace import Workspace
from report_builder.workspace.yamlfile import parse, parse_text

if TYPE_CHECKING:
    from report_builder.methods.revision_groups import RevisionGroup


def offer_records(workspace: Workspace, release_id: str, before: str, groups: Sequence[RevisionGroup]) -> Problem:
    """Write a row for each group to the release's own register, behind what stands there, and say where they are.

    The cases behind each value are written beside the output: registers are published, and cases are not.

    Raises:
        ReportError: the register that lies there cannot be added to, or a file cannot be written.

    """
    path = workspace.release_dir(release_id) / OWN_REGISTER
    shown = workspace.shown(path)
    text = path.read_text(encoding="utf-8") if path.is_file() else _heading(before)
    first = text.count("\n") + 1 + (not text.endswith("\n"))
    rows, names = missing_records(groups, release_id, before, _taken(workspace, path))
    whole = f"{text.rstrip()}\n{rows}"
    _hold(whole, shown, names)
    cases = workspace.output_dir(release_id).with_name(f"{workspace.output_dir(release_id).name}-revideringar.csv")
    _write(path, whole, workspace)
    _write(cases, cases_csv(groups, names), workspace)
    count = sum(len(group.values) for group in groups)
    message = f"{len(names)} record(s) for {count} revised value(s) are written there: {', '.join(names)}."
    hint = (
        f"Write why where it says {TO_FILL_IN}, correct kind where needed, and build again. "
        f"{workspace.shown(cases)} lists the cases behind each value."
    )
    place = Place(file=shown, line=min(first, whole.count("\n")))
    return Problem(code="records-offered", message=message, place=place, hint=hint)


def _heading(before: str) -> str:
    words = gettext(
        "Why values differ in this report from what {release} published. A build writes the rows; people write why.",
        release=before,
    )
    return f"# {words}\nrows:\n"


def _taken(workspace: Workspace, own: Path) -> frozenset[str]:
    """The ids that records have already, in the release's own register and in the shared one."""
    found: set[str] = set()
    for path in (own, workspace.root / REVISION_REGISTER):
        if path.is_file():
            data = parse(path, workspace.shown(path)).data
            rows = data.get("rows") if isinstance(data, dict) else None
            found |= {str(row.get("id")) for row in rows or () if isinstance(row, dict)}
    return frozenset(found)


def _hold(text: str, shown: str, names: Sequence[str]) -> None:
    """Refuse to write what would not be a register with the new rows in it."""
    hint = f"Let rows: be the last key of {shown}, with two spaces before each row, and build again."
    problem = Problem(
        code="cannot-add-records",
        message="The missing records cannot be added behind what stands in the file.",
        place=Place(file=shown),
        hint=hint,
    )
    try:
        rows = parse_text(text, shown).data["rows"]
    except (ReportError, TypeError, KeyError) as e:
        raise ReportError(problem) from e
    if not isinstance(rows, list) or [str(row["id"]) for row in rows[-len(names) :]] != list(names):
        raise ReportError(problem)


def _write(path: Path, text: str, workspace: Workspace) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as e:
        message = f"The file cannot be written: {e.strerror or e}."
        hint = "See that there is room on the disk and that you may write there."
        place = Place(file=workspace.shown(path))
        raise ReportError(Problem(code="cannot-write", message=message, place=place, hint=hint)) from e
    finally:
        unfinished.unlink(missing_ok=True)
