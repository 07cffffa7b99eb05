"""Reads a finished PDF as a screen reader does: the tag tree with the words that each tag owns, and the artifacts.

It reads the file alone and shares nothing with the program that wrote it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject


@dataclass
class Tag:
    """A tag: its role, its kids (tags, and words as strings), its properties, and the pages that its words stand on."""

    role: str
    kids: list[Tag | str] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    pages: set[int] = field(default_factory=set)
    links: int = 0

    def walk(self) -> Iterator[Tag]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.walk()

    def all(self, *roles: str) -> list[Tag]:
        return [tag for tag in self.walk() if tag.role in roles]

    def text(self, without: tuple[str, ...] = ()) -> str:
        """The words below this tag, but for those below the roles ``without``; soft hyphens joined."""
        return "".join(self._parts(without)).replace("\N{SOFT HYPHEN}", "")

    def _parts(self, without: tuple[str, ...]) -> Iterator[str]:
        for kid in self.kids:
            if isinstance(kid, str):
                yield kid
            elif kid.role not in without:
                yield from kid._parts(without)

    def attribute(self, name: str) -> Any:
        attributes = self.properties.get("/A")
        return attributes.get(name) if attributes is not None else None


class TaggedPdf:
    """A tagged PDF, read whole."""

    def __init__(self, data: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(data))
        self.artifacts: list[list[tuple[str, str]]] = []
        """For each page, the words of its artifacts with their kind ("Pagination", "Layout")."""
        self._words: list[dict[int, str]] = []
        self._numbers = {page.indirect_reference.idnum: i for i, page in enumerate(self.reader.pages)}
        for page in self.reader.pages:
            self._read_page(page)
        top = self.reader.trailer["/Root"]["/StructTreeRoot"]
        self.root = self._tag(top["/K"][0].get_object(), None)

    def _tag(self, element: Any, inherited: int | None) -> Tag:
        page = self._page_of(element) if "/Pg" in element else inherited
        properties = {k: v for k, v in element.items() if k in ("/A", "/Alt", "/ID", "/Lang")}
        tag = Tag(str(element["/S"])[1:], properties=properties)
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            self._add(tag, kid.get_object() if isinstance(kid, IndirectObject) else kid, page)
        return tag

    def _add(self, tag: Tag, kid: Any, page: int | None) -> None:
        if not isinstance(kid, DictionaryObject):
            self._own(tag, page, int(kid))
        elif kid.get("/Type") == "/MCR":
            self._own(tag, self._page_of(kid), int(kid["/MCID"]))
        elif kid.get("/Type") == "/OBJR":
            tag.links += 1
        else:
            child = self._tag(kid, page)
            tag.kids.append(child)
            tag.pages |= child.pages

    def _own(self, tag: Tag, page: int | None, number: int) -> None:
        assert page is not None
        tag.kids.append(self._words[page].pop(number))
        tag.pages.add(page)

    @property
    def orphans(self) -> list[str]:
        """Words that are marked as content and that no tag owns."""
        return [word for page in self._words for word in page.values()]

    def _page_of(self, holder: Any) -> int:
        return self._numbers[holder.raw_get("/Pg").idnum]

    def _read_page(self, page: Any) -> None:
        fonts = {name: _to_unicode(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
        words: dict[int, str] = {}
        artifacts: list[tuple[str, str]] = []
        marks: list[tuple[str, Any, list[str]]] = []
        font: dict[int, str] = {}
        for operands, operator in ContentStream(page.get_contents(), self.reader).operations:
            match operator:
                case b"BDC" | b"BMC":
                    marks.append((operands[0], operands[1] if len(operands) > 1 else {}, []))
                case b"EMC":
                    tag, properties, parts = marks.pop()
                    text = str(properties.get("/ActualText", "".join(parts)))
                    if "/MCID" in properties:
                        words[int(properties["/MCID"])] = text
                    elif text:
                        assert tag == "/Artifact"
                        artifacts.append((str(properties.get("/Type", ""))[1:], text))
                case b"Tf":
                    font = fonts[operands[0]]
                case b"Tj" | b"TJ":
                    strings = operands[0] if operator == b"TJ" else operands
                    assert marks, "words outside of all marked content"
                    marks[-1][2].extend(_decode(s, font) for s in strings if isinstance(s, str | bytes))
        assert not marks
        self._words.append(words)
        self.artifacts.append(artifacts)


def _decode(raw: Any, font: dict[int, str]) -> str:
    data = raw if isinstance(raw, bytes) else raw.original_bytes
    return "".join(font[int.from_bytes(data[i : i + 2], "big")] for i in range(0, len(data), 2))


def _to_unicode(font: Any) -> dict[int, str]:
    """Glyph → characters, from the font's ToUnicode map (``<glyph> <UTF-16>`` lines)."""
    mapping = {}
    for line in font["/ToUnicode"].get_data().decode("ascii").splitlines():
        parts = line.split()
        if len(parts) == 2 and all(p.startswith("<") and p.endswith(">") for p in parts):
            glyph, characters = (part[1:-1] for part in parts)
            mapping[int(glyph, 16)] = bytes.fromhex(characters).decode("utf-16-be")
    return mapping
