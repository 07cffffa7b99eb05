"""Workspaces for the tests of the whole path."""

from __future__ import annotations

import fcntl
import os
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
    """Builds a release of the project in a copy of its workspace, once for all who ask.

    Tests run in several processes, each with a workspace of its own: the first to ask builds, the others copy.
    """
    own, common = tmp_path_factory.getbasetemp(), tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = own.parent
    desk = Desk(own / "whole-workspace")
    for folder in ("content", "data_contracts", "templates"):
        shutil.copytree(PROJECT / folder, desk.root / folder)
    done: set[str] = set()

    def build(release: str) -> Desk:
        if release not in done:
            _bring(desk, release, common / "built" / release)
            done.add(release)
        return desk

    return build


def _bring(desk: Desk, release: str, kept: Path) -> None:
    """Build ``release`` at the desk and keep a copy, or take the copy that another process kept."""
    parent = (desk.root / "output" / release).parent
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            shutil.copytree(kept, parent, dirs_exist_ok=True)
            return
        ran = desk.run("build", release)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.splitlines()[-1].startswith(f"Built {release}")
        name = Path(release).name
        for made in sorted(parent.iterdir()):  # the output folder, and what lies beside it under its name
            if made.name.removeprefix(".").split(".")[0] == name:
                target = kept / made.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copytree(made, target) if made.is_dir() else shutil.copy2(made, target)


@pytest.fixture(scope="session")
def built(build: Callable[[str], Desk]) -> Desk:
    """The project's workspace with its release built."""
    return build(RELEASE)
