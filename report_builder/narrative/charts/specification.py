"""Declared figures into Vega-Lite specifications, in one theme that survives print and colour blindness.

A figure is an x axis × a series axis of facts. Lines carry their labels at their ends; where there are more series than
colours can tell apart, use small multiples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from report_builder.narrative.axes import Step
from report_builder.narrative.charts import bars, lines, points
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.breaks import Break
from report_builder.narrative.charts.plot import Plot
from report_builder.narrative.charts.style import ChartStyle

_DRAW: dict[str, Callable[[Plot], Any]] = {
    "line": lines.line,
    "bar": bars.bar,
    "stacked_bar": bars.stacked_bar,
    "ranked_bar": bars.ranked_bar,
    "small_multiples": lines.small_multiples,
    "interval": points.interval,
    "dot_goal": points.dot_goal,
    "pyramid": bars.pyramid,
}


def specification(
    kind: str,
    xs: Sequence[Step],
    series: Sequence[Series],
    y_title: str,
    style: ChartStyle,
    height: int = 250,
    breaks: Sequence[Break] = (),
) -> dict[str, Any]:
    """The Vega-Lite specification of a figure, with its data inside and no reference to any address.

    ``height`` is that of the plot of a line or bar chart, in pixels; the other kinds grow with what they show.
    ``breaks`` are marked where the x axis is one of periods. What is drawn once in a process is not worked out again:
    nobody may change what comes back.
    """
    plot = Plot(xs=tuple(xs), series=tuple(series), y_title=y_title, height=height, breaks=tuple(breaks), style=style)
    return _specified(kind, plot)


@lru_cache(maxsize=256)
def _specified(kind: str, plot: Plot) -> dict[str, Any]:
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # held against the schema once, when it is whole, and not at every piece that is put in
        chart = _DRAW[kind](plot).configure(**plot.style.theme())
    spec: dict[str, Any] = chart.to_dict()
    return spec
