"""Versions of a report for the tests: a workspace whose files are edited and built anew, without the slow editions."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from report_builder import pipeline
from report_builder.editions import EDITIONS, Resources
from report_builder.plan import inputs_of, read_plan
from report_builder.publishing.folder import replace_folder
from report_builder.publishing.manifest import manifest
from report_builder.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "pipeline"))

from workspaces import RELEASE, Desk, small_workspace  # noqa: E402

__all__ = ["PROJECT", "RELEASE", "Desk", "copy_of", "small_workspace", "version"]


def version(desk: Desk, folder: Path, resources: Resources | None = None, release: str = RELEASE) -> Path:
    """The release built into ``folder``, as the program builds it; with ``resources`` the Word edition too."""
    plan = read_plan(Workspace(desk.root), release)
    checks = pipeline.check_deliveries(plan)
    deliveries = pipeline.accepted(checks)
    composition = pipeline.write(plan, deliveries, pipeline.account_for(plan, deliveries))
    files = pipeline.records(plan, composition, checks)
    if resources is not None:
        name = f"{release.replace('/', '-')}.docx"
        files[name] = EDITIONS["docx"](composition.document, resources)
    files["manifest.json"] = manifest(release, plan.release.status, inputs_of(plan), files)
    folder.parent.mkdir(parents=True, exist_ok=True)
    replace_folder(folder, files)
    return folder


def copy_of(desk: Desk, root: Path) -> Desk:
    """The same workspace once more, to be changed."""
    shutil.copytree(desk.root, root)
    return Desk(root)
