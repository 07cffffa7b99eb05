"""Charts that are read place by place: an interval with its middle, and what was reached beside its goal."""

from __future__ import annotations

from typing import Any

from report_builder.document.nodes import DRAWN_VALUE
from report_builder.narrative.charts.plot import VALUE, Plot, chart_rows, names_beside, series_colour, value_axis
from report_builder.narrative.charts.style import INK, WIDTH

_ROW = 30
"""Height of a place, in pixels."""


def interval(plot: Plot) -> Any:
    """A bar from low to high for each place, with a point at the middle value and its figure beside it."""
    import altair as alt

    low, middle, high = plot.names
    ends = {row["x"]: row[DRAWN_VALUE] for row in plot.rows_of(high)}
    spans = [
        {"x": row["x"], "low": row[DRAWN_VALUE], "high": ends[row["x"]]}
        for row in plot.rows_of(low)
        if row["x"] in ends
    ]
    y = names_beside(plot.labels, grid=False)
    x = alt.X("low:Q", title=plot.y_title, axis=value_axis(), scale=alt.Scale(zero=True))
    bars = alt.Chart(chart_rows(spans)).mark_bar(color=plot.style.shades[1], height=12).encode(y=y, x=x, x2="high:Q")
    middles = alt.Chart(chart_rows(plot.rows_of(middle))).encode(y=y, x=VALUE)
    points = middles.mark_point(filled=True, size=90, color=plot.style.palette[0])
    figures = middles.mark_text(dy=-13, fontSize=12, color=INK).encode(text=alt.Text(VALUE, format=",~f"))
    return (bars + points + figures).properties(width=WIDTH - 110, height=(_ROW + 8) * len(plot.xs))


def dot_goal(plot: Plot) -> Any:
    """A dot for what was reached and an upright stroke for the goal, on a line for each place."""
    import altair as alt

    reached, goal = plot.names
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=160)
    at = {
        "y": names_beside(plot.labels, grid=True),
        "x": alt.X(VALUE, title=plot.y_title, axis=value_axis(), scale=alt.Scale(zero=True)),
        "color": series_colour(plot.names, plot.style.palette, legend),
    }
    strokes = alt.Chart(chart_rows(plot.rows_of(goal))).mark_tick(thickness=4, size=22).encode(**at)
    dots = alt.Chart(chart_rows(plot.rows_of(reached))).mark_point(filled=True, size=130, opacity=1).encode(**at)
    return (strokes + dots).properties(width=WIDTH - 110, height=_ROW * len(plot.xs))
