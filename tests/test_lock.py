"""requirements.lock: complete, in keeping with pyproject.toml, and free of anything but names and versions."""

from __future__ import annotations

import ast
import re
import runpy
import sys
from importlib.metadata import distribution, packages_distributions
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


def test_the_engine_imports_only_what_building_installs() -> None:
    """What a test tool happens to bring along is missing where only ``make report`` was run."""
    installed = lock["needed_by"](distribution("report_builder"), "")
    home = packages_distributions()
    for path in sorted((PROJECT / "report_builder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"report_builder"}:
                brought = {lock["normal"](name) for name in home.get(top, [])} & installed
                assert brought, f"{path.name} imports {top}, which building does not install"
