"""A workspace's own style files go before the package's, one by one; its fonts go before them all together."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pypdf
import pytest
from reference import p, reference_meta

from report_builder.document.nodes import Document
from report_builder.editions import EDITIONS, Resources
from report_builder.editions.style_files import SHIPPED, font_folder, style_file, style_files
from report_builder.problems import ReportError


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "templates" / "editions"
    folder.mkdir(parents=True)
    return folder


def styled(own: Path, name: str, more: str) -> None:
    (own / name).write_text((SHIPPED / name).read_text(encoding="utf-8") + more, encoding="utf-8")


def font_names(pdf: bytes) -> set[str]:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    fonts = (font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values())
    return {font["/BaseFont"] for font in fonts}


def test_without_files_of_its_own_a_workspace_has_the_packages(own: Path) -> None:
    found = style_files(own / "not-there")
    assert found == style_files(own)
    assert {"print.css", "screen.css", "cover.svg", "word/report.xml"} <= found.keys()
    assert sum(name.endswith(".ttf") for name in found) == 6
    assert all(path.is_relative_to(SHIPPED) for path in found.values())


def test_one_file_of_its_own_leaves_the_others(own: Path) -> None:
    styled(own, "screen.css", "p { color: inherit }\n")
    (own / ".screen.css.swp").write_text("an editor's", encoding="utf-8")
    found = style_files(own)
    assert {name for name, path in found.items() if not path.is_relative_to(SHIPPED)} == {"screen.css"}
    assert style_file(own, "screen.css") == own / "screen.css"
    assert style_file(own, "print.css") == SHIPPED / "print.css"


def test_a_font_of_its_own_leaves_none_of_the_packages(own: Path) -> None:
    (own / "fonts").mkdir()
    (own / "fonts" / "README.md").write_text("to come", encoding="utf-8")
    assert font_folder(own) == SHIPPED / "fonts"
    shutil.copyfile(SHIPPED / "fonts" / "SourceSans3-Regular.ttf", own / "fonts" / "Own-Regular.ttf")
    fonts = {name for name in style_files(own) if name.startswith("fonts/")}
    assert fonts == {"fonts/README.md", "fonts/Own-Regular.ttf"}
    assert style_file(own, "fonts/Own-Regular.ttf") == own / "fonts" / "Own-Regular.ttf"


def test_a_style_sheet_of_its_own_finds_the_packages_font(own: Path) -> None:
    """The address of a font in a style sheet is looked up as every other style file is."""
    document = Document(meta=reference_meta(), blocks=(p("Ett stycke."),))
    plain = EDITIONS["pdf"](document, Resources(folder=own))
    styled(own, "print.css", "p { text-indent: 20mm }\n")
    changed = EDITIONS["pdf"](document, Resources(folder=own))
    assert changed != plain
    assert font_names(changed) == font_names(plain)
    assert all("Source-Sans-3" in name for name in font_names(changed))
    styled(own, "print.css", "p { background: url(no-such-picture.svg) }\n")
    with pytest.raises(ReportError, match="no-such-picture"):
        EDITIONS["pdf"](document, Resources(folder=own))
