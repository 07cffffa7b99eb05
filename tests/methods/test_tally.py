"""No case falls out in silence: rows read are those counted and those left out, for a reason that has a name."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from given import EVENTS, METHODS, cases, delivery, variant
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_builder.methods import compute, flow_identity_problems, notices, select_rows
from report_builder.methods.compute import measure_all
from report_builder.methods.disclosure import protect
from report_builder.methods.fact_builder import CHOSEN, Maker, Measured, Scope
from report_builder.methods.tally import Tally, accounting_problems
from report_builder.periods import Period
from report_builder.problems import ReportError

TYPES = ["psl", "lex-sarah"]
WOMEN = {"id": "kvinnor", "label": "kvinnor", "source_name": "K"}
SPLIT = {"split": {"column": "kon", "parts": [WOMEN]}}
COLUMNS = {"_row": "int64", "arende_id": "string", "arendeslag": "string", "kon": "string",
           **dict.fromkeys(EVENTS, "date")}  # fmt: skip
SOURCE = {"unlisted_case_types": "in-total", **SPLIT}
VARIANTS = {
    "continue": variant({"source": SOURCE}, ["handlaggningstid"]),
    "stock and flows": variant({"source": SOURCE}, ["arendebalans", "arendefloden"]),
    "restart": variant({"source": SOURCE, "clock": {"reopening": "restart"}}, ["handlaggningstid"]),
    "ignore": variant({"source": SOURCE, "clock": {"reopening": "ignore"}}, ["handlaggningstid"]),
    "registered": variant(
        {"source": SOURCE, "population": "registered-in-period", "selection": "Registrerade ärenden",
         "statistics": [{"id": "antal", "kind": "count", "label": "Antal", "unit": "antal"}]},
        ["handlaggningstid"],
    ),
    "open": variant(
        {"source": SOURCE, "population": "open-at-end", "selection": "Öppna ärenden", "clock": {"reopening": "restart"},
         "statistics": [{"id": "antal", "kind": "count", "label": "Antal", "unit": "antal"}]},
        ["handlaggningstid"],
    ),
    "followed": variant(
        {"source": SOURCE, "population": "open-in-period", "selection": "Ärenden", "clock": {"reopening": "restart"},
         "statistics": [{"id": "antal", "kind": "count", "label": "Antal", "unit": "antal"}]},
        ["handlaggningstid"],
    ),
}  # fmt: skip
FIRST = date(2023, 10, 1)


@st.composite
def case(draw):
    """A case that may lack its start, have its dates in any order, and have a type and a part that nothing lists."""
    row = {
        "arendeslag": draw(st.sampled_from([*TYPES, "psl", "okand", None])),
        "kon": draw(st.sampled_from(["K", "M", "X", None])),
        "registrerad": FIRST + timedelta(days=draw(st.integers(0, 450))),
    }
    for before, event in pairwise(EVENTS[: draw(st.integers(1, len(EVENTS)))]):
        row[event] = row[before] + timedelta(days=draw(st.integers(-1, 200)))
    if draw(st.integers(0, 9)) == 0:
        row["registrerad"] = None
    return row


def made(rows, as_of=None):
    """The delivery of such cases."""
    table = [{"_row": i, "arende_id": f"EX-{i}", **{c: row.get(c) for c in list(COLUMNS)[2:]}}
             for i, row in enumerate(rows, start=2)]  # fmt: skip
    return replace(delivery("arenden", "arenden", table, COLUMNS), as_of=as_of)


def rounds_of(row, reopening):
    """Opening and closing of each round by the words of the definition; a reopening that is ignored makes none."""
    closed = max(row["beslutad"], row["expedierad"]) if row.get("beslutad") and row.get("expedierad") else None
    found = [(row.get("registrerad"), closed)]
    if reopening != "ignore":
        again = row.get("nytt_beslut"), row.get("ny_expediering")
        found.append((row.get("aterupptagen"), max(again) if all(again) else None))
    return found


def is_ordered(row, reopening):
    days = [d for pair in rounds_of(row, reopening) for d in pair]
    if days[0] is None:
        return False
    return all(later is None or (before is not None and before <= later) for before, later in pairwise(days))


def units_of(row, measure, name):
    """What a row is chosen as: its rounds, or its times where a duration measures them; each with its first day."""
    reopening = {"restart": "restart", "ignore": "ignore", "open": "restart", "followed": "restart"}.get(name, "go on")
    if not is_ordered(row, reopening):
        return None
    rounds = [pair for pair in rounds_of(row, reopening) if pair[0] is not None]
    if measure == "handlaggningstid" and name in ("continue", "registered"):
        return [(rounds[0][0], rounds[-1][1])]
    return rounds


def chosen(fact, units, name):
    """How many of a row's units a count holds."""
    first, last = fact.period.start, fact.period.end
    inside = [(o is not None and first <= o <= last, c is not None and first <= c <= last) for o, c in units]
    if fact.measure == "arendefloden":
        kind = fact.statistic.split("-")[0]
        return {"inkomna": inside[0][0], "ateroppnade": sum(o for o, _ in inside[1:]),
                "avslutade": sum(c for _, c in inside)}[kind]  # fmt: skip
    if fact.measure == "arendebalans" or name == "open":
        return sum(o <= last and (c is None or c > last) for o, c in units)
    if name == "followed":
        return sum(o <= last and (c is None or c >= first) for o, c in units)
    return sum((o if name == "registered" else c) for o, c in inside)


