"""Published values are taken over as they are, in every vintage, and nothing that is not understood slips through."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from given import REPORTED, ROOT, day, delivery

from report_builder.facts.fact import ObsStatus, difference, relative_change
from report_builder.methods import compute, notices, select_rows
from report_builder.methods.change import ChangeRecord, Changes
from report_builder.methods.history import Past
from report_builder.methods.release_facts import FactSources, release_facts
from report_builder.problems import ReportError

FILE = ROOT / "content/delredovisning/2026-02/metrics/ivo_publicerade_uppgifter.csv"
COLUMNS = ("arendeslag", "matt", "enhet", "definition", "kalla", "kalla_datum")
SCHEMA = {
    "_row": "int64",
    "period_start": "date",
    "period_slut": "date",
    "varde": "decimal",
    **dict.fromkeys(COLUMNS, "string"),
}
LEX = {"arendeslag": "Lex Sarah", "matt": "inkomna", "enhet": "antal", "definition": "anmälningar", "kalla": "Källan"}
YEAR = {"period_start": date(2022, 1, 1), "period_slut": date(2022, 12, 31)}


def rows_of(*rows):
    table = [
        {"_row": i, "varde": Decimal(1), "kalla_datum": "", **dict.fromkeys(YEAR), **LEX, **row}
        for i, row in enumerate(rows, start=2)
    ]
    return [delivery("publicerade-uppgifter", "uppgifter", table, SCHEMA)]


@pytest.fixture(scope="module")
def real():
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    table = [
        {**r, "_row": i, "varde": Decimal(r["varde"].replace(",", ".")), **{d: day(r[d]) for d in YEAR}}
        for i, r in enumerate(rows, start=2)
    ]
    return rows, [delivery("publicerade-uppgifter", "uppgifter", table, SCHEMA)]


def test_every_published_value_with_a_period_is_a_fact(real):
    rows, deliveries = real
    facts = compute(REPORTED, deliveries, [], ["2025"])
    assert len(facts) == sum(bool(r["period_start"]) for r in rows) == 54
    assert {f.provenance.rows[0] for f in facts} == {i for i, r in enumerate(rows, start=2) if r["period_start"]}
    for fact in facts:
        row = rows[fact.provenance.rows[0] - 2]
        assert fact.value == Decimal(row["varde"].replace(",", "."))
        assert fact.provenance.selection == row["definition"]
        assert row["kalla"] in fact.provenance.citation
        assert not fact.example
    blank = notices(REPORTED, deliveries)
    assert [p.place.row for p in blank] == [i for i, r in enumerate(rows, start=2) if not r["period_start"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("publicerat.inkomna.psl.2024", "5616"),
        ("publicerat.handlaggningstid-median.psl.2025-Q1", "23"),
        ("publicerat.inkomna.psl.2015-01-01/2015-11-30", "5700"),
        ("publicerat.balans.psl.2015-12-01", "3852"),
        ("publicerat.inkomna.lex-sarah.2022", "1131"),
        ("publicerat.inkomna.lex-sarah.2022@2023-06-07", "1132"),
        ("publicerat.handlaggningstid-medel.tillstand.2018-01", "6"),
        ("publicerat.rapporterade.ej-verkstallda-oppenvard.2024", "827"),
    ],
)
def test_some_published_values(real, name, value):
    assert str(compute(REPORTED, real[1], [], ["2025"]).require(name).value) == value


def test_the_latest_vintage_is_the_fact_and_the_others_keep_their_date():
    a = {**YEAR, "varde": Decimal(10), "kalla_datum": "2023-06-07"}
    b = {**YEAR, "varde": Decimal(9), "kalla_datum": "2023-12-12", "definition": "anmälningar, reviderad uppgift"}
    c = {**YEAR, "varde": Decimal(8), "kalla_datum": "2023-06-07"}
    facts = compute(REPORTED, rows_of(a, b, c), [], ["2025"])
    assert {f.id.removeprefix("publicerat.inkomna.lex-sarah."): (str(f.value), f.status) for f in facts} == {
        "2022": ("9", ObsStatus.NORMAL),
        "2022@2023-06-07": ("8", ObsStatus.DEFINITION_DIFFERS),
        "2022@2023-06-07-rad-2": ("10", ObsStatus.DEFINITION_DIFFERS),
    }


def test_a_published_value_leads_back_to_its_row(real):
    fact = compute(REPORTED, real[1], [], ["2025"]).require("publicerat.inkomna.psl.2024")
    (row,) = select_rows(REPORTED["publicerat"], real[1][0], fact, [])
    assert real[0][row.row - 2]["varde"] == "5616"
    assert ("citation", "Vad har IVO sett 2024 (2025)") in row.values


def test_decimals_are_those_of_the_value():
    facts = compute(REPORTED, rows_of({**YEAR, "varde": Decimal("6.2000")}), [], ["2025"])
    assert [(str(f.value), f.decimals) for f in facts] == [("6.2", 1)]


def test_everything_that_is_not_understood_is_said_at_once_with_its_row():
    rows = rows_of(
        {**YEAR, "arendeslag": "Lex Sara"},
        {**YEAR, "matt": "inkommna", "enhet": "stycken"},
        {"period_start": date(2022, 2, 1), "period_slut": date(2022, 1, 1)},
        {**YEAR, "varde": None},
    )
    with pytest.raises(ReportError) as caught:
        compute(REPORTED, rows, [], ["2025"])
    found = [(p.place.row, p.place.column, p.code) for p in caught.value.problems]
    assert found == [
        (2, "arendeslag", "unknown-name"),
        (3, "matt", "unknown-name"),
        (3, "enhet", "unknown-name"),
        (4, "period_start", "date-order"),
        (5, "varde", "not-a-number"),
    ]
    assert "Lex Sarah" in caught.value.problems[0].hint


def test_complaints_before_and_after_the_new_law_are_never_compared(real):
    """The real series across 2018-01-01: a break in population. Nothing is linked, and comparison is refused."""
    method = REPORTED["publicerat"]
    law = ChangeRecord(
        id="ny-klagomalsordning", measure="publicerat", from_version="v1", to_version="v1", case_types=("psl",),
        what="w", why="y", valid_from=date(2018, 1, 1), decided_by="d", decided=date(2017, 6, 1), diarienummer="n",
        comparability="broken", effect="e", advice="a",
    )  # fmt: skip
    past = Past(history={"publicerat": (method,)}, changes=Changes(rows=(law,)))
    given = release_facts(REPORTED, past, FactSources(deliveries=real[1], case_types=[], years=["2025"], total="alla"))
    before, after = (given.facts.require(f"publicerat.inkomna.psl.{year}") for year in ("2011", "2024"))
    assert (before.status, after.status) == (ObsStatus.NORMAL, ObsStatus.BREAK)
    for compare in (difference, relative_change):
        with pytest.raises(ReportError, match="ny-klagomalsordning"):
            compare(after, before)
    assert given.bridges == ()
    assert not any("@lankad" in f.id or "~" in f.id for f in given.facts)
    assert len(given.facts) == 54
    others = [given.facts.require(f"publicerat.inkomna.lex-sarah.{year}") for year in ("2021", "2023")]
    assert difference(others[1], others[0]).value == 1165 - 1191
