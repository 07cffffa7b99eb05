"""Every example release becomes a document, from its own extract and from one that holds almost nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from workspaces import HEADER, PROJECT, Desk, small_delivery

from report_builder import pipeline
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.narrative.compose import Composition
from report_builder.output.plan import read_plan
from report_builder.problems import Severity
from report_builder.workspace.workspace import Workspace

LATER = ("periodisk-rapport/2026-t1", "periodisk-rapport/2026-t2", "slutredovisning/2027-02")
TWO_PAGES = 1000
"""Words that two pages hold, with the callout and the lists."""


def composed(root: Path, release: str) -> Composition:
    plan = read_plan(Workspace(root), release)
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    return pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries))


def chapters(document: n.Document) -> dict[str, list[n.Block]]:
    """The blocks under each heading of level 1, by its id."""
    found: dict[str, list[n.Block]] = {}
    for block in document.blocks:
        if isinstance(block, n.Heading) and block.level == 1:
            found[block.id] = []
        elif found:
            found[list(found)[-1]].append(block)
    return found


@pytest.mark.parametrize("release", LATER)
def test_a_release_is_whole_marked_and_summed_up_on_two_pages(release: str) -> None:
    composition = composed(PROJECT, release)
    document = composition.document
    assert document.meta.marks == ("Utkast", "Exempeldata")
    assert {p.code for p in composition.warnings} <= {"direction-without-fact"}
    parts = chapters(document)
    summary = " ".join(plain_text_of(b) for b in parts["sammanfattning"])
    assert 250 < len(summary.split()) < TWO_PAGES
    shown = [b.id for b in parts["sammanfattning"] if isinstance(b, n.Table | n.Figure)]
    assert shown == (["tab-sammanfattning"] if release.startswith("slutredovisning") else [])  # its goals, on a page
    headings = {b.id for b in document.blocks if isinstance(b, n.Heading)}
    assert {"atgarder", "risker", "bilaga-matmetoder", "bilaga-kallor", "bilaga-uppdraget"} <= headings
    quality = {b.id for b in parts["bilaga-kallor-innehall"] if isinstance(b, n.Table)}
    assert {"tab-kvalitet-filer", "tab-kvalitet-arenden", "tab-tackning-arenden-arendeslag"} <= quality


def plain_text_of(block: n.Block) -> str:
    match block:
        case n.Paragraph():
            return plain_text(block.content)
        case n.Callout():
            return " ".join(plain_text_of(b) for b in block.blocks)
        case n.BulletList() | n.OrderedList():
            return " ".join(plain_text_of(b) for item in block.items for b in item)
        case _:
            return ""


def test_the_second_periodic_report_accounts_for_the_change_of_method() -> None:
    parts = chapters(composed(PROJECT, LATER[1]).document)
    shown = {b.id for b in parts["metodforandringar"] if isinstance(b, n.Table | n.Figure)}
    assert {"tab-byte-kompletteringar", "tab-verkan-kompletteringar", "fig-byte-kompletteringar"} <= shown
    first = chapters(composed(PROJECT, LATER[0]).document)
    assert not any("byte" in b.id for b in first["metodforandringar"] if isinstance(b, n.Table))


@pytest.mark.parametrize("cases", ["few", "one"])
@pytest.mark.parametrize("release", LATER)
def test_a_release_can_be_written_from_almost_nothing(tmp_path: Path, release: str, cases: str) -> None:
    folders = shutil.ignore_patterns("arenden.csv", "uppehall.csv", "ledger")
    for folder in ("content", "data_contracts", "templates"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=folders)
    home = tmp_path / "content" / release
    one = f"{HEADER}\nT-0001;psl;Avdelning nord;2024-02-05;2024-03-04;2024-03-04;;;\n"
    text = small_delivery() if cases == "few" else one
    (home / "metrics" / "arenden.csv").write_text(text, encoding="utf-8")
    (home / "metrics" / "uppehall.csv").write_text(
        "arende_id;orsak;fran;till\nT-0001;yttrande;2024-02-08;2024-02-12\n", encoding="utf-8"
    )
    lines = (home / "release.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("previous:"))
    (home / "release.yaml").write_text(kept, encoding="utf-8")
    composition = composed(tmp_path, release)
    assert not any(p.severity is Severity.ERROR for p in composition.warnings)


def test_the_next_periodic_report_starts_on_its_tertial_with_the_registers_to_review(desk: Desk) -> None:
    source = "periodisk-rapport/2026-t2"
    shutil.copytree(
        PROJECT / "content" / source, desk.root / "content" / source, ignore=shutil.ignore_patterns("metrics")
    )
    shutil.copytree(PROJECT / "templates/periodisk-rapport", desk.root / "templates/periodisk-rapport")
    done = desk.run("new", "periodisk-rapport/2027-t1", "--from", source)
    assert done.returncode == 0, done.stderr
    assert "registers/atgarder.yaml: as it stood for periodisk-rapport/2026-t2" in done.stdout
    new = desk.root / "content/periodisk-rapport/2027-t1"
    text = (new / "release.yaml").read_text(encoding="utf-8")
    assert 'years: ["2025", "2026"]' in text
    assert "tertial: 2027-T1" in text
    assert (new / "registers/risker.yaml").is_file()
