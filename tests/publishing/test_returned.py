"""One edition that came back: its release is found, and whatever was changed in it is named with its place."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))
from workspaces import RELEASE, Desk, small_workspace

from report_builder.problems import ReportError
from report_builder.verifying.returned import verify_returned

STEM = RELEASE.replace("/", "-")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = small_workspace(tmp_path_factory.mktemp("returned") / "workspace")
    done = desk.run("build", RELEASE)
    assert done.returncode == 0, done.stderr
    return desk


@pytest.fixture
def said(built: Desk) -> Callable[[Path], list[str]]:
    """What is wrong with a file, each with its code."""

    def read(path: Path) -> list[str]:
        return [f"{p.code}: {p.message}" for p in verify_returned(path, built.root).problems]

    return read


def word(built: Desk, target: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The Word edition with one part changed, or put in."""
    with zipfile.ZipFile(built.output / f"{STEM}.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    before = parts.get(part, b"")
    parts[part] = change(before)
    assert parts[part] != before
    with zipfile.ZipFile(target, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return target


@pytest.mark.parametrize(("name", "suffix"), [("Granskad av IVO.DOCX", "docx"), ("sida.html", "html")])
def test_a_file_of_any_name_is_held_against_the_report_that_it_belongs_to(
    built: Desk, tmp_path: Path, name: str, suffix: str
) -> None:
    shutil.copy(built.output / f"{STEM}.{suffix}", tmp_path / name)
    command = [sys.executable, "-m", "report_builder.cli", "verify", tmp_path / name, "--workspace", built.root]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"The file says what the report says. Read back: {name} (" in done.stdout
    assert f"held against output/{RELEASE}." in done.stdout


@pytest.mark.parametrize(
    ("part", "old", "new", "place"),
    [
        ("word/header1.xml", b"Handl", b"2027 Handl", "In the running head (word/header1.xml)"),
        ("word/footer1.xml", b"> (<", b"> 9 (<", "In the running foot (word/footer1.xml)"),
    ],
)
def test_a_digit_in_a_running_head_or_foot(
    built: Desk, tmp_path: Path, said: Callable[[Path], list[str]], part: str, old: bytes, new: bytes, place: str
) -> None:
    found = said(word(built, tmp_path / "a.docx", part, lambda data: data.replace(old, new, 1)))
    assert [line for line in found if line.startswith(f"unknown-figure: {place}: ")] == found
    assert found


def test_page_numbers_are_words_own(built: Desk, tmp_path: Path, said: Callable[[Path], list[str]]) -> None:
    """Word writes the number of the page where ours says 1."""
    path = word(built, tmp_path / "a.docx", "word/footer1.xml", lambda data: re.sub(rb">1<", b">27<", data))
    assert said(path) == []


def test_a_mark_that_is_taken_out_of_the_running_head(
    built: Desk, tmp_path: Path, said: Callable[[Path], list[str]]
) -> None:
    found = said(word(built, tmp_path / "a.docx", "word/header2.xml", lambda d: d.replace(b"Exempeldata", b"")))
    assert found == ["lost-words: In the running head: the report says 'Exempeldata', the file does not."]


def test_a_paragraph_in_a_part_of_its_own(built: Desk, tmp_path: Path, said: Callable[[Path], list[str]]) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = "<w:endnote><w:p><w:r><w:t>Totalt 4 711</w:t></w:r></w:p></w:endnote>"
    part = f'<w:endnotes xmlns:w="{space}">{note}</w:endnotes>'.encode()
    (found,) = said(word(built, tmp_path / "a.docx", "word/endnotes.xml", lambda _: part))
    assert found.startswith("unknown-figure: Outside the main text (word/endnotes.xml): 'Totalt 4 711'")


@pytest.mark.parametrize("which", [0, -1])
def test_a_replaced_picture_of_the_word_file(
    built: Desk, tmp_path: Path, said: Callable[[Path], list[str]], which: int
) -> None:
    with zipfile.ZipFile(built.output / f"{STEM}.docx") as package:
        name = [n for n in package.namelist() if n.startswith("word/media/") and n.endswith(".svg")][which]
    found = said(word(built, tmp_path / "a.docx", name, lambda data: data + b"<!-- -->"))
    assert found
    place = "(other|lost)-picture: Picture (before the first heading|under “[^”]+”): the picture"
    assert [line for line in found if not re.match(place, line)] == []


def test_a_replaced_picture_and_a_digit_in_the_foot_of_the_page(
    built: Desk, tmp_path: Path, said: Callable[[Path], list[str]]
) -> None:
    page = (built.output / f"{STEM}.html").read_text(encoding="utf-8")
    before, _, after = page.rpartition("S2025/02147")
    path = tmp_path / "a.html"
    path.write_text(f"{before}S2026/02147{after}".replace("base64,P", "base64,Q", 1), encoding="utf-8")
    foot, picture = said(path)
    assert foot.startswith("unknown-figure: In the foot of the page: ")
    assert picture.startswith("other-picture: Picture under “")


def test_the_running_foot_and_the_pictures_of_the_pdf(
    built: Desk, tmp_path: Path, said: Callable[[Path], list[str]]
) -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ContentStream, NameObject

    reader = PdfReader(built.output / f"{STEM}.pdf")
    writer = PdfWriter(clone_from=reader)
    contents = [ContentStream(page.get_contents(), writer) for page in writer.pages]
    feet = [
        [i for i, (operands, operator) in enumerate(c.operations) if operator == b"BDC" and "/Footer" in str(operands)]
        for c in contents
    ]
    one, other = [i for i, found in enumerate(feet) if found][:2]
    for at, source in ((one, other),):
        start = feet[at][0]
        end = next(i for i in range(start, len(contents[at].operations)) if contents[at].operations[i][1] == b"EMC")
        there = feet[source][0]
        till = next(i for i in range(there, 10**9) if contents[source].operations[i][1] == b"EMC")
        contents[at].operations[start:end] = contents[source].operations[there:till]
    drawn = next(c for c in contents if any(op == b"BDC" and operands[0] == "/Figure" for operands, op in c.operations))
    inside = next(i for i, (operands, op) in enumerate(drawn.operations) if op == b"BDC" and operands[0] == "/Figure")
    drawn.operations.insert(inside + 1, ([], b"n"))
    for page, content in zip(writer.pages, contents, strict=True):
        page[NameObject("/Contents")] = writer._add_object(content)
    writer.write(tmp_path / "a.pdf")
    found = said(tmp_path / "a.pdf")
    assert any(line.startswith(f"unknown-figure: In the running foot of page {one + 1}: ") for line in found)
    assert any(re.match(r"other-picture: Picture on page \d+: ", line) for line in found)


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.docx", "borta.docx"])
def test_a_file_that_is_no_edition_of_any_report_here(built: Desk, tmp_path: Path, name: str) -> None:
    if not name.startswith("borta"):
        text = "<html><body><main><p>Något helt annat, 2026.</p></main></body></html>" if name == "a.html" else "%PDF"
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        verify_returned(tmp_path / name, built.root)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == name
    assert (RELEASE in problem.hint) is (name == "a.html")
