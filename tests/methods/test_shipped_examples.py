"""The worked examples that lie beside every shipped method version: the engine gives the answer on paper."""

from collections import Counter

import pytest
from given import ROOT

from report_builder.methods import load_methods, versions
from report_builder.methods.clock import events, rounds, spans, timed
from report_builder.methods.examples import load_examples
from report_builder.methods.method import Durations, Reported
from report_builder.methods.rehearsal import cases_of, failures

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
    assert [p.message for p in failures(examples)] == []


def test_there_are_ten_to_fifteen_and_every_statistic_is_explained(examples):
    assert 10 <= len(examples.rows) <= 15
    explained = {a.statistic for e in examples.rows for a in e.answers}
    assert explained == set(examples.method.labels)


def test_the_time_that_is_drawn_is_the_time_that_is_counted(examples):
    """The timeline's rule, in plain Python, against the engine's: day by day the same."""
    method, rules = examples.method, examples.method.rules
    if isinstance(rules, Reported) or rules.clock.days != "calendar":
        pytest.skip("there is no timeline, or it is not in calendar days")
    for example in examples.rows:
        delivery = cases_of(example, examples, rules)
        found = events(method, rules, delivery, sorted({c.case_type for c in example.cases}))
        drawn = Counter()
        for row, case in enumerate(example.cases, start=2):
            assert not (case.left_out and case.counted)
            for stretch in case.counted:
                if all(s.end is not None for s in case.counted):
                    drawn[row] += (stretch.end - stretch.start).days
        if isinstance(rules, Durations):
            table = timed(rules, delivery, found, spans(rules, found), (), ("row", "span"))
            table = table.filter(table.stop.notnull())
        else:
            table = rounds(rules, found)
            table = table.filter(table.closed.notnull()).mutate(days=table.closed.delta(table.opened, unit="day"))
        counted = Counter()
        for each in table.to_pyarrow().to_pylist():
            counted[each["row"]] += each["days"]
        for row in drawn:
            assert drawn[row] == counted[row], (example.id, row)
