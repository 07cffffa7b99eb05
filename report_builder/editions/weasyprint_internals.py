"""The inside of WeasyPrint and pydyf, as far as the PDF edition uses it: this module, and no other, depends on it.

Everything here was written for one version of each library and is refused by any other
(:func:`require_known_versions`). What is replaced is replaced for as long as it is needed and then put back.
``docs/upgrading-weasyprint.md`` names every use, its reason, and the test that shows that it still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from report_builder.problems import Problem, ReportError

KNOWN = {"weasyprint": "70.0", "pydyf": "0.13.0"}
"""The versions that this module was written for."""

_CSS_PIXEL = 0.75
"""Points of a CSS pixel."""

Box = Any
"""A box of WeasyPrint's layout; only the functions of this module look inside."""


def require_known_versions() -> None:
    """Refuse versions of the two libraries that nobody has tried this module with.

    Raises:
        ReportError: another version is installed.

    """
    from importlib.metadata import version

    found = {name: version(name) for name in KNOWN}
    if unknown := [name for name in KNOWN if found[name] != KNOWN[name]]:
        raise ReportError(
            Problem(
                code="unknown-renderer",
                message=f"The PDF edition is written for {name} {KNOWN[name]}, and {found[name]} is installed.",
                hint=f"Install {name}=={KNOWN[name]}. docs/upgrading-weasyprint.md says how to take another version.",
            )
            for name in unknown
        )


@contextmanager
def _replaced(*replacements: tuple[Any, str, Any]) -> Iterator[None]:
    """Within the block each (owner, name, replacement) holds, in versions that are known; then all is as it was."""
    require_known_versions()
    originals = [(owner, name, vars(owner)[name]) for owner, name, _ in replacements]
    for owner, name, replacement in replacements:
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


# ------------------------------------------------------------------------------------- before the layout


def parsed(html: Element, fetcher: Any) -> Any:
    """``html`` as a ``weasyprint.HTML`` that has been parsed: there is a tree already, and no text to parse."""
    import weasyprint
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped]

    require_known_versions()
    document = weasyprint.HTML.__new__(weasyprint.HTML)
    document.base_url = None
    document.url_fetcher = fetcher
    document.media_type = "print"
    document.wrapper_element = ElementWrapper.from_html_root(html)
    document.etree_element = document.wrapper_element.etree_element
    return document


@contextmanager
def line_breaks_before_elements() -> Iterator[None]:
    """Keep words on their line when only the space behind them is too wide for it.

    WeasyPrint breaks such a text after its first word when something follows in an element of its own (a link, a
    note): the space makes it seem too long, and no later place to break is found, because all of it fits.
    """
    from weasyprint.layout import inline

    original = inline.split_first_line

    def split_first_line(text: str, style: Any, context: Any, max_width: Any, spacing: Any, **more: Any) -> Any:
        found = original(text, style, context, max_width, spacing, **more)
        resume_at = found[2]
        if resume_at is None or not text.endswith(" ") or " " in text.encode()[:resume_at].decode().rstrip():
            return found
        words = original(text.rstrip(" "), style, context, max_width, spacing, **more)
        if words[2] is not None:
            return found
        return original(text, style, context, None, spacing, **more)

    with _replaced((inline, "split_first_line", split_first_line)):
        yield


# ------------------------------------------------------------------------------------- laid-out boxes


def page_box(page: Any) -> Box:
    """The outermost box of a laid-out page."""
    return page._page_box


def one_annotation_per_link(page: Any) -> None:
    """Leave only the boxes of the links themselves clickable; WeasyPrint repeats a link for every box within it."""
    page.links[:] = [link for link in page.links if link[3].link]


def children(box: Box) -> Iterator[Box]:
    """The boxes within ``box``; of one with a fixed or absolute place, the box itself and not what holds its place."""
    from weasyprint.layout.absolute import AbsolutePlaceholder

    for child in getattr(box, "children", ()):
        yield child._box if isinstance(child, AbsolutePlaceholder) else child


def origin(box: Box) -> tuple[Element | None, str]:
    """The HTML element that ``box`` shows, and which of its pseudo-elements (``marker``, ``footnote-call``), if any."""
    return box.element, (box.element_tag or "").partition("::")[2]


