"""Clocks that leave time out, count working days or measure other populations: against plain Python, day by day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from given import cases, variant
from hypothesis import given, settings
from hypothesis import strategies as st

from report_builder.methods import compute, flow_identity_problems, select_rows
from report_builder.methods.numbers import parts_of_100
from report_builder.methods.workdays import easter, holidays, is_working

BEGAN = date(2023, 11, 1)
DAYS = [{"id": "antal", "kind": "count", "label": "A", "unit": "antal"},
        {"id": "median", "kind": "median", "label": "M", "unit": "dagar"},
        {"id": "medel", "kind": "mean", "label": "M", "unit": "dagar"},
        {"id": "inom", "kind": "share_within", "months": 2, "label": "I", "unit": "procent"},
        {"id": "inom-fem", "kind": "share_within", "days": 5, "label": "I", "unit": "procent"}]  # fmt: skip


@st.composite
def waited(draw):
    """A case with waits that may overlap, start before it, or go on."""
    start = BEGAN + timedelta(days=draw(st.integers(0, 200)))
    days = draw(st.one_of(st.none(), st.integers(0, 220)))
    row = {"registrerad": start}
    if days is not None:
        row["beslutad"] = row["expedierad"] = start + timedelta(days=days)
    waits = draw(st.lists(st.tuples(st.integers(-30, 200), st.one_of(st.none(), st.integers(0, 90))), max_size=4))
    return row, [(start + timedelta(days=a), None if n is None else start + timedelta(days=a + n)) for a, n in waits]


def counted(start, stop, waits, working):
    """The days after ``start`` until ``stop`` that no wait covers."""
    days = [start + timedelta(days=n) for n in range(1, (stop - start).days + 1)]
    return [d for d in days if not any(a < d <= (b or date.max) for a, b in waits) and (is_working(d) or not working)]


def due(start, months, waits):
    """The last day on which the case is at most so old: the bound, and one day more for each that does not count."""
    month = start.month - 1 + months
    last = (date(start.year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    bound = date(start.year + month // 12, month % 12 + 1, min(start.day, last))
    left, day = (bound - start).days, start
    while day < start + timedelta(days=2000):
        after = day + timedelta(days=1)
        if not any(a < after <= (b or date.max) for a, b in waits):
            if not left:
                return day
            left -= 1
        day = after
    return date.max


@pytest.mark.parametrize("working", [False, True])
@settings(max_examples=6, deadline=None)
@given(st.lists(waited(), min_size=1, max_size=12))
def test_waiting_is_left_out_day_by_day(working, given_cases):
    rules = {"clock": {"excluded_waiting": ["yttrande"], "days": "working" if working else "calendar"}}
    methods = variant(rules | {"statistics": DAYS}, ["handlaggningstid"]) | variant(rules, ["arendebalans"])
    waits = [
        {"arende": i, "fran": a, "till": b} for i, (_, spans) in enumerate(given_cases, start=1) for a, b in spans
    ] + [{"arende": 1, "orsak": "annan", "fran": BEGAN, "till": date(2025, 1, 1)}]
    facts = compute(methods, [cases([row for row, _ in given_cases], waits)], ["psl"], ["2024"])
    closed = [(r, w) for r, w in given_cases if "expedierad" in r and r["expedierad"].year == 2024]
    times = sorted(len(counted(r["registrerad"], r["expedierad"], w, working)) for r, w in closed)
    assert facts.require("handlaggningstid.antal.psl.2024").value == len(times)
    if times:
        middle = Decimal(times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2
        assert facts.require("handlaggningstid.median.psl.2024").value == middle
        within = sum(r["expedierad"] <= due(r["registrerad"], 2, w) for r, w in closed)
        share = facts.require("handlaggningstid.inom.psl.2024").value
        assert round(share, 6) == round(Decimal(100 * within) / len(times), 6)
        few = facts.require("handlaggningstid.inom-fem.psl.2024").value
        assert round(few, 6) == round(Decimal(100 * sum(t <= 5 for t in times)) / len(times), 6)
    for end in (date(2024, 6, 30), date(2024, 12, 31)):
        still = [(r, w) for r, w in given_cases if r["registrerad"] <= end < r.get("expedierad", date.max)]
        old = [r for r, w in still if end > due(r["registrerad"], 6, w)]
        assert facts.require(f"arendebalans.antal.psl.{end}").value == len(still)
        young = facts.require(f"arendebalans.alder-0-6.psl.{end}").value
        assert young == len(still) - len(old)


def test_swedish_working_days():
    assert [easter(y) for y in (1961, 2000, 2019, 2024, 2025, 2038)] == [
        date(1961, 4, 2), date(2000, 4, 23), date(2019, 4, 21), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25),
    ]  # fmt: skip
    assert sorted(d.strftime("%m-%d") for d in holidays(2025)) == [
        "01-01", "01-06", "04-18", "04-21", "05-01", "05-29", "06-06", "06-20", "12-24", "12-25", "12-26", "12-31",
    ]  # fmt: skip
    assert date(2004, 5, 31) in holidays(2004)
    assert date(2005, 6, 6) in holidays(2005)
    assert date(2005, 5, 16) not in holidays(2005)
    assert sum(is_working(date(2025, 1, 1) + timedelta(days=n)) for n in range(365)) == 249


COHORT = [
    {"registrerad": "2023-03-01", "beslutad": "2023-03-11", "expedierad": "2023-03-11"},
    {"registrerad": "2023-03-01", "beslutad": "2023-05-15", "expedierad": "2023-05-15"},
    {"registrerad": "2023-12-01"},
    {"registrerad": "2024-11-15", "beslutad": "2024-11-17", "expedierad": "2024-11-17"},
    {"registrerad": "2024-11-15"},
    {"registrerad": "2024-11-15", "beslutad": "2025-01-05", "expedierad": "2025-01-05"},
]


def test_the_registered_are_followed_until_the_data_ends():
    methods = variant({"population": "registered-in-period", "statistics": DAYS}, ["handlaggningstid"])
    given_rows = cases(COHORT, as_of=date(2024, 12, 31))
    facts = compute(methods, [given_rows], ["psl"], ["2023", "2024"])
    found = {s: facts.require(f"handlaggningstid.{s}.psl.2023").value for s in ("antal", "median", "medel", "inom")}
    assert found == {"antal": 3, "median": 75, "medel": None, "inom": round(Decimal(100) / 3, 9)}
    late = {s: facts.require(f"handlaggningstid.{s}.psl.2024").value for s in ("antal", "median", "inom", "inom-fem")}
    assert late == {"antal": 3, "median": None, "inom": None, "inom-fem": round(Decimal(100) / 3, 9)}
    assert len(select_rows(methods["handlaggningstid"], given_rows, facts.require("handlaggningstid.median.psl.2024"),
                           ["psl"])) == 3  # fmt: skip


def test_the_open_are_as_old_as_they_are_at_each_quarters_end():
    methods = variant({"population": "open-at-end", "statistics": DAYS}, ["handlaggningstid"])
    facts = compute(methods, [cases(COHORT)], ["psl"], ["2023", "2024"])
    assert facts.get("handlaggningstid.median.psl.2024") is None
    assert facts.require("handlaggningstid.medel.psl.2023-03-31").value == 30
    assert facts.require("handlaggningstid.median.psl.2023-12-31").value == 30
    assert facts.require("handlaggningstid.antal.psl.2023-09-30").value == 0
    assert facts.require("handlaggningstid.median.psl.2024-12-31").value == 46
    assert facts.require("handlaggningstid.inom.psl.2023-12-31").value == 100


@pytest.mark.parametrize(
    ("start", "stop", "within"),
    [
        ("2024-01-10", "2024-03-10", 100),  # two months later, to the day
        ("2024-01-10", "2024-03-11", 0),
        ("2023-12-31", "2024-02-29", 100),  # the last day of a shorter month
        ("2023-12-31", "2024-03-01", 0),
    ],
)
def test_a_share_within_a_bound_holds_its_last_day(start, stop, within):
    methods = variant({"statistics": DAYS}, ["handlaggningstid"])
    row = {"registrerad": start, "beslutad": stop, "expedierad": stop}
    facts = compute(methods, [cases([row])], ["psl"], ["2024"])
    assert facts.require("handlaggningstid.inom.psl.2024").value == within


@pytest.mark.parametrize(("stop", "within"), [("2024-01-15", 100), ("2024-01-16", 0)])
def test_a_share_within_some_days_holds_the_last_of_them(stop, within):
    methods = variant({"statistics": DAYS}, ["handlaggningstid"])
    row = {"registrerad": "2024-01-10", "beslutad": stop, "expedierad": stop}
    facts = compute(methods, [cases([row])], ["psl"], ["2024"])
    assert facts.require("handlaggningstid.inom-fem.psl.2024").value == within


@pytest.mark.parametrize(("wait", "within"), [("2024-03-10", 100), ("2024-03-11", 0)])
def test_waiting_that_begins_on_a_bounds_last_day_moves_the_bound(wait, within):
    """The bound is 10 March: who waits from that day on is in time on the 12th, who waits from the 11th is not."""
    rules = {"clock": {"excluded_waiting": ["yttrande"]}, "statistics": DAYS}
    methods = variant(rules, ["handlaggningstid"])
    row = {"registrerad": "2024-01-10", "beslutad": "2024-03-12", "expedierad": "2024-03-12"}
    waits = [{"arende": 1, "fran": wait, "till": "2024-03-12"}]
    facts = compute(methods, [cases([row], waits)], ["psl"], ["2024"])
    assert facts.require("handlaggningstid.inom.psl.2024").value == within


@pytest.mark.parametrize(("months", "expected"), [("thirty-days", "2.5"), ("mean-month", "2.464065708")])
def test_a_time_in_months_has_a_named_month(months, expected):
    statistics = [{"id": "median", "kind": "median", "label": "M", "unit": "manader", "decimals": 1}]
    methods = variant({"clock": {"months": months}, "statistics": statistics}, ["handlaggningstid"])
    facts = compute(methods, [cases([COHORT[1]])], ["psl"], ["2023"])
    assert str(facts.require("handlaggningstid.median.psl.2023").value) == expected


def test_a_case_that_comes_back_twice_for_two_reasons():
    events = {"registrering": "registrerad", "beslut": "beslutad", "aterforvisning": "expedierad",
              "beslut-2": "aterupptagen", "aterupptagande": "nytt_beslut", "beslut-3": "ny_expediering"}  # fmt: skip
    clock = {
        "stop": ["beslut"],
        "reopenings": [
            {"start": "aterforvisning", "stop": ["beslut-2"], "kind": "remittal"},
            {"start": "aterupptagande", "stop": ["beslut-3"]},
        ],
    }
    row = {"registrerad": "2024-01-01", "beslutad": "2024-01-11", "expedierad": "2024-01-31",
           "aterupptagen": "2024-02-10", "nytt_beslut": "2024-03-01", "ny_expediering": "2024-03-06"}  # fmt: skip
    expected = {("continue", "continue"): [65], ("pause", "continue"): [45], ("pause", "pause"): [25],
                ("restart", "continue"): [10, 35], ("restart", "restart"): [5, 10, 10], ("ignore", "ignore"): [10],
                ("pause", "ignore"): [20], ("continue", "restart"): [40, 5]}  # fmt: skip
    for (remittal, reopening), days in expected.items():
        rules = {"source": {"events": events}, "clock": clock | {"remittal": remittal, "reopening": reopening}}
        methods = variant(rules)
        facts = compute(methods, [cases([row])], ["psl"], ["2024"])
        assert facts.require("handlaggningstid.antal.psl.2024").value == len(days)
        mean = facts.require("handlaggningstid.medel.psl.2024").value
        assert round(mean, 6) == round(Decimal(sum(days)) / len(days), 6), (remittal, reopening)
        assert flow_identity_problems(facts, methods) == []


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12).filter(any), st.integers(0, 2))
def test_parts_of_a_whole_sum_to_100_and_stay_near(counts, decimals):
    parts = parts_of_100(counts, decimals)
    assert sum(parts) == 100
    for count, part in zip(counts, parts, strict=True):
        assert abs(part - Decimal(100 * count) / sum(counts)) < Decimal(1).scaleb(-decimals)


@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        ((1, 3, 196), (0, 2, 98)),  # both lose half a step: it goes to the larger count
        ((3, 1, 196), (2, 0, 98)),
        ((1, 1, 1), (34, 33, 33)),  # counts alike: to the first
        ((196, 1, 3), (98, 0, 2)),
    ],
)
def test_among_shares_that_lose_alike_the_larger_and_then_the_first_gains(counts, parts):
    assert parts_of_100(counts, 0) == parts


def test_shares_that_are_parts_of_a_whole_are_printed_as_such():
    bands = [("unga", 0, 6), ("mellan", 6, 12), ("gamla", 12, None)]
    statistics = [{"id": n, "kind": "share", "over_months": a, "label": n, "unit": "procent"} | (
        {"up_to_months": b} if b else {}) for n, a, b in bands]  # fmt: skip
    methods = variant({"statistics": statistics, "sums_to_100": [n for n, _, _ in bands]}, ["arendebalans"])
    rows = [{"registrerad": d} for d in ("2024-10-01", "2024-02-01", "2023-10-01")]
    facts = compute(methods, [cases(rows)], ["psl"], ["2024"])
    assert [facts.require(f"arendebalans.{n}.psl.2024-12-31").value for n, _, _ in bands] == [34, 33, 33]
