"""Small counts cannot be found again: neither in their cell nor by any sum that a reader can form."""

from itertools import product

import pytest
from given import cases, variant
from hypothesis import given, settings
from hypothesis import strategies as st

from report_builder.facts.fact import ObsStatus
from report_builder.methods import compute, flow_identity_problems
from report_builder.methods.disclosure import cells_to_withhold, equations, protect

TYPES = ["psl", "lex-sarah", "hsp"]
RULE = {"disclosure": {"rule": "suppress", "minimum": 5}}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=3, max_size=3))
def test_no_small_count_follows_from_a_table(table):
    counts = {f"{i}{j}": table[i][j] for i, j in product(range(3), range(3))}
    sums = []
    for i in range(3):
        row, column = [f"{i}{j}" for j in range(3)], [f"{j}{i}" for j in range(3)]
        for whole, parts in ((f"{i}+", row), (f"+{i}", column)):
            counts[whole] = sum(counts[p] for p in parts)
            sums.append({whole: 1, **dict.fromkeys(parts, -1)})
    for margins in ([f"{i}+" for i in range(3)], [f"+{i}" for i in range(3)]):
        counts["++"] = sum(counts[m] for m in margins)
        sums.append({"++": 1, **dict.fromkeys(margins, -1)})
    small = {name for name, count in counts.items() if 0 < count < 5}
    hidden = cells_to_withhold(counts, sums, small)
    assert small <= hidden
    for name in small:
        assert _another_table_fits(sums, hidden, name), (table, hidden, name)


def _another_table_fits(sums, hidden, name):
    """Whether the withheld cells can be changed, ``name`` among them, and every sum still hold (by floats and rank)."""
    import numpy as np

    cells = sorted(hidden)
    matrix = np.array([[equation.get(c, 0) for c in cells] for equation in sums], dtype=float)
    unit = np.array([[float(c == name) for c in cells]])
    return np.linalg.matrix_rank(np.vstack([matrix, unit])) > np.linalg.matrix_rank(matrix)


def given_cases():
    many = [{"registrerad": f"2024-0{m}-1{d}"} for m in (2, 5, 8) for d in range(8)]
    closed = [{**row, "beslutad": "2024-09-30", "expedierad": "2024-10-01"} for row in many[:12]]
    few = [{"arendeslag": "lex-sarah", "registrerad": "2024-05-02"}]
    other = [{"arendeslag": "hsp", **row} for row in (*many[:9], *closed)]
    return [*many, *closed, *few, *other]


def test_a_small_count_is_withheld_with_what_gives_it_away():
    methods = variant(RULE)
    raw = compute(methods, [cases(given_cases())], TYPES, ["2024"])
    facts = protect(raw, methods, TYPES, "alla")
    lone = facts.require("arendefloden.inkomna.lex-sarah.2024")
    assert (lone.value, lone.status, lone.provenance.rows, lone.provenance.count) == (
        None, ObsStatus.SUPPRESSED, (), None,
    )  # fmt: skip
    for equation in equations(raw, methods, TYPES, "alla"):
        hidden = [n for n in equation if facts.require(n).status is ObsStatus.SUPPRESSED]
        assert len(hidden) != 1 or raw.require(hidden[0]).value == 0 or raw.require(hidden[0]).value >= 5, equation
    assert flow_identity_problems(raw, methods) == []
    assert facts.require("arendefloden.inkomna.alla.2024").value is not None


def test_statistics_of_few_cases_are_withheld_too():
    row = {"registrerad": "2024-01-01", "beslutad": "2024-02-01", "expedierad": "2024-02-01"}
    methods = variant(RULE)
    facts = protect(compute(methods, [cases([row] * 4)], ["psl"], ["2024"]), methods, ["psl"], "alla")
    assert facts.require("handlaggningstid.median.psl.2024").status is ObsStatus.SUPPRESSED
    assert facts.require("arendebalans.antal.psl.2024-12-31").value == 0


def test_counts_are_rounded_to_a_base():
    methods = variant({"disclosure": {"rule": "round", "base": 5}})
    raw = compute(methods, [cases(given_cases())], TYPES, ["2024"])
    facts = protect(raw, methods, TYPES, "alla")
    assert all(f.value % 5 == 0 for f in facts if f.unit == "antal")
    assert facts.require("arendefloden.inkomna.lex-sarah.2024").value == 0
    assert facts.require("arendefloden.inkomna.alla.2024").value == 60
    assert raw.require("arendefloden.inkomna.alla.2024").value == 58


