"""Charts of bars: side by side, lying, stacked, ranked, and the two sides of a pyramid."""

from __future__ import annotations

from typing import Any

from report_builder.document.nodes import DRAWN_VALUE
from report_builder.narrative.charts import breaks as at_breaks
from report_builder.narrative.charts.plot import (
    ABOVE_BARS,
    ABOVE_HEADLINE,
    LONGEST,
    VALUE,
    Plot,
    chart_rows,
    label_axis,
    legend_above,
    names_beside,
    rows_with_value,
    series_colour,
    upright_values,
    value_axis,
)
from report_builder.narrative.charts.style import WIDTH

_MOST_FIGURES = 12
"""Bars that have room for their figures above them."""

_LEGEND_LETTERS = 64
"""Letters of four labels that fit side by side in a legend."""


def bar(plot: Plot) -> Any:
    """Bars side by side at each place; lying ones where the names of the places do not fit below them."""
    import altair as alt

    colours = plot.style.pair if len(plot.series) <= len(plot.style.pair) else plot.style.palette
    if any(len(step.label) > LONGEST and step.at.period is None for step in plot.xs):
        return _lying(plot, series_colour(plot.names, colours, legend_above(offset=ABOVE_BARS)))
    rows = plot.rows()
    base = alt.Chart(chart_rows(rows)).encode(
        x=alt.X("x:N", sort=plot.labels, title=None, axis=label_axis()),
        xOffset=alt.XOffset("series:N", sort=plot.names),
        y=upright_values(plot.y_title),
    )
    layers = base.mark_bar().encode(color=series_colour(plot.names, colours, legend_above()))
    if len(rows) <= _MOST_FIGURES:
        layers += base.mark_text(dy=-6, fontSize=11).encode(text=alt.Text(VALUE, format=",~f"))
    if plot.breaks:
        layers += at_breaks.on_places(plot.breaks, plot.labels)
    return layers.properties(width=WIDTH + 40, height=plot.height)


def _lying(plot: Plot, colour: Any) -> Any:
    """Groups of horizontal bars: names that do not fit below a column are read beside it."""
    import altair as alt

    base = alt.Chart(chart_rows(plot.rows())).encode(
        y=names_beside(plot.labels),
        yOffset=alt.YOffset("series:N", sort=plot.names),
        x=alt.X(VALUE, title=plot.y_title, axis=value_axis()),
    )
    figures = base.mark_text(align="left", dx=4, fontSize=11).encode(text=alt.Text(VALUE, format=",.0f"))
    return (base.mark_bar().encode(color=colour) + figures).properties(width=WIDTH - 110, height=32 * len(plot.xs))


def stacked_bar(plot: Plot) -> Any:
    """The parts of each place on top of each other, or beside each other where the names of the places are long."""
    import altair as alt

    lying = max(map(len, plot.labels), default=0) > LONGEST  # long labels read better beside horizontal bars
    columns = 4 if sum(map(len, plot.names)) <= _LEGEND_LETTERS else 2
    legend = legend_above(columns, ABOVE_BARS if lying else ABOVE_HEADLINE)
    parts = alt.Chart(chart_rows(plot.rows())).mark_bar(stroke="white", strokeWidth=0.6)
    parts = parts.encode(color=series_colour(plot.names, plot.style.shades, legend), order=alt.Order("order:Q"))
    if lying:
        value = alt.X(VALUE, title=plot.y_title, axis=value_axis())
        chart = parts.encode(x=value, y=names_beside(plot.labels))
        return chart.properties(width=WIDTH - 110, height=22 * len(plot.xs))
    below = alt.X("x:N", sort=plot.labels, title=None, axis=label_axis())
    chart = parts.encode(x=below, y=upright_values(plot.y_title))
    layers = chart + at_breaks.on_places(plot.breaks, plot.labels) if plot.breaks else chart
    return layers.properties(width=WIDTH + 40, height=plot.height)


def ranked_bar(plot: Plot) -> Any:
    """Lying bars of one series, the longest first; what has no value is left out."""
    import altair as alt

    rows = rows_with_value(plot.rows())
    base = alt.Chart(chart_rows(rows)).encode(
        y=alt.Y("x:N", sort="-x", title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X(VALUE, title=plot.y_title, axis=value_axis()),
    )
    bars = base.mark_bar(color=plot.style.palette[0], height=18)
    figures = base.mark_text(align="left", dx=5, fontSize=12).encode(text=alt.Text(VALUE, format=",.0f"))
    return (bars + figures).properties(width=WIDTH - 110, height=25 * max(1, len(rows)))


def pyramid(plot: Plot) -> Any:
    """Bars to the left and to the right of the groups, which read from below; both sides have the same scale."""
    import altair as alt

    top = max((row[DRAWN_VALUE] for row in rows_with_value(plot.rows())), default=1) or 1
    sides = []
    for i, name in enumerate(plot.names):
        scale = alt.Scale(domain=[0, top], reverse=i == 0, nice=True)
        axis = alt.Axis(
            title=None, ticks=False, domain=False, labels=i == 1, labelPadding=10, labelAlign="right", minExtent=0
        )
        side = alt.Chart(chart_rows(plot.rows_of(name)), title=alt.Title(name, fontSize=13))
        side = side.mark_bar(color=plot.style.palette[i], height=18).encode(
            y=alt.Y("x:N", sort=plot.labels[::-1], axis=axis),
            x=alt.X(VALUE, title=plot.y_title, scale=scale, axis=value_axis(4)),
        )
        sides.append(side.properties(width=(WIDTH - 130) // 2, height=26 * len(plot.xs)))
    return alt.hconcat(*sides, spacing=12)
