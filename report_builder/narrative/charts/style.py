"""The one theme of all charts of an authority: type, colours that survive print and colour blindness, sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

INK, GRID, FRAME = "#262626", "#d9d9d9", "#767676"

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4])
WIDTH = 520

Rows = list[dict[str, Any]]
"""What a chart draws: a row for each value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartStyle:
    """The font family and the colours (``#rrggbb``) of an authority's charts.

    ``palette`` tells series apart. ``pair`` is for two series of bars, which differ in black and white too.
    ``shades`` run from light to dark, for parts that have an order (age bands).
    """

    font: str
    palette: tuple[str, ...]
    pair: tuple[str, str]
    shades: tuple[str, ...]

    def theme(self) -> dict[str, Any]:
        """The configuration that every chart shares."""
        font = f"'{self.font}'"  # a family name with a digit in it draws no text when it is not quoted
        words = {"labelFont": font, "titleFont": font, "labelColor": INK, "titleColor": INK}
        axis = {"labelFontSize": 12, "titleFontSize": 12, "titlePadding": 10, "titleFontWeight": 600, "labelLimit": 260}
        lines = {"gridColor": GRID, "domainColor": FRAME, "tickColor": FRAME}
        legend = {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 300, "symbolStrokeWidth": 2.4}
        header = {"labelFontSize": 13, "labelFontWeight": 600, "labelAnchor": "start"}
        return {
            "font": font,
            "background": "white",
            "aria": False,  # a chart is a picture with a text alternative: labels of its parts would name fields
            "axis": {**words, **axis, **lines},
            "legend": {**words, **legend},
            "header": {**words, **header},
            "text": {"font": font, "color": INK},
            "view": {"stroke": None},
            "range": {"category": list(self.palette)},
        }


DEFAULT_STYLE = ChartStyle(
    font="Source Sans 3",
    palette=("#00559b", "#a8440a", "#1a6b3c", "#7a2a83", "#5c5c5c"),
    pair=("#00447c", "#d9782d"),
    shades=("#c6dbef", "#7fb0d9", "#2f7ab8", "#0b3c6f"),
)
"""Each of the palette has at least 6 : 1 against white, and they are told apart by the common colour-blindnesses.

The pair has 9.9 : 1 and 3.2 : 1 against white; the shades keep their order in black and white.
"""
