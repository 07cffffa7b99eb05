"""The list of revised values: whole, counted once, and said the same everywhere."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder import swedish
from report_builder.facts.fact import Fact, FactSet, ObsStatus, Provenance, difference
from report_builder.facts.ledger import Ledger, ledger_csv, read_ledger
from report_builder.methods.change import ChangeRecord, Changes
from report_builder.methods.revision import RevisionCounts, RevisionRecord, Revisions, find_revisions
from report_builder.methods.revision_list import parse_revision_counts, revision_sentences, revisions_csv
from report_builder.periods import Period
from report_builder.problems import ReportError

BEFORE = "rapport/2026-02"


def fact(name: str, value: str | None, *, method: str = "tid@v1", decimals: int = 0, **more: object) -> Fact:
    measure, statistic, case_type, period = name.split(".")
    made = Fact(
        id=name, measure=measure, statistic=statistic, case_type=case_type, period=Period(period.partition("@")[0]),
        value=None if value is None else Decimal(value), unit="dagar", decimals=decimals, method=method,
    )  # fmt: skip
    return replace(made, **more)


def published(tmp_path, *facts: Fact) -> Ledger:
    path = tmp_path / "content/ledger/rapport/2026-02.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ledger_csv(FactSet(facts), {}), encoding="utf-8")
    return read_ledger(tmp_path, BEFORE)


def record(*facts: str, kind: str = "data-revision", name: str = "a") -> RevisionRecord:
    return RevisionRecord(id=name, release="rapport/2026-t1", kind=kind, facts=facts, why="Därför.")


NOW = [fact("tid.median.a.2024", "10"), fact("tid.median.a.2025-T1", "12.4"), fact("tid.median.b.2025", "13")]
EVERY = [record("*")]


def test_every_period_kind_and_case_type_is_in_the_list_and_printed_ones_are_told_apart(tmp_path):
    before = published(tmp_path, *(replace(f, value=f.value + 1) for f in NOW))
    found = find_revisions(before, FactSet(NOW), Changes(), EVERY, {"tid.median.a.2025-T1"})
    assert [r.fact.id for r in found.values] == sorted(f.id for f in NOW)
    assert [r.fact.id for r in found.printed] == ["tid.median.a.2025-T1"]
    assert found.counts == RevisionCounts(published_in=BEFORE, printed={"data-revision": 1}, unprinted=2)


@pytest.mark.parametrize(
    ("then", "differs"),
    [
        ({"value": Decimal("12.44")}, "decimals"),
        ({"value": Decimal("12.5")}, "value"),
        ({"value": None, "status": ObsStatus.MISSING}, "value"),
        ({"value": None, "status": ObsStatus.SUPPRESSED}, "value"),
        ({"status": ObsStatus.PROVISIONAL}, "mark"),
        ({"decimals": 1}, "value"),
        ({"unit": "antal"}, "value"),
        ({}, "nothing"),
    ],
)
def test_what_prints_differently_is_told_from_decimals_and_marks(tmp_path, then, differs):
    now = fact("tid.median.a.2025", "12.4")
    before = published(tmp_path, replace(now, **then))
    found = find_revisions(before, FactSet([now]), Changes(), EVERY, {now.id})
    counts = found.counts
    assert (counts.total, counts.below, counts.remarked) == (
        int(differs == "value"), int(differs == "decimals"), int(differs == "mark"),
    )  # fmt: skip
    (row,) = revisions_csv(found).splitlines()[1:]
    assert f",{differs}," in row
    assert parse_revision_counts(revisions_csv(found).encode(), "f") == counts


def test_decimals_of_what_the_report_does_not_print_are_not_counted(tmp_path):
    now = fact("tid.median.a.2025", "12.4")
    found = find_revisions(published(tmp_path, replace(now, value=Decimal("12.44"))), FactSet([now]), Changes(), ())
    assert (found.below, found.unexplained) == ((), ())


def test_a_derived_value_follows_the_weightiest_of_what_it_is_derived_from(tmp_path):
    then = [fact("tid.median.a.2024", "10"), fact("tid.median.a.2025", "20")]
    now = [fact("tid.median.a.2024", "11"), fact("tid.median.a.2025", "23")]
    before = published(tmp_path, *then, difference(then[1], then[0]))
    records = [record("tid.median.a.2024"), record("tid.median.a.2025", kind="correction", name="b")]
    found = find_revisions(before, FactSet([*now, difference(now[1], now[0])]), Changes(), records)
    kinds = {r.fact.id: (r.kind, r.record) for r in found.values}
    assert kinds["tid.median.a.2025~2024"] == ("correction", "b")
    assert not found.unexplained


def test_a_derived_value_that_nothing_moves_must_be_explained(tmp_path):
    goal = fact("mal.avvikelse.a.2025", "5", provenance=Provenance(derived_from=("tid.median.a.2025",)))
    before = published(tmp_path, replace(goal, value=Decimal(4)))
    found = find_revisions(before, FactSet([goal, fact("tid.median.a.2025", "1")]), Changes(), ())
    assert [u.fact.id for u in found.unexplained] == [goal.id]


def test_of_what_is_not_explained_only_what_leads_is_asked_for(tmp_path):
    then = [fact("tid.median.a.2024", "10"), fact("tid.median.a.2025", "20")]
    now = [fact("tid.median.a.2024", "10"), fact("tid.median.a.2025", "23")]
    before = published(tmp_path, *then, difference(then[1], then[0]))
    found = find_revisions(before, FactSet([*now, difference(now[1], now[0])]), Changes(), ())
    assert [u.fact.id for u in found.unexplained] == ["tid.median.a.2025"]


def test_a_projection_needs_no_record(tmp_path):
    ahead = fact("mal.framskriven.a.2027-06-30", "5", status=ObsStatus.FORECAST)
    found = find_revisions(published(tmp_path, replace(ahead, value=Decimal(4))), FactSet([ahead]), Changes(), ())
    assert [(r.kind, r.record) for r in found.values] == [("forecast", "")]


CHANGE = ChangeRecord(
    id="x", measure="tid", from_version="v1", to_version="v2", what="w", why="y", valid_from="2026-05-01",
    decided_by="d", decided="2026-04-01", diarienummer="n", comparability="bridged", effect="e", advice="a",
)  # fmt: skip


@pytest.mark.parametrize(
    ("by_old", "kind"), [("20", "method-change"), ("21", "method-and-data"), (None, "method-change")]
)
def test_what_the_version_before_says_today_parts_method_from_data(tmp_path, by_old, kind):
    name = "tid.median.a.2025"
    before = published(tmp_path, fact(name, "20"))
    now = [fact(name, "15", method="tid@v2"), *([fact(f"{name}@v1", by_old)] if by_old else [])]
    found = find_revisions(before, FactSet(now), Changes(rows=(CHANGE,)), ())
    assert [r.kind for r in found.values] == [kind]
    assert not find_revisions(before, FactSet(now), Changes(), ()).values


numbers = st.integers(0, 3000)


@given(
    st.dictionaries(st.sampled_from(["method-change", "method-and-data", "correction", "data-revision", "forecast"]),
                    st.integers(1, 3000), max_size=5),
    numbers, numbers, numbers,
)  # fmt: skip
def test_the_sentences_add_up_and_deny_only_what_is_not(printed, unprinted, below, remarked):
    counts = RevisionCounts(published_in=BEFORE, printed=printed, unprinted=unprinted, below=below, remarked=remarked)
    first, *rest = revision_sentences(counts)
    if printed:
        assert first.startswith(f"{swedish.number(sum(printed.values()))} av rapportens värden skiljer sig")
        assert all(swedish.number(count) in first for count in printed.values())
    else:
        assert first == "Inget av rapportens värden skiljer sig från dem i den förra rapporten."
    assert len(rest) == sum(bool(count) for count in (unprinted, below, remarked))
    assert not any("nget" in sentence for sentence in rest)


def test_nothing_is_said_where_nothing_was_published():
    assert revision_sentences(RevisionCounts()) == ()
    assert revisions_csv(Revisions()).count("\n") == 1
    assert revision_sentences(parse_revision_counts(revisions_csv(Revisions()).encode(), "f")) == ()


def test_that_nothing_differs_is_kept_in_the_file():
    counts = parse_revision_counts(revisions_csv(Revisions(published_in=BEFORE)).encode(), "f")
    assert counts == RevisionCounts(published_in=BEFORE)


@pytest.mark.parametrize("data", [b"\xe4", b"a,b\n1,2\n", b'fact,"\n'])
def test_what_is_no_list_is_refused(data):
    with pytest.raises(ReportError) as caught:
        parse_revision_counts(data, "revisions.csv")
    assert caught.value.problems[0].code == "bad-revisions"
