"""The documents of trouble as Word: readable to the last word, laid out by another program, or a clear refusal."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pypdf
import pytest
import trouble
from openxml_audit import OpenXmlValidator
from word_file import NOTES, WordFile, words

from report_builder.document.passages import passages
from report_builder.editions import EDITIONS, Resources
from report_builder.editions.ooxml import w
from report_builder.editions.word import render
from report_builder.editions.word.accessibility import accessibility
from report_builder.problems import ReportError


@pytest.fixture(scope="module")
def data(resources: Resources) -> bytes:
    return render(trouble.readable(), resources)


def fold(text: str) -> str:
    return re.sub(r"[\s\N{SOFT HYPHEN}]+", "", text)


def test_nothing_is_lost_and_the_file_is_valid(data: bytes, tmp_path: Path) -> None:
    file = WordFile(data)
    said = [fold(words(p)) for p in file.body.iter(w("p"))]
    notes = [fold(words(note)) for note in file.trees[NOTES] if note.get(w("type")) is None]
    expected = [(fold(passage.text), passage.note) for passage in passages(trouble.readable())]
    lost = [text for text, note in expected if text not in (notes if note else said)]
    assert lost == []
    assert len(notes) == trouble.NOTES + 1
    path = tmp_path / "report.docx"
    path.write_bytes(data)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
    assert accessibility(data, "report.docx") == ()


@pytest.mark.judge("libreoffice")
def test_another_program_lays_it_out_with_nothing_cut_off(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "report.docx"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, check=True, timeout=1800)
    pages = [fold(page.extract_text()) for page in pypdf.PdfReader(tmp_path / "report.pdf").pages]
    text = re.sub(r"-", "", "".join(pages))
    assert text.count(trouble.LONG_WORD) == 3
    assert fold(trouble.GREEK) in text
    assert all(f"Ärende{i}{i}" in text for i in range(1, trouble.ROWS + 1))
    assert all(f"Notenmednummer{i}." in text for i in range(1, trouble.NOTES + 1))
    assert sum("ÄrendeDagar" in page for page in pages) > 40


@pytest.mark.parametrize("script", [trouble.emoji, trouble.arabic])
def test_letters_that_the_font_lacks_are_kept_for_words_own_fonts(script: object, resources: Resources) -> None:
    document = script()  # type: ignore[operator]
    said = "".join(WordFile(render(document, resources)).reading())
    assert trouble.EMOJI in said or trouble.ARABIC in said


@pytest.mark.parametrize("code", trouble.REFUSED)
@pytest.mark.parametrize("edition", ["docx", "html"])
def test_what_nobody_could_read_is_refused(code: str, edition: str, resources: Resources) -> None:
    with pytest.raises(ReportError) as raised:
        EDITIONS[edition](trouble.REFUSED[code](), resources)
    assert [problem.code for problem in raised.value.problems] == [code]
    assert raised.value.problems[0].hint
