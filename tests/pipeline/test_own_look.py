"""An authority with a font and colours of its own: charts, PDF, Word and HTML are all in them, and slips are told."""

from __future__ import annotations

import base64
import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from workspaces import PROJECT, Desk

from report_builder.editions.style_files import SHIPPED

RELEASE = "arsrapport/2025"
FAMILY = "Prov Sans 7"
"""With a digit in its name, which has to be quoted wherever it is named."""

PURPLE = "#5b2a83"
SETTINGS = "content/workspace.yaml"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four faces of a family of another name, in files that are named in another way, and no semibold among them."""
    from fontTools.ttLib import TTFont

    folder = tmp_path_factory.mktemp("fonts")
    for end, weight in (("Regular", 400), ("Bold", 700), ("It", 400), ("BoldIt", 700)):
        with TTFont(SHIPPED / "fonts" / f"SourceSans3-{end}.ttf") as font:
            for number, words in ((1, FAMILY), (4, f"{FAMILY} {end}"), (6, f"ProvSans7-{end}"), (16, FAMILY)):
                font["name"].setName(words, number, 3, 1, 0x409)
            font["OS/2"].usWeightClass = weight
            font.save(folder / f"prov-{weight}{end[-2:].lower()}.ttf")
    return folder


@pytest.fixture
def desk(tmp_path: Path, fonts: Path) -> Desk:
    shutil.copytree(PROJECT / "tests" / "workspaces" / "arsrapport", tmp_path / "workspace")
    shutil.copytree(fonts, tmp_path / "workspace" / "templates" / "editions" / "fonts")
    return Desk(tmp_path / "workspace")


def test_every_edition_and_chart_is_in_the_authority_s_font_and_colours(desk: Desk) -> None:
    done = desk.run("build", RELEASE)
    assert done.returncode == 0, done.stderr
    output = desk.root / "output" / RELEASE
    _web(next(output.glob("*.html")).read_text(encoding="utf-8"))
    _print(next(output.glob("*.pdf")).read_bytes())
    _word(next(output.glob("*.docx")).read_bytes())


def _web(page: str) -> None:
    assert f'--font: "{FAMILY}"' in page
    assert "Source Sans" not in page
    charts = [base64.b64decode(found).decode() for found in re.findall(r"data:image/svg\+xml;base64,([^\"]*)", page)]
    assert charts
    for chart in charts:
        assert set(re.findall(r'<text[^>]*font-family="([^"]*)"', chart)) == {f"'{FAMILY}'"}
    assert any(PURPLE in chart for chart in charts)
    assert not any("#c6dbef" in chart for chart in charts), "a shade of another authority"


def _print(data: bytes) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    named = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in (entry.get_object() for entry in page["/Resources"].get("/Font", {}).values())
    }
    assert named
    assert all(name.startswith("Prov-Sans-7") for name in named), named


def _word(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith(".xml")}
        assert [name for name in package.namelist() if name.endswith(".odttf")]
    for part in ("word/styles.xml", "word/fontTable.xml", "word/theme/theme1.xml"):
        assert FAMILY.encode() in parts[part], part
    assert not [name for name, text in parts.items() if b"Source Sans" in text]
    assert PURPLE[1:].upper().encode() in parts["word/theme/theme1.xml"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('primary: "#5b2a83"', 'primary: "#b98fd8"', "authority.primary: #b98fd8 has the contrast"),
        (
            'accent: "#1a6b3c"',
            'accent: "#1a6b3c"\n  charts: {palette: ["#5b2a83", "#f0d000"]}',
            "authority.charts.palette.1: #f0d000 has the contrast",
        ),
        (
            'accent: "#1a6b3c"',
            'accent: "#1a6b3c"\n  charts: {pair: ["#5b2a83", "#1a6b3c"]}',
            "look alike in black and white",
        ),
        (
            'accent: "#1a6b3c"',
            'accent: "#1a6b3c"\n  font: Prov Sans',
            "workspace.yaml:9: The report's font",
        ),
    ],
)
def test_a_look_that_does_not_hold_is_refused_in_words(desk: Desk, old: str, new: str, says: str) -> None:
    desk.edit(SETTINGS, old, new)
    done = desk.run("build", RELEASE)
    assert done.returncode == 1
    assert says in done.stderr
    assert not (desk.root / "output" / RELEASE).exists()


def test_two_families_and_no_word_of_which(desk: Desk) -> None:
    fonts = desk.root / "templates" / "editions" / "fonts"
    shutil.copyfile(SHIPPED / "fonts" / "SourceSans3-Regular.ttf", fonts / "other.ttf")
    done = desk.run("build", RELEASE)
    assert done.returncode == 1
    assert f"Write one of {FAMILY}, Source Sans 3 as font under authority" in done.stderr
    desk.edit(SETTINGS, 'accent: "#1a6b3c"', f'accent: "#1a6b3c"\n  font: {FAMILY}')
    assert desk.run("build", RELEASE).returncode == 0
