"""Scenes: a release measured once, of which each test takes a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenes import Scene  # puts the pipeline's helpers on the path
from workspaces import RELEASE, Desk, small_workspace

from report_builder import pipeline
from report_builder.output.plan import read_plan
from report_builder.workspace.workspace import Workspace


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    desk = small_workspace(tmp_path_factory.mktemp("scene") / "workspace")
    plan = read_plan(Workspace(desk.root), RELEASE)
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    return Scene(desk, deliveries, pipeline.release_facts_of(plan, deliveries))


@pytest.fixture
def scene(measured: Scene, tmp_path: Path) -> Scene:
    root = shutil.copytree(measured.root, tmp_path / "workspace")
    return Scene(Desk(root), measured.deliveries, measured.account)
