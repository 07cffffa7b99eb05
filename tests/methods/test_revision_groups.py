"""Revised values by cause: late reopenings, another extract, or nothing in the data; each with the cases behind it."""

from dataclasses import replace

import pytest
from given import METHODS, cases

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.ledger import LedgerEntry
from report_builder.methods.change import Changes
from report_builder.methods.history import Past
from report_builder.methods.release_facts import FactSources, release_facts
from report_builder.methods.revision import Unexplained
from report_builder.methods.revision_groups import Extracts, cases_csv, group_by_cause, missing_records
from report_builder.workspace.yamlfile import parse_text

CLOSED = [
    {"registrerad": f"2025-0{month}-01", "beslutad": f"2025-0{month}-11", "expedierad": f"2025-0{month}-11"}
    for month in (1, 4, 7)
]
REOPENED = {"aterupptagen": "2026-01-05"}


def extract(rows: list[dict[str, str]], digest: str) -> Delivery:
    """A delivery whose file has a checksum of its own."""
    made = cases(rows)
    return replace(made, sources={k: replace(s, sha256=digest * 64) for k, s in made.sources.items()})


def facts_of(delivery: Delivery):
    sources = FactSources(deliveries=[delivery], case_types=["psl"], years=["2025"], total="alla")
    return release_facts(METHODS, Past(history={}, changes=Changes()), sources).facts


def revised(then: Delivery, now: Delivery, *ids: str):
    """The groups of the values that differ between two extracts, of those that are asked for."""
    before, after = facts_of(then), facts_of(now)
    values = []
    for name in ids:
        old, new = before.require(name), after.require(name)
        assert old.value != new.value, name
        entry = LedgerEntry(
            id=name, value=old.value, unit=old.unit, decimals=old.decimals, status="A", method=old.method,
            fingerprint="",
        )  # fmt: skip
        values.append(Unexplained(entry=entry, fact=new))
    extracts = Extracts(
        then={then.dataset: then},
        now={now.dataset: now},
        method=lambda name: METHODS[name.partition("@")[0]],
        case_types=["psl"],
        total="alla",
    )
    return group_by_cause(values, extracts)


def test_a_case_that_was_reopened_late_is_behind_the_values_that_it_left():
    now = [CLOSED[0], CLOSED[1], CLOSED[2] | REOPENED]
    (group,) = revised(
        extract(CLOSED, "a"),
        extract(now, "b"),
        "handlaggningstid.antal.psl.2025",
        "handlaggningstid.antal.alla.2025-Q3",
    )
    assert group.cause == "late-reopening"
    assert [v.cases for v in group.values] == [("EX-4",), ("EX-4",)]


ONE_MORE = {"registrerad": "2025-09-01", "beslutad": "2025-10-01", "expedierad": "2025-10-01"}


@pytest.mark.parametrize(
    ("now", "behind"),
    [
        ([*CLOSED, ONE_MORE], ("EX-5",)),
        (CLOSED[:2], ("EX-4",)),
        ([CLOSED[0], CLOSED[1] | REOPENED, CLOSED[2], ONE_MORE, ONE_MORE], ("EX-3", "EX-5", "EX-6")),
    ],
    ids=["one more", "one less", "one reopened and two more"],
)
def test_rows_that_came_or_went_are_another_extract(now, behind):
    (group,) = revised(extract(CLOSED, "a"), extract(now, "b"), "handlaggningstid.antal.psl.2025")
    assert (group.cause, group.values[0].cases) == ("new-extract", behind)


def test_a_case_that_was_closed_since_is_not_behind_the_backlog_of_an_earlier_day():
    """It was open then, and still was; only the case that was registered afterwards for an earlier day counts."""
    then = [*CLOSED, {"registrerad": "2025-08-01"}]
    now = [
        *CLOSED,
        {"registrerad": "2025-08-01", "beslutad": "2026-01-02", "expedierad": "2026-01-02"},
        {"registrerad": "2025-09-01"},
    ]
    (group,) = revised(extract(then, "a"), extract(now, "b"), "arendebalans.antal.psl.2025-12-31")
    assert (group.cause, group.values[0].cases) == ("new-extract", ("EX-6",))


def test_a_flow_has_the_cases_that_happened():
    now = [CLOSED[0], CLOSED[1], CLOSED[2] | {"aterupptagen": "2025-12-05"}]
    (group,) = revised(extract(CLOSED, "a"), extract(now, "b"), "arendefloden.ateroppnade.psl.2025")
    assert (group.cause, group.values[0].cases) == ("late-reopening", ("EX-4",))


def test_with_the_same_files_a_value_is_corrected_in_another_way():
    then, now = extract(CLOSED, "a"), extract(CLOSED[:2], "a")
    (group,) = revised(then, now, "handlaggningstid.antal.psl.2025")
    assert group.cause == "correction"


def test_without_the_earlier_delivery_no_case_is_named():
    then, now = extract(CLOSED, "a"), extract(CLOSED[:2], "b")
    (known,) = revised(then, now, "handlaggningstid.antal.psl.2025")
    extracts = Extracts(then={}, now={now.dataset: now}, method=METHODS.__getitem__, case_types=["psl"], total="alla")
    (group,) = group_by_cause([v.value for v in known.values], extracts)
    assert (group.cause, group.cases) == ("new-extract", ())


def test_each_cause_becomes_a_row_with_every_value_and_its_cases_beside_it():
    now = [CLOSED[0], CLOSED[1] | REOPENED, CLOSED[2], {"registrerad": "2025-10-01"}]
    groups = revised(
        extract(CLOSED, "a"), extract(now, "b"), "handlaggningstid.antal.psl.2025", "arendefloden.inkomna.alla.2025"
    )
    text, names = missing_records(groups, "rapport/2026-t1", "rapport/2026-02", {"nytt-uttag-rapport-2026-t1"})
    rows = parse_text(f"rows:\n{text}", "r.yaml").data["rows"]
    assert [row["id"] for row in rows] == list(names) == [
        "sena-aterupptaganden-rapport-2026-t1", "nytt-uttag-rapport-2026-t1-2",
    ]  # fmt: skip
    assert [row["facts"] for row in rows] == [["handlaggningstid.antal.psl.2025"], ["arendefloden.inkomna.alla.2025"]]
    assert {(row["release"], row["kind"], row["why"]) for row in rows} == {
        ("rapport/2026-t1", "data-revision", "FYLL-I")
    }
    assert "handlaggningstid.antal.psl.2025  # 3 → 2, 1 ärende" in text
    assert cases_csv(groups, names).splitlines() == [
        "record,fact,published,now,case",
        "sena-aterupptaganden-rapport-2026-t1,handlaggningstid.antal.psl.2025,3,2,EX-3",
        "nytt-uttag-rapport-2026-t1-2,arendefloden.inkomna.alla.2025,3,4,EX-5",
    ]
    assert "EX-3" not in text, "a register is published, and cases are not"
