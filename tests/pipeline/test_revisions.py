"""A figure that was published as 1 132 and is 1 131 half a year later: through the ledger, offered, filled in, told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from workspaces import RELEASE, Desk, small_workspace

from report_builder import pipeline
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.facts.fact import ObsStatus
from report_builder.methods.revision_list import parse_revision_counts, revisions_csv
from report_builder.narrative.compose import Composition
from report_builder.output.plan import read_plan
from report_builder.output.revision_offer import offer_records
from report_builder.problems import ReportError
from report_builder.workspace.workspace import Workspace
from report_builder.workspace.yamlfile import parse_text

BEFORE = "delredovisning/2026-01"
SHARED = "content/registers/revideringar.yaml"
OWN = f"content/{RELEASE}/registers/revideringar.yaml"
CASES = f"output/{RELEASE}-revideringar.csv"
FACT = "publicerat.inkomna.lex-sarah.2022"
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A release whose ledger was written before a later figure came, and before a case was reopened."""
    found = small_workspace(tmp_path_factory.mktemp("revisions"))
    figures, extract = found.metrics / "ivo_publicerade_uppgifter.csv", found.metrics / "arenden.csv"
    whole = figures.read_text(encoding="utf-8"), extract.read_text(encoding="utf-8")
    figures.write_text(whole[0].replace(";1131;antal;", ";1132;antal;"), encoding="utf-8")
    extract.write_text(_never_reopened(whole[1]), encoding="utf-8")
    done = found.run("ledger", RELEASE)
    assert done.returncode == 0, done.stderr
    before = found.root / "content" / BEFORE
    _copy(found.release, before)
    for old, new in (("release: 2026-02", "release: 2026-01"), ("published: 2026-02-27", "published: 2026-01-30")):
        found.edit(f"content/{BEFORE}/release.yaml", old, new)
    written = found.root / "content/ledger" / f"{RELEASE}.csv"
    written.rename(written.with_name("2026-01.csv"))
    figures.write_text(whole[0], encoding="utf-8")
    extract.write_text(whole[1], encoding="utf-8")
    return found


def _never_reopened(text: str) -> str:
    """The extract as it was before anything in it was reopened."""
    rows = (line.split(";") for line in text.splitlines())
    return "".join(";".join([*r[:6], "", "", ""] if r[0] != "arende_id" else r) + "\n" for r in rows)


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


@pytest.fixture(scope="module")
def missing(published: Desk) -> pipeline.UnexplainedRevisionError:
    """What stops a build where nothing is explained."""
    with pytest.raises(pipeline.UnexplainedRevisionError) as caught:
        composed(published)
    return caught.value


@pytest.fixture
def desk(published: Desk) -> Iterator[Desk]:
    """The workspace without any record of this release, as every test finds it."""
    yield published
    for name in (OWN, CASES):
        (published.root / name).unlink(missing_ok=True)


def composed(desk: Desk) -> Composition:
    return pipeline.write_from(pipeline.basis_of(read_plan(Workspace(desk.root), RELEASE)))


def offered(desk: Desk, missing: pipeline.UnexplainedRevisionError) -> str:
    """What a build writes where records are missing."""
    offer_records(Workspace(desk.root), RELEASE, BEFORE, missing.groups)
    return (desk.root / OWN).read_text(encoding="utf-8")


def filled(desk: Desk) -> None:
    """The analyst's part: a reason in every row."""
    path = desk.root / OWN
    path.write_text(path.read_text(encoding="utf-8").replace("FYLL-I", "Källan har räknats om."), encoding="utf-8")


