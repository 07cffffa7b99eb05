"""The redline: accepting everything gives the new edition's text, rejecting everything the old one's."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judgement import W, texts
from lxml import etree
from openxml_audit import OpenXmlValidator
from reference import note, p, reference_document, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.document.walk import transformed
from report_builder.editions import Resources
from report_builder.editions.word import render
from report_builder.problems import ReportError
from report_builder.revisions.redline.redline import redline

Blocks = tuple[n.Block, ...]


def redlined(old: bytes, new: bytes) -> bytes:
    return redline(old, new, author="Exempelmyndigheten, 2026-02", date="2026-02-13T00:00:00Z")


def folded(lines: list[str]) -> list[str]:
    """Without white space and the numbers of references: a new no-break space is not tracked, nor what is counted."""
    return [re.sub(r"(tabell|figur|avsnitt)[A-Z]?[\d.]*", r"\1", re.sub(r"\s+", "", line)) for line in lines]


def changed(change: Callable[[Blocks], Blocks]) -> n.Document:
    document = reference_document()
    return resolve(dataclasses.replace(document, blocks=change(document.blocks)))


def at(blocks: Blocks, node_id: str) -> int:
    return next(i for i, b in enumerate(blocks) if getattr(b, "id", "") == node_id)


def words(blocks: Blocks) -> Blocks:
    """A word here, a note there."""

    def change(node: object) -> object:
        if isinstance(node, n.Text) and "jämn takt" in node.text:
            return n.Text(text=node.text.replace("jämn takt", "ojämn och långsam takt"))
        if isinstance(node, n.Text) and node.text.startswith("Balansen räknas vid dygnets slut"):
            return n.Text(text="Balansen räknas vid dygnets början.")
        return node

    return tuple(transformed(b, change) for b in blocks)


def figures(blocks: Blocks) -> Blocks:
    """A figure in the text and one in a cell."""

    def change(node: object) -> object:
        if isinstance(node, n.FactValue) and node.text in ("187\N{NO-BREAK SPACE}dagar", "121"):
            return dataclasses.replace(node, text="999")
        return node

    return tuple(transformed(b, change) for b in blocks)


def paragraphs(blocks: Blocks) -> Blocks:
    """One added with a note of its own, one removed that has one."""
    first = at(blocks, "nulage")
    added = p("Ett nytt stycke", note("ny", "Med en ny fotnot."), " har tillkommit.")
    without = [b for i, b in enumerate(blocks) if i != 1]
    without.insert(first, added)
    return tuple(without)


def section_moved(blocks: Blocks) -> Blocks:
    """A section with a figure and a table goes to the end of its chapter."""
    start, end = at(blocks, "nulage-balans"), at(blocks, "nulage-tid")
    after = next(i for i in range(end, len(blocks)) if isinstance(blocks[i], n.Heading) and blocks[i].level == 1)
    return (*blocks[:start], *blocks[end:after], *blocks[start:end], *blocks[after:])


def rows(blocks: Blocks) -> Blocks:
    """A row removed, another added, a header reworded."""
    i = at(blocks, "tab-tid")
    table = blocks[i]
    assert isinstance(table, n.Table)
    new = n.Row(cells=(t("Nytt ärendeslag"), *(t("1") for _ in table.columns[1:])))
    header = dataclasses.replace(table.columns[0], header=t("Slag av ärende"))
    changed_table = dataclasses.replace(
        table, rows=(table.rows[0], new, *table.rows[2:]), columns=(header, *table.columns[1:])
    )
    return (*blocks[:i], changed_table, *blocks[i + 1 :])


def columns(blocks: Blocks) -> Blocks:
    """A table with one column less."""
    i = at(blocks, "tab-manader")
    table = blocks[i]
    assert isinstance(table, n.Table)
    less = dataclasses.replace(
        table, columns=table.columns[:-1], rows=tuple(dataclasses.replace(r, cells=r.cells[:-1]) for r in table.rows)
    )
    return (*blocks[:i], less, *blocks[i + 1 :])


def columns_rolled(blocks: Blocks) -> Blocks:
    """The first year goes, a later one comes, and the last row goes with them."""
    i = at(blocks, "tab-manader")
    table = blocks[i]
    assert isinstance(table, n.Table)
    last = dataclasses.replace(table.columns[-1], id="senare", header=t("Ett senare år"))
    rolled = dataclasses.replace(
        table,
        columns=(table.columns[0], *table.columns[2:], last),
        rows=tuple(dataclasses.replace(r, cells=(r.cells[0], *r.cells[2:], t("77"))) for r in table.rows[:-1]),
    )
    return (*blocks[:i], rolled, *blocks[i + 1 :])


def chart(blocks: Blocks) -> Blocks:
    """A figure and its table leave the report."""
    gone = at(blocks, "fig-balans")
    data = blocks[gone].data.id
    left = tuple(b for i, b in enumerate(blocks) if i != gone and getattr(b, "id", "") != data)

    def change(node: object) -> object:
        return n.CrossRef(target="tab-balans") if isinstance(node, n.CrossRef) and node.target == "fig-balans" else node

    return tuple(transformed(b, change) for b in left)


CHANGES = (words, figures, paragraphs, section_moved, rows, columns, columns_rolled, chart)


@pytest.fixture(scope="module")
def old(resources: Resources) -> bytes:
    return render(reference_document(), resources)


@pytest.fixture(scope="module")
def everything(resources: Resources) -> bytes:
    """All the changes at once."""
    document = reference_document()
    for change in (c for c in CHANGES if c is not columns):  # another has that table
        document = dataclasses.replace(document, blocks=change(document.blocks))
    return render(resolve(document), resources)


def marks(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    names = ("ins", "del", "moveFrom", "moveTo")
    return {name for name in names if next(tree.iter(f"{W}{name}"), None) is not None}


@pytest.mark.parametrize("change", CHANGES)
def test_accepting_gives_the_new_text_and_rejecting_the_old(
    change: Callable[[Blocks], Blocks], old: bytes, resources: Resources
) -> None:
    new = render(changed(change), resources)
    for before, after in ((old, new), (new, old)):
        done = redlined(before, after)
        assert folded(texts(done, "accept")) == folded(texts(after))
        assert folded(texts(done, "reject")) == folded(texts(before))
        assert marks(done) & {"ins", "del"}


def test_all_changes_at_once(old: bytes, everything: bytes) -> None:
    done = redlined(old, everything)
    assert folded(texts(done, "accept")) == folded(texts(everything))
    assert folded(texts(done, "reject")) == folded(texts(old))
    assert marks(done) == {"ins", "del", "moveFrom", "moveTo"}


def test_the_same_edition_has_no_marks(old: bytes) -> None:
    assert not marks(redlined(old, old))


def test_the_same_versions_give_the_same_bytes(old: bytes, everything: bytes) -> None:
    assert redlined(old, everything) == redlined(old, everything)


def test_a_moved_section_is_moved_and_not_written_anew(old: bytes, resources: Resources) -> None:
    done = redlined(old, render(changed(section_moved), resources))
    with zipfile.ZipFile(io.BytesIO(done)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    ends = [sorted(e.get(f"{W}name") for e in tree.iter(f"{W}{kind}RangeStart")) for kind in ("moveFrom", "moveTo")]
    assert ends[0] == ends[1] != []
    shown = {"".join(t.text for t in e.iter(f"{W}t")) for e in tree.iter(f"{W}moveFrom")}
    one, other = (
        "Balansen har minskat i jämn takt",
        "Tiderna räknas i kalenderdagar",
    )  # either may count as the one moved
    assert any(one in text or other in text for text in shown)
    written = {"".join(t.text for t in e.iter(f"{W}t")) for e in tree.iter(f"{W}ins")}
    assert not any(one in text or other in text for text in written)


@pytest.mark.parametrize(("change", "marked"), [(columns, {"cellDel"}), (columns_rolled, {"cellDel", "cellIns"})])
def test_a_column_that_came_or_went_is_tracked_cell_by_cell(
    change: Callable[[Blocks], Blocks], marked: set[str], old: bytes, resources: Resources
) -> None:
    done = redlined(old, render(changed(change), resources))
    with zipfile.ZipFile(io.BytesIO(done)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    found = [e for e in tree.iter(f"{W}cellIns", f"{W}cellDel")]
    assert {etree.QName(e).localname for e in found} == marked
    table = next(e for e in found[0].iterancestors(f"{W}tbl"))
    width = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    kept = [r for r in table.findall(f"{W}tr") if r.find(f"{W}trPr/{W}del") is None]
    assert {len(r.findall(f"{W}tc")) for r in kept} == {width}


def test_only_the_changed_words_are_marked(old: bytes, resources: Resources) -> None:
    done = redlined(old, render(changed(words), resources))
    with zipfile.ZipFile(io.BytesIO(done)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    assert ["".join(e.itertext()).strip() for e in tree.iter(f"{W}del")] == ["jämn"]
    assert ["".join(e.itertext()).strip() for e in tree.iter(f"{W}ins")] == ["ojämn och långsam"]


def test_a_new_number_or_page_in_the_contents_is_no_change(old: bytes, resources: Resources) -> None:
    def chapter_first(blocks: Blocks) -> Blocks:
        return (n.Heading(id="forst", level=1, content=t("Ett kapitel före alla andra")), p("Kort."), *blocks)

    done = redlined(old, render(changed(chapter_first), resources))
    with zipfile.ZipFile(io.BytesIO(done)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    entries = [q for q in tree.iter(f"{W}p") if q.find(f"{W}pPr/{W}pStyle[@{W}val='TOC1']") is not None]
    assert len(entries) > 3
    come = {
        "".join(e.itertext()) for q in entries for e in q.iter(f"{W}ins") if next(e.iter(f"{W}t"), None) is not None
    }
    assert any("Ett kapitel före alla andra" in words for words in come)
    assert not any(next(e.iter(f"{W}delText"), None) is not None for q in entries for e in q.iter(f"{W}del"))


def test_every_change_says_who_and_when(old: bytes, everything: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(redlined(old, everything))) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    found = [e for name in ("ins", "del", "moveFrom", "moveTo") for e in tree.iter(f"{W}{name}")]
    assert {(e.get(f"{W}author"), e.get(f"{W}date")) for e in found} == {
        ("Exempelmyndigheten, 2026-02", "2026-02-13T00:00:00Z")
    }
    numbers = [e.get(f"{W}id") for e in found]
    assert len(set(numbers)) == len(numbers)


def test_the_validator_of_office_files_finds_nothing(old: bytes, everything: bytes, tmp_path: Path) -> None:
    path = tmp_path / "redline.docx"
    path.write_bytes(redlined(old, everything))
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


@given(
    old_words=st.lists(
        st.sampled_from(["ett", "två", "tre,", "<fyra>", "fem & sex", "1 234"]), min_size=1, max_size=12
    ),
    new_words=st.lists(
        st.sampled_from(["ett", "två", "tre,", "<fyra>", "fem & sex", "1 234"]), min_size=1, max_size=12
    ),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_paragraphs(old_words: list[str], new_words: list[str], resources: Resources) -> None:
    meta = reference_document().meta
    heading = n.Heading(id="kapitel", level=1, content=t("Kapitel"))
    before, after = (
        render(resolve(n.Document(meta=meta, blocks=(heading, p(" ".join(w)), p("Slut.")))), resources)
        for w in (old_words, new_words)
    )
    done = redlined(before, after)
    assert folded(texts(done, "accept")) == folded(texts(after))
    assert folded(texts(done, "reject")) == folded(texts(before))


def test_what_is_no_word_file_is_refused(old: bytes) -> None:
    for bad in (b"", b"no zip", old[: len(old) // 2]):
        with pytest.raises(ReportError):
            redlined(bad, old)


MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Settle(source As String, target As String, verb As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  dispatcher.executeDispatch(document.CurrentController.Frame, ".uno:" &amp; verb, "", 0, Array())
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName" : filter(0).Value = "MS Word 2007 XML"
  document.storeToURL(ConvertToURL(target), filter())
  document.close(True)
End Sub
</script:module>
"""


