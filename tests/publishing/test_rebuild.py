"""Every example release passes the gate once nothing is made up, and is written again from its own inputs alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from finals import made_final, project

from report_builder import pipeline
from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.walk import walk
from report_builder.narrative.compose import Composition
from report_builder.output.plan import Plan, inputs_of, read_plan
from report_builder.problems import Place
from report_builder.verifying import gate
from report_builder.workspace.workspace import Workspace

RELEASES = (
    "delredovisning/2026-02",
    "periodisk-rapport/2026-t1",
    "periodisk-rapport/2026-t2",
    "slutredovisning/2027-02",
)
"""One of each kind; the third changes a method, and the register of changes names measures that some do not use."""

MADE_UP = re.compile(r"(?i)exempel|påhitt")
WORKED = re.compile(r"(?i)till exempel|ett exempel:|räkneexempel|^Exempel$|i exemplen är påhittade")
"""What is no mark: the worked examples of a method, and the everyday phrase."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's workspace with all four releases final, and nothing in it that says it is an example.

    Sections that their writers have called examples have been written by somebody else.
    """
    desk = project(tmp_path_factory.mktemp("real") / "workspace")
    for release in RELEASES:
        for section in (desk.root / "content" / release / "sections").glob("*.md"):
            if MADE_UP.search(section.read_text(encoding="utf-8")):
                section.write_text("Verksamheten har läst uppgifterna och känner igen dem.\n", encoding="utf-8")
        made_final(desk, release)
    return desk.root


def written(root: Path, release: str) -> tuple[Plan, Composition, list[gate.GateCondition]]:
    """The release as it is written, and what the gate says of it so far: all but its finished files."""
    workspace = Workspace(root)
    plan = read_plan(workspace, release)
    basis = pipeline.basis_of(plan)
    composition = pipeline.write_from(basis)
    document, facts, status = composition.document, composition.facts, plan.release.status
    conditions = [
        *gate.on_paper(workspace, plan.release, plan.file),
        gate.on_examples(plan.examples),
        gate.on_warnings((*basis.weighed.to_tell, *composition.warnings)),
        *gate.on_document(document, facts, plan.settings, Place(file="release.yaml"), status),
    ]
    return plan, composition, conditions


def made_up(document: n.Document) -> Iterator[str]:
    words = (node.text for node in walk(document) if isinstance(node, n.Text))
    yield from (text for text in words if MADE_UP.search(text) and not WORKED.search(text))


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_of_real_data_passes_the_gate_and_is_written_again_from_its_inputs_alone(
    real: Path, tmp_path: Path, release: str
) -> None:
    plan, composition, conditions = written(real, release)
    assert gate.gate_failures(conditions) == ()
    assert composition.document.meta.marks == ()
    assert list(made_up(composition.document)) == []
    for entry in inputs_of(plan):
        path = tmp_path / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.path.read_bytes())
    _, again, _ = written(tmp_path, release)
    assert store.dumps(again.document) == store.dumps(composition.document)
