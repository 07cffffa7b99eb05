"""A made-up change of method, given as YAML alone: the whole account in every edition, nothing without its record."""

import csv
import shutil
import zipfile

import pytest
from workspaces import PROJECT, RELEASE, small_workspace

OVERLAY = PROJECT / "tests/workspaces/metodbyte/content"
REGISTER = "content/registers/metodforandringar.yaml"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    found = small_workspace(tmp_path_factory.mktemp("change"))
    done = found.run("ledger", RELEASE)
    assert done.returncode == 0, done.stderr
    (found.root / "content/ledger" / f"{RELEASE}.csv").rename(found.root / "content/ledger/delredovisning/2026-01.csv")
    shutil.copytree(OVERLAY, found.root / "content", dirs_exist_ok=True)
    found.edit(f"content/{RELEASE}/release.yaml", "handlaggningstid: v1", "handlaggningstid: v2")
    return found


def test_without_its_record_nothing_is_built(desk):
    record = desk.root / REGISTER
    kept = record.read_text(encoding="utf-8")
    record.unlink()
    done = desk.run("build", RELEASE)
    record.write_text(kept, encoding="utf-8")
    assert done.returncode == 1
    assert "change-without-record" in done.stderr
    assert f"Add to {REGISTER}" in done.stderr
    assert not desk.output.exists()


def test_the_whole_account_is_in_every_edition(desk):
    done = desk.run("build", RELEASE)
    assert done.returncode == 0, done.stderr
    html = next(desk.output.glob("*.html")).read_text(encoding="utf-8")
    with zipfile.ZipFile(next(desk.output.glob("*.docx"))) as file:
        word = file.read("word/document.xml").decode("utf-8")
    for words in ("Väntan på yttrande räknas inte längre", "Råd till läsaren", "Definitionernas historia",
                  "enligt båda versionerna", "Ändrad metod"):  # fmt: skip
        assert words in html, words
        assert words in word or words in ("Definitionernas historia", "Ändrad metod"), words  # those are in the annex
    assert "Skattat värde" not in html  # recomputed values are counted, not estimated
    assert next(desk.output.glob("*.pdf")).stat().st_size > 50_000
    with (desk.output / "facts.sdmx.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if (r["MEASURE"], r["TIME_PERIOD"]) == ("handlaggningstid", "2025")]
    assert {(r["VINTAGE"], r["METHOD"], r["OBS_STATUS"]) for r in rows if r["OBS_VALUE"]} == {
        ("_Z", "handlaggningstid@v2", "A"), ("v1", "handlaggningstid@v1", "D"),
    }  # fmt: skip


def test_the_verbs_tell_of_versions_and_of_what_a_change_did(desk):
    listed = desk.run("methods", "list").stdout.splitlines()
    assert any(line.startswith("handlaggningstid\tv1") and "delredovisning/2026-01" in line for line in listed)
    assert any(line.startswith("handlaggningstid\tv2") and "not released" in line for line in listed)
    differing = desk.run("methods", "diff", "handlaggningstid@v1", "handlaggningstid@v2").stdout
    assert "clock.excluded_waiting\t-\tyttrande" in differing
    assert "clock.excluded_waiting\tyttrande" in desk.run("methods", "show", "handlaggningstid@v2").stdout
    bridge = desk.run("methods", "bridge", RELEASE, "--like", "median.alla.2024").stdout.splitlines()
    assert bridge[1].startswith("handlaggningstid.median.alla.2024\t")
    traced = desk.run("trace", RELEASE, "handlaggningstid.median.alla.2024@v1").stdout
    assert "handlaggningstid@v1, content/methods/handlaggningstid/v1.yaml" in traced
    assert desk.run("methods", "show", "handlaggningstid@v9").returncode == 1


def test_a_ledger_is_not_rewritten(desk):
    assert desk.run("ledger", RELEASE).returncode == 0
    assert desk.run("ledger", RELEASE).returncode == 0
    (desk.root / "content/ledger" / f"{RELEASE}.csv").write_text("id\n", encoding="utf-8")
    assert desk.run("ledger", RELEASE).returncode == 1
