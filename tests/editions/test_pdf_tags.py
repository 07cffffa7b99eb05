"""The PDF as a screen reader hears it: what the validators do not see."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from pdf_tree import Tag, TaggedPdf
from pypdf.generic import DictionaryObject

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk

LISTS = (n.BulletList, n.OrderedList, n.DefinitionList)


@pytest.fixture(scope="module")
def pdf(pdf_bytes: bytes) -> TaggedPdf:
    return TaggedPdf(pdf_bytes)


def squeezed(text: str) -> str:
    """Words without the spaces between them: the end of a line is written without one."""
    return "".join(text.split())


def tables_of(document: n.Document) -> list[n.Table]:
    return [node for node in walk(document) if isinstance(node, n.Table)]


def test_every_word_has_a_tag(pdf: TaggedPdf) -> None:
    assert pdf.orphans == []


def test_only_heads_leaders_and_repeated_table_heads_are_artifacts(pdf: TaggedPdf, document: n.Document) -> None:
    meta = document.meta
    pages = len(pdf.reader.pages)
    long = max(tables_of(document), key=lambda table: len(table.rows))
    heads = [plain_text(column.header) for column in long.columns]
    assert pdf.artifacts[0] == []
    for number, artifacts in enumerate(pdf.artifacts[1:], start=2):
        words = [text for kind, text in artifacts if kind == "Pagination"]
        assert words[-3:] == [meta.running_title, " · ".join(meta.marks), f"{number} ({pages})"]
        assert words[:-3] in ([], heads)
        assert all(re.fullmatch(r"\.+", text) for kind, text in artifacts if kind != "Pagination")
    assert sum(len(artifacts) > 3 for artifacts in pdf.artifacts[3:]) == 2, "the long table goes on over two pages"


def test_the_reading_order_is_the_documents(pdf: TaggedPdf, document: n.Document) -> None:
    heard = squeezed(pdf.root.text(without=("Note", "Reference")))
    at = heard.index(squeezed(plain_text(document.blocks[1].content)))  # type: ignore[union-attr]
    for node in walk(document.blocks):
        match node:
            case n.Paragraph(content=content) | n.Heading(content=content):
                words = [plain_text(content)]
            case n.Table():
                words = [plain_text(node.caption), *(plain_text(cell) for row in node.rows for cell in row.cells)]
            case n.Definition():
                words = [plain_text(node.term), plain_text(node.meaning)]
            case n.Figure():
                words = [plain_text(node.caption), *(plain_text(note) for note in node.notes)]
            case _:
                continue
        if node is document.blocks[0]:
            continue
        for word in map(squeezed, words):
            found = heard.find(word, at)
            assert found >= 0, f"{word!r} is not heard, or not in its place"
            at = found + len(word)


def test_headings_go_down_one_step_at_a_time(pdf: TaggedPdf, document: n.Document) -> None:
    levels = [int(tag.role[1]) for tag in pdf.root.all("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert len(levels) == 2 + sum(isinstance(block, n.Heading) for block in document.blocks)


def test_a_table_is_one_table_however_many_pages_it_takes(pdf: TaggedPdf, document: n.Document) -> None:
    tagged, written = pdf.root.all("Table"), tables_of(document)
    assert len(tagged) == len(written)
    for tag, table in zip(tagged, written, strict=True):
        assert squeezed(plain_text(table.caption)) in squeezed(tag.all("Caption")[0].text())
        assert len(tag.all("TR")) == len(table.rows) + (2 if table.groups else 1)
        assert len(tag.all("THead")) == len(tag.all("TBody")) == 1
    assert max(len(tag.pages) for tag in tagged) == 3


def test_header_cells_have_words_scopes_and_ids(pdf: TaggedPdf) -> None:
    headers = pdf.root.all("TH")
    assert all(tag.text().strip() for tag in headers)
    assert {tag.attribute("/Scope") for tag in headers} == {"/Column", "/Row"}
    ids = [tag.properties["/ID"] for tag in headers]
    assert len(ids) == len(set(ids))


def test_every_data_cell_knows_the_headers_above_and_beside_it(pdf: TaggedPdf, document: n.Document) -> None:
    words = {tag.properties["/ID"]: tag.text(without=("Note", "Reference")) for tag in pdf.root.all("TH")}
    for tag, table in zip(pdf.root.all("Table"), tables_of(document), strict=True):
        groups = [title for title, span in table.groups for _ in range(span)] or [""] * len(table.columns)
        rows = [row for body in tag.all("TBody") for row in body.all("TR")]
        for cells, row in zip(rows, table.rows, strict=True):
            for i, cell in enumerate(cells.all("TD"), start=1):
                above = [w for w in (groups[i], plain_text(table.columns[i].header)) if w]
                assert [words[header] for header in cell.attribute("/Headers")] == [*above, plain_text(row.cells[0])]


def test_a_note_follows_its_reference_and_stands_on_its_page(pdf: TaggedPdf, document: n.Document) -> None:
    written = [node for node in walk(document) if isinstance(node, n.Footnote)]
    pairs = []
    for tag in pdf.root.walk():
        pairs += [
            (call, note)
            for call, note in pairwise(tag.kids)
            if isinstance(call, Tag) and isinstance(note, Tag) and note.role == "Note"
        ]
    assert len(pairs) == len(pdf.root.all("Note")) == len(written)
    for (call, note), node in zip(pairs, written, strict=True):
        assert call.role == "Reference"
        assert call.text() == node.number
        assert note.kids[0].role == "Lbl"  # type: ignore[union-attr]
        assert squeezed(note.text()) == node.number + squeezed(plain_text(node.content))
        assert note.pages == call.pages
    assert len({note.properties["/ID"] for _, note in pairs}) == len(pairs)


def test_contents_name_the_page_of_every_heading(pdf: TaggedPdf, document: n.Document) -> None:
    pages = {squeezed(tag.text()): min(tag.pages) + 1 for tag in pdf.root.all("H2", "H3")}
    headings = [block for block in document.blocks if isinstance(block, n.Heading) and block.level <= 2]
    assert len(pdf.root.all("TOC")) == 1
    entries = pdf.root.all("TOCI")
    assert len(entries) == len(headings)
    for entry, heading in zip(entries, headings, strict=True):
        words, _, page = entry.text().rpartition(" ")
        assert plain_text(heading.content) in words
        assert int(page) == pages[squeezed(words)]
        assert [tag.links for tag in entry.all("Link")] == [1]


def test_a_figure_has_words_and_a_place(pdf: TaggedPdf, document: n.Document) -> None:
    expected = [document.meta.authority.logotype_alt, *(f.alt for f in walk(document) if isinstance(f, n.Figure))]
    figures = pdf.root.all("Figure")
    assert [tag.properties["/Alt"] for tag in figures] == expected
    for tag in figures:
        left, bottom, right, top = map(float, tag.attribute("/BBox"))
        assert 0 < left < right < 596
        assert 0 < bottom < top < 842


def test_lists_hold_labels_and_bodies(pdf: TaggedPdf, document: n.Document) -> None:
    lists = pdf.root.all("L")
    assert len(lists) == 1 + sum(isinstance(node, LISTS) for node in walk(document)), "the imprint's list and ours"
    for tag in lists:
        for item in tag.kids:
            assert isinstance(item, Tag)
            assert [kid.role for kid in item.kids if isinstance(kid, Tag)] == ["Lbl", "LBody"]
    numbers = [item.text().strip() for tag in lists for item in tag.kids[0].all("Lbl")]  # type: ignore[union-attr]
    assert "4." in numbers, "a list that goes on counts on"


def test_links_say_where_they_lead(pdf: TaggedPdf, document: n.Document) -> None:
    annotations: list[DictionaryObject] = [a.get_object() for page in pdf.reader.pages for a in page.get("/Annots", [])]
    assert len(annotations) == sum(tag.links for tag in pdf.root.walk())
    assert all(tag.links for tag in pdf.root.all("Link"))
    said = Counter(str(annotation["/Contents"]) for annotation in annotations)
    assert all(text.strip() and not text.startswith("#") for text in said)
    for node in walk(document):
        if isinstance(node, n.CrossRef):
            assert said[node.text] > 0
    destinations: Any = pdf.reader.named_destinations
    assert all(str(a["/Dest"]) in destinations for a in annotations if "/Dest" in a)


def test_a_hyphen_that_the_line_break_brought_is_not_heard(pdf: TaggedPdf) -> None:
    drawn = "".join(page.extract_text() for page in pdf.reader.pages)
    assert "Verksamhetsutveck-\n" in drawn
    assert "Verksamhetsutvecklingsinsatserna" in pdf.root.text()
