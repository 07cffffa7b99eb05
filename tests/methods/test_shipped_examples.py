"""The worked examples that lie beside every shipped method version: the engine gives the answer on paper."""

import shutil
from collections import Counter

import ibis
import pytest
from given import ROOT

from report_builder.methods import load_methods, versions
from report_builder.methods.clock import case_rounds, events, spans, timed
from report_builder.methods.example_runs import cases_of, example_failures
from report_builder.methods.examples import load_examples
from report_builder.methods.method import Durations, Flows, Reported
from report_builder.problems import ReportError

MEASURES = sorted(p.name for p in (ROOT / "content/methods").iterdir())
SHIPPED = [
    load_methods(ROOT, {measure: version}, alone=True)[measure]
    for measure in MEASURES
    for version in versions(ROOT, measure)
]


@pytest.fixture(params=SHIPPED, ids=lambda m: m.id)
def examples(request):
    found = load_examples(ROOT, request.param)
    assert found is not None, f"{request.param.id} has no worked examples"
    return found


def test_the_engine_gives_the_answers_on_paper(examples):
    assert [p.message for p in example_failures(examples)] == []


def test_there_are_ten_to_fifteen_and_every_statistic_is_explained(examples):
    assert 10 <= len(examples.rows) <= 15
    explained = {a.statistic for e in examples.rows for a in e.answers}
    assert explained == set(examples.method.labels)


def test_the_time_that_is_drawn_is_the_time_that_is_counted(examples):
    """The timeline's rule, in plain Python, against the engine's: day by day the same."""
    method, rules = examples.method, examples.method.rules
    if isinstance(rules, Reported | Flows):
        return
    rows = [case.model_copy(update={"case_type": "a"}) for e in examples.rows for case in e.model.cases]
    drawn = [case for e in examples.rows for case in e.cases]
    delivery = cases_of(rows, rules, None)
    found = events(method, rules, delivery, ["a"])
    if isinstance(rules, Durations):
        table = timed(rules, delivery, found, spans(rules, found).filter(ibis._.stop.notnull()), (), ("row", "span"))
    else:
        table = case_rounds(rules, found).filter(ibis._.closed.notnull())
        table = table.mutate(days=table.closed.delta(table.opened, unit="day"))
    counted = Counter()
    for each in table.to_pyarrow().to_pylist():
        counted[each["row"]] += each["days"]
    for row, case in enumerate(drawn, start=2):
        assert not (case.left_out and case.counted)
        if all(s.end is not None for s in case.counted):
            assert counted[row] == sum((s.end - s.start).days for s in case.counted), row
    assert sum(bool(case.counted) for case in drawn) > 5


def test_an_answer_that_is_wrong_is_told_with_its_line(tmp_path):
    shutil.copytree(ROOT / "content/methods", tmp_path / "content/methods")
    path = tmp_path / "content/methods/arendebalans/v1.exempel.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    line = next(i for i, text in enumerate(lines) if "answer: 1}" in text)
    lines[line] = lines[line].replace("answer: 1}", "answer: 7}")
    path.write_text("".join(lines), encoding="utf-8")
    method = load_methods(tmp_path, {"arendebalans": "v1"})["arendebalans"]
    (problem,) = example_failures(load_examples(tmp_path, method))
    assert (problem.code, problem.place.line) == ("example-differs", line + 1)
    assert "1 by the engine, but 7 on paper" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("registrering: 2024", "registering: 2024", "unknown-event"),
        ("statistic: antal", "statistic: antall", "unknown-statistic"),
        ("period: 2024-03-31", "period: 2024-M3", "bad-value"),
        ("answer: saknas", "answer: ingen", "bad-value"),
        ("id: vantan", "id: andelen", "duplicate-id"),
        ("shows:", "visar:", "unknown-field"),
    ],
)
def test_a_faulty_example_says_where(tmp_path, old, new, code):
    shutil.copytree(ROOT / "content/methods", tmp_path / "content/methods")
    path = tmp_path / "content/methods/arendebalans/v1.exempel.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    method = load_methods(tmp_path, {"arendebalans": "v1"})["arendebalans"]
    with pytest.raises(ReportError) as caught:
        load_examples(tmp_path, method)
    assert code in {p.code for p in caught.value.problems}
    assert all(p.place.file.endswith("v1.exempel.yaml") and p.place.line for p in caught.value.problems)
