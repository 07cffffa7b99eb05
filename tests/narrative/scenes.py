"""A release composed without rendering: facts are computed once, each test changes templates and content."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))
from workspaces import RELEASE, Desk

from report_builder import pipeline
from report_builder.narrative.charts.style import style_of
from report_builder.narrative.compose import Composition
from report_builder.output.plan import read_plan
from report_builder.problems import Problem, ReportError
from report_builder.workspace.workspace import AuthorityModel, Workspace

STYLE = style_of(AuthorityModel(name="A", short="A", web="a.se", primary="#00559b", accent="#a8440a"))
"""How charts look."""


@dataclass(frozen=True)
class Scene:
    """A workspace of the test's own, with the deliveries and facts of the small delivery."""

    desk: Desk
    deliveries: tuple[Any, ...]
    account: Any

    @property
    def root(self) -> Path:
        return self.desk.root

    def compose(self) -> Composition:
        """The release as a document; the way of a build, up to the editions."""
        return pipeline.write(read_plan(Workspace(self.root), RELEASE), self.deliveries, self.account)

    def faults(self) -> list[Problem]:
        """What keeps it from being composed."""
        with pytest.raises(ReportError) as caught:
            self.compose()
        return list(caught.value.problems)

    def warnings(self) -> list[Problem]:
        return list(self.compose().warnings)

    def edit(self, name: str, old: str, new: str) -> None:
        self.desk.edit(name, old, new)

    def add(self, name: str, text: str) -> int:
        """Put text at the end of a file; the line that it stands on."""
        path = self.root / name
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n{text}\n", encoding="utf-8")
        return len(before.splitlines()) + 2
