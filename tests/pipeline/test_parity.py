"""Every release says the same in PDF, Word and HTML: the finished files are read and compared, and Word laid out."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from finished import READERS, Said
from workspaces import PROJECT, Desk

from report_builder.workspace.workspace import Workspace

RELEASES = Workspace(PROJECT).releases()
PARTS = ("headings", "text", "tables", "figures", "notes")


@pytest.fixture(scope="module", params=RELEASES)
def finished(request: pytest.FixtureRequest, build: Callable[[str], Desk]) -> dict[str, bytes]:
    """The editions of a release, by extension."""
    folder = build(request.param).root / "output" / request.param
    stem = request.param.replace("/", "-")
    return {extension: (folder / f"{stem}.{extension}").read_bytes() for extension in READERS}


@pytest.fixture(scope="module")
def said(finished: dict[str, bytes]) -> dict[str, Said]:
    return {extension: READERS[extension](data) for extension, data in finished.items()}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("other", ["docx", "html"])
def test_the_editions_say_the_same(said: dict[str, Said], other: str, part: str) -> None:
    """List by list, so that a difference is shown where it is."""
    in_pdf, in_other = getattr(said["pdf"], part), getattr(said[other], part)
    differing = [(a, b) for a, b in zip(in_pdf, in_other, strict=False) if a != b]
    assert differing[:3] == []
    assert len(in_pdf) == len(in_other) > 0


@pytest.mark.judge("libreoffice", "hyphenation")
def test_words_contents_tell_the_pages_that_another_program_finds(finished: dict[str, bytes], tmp_path: Path) -> None:
    """The contents show the PDF's pages. LibreOffice breaks pages in its own way: nine in ten agree, none is far."""
    (tmp_path / "report.docx").write_bytes(finished["docx"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "report.docx"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, check=True, timeout=1800)
    reader = pypdf.PdfReader(tmp_path / "report.pdf")
    stands = [reader.get_destination_page_number(item) + 1 for item in _entries(reader.outline)]
    titles = [_plain(str(item.title)) for item in _entries(reader.outline)]
    lines = (line for page in reader.pages[2:6] for line in page.extract_text().splitlines())
    shown = {_plain(m[1]): int(m[2]) for line in lines if (m := re.fullmatch(r"(.+?) ?\.{3,} ?(\d+)", line.strip()))}
    off = [stood - shown[title] for title, stood in zip(titles, stands, strict=True) if title in shown]
    assert len(off) == len(shown) > 10
    assert sum(difference == 0 for difference in off) >= 0.9 * len(off), off
    assert max(map(abs, off)) <= 1


def _entries(outline: list[object]) -> list[pypdf.generic.Destination]:
    found = []
    for item in outline:
        found += _entries(item) if isinstance(item, list) else [item]
    return found


def _plain(title: str) -> str:
    return re.sub(r"[\W_]+", "", title)


def test_the_summary_takes_two_pages_at_most(finished: dict[str, bytes]) -> None:
    """Read in the PDF: the first chapter starts on its second page or before, or on the page after that."""
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(finished["pdf"]))
    tops = [entry for entry in reader.outline if not isinstance(entry, list)]
    starts = {str(entry.title).strip(): reader.get_destination_page_number(entry) for entry in tops}
    titles = list(starts)
    at = titles.index("Sammanfattning")
    first = starts[titles[at]]
    last = starts[titles[at + 1]] - 1  # a chapter starts on a page of its own
    assert 1 <= last - first + 1 <= 2
    assert "Sammanfattning" in (reader.pages[first].extract_text() or "")
