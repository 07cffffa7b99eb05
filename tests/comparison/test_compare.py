"""``compare`` through the front door: folders, bundles, revisions of git, exit codes, and bad input."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from versions import RELEASE, Builder, Desk, copy_of

from report_builder.facts import factfile
from report_builder.problems import ReportError
from report_builder.revisions.compare import compare_versions
from report_builder.revisions.comparison import Layer
from report_builder.revisions.matching import moved_positions
from report_builder.revisions.tokens import pieces, text_tokens
from report_builder.revisions.version import read_version
from report_builder.revisions.yaml_fields import changed_fields


@pytest.fixture(scope="module")
def second(desk: Desk, builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a version with one word changed."""
    other = copy_of(desk, tmp_path_factory.mktemp("second") / "workspace")
    other.edit("templates/delredovisning/v1/11-samlad-bedomning.md.j2", "någon snabb lösning", "någon <enkel> lösning")
    return builder.version(other, tmp_path_factory.mktemp("versions") / "second")


def run(desk: Desk, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return desk.run("compare", *map(str, arguments))


def test_exit_codes_are_those_of_diff(desk: Desk, first: Path, second: Path, tmp_path: Path) -> None:
    same = run(desk, first, first)
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "No difference.")
    page, data, note = tmp_path / "a.html", tmp_path / "new" / "a.json", tmp_path / "missiv.txt"
    differs = run(desk, first, second, "--html", page, "--json", data, "--cover-note", note)
    assert differs.returncode == 1
    assert "snabb -> <enkel>" in differs.stdout
    assert "&lt;enkel&gt;" in page.read_text(encoding="utf-8")
    told = json.loads(data.read_text(encoding="utf-8"))
    assert (told["format"], told["differs"], told["counts"]) == (1, True, {"wording": 1, "templates": 1})
    assert "Texten har ändrats på 1 ställe." in note.read_text(encoding="utf-8")
    assert run(desk, first, tmp_path / "nowhere").returncode == 2


def test_a_bundle_is_a_folder_in_a_zip_file(desk: Desk, first: Path, second: Path, tmp_path: Path) -> None:
    bundle = Path(shutil.make_archive(str(tmp_path / "bundle"), "zip", first.parent, first.name))
    assert run(desk, bundle, first).returncode == 0
    assert run(desk, bundle, second).returncode == 1


def refused(desk: Desk, old: Path | str, new: Path | str) -> str:
    done = run(desk, old, new)
    assert done.returncode == 2, done.stdout
    return done.stderr


def test_what_cannot_be_compared_is_refused_with_a_reason(desk: Desk, first: Path, tmp_path: Path) -> None:
    for name, file, old, new, said in (
        ("newer", "document.json", '"format": 1', '"format": 2', "damaged"),
        ("facts", "facts.csv", "antal", "antl", "damaged"),
        ("manifest", "manifest.json", '"format": 1', '"format": 9', "unknown-format"),
        ("other", "manifest.json", '"outputs"', '"autputs"', "bad-manifest"),
    ):
        folder = shutil.copytree(first, tmp_path / name)
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        assert f"[{said}]" in refused(desk, first, folder)
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04 cut off")
    assert "[damaged]" in refused(desk, first, tmp_path / "cut.zip")
    (tmp_path / "empty").mkdir()
    assert "document.json, facts.csv, manifest.json are missing" in refused(desk, first, tmp_path / "empty")


def rewritten(folder: Path, file: str, old: str, new: str) -> Path:
    """``folder`` with a file changed and a manifest that agrees."""
    import hashlib

    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["outputs"]:
        if entry["file"] == file:
            entry["sha256"] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_another_kind_and_a_newer_document_are_refused(desk: Desk, first: Path, tmp_path: Path) -> None:
    newer = rewritten(shutil.copytree(first, tmp_path / "newer"), "document.json", '"format": 1', '"format": 7')
    said = refused(desk, first, newer)
    assert "The document has format 7" in said
    assert "or a newer one" in said
    kind = rewritten(
        shutil.copytree(first, tmp_path / "kind"), "document.json", '"kind": "delredovisning"', '"kind": "x"'
    )
    assert "[different-kinds]" in refused(desk, first, kind)


