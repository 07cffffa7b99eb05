"""The one theme of all charts: type, colours that survive print and colour blindness, sizes."""

from __future__ import annotations

from typing import Any

FONT = "'Source Sans 3'"
"""Quoted: a family name with a digit in it draws no text when it is not."""

INK, GRID = "#262626", "#d9d9d9"
PALETTE = ("#00559b", "#a8440a", "#1a6b3c", "#7a2a83", "#5c5c5c")
"""Each at least 6 : 1 against white, and told apart by the common colour-blindnesses."""

PAIR = ("#00447c", "#d9782d")
"""For two series of bars: 9.9 : 1 and 3.2 : 1 against white, so that they differ in black and white too."""

SEQUENCE = ("#c6dbef", "#7fb0d9", "#2f7ab8", "#0b3c6f")
"""Light to dark, for parts that have an order (age bands): it keeps its order in black and white."""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4])
WIDTH = 520

Rows = list[dict[str, Any]]
"""What a chart draws: a row for each value."""


def theme() -> dict[str, Any]:
    """The configuration that every chart shares."""
    words = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": INK}
    return {
        "font": FONT,
        "background": "white",
        "axis": {
            **words, "labelFontSize": 12, "titleFontSize": 12, "titlePadding": 10, "titleFontWeight": 600,
            "gridColor": GRID, "domainColor": "#767676", "tickColor": "#767676", "labelLimit": 260,
        },
        "legend": {**words, "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 300, "symbolStrokeWidth": 2.4},
        "header": {**words, "labelFontSize": 13, "labelFontWeight": 600, "labelAnchor": "start"},
        "text": {"font": FONT, "color": INK},
        "view": {"stroke": None},
        "range": {"category": list(PALETTE)},
    }  # fmt: skip
