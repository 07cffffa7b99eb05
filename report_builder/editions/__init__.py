"""A document as PDF, Word and HTML: one function per format, in one table. PDF and Word go without the data annex.

Every edition is a pure function of the document and the resources: no clock, no counting, same input, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
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
) -> dict[str, bytes]:
    """Every edition, by file name extension; ``progress`` is told of each before it is made.

    The PDF is made by ``pdf_process`` and the others meanwhile. Word counts its pages when it is asked to, and until
    then its table of contents shows those that the headings have in the PDF, which is set in the same font on the same
    paper.

    Raises:
        ReportError: what stands in the way of any edition, all at once.

    """
    from report_builder.editions import word
    from report_builder.editions.pdf_process import PdfProcess

    with nullcontext(pdf_process) if pdf_process else PdfProcess() as running:
        gather = Gather()
        resources.charts.draw(document)
        progress("pdf")
        on_paper = printed(document)
        running.start(on_paper, resources)
        progress("html")
        html = gather(lambda: _html(document, resources))
        pages = gather(running.heading_pages)
        progress("docx")
        in_word = gather(lambda: word.render(on_paper, resources, pages))
        pdf = gather(running.pdf) if pages is not None else None
        gather.done()
        return {"pdf": whole(pdf), "docx": whole(in_word), "html": whole(html)}
