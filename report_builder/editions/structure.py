"""The tag tree of a PDF, built from our own HTML and the boxes that WeasyPrint laid it out in.

WeasyPrint makes a tag for every box, page by page: an element that a page break splits is tagged twice, a footnote
ends up behind the page, repeated heads are read again. Here there is one tag for an element of the HTML, wherever its
boxes fell. What a reader should not hear (running heads, dot leaders, repeated table heads) is an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

ROLES = {
    "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4",
    "p": "P", "section": "Sect", "nav": "Sect", "figure": "Div",
    "ul": "L", "ol": "L", "dl": "L", "dt": "Lbl", "dd": "LBody",
    "table": "Table", "caption": "Caption", "figcaption": "Caption",
    "thead": "THead", "tbody": "TBody", "tr": "TR", "th": "TH", "td": "TD",
    "a": "Link", "img": "Figure",
}  # fmt: skip
"""HTML element → role. Other elements add nothing of their own: their words belong to what they stand in."""

_NUMBERING = {"ul": "Disc", "ol": "Decimal", "dl": "None"}
_SCOPES = {"row": "Row", "rowgroup": "Row", "col": "Column", "colgroup": "Column"}
_KEPT_WHEN_EMPTY = frozenset({"TBody", "TD", "TH"})


@dataclass(frozen=True, slots=True)
class Marked:
    """Content drawn on a page, by its number there."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """A clickable place on a page."""

    page: int
    annotation: Any


@dataclass(slots=True, eq=False)
class Tag:
    """A tag of the tree: role, kids in reading order, and what else is known of the element."""

    role: str
    element: Element | None = None
    kids: list[Tag | Marked | Annotation] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    table: dict[str, Any] = field(default_factory=dict)
    box: tuple[float, ...] | None = None

    def new(self, role: str, element: Element | None = None) -> Tag:
        """A new last kid."""
        tag = Tag(role, element)
        self.kids.append(tag)
        return tag


class Structure:
    """The tag tree while the pages are gone through, front to back."""

    def __init__(self, html: Element) -> None:
        self.root = Tag("Document", html)
        self._above = {child: parent for parent in html.iter() for child in parent}
        self._tags: dict[tuple[Element, str], Tag] = {}

    def owner(self, element: Element | None, part: str) -> Tag | None:
        """The tag that the content of ``element`` belongs to, made if it is met for the first time.

        ``part`` names a pseudo-element of it (``marker``, ``footnote-call``), or is empty.
        """
        if element is None or element.tag in ("html", "body"):
            return None
        match part:
            case "footnote-call":
                return self._call(element)
            case "footnote-marker":
                return self._label(element, self._of(element))
            case "marker":
                return self._label(element, self._item(element))
            case _:
                return self._of(element)

    def prune(self) -> None:
        """Drop tags with nothing in them, but for the cells of tables."""
        _prune(self.root)

    def _of(self, element: Element) -> Tag:
        known = self._tags.get((element, ""))
        if known is not None:
            return known
        role = _role(element)
        if element not in self._above or element.tag == "body":
            tag = self.root
        elif element.tag == "li" and role is None:
            tag = self._item(element).new("LBody", element)
        elif role is None:
            tag = self._of(self._above[element])
        else:
            tag = self._of(self._above[element]).new(role, element)
        self._tags[element, ""] = tag
        return tag

    def _item(self, element: Element) -> Tag:
        key = (element, "item")
        if key not in self._tags:
            self._tags[key] = self._of(self._above[element]).new("LI", element)
        return self._tags[key]

    def _label(self, element: Element, parent: Tag) -> Tag:
        key = (element, "label")
        if key not in self._tags:
            self._tags[key] = Tag("Lbl")
            parent.kids.insert(0, self._tags[key])  # WeasyPrint lays out a list's marker behind its item
        return self._tags[key]

    def _call(self, element: Element) -> Tag:
        """The reference to a footnote, and right behind it the note, filled when its page's foot is reached."""
        key = (element, "call")
        if key not in self._tags:
            parent = self._of(self._above[element])
            self._tags[key] = parent.new("Reference")
            self._tags[element, ""] = parent.new("Note", element)
        return self._tags[key]


def _role(element: Element) -> str | None:
    if (given := element.get("data-tag")) is not None:
        return given
    if element.tag == "div" and any(child.tag == "dt" for child in element):
        return "LI"
    if element.tag == "span" and element.get("lang"):
        return "Span"
    return ROLES.get(element.tag)


def _prune(tag: Tag) -> None:
    for kid in tag.kids:
        if isinstance(kid, Tag):
            _prune(kid)
    tag.kids = [k for k in tag.kids if not isinstance(k, Tag) or k.kids or k.role in _KEPT_WHEN_EMPTY]


def describe_tags(root: Tag) -> None:
    """Write what every tag says beside its content: alternatives, languages, the relations of a table's cells.

    Notes and header cells get ids, counted in reading order.
    """
    notes = headers = 0
    for tag in tags(root):
        element = tag.element
        if element is None:
            continue
        if element.get("lang"):
            tag.properties["Lang"] = element.get("lang", "")
        if tag.role == "Figure":
            tag.properties["Alt"] = element.get("alt", "")
        elif tag.role == "Note":
            notes += 1
            tag.properties["ID"] = f"note-{notes}"
        elif tag.role == "L":
            tag.properties["ListNumbering"] = _NUMBERING[element.tag]
        elif tag.role == "TH":
            headers += 1
            tag.properties["ID"] = f"header-{headers}"
            tag.table["Scope"] = _SCOPES[element.get("scope", "col")]
    for tag in tags(root):
        if tag.role == "Table":
            _relate(tag)


def tags(root: Tag) -> Iterator[Tag]:
    """``root`` and every tag below it, in reading order."""
    yield root
    for kid in root.kids:
        if isinstance(kid, Tag):
            yield from tags(kid)


def _relate(table: Tag) -> None:
    """Give every data cell the ids of the headers that it stands under and beside, and cells their spans."""
    rows = [tag for tag in tags(table) if tag.role == "TR"]
    above: dict[int, list[str]] = {}
    taken: set[tuple[int, int]] = set()
    for i, row in enumerate(rows):
        beside: list[str] = []
        at = 0
        for cell in row.kids:
            if not isinstance(cell, Tag) or cell.element is None:
                continue
            while (i, at) in taken:
                at += 1
            across, down = (int(cell.element.get(name, "1")) for name in ("colspan", "rowspan"))
            taken.update((i + r, at + c) for r in range(down) for c in range(across))
            cell.table.update({k: v for k, v in (("ColSpan", across), ("RowSpan", down)) if v > 1})
            if cell.role == "TH" and cell.table["Scope"] == "Row":
                beside.append(cell.properties["ID"])
            elif cell.role == "TH":
                for c in range(at, at + across):
                    above.setdefault(c, []).append(cell.properties["ID"])
            else:
                cell.table["Headers"] = [*above.get(at, []), *beside]
            at += across
