"""A document as PDF, Word and HTML: one function per format, in one table. PDF and Word go without the data annex.

Every edition is a pure function of the document and the resources: no clock, no counting, same input, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING

from report_builder.document.nodes import Document
from report_builder.document.parts import printed
from report_builder.editions.resources import Resources
from report_builder.problems import Gather, whole

__all__ = ["EDITIONS", "Edition", "Resources"]

if TYPE_CHECKING:
    from report_builder.editions.pdf_process import PdfProcess

Edition = Callable[[Document, Resources], bytes]
"""From a resolved document to the bytes of a file.

Raises :class:`report_builder.problems.ReportError` when the document cannot be shown as the format demands.
"""


def _pdf(document: Document, resources: Resources) -> bytes:
    from report_builder.editions.pdf import render

    return render(printed(document), resources)


def _word(document: Document, resources: Resources) -> bytes:
    from report_builder.editions.word import render

    return render(printed(document), resources)


def _html(document: Document, resources: Resources) -> bytes:
    from report_builder.editions.web import render

    return render(document, resources)


EDITIONS: dict[str, Edition] = {"pdf": _pdf, "docx": _word, "html": _html}
"""File name extension of a format → its edition, made on its own: Word's table of contents then shows no pages."""


def render_all(
    document: Document,
    resources: Resources,
    progress: Callable[[str], None] = lambda _: None,
    pdf_process: PdfProcess | None = None,
    only: Collection[str] = tuple(EDITIONS),
) -> dict[str, bytes]:
    """The editions ``only``, by file name extension, or every one; ``progress`` is told of each before it is made.

    The PDF is made by ``pdf_process`` and the others meanwhile. Word counts its pages when it is asked to, and until
    then its table of contents shows those that the headings have in the PDF, which is set in the same font on the same
    paper; so the pages are laid out for Word alone too.

    Raises:
        ReportError: what stands in the way of any edition, all at once.

    """
    gather = Gather()
    made: dict[str, bytes | None] = dict.fromkeys(name for name in EDITIONS if name in only)
    with ExitStack() as stack:
        resources.charts.draw(document)
        running = None
        if needs_pages(only):
            progress("pdf")
            running = _started(stack, document, resources, pdf_process)
        if "html" in made:
            progress("html")
            made["html"] = gather(lambda: _html(document, resources))
        if running is not None:
            pages = gather(running.heading_pages)
            if "docx" in made:
                progress("docx")
                made["docx"] = gather(lambda: _word_with_pages(document, resources, pages))
            if "pdf" in made and pages is not None:
                made["pdf"] = gather(running.pdf)
        gather.done()
    return {name: whole(data) for name, data in made.items()}


def needs_pages(only: Collection[str]) -> bool:
    """Whether any of the editions shows the pages that a layout for paper finds."""
    return "pdf" in only or "docx" in only


def _started(stack: ExitStack, document: Document, resources: Resources, running: PdfProcess | None) -> PdfProcess:
    from report_builder.editions.pdf_process import PdfProcess

    process = stack.enter_context(nullcontext(running) if running else PdfProcess())
    process.start(printed(document), resources)
    return process


def _word_with_pages(document: Document, resources: Resources, pages: Mapping[str, int] | None) -> bytes:
    from report_builder.editions import word

    return word.render(printed(document), resources, pages)