def test_a_build_offers_a_record_for_each_cause_with_every_value_and_its_cases(desk: Desk) -> None:
    done = desk.run("build", RELEASE)
    assert done.returncode == 1
    assert done.stderr.count("[unclassed-revision]") == 2
    assert len(re.findall(r"no record says why: \S+ was \d+ and is \d+\.", done.stderr.replace("\n", " "))) == 2
    assert f"{OWN}:" in done.stderr
    assert not desk.output.exists()
    text = (desk.root / OWN).read_text(encoding="utf-8")
    assert text.count("why: FYLL-I") == text.count("  - id: ") == 2
    assert "sena-aterupptaganden-delredovisning-2026-02" in text
    assert "nytt-uttag-delredovisning-2026-02" in text
    assert f"      - {FACT}  # 1 132 → 1 131\n" in text
    rows = list(csv.DictReader(io.StringIO((desk.root / CASES).read_text(encoding="utf-8"))))
    behind = {row["case"] for row in rows if row["record"].startswith("sena-")}
    assert behind
    assert behind <= {f"T-{i:04d}" for i in range(50, 301, 50)}
    assert not any(case in text for case in behind if case)
    assert {row["fact"] for row in rows} == {
        line.split()[1] for line in text.splitlines() if line.startswith("      - ")
    }


def test_until_somebody_fills_in_why_the_record_and_its_line_are_named(
    desk: Desk, missing: pipeline.UnexplainedRevisionError
) -> None:
    text = offered(desk, missing)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "FYLL-I" in line]
    for verb in (("build", RELEASE), ("facts", RELEASE)):
        done = desk.run(*verb)
        assert done.returncode == 1
        assert all(f"{OWN}:{line}" in done.stderr for line in lines)
        assert done.stderr.count("[fill-in]") == 2
    assert (desk.root / OWN).read_text(encoding="utf-8") == text


def test_filled_in_the_values_are_listed_counted_and_explained(
    desk: Desk, missing: pipeline.UnexplainedRevisionError
) -> None:
    offered(desk, missing)
    filled(desk)
    composition = composed(desk)
    found = {r.fact.id: r for r in composition.revisions.values}
    revision = found[FACT]
    assert (revision.kind, revision.published_in) == ("data-revision", BEFORE)
    assert (revision.before, revision.now) == (Decimal(1132), Decimal(1131))
    assert composition.facts.require(f"{FACT}@2023-06-07").status is ObsStatus.DEFINITION_DIFFERS
    document = composition.document
    (table,) = [b for b in document.blocks if isinstance(b, n.Table) and b.id == "tab-revideringar"]
    rows = [[plain_text(cell) for cell in row.cells] for row in table.rows]
    assert ["Inkomna ärenden", "Lex Sarah", "2022", f"1{NBSP}132", f"1{NBSP}131", "Ändrade uppgifter"] in rows
    assert "Ändrade uppgifter: Källan har räknats om." in [plain_text(note) for note in table.notes]
    counts = composition.revisions.counts
    assert counts.total == len(rows)
    assert parse_revision_counts(revisions_csv(composition.revisions).encode(), "revisions.csv") == counts
    said = [plain_text(b.content) for b in document.blocks if isinstance(b, n.Paragraph)]
    sentence = f"{counts.total} av rapportens värden skiljer sig från dem i den förra rapporten"
    assert any(words.startswith(sentence) for words in said)


def test_a_row_in_the_shared_register_explains_as_well(desk: Desk) -> None:
    row = f'  - {{id: a, release: {RELEASE}, kind: correction, facts: ["*"], why: Källan har räknats om.}}\n'
    register = desk.root / SHARED
    kept = register.read_text(encoding="utf-8")
    register.write_text(kept + row, encoding="utf-8")
    try:
        composition = composed(desk)
    finally:
        register.write_text(kept, encoding="utf-8")
    assert {r.kind for r in composition.revisions.values} == {"correction"}
    (table,) = [b for b in composition.document.blocks if isinstance(b, n.Table) and b.id == "tab-revideringar"]
    assert {plain_text(row.cells[-1]) for row in table.rows} == {"Rättelse"}