@pytest.mark.parametrize("measure", ["handlaggningstid", "arendebalans", "arendefloden"])
def test_without_a_rule_nothing_changes(measure):
    methods = variant({}, [measure] if measure != "arendefloden" else ["arendebalans", "arendefloden"])
    raw = compute(methods, [cases(given_cases())], TYPES, ["2024"])
    assert protect(raw, methods, TYPES, "alla") is raw


def closed_in_time(in_time, late):
    start, soon, later = "2024-01-01", "2024-02-01", "2024-09-02"
    return [{"registrerad": start, "beslutad": d, "expedierad": d} for d in [soon] * in_time + [later] * late]


@pytest.mark.parametrize(
    ("in_time", "late", "withheld_too"), [(18, 2, True), (2, 18, True), (20, 0, False), (10, 8, False)]
)
def test_a_share_that_tells_a_small_count_is_withheld(in_time, late, withheld_too):
    methods = variant(RULE)
    rows = closed_in_time(in_time, late)
    facts = protect(compute(methods, [cases(rows)], ["psl"], ["2024"]), methods, ["psl"], "alla")
    share = facts.require("handlaggningstid.andel-6-manader.psl.2024")
    assert (share.status is ObsStatus.SUPPRESSED) is withheld_too
    assert facts.require("handlaggningstid.antal.psl.2024").value == in_time + late
    assert facts.require("handlaggningstid.andel-6-manader.alla.2024").status is share.status


@pytest.mark.parametrize(
    ("in_time", "late", "hidden"),
    [(16, 4, True), (15, 5, False), (4, 16, True), (5, 15, False), (20, 0, False), (0, 20, False)],
)
def test_a_share_is_withheld_for_its_small_rest_alone(in_time, late, hidden):
    """All cases are closed in one quarter, so that no other count is small: the rest of the share gives itself away."""
    methods = variant(RULE, ["handlaggningstid"])
    soon = [{"registrerad": "2024-05-01", "beslutad": "2024-07-01", "expedierad": "2024-07-01"}] * in_time
    slow = [{"registrerad": "2023-12-01", "beslutad": "2024-07-02", "expedierad": "2024-07-02"}] * late
    facts = protect(compute(methods, [cases(soon + slow)], ["psl"], ["2024"]), methods, ["psl"], "alla")
    for period in ("2024", "2024-Q3"):
        share = facts.require(f"handlaggningstid.andel-6-manader.psl.{period}")
        assert (share.status is ObsStatus.SUPPRESSED) is hidden
        assert facts.require(f"handlaggningstid.antal.psl.{period}").value == in_time + late


def test_a_share_that_is_left_gives_no_other_share_away():
    """Two case types and their total: where one share is withheld, the total's would give it away."""
    rows = closed_in_time(18, 2) + [{**r, "arendeslag": "hsp"} for r in closed_in_time(9, 9)]
    methods = variant(RULE)
    facts = protect(compute(methods, [cases(rows)], ["psl", "hsp"], ["2024"]), methods, ["psl", "hsp"], "alla")
    shares = {t: facts.require(f"handlaggningstid.andel-6-manader.{t}.2024") for t in ("psl", "hsp", "alla")}
    hidden = [t for t, share in shares.items() if share.status is ObsStatus.SUPPRESSED]
    assert "psl" in hidden
    assert len(hidden) > 1


def test_a_share_of_the_stock_does_not_give_its_age_bands_away():
    rows = [{"registrerad": "2023-01-10"}] * 3 + [{"registrerad": "2024-11-01"}] * 20
    methods = variant(RULE)
    facts = protect(compute(methods, [cases(rows)], ["psl"], ["2024"]), methods, ["psl"], "alla")
    assert facts.require("arendebalans.alder-12-24.psl.2024-12-31").status is ObsStatus.SUPPRESSED
    assert facts.require("arendebalans.andel-over-6-manader.psl.2024-12-31").status is ObsStatus.SUPPRESSED


def test_shares_are_taken_of_rounded_counts():
    methods = variant({"disclosure": {"rule": "round", "base": 5}})
    facts = protect(compute(methods, [cases(closed_in_time(17, 6))], ["psl"], ["2024"]), methods, ["psl"], "alla")
    assert facts.require("handlaggningstid.andel-6-manader.psl.2024").value == 60  # 15 of 25
    few = protect(compute(methods, [cases(closed_in_time(2, 0))], ["psl"], ["2024"]), methods, ["psl"], "alla")
    assert few.require("handlaggningstid.andel-6-manader.psl.2024").value is None
