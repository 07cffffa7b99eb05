"""The Word edition holds the document: headings, words, tables, figures, notes, references and numbers, all native."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from reference import reference_document, reference_meta, t
from word_file import MAIN, NOTES, WordFile, words

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.names import bookmark_name, fact_tag
from report_builder.document.resolve import resolve
from report_builder.document.walk import plain_text, walk
from report_builder.editions import Resources
from report_builder.editions.ooxml import NAMESPACES, w
from report_builder.editions.word import render

R = f"{{{NAMESPACES['r']}}}"
PAGES = {"sammanfattning": 4, "nulage": 5, "nulage-balans": 6, "nulage-tid": 7, "atgarder": 8, "atgarder-risker": 9}


@pytest.fixture(scope="module")
def word(document: n.Document, resources: Resources) -> WordFile:
    return WordFile(render(document, resources))


def all_of(document: n.Document, kind: type) -> list[Any]:
    """Every node of a kind in the blocks, in reading order."""
    return [node for node in walk(document.blocks) if isinstance(node, kind)]


def test_headings_are_the_documents_and_word_counts_them_alike(word: WordFile, document: n.Document) -> None:
    headings = all_of(document, n.Heading)
    found = [(int(word.inherited(p, "outlineLvl").get(w("val"))) + 1, words(p)) for p in word.headings()]
    assert found == [(h.level, plain_text(h.content)) for h in headings]
    labels = [f"Bilaga {h.number}" if h.scheme == "appendix" and h.level == 1 else h.number for h in headings]
    assert word.counted() == labels
    assert [p for p in word.headings() if p.find(f"{w('pPr')}/{w('numPr')}") is not None] == []


def test_python_docx_sees_built_in_headings(word: WordFile) -> None:
    seen = [(p.style.name, p.text) for p in word.document.paragraphs if p.style.name.startswith("Heading")]
    assert seen[:2] == [("Heading 1", "Nulägesbild"), ("Heading 2", "Ärendebalansens utveckling")]


def test_every_word_of_the_document_stands_in_its_order(word: WordFile, document: n.Document) -> None:
    body = word.find("w:sdt[w:sdtPr/w:docPartObj]/following-sibling::*//descendant-or-self::w:p")
    assert [words(p) for p in body if words(p)] == list(written(document))


def written(document: n.Document) -> Iterator[str]:
    """What the rules say must stand in each paragraph: derived from the nodes, not from the renderer."""
    for node in document.blocks:
        yield from block_words(node, document)


def block_words(node: n.Block, document: n.Document) -> Iterator[str]:
    match node:
        case n.Heading(content=content) | n.Paragraph(content=content):
            yield plain_text(content)
        case n.BulletList(items=items) | n.OrderedList(items=items):
            yield from inner_words((block for blocks in items for block in blocks), document)
        case n.DefinitionList(items=definitions):
            yield from (plain_text(part) for item in definitions for part in (item.term, item.meaning))
        case n.Callout():
            yield node.title
            yield from inner_words(node.blocks, document)
        case n.Table():
            yield f"Tabell\N{NO-BREAK SPACE}{node.number}. {plain_text(node.caption)}"
            yield from table_words(node)
            yield from remarks(node)
        case n.Figure():
            yield f"Figur\N{NO-BREAK SPACE}{node.number}. {plain_text(node.caption)}"
            yield from remarks(node)
            data = next(t for t in all_of(document, n.Table) if t.id == node.data.id)
            yield f"Figurens data: tabell\N{NO-BREAK SPACE}{data.number}."


def inner_words(blocks: Iterable[n.Block], document: n.Document) -> Iterator[str]:
    for block in blocks:
        yield from block_words(block, document)


def table_words(node: n.Table) -> Iterator[str]:
    if node.groups:
        at, second = 0, []
        for title, span in node.groups:
            headers = [plain_text(column.header) for column in node.columns[at : at + span]]
            yield from [title] if title else headers
            second += headers if title else []
            at += span
        yield from second
    else:
        yield from (plain_text(column.header) for column in node.columns)
    yield from (plain_text(cell) for row in node.rows for cell in row.cells)


def remarks(node: n.Table | n.Figure) -> Iterator[str]:
    for i, note in enumerate(node.notes):
        yield ("Anm. " if i == 0 else "") + plain_text(note)
    if node.source:
        yield f"Källa: {plain_text(node.source)}"


def test_tables_have_heads_that_repeat_and_rows_that_hold(word: WordFile, document: n.Document) -> None:
    tables, found = all_of(document, n.Table), word.document.tables
    assert len(found) == len(tables)
    for node, table in zip(tables, found, strict=True):
        rows = table._tbl.tr_lst
        heads = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in rows]
        assert heads == [True] * (2 if node.groups else 1) + [False] * len(node.rows)
        assert all(row.find(f"{w('trPr')}/{w('cantSplit')}") is not None for row in rows)
        properties = table._tbl.tblPr
        assert properties.find(w("tblCaption")).get(w("val")) == plain_text(node.caption)
        assert all(plain_text(c.header) in properties.find(w("tblDescription")).get(w("val")) for c in node.columns)
        look = properties.find(w("tblLook"))
        assert (look.get(w("firstRow")), look.get(w("firstColumn"))) == ("1", "1")
        assert look.get(w("lastRow")) == ("1" if node.rows[-1].kind == "total" else "0")


def test_tables_fill_their_page_and_numbers_stand_to_the_right(word: WordFile, document: n.Document) -> None:
    for node, table in zip(all_of(document, n.Table), word.document.tables, strict=True):
        widths = [int(column.get(w("w"))) for column in table._tbl.tblGrid]
        assert len(widths) == len(node.columns)
        assert sum(widths) == (14003 if node.wide else 9071)
        for row in table._tbl.tr_lst:
            assert sum(cell.grid_span for cell in row.tc_lst) == len(node.columns)
        for cell, column in zip(table._tbl.tr_lst[-1].tc_lst, node.columns, strict=True):
            justified = word.inherited(cell.p_lst[0], "jc")
            assert (justified is not None and justified.get(w("val")) == "right") == (column.align == "number")


def test_short_tables_stay_whole_and_long_ones_may_break(word: WordFile, document: n.Document) -> None:
    for node, table in zip(all_of(document, n.Table), word.document.tables, strict=True):
        kept = [all(c.p_lst[0].pPr.find(w("keepNext")) is not None for c in row.tc_lst) for row in table._tbl.tr_lst]
        body = kept[2 if node.groups else 1 :]
        assert body[0]
        assert all(body[-2:-1])
        assert body[-1] is bool(node.notes or node.source)
        assert not body[1:-2] or any(body[1:-2]) is (len(node.rows) <= 24)


def test_figures_have_vector_picture_png_and_text_alternative(word: WordFile, document: n.Document) -> None:
    figures = all_of(document, n.Figure)
    pictures = [p.find(f".//{w('drawing')}") for p in word.paragraphs("Figur")]
    assert [d[0].find("{*}docPr").get("descr") for d in pictures] == [f.alt for f in figures]
    relations = word.document.part.rels
    for drawing in pictures:
        blip = next(drawing.iter("{*}blip"))
        vector = next(drawing.iter("{*}svgBlip"))
        png = relations[blip.get(f"{R}embed")]
        svg = relations[vector.get(f"{R}embed")]
        assert png.target_part.blob.startswith(b"\x89PNG")
        assert "Klagomål" in "".join(ElementTree.fromstring(svg.target_part.blob).itertext())
        extent = next(drawing.iter("{*}extent"))
        assert 0 < int(extent.get("cx")) <= 9071 * 635


def test_every_picture_is_described_or_marked_as_decoration(word: WordFile) -> None:
    described = word.find("//wp:docPr[@descr != '']")
    decoration = word.find("//wp:docPr[.//adec:decorative/@val = '1']")
    assert len(described) == 2
    assert len(decoration) == 1
    assert len(word.find("//wp:docPr")) == 3


def test_footnotes_are_real_and_in_the_documents_order(word: WordFile, document: n.Document) -> None:
    notes = all_of(document, n.Footnote)
    marks = [mark.get(w("id")) for mark in word.find("//w:footnoteReference")]
    assert marks == [note.number for note in notes]
    found = {note.get(w("id")): words(note).strip() for note in word.trees[NOTES] if note.get(w("type")) is None}
    assert found == {note.number: plain_text(note.content) for note in notes}


def test_a_note_may_stress_words_and_refer_to_a_table(word: WordFile) -> None:
    notes = word.trees[NOTES]
    stressed = [
        words(run)
        for run in notes.iter(w("r"))
        if run.find(f"{w('rPr')}/{w('rStyle')}[@{w('val')}='Emphasis']") is not None
    ]
    assert stressed == ["avslutade"]
    assert [i.text.strip() for i in notes.iter(w("instrText"))] == [f"REF {bookmark_name('tab-manader')} \\h"]


def test_every_reference_leads_somewhere(word: WordFile, document: n.Document) -> None:
    names = {mark.get(w("name")) for mark in word.find("//w:bookmarkStart")}
    instructions = [i.text.split() for s in word.stories.values() for i in s.iter(w("instrText"))]
    referred = [parts[1] for parts in instructions if parts[0] in ("REF", "PAGEREF")]
    anchors = [a.get(w("anchor")) for s in word.stories.values() for a in s.iter(w("hyperlink")) if a.get(w("anchor"))]
    contents = [h for h in all_of(document, n.Heading) if h.level <= 2]
    expected = len(all_of(document, n.CrossRef)) + len(all_of(document, n.Figure)) + len(contents)
    assert len(referred) + len(anchors) == expected
    assert set(referred) | set(anchors) <= names


def test_a_reference_fetches_the_number_that_stands_in_it(word: WordFile, document: n.Document) -> None:
    """What Word writes when it works a field out again is what stands there now."""
    labels = dict(zip((bookmark_name(h.id) for h in all_of(document, n.Heading)), word.counted(), strict=True))
    for paragraph in [p for s in word.stories.values() for p in s.iter(w("p"))]:
        for instruction, shown in fields(paragraph):
            kind, name, *switches = [*instruction.split(), ""]
            if kind == "REF" and "\\n" in switches:
                assert shown == labels[name]
            elif kind == "REF":
                assert shown == bookmarked(word, name)


def fields(paragraph: Any) -> Iterator[tuple[str, str]]:
    """The fields that begin and end in a paragraph: instruction and what is shown."""
    instruction, shown, depth = "", "", 0
    for run in paragraph.iter(w("r")):
        char = run.find(w("fldChar"))
        kind = None if char is None else char.get(w("fldCharType"))
        depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        instruction += "".join(i.text for i in run.iter(w("instrText")))
        if depth and kind is None:
            shown += words(run)
        if kind == "end" and depth == 0:
            yield instruction, shown
            instruction, shown = "", ""
        elif kind == "begin":
            instruction, shown = "", ""


def bookmarked(word: WordFile, name: str) -> str:
    start = word.find(f"//w:bookmarkStart[@w:name='{name}']")[0]
    inside, found = [], start.getnext()
    while found.tag != w("bookmarkEnd"):
        inside.append(words(found))
        found = found.getnext()
    return "".join(inside)


def test_captions_are_counted_by_word_and_anew_in_each_appendix(word: WordFile, document: n.Document) -> None:
    counts: Counter[str] = Counter()
    shown = []
    for paragraph in word.paragraphs("caption", "Beskrivning i bilaga"):
        for instruction, number in fields(paragraph):
            series = instruction.split()[1]
            counts[series] += 1
            assert number == str(counts[series])
            shown.append(series)
    assert shown == ["Figur", "Tabell", "Tabell", "Tabell", "Tabell_A", "Tabell_B"]


def test_links_lead_to_their_address(word: WordFile, document: n.Document) -> None:
    found = [
        (
            words(link),
            word.document.part.rels[
                link.get(
                    w("id").replace(w("id"), "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
                )
            ].target_ref,
        )
        for link in word.find("//w:hyperlink[@r:id]")
    ]
    assert found == [(plain_text(link.content), link.url) for link in all_of(document, n.Link)]


def test_facts_are_controls_that_say_which_they_are(word: WordFile, document: n.Document) -> None:
    facts = sorted((fact_tag(f.fact_id), f.text, "") for f in all_of(document, n.FactValue))
    assert sorted(word.controls()) == facts
    assert len(facts) > 20


def test_in_the_final_edition_facts_are_locked_against_typing(resources: Resources) -> None:
    document = reference_document(final=True)
    facts = sorted((fact_tag(f.fact_id), f.text, "sdtContentLocked") for f in all_of(document, n.FactValue))
    assert sorted(WordFile(render(document, resources)).controls()) == facts


def test_numbered_lists_start_where_they_should(word: WordFile, document: n.Document) -> None:
    """Six lists in the source, four of them numbered: each a series of its own with the right start."""
    used = [num.get(w("val")) for num in word.find("//w:p/w:pPr/w:numPr/w:numId")]
    numbering = word.trees["word/numbering.xml"]
    starts = {
        num.get(w("numId")): num.find(f"{w('lvlOverride')}/{w('startOverride')}").get(w("val"))
        for num in numbering.iter(w("num"))
        if num.find(w("lvlOverride")) is not None
    }
    ordered = all_of(document, n.OrderedList)
    series = [number for number in dict.fromkeys(used) if number in starts]
    assert [starts[number] for number in series] == [str(item.start) for item in ordered]
    assert [used.count(number) for number in series] == [len(item.items) for item in ordered]


def test_contents_carry_the_pages_they_are_given(document: n.Document, resources: Resources) -> None:
    word = WordFile(render(document, resources, PAGES))
    entries = [words(p) for p in word.paragraphs("toc 1", "toc 2")]
    assert entries[:4] == [
        "Sammanfattning\t4",
        "1\tNulägesbild\t5",
        "1.1\tÄrendebalansens utveckling\t6",
        "1.2\tHandläggningstid per ärendeslag\t7",
    ]
    assert "Bilaga A Principer för mätning" in entries
    instructions = [i.text.split() for p in word.paragraphs("toc 1", "toc 2") for i in p.iter(w("instrText"))]
    assert [parts[1] for parts in instructions if parts[0] == "PAGEREF"] == [bookmark_name(target) for target in PAGES]


def test_contents_without_pages_show_none_and_still_lead_there(word: WordFile, document: n.Document) -> None:
    entries = [words(p) for p in word.paragraphs("toc 1", "toc 2")]
    headings = [h for h in all_of(document, n.Heading) if h.level <= 2]
    assert entries[:2] == ["Sammanfattning", "1\tNulägesbild"]
    anchors = word.find("w:sdt//w:hyperlink/@w:anchor")
    assert anchors == [bookmark_name(heading.id) for heading in headings]
    assert len(entries) == len(headings)


def test_word_asks_the_reader_nothing_when_it_opens_the_file(word: WordFile) -> None:
    assert word.find("//w:fldChar[@w:dirty]") == []
    assert word.trees["word/settings.xml"].find(w("updateFields")) is None


def test_headings_begin_a_page_where_they_are_told_to(resources: Resources) -> None:
    asked = [
        ("a", 1, "chapter", False),
        ("b", 2, "chapter", True),
        ("c", 1, "chapter", True),
        ("d", 1, "appendix", False),
    ]
    blocks = tuple(
        n.Heading(id=name, level=level, content=t(name), scheme=scheme, new_page=page)  # type: ignore[arg-type]
        for name, level, scheme, page in (*asked, ("e", 1, "appendix", False), ("f", 1, "chapter", False))
    )
    word = WordFile(render(resolve(n.Document(meta=reference_meta(), blocks=blocks)), resources, None))
    named = ("Rubrik 1 på ny sida", "heading 2", "Bilagerubrik 1 på ny sida", "Bilagerubrik 1", "heading 1")
    found = {
        words(par): (par.find(f"{w('pPr')}/{w('pageBreakBefore')}"), word.inherited(par, "pageBreakBefore"))
        != (None, None)
        for par in word.paragraphs(*named)
    }
    assert found == {"a": True, "b": True, "c": True, "d": True, "e": False, "f": False}


def test_every_page_says_what_the_report_is_and_that_it_is_a_draft(word: WordFile) -> None:
    heads = {words(tree) for name, tree in word.trees.items() if name.startswith("word/header")}
    assert heads == {"Handläggningstider och ärendebalanser\tUtkast · Exempeldata"}
    foot = word.trees["word/footer1.xml"]
    assert [i.text.strip() for i in foot.iter(w("instrText"))] == ["PAGE", "NUMPAGES"]
    assert words(foot) == "1 (1)"


def test_a_final_report_carries_no_mark_anywhere(resources: Resources) -> None:
    word = WordFile(render(reference_document(final=True), resources))
    assert word.paragraphs("Statusmarkering") == []
    assert not any("Utkast" in words(story) for story in word.stories.values())


def test_only_the_wide_table_lies_on_its_side(word: WordFile) -> None:
    sections = word.document.sections
    sizes = [(s.page_width.twips, s.page_height.twips) for s in sections]
    assert sizes == [(11906, 16838), (16838, 11906), (11906, 16838)]
    assert [s.different_first_page_header_footer for s in sections] == [True, False, False]
    assert all(not s.header.is_linked_to_previous and not s.footer.is_linked_to_previous for s in sections)
    assert sections[1].header.part is not sections[0].header.part
    assert sections[2].header.part is sections[0].header.part


def test_properties_say_what_the_file_is(word: WordFile, document: n.Document) -> None:
    properties, meta = word.document.core_properties, document.meta
    assert (properties.title, properties.author, properties.subject) == (meta.title, meta.authority.name, meta.subtitle)
    assert properties.created is not None
    assert properties.created.date().isoformat() == properties.modified.date().isoformat() == meta.created
    custom = {p.get("name"): p[0].text for p in word.trees["docProps/custom.xml"]}
    origin = {
        "report-builder.release": f"{meta.kind}/{meta.release}",
        "report-builder.document": store.digest(document),
    }
    assert custom == {**dict(meta.imprint), **origin}


def test_the_language_is_swedish_and_words_are_hyphenated(word: WordFile) -> None:
    assert word.trees["word/styles.xml"].find(f".//{w('rPrDefault')}/{w('rPr')}/{w('lang')}").get(w("val")) == "sv-SE"
    assert word.trees["word/settings.xml"].find(w("autoHyphenation")) is not None


def test_another_language_replaces_the_templates(document: n.Document, resources: Resources) -> None:
    english = dataclasses.replace(document, meta=dataclasses.replace(document.meta, language="en"))
    word = WordFile(render(english, resources))
    assert word.trees["word/styles.xml"].find(f".//{w('rPrDefault')}/{w('rPr')}/{w('lang')}").get(w("val")) == "en"


def test_styles_do_what_styles_can(word: WordFile) -> None:
    """Nothing in the text sets a font, a size, a colour, an indent or a space by hand."""
    of_runs = {child.tag for properties in word.find("//w:p//w:rPr") for child in properties}
    of_paragraphs = {child.tag for properties in word.find("//w:pPr") for child in properties}
    assert of_runs == {w("rStyle")}
    assert of_paragraphs == {w("pStyle"), w("keepNext"), w("keepLines"), w("numPr"), w("sectPr")}


def test_no_paragraph_is_blank(word: WordFile) -> None:
    for part, story in word.stories.items():
        for paragraph in story.iter(w("p")):
            merge = paragraph.getparent().find(f"{w('tcPr')}/{w('vMerge')}")
            merged = merge is not None and merge.get(w("val")) is None
            drawn = list(paragraph.iter(w("drawing"), w("separator"), w("continuationSeparator")))
            assert words(paragraph).strip() or drawn or merged, f"a blank paragraph in {part}"


def test_the_fonts_name_a_stand_in(word: WordFile) -> None:
    font = word.trees["word/fontTable.xml"][0]
    assert (font.get(w("name")), font.find(w("altName")).get(w("val"))) == ("Source Sans 3", "Calibri")
    assert MAIN in word.parts
