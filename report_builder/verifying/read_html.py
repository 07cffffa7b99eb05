"""The web page read back: its passages, with the facts that are marked in them, and its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from report_builder.problems import Place, Problem, ReportError
from report_builder.verifying.edition_passages import EditionPassage, EditionPicture, picture_place

_UNITS = frozenset({"h1", "h2", "h3", "h4", "p", "tr", "caption", "figcaption", "dt", "dd", "li"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SKIPPED = frozenset({"script", "style", "svg"})


def html_passages(data: bytes, name: str) -> Iterator[EditionPassage]:
    """Every passage of the page: its head and foot, its list of contents, and its main text, in reading order.

    Raises:
        ReportError: the page has no main text.

    """
    from lxml import html

    tree = html.document_fromstring(data)
    main = tree.find(".//main")
    if main is None:
        message = "The page has no main text to read back."
        raise ReportError(Problem(code="unreadable-edition", message=message, place=Place(file=name)))
    yield from _around(tree, main)
    heading = ""
    for element in main.iter():
        if element.tag in _HEADINGS:
            heading = " ".join(_words(element).split())
        if element.tag == "img":
            yield EditionPassage(place=f"picture under “{heading}”", text=element.get("alt", ""))
        elif element.tag in _UNITS and not _inside_unit(element):
            text = " ".join(_words(element).split())
            if text:
                place = f"under the heading “{heading}”"
                yield EditionPassage(place=place, text=text, facts=tuple(_facts(element)))


_AROUND = {"header": "in the head of the page", "footer": "in the foot of the page", "nav": "in the list of contents"}


def _around(tree: Any, main: Any) -> Iterator[EditionPassage]:
    """What stands outside the main text: head, foot and list of contents, and whatever else was put there."""
    inside = set(main.iter())
    for element in tree.body.iter():
        if element.tag in _UNITS and element not in inside and not _inside_unit(element):
            text = " ".join(_words(element).split())
            above = next((a.tag for a in element.iterancestors() if a.tag in _AROUND), "")
            if text:
                yield EditionPassage(place=_AROUND.get(above, "outside the main text"), text=text)


def html_pictures(data: bytes, name: str) -> Iterator[EditionPicture]:
    """Every picture of the page ``name``, in reading order; one that lies elsewhere is known by its address."""
    del name
    from lxml import html

    heading = ""
    for element in html.document_fromstring(data).iter():
        if element.tag in _HEADINGS:
            heading = " ".join(_words(element).split())
        elif element.tag == "img":
            source = element.get("src", "").encode()
            yield EditionPicture(place=picture_place(heading), alt=element.get("alt", ""), drawn=source)


def _inside_unit(element: Any) -> bool:
    """Whether a row holds it, or it holds units of its own (an item of a list holds its paragraphs)."""
    return any(a.tag == "tr" for a in element.iterancestors()) or any(
        below is not element and below.tag in _UNITS for below in element.iter()
    )


def _words(element: Any) -> str:
    """The words of an element; marks of footnotes stay out."""
    if not isinstance(element.tag, str) or element.tag in _SKIPPED or element.get("class") == "call":
        return ""
    gap = " " if element.tag in ("td", "th") else ""
    return gap + (element.text or "") + "".join(_words(child) + (child.tail or "") for child in element) + gap


def _facts(element: Any) -> Iterator[tuple[str, str]]:
    for span in element.iter("span"):
        if (fact_id := span.get("data-fact")) is not None:
            yield fact_id, "".join(span.itertext())
