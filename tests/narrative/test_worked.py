"""Worked examples in print: what is drawn and told is what the method counts, and a wrong figure is caught."""

import dataclasses
from datetime import date
from itertools import pairwise

import pytest
from scenes import STYLE

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.facts.claims import claims_of
from report_builder.methods.examples import load_examples
from report_builder.methods.load import load_methods
from report_builder.narrative.chapters import worked_examples as worked
from report_builder.narrative.charts.timelines import Strip, StripSpan, timelines


def _printed(project, measure, version):
    method = load_methods(project, {measure: version}, alone=True)[measure]
    examples = load_examples(project, method)
    return examples, worked.blocks(examples, str, STYLE)


@pytest.fixture(scope="module", params=["v1", "v2"])
def printed(request, project):
    return _printed(project, "handlaggningstid", request.param)


def _drawn_words(spec):
    return [v["text"] for layer in spec["layer"] for v in layer["data"]["values"] if "text" in v]


def test_every_example_is_told_and_its_time_is_the_one_that_the_engine_is_tested_with(printed):
    examples, (*_, table) = printed
    assert len(table.rows) == len(examples.rows) >= 10
    for example, row in zip(examples.rows, table.rows, strict=True):
        told = plain_text(row.cells[0])
        assert example.title in told
        assert example.shows in told
        own = [a for a in example.answers if a.statistic == "median" and a.period.kind == "year"]
        if len(example.cases) == 1 and own and own[0].value is not None:
            assert plain_text(row.cells[2]).split("\N{NO-BREAK SPACE}")[0] == str(own[0].value)


def test_a_case_is_drawn_with_its_title_its_time_and_its_first_and_last_day(printed):
    examples, (*figures, _) = printed
    words = [word for figure in figures for word in _drawn_words(figure.spec)]
    told = " ".join(figure.alt for figure in figures)
    for number, example in enumerate(examples.rows, 1):
        if len(example.cases) == 1:
            days = [mark.day.isoformat() for mark in example.cases[0].marks]
            assert f"{number}. {example.title}" in words
            assert {min(days), max(days)} <= set(words)
            assert f"{number}. {example.title}: " in told


def test_no_figure_is_so_tall_that_it_needs_a_page_and_each_says_what_it_holds(printed):
    examples, (*figures, table) = printed
    drawn = [number for number, example in enumerate(examples.rows, 1) if 0 < len(example.cases) <= 2]
    assert len(figures) > 1
    held = [[n for n in drawn if f"{n}. {examples.rows[n - 1].title}" in _drawn_words(f.spec)] for f in figures]
    assert [number for numbers in held for number in numbers] == drawn
    assert max(map(len, held)) - min(map(len, held)) <= 1
    for numbers, figure in zip(held, figures, strict=True):
        assert len(numbers) <= 4
        assert plain_text(figure.caption).endswith(f"exempel {numbers[0]}–{numbers[-1]}")
        assert figure.data.id == table.id
    assert len({figure.id for figure in figures}) == len(figures)


def test_waiting_is_hatched_where_it_is_left_out_and_shaded_where_it_counts(project):
    first, second = (
        [
            word
            for figure in _printed(project, "handlaggningstid", version)[1][:-1]
            for word in _drawn_words(figure.spec)
        ]
        for version in ("v1", "v2")
    )
    assert "Väntan som räknas" in first
    assert "Väntan som dras av" not in first
    assert "Väntan som dras av" in second


def test_a_figure_that_the_examples_do_not_hold_is_caught(printed):
    _, (figure, *others, table) = printed
    document = n.Document(meta=None, blocks=(figure, *others, table))
    assert not [claim for claim in claims_of(document, {}.get) if claim.fault]
    lying = dataclasses.replace(figure, alt=f"{figure.alt} Det tog 4711 dagar.")
    document = n.Document(meta=None, blocks=(lying, *others, table))
    assert [claim.words for claim in claims_of(document, {}.get) if claim.fault] == ["4\N{NO-BREAK SPACE}711"]


def test_stocks_flows_and_published_values_are_told_too(project):
    _, (stock, *_) = _printed(project, "arendebalans", "v1")
    assert "Dag som svaret gäller" in _drawn_words(stock.spec)
    _, (flow, *_) = _printed(project, "arendefloden", "v1")
    assert isinstance(flow, n.Figure)
    _, (published,) = _printed(project, "publicerat", "v1")
    assert "utan period" in " ".join(plain_text(c) for row in published.rows for c in row.cells)


def test_words_under_a_strip_never_lie_over_each_other():
    days = [date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3), date(2024, 12, 30), date(2024, 12, 31)]
    wait = StripSpan(kind="shaded", start=days[1], end=days[2], label="väntan på komplettering")
    strip = Strip(title="t", told="", events=(("A", days[0]), ("B", days[-1])), spans=(wait,), until=days[-1],
                  marked=tuple(days))  # fmt: skip
    spec = timelines([strip], {"shaded": "s", "marked": "m"}, STYLE)
    texts = [v for layer in spec["layer"] for v in layer["data"]["values"] if "text" in v]
    below = sorted((v["x"], v["text"]) for v in texts if v["y"] == max(v["y"] for v in texts))
    assert len(below) == 6
    assert all(x + 5 * len(text) < following for (x, text), (following, _) in pairwise(below))


def test_the_appendix_stands_in_the_report(scene):
    document = scene.compose().document
    ids = [node.id for node in walk(document) if isinstance(node, n.Figure | n.Table)]
    assert {"fig-exempel-handlaggningstid", "tab-exempel-handlaggningstid", "tab-exempel-publicerat"} <= set(ids)
