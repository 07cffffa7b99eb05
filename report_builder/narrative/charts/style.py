"""The one theme of all charts of an authority: type, colours that survive print and colour blindness, sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from report_builder.problems import whole
from report_builder.workspace.colours import chart_colours
from report_builder.workspace.workspace import AuthorityModel

INK, GRID, FRAME = "#262626", "#d9d9d9", "#767676"

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4])
WIDTH = 520

Rows = list[dict[str, Any]]
"""What a chart draws: a row for each value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartStyle:
    """The font family and the colours (``#rrggbb``) of an authority's charts.

    ``font`` is empty where the report has one family only. For the colours see
    :class:`report_builder.workspace.colours.ChartColours`.
    """

    font: str
    palette: tuple[str, ...]
    pair: tuple[str, str]
    shades: tuple[str, ...]

    def theme(self) -> dict[str, Any]:
        """The configuration that every chart shares."""
        words = {"labelColor": INK, "titleColor": INK}
        axis = {"labelFontSize": 12, "titleFontSize": 12, "titlePadding": 10, "titleFontWeight": 600, "labelLimit": 260}
        lines = {"gridColor": GRID, "domainColor": FRAME, "tickColor": FRAME}
        legend = {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 300, "symbolStrokeWidth": 2.4}
        header = {"labelFontSize": 13, "labelFontWeight": 600, "labelAnchor": "start"}
        return {
            **({"font": f"'{self.font}'"} if self.font else {}),  # a name with a digit in it must be quoted
            "background": "white",
            "aria": False,  # a chart is a picture with a text alternative: labels of its parts would name fields
            "axis": {**words, **axis, **lines},
            "legend": {**words, **legend},
            "header": {**words, **header},
            "text": {"color": INK},
            "view": {"stroke": None},
            "range": {"category": list(self.palette)},
        }


def style_of(authority: AuthorityModel) -> ChartStyle:
    """How the charts of an authority look."""
    colours = chart_colours(authority.primary, authority.accent, authority.charts)
    pair = whole(colours.pair)
    return ChartStyle(font=authority.font, palette=colours.palette, pair=pair, shades=colours.shades)