def zipped(folder: Path, path: Path, **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                bundle.write(file, file.relative_to(folder).as_posix())
        for name, data in more.items():
            bundle.writestr(name, data)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(ReportError) as refused:
        read_version(path)
    return refused.value.problems[0].code


def test_a_damaged_bundle_is_refused(first: Path, tmp_path: Path) -> None:
    whole = zipped(first, tmp_path / "whole.zip")
    read_version(whole)
    for share in (0.1, 0.5, 0.99):
        cut = tmp_path / f"cut-{share}.zip"
        cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
        assert code_of(cut) == "damaged"
    flipped = bytearray(whole.read_bytes())
    flipped[len(flipped) // 3] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(flipped)
    assert code_of(tmp_path / "flipped.zip") == "damaged"
    for name in ("../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt"):
        assert code_of(zipped(first, tmp_path / "climbs.zip", **{name: b"x"})) == "unsafe-path"
    for name in ("document.json", "facts.csv", "manifest.json"):
        without = shutil.copytree(first, tmp_path / f"without-{name}")
        (without / name).unlink()
        assert code_of(zipped(without, tmp_path / "without.zip")) == "no-version"


def test_an_edition_that_is_not_there_is_told(desk: Desk, first: Path, second: Path, tmp_path: Path) -> None:
    done = run(desk, first, second, "--word", tmp_path / "a.docx")
    assert done.returncode == 2
    assert "[file-missing]" in done.stderr
    assert not (tmp_path / "a.docx").exists()


def test_a_bundle_that_holds_its_inputs_is_told_field_by_field(
    desk: Desk, first: Path, builder: Builder, tmp_path: Path
) -> None:
    other = copy_of(desk, tmp_path / "workspace")
    file = "content/registers/atgarder.yaml"
    other.edit(file, "datum: 2026-09-30", "datum: 2026-10-31")
    bundles = []
    for name, root, folder in (("old", desk.root, first), ("new", other.root, builder.version(other, tmp_path / "b"))):
        held = {f"inputs/{file}": (root / file).read_bytes()}
        bundles.append(read_version(zipped(folder, tmp_path / f"{name}.zip", **held)))
    change = next(c for c in compare_versions(*bundles).of(Layer.REGISTERS))
    assert [(c.row, c.column, c.old, c.new) for c in change.cells] == [
        (change.cells[0].row, "datum", "2026-09-30", "2026-10-31")
    ]
    assert change.cells[0].row.startswith("atg-")


def test_thousands_of_changes_are_told_in_short(desk: Desk, first: Path, tmp_path: Path) -> None:
    lines = (first / "facts.csv").read_text(encoding="utf-8").splitlines()
    many = [",".join([*(cells := line.split(","))[:5], "7777", *cells[6:]]) for line in lines[1:]]
    folder = rewritten(shutil.copytree(first, tmp_path / "many"), "facts.csv", "\n".join(lines[1:]), "\n".join(many))
    page = tmp_path / "many.html"
    done = run(desk, first, folder, "--html", page)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) < 20
    assert page.read_text(encoding="utf-8").count('data-layer="figures"') > 2000


def test_a_release_as_it_stood_at_a_revision(desk: Desk, tmp_path: Path) -> None:
    there = copy_of(desk, tmp_path / "repository" / "reports")
    top = there.root.parent

    def git(*arguments: str) -> None:
        names = ["-c", "user.name=Test", "-c", "user.email=test@exempel.se"]
        subprocess.run(["git", "-C", str(top), *names, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "First")
    there.edit("templates/delredovisning/v1/11-samlad-bedomning.md.j2", "någon snabb", "någon enkel")
    there.edit("content/registers/atgarder.yaml", "datum: 2026-09-30", "datum: 2026-10-31")
    git("commit", "-qam", "Second")
    done = run(there, f"{RELEASE}@HEAD~1", f"{RELEASE}@HEAD")
    assert done.returncode == 1, done.stderr
    assert "snabb -> enkel" in done.stdout
    assert "wording    1 changed" in done.stdout
    assert re.search(r"atg-[a-z]+ / datum: 2026-09-30 -> 2026-10-31", done.stdout)
    assert re.search(r"11-samlad-bedomning.md.j2 / rad \d+: .*snabb.* -> .*enkel", done.stdout)
    assert "[no-revision]" in refused(there, f"{RELEASE}@nowhere", f"{RELEASE}@HEAD")
    assert "[no-revision]" in refused(desk, f"{RELEASE}@HEAD", f"{RELEASE}@HEAD")


def test_facts_are_read_back_as_they_were_written(first: Path) -> None:
    data = (first / "facts.csv").read_bytes()
    assert factfile.facts_csv(factfile.parse_facts(data, "facts.csv")).encode() == data


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"id,value\n", b"id\n"])
def test_what_is_no_fact_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReportError):
        factfile.parse_facts(data, "facts.csv")


