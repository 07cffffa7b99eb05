"""The report as a native Word file: styles, fields, footnotes and content controls, no picture of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from report_builder.document.nodes import Document

if TYPE_CHECKING:
    from report_builder.editions.resources import Resources

__all__ = ["render"]


def render(document: Document, resources: Resources, pages: Mapping[str, int] | None = None) -> bytes:
    """The Word edition of a resolved document.

    ``pages`` maps heading ids to the pages they stand on, as another layout of the same document has found them.
    Without it the table of contents leads to the headings and carries no page numbers until Word is asked to update it:
    no guess is shown as true.

    Raises:
        ReportError: the style template is missing or lacks a style, a figure has no text alternative, a link leads
            nowhere, a chart cannot be drawn, or a table is too wide for its page. Every such fault is in it.

    """
    from report_builder.editions.word.edition import write_docx

    return write_docx(document, resources, pages)
