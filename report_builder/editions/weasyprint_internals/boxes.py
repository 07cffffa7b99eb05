"""What the boxes of a layout show, and where: for whoever writes the tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

_CSS_PIXEL = 0.75
"""Points of a CSS pixel."""

Box = Any
"""A box of WeasyPrint's layout; only the functions of this module look inside."""


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
