"""requirements.lock: complete, in keeping with pyproject.toml, and free of anything but names and versions."""

from __future__ import annotations

import re
import runpy
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1]
LINES = (PROJECT / "requirements.lock").read_text(encoding="utf-8").splitlines()
PINS = dict(line.split("==") for line in LINES if line and not line.startswith("#"))
lock = runpy.run_path(str(PROJECT / ".ci" / "lock.py"))


def test_a_line_is_a_name_and_a_version() -> None:
    wrong = [line for line in LINES if line and not re.fullmatch(r"#.*|[a-z0-9-]+==[0-9][0-9a-z.]*", line)]
    assert not wrong


def test_everything_that_would_be_installed_is_pinned() -> None:
    needed = lock["needed_by"](distribution("report_builder"), "test")
    assert not needed - PINS.keys(), "run `make lock`"


def test_the_pins_are_versions_that_the_project_accepts() -> None:
    wanted = [Requirement(line) for line in distribution("report_builder").requires or []]
    refused = [str(r) for r in wanted if not r.specifier.contains(PINS[lock["normal"](r.name)], prereleases=True)]
    assert wanted
    assert not refused
