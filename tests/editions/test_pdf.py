"""The PDF as a file: conformance by two judges, metadata, fonts, the same bytes anywhere, and clear errors."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pdf_tree import TaggedPdf
from pypdf import PdfWriter
from reference import p, reference_document, reference_meta, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.document.walk import plain_text, walk
from report_builder.editions import EDITIONS, Resources
from report_builder.editions.pdf import render
from report_builder.editions.style_files import SHIPPED
from report_builder.problems import ReportError

PROFILES = ("ua1", "2a")


@pytest.fixture(scope="module")
def pdf(pdf_bytes: bytes) -> TaggedPdf:
    return TaggedPdf(pdf_bytes)


def small(*blocks: n.Block, **meta: Any) -> n.Document:
    chapter = n.Heading(id="kapitel", level=1, content=t("Kapitel"))
    return resolve(n.Document(meta=dataclasses.replace(reference_meta(), **meta), blocks=(chapter, *blocks)))


@pytest.mark.parametrize("profile", PROFILES)
def test_page_validation_accepts_it(profile: str, pdf_bytes: bytes) -> None:
    import page

    report = page.validate_pdf_bytes(pdf_bytes, profile=profile)
    assert [(f.rule_id, f.message) for f in report.failures] == []
    assert report.is_compliant


def test_page_validation_accepts_a_final_report_without_a_logotype(resources: Resources) -> None:
    import page

    meta = reference_meta(final=True)
    plain = dataclasses.replace(meta, authority=dataclasses.replace(meta.authority, logotype="", logotype_alt=""))
    data = render(dataclasses.replace(reference_document(final=True), meta=plain), resources)
    for profile in PROFILES:
        assert page.validate_pdf_bytes(data, profile=profile).is_compliant


@pytest.mark.judge("verapdf")
def test_verapdf_accepts_it_and_not_one_without_a_language(pdf_bytes: bytes, tmp_path: Path) -> None:
    import verapdf

    whole, spoilt = tmp_path / "rapport.pdf", tmp_path / "utan-sprak.pdf"
    whole.write_bytes(pdf_bytes)
    writer = PdfWriter(clone_from=whole)
    del writer.root_object["/Lang"]
    writer.write(spoilt)
    verdicts = {(Path(v.file).stem, v.profile): v for v in verapdf.ask([whole, spoilt], PROFILES)}
    assert [verdicts["rapport", profile].rules for profile in PROFILES] == [(), ()]
    assert all(verdicts["rapport", profile].conforms for profile in PROFILES)
    assert not verdicts["utan-sprak", "ua1"].conforms
    assert verdicts["utan-sprak", "ua1"].rules


def test_it_says_what_it_is(pdf: TaggedPdf) -> None:
    meta = reference_meta()
    root, info, xmp = pdf.reader.trailer["/Root"], pdf.reader.metadata, pdf.reader.xmp_metadata
    assert info is not None and xmp is not None
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (info.title, info.author) == (meta.title, meta.authority.name)
    assert xmp.dc_title["x-default"] == meta.title
    assert info.creation_date_raw == info.modification_date_raw == "D:20260213"
    packet = root["/Metadata"].get_data()
    assert b'pdfuaid:part="1"' in packet
    assert b'pdfaid:part="2"' in packet
    assert "/Filter" not in root["/Metadata"]


def test_every_font_is_ours_and_inside(pdf: TaggedPdf) -> None:
    fonts = [f.get_object() for page in pdf.reader.pages for f in page["/Resources"]["/Font"].values()]
    names = {str(font["/BaseFont"]).partition("+")[2] for font in fonts}
    assert names
    assert all(name.startswith("Source-Sans-3") for name in names), names
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_bookmarks_are_the_headings(pdf: TaggedPdf, document: n.Document) -> None:
    def titles(outline: list[Any]) -> Iterator[str]:
        for item in outline:
            yield from titles(item) if isinstance(item, list) else [item.title]

    def squeezed(text: str) -> str:
        return " ".join(text.split())

    labels = document.meta.labels
    expected = [document.meta.title, labels.contents]
    for heading in (b for b in document.blocks if isinstance(b, n.Heading)):
        first = heading.scheme == "appendix" and heading.level == 1
        number = f"{labels.appendix} {heading.number}" if first else heading.number
        expected.append(squeezed(f"{number} {plain_text(heading.content)}"))
    assert [squeezed(title) for title in titles(pdf.reader.outline)] == expected


def test_charts_are_drawn_with_lines_and_letters(pdf: TaggedPdf) -> None:
    objects = [o.get_object() for page in pdf.reader.pages for o in page["/Resources"].get("/XObject", {}).values()]
    assert all(o["/Subtype"] != "/Image" for o in objects)
    text = "\n".join(page.extract_text() for page in pdf.reader.pages)
    assert "Antal ärenden" in text


def test_a_reader_can_copy_every_paragraph(pdf: TaggedPdf, document: n.Document) -> None:
    text = "".join(page.extract_text() for page in pdf.reader.pages)
    squeezed = "".join(text.split()).replace("-", "")
    for node in walk(document):
        if isinstance(node, n.Paragraph) and not any(isinstance(c, n.Footnote) for c in node.content):
            assert "".join(plain_text(node.content).split()).replace("-", "") in squeezed


def test_the_same_bytes_on_another_day_in_another_place(pdf_bytes: bytes, project: Path, web_page: str) -> None:
    program = (
        "import hashlib, sys; from pathlib import Path; from reference import reference_document;"
        "from report_builder.editions import EDITIONS, Resources;"
        "r = Resources(folder=Path(sys.argv[1]));"
        "print([hashlib.sha256(EDITIONS[f](reference_document(), r)).hexdigest() for f in ('pdf', 'html')])"
    )
    command = [sys.executable, "-c", program, str(SHIPPED)]
    path = os.pathsep.join([str(Path(__file__).parent), str(project)])
    places = (("1", "Pacific/Kiritimati"), ("2", "America/Adak"))
    running = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone},
        )
        for seed, zone in places
    ]
    ours = [hashlib.sha256(data).hexdigest() for data in (pdf_bytes, web_page.encode())]
    assert [process.communicate()[0].strip() for process in running] == [str(ours)] * 2


def test_shared_lines_change_no_byte(
    pdf_bytes: bytes, document: n.Document, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses: list[int] = []

    @contextmanager
    def lines_by_themselves() -> Iterator[None]:
        uses.append(1)
        yield

    monkeypatch.setattr("report_builder.editions.pdf.shared_lines", lines_by_themselves)
    assert render(document, resources) == pdf_bytes
    assert uses == [1]


def errors(document: n.Document, resources: Resources) -> set[str]:
    with pytest.raises(ReportError) as caught:
        render(document, resources)
    return {problem.code for problem in caught.value.problems}


def test_a_character_without_a_glyph_is_named(resources: Resources) -> None:
    document = small(p("Ett leende \N{GRINNING FACE} och ett namn på arabiska, \N{ARABIC LETTER ALEF}."))
    with pytest.raises(ReportError) as caught:
        render(document, resources)
    assert [problem.value for problem in caught.value.problems] == ["\N{ARABIC LETTER ALEF}", "\N{GRINNING FACE}"]
    assert {problem.code for problem in caught.value.problems} == {"missing-glyph"}


def test_greek_and_a_word_of_two_hundred_letters_are_shown(resources: Resources) -> None:
    word = "ärendehandläggning" * 11
    data = render(small(p("Αθήνα, ", word)), resources)
    text = "".join(page.extract_text() for page in TaggedPdf(data).reader.pages)
    assert "Αθήνα" in text
    assert word in "".join(text.split()).replace("-", "").replace("\N{SOFT HYPHEN}", "")


def test_a_figure_without_words_for_it_is_refused(document: n.Document, resources: Resources) -> None:
    figure = next(node for node in walk(document) if isinstance(node, n.Figure))
    assert errors(small(dataclasses.replace(figure, alt=" ")), resources) == {"missing-alt"}


def test_a_link_to_nowhere_on_the_web_is_refused(resources: Resources) -> None:
    assert errors(small(p(n.Link(url="javascript:alert(1)", content=t("här")))), resources) == {"bad-link"}


def test_a_table_that_cannot_fit_is_refused(resources: Resources) -> None:
    columns = tuple(n.Column(id=f"k{i}", header=t(f"Kolumn {i}")) for i in range(40))
    row = n.Row(cells=tuple(t(f"cell {i}") for i in range(40)))
    table = n.Table(id="bred", caption=t("Bred"), columns=columns, rows=(row,), wide=True)
    assert errors(small(table), resources) == {"table-too-wide"}


@pytest.mark.parametrize(("colour", "code"), [("blå", "bad-colour"), ("#f2d24b", "low-contrast")])
def test_colours_that_nobody_can_read_are_refused(colour: str, code: str, resources: Resources) -> None:
    authority = dataclasses.replace(reference_meta().authority, primary=colour)
    assert errors(small(p("Text."), authority=authority), resources) == {code}


def test_whatever_the_renderer_complains_of_stops_the_build(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "editions"
    folder.mkdir()
    shipped = (SHIPPED / "print.css").read_text(encoding="utf-8")
    (folder / "print.css").write_text(f"{shipped}p {{ colour: red; }}\n", encoding="utf-8")
    assert errors(small(p("Text.")), Resources(folder=folder)) == {"renderer-warning"}


@pytest.mark.parametrize("address", ["../elsewhere.svg", "file:///etc/hostname", "http://127.0.0.1:9/picture.svg"])
def test_a_style_sheet_takes_nothing_from_outside_its_folder(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "editions"
    folder.mkdir()
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    for place in (tmp_path / "elsewhere.svg", folder / "own.svg"):
        place.write_text(picture, encoding="utf-8")
    shipped = (SHIPPED / "print.css").read_text(encoding="utf-8")
    (folder / "print.css").write_text(f"{shipped}p {{ background: url(own.svg) }}\n", encoding="utf-8")
    assert render(small(p("Text.")), Resources(folder=folder))
    (folder / "print.css").write_text(f"{shipped}p {{ background: url({address}) }}\n", encoding="utf-8")
    assert errors(small(p("Text.")), Resources(folder=folder)) == {"renderer-warning"}


def test_no_stream_ends_in_doubt() -> None:
    """A stream whose compressed data ends with a carriage return is written as it is."""
    import zlib

    import pydyf

    from report_builder.editions.weasyprint_internals.writing import clear_stream_ends

    unlucky = next(text for i in range(5000) if zlib.compress(text := f"({i}) Tj".encode()).endswith(b"\r"))
    stream = pydyf.Stream([unlucky], compress=True)
    assert b"\r\nendstream" in stream.data
    with clear_stream_ends():
        assert stream.data.endswith(unlucky + b"\nendstream")
        assert b"Filter" not in stream.data
        assert b"Filter" in pydyf.Stream([b"(1) Tj"], compress=True).data


def test_every_format_has_an_edition() -> None:
    assert list(EDITIONS) == ["pdf", "docx", "html"]
