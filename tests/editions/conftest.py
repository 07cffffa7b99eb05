"""What the tests of editions share: the workspace's templates, and the reference document rendered once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from report_builder.document.nodes import Document
from report_builder.editions import Resources
from report_builder.editions.style_files import SHIPPED

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "judges"))


@pytest.fixture(scope="session")
def resources(project: Path) -> Resources:
    """The project's own templates; charts are drawn once for all tests."""
    return Resources(folder=SHIPPED)


@pytest.fixture(scope="session")
def document() -> Document:
    """The reference document, as a draft on example data."""
    from reference import reference_document

    return reference_document()


@pytest.fixture(scope="session")
def pdf_bytes(document: Document, resources: Resources) -> bytes:
    """The reference document as PDF."""
    from report_builder.editions.pdf import render

    return render(document, resources)


@pytest.fixture(scope="session")
def web_page(document: Document, resources: Resources) -> str:
    """The reference document as a web page."""
    from report_builder.editions.web import render

    return render(document, resources).decode("utf-8")


@pytest.fixture(scope="session")
def small_document() -> Document:
    """A chapter with one paragraph and one note: what takes little time to lay out."""
    from reference import note, p, reference_meta, t

    from report_builder.document import nodes as n
    from report_builder.document.resolve import resolve

    heading = n.Heading(id="kapitel", level=1, content=t("Kapitel"))
    return resolve(n.Document(meta=reference_meta(), blocks=(heading, p("Ett stycke.", note("not", "En not.")))))
