"""Writing a laid-out report as one file that is PDF/UA-1 and PDF/A-2a, or with attachments 3a, at once.

WeasyPrint draws the pages; the tag tree is ours (:mod:`report_builder.editions.structure`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from report_builder.editions.attachments import Attachment, embed_attachments
from report_builder.editions.elements import all_words
from report_builder.editions.pdf_metadata import identify
from report_builder.editions.structure import Annotation, Marked, Structure, Tag, describe_tags
from report_builder.editions.weasyprint_internals import boxes
from report_builder.editions.weasyprint_internals.boxes import Box
from report_builder.editions.weasyprint_internals.writing import DrawnPage, clear_stream_ends, own_tags

_BREAK = "-\N{WORD JOINER}"
"""What ``hyphenate-character`` puts at the end of a line."""

_MARGINS = {"top": "/Header", "bottom": "/Footer"}

Artifacts = dict[Box, dict[str, str]]
"""The boxes that a reader passes over, each with what it is instead: the properties of its artifact."""


def write_tagged(laid_out: Any, html: Element, attachments: Sequence[Attachment], created: str) -> bytes:
    """The pages of ``laid_out`` (a WeasyPrint document made of ``html``) as a tagged, archivable PDF.

    ``created`` is the date (ISO) that the attachments bear.
    """
    for page in laid_out.pages:
        boxes.one_annotation_per_link(page)
    artifacts = _artifacts([boxes.page_box(page) for page in laid_out.pages])

    def finish(_: Any, pdf: Any) -> None:
        identify(pdf)
        if attachments:
            embed_attachments(pdf, attachments, created)

    def write_tags(pdf: Any, pages: Sequence[DrawnPage]) -> None:
        _tag(pdf, pages, artifacts, html)

    variant = "pdf/a-3a" if attachments else "pdf/a-2a"
    with own_tags(artifacts, _without_hyphen, write_tags), clear_stream_ends():
        return bytes(laid_out.write_pdf(finisher=finish, pdf_variant=variant))


def _artifacts(pages: Sequence[Box]) -> Artifacts:
    found: Artifacts = {}
    heads: set[Element] = set()
    for page in pages:
        _find_artifacts(page, None, found, heads)
    return found


def _find_artifacts(box: Box, kind: dict[str, str] | None, found: Artifacts, heads: set[Element]) -> None:
    if margin := boxes.margin_place(box):
        kind = {"Type": "/Pagination", "Subtype": _MARGINS[margin]}
    elif boxes.is_leader(box):
        kind = {"Type": "/Layout"}
    elif (head := boxes.table_head(box)) is not None:
        if head in heads:
            kind = {"Type": "/Pagination", "Subtype": "/Header"}
        heads.add(head)
    if kind is not None:
        found[box] = kind
    for child in boxes.children(box):
        _find_artifacts(child, kind, found, heads)


def _without_hyphen(box: Box) -> str | None:
    """What to read for a line that ends with a hyphen which only the line break brought: a soft hyphen, so that the
    word is read and found as one. By its mark in the style sheet such a hyphen is known from one that was written.
    """
    text = boxes.shown_text(box)
    return text.removesuffix(_BREAK) + "\N{SOFT HYPHEN}" if text.endswith(_BREAK) else None


def _tag(pdf: Any, pages: Sequence[DrawnPage], artifacts: Artifacts, html: Element) -> None:
    structure = Structure(html)
    for number, page in enumerate(pages):
        _collect(page.box, structure.root, structure, number, page, artifacts)
        if page.numbers:
            raise RuntimeError(f"page {number + 1} draws {len(page.numbers)} things that no tag owns")
    structure.prune()
    describe_tags(structure.root)
    _Writer(pdf, len(pages)).write(structure.root)


def _collect(box: Box, owner: Tag, structure: Structure, number: int, page: DrawnPage, artifacts: Artifacts) -> None:
    """Give every tag the content that its boxes on this page have drawn."""
    if box in artifacts:
        return
    element, part = boxes.origin(box)
    owner = structure.owner(element, part) or owner
    if (area := boxes.picture_area(box, page.height)) is not None:
        owner.box = area
    if box in page.numbers:
        owner.kids.append(Marked(number, page.numbers.pop(box)))
    for child in boxes.children(box):
        _collect(child, owner, structure, number, page, artifacts)
    if link := boxes.link_annotation(box):
        link["Contents"] = _string("" if element is None else all_words(element))
        owner.kids.append(Annotation(number, link))


class _Writer:
    """Puts the finished tree into the file's objects."""

    def __init__(self, pdf: Any, pages: int) -> None:
        self._pdf = pdf
        self._on_page: list[dict[int, bytes]] = [{} for _ in range(pages)]
        self._annotations: list[bytes] = []
        self._ids: dict[str, bytes] = {}

    def write(self, root: Tag) -> None:
        """Write ``root`` and all that belongs to it, and name it in the catalogue."""
        catalogue = self._pdf.catalog
        top = self._add({"Type": "/StructTreeRoot"})
        top["K"] = _array([self._element(root, top.reference)])
        top["ParentTree"] = self._add({"Nums": self._parents()}).reference
        top["ParentTreeNextKey"] = len(self._on_page) + len(self._annotations)
        if self._ids:
            names = [x for name in sorted(self._ids, key=str.encode) for x in (_string(name), self._ids[name])]
            top["IDTree"] = self._add({"Names": _array(names)}).reference
        catalogue["StructTreeRoot"] = top.reference
        catalogue["ViewerPreferences"] = _dictionary({"DisplayDocTitle": "true"})
        catalogue["MarkInfo"] = _dictionary({"Marked": "true"})

    def _add(self, values: dict[str, Any]) -> Any:
        added = _dictionary(values)
        self._pdf.add_object(added)
        return added

    def _element(self, tag: Tag, parent: bytes) -> bytes:
        page = next((kid.page for kid in tag.kids if not isinstance(kid, Tag)), None)
        element = self._add({"Type": "/StructElem", "S": f"/{tag.role}", "P": parent})
        reference: bytes = element.reference
        if page is not None:
            element["Pg"] = self._pdf.page_references[page]
        for name in ("Alt", "ID", "Lang"):
            if name in tag.properties:
                element[name] = _string(tag.properties[name])
        if (attributes := _attributes(tag)) is not None:
            element["A"] = attributes
        if "ID" in tag.properties:
            self._ids[tag.properties["ID"]] = reference
        element["K"] = _array([self._kid(kid, reference, page) for kid in tag.kids])
        return reference

    def _kid(self, kid: Tag | Marked | Annotation, parent: bytes, page: int | None) -> Any:
        if isinstance(kid, Tag):
            return self._element(kid, parent)
        on = self._pdf.page_references[kid.page]
        if isinstance(kid, Annotation):
            kid.annotation["StructParent"] = len(self._on_page) + len(self._annotations)
            self._annotations.append(parent)
            return _dictionary({"Type": "/OBJR", "Pg": on, "Obj": kid.annotation.reference})
        self._on_page[kid.page][kid.number] = parent
        return kid.number if kid.page == page else _dictionary({"Type": "/MCR", "Pg": on, "MCID": kid.number})

    def _parents(self) -> Any:
        """The way back from a page's content, and from an annotation, to its tag."""
        nums: list[Any] = []
        for page, owners in enumerate(self._on_page):
            nums += [page, _array([owners[number] for number in sorted(owners)])]
        for i, owner in enumerate(self._annotations, start=len(self._on_page)):
            nums += [i, owner]
        return _array(nums)


def _attributes(tag: Tag) -> Any:
    if tag.box is not None and tag.role == "Figure":
        return _dictionary({"O": "/Layout", "BBox": _array(tag.box)})
    if "ListNumbering" in tag.properties:
        return _dictionary({"O": "/List", "ListNumbering": f"/{tag.properties['ListNumbering']}"})
    if not tag.table:
        return None
    table = _dictionary({"O": "/Table"})
    for name, value in tag.table.items():
        if name == "Headers":
            table[name] = _array([_string(header) for header in value])
        else:
            table[name] = f"/{value}" if isinstance(value, str) else value
    return table


def _dictionary(values: dict[str, Any]) -> Any:
    import pydyf

    return pydyf.Dictionary(values)


def _array(values: Iterable[Any]) -> Any:
    import pydyf

    return pydyf.Array(values)


def _string(text: str) -> Any:
    import pydyf

    return pydyf.String(text)
