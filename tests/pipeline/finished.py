"""What finished PDF, Word and HTML files say, drawn out of each file alone and brought into one form to compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import html
from pdf_tree import Tag, TaggedPdf
from word_file import NOTES, WordFile, words

from report_builder.editions.ooxml import w

Row = tuple[str, ...]
_PARAGRAPHS = ("p", "dt", "dd", "caption", "figcaption")


@dataclass(frozen=True)
class Said:
    """A report as its reader meets it, from the first chapter on; white space and soft hyphens are left out.

    ``headings`` are (level, number and words); ``text`` every paragraph, list item, term, caption, remark and source.
    """

    headings: tuple[tuple[int, str], ...]
    text: tuple[str, ...]
    tables: tuple[tuple[Row, ...], ...]
    figures: tuple[str, ...]
    notes: tuple[str, ...]


def fold(text: str) -> str:
    """``text`` without white space and soft hyphens, which belong to an edition's lines."""
    return re.sub(r"[\s\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}]+", "", text)


def in_pdf(data: bytes) -> Said:
    """What the tags of a PDF say."""
    pdf = TaggedPdf(data)
    chapters = [t for t in _tags(pdf.root) if t.role == "Sect" and t.all("H2") and not t.all("TOC", "H1")]
    tags = [tag for chapter in chapters for tag in chapter.walk()]
    plain = ("Note", "Reference")
    terms = {id(k) for t in tags if _list_of_terms(t) for item in t.all("LI") for k in _tags(item)}
    texts = [t for t in tags if t.role in ("P", "Caption") or (id(t) in terms and t.role in ("Lbl", "LBody"))]
    inner = {id(below) for t in texts if t.role == "LBody" for below in t.walk() if below is not t}
    return Said(
        headings=tuple((int(t.role[1]) - 1, fold(t.text(plain))) for t in tags if re.fullmatch(r"H[2-5]", t.role)),
        text=tuple(filter(None, (fold(t.text(plain)) for t in texts if id(t) not in inner))),
        tables=tuple(
            tuple(tuple(fold(c.text(plain)) for c in r.all("TH", "TD")) for r in t.all("TR"))
            for t in tags
            if t.role == "Table"
        ),
        figures=tuple(fold(str(t.properties["/Alt"])) for t in tags if t.role == "Figure"),
        notes=tuple(fold(t.text(("Lbl",))) for t in tags if t.role == "Note"),
    )


def _tags(tag: Tag) -> Iterator[Tag]:
    return (kid for kid in tag.kids if isinstance(kid, Tag))


def _list_of_terms(tag: Tag) -> bool:
    return tag.role == "L" and tag.attribute("/ListNumbering") == "/None"


def in_word(data: bytes) -> Said:
    """What a Word file says; the numbers of headings are counted out as Word counts them."""
    file = WordFile(data)
    numbers = dict(zip(map(id, heads := file.headings()), file.counted(), strict=True))
    body = file.find("w:sdt[w:sdtPr/w:docPartObj]/following-sibling::*")
    headings, text, tables = [], [], []
    for element in body:
        if element.tag == w("tbl"):
            tables.append(tuple(_word_row(row) for row in element.iter(w("tr"))))
        elif element.tag == w("p") and element in heads:
            level = int(file.inherited(element, "outlineLvl").get(w("val"))) + 1
            headings.append((level, fold(numbers[id(element)] + words(element))))
        elif element.tag == w("p"):
            text.append(fold(words(element)))
    alts = [p.get("descr") for e in body for p in e.iter("{*}docPr") if p.get("descr")]
    notes = [fold(words(note)) for note in file.trees[NOTES] if note.get(w("type")) is None]
    return Said(tuple(headings), tuple(filter(None, text)), tuple(tables), tuple(map(fold, alts)), tuple(notes))


def _word_row(row: Any) -> Row:
    """The cells of a row but for those that only carry on a cell above."""
    merges = [(cell, cell.find(f"{w('tcPr')}/{w('vMerge')}")) for cell in row.iter(w("tc"))]
    return tuple(fold(words(cell)) for cell, merge in merges if merge is None or merge.get(w("val")) == "restart")


def in_html(data: bytes) -> Said:
    """What a web page says, but for the data annex, which print goes without."""
    page = html.document_fromstring(data)
    for annex in page.xpath("//main//section[contains(concat(' ', @class, ' '), ' annex ')]"):
        for called in annex.xpath(".//*[contains(concat(' ', @class, ' '), ' call ')]/descendant-or-self::a/@href"):
            page.get_element_by_id(called.removeprefix("#")).drop_tree()  # a note that print goes without
        annex.drop_tree()
    for mark in page.xpath("//*[contains(concat(' ', @class, ' '), ' call ')]"):
        mark.drop_tree()
    chapters = page.xpath("//main//section[contains(concat(' ', @class, ' '), ' chapter ')]")
    elements = [element for chapter in chapters for element in chapter.iter() if isinstance(element.tag, str)]
    return Said(
        headings=tuple((int(e.tag[1]) - 1, fold(e.text_content())) for e in elements if re.fullmatch(r"h[2-5]", e.tag)),
        text=tuple(filter(None, (fold(e.text_content()) for e in elements if e.tag in _PARAGRAPHS))),
        tables=tuple(
            tuple(tuple(fold(c.text_content()) for c in r.xpath("th|td")) for r in e.iter("tr"))
            for e in elements
            if e.tag == "table"
        ),
        figures=tuple(fold(e.get("alt")) for e in elements if e.tag == "img"),
        notes=tuple(fold(e.text_content()) for e in page.xpath("//section[@role='doc-endnotes']//li/span")),
    )  # fmt: skip


READERS: dict[str, Callable[[bytes], Said]] = {"pdf": in_pdf, "docx": in_word, "html": in_html}
