"""The process that makes the PDF: the bytes of the edition, faults as faults, and nothing left behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from report_builder.document.nodes import Document
from report_builder.editions import Resources
from report_builder.editions.pdf import render
from report_builder.editions.pdf_process import PdfProcess


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_it_makes_the_bytes_of_the_edition_and_leaves_no_file(
    small_document: Document, resources: Resources, temporary: Path
) -> None:
    with PdfProcess() as process:
        process.start(small_document, resources)
        assert process.heading_pages() == {"kapitel": 4}
        data = process.pdf()
    assert not list(temporary.iterdir())
    assert data == render(small_document, resources)


def test_one_that_is_ended_in_the_middle_leaves_no_file(
    small_document: Document, resources: Resources, temporary: Path
) -> None:
    with PdfProcess() as process:
        process.start(small_document, resources)
        process.heading_pages()
    assert not list(temporary.iterdir())
