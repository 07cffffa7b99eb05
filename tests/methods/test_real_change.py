"""Real cases under two versions: all time counts, and waiting for advice left out; against plain Python."""

import csv
import statistics
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from given import EVENTS, cases, day, delivery, variant
from test_real_log import LOG, TYPES

from report_builder.methods import compute
from report_builder.methods.change import ChangeRecord, Changes
from report_builder.methods.history import Past
from report_builder.methods.release_facts import FactSources, release_facts


@pytest.mark.shared
@pytest.mark.skipif(not LOG.exists(), reason="the shared data is not here")
def test_the_permit_log_under_both_versions():
    with LOG.open(encoding="utf-8") as file:
        log = [
            {**r, "_row": i, **{d: day(r.get(d)) for d in EVENTS}} for i, r in enumerate(csv.DictReader(file), start=2)
        ]
    with LOG.with_name("tillstand_uppehall.csv").open(encoding="utf-8") as file:
        waits = [{**r, "_row": i, "fran": day(r["fran"]), "till": day(r["till"])}
                 for i, r in enumerate(csv.DictReader(file), start=2)]  # fmt: skip
    text = {"_row": "int64", "arende_id": "string"}
    given = delivery("arenden", "arenden", log, text | {"arendeslag": "string"} | dict.fromkeys(EVENTS, "date"))
    more = delivery("arenden", "uppehall", waits, text | {"orsak": "string", "fran": "date", "till": "date"})
    given = replace(given, tables=given.tables | more.tables, sources=given.sources | more.sources)
    events = {"registrering": "registrerad", "beslut": "beslutad", "expediering": "expedierad"}
    causes = sorted({w["orsak"] for w in waits})
    plain = {"source": {"case_types": {v: k for k, v in TYPES.items()}, "events": events}, "clock": {"reopenings": []}}
    old = variant(plain, ["handlaggningstid"])["handlaggningstid"]
    new = variant(plain | {"clock": {"reopenings": [], "excluded_waiting": causes}, "version": "v2"},
                  ["handlaggningstid"])["handlaggningstid"]  # fmt: skip
    ground = FactSources(deliveries=[given], case_types=list(TYPES), years=["2011"], total="alla")
    (bridge,) = release_facts({"handlaggningstid": new}, past(old, new), ground).bridges
    found = {r.new.case_type: r for r in bridge.of("median", "year")}
    of_case = defaultdict(list)
    for wait in waits:
        of_case[wait["arende_id"]].append((wait["fran"], wait["till"] or date.max))
    for case_type, row in found.items():
        both = [_times(r, of_case[r["arende_id"]]) for r in log if case_type in (*_id(r), "alla") and _closed(r, 2011)]
        if not both:
            assert row.old.value is None
            continue
        assert row.old.value == Decimal(str(statistics.median(t for t, _ in both)))
        assert row.new.value == Decimal(str(statistics.median(t for _, t in both)))
    assert any(r.difference.value for r in bridge.rows)


def past(old, new):
    change = ChangeRecord(
        id="a", measure="handlaggningstid", from_version="v1", to_version="v2", what="w", why="y",
        valid_from=date(2030, 1, 1), decided_by="d", decided=date(2029, 1, 1), diarienummer="n",
        comparability="bridged", effect="e", advice="a",
    )  # fmt: skip
    return Past(history={"handlaggningstid": (old, new)}, changes=Changes(rows=(change,)))


def _id(row):
    return [k for k, v in TYPES.items() if v == row["arendeslag"]]


def _closed(row, year):
    stop = max(row["beslutad"], row["expedierad"]) if row["beslutad"] and row["expedierad"] else None
    return stop is not None and stop.year == year and stop >= row["registrerad"]


def _times(row, waits):
    start, stop = row["registrerad"], max(row["beslutad"], row["expedierad"])
    days = [start + timedelta(days=n) for n in range(1, (stop - start).days + 1)]
    return len(days), sum(not any(a < d <= b for a, b in waits) for d in days)


def test_a_clock_that_starts_at_another_event():
    """From "application received" to "fee paid": the time gets shorter, and both versions tell by how much."""
    events = {"ansokan": "registrerad", "avgift": "beslutad", "beslut": "expedierad"}
    common = {"source": {"events": events}, "clock": {"stop": ["beslut"], "reopenings": []}}
    old = variant(common | {"clock": common["clock"] | {"start": "ansokan"}}, ["handlaggningstid"])["handlaggningstid"]
    new = variant(common | {"clock": common["clock"] | {"start": "avgift"}, "version": "v2"},
                  ["handlaggningstid"])["handlaggningstid"]  # fmt: skip
    rows = [{"arendeslag": "psl", "registrerad": "2024-01-01", "beslutad": f"2024-01-{d}", "expedierad": "2024-05-01"}
            for d in (11, 16, 31)]  # fmt: skip
    unpaid = {"arendeslag": "psl", "registrerad": "2024-02-01"}
    ground = FactSources(deliveries=[cases([*rows, unpaid])], case_types=["psl"], years=["2024"], total="alla")
    (bridge,) = release_facts({"handlaggningstid": new}, past(old, new), ground).bridges
    (row,) = [r for r in bridge.of("median", "year") if r.new.case_type == "psl"]
    assert (row.old.value, row.new.value, row.difference.value) == (121, 106, -15)


def test_a_renamed_a_split_and_an_ended_case_type():
    """A new name is the same case type; a split one is told together or by its parts; an ended one runs out."""
    rows = [
        {"arendeslag": "Klagomål", "registrerad": "2024-01-02"},
        {"arendeslag": "Enskildas klagomål", "registrerad": "2024-08-02"},
        {"arendeslag": "ansökan", "registrerad": "2024-02-01"},
        {"arendeslag": "ny ansökan", "registrerad": "2024-07-01"},
        {"arendeslag": "ändring", "registrerad": "2024-07-01"},
        {"arendeslag": "avskaffat", "registrerad": "2024-01-02", "beslutad": "2024-03-01", "expedierad": "2024-03-01"},
    ]
    names = {"Klagomål": "psl", "Enskildas klagomål": "psl", "ansökan": "hel", "ny ansökan": "ny", "ändring": "andring"}
    together = names | {"ny ansökan": "hel", "ändring": "hel"}
    for mapping, types, expected in (
        (names, ["psl", "hel", "ny", "andring", "avskaffat"], {"psl": 2, "hel": 1, "ny": 1, "andring": 1}),
        (together, ["psl", "hel", "avskaffat"], {"psl": 2, "hel": 3}),
    ):
        methods = variant({"source": {"case_types": mapping}})
        facts = compute(methods, [cases(rows)], types, ["2024"])
        found = {t: int(facts.require(f"arendefloden.inkomna.{t}.2024").value) for t in expected}
        assert found == expected
        assert facts.require("arendefloden.inkomna.alla.2024").value == 6
        assert facts.require("arendebalans.antal.avskaffat.2024-12-31").value == 0
        assert facts.require("handlaggningstid.median.avskaffat.2024-Q4").value is None
