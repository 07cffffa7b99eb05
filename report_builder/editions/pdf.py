"""The PDF edition: one file, PDF/UA-1 and PDF/A-2a (3a with attachments), the same bytes for the same document."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.etree.ElementTree import Element

from report_builder.document.nodes import Document, Heading
from report_builder.editions import fonts, paper
from report_builder.editions.resources import Resources
from report_builder.editions.weasyprint_internals.layout import line_breaks_before_elements, parsed, shared_lines
from report_builder.problems import Problem, ReportError

STYLE = "print.css"
_LONGEST_LINE = 300
"""A longer complaint of the renderer is shown without its middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A PDF, and the page (from 1) that each heading of the document stands on, by the heading's id."""

    data: bytes
    heading_pages: Mapping[str, int]


def render(document: Document, resources: Resources) -> bytes:
    """The document as PDF; raises what :func:`paged` raises."""
    return paged(document, resources).data


def paged(
    document: Document, resources: Resources, laid_out: Callable[[Mapping[str, int]], None] = lambda _: None
) -> Paged:
    """The document as PDF, with what its layout found out: an edition that has no pages of its own may show these.

    ``laid_out`` is told of them as soon as the pages are laid out, when nearly half of the work is left.

    Raises:
        ReportError: something in the document cannot be shown, or the renderer complained of anything at all: what it
            merely logs (a missing alternative, a rule it does not know) would be a fault in the file.

    """
    html = paper.paper_tree(document, resources.charts)
    family = fonts.family_of(resources.fonts, document.meta.authority.font)
    missing = fonts.missing_glyphs(_words(html), resources.fonts, family)
    if missing:
        raise ReportError(missing)
    with _complaints(document) as complaints, _without_collector(), shared_lines():
        pages = _lay_out(html, family, resources)
        heading_pages = _heading_pages(document, pages)
        laid_out(heading_pages)
        from report_builder.editions import pdf_tags

        data = pdf_tags.write_tagged(pages, html, resources.attachments, document.meta.created)
    if complaints:
        raise ReportError(complaints)
    return Paged(data=data, heading_pages=heading_pages)


def _heading_pages(document: Document, pages: Any) -> dict[str, int]:
    headings = {block.id for block in document.blocks if isinstance(block, Heading)}
    return {name: i for i, page in enumerate(pages.pages, 1) for name in page.anchors if name in headings}


def _words(html: Element) -> Iterator[str]:
    yield from html.itertext()
    for body in html.iter("body"):
        yield from body.attrib.values()


def _lay_out(html: Element, family: str, resources: Resources) -> Any:
    """The pages, as a WeasyPrint document."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    fetcher = _fetcher(resources)
    rules = (fonts.print_rules(resources.fonts, family), resources.file(STYLE).read_text(encoding="utf-8"))
    base = (resources.folder.resolve() / STYLE).as_uri()
    styles = [
        weasyprint.CSS(string=text, base_url=base, font_config=configuration, url_fetcher=fetcher) for text in rules
    ]
    with line_breaks_before_elements():
        return parsed(html, fetcher).render(stylesheets=styles, font_config=configuration)


def _fetcher(resources: Resources) -> Any:
    """What WeasyPrint reads files with: a style sheet's addresses lead to the workspace's file or to the package's.

    Any other file, and the network, is refused, and the build says so as it does for a file that is missing.
    """
    import weasyprint

    own = resources.folder.resolve()

    class Fetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("file:"):
                path = Path(url2pathname(urlsplit(url).path)).resolve()
                if not path.is_relative_to(own):
                    raise PermissionError(f"{path} lies outside the folder of the style files")
                url = resources.file(path.relative_to(own).as_posix()).resolve().as_uri()
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols={"file", "data"})


class _Listener(logging.Handler):
    """Keeps what the renderer logs, one problem for each different line."""

    def __init__(self, release: str) -> None:
        super().__init__(logging.WARNING)
        self.problems: dict[str, Problem] = {}
        self._release = release

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        line = record.getMessage()
        if len(line) > _LONGEST_LINE:  # a picture's whole address, for example
            line = f"{line[: _LONGEST_LINE // 2]} … {line[-_LONGEST_LINE // 2 :]}"
        message = f"The PDF of {self._release} cannot be made as it should: {line}"
        self.problems.setdefault(line, Problem(code="renderer-warning", message=message))


@contextmanager
def _complaints(document: Document) -> Iterator[list[Problem]]:
    """What WeasyPrint and fontTools complain of within the block, complete when the block is left."""
    listener = _Listener(f"{document.meta.kind}/{document.meta.release}")
    logger = logging.getLogger("weasyprint")
    before = logger.level, logger.propagate
    found: list[Problem] = []
    logger.addHandler(listener)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield found
    finally:
        logger.removeHandler(listener)
        logger.level, logger.propagate = before
        found.extend(listener.problems.values())


@contextmanager
def _without_collector() -> Iterator[None]:
    """Layout makes very many objects that live to its end; looking for garbage among them costs a tenth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
