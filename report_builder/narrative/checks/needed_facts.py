"""The facts that a template says it needs: the release must provide them, and the prose must use them and no others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from report_builder.narrative.template import Template
from report_builder.problems import Place, Problem, Severity, nearest
from report_builder.workspace.workspace import Workspace

if TYPE_CHECKING:
    from report_builder.methods.method import Method

_NAME = re.compile(r"(?<![\w./-])([a-z][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)(?![\w/-])")


def needed_fact_problems(
    template: Template, methods: Mapping[str, Method], measures: Collection[str], workspace: Workspace
) -> Iterator[Problem]:
    """What is wrong with the list, for a release that pins ``methods``; ``measures`` are those that have a method.

    A template without a list says nothing, and nothing is checked.
    """
    patterns = template.model.facts
    if not patterns:
        return
    provided = {f"{m.measure}.{statistic}" for m in methods.values() for statistic in m.labels}
    used = dict(_used(template, workspace))
    for i, pattern in enumerate(patterns):
        place = template.file.place("facts", i)
        if pattern.partition(".")[0] in measures and not any(fnmatchcase(name, pattern) for name in provided):
            message = f"The template needs {pattern}, which no method that the release pins provides."
            hint = nearest(pattern, provided) or "Pin the method in release.yaml."
            yield Problem(code="unprovided-fact", message=message, place=place, hint=hint, value=pattern)
        if not any(fnmatchcase(name, pattern) for name in used):
            message = f"The template lists {pattern} among its facts, and uses it nowhere."
            hint = "Remove the line."
            yield Problem(code="unused-fact", message=message, place=place, hint=hint, severity=Severity.WARNING)
    for name, place in used.items():
        if name.partition(".")[0] in methods and not any(fnmatchcase(name, pattern) for pattern in patterns):
            message = f"The template uses {name} and does not list it among the facts that it needs."
            yield Problem(
                code="unlisted-fact", message=message, place=place, hint=f"Add {name} under facts.", value=name
            )


def _used(template: Template, workspace: Workspace) -> Iterator[tuple[str, Place]]:
    """Everything in the template that reads as measure.statistic, with the place where it stands last."""
    for path in template.files():
        listed = False
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if path.name == "template.yaml" and line[:1].strip():
                listed = line.startswith("facts:")
            if not listed:
                for name in _NAME.finditer(line):
                    yield name.group(), Place(file=workspace.shown(path), line=number)
