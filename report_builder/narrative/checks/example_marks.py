"""What a release rests on that is made up: deliveries, method versions, change records and registers say so themselves.

Each says it by the field ``example: true``, and never by a word in its text. Where anything does, every page bears the
mark, and the report is not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from report_builder.methods.history import Past
from report_builder.methods.method import Method
from report_builder.narrative.template import Template
from report_builder.problems import Problem, ReportError
from report_builder.workspace.workspace import Release, Workspace
from report_builder.workspace.yamlfile import YamlFile

METHODS = "methods"
"""Stands for method versions and change records among the names of what is made up."""

DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleMarks:
    """``names`` of what is made up: ``deliveries``, ``methods``, or a register; ``problems`` are one for each mark."""

    names: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is made up."""
        return bool(self.names)

    @property
    def deliveries(self) -> bool:
        """Whether any of the data is."""
        return DELIVERIES in self.names


def example_marks(
    workspace: Workspace, release: Release, template: Template, methods: Mapping[str, Method], past: Past
) -> ExampleMarks:
    """Everything that the release rests on and that says of itself that it is an example.

    Raises:
        ReportError: a register of the template cannot be read, or says ``example`` with neither true nor false.

    """
    found = [
        *_deliveries(workspace, release),
        *_methods(methods, past),
        *_changes(methods, past),
        *_registers(workspace, release, template),
    ]
    return ExampleMarks(names=frozenset(name for name, _ in found), problems=tuple(p for _, p in found))


def marked_rows(rows: tuple[dict[str, Any], ...], file: YamlFile) -> tuple[dict[str, Any], ...]:
    """The rows of a register, each with ``example``: its own, or what the register says of all at its head.

    Raises:
        ReportError: ``example`` is neither true nor false.

    """
    head = _flag(file.data, file)
    return tuple({**row, "example": _flag(row, file, "rows", i) or head} for i, row in enumerate(rows))


def _flag(data: Mapping[str, Any], file: YamlFile, *loc: str | int) -> bool:
    value = data.get("example", False)
    if not isinstance(value, bool):
        message = f"example is {value!r}, and must be true or false."
        hint = "Write example: true for what is made up, or take the line away."
        raise ReportError(Problem(code="bad-register", message=message, place=file.place(*loc, "example"), hint=hint))
    return value


def _deliveries(workspace: Workspace, release: Release) -> Iterator[tuple[str, Problem]]:
    _, file = workspace.release(release.id)
    for i, pin in enumerate(release.deliveries):
        if pin.example:
            message = f"The delivery {pin.dataset} is example data."
            hint = "Put the real delivery in its place, and write example: false."
            yield DELIVERIES, _mark(file, "example-data", message, hint, "deliveries", i, "example")


def _methods(methods: Mapping[str, Method], past: Past) -> Iterator[tuple[str, Problem]]:
    for pinned in methods.values():
        for method in past.until(pinned):
            if method.rules.example:
                message = f"The method {method.id} is an example: nobody has decided it."
                hint = "Write who decided it, when, and its diarienummer, and take example: true away."
                yield METHODS, _mark(method.file, "example-method", message, hint, "example")


def _changes(methods: Mapping[str, Method], past: Past) -> Iterator[tuple[str, Problem]]:
    for pinned in methods.values():
        versions = {method.version for method in past.until(pinned)}
        for change in past.changes.of(pinned.measure):
            if change.example and change.to_version in versions:
                message = f"The change record {change.id} is an example: nobody has decided it."
                hint = "Write who decided it, when, and its diarienummer, and take example: true away."
                place = past.changes.place(change, "example")
                yield METHODS, Problem(code="example-method", message=message, place=place, hint=hint)


def _registers(workspace: Workspace, release: Release, template: Template) -> Iterator[tuple[str, Problem]]:
    for name in template.model.registers:
        rows, file = workspace.register(name, release.id)
        hint = "Let those who own the rows put their own in place, and take example: true away."
        if _flag(file.data, file):
            message = f"Every row of the register {name} is an example."
            yield name, _mark(file, "example-register", message, hint, "example")
            continue
        for i, row in enumerate(rows):
            if _flag(row, file, "rows", i):
                message = f"The row {row.get('id') or i + 1} of the register {name} is an example."
                yield name, _mark(file, "example-register", message, hint, "rows", i, "example")


def _mark(file: YamlFile, code: str, message: str, hint: str, *loc: str | int) -> Problem:
    return Problem(code=code, message=message, place=file.place(*loc), hint=hint)
