"""A report that has been published once, signed, for every test that takes it apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from finals import REPORT, Issue, key_pair, made_final, project


@pytest.fixture(scope="session")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Issue:
    """The example of a periodic report, as final, published and signed with a test's key."""
    home = tmp_path_factory.mktemp("published")
    desk = made_final(project(home / "workspace"), REPORT)
    private, public = key_pair(home)
    done = desk.run("publish", REPORT, "--key", str(private))
    assert done.returncode == 0, done.stderr
    folder = desk.root / "output" / "published" / "periodisk-rapport-2026-t1-v1"
    return Issue(desk, done.stdout, folder, folder.with_name(f"{folder.name}.zip"), public)
