"""Versions of a report for the tests: a workspace whose files are edited and built again, without the slow editions."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from report_builder import pipeline
from report_builder.editions import EDITIONS, Resources
from report_builder.output import rendering
from report_builder.output.folder import replace_folder
from report_builder.output.plan import inputs_of, read_plan
from report_builder.packages.manifest import sha256, write_manifest
from report_builder.workspace.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "pipeline"))

from workspaces import RELEASE, Desk, small_workspace  # noqa: E402

__all__ = ["PROJECT", "RELEASE", "Builder", "Desk", "copy_of", "small_workspace"]


class Builder:
    """Builds versions as the program does; what was computed from the same data and methods is kept."""

    def __init__(self, resources: Resources | None = None) -> None:
        self._resources = resources
        self._computed: dict[str, tuple[Any, Any, Any]] = {}

    def version(self, desk: Desk, folder: Path, release: str = RELEASE) -> Path:
        """The release built into ``folder``; with resources the Word edition too."""
        plan = read_plan(Workspace(desk.root), release)
        inputs = tuple(inputs_of(plan))
        deciding = [
            sha256(i.path.read_bytes()) for i in inputs if i.role in ("contract", "metrics", "method", "release")
        ]
        key = " ".join(deciding)
        if key not in self._computed:
            checks = pipeline.check_deliveries(plan)
            deliveries = pipeline.accepted(checks)
            self._computed[key] = checks, deliveries, pipeline.release_facts_of(plan, deliveries)
        checks, deliveries, account = self._computed[key]
        composition = pipeline.write(plan, deliveries, account)
        files = rendering.records(plan, composition, rendering.validation_pages(checks))
        if self._resources is not None:
            files[f"{release.replace('/', '-')}.docx"] = EDITIONS["docx"](composition.document, self._resources)
        files["manifest.json"] = write_manifest(release, plan.release.status, inputs, files)
        folder.parent.mkdir(parents=True, exist_ok=True)
        replace_folder(folder, files)
        return folder


def copy_of(desk: Desk, root: Path) -> Desk:
    """The same workspace once more, to be changed."""
    shutil.copytree(desk.root, root)
    return Desk(root)
