"""Registers that people own: who answers for a row, and whether it has been looked at since the last report.

A register says at its head which fields hold that::

    owned: {owner: agare, date: datum, status: status, reviewed: granskad}
    rows: ...

A register without ``owned`` (terms, case types) is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from report_builder.problems import Problem, ReportError, Severity
from report_builder.workspace.workspace import Release, Workspace
from report_builder.workspace.yamlfile import Model, YamlFile


class OwnedModel(Model):
    """The names of the fields that hold a row's owner (a role), its date, its status and the day of its last review."""

    owner: str
    date: str
    status: str
    reviewed: str


def review_problems(workspace: Workspace, release: Release, registers: Sequence[str]) -> Iterator[Problem]:
    """Errors for rows that lack what ``owned`` names; warnings for rows not reviewed since the previous release.

    Raises:
        ReportError: a register, or the release that came before, cannot be read.

    """
    before = workspace.release(release.previous)[0] if release.previous else None
    for name in registers:
        rows, file = workspace.register(name, release.id)
        owned = _owned(file)
        if owned is None:
            continue
        for i, row in enumerate(rows):
            faults = list(_faults(row, i, owned, file))
            yield from faults
            if not faults and before is not None and row[owned.reviewed] < before.created:
                yield _stale(name, row, i, owned, file, before)


def _owned(file: YamlFile) -> OwnedModel | None:
    head = file.data.get("owned")
    if head is None:
        return None
    try:
        return OwnedModel.model_validate(head)
    except ValidationError as e:
        message = "owned names the fields that hold owner, date, status and reviewed."
        hint = "Write owned: {owner: …, date: …, status: …, reviewed: …}."
        raise ReportError(Problem(code="bad-register", message=message, place=file.place("owned"), hint=hint)) from e


def _faults(row: dict[str, Any], i: int, owned: OwnedModel, file: YamlFile) -> Iterator[Problem]:
    for field in (owned.owner, owned.date, owned.status, owned.reviewed):
        value, wants_day = row.get(field), field in (owned.date, owned.reviewed)
        if value in (None, ""):
            message = f"The row {_name(row, i)} has no {field}."
            hint = "Every row of this register has an owner, a date, a status and a day of review."
        elif wants_day and not isinstance(value, date):
            message = f"The row {_name(row, i)}: {field} is {value!r}, which is not a date."
            hint = "Write it as 2026-04-30."
        else:
            continue
        place = file.place("rows", i, field)
        yield Problem(code="register-row", message=message, place=place, hint=hint)


def _stale(name: str, row: dict[str, Any], i: int, owned: OwnedModel, file: YamlFile, before: Release) -> Problem:
    owner, reviewed = row[owned.owner], row[owned.reviewed]
    message = (
        f"{name}: the row {_name(row, i)} was last reviewed on {reviewed}, before {before.id} was made"
        f" ({before.created}). It is owned by {owner}."
    )
    hint = f"Ask {owner} whether the row still holds, and write the day under {owned.reviewed}."
    place = file.place("rows", i, owned.reviewed)
    return Problem(code="stale-row", message=message, place=place, hint=hint, severity=Severity.WARNING)


def _name(row: dict[str, Any], i: int) -> str:
    return str(row.get("id", i + 1))