@pytest.mark.judge("libreoffice")
@pytest.mark.parametrize(("verb", "kept"), [("AcceptAllTrackedChanges", "new"), ("RejectAllTrackedChanges", "old")])
def test_libreoffice_settles_it_the_same_way(
    verb: str, kept: str, old: bytes, everything: bytes, tmp_path: Path
) -> None:
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([*office, "--terminate_after_init"], env=environment, check=True, timeout=1800)
    (tmp_path / "profile/user/basic/Standard/Module1.xba").write_text(MACRO, encoding="utf-8")
    given = {"redline": redlined(old, everything), "edition": old if kept == "old" else everything}
    for name, data in given.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
        paths = f'"{tmp_path / f"{name}.docx"}","{tmp_path / f"{name}-settled.docx"}"'
        call = f'macro:///Standard.Module1.Settle({paths},"{verb}")'
        subprocess.run([*office, call], env=environment, check=True, timeout=1800)
    redline_settled, edition = (plain((tmp_path / f"{name}-settled.docx").read_bytes()) for name in given)
    assert redline_settled == edition


def plain(data: bytes) -> list[str]:
    """The words of the text's paragraphs as LibreOffice has written them, its numbers of tables and figures too.

    The table of contents is left out: neither program works it out again before it is asked to.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    for contents in list(tree.iter(f"{W}docPartGallery")):
        control = contents.getparent().getparent().getparent()
        control.getparent().remove(control)
    lines = ("".join(t.text or "" for t in paragraph.iter(f"{W}t")) for paragraph in tree.iter(f"{W}p"))
    return [folded for line in lines if (folded := re.sub(r"\s+", "", line))]
