"""A document as PDF, Word and HTML: one function per format, in one table.

Every edition is a pure function of the document and the resources: no clock, no counting, same input, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from report_builder.document.nodes import Document
from report_builder.editions.resources import Resources

__all__ = ["EDITIONS", "Edition", "Resources"]

Edition = Callable[[Document, Resources], bytes]
"""From a resolved document to the bytes of a file.

Raises :class:`report_builder.problems.ReportError` when the document cannot be shown as the format demands.
"""


def _pdf(document: Document, resources: Resources) -> bytes:
    from report_builder.editions.pdf import render

    return render(document, resources)


def _word(document: Document, resources: Resources) -> bytes:
    from report_builder.editions.word import render

    return render(document, resources)


def _html(document: Document, resources: Resources) -> bytes:
    from report_builder.editions.web import render

    return render(document, resources)


EDITIONS: dict[str, Edition] = {"pdf": _pdf, "docx": _word, "html": _html}
"""File name extension of a format → its edition, made on its own: Word's table of contents then shows no pages."""


def render_all(
    document: Document, resources: Resources, progress: Callable[[str], None] = lambda _: None
) -> dict[str, bytes]:
    """Every edition, by file name extension; ``progress`` is told of each before it is made.

    The PDF comes first: Word counts its pages when it is asked to, and until then its table of contents shows those
    that the headings have in the PDF, which is set in the same font on the same paper.
    """
    from report_builder.editions import pdf, word

    progress("pdf")
    paged = pdf.paged(document, resources)
    progress("docx")
    in_word = word.render(document, resources, paged.heading_pages)
    progress("html")
    return {"pdf": paged.data, "docx": in_word, "html": _html(document, resources)}