COUNTS = ("antal", "inkomna", "ateroppnade", "avslutade")


@pytest.mark.parametrize("name", list(VARIANTS))
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(case(), max_size=25), tertial=st.sampled_from(["", "2025-T1"]))
def test_counted_and_left_out_are_what_was_read(name, rows, tertial):
    methods = VARIANTS[name]
    found = measure_all(methods, [made(rows, date(2025, 12, 31))], TYPES, ["2024"], tertial=tertial)
    assert flow_identity_problems(found.facts, methods) == []
    for fact in found.facts:
        statistic, part = methods[fact.measure].whole(fact.statistic)
        came = fact.provenance
        left = Counter({x.reason: x.count for x in came.left_out})
        became = Counter()
        for row in rows:
            became += what_became(row, fact, name, part)
        counted = became.pop("counted", 0)
        if statistic not in COUNTS:
            became["outside"] += counted - came.count
        else:
            assert (came.count, fact.value) == (counted, counted), fact.id
        assert left == +became, fact.id
        assert came.candidates == came.count + left.total()


def what_became(row, fact, name, part):
    """How many candidates of a fact a row is, by what became of them, worked out by itself."""
    units = units_of(row, fact.measure, name)
    number = len(units) if units is not None else 1
    of_type = fact.case_type in (row["arendeslag"], "alla")
    if part is not None and row["kon"] != "K":
        return Counter({"unlisted-part": number if of_type else 0})
    if not of_type:
        return Counter({"unlisted-case-type": 0 if row["arendeslag"] in TYPES else number})
    if units is None:
        return Counter({"no-start" if row["registrerad"] is None else "disorder": 1})
    held = chosen(fact, units, name)
    return Counter({"counted": held, "outside": number - held})


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(case(), min_size=1, max_size=20))
def test_the_rows_of_a_total_are_those_that_it_counts(rows):
    methods = variant({"source": {"unlisted_case_types": "in-total"}}, ["arendebalans", "arendefloden"])
    given_rows = made(rows)
    facts = compute(methods, [given_rows], TYPES, ["2024"])
    for name in ("arendefloden.inkomna.alla.2024", "arendebalans.antal.alla.2024-06-30"):
        fact = facts.require(name)
        found = select_rows(methods[fact.measure], given_rows, fact, TYPES)
        assert len(found) == fact.provenance.count
        assert sorted(r.row for r in found) == list(fact.provenance.rows)


CLOSED = {"registrerad": "2024-01-10", "beslutad": "2024-02-01", "expedierad": "2024-02-02"}