def test_a_zip_file_without_a_version_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as bundle:
        bundle.writestr("note.txt", "nothing")
    with pytest.raises(ReportError):
        read_version(tmp_path / "a.zip")


REGISTER = b"""rows:
  - id: a
    vad: Ett
    vilka: [x, y]
    steg: [{id: s1, dag: 1}, {id: s2, dag: 2}]
  - id: b
    vad: "Tv\xc3\xa5"
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"vad: Ett", b"vad: Tre", [("a", "vad", "Ett", "Tre")]),
        (b"[x, y]", b"[x]", [("a", "vilka", "x, y", "x")]),
        (b"dag: 2", b"dag: 3", [("a.s2", "dag", "2", "3")]),
        (b"{id: s1, dag: 1}, ", b"", [("a.s1", "", "id: s1; dag: 1", "")]),
        (b"  - id: b", b"  - {id: c, vad: Ny}\n  - id: b", [("c", "", "", "id: c; vad: Ny")]),
        (b"rows:", b"# En kommentar\nrows:", []),
        (b"rows:", b"agare: Jag\nrows:", [("r.yaml", "agare", "", "Jag")]),
    ],
)
def test_a_register_is_told_row_by_row(old: bytes, new: bytes, told: list[tuple[str, str, str, str]]) -> None:
    found = changed_fields(REGISTER, REGISTER.replace(old, new), "r.yaml")
    assert [(c.row, c.column, c.old, c.new) for c in found] == told


def test_text_is_told_by_its_paragraphs_and_not_by_its_lines() -> None:
    old = "Ett stycke som\nbryts.\n\nEtt annat stycke med några ord.\n"
    new = "Ett stycke som bryts.\n\nEtt annat stycke med många ord.\n\nNytt.\n"
    found = [(c.row, c.column, c.old, c.new) for c in changed_fields(old.encode(), new.encode(), "a.md")]
    assert found == [
        ("a.md", "rad 3", "Ett annat stycke med några ord.", "Ett annat stycke med många ord."),
        ("a.md", "rad 5", "", "Nytt."),
    ]


@given(st.permutations(range(9)))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_left_when_the_moved_are_taken_away_stands_in_order(order: list[int]) -> None:
    kept = [i for i in order if i not in moved_positions(order)]
    assert kept == sorted(kept)


@given(st.lists(st.sampled_from(["a", "b", "c,", "1 000", "–"])), st.lists(st.sampled_from(["a", "b", "c,", "1 000"])))
def test_woven_words_hold_both_texts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    woven = pieces(text_tokens(before), text_tokens(after))
    assert "".join(p.old for p in woven if p.op != "new").split() == before.split()
    assert "".join(p.new for p in woven if p.op != "gone").split() == after.split()


def test_the_program_starts_without_what_only_comparing_needs() -> None:
    code = "import report_builder.cli.main, sys; print('lxml' in sys.modules, 'pypdfium2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
