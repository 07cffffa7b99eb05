"""An output read back: whole as built, and refused, with the place, when one digit or one word is another."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))
from workspaces import RELEASE, Desk, small_workspace

STEM = RELEASE.replace("/", "-")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = small_workspace(tmp_path_factory.mktemp("verify") / "workspace")
    done = desk.run("build", RELEASE)
    assert done.returncode == 0, done.stderr
    return desk


@pytest.fixture
def output(built: Desk, tmp_path: Path) -> Path:
    """A copy of the output, to be spoiled."""
    return shutil.copytree(built.output, tmp_path / "output")


@pytest.fixture
def without_pdf(output: Path) -> Path:
    """A copy in which there is no PDF to read, which takes the most time."""
    (output / f"{STEM}.pdf").unlink()
    return output


def verify(folder: Path) -> tuple[int, str, str]:
    import subprocess

    command = [sys.executable, "-m", "report_builder.cli", "verify", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, " ".join(done.stderr.split())


def in_word(folder: Path, change: Callable[[str], str], part: str = "word/document.xml") -> None:
    path = folder / f"{STEM}.docx"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[part].decode("utf-8")
    assert change(text) != text
    parts[part] = change(text).encode("utf-8")
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


def in_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def a_total(folder: Path) -> str:
    """The backlog of all case types at the last date, as the summary prints it."""
    page = (folder / f"{STEM}.html").read_text(encoding="utf-8")
    return page.split('data-fact="arendebalans.antal.alla.2025-12-31">', 1)[1].split("\u00a0ärenden", 1)[0]


def test_a_build_reads_back_whole(output: Path) -> None:
    code, said, problems = verify(output)
    assert (code, problems) == (0, "")
    assert all(f"{STEM}.{kind}" in said for kind in ("docx", "html", "pdf"))
    assert "The PDF conforms." in said


def test_one_digit_in_the_word_file(without_pdf: Path) -> None:
    total = a_total(without_pdf)
    other = total[:-1] + str((int(total[-1]) + 1) % 10)
    in_word(without_pdf, lambda text: text.replace(f"{total}\u00a0ärenden", f"{other}\u00a0ärenden", 1))
    code, _, said = verify(without_pdf)
    assert code == 1
    assert "checksum" in said
    assert f"{STEM}.docx: Under the heading “Sammanfattning”" in said
    assert f"the fact arendebalans.antal.alla.2025-12-31 is {' '.join(total.split())}" in said


def test_a_number_typed_where_no_fact_is(without_pdf: Path) -> None:
    in_word(without_pdf, lambda text: text.replace("Planen ska innehålla", "Planen ska innehålla 4 delar", 1))
    code, _, said = verify(without_pdf)
    assert code == 1
    assert "under the heading “Uppdraget”".lower() in said.lower()
    assert "'Planen ska innehålla 4 delar' is not in the report" in said


def test_a_footnote_of_the_word_file(without_pdf: Path) -> None:
    in_word(without_pdf, lambda text: text.replace("sett 2024", "sett 2025", 1), "word/footnotes.xml")
    code, _, said = verify(without_pdf)
    assert code == 1
    assert "Among the footnotes" in said
    assert "2025 for 2024" in said


def test_a_word_of_direction_on_the_page(without_pdf: Path) -> None:
    page = without_pdf / f"{STEM}.html"
    text = page.read_text(encoding="utf-8")
    old, new = ("ökade med", "minskade med") if ">ökade med" in text else ("minskade med", "ökade med")
    in_text(page, f">{old}", f">{new}")
    code, _, said = verify(without_pdf)
    assert code == 1
    assert f"it says '{new.split()[0]}'" in said


def test_the_pdf_is_read_back_too(output: Path) -> None:
    """The PDF of another build: every figure that differs is told with its page."""
    import json

    document = (output / "document.json").read_text(encoding="utf-8")
    value = next(x["text"] for x in _facts(json.loads(document)) if "\u00a0ärenden" in x["text"])
    in_text(output / "document.json", json.dumps(value, ensure_ascii=False), '"77\u00a0ärenden"')
    code, _, said = verify(output)
    assert code == 1
    assert f"{STEM}.pdf: Page " in said
    assert "unresolved-claim" in said


def _facts(node: object) -> list[dict[str, str]]:
    if isinstance(node, dict):
        here = [node] if node.get("node") == "FactValue" else []
        return here + [x for v in node.values() for x in _facts(v)]
    return [x for v in node for x in _facts(v)] if isinstance(node, list) else []


def test_a_pdf_that_does_not_conform(output: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=output / f"{STEM}.pdf")
    del writer.root_object["/Lang"]
    writer.write(output / f"{STEM}.pdf")
    code, _, said = verify(output)
    assert code == 1
    assert "The PDF breaks PDF/UA-1" in said
    assert "not-conforming" in said


def test_a_missing_an_extra_and_a_changed_file(without_pdf: Path) -> None:
    (without_pdf / "facts.csv").write_bytes((without_pdf / "facts.csv").read_bytes() + b"\n")
    (without_pdf / "notes.txt").write_text("x", encoding="utf-8")
    shutil.rmtree(without_pdf / "validation")
    code, _, said = verify(without_pdf)
    assert code == 1
    for name, rule in (
        ("facts.csv", "checksum"),
        ("notes.txt", "extra-file"),
        ("validation/arenden.html", "file-missing"),
    ):
        assert name in said
        assert rule in said


@pytest.mark.parametrize(("broken", "rule"), [("docx", "not-a-word-file"), ("pdf", "unreadable-edition")])
def test_a_file_that_cannot_be_read(output: Path, broken: str, rule: str) -> None:
    (output / f"{STEM}.{broken}").write_bytes(b"not this")
    code, _, said = verify(output)
    assert code == 1
    assert f"{STEM}.{broken}" in said
    assert rule in said


def test_no_output(tmp_path: Path) -> None:
    code, _, said = verify(tmp_path)
    assert code == 1
    assert "no-output" in said


def test_a_word_without_a_figure_is_told_with_what_it_was(without_pdf: Path) -> None:
    in_word(without_pdf, lambda text: text.replace("Planen ska innehålla", "Planen ska helst innehålla", 1))
    code, _, said = verify(without_pdf)
    assert code == 1
    assert "changed-words" in said, said
    assert "Planen ska helst innehålla" in said


def test_a_paragraph_that_is_gone_and_one_that_stands_elsewhere(without_pdf: Path) -> None:
    page = without_pdf / f"{STEM}.html"
    tree = html.document_fromstring(page.read_bytes())
    plain = [p for p in tree.iterfind(".//main//section/p") if len(p) == 0 and len(p.text or "") > 80]
    gone, moved, *_, last = [p for p in plain if not any(c.isdigit() for c in p.text)]
    words = gone.text, moved.text
    gone.drop_tree()
    last.addnext(moved)
    page.write_bytes(html.tostring(tree, encoding="utf-8"))
    code, _, said = verify(without_pdf)
    assert code == 1
    for word, text in zip(("lost-words", "moved-words"), words, strict=True):
        assert word in said
        assert " ".join(text.split())[:40] in said
