"""Colours of an authority: how they stand out, and that those of its charts can be told apart."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from report_builder.workspace.colours import ChartColours, alike, chart_colours, contrast, stands_out

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#ff0000", 4.0), ("#00559b", 7.57)]
)
def test_contrast_is_that_of_the_guidelines(colour: str, ratio: float) -> None:
    assert round(contrast(colour), 2) == ratio
    assert contrast(colour, colour) == 1.0


@given(COLOURS, COLOURS)
def test_the_colours_of_charts_can_be_told_apart_whatever_the_authority_s_are(primary: str, accent: str) -> None:
    assume(contrast(primary) >= 4.5 and contrast(accent) >= 3)
    found = chart_colours(primary, accent, ChartColours())  # is validated as one that somebody wrote
    assert found.palette[0] == primary
    assert len(found.palette) >= 3
    assert all(contrast(colour) >= 4.5 for colour in found.palette)
    assert not any(alike(*two) for two in combinations(found.palette, 2))
    assert found.pair is not None and contrast(*found.pair) >= 2 and min(map(contrast, found.pair)) >= 3
    assert all(contrast(lighter) < contrast(darker) for lighter, darker in pairwise(found.shades))


def test_what_somebody_wrote_goes_before() -> None:
    own = ChartColours(pair=("#00447c", "#d9782d"))
    found = chart_colours("#00559b", "#a8440a", own)
    assert (found.pair, found.palette[:2]) == (own.pair, ("#00559b", "#a8440a"))


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ({"palette": ["#00559b", "#f0d000"]}, r"1\.\d\d : 1 to white, and 4\.5 is needed"),
        ({"palette": ["#00559b", "#00559c"]}, "look alike"),
        ({"palette": ["#00559b"]}, "at least two"),
        ({"palette": ["blue", "#00559b"]}, "pattern"),
        ({"pair": ["#00447c", "#7a2a83"]}, "black and white"),
        ({"pair": ["#00447c", "#e9a86d"]}, r"3\.0 is needed"),
        ({"shades": ["#c6dbef", "#0b3c6f", "#2f7ab8", "#7fb0d9"]}, "not clearly darker"),
        ({"shades": ["#c6dbef", "#2f7ab8", "#2f7ab7", "#0b3c6f"]}, "not clearly darker"),
    ],
)
def test_colours_that_cannot_be_told_apart_are_refused_in_words(own: dict[str, list[str]], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ChartColours.model_validate(own)


def test_exactly_enough_is_enough() -> None:
    assert contrast("#767676") >= 4.5 > contrast("#777777")
    assert stands_out("#767676", 4.5) == "#767676"
    with pytest.raises(ValueError, match=r"4\.48 : 1 to white, and 4\.5 is needed"):
        stands_out("#777777", 4.5)
