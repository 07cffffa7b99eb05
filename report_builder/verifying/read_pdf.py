"""The PDF read back as a screen reader reads it, by its tags, without charts; then the running heads and feet."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from report_builder.problems import Place, Problem, ReportError
from report_builder.verifying.edition_passages import EditionPassage, EditionPicture, folded

_UNITS = frozenset({"P", "H1", "H2", "H3", "H4", "Caption", "TR", "LBody", "Lbl", "Note"})
_HEADINGS = frozenset({"H1", "H2", "H3", "H4"})
_APART = frozenset({"Reference", "Note", "Figure"})
"""What stands inside a paragraph and is no part of its sentence: the mark of a note, the note, a picture."""

_CELLS = frozenset({"TD", "TH"})


@dataclass(slots=True)
class _Tag:
    role: str
    kids: list[_Tag | str] = field(default_factory=list)
    alt: str = ""
    page: int = 0


def pdf_passages(data: bytes, name: str) -> Iterator[EditionPassage]:
    """Every passage that the tags of the file hold, in reading order, then what runs above and below the pages.

    A foot that says the number of its page and of all pages says nothing else, and is left out.

    Raises:
        ReportError: the file is no PDF, or has no tags.

    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        top: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
        reading = _Reading(reader)
        root = reading.tree(top["/K"][0].get_object())
    except (PyPdfError, KeyError, IndexError, ValueError, OSError) as e:
        message = f"The file is not a tagged PDF that can be read: {type(e).__name__}: {e}."
        raise ReportError(Problem(code="unreadable-edition", message=message, place=Place(file=name))) from e
    heading = ""
    for tag in _tags(root):
        text = "".join(_words(tag)).strip() if tag.role in _UNITS else ""
        if tag.role in _HEADINGS:
            heading = text
        place = f"page {_page(tag)}, under the heading “{heading}”"
        if tag.role == "Figure":
            yield EditionPassage(place=place, text=tag.alt)
        elif text and not (tag.role == "Lbl" and text.strip(" .").isdigit()):
            yield EditionPassage(place=place, text=text)
    for page, where, words in reading.running:
        if where == "head" or folded(words) != f"{page}{len(reader.pages)}":
            yield EditionPassage(place=f"in the running {where} of page {page}", text=words)