def test_a_case_type_that_nothing_lists_stops_the_build():
    rows = [CLOSED, {"arendeslag": "tilsyn", **CLOSED}, {"arendeslag": "tilsyn", "registrerad": "2024-03-01"}]
    with pytest.raises(ReportError) as caught:
        compute(METHODS, [cases([*rows, {**CLOSED, "arendeslag": None}])], ["psl", "tillsyn"], ["2024"])
    first, second = caught.value.problems
    assert (first.code, first.value, first.count) == ("unlisted-case-type", "tilsyn", 2)
    assert (first.place.file.rpartition("/")[2], first.place.row, first.place.column) == (
        "arenden.csv",
        3,
        "arendeslag",
    )
    for words in ("tillsyn", "source.case_types", "in-total"):
        assert words in first.hint
    assert (second.value, second.count, second.place.row) == (None, 1, 5)
    assert "no case type" in second.message


def test_such_cases_may_be_counted_in_the_total_and_are_told_by_number():
    methods = variant({"source": {"unlisted_case_types": "in-total"}})
    rows = [*[CLOSED] * 3, {**CLOSED, "arendeslag": "okand"}, {**CLOSED, "arendeslag": None}]
    given_rows = [cases(rows)]
    found = measure_all(methods, given_rows, TYPES, ["2024"])
    values = {c: found.facts.require(f"handlaggningstid.antal.{c}.2024").value for c in ("psl", "lex-sarah", "alla")}
    assert values == {"psl": 3, "lex-sarah": 0, "alla": 5}
    assert found.facts.require("handlaggningstid.median.alla.2024").provenance.rows == (2, 3, 4, 5, 6)
    (notice,) = notices(methods, given_rows, found.tallies)
    assert (notice.code, notice.count) == ("unlisted-case-type", 2)
    assert "2 ärenden har ett ärendeslag som inte finns i registret (tomt: 1, okand: 1)" in notice.sentence


def test_a_value_that_no_part_lists_is_told_by_number():
    methods = variant({"source": SPLIT}, ["handlaggningstid"])
    rows = [{"arendeslag": "psl", "kon": kon, **{e: date.fromisoformat(d) for e, d in CLOSED.items()}}
            for kon in ("K", "K", "M", "X", None, None)]  # fmt: skip
    found = measure_all(methods, [made(rows)], TYPES, ["2024"])
    (notice,) = notices(methods, [made(rows)], found.tallies)
    assert (notice.code, notice.count, notice.place.column) == ("unlisted-split-value", 4, "kon")
    assert "4 ärenden har ett värde på kon som ingen del omfattar (tomt: 2, M: 1, X: 1)" in notice.sentence


def test_a_number_that_does_not_add_up_stops_the_build():
    scope = Scope(case_types=("psl",), total="alla", years=(Period("2024"),))
    maker = Maker(method=METHODS["arendebalans"], delivery=cases([]), scope=scope)
    tally = {"psl": Tally(rows=10, no_start=1, disorder=2, outside=Counter({CHOSEN: 4}))}
    assert not list(accounting_problems(maker, Measured(facts=(), counted={(CHOSEN, "psl"): 3}), tally))
    (problem,) = accounting_problems(maker, Measured(facts=(), counted={(CHOSEN, "psl"): 2}), tally)
    assert problem.code == "rows-not-accounted-for"
    assert "10 rows" in problem.message


def test_what_is_withheld_does_not_say_what_was_left_out():
    methods = variant({"disclosure": {"rule": "suppress", "minimum": 5}})
    facts = compute(methods, [cases([CLOSED] * 3)], ["psl"], ["2024"])
    assert facts.require("handlaggningstid.antal.psl.2024").provenance.candidates == 3
    hidden = protect(facts, methods, ["psl"], "alla").require("handlaggningstid.antal.psl.2024")
    assert (hidden.value, hidden.provenance.candidates, hidden.provenance.left_out) == (None, None, ())
    assert facts.require("handlaggningstid.medel.psl.2024").value == Decimal(23)
