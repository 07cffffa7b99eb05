"""The Word file as a file: valid, whole, the same bytes anywhere, and clear errors for what cannot be written."""

from __future__ import annotations

import dataclasses
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from reference import p, reference_document, reference_meta, t
from word_file import MAIN, WordFile, words

from report_builder.document import nodes as n
from report_builder.document.names import bookmark_name, fact_tag
from report_builder.document.resolve import resolve
from report_builder.editions import EDITIONS, Resources, render_all
from report_builder.editions.ooxml import NAMESPACES, el, root, run, w
from report_builder.editions.word import render, template
from report_builder.problems import ReportError


@pytest.fixture(scope="module")
def word(document: n.Document, resources: Resources) -> WordFile:
    return WordFile(render(document, resources))


def small(*blocks: n.Block, **meta: Any) -> n.Document:
    chapter = n.Heading(id="kapitel", level=1, content=t("Kapitel"))
    return resolve(n.Document(meta=dataclasses.replace(reference_meta(), **meta), blocks=(chapter, *blocks)))


def faults(data: bytes, folder: Path) -> list[str]:
    """What the validator of Office files has to say."""
    path = folder / "report.docx"
    path.write_bytes(data)
    return [str(error) for error in OpenXmlValidator().validate(path).errors]


def test_the_validator_finds_nothing(word: WordFile, tmp_path: Path) -> None:
    assert faults(word.data, tmp_path) == []


def test_the_validator_finds_a_planted_fault(word: WordFile, tmp_path: Path) -> None:
    """A judge that never finds anything would pass every file."""
    planted = word.parts[MAIN].replace(b"<w:tblGrid>", b"<w:tblGridd>").replace(b"</w:tblGrid>", b"</w:tblGridd>")
    path = tmp_path / "broken.docx"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in word.parts.items():
            package.writestr(name, planted if name == MAIN else data)
    assert faults(path.read_bytes(), tmp_path)


def test_a_final_report_with_pages_and_no_logotype_is_valid(resources: Resources, tmp_path: Path) -> None:
    meta = reference_meta(final=True)
    meta = dataclasses.replace(meta, authority=dataclasses.replace(meta.authority, logotype="", logotype_alt=""))
    document = dataclasses.replace(reference_document(final=True), meta=meta)
    assert faults(render(document, resources, {"nulage": 5}), tmp_path) == []


def trouble() -> tuple[n.Block, ...]:
    """Whatever stands at the edge of what a document may hold."""
    cells = (t("<&>\"' \N{SOFT HYPHEN}\N{NON-BREAKING HYPHEN}"), (), t("𝟙\x0b\x00 \ud800 tab\tradbrott\n"))
    columns = tuple(n.Column(id=f"k{i}", header=t(f"K{i}")) for i in range(3))
    deep: n.Block = n.BulletList(items=((p("djupast"),),))
    for level in range(5):
        deep = n.OrderedList(items=((p(f"nivå {level}"), deep), (p("syskon"),)), start=level + 1)
    wide = n.Table(id="a" * 80, caption=t("Bred"), columns=columns, rows=(n.Row(cells=cells),), wide=True)
    return (
        wide,
        dataclasses.replace(wide, id="a" * 79 + "b"),
        deep,
        n.Callout(kind="warning", title="I rutan", blocks=(deep, dataclasses.replace(wide, id="i-rutan", wide=False))),
        p(n.Strong(content=(n.Emphasis(content=(n.Link(url="https://a.se/?b=1&c=2", content=t("båda")),)),))),
        p(n.FactValue(fact_id="m" * 90 + ".antal.alla.2025", text="1"), n.CrossRef(target="a" * 80)),
        p(n.Emphasis(content=(n.Footnote(id="f1", content=(n.Link(url="https://a.se", content=t("där")),)),))),
        n.BulletList(items=()),
        n.Paragraph(content=()),
        dataclasses.replace(wide, id="sist", rows=()),
    )


def test_trouble_is_written_and_valid(resources: Resources, tmp_path: Path) -> None:
    data = render(small(*trouble()), resources)
    assert faults(data, tmp_path) == []
    word = WordFile(data)
    assert words(word.document.tables[0]._tbl.tr_lst[1].tc_lst[0]) == "<&>\"' \N{NON-BREAKING HYPHEN}"
    assert words(word.document.tables[0]._tbl.tr_lst[1].tc_lst[2]) == "𝟙  tab radbrott "
    assert len(word.find("//w:softHyphen")) == 3
    assert word.style(word.body[-2]) == "Avsnittsbrytning"


def test_ids_are_unique_and_bookmarks_close(word: WordFile) -> None:
    for path in (
        "//wp:docPr/@id",
        "//w:sdt/w:sdtPr/w:id/@w:val",
        "//w:bookmarkStart/@w:id",
        "//w:bookmarkStart/@w:name",
    ):
        found = [*word.find(path), *word.trees["word/footnotes.xml"].xpath(path, namespaces=NAMESPACES)]
        assert len(found) == len(set(found)) > 0, path
    assert word.find("//w:bookmarkStart/@w:id") == word.find("//w:bookmarkEnd/@w:id")


