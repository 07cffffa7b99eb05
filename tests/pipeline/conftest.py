"""Workspaces for the tests of the whole path."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import PROJECT, RELEASE, Desk, small_workspace

sys.path.insert(0, str(PROJECT / "tests" / "editions"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A fresh workspace with the small delivery."""
    return small_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Desk]:
    """Builds a release of the project in a copy of its workspace, once however often it is asked for."""
    desk = Desk(tmp_path_factory.mktemp("full") / "workspace")
    for folder in ("content", "data_contracts", "templates"):
        shutil.copytree(PROJECT / folder, desk.root / folder)
    done: set[str] = set()

    def build(release: str) -> Desk:
        if release not in done:
            ran = desk.run("build", release)
            assert ran.returncode == 0, ran.stderr
            assert ran.stdout.splitlines()[-1].startswith(f"Built {release}")
            done.add(release)
        return desk

    return build


@pytest.fixture(scope="session")
def built(build: Callable[[str], Desk]) -> Desk:
    """The project's workspace with its release built."""
    return build(RELEASE)
