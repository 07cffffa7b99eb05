"""A method file that is wrong says where, and all of what is wrong."""

import shutil

import pytest
from given import METHODS, ROOT, cases, delivery

from report_builder.facts.fact import Fact, FactSet
from report_builder.methods import compute, flow_identity_problems, load_methods, notices, versions
from report_builder.problems import ReportError, Severity

PINS = {"handlaggningstid": "v1", "arendebalans": "v1", "arendefloden": "v1", "publicerat": "v1"}


@pytest.fixture
def workspace(tmp_path):
    shutil.copytree(ROOT / "content/methods", tmp_path / "content/methods")
    return tmp_path


def edit(workspace, measure, old, new):
    path = workspace / f"content/methods/{measure}/v1.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return 1 + text[: text.index(old)].count("\n")


def problems_of(workspace, pins=None):
    with pytest.raises(ReportError) as caught:
        load_methods(workspace, pins or PINS)
    return caught.value.problems


def test_the_methods_of_the_workspace():
    methods = load_methods(ROOT, PINS)
    assert list(methods) == sorted(PINS)
    method = methods["handlaggningstid"]
    assert (method.id, method.name, method.labels["median"]) == ("handlaggningstid@v1", "Handläggningstid", "Mediantid")
    assert all(m.definition and m.explanation and m.rules.why for m in methods.values())


def test_a_version_that_does_not_exist_names_those_that_do(workspace):
    folder = workspace / "content/methods/arendebalans"
    for version in ("v2", "v10"):
        (folder / f"{version}.yaml").write_text("x", encoding="utf-8")
    assert versions(workspace, "arendebalans") == ("v1", "v2", "v10")
    missing, unknown = problems_of(workspace, {"arendebalans": "v3", "handlagningstid": "v1"})
    assert (missing.code, missing.value) == ("unknown-method-version", "v3")
    assert "v1, v2, v10" in missing.hint
    assert unknown.code == "unknown-measure"
    assert "handlaggningstid" in unknown.hint


FAULTS = [
    ("handlaggningstid", "start: registrering", "start: registering", "unknown-event"),
    ("handlaggningstid", "stop: [beslut, expediering]", "stop: [beslut, delgivning]", "unknown-event"),
    ("handlaggningstid", "family: duration", "family: durations", "unknown-family"),
    ("handlaggningstid", "version: v1", "version: v2", "path-mismatch"),
    ("handlaggningstid", "kind: percentile, percent: 90,", "kind: percentile,", "statistic-bound"),
    ("handlaggningstid", "{id: medel,", "{id: median,", "duplicate-statistic"),
    ("handlaggningstid", "why: >-", "varfor: >-", "unknown-field"),
    ("handlaggningstid", "days: calendar", "days: banking", "bad-value"),
    ("handlaggningstid", "excluded_waiting: []", "excluded_waiting: [yttrande]", "no-waiting"),
    ("handlaggningstid", "months: calendar", "months: lunar", "bad-value"),
    (
        "handlaggningstid",
        "kind: median, label: Mediantid, unit: dagar",
        "kind: count, label: M, unit: dagar, days: 3",
        "statistic-bound",
    ),
    ("arendebalans", "statistics:", "sums_to_100: [andel-over-6-manad]\nstatistics:", "unknown-statistic"),
    ("arendebalans", "id: alder-6-12", "id: alder-0-6", "duplicate-statistic"),
    ("arendefloden", "plus: [", "plus: [] #", "bad-value"),
    ("publicerat", "månader: manader", "månader: år", "bad-value"),
]


@pytest.mark.parametrize(("measure", "old", "new", "code"), FAULTS)
def test_a_fault_is_named_with_file_and_line(workspace, measure, old, new, code):
    line = edit(workspace, measure, old, new)
    found = [p for p in problems_of(workspace) if p.code == code]
    assert found, code
    assert found[0].place.file == f"content/methods/{measure}/v1.yaml"
    assert found[0].place.line == line


def test_an_identity_of_unknown_statistics_is_refused(workspace):
    line = edit(workspace, "arendefloden", "stock: arendebalans.antal", "stock: arendebalans.antall")
    (problem,) = problems_of(workspace)
    assert (problem.code, problem.value, problem.place.line) == ("unknown-statistic", "arendebalans.antall", line - 1)
    assert "arendebalans.antal" in problem.hint


def test_faults_of_every_file_come_at_once(workspace):
    edit(workspace, "handlaggningstid", "start: registrering", "start: a")
    edit(workspace, "handlaggningstid", "stop: [beslut, expediering]", "stop: [b, expediering]")
    (workspace / "content/methods/arendebalans/v1.md").unlink()
    edit(workspace, "publicerat", "name: Publicerade", "name: [")
    assert sorted(p.code for p in problems_of(workspace)) == [
        "broken-yaml", "file-missing", "unknown-event", "unknown-event",
    ]  # fmt: skip


def test_a_method_that_names_what_no_delivery_has(workspace):
    edit(workspace, "handlaggningstid", "expediering: expedierad", "expediering: expedierat")
    edit(workspace, "arendebalans", "object: arenden", "object: arende")
    edit(workspace, "arendefloden", "dataset: arenden", "dataset: arende")
    del (pins := dict(PINS))["publicerat"]
    methods = load_methods(workspace, pins)
    with pytest.raises(ReportError) as caught:
        compute(methods, [cases([])], ["psl"], ["2024"])
    assert sorted((p.code, p.hint) for p in caught.value.problems) == [
        ("dataset-not-delivered", "Did you mean arenden?"),
        ("unknown-column", "Did you mean expedierad, ny_expediering?"),
        ("unknown-object", "Did you mean arenden?"),
    ]


def test_cases_that_contradict_themselves_are_left_out_with_one_warning():
    given = cases(
        [
            {"registrerad": "2024-05-02"},
            {"registrerad": "2024-05-02", "beslutad": "2024-01-01", "expedierad": "2024-01-01"},
        ]
    )
    (problem,) = notices(METHODS, [given])
    assert (problem.code, problem.severity, problem.place.row) == ("events-out-of-order", Severity.WARNING, 3)


def test_the_identity_check_can_fail():
    facts = compute(METHODS, [cases([{"registrerad": "2024-05-02"}])], ["psl"], ["2024"])
    assert flow_identity_problems(facts, METHODS) == []
    wrong = [_plus_one(f) if f.id == "arendebalans.antal.psl.2024-12-31" else f for f in facts]
    found = flow_identity_problems(FactSet(wrong), METHODS)
    assert [p.message.split(":")[0] for p in found] == ["psl 2024", "psl 2024-Q4"]


def _plus_one(fact: Fact) -> Fact:
    from dataclasses import replace

    return replace(fact, value=fact.value + 1)


def test_example_data_marks_every_fact():
    facts = compute(METHODS, [cases([{"registrerad": "2024-05-02"}])], ["psl"], ["2024"])
    assert all(f.example and f.method.endswith("@v1") and f.provenance.contract == "arenden@1.0.0" for f in facts)
    assert delivery("x", "y", [], {"_row": "int64"}).example is False
