"""The Word file opened by another program: LibreOffice lays it out, counts its numbers and finds its references."""

from __future__ import annotations

import os
import re
import subprocess

import pypdf
import pytest

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.editions import Resources
from report_builder.editions.word import render

pytestmark = pytest.mark.judge("libreoffice")

PAGES = {"sammanfattning": 41, "nulage": 42, "bilaga-siffror": 43}


@pytest.fixture(scope="module")
def pages(document: n.Document, resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The words on each page that LibreOffice makes of the reference document, white space folded."""
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "report.docx").write_bytes(render(document, resources, PAGES))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), "report.docx"]
    subprocess.run(command, cwd=folder, env={**os.environ, "HOME": str(folder)}, check=True, timeout=1800)
    reader = pypdf.PdfReader(folder / "report.pdf")
    return [fold(page.extract_text()) for page in reader.pages]


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_it_becomes_pages(pages: list[str]) -> None:
    assert 10 <= len(pages) <= 20
    assert all(f"{i} ({len(pages)})" in page for i, page in enumerate(pages[1:], start=2))
    assert "Utkast · Exempeldata" in pages[0]
    assert "(" not in pages[0]


def test_headings_carry_the_documents_numbers(pages: list[str], document: n.Document) -> None:
    text = " ".join(pages[3:])
    for heading in (node for node in document.blocks if isinstance(node, n.Heading)):
        word = "Bilaga " if heading.scheme == "appendix" and heading.level == 1 else ""
        assert fold(f"{word}{heading.number} {plain_text(heading.content)}").strip() in text


def test_references_say_what_the_document_says(pages: list[str], document: n.Document) -> None:
    text = " ".join(pages[3:])
    for reference in (node for node in walk(document.blocks) if isinstance(node, n.CrossRef)):
        assert fold(reference.text) in text
    assert not re.search(r"Error:|Fel:|bilaga Bilaga|avsnitt avsnitt", text)


def test_captions_notes_and_contents_stand_as_written(pages: list[str]) -> None:
    text = " ".join(pages)
    for words in ("Tabell A1. Inkomna", "Tabell B1. Öppna", "Figur 1. Öppna", "Figurens data: tabell B1."):
        assert words in text
    assert re.search(r"Sammanfattning ?\.+ ?41", pages[2])
    assert re.search(r"Bilaga B Siffrorna bakom figurerna ?\.+ ?43", pages[2])
    assert any(re.search(r"5 ?Se även tabell A1\.", page) for page in pages)


def test_the_head_of_a_long_table_is_repeated(pages: list[str]) -> None:
    assert sum("Kommentar" in page for page in pages) == 3
