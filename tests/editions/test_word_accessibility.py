"""Word's accessibility rules, asked of the finished file: ours keeps them all, and each rule finds a planted fault."""

from __future__ import annotations

import io
import zipfile

import pytest
from reference import reference_document
from word_file import MAIN

from report_builder.document import nodes as n
from report_builder.editions import Resources
from report_builder.editions.word import render
from report_builder.editions.word.accessibility import accessibility

STYLES = "word/styles.xml"
CHAPTER = '<w:p><w:pPr><w:pStyle w:val="Heading1"/>'


@pytest.fixture(scope="module")
def data(document: n.Document, resources: Resources) -> bytes:
    return render(document, resources)


def codes(data: bytes) -> list[str]:
    return sorted(problem.code.removeprefix("word-") for problem in accessibility(data, "rapport.docx"))


def planted(data: bytes, part: str, old: str, new: str) -> bytes:
    """The file with one thing changed in a part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as package:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content, old
                content = content.replace(old.encode(), new.encode(), 1)
            package.writestr(name, content)
    return buffer.getvalue()


def test_drafts_and_final_reports_keep_every_rule(data: bytes, resources: Resources) -> None:
    assert codes(data) == []
    assert codes(render(reference_document(final=True), resources)) == []


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        (MAIN, "<w:tblHeader/>", "", "header-row"),
        (MAIN, 'descr="Linjediagram', 'title="Linjediagram', "missing-alt"),
        (MAIN, 'descr="Linjediagram', 'descr="bild.png" title="', "missing-alt"),
        (MAIN, "<w:tblCaption", "<w:tblCaptio", "table-description"),
        (MAIN, '<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading3"/>', "heading-order"),
        (MAIN, CHAPTER, f"<w:p/>{CHAPTER}", "blank-paragraph"),
        (STYLES, '<w:color w:val="1C1C1C"/>', '<w:color w:val="BBBBBB"/>', "contrast"),
        (STYLES, 'w:fill="16436B"', 'w:fill="FFFFFF"', "contrast"),
        (STYLES, '<w:lang w:val="sv-SE"', '<w:lang', "language"),
        ("docProps/core.xml", "<dc:title>", "<dc:title/><dc:alternative>", "title"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(data: bytes, part: str, old: str, new: str, code: str) -> None:
    if code == "title":
        data = planted(data, part, "</dc:title>", "</dc:alternative>")
    if code == "table-description":
        data = planted(data, part, "<w:tblDescription", "<w:tblDescriptio")
    assert code in codes(planted(data, part, old, new))


def test_a_file_that_cannot_be_read_is_a_fault_and_no_traceback() -> None:
    assert codes(b"PK") == ["unreadable"]
