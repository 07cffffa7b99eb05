"""Statistics split by a column, such as sex: the same cases counted again for each part, and small parts protected."""

from dataclasses import replace

import pytest
from given import ROOT, cases, delivery, variant

from report_builder.facts.fact import ObsStatus
from report_builder.methods import compute, flow_identity_problems, load_methods, select_rows
from report_builder.methods.disclosure import protect
from report_builder.problems import ReportError

WOMEN = {"id": "kvinnor", "label": "kvinnor", "source_name": "K"}
MEN = {"id": "man", "label": "män", "source_name": "M"}
SPLIT = {"source": {"split": {"column": "kon", "parts": [WOMEN, MEN]}}}


def given_with_sex(rows):
    """Cases with a column of their own for sex: K, M or nothing."""
    made = cases(rows)
    table = [{"_row": i, "kon": row.get("kon")} for i, row in enumerate(rows, start=2)]
    sexes = delivery("arenden", "kon", table, {"_row": "int64", "kon": "string"}).tables["kon"].rename(its_row="_row")
    whole = made.tables["arenden"]
    joined = whole.left_join(sexes, whole["_row"] == sexes["its_row"]).drop("its_row")
    return replace(made, tables=made.tables | {"arenden": joined})


def closed(kon, days, number):
    day = f"2024-02-{days:02d}"
    return [{"kon": kon, "registrerad": "2024-02-01", "beslutad": day, "expedierad": day}] * number


def test_each_part_is_counted_by_itself():
    methods = variant(SPLIT)
    given = given_with_sex(
        [*closed("K", 11, 6), *closed("M", 21, 7), *closed(None, 29, 1), {"kon": "M", "registrerad": "2024-03-01"}]
    )
    facts = compute(methods, [given], ["psl"], ["2024"])
    found = {s: facts.require(f"handlaggningstid.{s}.psl.2024").value for s in (
        "antal", "antal-kvinnor", "antal-man", "median-kvinnor", "median-man", "andel-6-manader-man")}  # fmt: skip
    assert found == {"antal": 14, "antal-kvinnor": 6, "antal-man": 7, "median-kvinnor": 10, "median-man": 20,
                     "andel-6-manader-man": 100}  # fmt: skip
    assert facts.require("arendebalans.antal-man.alla.2024-12-31").value == 1
    assert facts.require("arendefloden.inkomna-kvinnor.psl.2024-Q1").value == 6
    median = facts.require("handlaggningstid.median-man.psl.2024")
    assert (median.label, median.provenance.selection[-3:]) == ("Mediantid, män", "män")
    assert len(select_rows(methods["handlaggningstid"], given, median, ["psl"])) == 7
    assert flow_identity_problems(facts, methods) == []


def test_a_small_part_is_not_given_away_by_the_other():
    rule = {"disclosure": {"rule": "suppress", "minimum": 5}}
    methods = variant(SPLIT | rule)
    given = given_with_sex([*closed("K", 11, 30), *closed("M", 21, 3)])
    facts = protect(compute(methods, [given], ["psl"], ["2024"]), methods, ["psl"], "alla")
    for name in ("antal-man", "median-man", "antal-kvinnor"):
        assert facts.require(f"handlaggningstid.{name}.psl.2024").status is ObsStatus.SUPPRESSED, name
    assert facts.require("handlaggningstid.antal.psl.2024").value == 33
    unsaid = given_with_sex([*closed("K", 11, 30), *closed("M", 21, 3), *closed(None, 21, 9)])
    facts = protect(compute(methods, [unsaid], ["psl"], ["2024"]), methods, ["psl"], "alla")
    assert facts.require("handlaggningstid.antal-man.psl.2024").status is ObsStatus.SUPPRESSED
    assert facts.require("handlaggningstid.antal-kvinnor.psl.2024").value == 30  # those of no part hide the men


def test_a_column_that_is_not_there_is_named_with_its_line():
    with pytest.raises(ReportError) as caught:
        compute(variant(SPLIT, ["handlaggningstid"]), [cases(closed("K", 11, 1))], ["psl"], ["2024"])
    (problem,) = caught.value.problems
    assert (problem.code, problem.value) == ("unknown-column", "kon")
    assert problem.place.line > 1


def test_a_part_may_not_take_the_id_of_a_statistic():
    clash = {"statistics": [{"id": "antal", "kind": "count", "label": "A", "unit": "antal"},
                            {"id": "antal-man", "kind": "count", "label": "B", "unit": "antal"}]}  # fmt: skip
    with pytest.raises(ReportError, match="antal-man would have two meanings"):
        variant(SPLIT | clash, ["handlaggningstid"])


def test_without_a_split_nothing_is_added():
    methods = load_methods(ROOT, {"handlaggningstid": "v1"})
    assert methods["handlaggningstid"].parts == ()
    assert methods["handlaggningstid"].whole("andel-6-manader") == ("andel-6-manader", None)