def pdf_pictures(data: bytes, name: str) -> Iterator[EditionPicture]:
    """What is drawn inside each figure, as its strokes and numbers, and each image of pixels; page by page.

    Raises:
        ReportError: the file is no PDF.

    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        for number, page in enumerate(reader.pages, 1):
            for drawn in _drawn_on(page, reader):
                yield EditionPicture(place=f"picture on page {number}", alt="", drawn=drawn)
    except (PyPdfError, KeyError, IndexError, ValueError, OSError) as e:
        message = f"The file is not a PDF that can be read: {type(e).__name__}: {e}."
        raise ReportError(Problem(code="unreadable-edition", message=message, place=Place(file=name))) from e


def _drawn_on(page: Any, reader: Any) -> Iterator[bytes]:
    """The digest of each figure and each image on a page, without names of resources: programs change those."""
    from pypdf.generic import ContentStream

    objects = page["/Resources"].get("/XObject", {})
    marks: list[Any] = []
    figure = hashlib.sha256()
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            figure = hashlib.sha256() if "/Figure" not in marks else figure
            marks.append(operands[0])
        elif operator == b"EMC":
            if marks.pop() == "/Figure" and "/Figure" not in marks:
                yield figure.digest()
        elif operator == b"Do" and (found := objects[operands[0]].get_object())["/Subtype"] == "/Image":
            yield hashlib.sha256(found.get_data()).digest()
        elif "/Figure" in marks:
            figure.update(operator + b" " + repr([o for o in operands if not str(o).startswith("/")]).encode())


def _tags(tag: _Tag) -> Iterator[_Tag]:
    """Tags in reading order; a row is one piece, and so is an item of the table of contents, which is left out."""
    yield tag
    if tag.role not in ("TOC", "Figure"):
        for kid in tag.kids:
            if isinstance(kid, _Tag) and not (tag.role == "TR" and kid.role != "Note"):
                yield from _tags(kid)


def _words(tag: _Tag) -> Iterator[str]:
    for kid in tag.kids:
        if isinstance(kid, str):
            yield from (kid, " ")
        elif kid.role in _CELLS:
            yield from (" ", *_words(kid), " ")
        elif kid.role not in _APART and (tag.role in ("TR", *_CELLS) or kid.role not in _UNITS):
            yield from _words(kid)


def _page(tag: _Tag) -> int:
    return tag.page or next((p for kid in tag.kids if isinstance(kid, _Tag) and (p := _page(kid))), 0)


class _Reading:
    """A file being read: the words of every marked piece of every page, and the tags that own them."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._pages = {page.indirect_reference.idnum: i for i, page in enumerate(reader.pages, 1)}
        self.running: list[tuple[int, str, str]] = []
        self._words = {i: self._marked(page, i) for i, page in enumerate(reader.pages, 1)}

    def tree(self, element: Any, page: int = 0) -> _Tag:
        """The tag and all that it holds."""
        page = self._page_of(element) or page
        tag = _Tag(role=str(element["/S"])[1:], alt=str(element.get("/Alt", "")))
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            found = kid.get_object() if hasattr(kid, "get_object") else kid
            if isinstance(found, int):
                self._own(tag, page, int(found))
            elif found.get("/Type") == "/MCR":
                self._own(tag, self._page_of(found) or page, int(found["/MCID"]))
            elif found.get("/Type") != "/OBJR":
                tag.kids.append(self.tree(found, page))
        return tag

    def _own(self, tag: _Tag, page: int, number: int) -> None:
        tag.page = tag.page or page
        tag.kids.append(self._words[page].get(number, ""))

    def _page_of(self, holder: Any) -> int:
        return self._pages[holder.raw_get("/Pg").idnum] if "/Pg" in holder else 0

    def _marked(self, page: Any, number: int) -> dict[int, str]:
        """Marked-content number → words. Of artifacts, running heads and feet are kept apart and all else left out."""
        from pypdf.generic import ContentStream

        fonts = {name: _characters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
        words: dict[int, str] = {}
        marks: list[tuple[Any, list[str]]] = []
        font: dict[int, str] = {}
        height, turned = None, False
        for operands, operator in ContentStream(page.get_contents(), self._reader).operations:
            if operator in (b"BDC", b"BMC"):
                marks.append((operands[1] if len(operands) > 1 else {}, []))
            elif operator == b"EMC":
                properties, parts = marks.pop()
                if properties.get("/Type") == "/Pagination" and "".join(parts).strip():
                    where = "head" if properties.get("/Subtype") == "/Header" else "foot"
                    self.running.append((number, where, "".join(parts).strip()))
                if "/MCID" in properties:
                    text = "".join(parts)
                    gap = " " if text.startswith(" ") else ""
                    words[int(properties["/MCID"])] = gap + str(properties.get("/ActualText", text)).lstrip(" ")
            elif operator == b"Tf":
                font = fonts[operands[0]]
            elif operator == b"Tm":
                height, turned = operands[5], operands[5] != height
            elif operator in (b"Tj", b"TJ") and marks:
                strings = operands[0] if operator == b"TJ" else operands
                if turned:  # a new line: "10," and "20" are no decimal number
                    marks[-1][1].append(" ")
                    turned = False
                marks[-1][1].extend(_decoded(s, font) for s in strings if isinstance(s, str | bytes))
        return words


def _decoded(raw: Any, font: dict[int, str]) -> str:
    data = raw if isinstance(raw, bytes) else raw.original_bytes
    return "".join(font.get(int.from_bytes(data[i : i + 2], "big"), "") for i in range(0, len(data), 2))


def _characters(font: Any) -> dict[int, str]:
    """Glyph → characters, by the map that the font carries for readers."""
    mapping = {}
    for line in font["/ToUnicode"].get_data().decode("ascii").splitlines():
        parts = line.split()
        if len(parts) == 2 and all(part.startswith("<") and part.endswith(">") for part in parts):
            glyph, characters = (part[1:-1] for part in parts)
            mapping[int(glyph, 16)] = bytes.fromhex(characters).decode("utf-16-be")
    return mapping
