"""From the first version to the second: an erratum that every reader meets, and each version rebuilt to the byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from finals import YEARLY, Desk, made_final, once, report_builder, yearly

from report_builder.packages.archive import read_files
from report_builder.problems import ReportError
from report_builder.verbs.publish import publish
from report_builder.verbs.rebuild import rebuild
from report_builder.workspace.workspace import Workspace

ERRATUM = "Tabell 2 angav 412 tillsyner i stället för 421. Siffran är rättad."


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace with both versions published, and beside it the first one as it was before there was a second."""

    def make(home: Path) -> None:
        desk = made_final(yearly(home / "workspace"), YEARLY)
        first = publish(Workspace(desk.root), YEARLY, lambda _: None)
        shutil.copytree(first.folder, home / "first")
        path = f"content/{YEARLY}/release.yaml"
        desk.edit(path, "review:", f"errata: [{{date: 2026-04-01, text: '{ERRATUM}'}}]\nreview:")
        publish(Workspace(desk.root), YEARLY, lambda _: None, deliveries=True)

    return Desk(once(tmp_path_factory, "versions", make) / "workspace")


@pytest.fixture
def first(desk: Desk) -> Path:
    return desk.root / "output" / "published" / "arsrapport-2025-v1"


@pytest.fixture
def second(desk: Desk) -> Path:
    return desk.root / "output" / "published" / "arsrapport-2025-v2"


def test_the_second_version_stands_beside_the_first(desk: Desk, first: Path, second: Path) -> None:
    before = read_files(desk.root.parent / "first")
    assert read_files(first) == before == read_files(first.with_name(f"{first.name}.zip"))
    manifest = json.loads((second / "manifest.json").read_bytes())
    assert manifest["bundle"]["version"] == 2
    assert manifest["bundle"]["compared_with"] == "arsrapport-2025-v1"
    assert (second / "comparison" / "comparison.html").is_file()


def test_the_erratum_is_in_every_edition_and_on_the_web(second: Path) -> None:
    from report_builder.verifying.read_html import html_passages
    from report_builder.verifying.read_pdf import pdf_passages
    from report_builder.verifying.read_word import word_passages

    folder = second
    readers = {"html": html_passages, "pdf": pdf_passages, "docx": word_passages}
    for extension, passages in readers.items():
        said = [" ".join(p.text.split()) for p in passages((folder / f"arsrapport-2025.{extension}").read_bytes(), "")]
        assert any(ERRATUM in text for text in said), extension
        assert any("Version 2, 1 april 2026" in text for text in said), extension
    assert ERRATUM in (folder / "web" / "sida.html").read_text(encoding="utf-8")
    series = (folder.parent / "arsrapport.html").read_text(encoding="utf-8")
    assert series.index("Version 2") < series.index("Version 1")
    assert f"Rättelse: {ERRATUM}" in series
    assert "arsrapport-2025-v1.zip" in series


def test_a_bundle_with_its_deliveries_is_built_anew_where_there_is_nothing_else(second: Path, tmp_path: Path) -> None:
    shutil.copy(second.with_name(f"{second.name}.zip"), tmp_path / "bundle.zip")
    done = rebuild(tmp_path / "bundle.zip", tmp_path, lambda _: None)
    assert done.differing == ()
    assert {"arsrapport-2025.pdf", "arsrapport-2025.docx", "document.json", "web/sida.html"} <= set(done.same)
    assert next(done.lines()).startswith("Identical")


def test_a_bundle_without_its_deliveries_says_what_it_needs(first: Path, tmp_path: Path) -> None:
    done = report_builder("rebuild", first, folder=tmp_path)
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert f"content/{YEARLY}/metrics/iakttagelser.csv: The bundle was published without this file" in said
    assert "--workspace DIR" in said
    with pytest.raises(ReportError, match="holds another file"):
        other = tmp_path / "content" / YEARLY / "metrics" / "iakttagelser.csv"
        other.parent.mkdir(parents=True)
        other.write_text("x", encoding="utf-8")
        rebuild(first, tmp_path, lambda _: None)


def test_the_output_of_a_build_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="no published bundle"):
        rebuild(tmp_path, tmp_path, lambda _: None)


def test_the_next_release_starts_without_decision_and_errata(desk: Desk) -> None:
    done = desk.run("new", "arsrapport/2026", "--from", YEARLY)
    assert done.returncode == 0, done.stderr
    text = (desk.root / "content" / "arsrapport" / "2026" / "release.yaml").read_text(encoding="utf-8")
    assert "decided" not in text
    assert "errata" not in text
