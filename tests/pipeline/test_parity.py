"""Every release says the same in PDF, Word and HTML: the finished files are read and compared."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from finished import READERS, Said
from workspaces import PROJECT, Desk

from report_builder.workspace import Workspace

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
