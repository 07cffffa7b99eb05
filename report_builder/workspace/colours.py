"""The colours of an authority: how they stand out from white and from each other, and those of its charts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from report_builder.workspace.yamlfile import Model

ENOUGH_FOR_TEXT, ENOUGH_FOR_LINES = 4.5, 3.0
"""WCAG 2.1: contrast of text (1.4.3) and of lines and surfaces that mean something (1.4.11)."""

_APART = 2.0
"""The contrast between two bars that stand side by side and are printed in black and white."""

_STEP = 1.2
"""The contrast between two shades that follow each other."""

_ALIKE = 18.0
"""Two colours that lie closer than this in CIELAB (CIE 1976 difference) are taken for one by a reader of a legend."""


def contrast(first: str, second: str = "#ffffff") -> float:
    """The contrast ratio of two colours (``#rrggbb``) by WCAG 2.1, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tint(colour: str, strength: float) -> str:
    """The colour mixed with white: all of it at strength 1, white at 0."""
    return "#" + "".join(f"{round(255 - (255 - c) * strength):02x}" for c in _channels(colour))


def shade(colour: str, strength: float) -> str:
    """The colour mixed with black: all of it at strength 1, black at 0."""
    return "#" + "".join(f"{round(c * strength):02x}" for c in _channels(colour))


def alike(first: str, second: str) -> bool:
    """Whether a reader takes two colours for one."""
    apart = zip(_lab(first), _lab(second), strict=True)
    return sum((a - b) ** 2 for a, b in apart) < _ALIKE**2


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(colour: str) -> tuple[float, float, float]:
    """Red, green and blue as light, from 0 to 1 (sRGB, IEC 61966-2-1)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _unit(colour))
    return red, green, blue


def _unit(colour: str) -> tuple[float, float, float]:
    red, green, blue = _channels(colour)
    return red / 255, green / 255, blue / 255


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(colour: str) -> tuple[float, float, float]:
    """CIELAB under D65, by way of XYZ (IEC 61966-2-1)."""
    red, green, blue = _linear(colour)
    x, y, z = (
        _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505),
        _root(0.2126 * red + 0.7152 * green + 0.0722 * blue),
        _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089),
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29


def stands_out(colour: str, enough: float) -> str:
    """``colour``, if it has the contrast ``enough`` to white. Raises ValueError, in words, where it has not."""
    ratio = contrast(colour)
    if ratio < enough:
        raise ValueError(f"{colour} has the contrast {ratio:.2f} : 1 to white, and {enough} is needed; choose a darker")
    return colour


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
TextColour = Annotated[Colour, AfterValidator(lambda colour: stands_out(colour, ENOUGH_FOR_TEXT))]
LineColour = Annotated[Colour, AfterValidator(lambda colour: stands_out(colour, ENOUGH_FOR_LINES))]


class ChartColours(Model):
    """The colours of charts; what is left out is made of the authority's own two.

    ``palette`` tells series apart, and names them at the ends of lines. ``pair`` is for two series of bars, which must
    differ in black and white too. ``shades`` run from light to dark, for parts that have an order.
    """

    palette: tuple[TextColour, ...] = Field(default=(), max_length=8)
    pair: tuple[LineColour, LineColour] | None = None
    shades: tuple[Colour, ...] = Field(default=(), max_length=8)

    @model_validator(mode="after")
    def _tell_things_apart(self) -> Self:
        if 0 < len(self.palette) < 2 or 0 < len(self.shades) < 4:
            raise ValueError("a palette has at least two colours, and there are at least four shades")
        for first, second in combinations(self.palette, 2):
            if alike(first, second):
                raise ValueError(f"{first} and {second} in the palette look alike; choose another for one of them")
        if self.pair is not None and contrast(*self.pair) < _APART:
            raise ValueError(f"{' and '.join(self.pair)} look alike in black and white; make one of the pair lighter")
        for lighter, darker in pairwise(self.shades):
            if _luminance(darker) >= _luminance(lighter) or contrast(lighter, darker) < _STEP:
                raise ValueError(f"{darker} is not clearly darker than {lighter}; shades run from light to dark")
        return self


_OTHERS = ("#1a6b3c", "#7a2a83", "#5c5c5c", "#00559b", "#a8440a")
"""Colours that fill up a palette: each with at least 6 : 1 to white, told apart by the common colour-blindnesses."""

_SERIES = 5
"""How many series a palette tells apart where the authority says nothing."""


def chart_colours(primary: str, accent: str, own: ChartColours) -> ChartColours:
    """The colours of charts with nothing left out: the authority's own two first, then others unlike them."""
    return ChartColours(
        palette=own.palette or _palette(primary, accent),
        pair=own.pair or (shade(primary, 0.8), _light_enough(accent, shade(primary, 0.8))),
        shades=own.shades or (tint(primary, 0.22), tint(primary, 0.5), tint(primary, 0.8), shade(primary, 0.65)),
    )


def _palette(primary: str, accent: str) -> tuple[str, ...]:
    found: list[str] = []
    for colour in (primary, accent, *_OTHERS):
        if contrast(colour) >= ENOUGH_FOR_TEXT and not any(alike(colour, other) for other in found):
            found.append(colour)
    return tuple(found[:_SERIES])


def _light_enough(colour: str, beside: str) -> str:
    """The lightest tint of ``colour`` that still stands out from white, or a grey where it is too like ``beside``."""
    found = _lightest(colour)
    return found if contrast(found, beside) >= _APART else _lightest("#767676")


def _lightest(colour: str, strengths: Sequence[int] = range(1, 101)) -> str:
    tints = (tint(colour, strength / 100) for strength in strengths)
    return next((found for found in tints if contrast(found) >= ENOUGH_FOR_LINES), colour)
