"""A report that has been published once, signed, for every test that takes it apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from finals import REPORT, Desk, Issue, key_pair, made_final, once, project


@pytest.fixture(scope="session")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Issue:
    """The example of a periodic report, as final, published and signed with a test's key."""

    def make(home: Path) -> None:
        desk = made_final(project(home / "workspace"), REPORT)
        private, _ = key_pair(home)
        done = desk.run("publish", REPORT, "--key", str(private))
        assert done.returncode == 0, done.stderr
        (home / "said.txt").write_text(done.stdout, encoding="utf-8")

    home = once(tmp_path_factory, "published", make)
    desk = Desk(home / "workspace")
    folder = desk.root / "output" / "published" / "periodisk-rapport-2026-t1-v1"
    said = (home / "said.txt").read_text(encoding="utf-8")
    return Issue(desk, said, folder, folder.with_name(f"{folder.name}.zip"), home / "public.pem")