def test_every_field_closes(word: WordFile) -> None:
    for part, story in word.stories.items():
        open_fields: list[str] = []
        for char in story.iter(w("fldChar")):
            kind = char.get(w("fldCharType"))
            if kind == "begin":
                open_fields.append("instruction")
            elif kind == "separate":
                assert open_fields.pop() == "instruction", part
                open_fields.append("result")
            else:
                assert open_fields.pop() == "result", part
        assert open_fields == [], part


def test_every_relation_is_used_and_every_use_related(word: WordFile) -> None:
    for name in (MAIN, "word/footnotes.xml"):
        folder, _, file = name.rpartition("/")
        related = {r.get("Id"): r for r in word.trees.get(f"{folder}/_rels/{file}.rels", ())}
        used = {
            v for e in word.trees[name].iter() for a, v in e.attrib.items() if a.startswith(f"{{{NAMESPACES['r']}}}")
        }
        assert used <= set(related)
        shown = {i for i, r in related.items() if r.get("Type").rpartition("/")[2] in ("image", "hyperlink", "header")}
        assert shown <= used


def test_entries_are_in_order_and_carry_no_time(word: WordFile, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(word.data)
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    names = [entry.filename for entry in entries]
    assert names == ["[Content_Types].xml", *sorted(names[1:])]


def test_the_contents_show_the_pages_of_the_pdf(document: n.Document, resources: Resources) -> None:
    files = render_all(document, resources)
    reader = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    pages = {name: reader.get_destination_page_number(d) + 1 for name, d in reader.named_destinations.items()}
    headings = [b for b in document.blocks if isinstance(b, n.Heading) and b.level <= 2]
    shown = [words(p).split("\t")[-1] for p in WordFile(files["docx"]).paragraphs("toc 1", "toc 2")]
    assert shown == [str(pages[heading.id]) for heading in headings]
    assert list(files) == list(EDITIONS)


PROGRAM = """
import hashlib, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reference import reference_document
from report_builder.editions import Resources
from report_builder.editions.word import render
data = render(reference_document(), Resources(folder=Path(sys.argv[2])), {"nulage": 5})
print(hashlib.sha256(data).hexdigest())
"""


def test_other_processes_write_the_same_bytes(resources: Resources) -> None:
    """Each in a process of its own, as a build is: what other tests drew before must not matter here."""
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(resources.folder)]
    sums = set()
    for seed, zone in (("1", "Pacific/Auckland"), ("77", "America/Lima")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        sums.add(done.stdout.strip())
    assert len(sums) == 1


def test_nothing_tells_of_python_docx_and_its_own_template(word: WordFile) -> None:
    assert not any("stylesWithEffects" in name or "thumbnail" in name for name in word.parts)
    everything = b"".join(data for name, data in word.parts.items() if name.endswith((".xml", ".rels")))
    assert b"python-docx" not in everything
    assert word.trees["word/settings.xml"].find(w("zoom")).get(w("percent")) == "100"


def test_a_numbered_chapter_begins_a_page_only_where_the_report_begins_with_it(resources: Resources) -> None:
    word = WordFile(render(small(p("Text."), n.Heading(id="nasta", level=1, content=t("Nästa"))), resources))
    breaks = {words(p): word.inherited(p, "pageBreakBefore") is not None for p in word.headings()}
    assert breaks == {"Kapitel": True, "Nästa": False}


def test_the_authoritys_colours_replace_the_templates(resources: Resources) -> None:
    authority = dataclasses.replace(reference_meta().authority, primary="#225500", accent="#7a0000")
    word = WordFile(render(small(p("Text."), authority=authority), resources))
    styles = word.parts["word/styles.xml"]
    assert b"16436B" not in styles
    assert b"A8440A" not in styles
    assert word.inherited(word.paragraphs("Rubrik 1 på ny sida")[0], "pBdr")[0].get(w("color")) == "225500"
    assert b"225500" in word.parts["word/theme/theme1.xml"]


def errors(document: n.Document, resources: Resources) -> list[str]:
    with pytest.raises(ReportError) as raised:
        render(document, resources)
    return [problem.code for problem in raised.value.problems]


def test_all_faults_are_told_at_once(resources: Resources) -> None:
    columns = tuple(n.Column(id=f"k{i}", header=t("Kolumn"), align="number") for i in range(30))
    table = n.Table(id="bred", caption=t("Bred"), columns=columns, rows=())
    figure = n.Figure(id="figur", caption=t("Figur"), alt=" ", spec={}, data=dataclasses.replace(table, id="data"))
    link = p(n.Link(url="javascript:alert(1)", content=t("hit")), n.Link(url="c:/fil", content=t("dit")))
    assert errors(small(link, table, figure), resources) == ["bad-link", "bad-link", "table-too-wide", "missing-alt"]


def test_a_colour_that_cannot_be_read_is_refused(resources: Resources) -> None:
    authority = dataclasses.replace(reference_meta().authority, primary="blue", accent="#ffff99")
    assert errors(small(authority=authority), resources) == ["bad-colour", "low-contrast"]


@pytest.fixture
def altered(resources: Resources, tmp_path: Path) -> Iterator[Resources]:
    """Templates of the test's own, to spoil."""
    folder = tmp_path / "editions"
    shutil.copytree(resources.folder, folder)
    yield Resources(folder=folder)


def rewrite(altered: Resources, old: str, new: str) -> None:
    path = altered.folder / template.FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_template_is_a_valid_word_file(resources: Resources, tmp_path: Path) -> None:
    opened = template.open_template(resources.folder / template.FILE)
    opened.document.save(str(tmp_path / "template.docx"))
    assert faults((tmp_path / "template.docx").read_bytes(), tmp_path) == []


def test_the_template_may_lack_its_ornament(altered: Resources) -> None:
    whole = render(small(), altered)
    (altered.folder / "cover.svg").write_bytes(b"")
    assert render(small(), altered) not in (whole, b"")


def test_an_ornament_that_is_no_drawing_is_refused(altered: Resources) -> None:
    (altered.folder / "cover.svg").write_text("<svg>\n<path", encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        render(small(), altered)
    (problem,) = refused.value.problems
    assert (problem.code, str(problem.place)) == ("broken-svg", "templates/editions/cover.svg:2")


def test_style_ids_may_be_whatever_word_makes_of_them(altered: Resources, document: n.Document) -> None:
    """A Swedish Word that saves the template calls heading 1 "Rubrik1" inside, and keeps its name."""
    rewrite(altered, '"Heading1"', '"Rubrik1"')
    word = WordFile(render(document, altered))
    assert next(words(p) for p in word.paragraphs("heading 1")) == "Nulägesbild"


def test_a_style_that_is_missing_is_named(altered: Resources) -> None:
    rewrite(altered, '<w:name w:val="Faktaruta"/>', '<w:name w:val="Faktaruto"/>')
    rewrite(altered, '<w:name w:val="caption"/>', '<w:name w:val="captions"/>')
    with pytest.raises(ReportError) as raised:
        render(small(), altered)
    assert [problem.value for problem in raised.value.problems] == ["caption", "Faktaruta"]


@pytest.mark.parametrize("spoilt", ["", "<w:document/>", "not XML at all", '<pkg:package xmlns:pkg="x"/>'])
def test_a_template_that_is_no_word_file_is_refused(altered: Resources, spoilt: str) -> None:
    (altered.folder / template.FILE).write_text(spoilt, encoding="utf-8")
    assert errors(small(), altered) == ["bad-word-template"]


def test_a_template_without_its_text_is_refused(altered: Resources) -> None:
    rewrite(altered, 'Target="word/document.xml"', 'Target="word/gone.xml"')
    assert errors(small(), altered) == ["bad-word-template"]


def test_without_a_template_of_its_own_a_workspace_has_the_program_s(altered: Resources, resources: Resources) -> None:
    (altered.folder / template.FILE).unlink()
    assert EDITIONS["docx"](small(), altered) == EDITIONS["docx"](small(), resources)


def test_no_prefix_is_left_to_chance(word: WordFile) -> None:
    """A namespace without a prefix of ours gets the one that some other package has registered, or ns1."""
    with zipfile.ZipFile(io.BytesIO(word.data)) as package:
        assert not [name for name in package.namelist() if b"xmlns:ns" in package.read(name)]


def test_word_is_among_the_editions(document: n.Document, resources: Resources, word: WordFile) -> None:
    assert EDITIONS["docx"](document, resources) == word.data


IDS = st.text(st.sampled_from("abcåäö019-_. "), min_size=1, max_size=90)


@given(IDS)
def test_bookmarks_have_names_that_word_accepts(target: str) -> None:
    name = bookmark_name(target)
    assert len(name) <= 40
    assert name.replace("_", "").isalnum()
    assert name.isascii()


@given(IDS, IDS)
def test_no_two_ids_share_a_bookmark_or_a_tag(first: str, second: str) -> None:
    assert (bookmark_name(first) == bookmark_name(second)) is (first == second)
    assert (fact_tag(first) == fact_tag(second)) is (first == second)
    assert len(fact_tag(first)) <= 64


@given(st.text())
def test_any_words_become_well_formed_xml(said: str) -> None:
    tree = etree.fromstring(root("w:p", run(said), el("w:tag", val=said)).encode())
    shown = "".join(node.text or "" for node in tree.iter(w("t")))
    legal = "".join(c for c in said if c in "\t\n\r" or (ord(c) >= 32 and c not in "\x7f\N{SOFT HYPHEN}\ufffe\uffff"))
    assert shown == legal.translate({9: " ", 10: " ", 13: " "})
