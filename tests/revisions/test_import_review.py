"""A reviewed Word file read back: what reviewers wrote comes out, nothing else does, and no number is taken over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from reviewed import WHEN, WHO, Desk

from report_builder.problems import ReportError
from report_builder.verbs.import_review import Reading, import_review
from report_builder.workspace.workspace import Workspace

RELEASE = "delredovisning/2026-02"
Read = Callable[[bytes], Reading]


@pytest.fixture
def desk(word_bytes: bytes) -> Desk:
    return Desk(word_bytes)


@pytest.fixture
def read(workspace: Workspace, tmp_path: Path) -> Read:
    def read(data: bytes) -> Reading:
        path = tmp_path / "granskad.docx"
        path.write_bytes(data)
        return import_review(workspace, path, RELEASE)

    return read


def lines(reading: Reading) -> list[tuple[str, str, str, str]]:
    """The changes of prose: kind, section, old, new."""
    return [(c.kind, c.spot.section, c.old, c.new) for c in reading.review.changes]


def numbers(reading: Reading) -> list[tuple[str, str, str]]:
    return [(f.fact_id, f.old, f.new) for f in reading.review.facts]


def test_a_file_that_nobody_touched_says_nothing(read: Read, word_bytes: bytes) -> None:
    reading = read(word_bytes)
    assert (reading.review.comments, reading.review.changes, reading.review.facts, reading.warnings) == ([], [], [], ())


def test_tracked_words_are_told_with_place_name_and_time(read: Read, desk: Desk) -> None:
    desk.track("den nya handläggningsordningen", "den ändrade handläggningsordningen")
    (change,) = read(desk.save()).review.changes
    assert change.kind == "changed"
    assert (change.spot.section, change.spot.heading) == ("nulage-balans", "1.1 Ärendebalansens utveckling")
    assert change.spot.paragraph == 2
    assert "liksom den nya handläggningsordningen för" in change.old
    assert "liksom den ändrade handläggningsordningen för" in change.new
    assert [(hand.who, hand.when) for hand in change.hands] == [(WHO, WHEN)]
    assert not change.numbers


def test_words_typed_over_without_tracking_are_found_too(read: Read, desk: Desk) -> None:
    desk.type_over("Tiderna räknas i kalenderdagar", "Tiderna räknas i hela kalenderdagar")
    (change,) = read(desk.save()).review.changes
    assert change.spot.section == "nulage-tid-tolkning"
    assert change.new.startswith("Tiderna räknas i hela kalenderdagar från")
    assert change.hands == ()


def test_a_changed_number_is_a_fact_and_the_prose_around_it_stands(read: Read, desk: Desk) -> None:
    desk.retype_fact("arendebalans.antal.alla.2025-12-31", "99 999")
    reading = read(desk.save())
    assert numbers(reading) == [("arendebalans.antal.alla.2025-12-31", "12\N{NO-BREAK SPACE}345", "99 999")]
    assert reading.review.facts[0].spot.section == "sammanfattning"
    assert [hand.who for hand in reading.review.facts[0].hands] == [WHO]
    assert lines(reading) == []


def test_a_number_changed_without_tracking_and_words_beside_it_are_told_apart(read: Read, desk: Desk) -> None:
    desk.retype_fact("handlaggningstid.median.klagomal.2025", "200 dagar", tracked=False)
    desk.type_over(". Mediantiden för klagomål var ", ". Mediantiden för alla klagomål var ")
    reading = read(desk.save())
    assert numbers(reading) == [("handlaggningstid.median.klagomal.2025", "187\N{NO-BREAK SPACE}dagar", "200 dagar")]
    ((kind, _, _, new),) = lines(reading)
    assert kind == "changed"
    assert "alla klagomål var 187 dagar." in new


def test_a_number_whose_control_was_lost_is_still_a_fact(read: Read, desk: Desk) -> None:
    desk.drop_controls()
    assert lines(read(desk.save())) == []
    desk.type_over("12\N{NO-BREAK SPACE}345", "12\N{NO-BREAK SPACE}999")
    reading = read(desk.save())
    assert ("arendebalans.antal.alla.2025-12-31", "12 345", "12 999") in [
        (fact, old.replace("\N{NO-BREAK SPACE}", " "), new) for fact, old, new in numbers(reading)
    ]
    assert lines(reading) == []


def test_a_number_in_plain_words_is_told_as_prose_with_a_warning(read: Read, desk: Desk) -> None:
    desk.track("i jämn takt sedan 2023", "i jämn takt sedan 2021")
    (change,) = read(desk.save()).review.changes
    assert change.numbers


def test_a_struck_paragraph_is_told_once_with_the_numbers_in_it(read: Read, desk: Desk) -> None:
    desk.strike_paragraph("Antalet öppna ärenden har minskat till")
    reading = read(desk.save())
    ((kind, section, old, new),) = lines(reading)
    assert (kind, section, new) == ("removed", "sammanfattning", "")
    assert old.startswith("Antalet öppna ärenden har minskat till 12 345")
    assert [new for _, _, new in numbers(reading)] == ["", "", ""]


def test_a_new_paragraph_is_told_where_it_stands(read: Read, desk: Desk) -> None:
    desk.add_paragraph("Jämför därför bara år", "Det gäller även 2022.")
    (change,) = read(desk.save()).review.changes
    assert (change.kind, change.old, change.new) == ("added", "", "Det gäller även 2022.")
    assert (change.spot.section, change.numbers) == ("nulage-tid-tolkning", True)
    assert [hand.who for hand in change.hands] == [WHO]


def test_two_paragraphs_made_into_one_are_told(read: Read, desk: Desk) -> None:
    desk.join("Här beskrivs hur uppgifterna har tagits fram.")
    (change,) = read(desk.save()).review.changes
    assert change.kind == "joined"
    assert change.new.startswith("Här beskrivs hur uppgifterna har tagits fram. När klockan")


def test_a_cell_and_a_footnote_have_their_places(read: Read, desk: Desk) -> None:
    desk.track("Anmälan om allvarlig händelse", "Anmälan om händelse")
    desk.type_over("Nio av tio ärenden", "Nittio procent av ärendena")
    cell, note = read(desk.save()).review.changes
    assert (cell.spot.section, cell.spot.table) == ("nulage-balans", "tab-balans")
    assert (cell.spot.row, cell.spot.column) == (3, 1)
    assert (note.spot.note, note.spot.section) == ("3", "nulage-tid")


def test_comments_come_with_the_words_they_are_tied_to(read: Read, desk: Desk) -> None:
    desk.comment("Tabellen är bred", "Behövs tabellen?")
    desk.comment("Sammanfattning", "Kortare, tack.")
    first, second = read(desk.save()).review.comments
    assert (first.spot.section, first.quote) == ("inflode", "Tabellen är bred och ligger därför på ett liggande blad.")
    assert (first.text, first.hand.who, first.hand.when) == ("Behövs tabellen?", WHO, WHEN)
    assert second.text == "Kortare, tack."


def test_a_changed_title_is_told(read: Read, desk: Desk) -> None:
    desk.paragraph("Handläggningstider och ärendebalanser vid")
    desk.type_over("Handläggningstider och ärendebalanser vid", "Tider och balanser vid")
    (change,) = read(desk.save()).review.changes
    assert change.new == "Tider och balanser vid Exempelmyndigheten"
    assert change.spot.section == ""


def test_the_reports_say_it_in_text_json_and_swedish(read: Read, desk: Desk) -> None:
    desk.track("den nya handläggningsordningen", "den <ändrade> ordningen")
    desk.retype_fact("arendebalans.antal.alla.2025-12-31", "99 999")
    desk.comment("Tabellen är bred", "Behövs tabellen?")
    reading = read(desk.save())
    text = reading.text()
    assert text.startswith("1 comment, 1 change of prose, 1 changed number.")
    assert "1.1 Ärendebalansens utveckling, paragraph 2: changed by Enhetschef, 2026-02-20 10:15" in text
    assert "arendebalans.antal.alla.2025-12-31: 12\N{NO-BREAK SPACE}345 → 99 999" in text
    content = json.loads(reading.json())
    assert content["release"] == RELEASE
    assert [len(content[key]) for key in ("comments", "changes", "facts")] == [1, 1, 1]
    assert content["changes"][0]["hands"] == [{"who": WHO, "when": WHEN}]
    page = reading.html()
    assert '<html lang="sv">' in page
    assert "den &lt;ändrade&gt; ordningen" in page
    assert "Talen räknas fram ur underlaget" in page


def test_another_build_is_warned_of(workspace: Workspace, read: Read, word_bytes: bytes) -> None:
    stored = workspace.output_dir(RELEASE) / "document.json"
    stored.write_text(stored.read_text(encoding="utf-8").replace("en region", "två regioner"), encoding="utf-8")
    reading = read(word_bytes)
    assert [w.code for w in reading.warnings] == ["other-build"]
    assert [(c.old != c.new, c.kind) for c in reading.review.changes] == [(True, "changed")]


@pytest.mark.judge("libreoffice")
def test_another_program_may_save_the_file(read: Read, desk: Desk, tmp_path: Path) -> None:
    desk.track("den nya handläggningsordningen", "den ändrade handläggningsordningen")
    desk.retype_fact("arendebalans.antal.alla.2025-12-31", "99 999", tracked=False)
    desk.comment("Tabellen är bred", "Behövs tabellen?")
    (tmp_path / "fran").mkdir()
    (tmp_path / "fran" / "granskad.docx").write_bytes(desk.save())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path)]
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([*command, str(tmp_path / "fran" / "granskad.docx")], env=environment, check=True, timeout=1800)
    reading = read((tmp_path / "granskad.docx").read_bytes())
    assert [(c.hands[0].who, "ändrade handl" in c.new) for c in reading.review.changes] == [(WHO, True)]
    assert [(f.old, f.new) for f in reading.review.facts] == [("12\N{NO-BREAK SPACE}345", "99 999")]
    assert [(c.text, c.spot.section) for c in reading.review.comments] == [("Behövs tabellen?", "inflode")]


def test_the_verb_finds_the_release_by_itself(workspace: Workspace, desk: Desk, tmp_path: Path) -> None:
    properties = desk.parts["docProps/custom.xml"].decode()
    desk.parts["docProps/custom.xml"] = properties.replace("periodisk-rapport/2026-02", RELEASE).encode()
    desk.track("den nya handläggningsordningen", "den ändrade ordningen")
    (tmp_path / "fil.docx").write_bytes(desk.save())
    command = [sys.executable, "-m", "report_builder.cli", "import-review", str(tmp_path / "fil.docx")]
    command += ["--workspace", str(workspace.root), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["changes"]) == 1


def zipped(path: Path, **parts: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/"), text)


RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="{}"/></Relationships>'
)
EMPTY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p/></w:body></w:document>'
BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "{}">]><a>&b;</a>'


def test_files_that_are_none_of_ours_get_clear_words(workspace: Workspace, tmp_path: Path, word_bytes: bytes) -> None:
    """Whatever the file is, the answer is a rule's name and a hint, never a traceback."""
    path = tmp_path / "fil.docx"
    word = {"_rels__.rels": RELATIONS.format("word/document.xml")}

    def answer() -> str:
        with pytest.raises(ReportError) as raised:
            import_review(workspace, path, RELEASE)
        (problem,) = raised.value.problems
        assert problem.hint
        return problem.code

    assert answer() == "file-missing"
    path.write_text("Hej!", encoding="utf-8")
    assert answer() == "not-a-word-file"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert answer() == "not-a-word-file"
    path.write_bytes(word_bytes[: len(word_bytes) // 2])
    assert answer() == "not-a-word-file"
    zipped(path, _rels__dot="")
    assert answer() == "not-a-word-file"
    zipped(path, **{"_rels/.rels": RELATIONS.format("xl/workbook.xml"), "xl/workbook.xml": "<a/>"})
    assert answer() == "not-a-word-file"
    zipped(path, **word, word__document_xml="")
    assert answer() == "not-a-word-file"
    zipped(path, **word, **{"word/document.xml": "<w:document"})
    assert answer() == "damaged-file"
    zipped(path, **word, **{"word/document.xml": EMPTY})
    assert answer() == "no-content"
    zipped(path, **word, **{"word/document.xml": BOMB.format("b" * 1000)})
    assert answer() in ("damaged-file", "no-content")
    zipped(path, **word, **{"word/document.xml": EMPTY.replace("<w:p/>", "<w:p><w:r><w:t>Hej</w:t></w:r></w:p>")})
    assert answer() == "foreign-file"


def test_a_zip_bomb_is_not_unpacked(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "fil.docx"
    zipped(path, **{"_rels/.rels": RELATIONS.format("word/document.xml"), "word/document.xml": "0" * 300_000_000})
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ReportError) as raised:
        import_review(workspace, path, RELEASE)
    assert [p.code for p in raised.value.problems] == ["too-large"]


def test_damage_anywhere_in_the_file_is_never_a_traceback(
    workspace: Workspace, tmp_path: Path, word_bytes: bytes
) -> None:
    path = tmp_path / "fil.docx"
    for at in range(0, len(word_bytes), len(word_bytes) // 60):
        damaged = bytearray(word_bytes)
        damaged[at : at + 40] = bytes(40)
        path.write_bytes(damaged)
        try:
            import_review(workspace, path, RELEASE)
        except ReportError as e:
            assert e.problems[0].hint


def test_a_release_that_was_not_built_is_told(workspace: Workspace, read: Read, word_bytes: bytes) -> None:
    (workspace.output_dir(RELEASE) / "document.json").unlink()
    with pytest.raises(ReportError) as raised:
        read(word_bytes)
    assert [p.code for p in raised.value.problems] == ["not-built"]
