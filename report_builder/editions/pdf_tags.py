"""Writing a laid-out report as one file that is PDF/UA-1 and PDF/A-2a, or with attachments 3a, at once.

WeasyPrint draws the pages; the tag tree is ours (:mod:`report_builder.editions.structure`). That takes two of its
private functions, which are put back when the file is written; its version is pinned and checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

from report_builder.editions.attachments import Attachment, embed
from report_builder.editions.elements import text_of
from report_builder.editions.pdf_mends import clear_stream_ends
from report_builder.editions.pdf_metadata import identify
from report_builder.editions.structure import Annotation, Marked, Structure, Tag, describe

_WEASYPRINT = "70.0"
_CSS_PIXEL = 0.75
"""Points of a CSS pixel."""

_BREAK = "-\N{WORD JOINER}"
"""What ``hyphenate-character`` puts at the end of a line."""


def write(laid_out: Any, html: Element, attachments: Sequence[Attachment], created: str) -> bytes:
    """The pages of ``laid_out`` (a WeasyPrint document made of ``html``) as a tagged, archivable PDF.

    ``created`` is the date (ISO) that the attachments bear.
    """
    import weasyprint

    if weasyprint.VERSION != _WEASYPRINT:
        raise RuntimeError(f"the tagging is written for WeasyPrint {_WEASYPRINT}, not {weasyprint.VERSION}")
    for page in laid_out.pages:
        _one_annotation_per_link(page)
    artifacts = _artifacts(laid_out.pages)

    def finish(_: Any, pdf: Any) -> None:
        identify(pdf)
        if attachments:
            embed(pdf, attachments, created)

    variant = "pdf/a-3a" if attachments else "pdf/a-2a"
    with _own_tagging(artifacts, html), clear_stream_ends():
        return bytes(laid_out.write_pdf(finisher=finish, pdf_variant=variant))


def _one_annotation_per_link(page: Any) -> None:
    """Leave only the boxes of the links themselves clickable; WeasyPrint repeats a link for every box within it."""
    page.links[:] = [link for link in page.links if link[3].link]


# ------------------------------------------------------------------------------------- what is not read


def _artifacts(pages: list[Any]) -> dict[Any, dict[str, str]]:
    """The boxes that a reader passes over, each with what it is instead."""
    found: dict[Any, dict[str, str]] = {}
    heads: set[Any] = set()
    for page in pages:
        _find_artifacts(page._page_box, None, found, heads)
    return found


def _find_artifacts(box: Any, kind: dict[str, str] | None, found: dict[Any, dict[str, str]], heads: set[Any]) -> None:
    from weasyprint.formatting_structure import boxes

    box = _real(box)
    if isinstance(box, boxes.MarginBox):
        place = "Header" if "top" in box.at_keyword else "Footer"
        kind = {"Type": "/Pagination", "Subtype": f"/{place}"}
    elif box.is_leader:
        kind = {"Type": "/Layout"}
    elif isinstance(box, boxes.TableRowGroupBox) and box.element_tag == "thead":
        if box.element in heads:
            kind = {"Type": "/Pagination", "Subtype": "/Header"}
        heads.add(box.element)
    if kind is not None:
        found[box] = kind
    for child in getattr(box, "children", ()):
        _find_artifacts(child, kind, found, heads)


def _real(box: Any) -> Any:
    from weasyprint.layout.absolute import AbsolutePlaceholder

    return box._box if isinstance(box, AbsolutePlaceholder) else box


# ------------------------------------------------------------------------------------- the tags


@contextmanager
def _own_tagging(artifacts: dict[Any, dict[str, str]], html: Element) -> Iterator[None]:
    """Let WeasyPrint mark artifacts as such while it draws, and call our tagging when it has drawn."""
    import pydyf
    import weasyprint.pdf
    from weasyprint.pdf.stream import Stream

    plain_marked, plain_add_tags = Stream.marked, weasyprint.pdf.add_tags

    @contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
        properties: dict[str, Any]
        if box in artifacts:
            tag, properties = "Artifact", artifacts[box]
        else:
            number = len(stream._tags)
            stream._tags[box] = number
            properties = {"MCID": number, **_without_hyphen(box)}
        stream.begin_marked_content(tag, pydyf.Dictionary(properties))
        yield
        stream.end_marked_content()

    def add_tags(pdf: Any, document: Any, _version: Any, streams: list[Any]) -> None:
        _tag(pdf, document.pages, streams, artifacts, html)

    Stream.marked, weasyprint.pdf.add_tags = marked, add_tags
    try:
        yield
    finally:
        Stream.marked, weasyprint.pdf.add_tags = plain_marked, plain_add_tags


def _without_hyphen(box: Any) -> dict[str, Any]:
    """What to read for a line that ends with a hyphen which only the line break brought: a soft hyphen, so that the
    word is read and found as one. By its mark in the style sheet such a hyphen is known from one that was written.
    """
    text = getattr(box, "text", "")
    if not text.endswith(_BREAK):
        return {}
    return {"ActualText": _string(text.removesuffix(_BREAK) + "\N{SOFT HYPHEN}")}


def _tag(pdf: Any, pages: list[Any], streams: list[Any], artifacts: Any, html: Element) -> None:
    structure = Structure(html)
    for number, (page, stream) in enumerate(zip(pages, streams, strict=True)):
        _collect(page._page_box, structure.root, structure, number, page.height, stream._tags, artifacts)
        if stream._tags:
            raise RuntimeError(f"page {number + 1} draws {len(stream._tags)} things that no tag owns")
    structure.prune()
    describe(structure.root)
    _Writer(pdf, len(pages)).write(structure.root)


def _collect(box: Any, owner: Tag, structure: Structure, page: int, height: float, drawn: Any, artifacts: Any) -> None:
    """Give every tag the content that its boxes on this page have drawn."""
    from weasyprint.formatting_structure import boxes

    box = _real(box)
    if box in artifacts:
        return
    owner = structure.owner(box) or owner
    if isinstance(box, boxes.ReplacedBox):
        x, y = box.content_box_x(), box.content_box_y()
        area = (x, height - y - box.height, x + box.width, height - y)
        owner.box = tuple(round(v * _CSS_PIXEL, 2) for v in area)
    if box in drawn:
        owner.kids.append(Marked(page, drawn.pop(box)))
    for child in getattr(box, "children", ()):
        _collect(child, owner, structure, page, height, drawn, artifacts)
    if box.link_annotation:
        box.link_annotation["Contents"] = _string(text_of(box.element))
        owner.kids.append(Annotation(page, box.link_annotation))


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
