"""The first full run, through the front door: the project's own release becomes PDF, Word and HTML that agree."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from workspaces import RELEASE, Desk

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.parts import printed
from report_builder.document.walk import plain_text, walk
from report_builder.editions.style_files import SHIPPED

STEM = RELEASE.replace("/", "-")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="session")
def document(built: Desk) -> n.Document:
    return store.load(built.output / "document.json")


@pytest.fixture(scope="session")
def texts(built: Desk, document: n.Document) -> dict[str, list[str]]:
    """The words of each edition, folded: a PDF page by page without its running heads, the others in one piece."""
    import docx
    import pypdf
    from lxml import html

    pages = [page.extract_text() for page in pypdf.PdfReader(built.output / f"{STEM}.pdf").pages]
    heads = fold(document.meta.running_title + "".join(document.meta.marks))
    pdf = [fold(text).removeprefix(heads).removesuffix(f"{i}{len(pages)}") for i, text in enumerate(pages, 1)]
    word = docx.Document(str(built.output / f"{STEM}.docx"))
    notes = [part.blob for part in word.part.package.iter_parts() if part.partname.endswith("/footnotes.xml")]
    page = html.fromstring((built.output / f"{STEM}.html").read_bytes())
    for noise in page.xpath("//script|//style"):
        noise.getparent().remove(noise)
    roots = [word.element.body, *(html.etree.fromstring(note) for note in notes)]
    texts = [t.text or "" for root in roots for t in root.iter(f"{WORD}t")]
    return {"pdf": pdf, "docx": [fold("".join(texts))], "html": [fold("".join(page.itertext()))]}


def fold(text: str) -> str:
    """Letters and digits alone, so that line breaks, hyphenation and note marks do not matter."""
    return re.sub(r"[\W_]+", "", text)


def stands_in(words: str, texts: list[str]) -> bool:
    """Whether ``words`` stand in one text, or run over from one page to the next."""
    if any(words in text for text in texts):
        return True
    return any(
        words[:cut] in before and words[cut:] in after
        for before, after in itertools.pairwise(texts)
        for cut in range(1, len(words))
    )


def test_the_output_is_whole(built: Desk) -> None:
    names = {p.relative_to(built.output).as_posix() for p in built.output.rglob("*") if p.is_file()}
    assert {f"{STEM}.pdf", f"{STEM}.docx", f"{STEM}.html", "document.json", "facts.csv", "manifest.json"} <= names
    assert {"validation/arenden.html", "validation/publicerade-uppgifter.html"} <= names


def test_the_manifest_proves_every_input_and_output(built: Desk) -> None:
    manifest = json.loads((built.output / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["outputs"]:
        assert hashlib.sha256((built.output / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    listed = {entry["file"] for entry in manifest["outputs"]} | {"manifest.json"}
    assert listed == {p.relative_to(built.output).as_posix() for p in built.output.rglob("*") if p.is_file()}
    for entry in manifest["inputs"]:
        path = built.root / entry["file"]
        if entry["role"] == "edition" and not path.exists():  # the program's own
            path = SHIPPED / Path(entry["file"]).relative_to("templates/editions")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    roles = {entry["role"] for entry in manifest["inputs"]}
    assert roles == {
        "release", "workspace", "metrics", "contract", "method", "template", "register", "section", "edition",
        "referenced",
    }  # fmt: skip


def test_every_printed_figure_is_a_fact(built: Desk, document: n.Document) -> None:
    with (built.output / "facts.csv").open(encoding="utf-8") as file:
        facts = {row["id"]: row for row in csv.DictReader(file)}
    printed = [v for v in walk(document) if isinstance(v, n.FactValue)]
    assert len(printed) > 500
    assert {v.fact_id for v in printed} <= set(facts)
    for value in printed:
        digits = re.sub(r"[^\d,]", "", value.text)
        if digits and facts[value.fact_id]["value"]:
            exact = abs(float(facts[value.fact_id]["value"]))
            assert abs(float(digits.replace(",", ".")) - exact) <= 0.5, value


@pytest.mark.parametrize("edition", ["pdf", "docx", "html"])
def test_an_edition_says_what_the_document_says(
    edition: str, document: n.Document, texts: dict[str, list[str]]
) -> None:
    lost = []
    shown = document if edition == "html" else printed(document)
    for block in shown.blocks:
        for node in walk(block):
            match node:
                case n.Heading() | n.Paragraph():
                    sentences = [plain_text(node.content)]
                case n.Table():
                    sentences = [plain_text(node.caption), *(plain_text(c) for r in node.rows for c in r.cells)]
                case n.Figure():
                    sentences = [plain_text(node.caption)]
                case n.Footnote():
                    sentences = [plain_text(node.content)]
                case _:
                    continue
            has_notes = any(isinstance(i, n.Footnote) for i in walk(node)) and not isinstance(node, n.Footnote)
            lost += [s for s in sentences if not has_notes and not stands_in(fold(s), texts[edition])]
    assert lost == []


def test_the_pdf_is_a_report_and_every_page_says_example(built: Desk) -> None:
    import pypdf

    pages = pypdf.PdfReader(built.output / f"{STEM}.pdf").pages
    assert len(pages) >= 20
    assert all("Exempeldata" in page.extract_text() for page in pages)


def test_a_second_build_gives_the_same_bytes(built: Desk) -> None:
    first = {p: p.read_bytes() for p in built.output.rglob("*") if p.is_file()}
    command = [
        sys.executable,
        "-m",
        "report_builder.cli.main",
        "build",
        RELEASE,
        "--fresh",
        "--workspace",
        str(built.root),
    ]
    elsewhere = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    assert subprocess.run(command, env=elsewhere, capture_output=True, check=False).returncode == 0
    changed = [p.name for p, data in first.items() if p.read_bytes() != data]
    assert changed == []


def test_a_number_in_the_text_goes_back_to_its_rows(built: Desk, document: n.Document) -> None:
    first = next(
        v
        for b in document.blocks
        if isinstance(b, n.Paragraph)
        for v in walk(b)
        if isinstance(v, n.FactValue) and v.fact_id.startswith("arendebalans.antal.alla") and "~" not in v.fact_id
    )
    done = built.run("trace", RELEASE, first.fact_id, "--rows", "3")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert f"content/{RELEASE}/metrics/arenden.csv" in said
    assert "arenden@1.1.0" in said
    assert "content/methods/arendebalans/v1.yaml" in said
    assert "EXAMPLE DATA" in said
    count = int(re.search(r"Rows +(\d+) rows", said)[1])  # type: ignore[index]
    assert str(count) == re.search(r"Value +(\d+)", said)[1]  # type: ignore[index]
    printed = built.run("trace", RELEASE, first.text.split("\u00a0ärenden")[0])
    assert first.fact_id in printed.stdout


def test_facts_are_listed_for_other_programs(built: Desk) -> None:
    done = built.run("facts", RELEASE, "--like", "handlaggningstid.median.psl.2025")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows[0][0] == "fact"
    assert rows[1][0] == "handlaggningstid.median.psl.2025"


def test_the_identity_holds_in_what_was_published(built: Desk) -> None:
    with (built.output / "facts.csv").open(encoding="utf-8") as file:
        value = {row["id"]: row["value"] for row in csv.DictReader(file)}
    case_types = {i.split(".")[2] for i in value if i.startswith("arendebalans.antal.")}
    assert len(case_types) == 9
    for case_type in case_types:
        for year in ("2023", "2024", "2025"):
            flow = {
                k: int(value[f"arendefloden.{k}.{case_type}.{year}"]) for k in ("inkomna", "ateroppnade", "avslutade")
            }
            opening = int(value[f"arendebalans.antal.{case_type}.{int(year) - 1}-12-31"])
            closing = int(value[f"arendebalans.antal.{case_type}.{year}-12-31"])
            assert opening + flow["inkomna"] + flow["ateroppnade"] - flow["avslutade"] == closing


def test_a_new_release_starts_from_the_old_and_says_what_is_left(built: Desk) -> None:
    done = built.run("new", "delredovisning/2026-09", "--from", RELEASE)
    assert done.returncode == 0, done.stderr
    assert "metrics/arenden.csv" in done.stdout
    refused = built.run("build", "delredovisning/2026-09")
    assert refused.returncode == 1
    assert "FYLL-I" in refused.stderr
    shutil.rmtree(built.root / "content" / "delredovisning" / "2026-09")


def test_the_workspace_is_in_order(built: Desk) -> None:
    done = built.run("check")
    assert (done.returncode, done.stderr) == (0, "")


def test_validate_answers_the_supplier(built: Desk, tmp_path: Path) -> None:
    good = str(built.metrics / "arenden.csv")
    assert built.run("validate", good, "--contract", "arenden@1.0.0").returncode == 0
    bad = tmp_path / "bad.csv"
    bad.write_text((built.metrics / "uppehall.csv").read_text(encoding="utf-8").replace(";yttrande;", ";semester;", 1))
    done = built.run("validate", str(bad), "--contract", "arenden@1.0.0")
    assert done.returncode == 1
    assert "semester" in done.stderr
    page = built.run("validate", str(bad), "--contract", "arenden@1.0.0", "--format", "html")
    assert page.returncode == 1
    assert "semester" in page.stdout
    assert '<html lang="sv"' in page.stdout
