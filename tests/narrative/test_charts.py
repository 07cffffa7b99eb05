"""Charts against the facts: what is drawn and what is said of it is what the figure's data holds."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from scenes import Scene

from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.facts.claims import claims_of
from report_builder.facts.fact import FactSet

TEMPLATE = "templates/delredovisning/v1/template.yaml"


@pytest.fixture(scope="module")
def drawn(measured: Scene) -> tuple[n.Figure, n.Document, FactSet]:
    """A line chart of the report, and the document and facts that it is of."""
    composition = measured.compose()
    figure = next(f for f in walk(composition.document) if isinstance(f, n.Figure) and f.id == "fig-balans")
    return figure, composition.document, composition.facts


def _faults(drawn: tuple[n.Figure, n.Document, FactSet], change: Callable[[n.Figure], n.Figure]) -> list[str]:
    figure, document, facts = drawn
    alone = dataclasses.replace(document, blocks=(change(figure),))
    return [claim.fault for claim in claims_of(alone, facts.get) if claim.fault]


def _values(spec: Any) -> list[dict[str, Any]]:
    """The rows of a specification that hold a value."""
    if isinstance(spec, dict):
        rows = [spec] if isinstance(spec.get(n.DRAWN_VALUE), int | float) else []
        return rows + [row for child in spec.values() for row in _values(child)]
    return [row for child in spec for row in _values(child)] if isinstance(spec, list) else []


def test_a_chart_as_it_is_written_holds(drawn: tuple[n.Figure, n.Document, FactSet]) -> None:
    assert len(_values(drawn[0].spec)) >= 8
    assert _faults(drawn, lambda figure: figure) == []


def test_a_chart_that_draws_another_value_than_its_data_is_found(drawn: tuple[n.Figure, n.Document, FactSet]) -> None:
    def other(figure: n.Figure) -> n.Figure:
        spec = copy.deepcopy(figure.spec)
        _values(spec)[0][n.DRAWN_VALUE] += 1
        return dataclasses.replace(figure, spec=spec)

    assert _faults(drawn, other) == ["the chart draws a value that its data does not hold"]


def test_a_text_alternative_with_a_figure_of_its_own_is_found(drawn: tuple[n.Figure, n.Document, FactSet]) -> None:
    said = _faults(drawn, lambda figure: dataclasses.replace(figure, alt=f"{figure.alt} Högst var 987 654."))
    assert set(said) == {"the text alternative says a figure that the chart's data does not hold"}


def test_more_series_than_colours_is_told_and_no_colour_stands_for_two(scene: Scene) -> None:
    scene.edit(TEMPLATE, "series: [{label: Samtliga ärendeslag, case_type: alla}]", "series: [{each: case_types}]")
    (fault,) = scene.faults()
    assert (fault.code, fault.place and fault.place.line is not None) == ("too-many-series", True)
    assert "8 series, and there are 5 colours" in fault.message