def test_what_stands_in_the_register_stays_and_the_rest_is_added_behind_it(
    desk: Desk, missing: pipeline.UnexplainedRevisionError
) -> None:
    path = desk.root / OWN
    path.parent.mkdir(exist_ok=True)
    name = "sena-aterupptaganden-delredovisning-2026-02"
    mine = f"# Min fil\nrows:\n  - {{id: {name}, release: {RELEASE}, kind: correction, facts: [x.y], why: Rättat.}}"
    path.write_text(mine, encoding="utf-8")
    text = offered(desk, missing)
    assert text.startswith(f"{mine}\n")
    rows = parse_text(text, OWN).data["rows"]
    assert [row["id"] for row in rows] == [name, f"{name}-2", "nytt-uttag-delredovisning-2026-02"]
    again = offered(desk, missing)
    assert again.startswith(text)
    assert len({row["id"] for row in parse_text(again, OWN).data["rows"]}) == 5


@pytest.mark.parametrize(
    "mine",
    ["rows: []\n", "[]\n", "rows:\n  - {id: egen}\nmer: 1\n", "rows:\n    - {id: egen}\n", "rows: [\n", "\ufeff- x\n"],
)
def test_a_register_that_cannot_be_added_to_is_left_as_it_is(
    desk: Desk, missing: pipeline.UnexplainedRevisionError, mine: str
) -> None:
    path = desk.root / OWN
    path.parent.mkdir(exist_ok=True)
    path.write_text(mine, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        offered(desk, missing)
    assert caught.value.problems[0].place is not None
    assert caught.value.problems[0].place.file == OWN
    assert path.read_text(encoding="utf-8") == mine
    assert not (desk.root / CASES).exists()


def test_only_a_build_writes_records(desk: Desk, missing: pipeline.UnexplainedRevisionError) -> None:
    assert {p.code for p in missing.problems} == {"unclassed-revision"}
    assert all(f"Run report-builder build {RELEASE}" in p.hint for p in missing.problems)
    assert not (desk.root / OWN).exists()


def test_without_the_earlier_delivery_the_values_are_offered_all_the_same(
    desk: Desk, missing: pipeline.UnexplainedRevisionError
) -> None:
    kept = desk.root / "content" / BEFORE / "metrics/arenden.csv"
    aside = kept.rename(kept.with_suffix(".borta"))
    try:
        with pytest.raises(pipeline.UnexplainedRevisionError) as caught:
            composed(desk)
    finally:
        aside.rename(kept)
    (group,) = caught.value.groups
    assert (group.cause, group.cases) == ("new-extract", ())
    assert {v.value.fact.id for v in group.values} == {v.value.fact.id for g in missing.groups for v in g.values}


def test_a_release_that_publishes_for_the_first_time_has_nothing_to_compare_with(desk: Desk) -> None:
    ledger = desk.root / "content/ledger" / f"{BEFORE}.csv"
    aside = ledger.rename(ledger.with_suffix(".borta"))
    try:
        composition = composed(desk)
    finally:
        aside.rename(ledger)
    assert composition.revisions.counts.published_in == ""
    assert revisions_csv(composition.revisions).count("\n") == 1
    words = " ".join(plain_text(b.content) for b in composition.document.blocks if isinstance(b, n.Paragraph))
    assert "Det finns inga tidigare publicerade uppgifter att jämföra med." in words
    assert "av rapportens värden" not in words


def test_a_ledger_that_excel_saved_is_refused_with_its_line(desk: Desk) -> None:
    ledger = desk.root / "content/ledger" / f"{BEFORE}.csv"
    kept = ledger.read_bytes()
    ledger.write_bytes(kept.replace(b"\n", b"\xe4\n", 3))
    try:
        with pytest.raises(ReportError) as caught:
            read_plan(Workspace(desk.root), RELEASE)
    finally:
        ledger.write_bytes(kept)
    assert [(p.code, p.place and p.place.line) for p in caught.value.problems] == [("bad-ledger", 1)]
    assert "ANSI" in caught.value.problems[0].message
