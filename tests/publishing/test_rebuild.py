"""What the manifest lists is enough: with these files alone, in an empty folder, every kind of release is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from report_builder import pipeline
from report_builder.document import store
from report_builder.output.plan import inputs_of, read_plan
from report_builder.workspace.workspace import Workspace

RELEASES = (
    "delredovisning/2026-02",
    "periodisk-rapport/2026-t1",
    "periodisk-rapport/2026-t2",
    "slutredovisning/2027-02",
)
"""One of each kind; the third changes a method, and the register of changes names measures that some do not use."""


def written(root: Path, release: str) -> str:
    return store.dumps(pipeline.write_from(pipeline.basis_of(read_plan(Workspace(root), release))).document)


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_is_written_again_from_its_inputs_alone(project: Path, tmp_path: Path, release: str) -> None:
    for entry in inputs_of(read_plan(Workspace(project), release)):
        path = tmp_path / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.path.read_bytes())
    assert written(tmp_path, release) == written(project, release)
