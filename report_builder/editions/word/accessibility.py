"""What Word's own accessibility checker asks of a file, asked of a finished one as far as the file can answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from report_builder.editions.ooxml import NAMESPACES, w
from report_builder.packages.word import open_word
from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.colours import contrast

_PARTS = ("word/document.xml", "word/styles.xml", "docProps/core.xml")
_FILE_NAME = re.compile(r"\.(png|svg|jpe?g|gif|emf)$", re.IGNORECASE)
_ENOUGH, _ENOUGH_FOR_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD = 36, 28
"""Half points from which WCAG calls text large: 18 points, or 14 in bold."""

_DRAWN = ("drawing", "pict", "object", "footnoteRef", "footnoteReference", "separator", "continuationSeparator")


def accessibility(data: bytes, name: str) -> tuple[Problem, ...]:
    """Every rule that the Word file ``data`` breaks; ``name`` is what to call the file."""
    try:
        package = open_word(data, name)
        document, looks, core = (package.tree(part) for part in _PARTS)
    except ReportError as e:
        return tuple(replace(problem, code="word-unreadable") for problem in e.problems)
    missing = [part for part, tree in zip(_PARTS, (document, looks, core), strict=True) if tree is None]
    if missing:
        message = f"The file lacks {' and '.join(missing)}, and cannot be checked for accessibility."
        return (Problem(code="word-unreadable", message=message, place=Place(file=name)),)
    body, styles = document.find(w("body")), _Styles(looks)
    faults = (
        *_language_and_title(core, styles),
        *_headings(body, styles),
        *_tables(body),
        *_pictures(body),
        *_blank_paragraphs(body),
        *_contrast(body, styles),
    )
    return tuple(
        Problem(code=f"word-{code}", message=message, place=Place(file=name)) for code, message in dict.fromkeys(faults)
    )


def _language_and_title(core: Any, styles: _Styles) -> Iterator[tuple[str, str]]:
    if not styles.language:
        yield "language", "The file does not say what language it is in."
    title = core.find("{http://purl.org/dc/elements/1.1/}title")
    if title is None or not (title.text or "").strip():
        yield "title", "The properties of the file hold no title."


def _headings(body: Any, styles: _Styles) -> Iterator[tuple[str, str]]:
    before = 0
    for paragraph in body.iter(w("p")):
        level = styles.level(paragraph)
        if level is None:
            continue
        words = _words(paragraph)
        if not words.strip():
            yield "blank-heading", f"A heading of level {level} has no words."
        if level > before + 1:
            yield "heading-order", f"The heading “{words}” of level {level} follows one of level {before}."
        before = level
    if not before:
        yield "no-headings", "The file has no headings to find one's way by."


def _tables(body: Any) -> Iterator[tuple[str, str]]:
    for i, table in enumerate(body.iter(w("tbl")), 1):
        rows = table.findall(w("tr"))
        heads = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in rows]
        if not any(heads[:1]) or heads != sorted(heads, reverse=True):
            yield "header-row", f"Table {i} in the file does not have its header rows first, marked as such."
        described = (table.find(f"{w('tblPr')}/{w(name)}") for name in ("tblCaption", "tblDescription"))
        if not any(found is not None and found.get(w("val"), "").strip() for found in described):
            yield "table-description", f"Table {i} in the file has neither title nor description."


def _pictures(body: Any) -> Iterator[tuple[str, str]]:
    for picture in body.iter(f"{{{NAMESPACES['wp']}}}docPr"):
        decorative = any(mark.get("val") == "1" for mark in picture.iter(f"{{{NAMESPACES['adec']}}}decorative"))
        said = picture.get("descr", "").strip()
        if decorative and said:
            yield "decorative", f"The picture {picture.get('name')} is marked as decoration and has a description."
        elif not decorative and (not said or _FILE_NAME.search(said) or said == picture.get("name")):
            yield "missing-alt", f"The picture {picture.get('name')} has no description that says what it shows."


def _blank_paragraphs(body: Any) -> Iterator[tuple[str, str]]:
    """A blank paragraph is allowed alone in a cell, and where Word demands one: behind a table that ends a section."""
    before = ""
    for paragraph in body.iter(w("p")):
        blank = not _words(paragraph).strip() and not any(paragraph.find(f".//{w(d)}") is not None for d in _DRAWN)
        above = paragraph.getprevious()
        behind_table = above is not None and above.tag == w("tbl")
        if blank and paragraph.getparent().tag != w("tc") and not behind_table:
            yield "blank-paragraph", f"A blank paragraph makes space after “{before[:60]}”."
        before = _words(paragraph) or before


def _contrast(body: Any, styles: _Styles) -> Iterator[tuple[str, str]]:
    for paragraph in body.iter(w("p")):
        for run in paragraph.iter(w("r")):
            if not _words(run).strip():
                continue
            look = styles.look(paragraph, run)
            large = look.size >= _LARGE or (look.bold and look.size >= _LARGE_BOLD)
            ratio = contrast(f"#{look.colour}", f"#{look.fill}")
            if ratio < (_ENOUGH_FOR_LARGE if large else _ENOUGH):
                seen = f"#{look.colour} on #{look.fill}, {ratio:.1f} : 1"
                yield "contrast", f"Text in the style {styles.name(paragraph)} is hard to read: {seen}."


def _words(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(w("t")))


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str
    fill: str
    size: int
    bold: bool


class _Styles:
    """The styles of a file, each with what it inherits."""

    def __init__(self, tree: Any) -> None:
        self._styles = {style.get(w("styleId")): style for style in tree.iter(w("style"))}
        defaults = tree.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        self._defaults = [] if defaults is None else [defaults]
        self._seen: dict[tuple[str | None, str | None], _Look] = {}
        language = None if defaults is None else defaults.find(w("lang"))
        self.language = "" if language is None else str(language.get(w("val"), ""))

    def name(self, paragraph: Any) -> str:
        """What Word calls the paragraph's style."""
        style = self._styles.get(_style_of(paragraph, "pPr", "pStyle"))
        return "Normal" if style is None else str(style.find(w("name")).get(w("val")))

    def level(self, paragraph: Any) -> int | None:
        """The heading's level from 1, or ``None`` for what is no heading."""
        found = self._first(self._chain(_style_of(paragraph, "pPr", "pStyle")), "pPr", "outlineLvl")
        return None if found is None or int(found) > 8 else int(found) + 1

    def look(self, paragraph: Any, run: Any) -> _Look:
        """How a run's words look."""
        key = (_style_of(paragraph, "pPr", "pStyle"), _style_of(run, "rPr", "rStyle"))
        if key not in self._seen:
            chain = [*self._chain(key[1]), *self._chain(key[0])]
            colour = self._first(chain, "rPr", "color") or self._default("color") or "auto"
            fill = self._first(chain, "pPr", "shd", "fill") or "auto"
            size = int(self._first(chain, "rPr", "sz") or self._default("sz") or 20)
            bold = self._first(chain, "rPr", "b")
            self._seen[key] = _Look(
                "000000" if colour == "auto" else colour, "FFFFFF" if fill == "auto" else fill, size,
                bold is not None and bold not in ("0", "false"),
            )  # fmt: skip
        return self._seen[key]

    def _chain(self, style_id: str | None) -> Iterator[Any]:
        while style_id in self._styles:
            style = self._styles[style_id]
            yield style
            based = style.find(w("basedOn"))
            style_id = None if based is None else based.get(w("val"))

    def _first(self, chain: Any, properties: str, name: str, attribute: str = "val") -> str | None:
        for style in chain:
            found = style.find(f"{w(properties)}/{w(name)}")
            if found is not None:
                return str(found.get(w(attribute), "1"))
        return None

    def _default(self, name: str) -> str | None:
        found = next((d.find(w(name)) for d in self._defaults), None)
        return None if found is None else str(found.get(w("val")))


def _style_of(element: Any, properties: str, name: str) -> str | None:
    found = element.find(f"{w(properties)}/{w(name)}")
    return None if found is None else str(found.get(w("val")))
