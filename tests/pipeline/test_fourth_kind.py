"""A kind of report that the project does not know: a yearly report made of YAML, Markdown and CSV alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from workspaces import PROJECT, Desk

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.walk import plain_text, walk

WORKSPACE = PROJECT / "tests" / "workspaces" / "arsrapport"
RELEASE = "arsrapport/2025"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("fourth") / "workspace"
    shutil.copytree(WORKSPACE, root)
    assert {p.suffix for p in WORKSPACE.rglob("*") if p.is_file()} == {".yaml", ".md", ".j2", ".csv"}
    built = Desk(root)
    done = built.run("build", RELEASE)
    assert done.returncode == 0, done.stderr
    return built


@pytest.fixture(scope="module")
def document(desk: Desk) -> n.Document:
    return store.load(desk.root / "output" / RELEASE / "document.json")


def of(document: n.Document, name: str) -> n.Table | n.Figure:
    (found,) = [x for x in walk(document) if isinstance(x, n.Table | n.Figure) and x.id == name]
    return found


def test_it_is_in_order_and_reads_back(desk: Desk) -> None:
    assert desk.run("check").returncode == 0
    import subprocess
    import sys

    command = [sys.executable, "-m", "report_builder.cli", "verify", str(desk.root / "output" / RELEASE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_table_has_two_head_rows_starred_notes_and_gaps(document: n.Document) -> None:
    table = of(document, "tab-omfattning")
    assert isinstance(table, n.Table)
    assert table.groups == (("", 1), ("Tillsyner", 3), ("Brister", 3), ("", 1))
    headers = [plain_text(c.header) for c in table.columns]
    assert headers == ["Område", "2023", "2024", "2025", "2023*", "2024*", "2025*", "Andel"]
    assert plain_text(table.rows[-1].cells[-1]) == "."  # a share of all areas is not delivered
    notes = [plain_text(note) for note in table.notes]
    assert notes == ["* En tillsyn räknas en gång, även om flera brister noteras.", ". Uppgift kan inte förekomma."]
    goals = of(document, "tab-mal")
    assert isinstance(goals, n.Table)
    assert [plain_text(r.cells[0]) for r in goals.rows][-1] == "Hemsjukvård*"


def test_figures_of_every_kind_show_facts_and_say_so(document: n.Document) -> None:
    figures = [x for x in walk(document) if isinstance(x, n.Figure)]
    assert [f.id for f in figures] == ["fig-tillsyner", "fig-staplar", "fig-alder", "fig-tider", "fig-mal"]
    alts = {f.id: f.alt for f in figures}
    assert alts["fig-mal"].startswith("Punktdiagram. I primärvården var medianen ")
    assert alts["fig-tider"].startswith("Intervalldiagram: Tid för tillsyner 2025")
    assert "Primärvård: nedre kvartil " in alts["fig-tider"]
    assert "Mer än ett år: 2024-12-31 " in alts["fig-alder"]


def test_it_has_appendices_and_references(document: n.Document) -> None:
    appendices = [b for b in document.blocks if isinstance(b, n.Heading) and b.scheme == "appendix" and b.level == 1]
    assert [a.number for a in appendices] == ["A", "B"]
    references = document.blocks[-1]
    assert isinstance(references, n.BulletList)
    assert [plain_text(item[0].content).split()[0] for item in references.items] == [  # type: ignore[union-attr]
        "Lag", "Provmyndigheten", "Årsboksnämnden",
    ]  # fmt: skip


def test_a_figure_with_too_few_series_is_refused(desk: Desk, tmp_path: Path) -> None:
    root = shutil.copytree(desk.root, tmp_path / "workspace", ignore=shutil.ignore_patterns("output"))
    bad = Desk(root)
    name = "templates/arsrapport/v1/template.yaml"
    bad.edit(name, "      - {label: Övre kvartil, measure: iakttagelser.tid-ovre, period: latest}\n", "")
    done = bad.run("check")
    assert done.returncode == 1
    assert "a figure of the kind interval takes 3 series" in done.stderr
    assert f"{name}:" in done.stderr
