"""`make release`: the changelog is cut, the version set, committed and tagged, or nothing at all is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CHANGELOG = """# Changelog

## [Unreleased]

### Added

- `init`.

### Changed

### Fixed

- A date.

## [0.1.0] - 2026-01-01

### Added

- All.
"""


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "maintainer")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "maintainer@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    (tmp_path / "report_builder").mkdir()
    (tmp_path / "report_builder" / "__init__.py").write_text('"""Doc."""\n\n__version__ = "0.1.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def release(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ".ci/release.py", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_the_changelog_is_cut_and_the_version_tagged(root: Path) -> None:
    done = release(root, "0.2.0", "2026-02-27")
    assert (done.returncode, done.stderr) == (0, "")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    cut = "## [Unreleased]\n\n## [0.2.0] - 2026-02-27\n\n### Added\n\n- `init`.\n\n### Fixed\n\n- A date.\n\n## [0.1.0]"
    assert cut in changelog
    assert "### Changed" not in changelog
    assert '__version__ = "0.2.0"' in (root / "report_builder" / "__init__.py").read_text(encoding="utf-8")
    assert git(root, "log", "-1", "--format=%s") == "Release 0.2.0"
    assert git(root, "describe") == "v0.2.0"
    assert git(root, "status", "--porcelain") == ""
    again = release(root, "0.2.0")
    assert again.returncode == 1
    assert "no step up" in again.stderr


def test_a_version_that_is_set_already_may_be_released(root: Path) -> None:
    (root / "report_builder" / "__init__.py").write_text('__version__ = "0.2.0"\n', encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "Set the version")
    assert release(root, "0.2.0", "2026-02-27").returncode == 0


def _nothing_new(root: Path) -> None:
    changelog = CHANGELOG.replace("- `init`.\n", "").replace("- A date.\n", "")
    (root / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "Nothing new")


FAULTS: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "not a version": ("0.2", lambda _: None, "is not a version"),
    "not a step up": ("0.0.9", lambda _: None, "no step up"),
    "another branch": ("0.2.0", lambda root: git(root, "switch", "--quiet", "--create", "work"), "cut on main"),
    "uncommitted": ("0.2.0", lambda root: (root / "new.txt").write_text("new"), "not committed"),
    "nothing new": ("0.2.0", _nothing_new, "nothing under Unreleased"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_where_anything_is_amiss_nothing_changes(root: Path, what: str) -> None:
    version, spoil, words = FAULTS[what]
    spoil(root)
    before = git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")
    done = release(root, version)
    assert done.returncode == 1
    assert words in done.stderr
    assert (git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")) == before
    assert git(root, "tag") == ""