def margin_place(box: Box) -> str:
    """``top`` or ``bottom`` of a box in the margin of a page; of any other box nothing."""
    from weasyprint.formatting_structure import boxes

    if not isinstance(box, boxes.MarginBox):
        return ""
    return "top" if "top" in box.at_keyword else "bottom"


def is_leader(box: Box) -> bool:
    """Whether ``box`` holds the dots that lead the eye across a line."""
    return bool(box.is_leader)


def table_head(box: Box) -> Element | None:
    """The element of a table's head that ``box`` shows, once for every page that the table is on; else nothing."""
    from weasyprint.formatting_structure import boxes

    is_head = isinstance(box, boxes.TableRowGroupBox) and box.element_tag == "thead"
    return box.element if is_head else None


def picture_area(box: Box, page_height: float) -> tuple[float, ...] | None:
    """Where on its page the picture of ``box`` lies, in points from its lower left corner; nothing if it is none."""
    from weasyprint.formatting_structure import boxes

    if not isinstance(box, boxes.ReplacedBox):
        return None
    x, y = box.content_box_x(), box.content_box_y()
    area = (x, page_height - y - box.height, x + box.width, page_height - y)
    return tuple(round(v * _CSS_PIXEL, 2) for v in area)


def link_annotation(box: Box) -> Any:
    """The PDF annotation of a link that is drawn by ``box``, or ``None``."""
    return box.link_annotation


def shown_text(box: Box) -> str:
    """The text of a box of text, as it is shown; of any other box nothing."""
    return str(getattr(box, "text", ""))


# ------------------------------------------------------------------------------------- drawing and writing


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page when it has been drawn: its outermost box, its height in CSS pixels, and the number of each box's content.

    ``numbers`` is the page's own table, from which whoever writes the tags takes what has found an owner.
    """

    box: Box
    height: float
    numbers: dict[Box, int]


@contextmanager
def own_tags(
    artifacts: Mapping[Box, Mapping[str, str]],
    spoken: Callable[[Box], str | None],
    write_tags: Callable[[Any, Sequence[DrawnPage]], None],
) -> Iterator[None]:
    """Let WeasyPrint draw within the block without the tags that it would write.

    What the boxes of ``artifacts`` draw is marked as an artifact of those properties, and everything else with a
    number. ``spoken`` gives the text to read where it differs from what is shown. When all pages are drawn,
    ``write_tags`` is called with the file (pydyf) and the pages.
    """
    import pydyf
    import weasyprint.pdf
    from weasyprint.pdf.stream import Stream

    @contextmanager
    def marked(stream: Any, box: Box, tag: str) -> Iterator[None]:
        properties: dict[str, Any]
        if box in artifacts:
            tag, properties = "Artifact", dict(artifacts[box])
        else:
            properties = {"MCID": len(stream._tags)}
            stream._tags[box] = properties["MCID"]
            if (text := spoken(box)) is not None:
                properties["ActualText"] = pydyf.String(text)
        stream.begin_marked_content(tag, pydyf.Dictionary(properties))
        yield
        stream.end_marked_content()

    def add_tags(pdf: Any, document: Any, _version: Any, streams: list[Any]) -> None:
        pages = zip(document.pages, streams, strict=True)
        write_tags(pdf, [DrawnPage(page_box(page), page.height, stream._tags) for page, stream in pages])

    with _replaced((Stream, "marked", marked), (weasyprint.pdf, "add_tags", add_tags)):
        yield


@contextmanager
def clear_stream_ends() -> Iterator[None]:
    """Leave no doubt about where a stream ends.

    pydyf writes a line feed behind a stream's data. When the last byte of the data happens to be a carriage return,
    the two look like one line end, and a strict reader finds the stream a byte shorter than it says. The last bytes of
    compressed data are a checksum, one in 256 of which ends so; such a stream is written uncompressed instead.
    """
    import pydyf

    original = vars(pydyf.Stream)["data"]

    def data(stream: Any) -> bytes:
        written = bytes(original.fget(stream))
        if not stream.compress or not written.endswith(b"\r\nendstream"):
            return written
        return bytes(pydyf.Stream(stream.stream, stream.extra).data)

    with _replaced((pydyf.Stream, "data", property(data))):
        yield
