"""Charts that are read place by place: an interval, a dot with its goal, two sides of a pyramid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from report_builder.narrative.axes import Step
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.chart_style import INK, PALETTE, SEQUENCE, WIDTH, Rows

_ROW = 30
"""Height of a place, in pixels."""


def interval(rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str) -> Any:
    """A bar from low to high for each place, with a point at the middle value and its figure beside it."""
    import altair as alt

    low, middle, high = (s.label for s in series)
    y = _places(xs)
    spans = [
        {"x": a["x"], "från": a["värde"], "till": b["värde"]}
        for a, b in zip(_of(rows, low), _of(rows, high), strict=True)
        if a["värde"] is not None and b["värde"] is not None
    ]
    title = alt.X("från:Q", title=y_title, axis=_values(), scale=alt.Scale(zero=True))
    bars = alt.Chart(alt.InlineData(values=spans)).mark_bar(color=SEQUENCE[1], height=12)
    points = alt.Chart(alt.InlineData(values=_shown(rows, middle)))
    layers = bars.encode(y=y, x=title, x2="till:Q")
    layers += points.mark_point(filled=True, size=90, color=PALETTE[0]).encode(y=y, x="värde:Q")
    layers += points.mark_text(dy=-13, fontSize=12, color=INK).encode(
        y=y, x="värde:Q", text=alt.Text("värde:Q", format=",~f")
    )
    return layers.properties(width=WIDTH - 110, height=(_ROW + 8) * len(xs))


def dot_goal(rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str) -> Any:
    """A dot for what was reached and an upright stroke for the goal, on a line for each place."""
    import altair as alt

    names = [s.label for s in series]
    y = _places(xs, grid=True)
    x = alt.X("värde:Q", title=y_title, axis=_values(), scale=alt.Scale(zero=True))
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=160)
    colour = alt.Color("serie:N", scale=alt.Scale(domain=names, range=[PALETTE[0], PALETTE[1]]), legend=legend)
    reached = alt.Chart(alt.InlineData(values=_shown(rows, names[0]))).mark_point(filled=True, size=130, opacity=1)
    goals = alt.Chart(alt.InlineData(values=_shown(rows, names[1]))).mark_tick(thickness=4, size=22)
    layers = goals.encode(y=y, x=x, color=colour) + reached.encode(y=y, x=x, color=colour)
    return layers.properties(width=WIDTH - 110, height=_ROW * len(xs))


def pyramid(rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str) -> Any:
    """Bars to the left and to the right of the groups, which read from below; both sides have the same scale."""
    import altair as alt

    top = max((r["värde"] for r in rows if r["värde"] is not None), default=1) or 1
    order = [step.label for step in reversed(xs)]
    sides = []
    for i, one in enumerate(series):
        scale = alt.Scale(domain=[0, top], reverse=i == 0, nice=True)
        axis = alt.Axis(
            title=None, ticks=False, domain=False, labels=i == 1, labelPadding=10, labelAlign="right", minExtent=0
        )
        side = (
            alt.Chart(alt.InlineData(values=_shown(rows, one.label)), title=alt.Title(one.label, fontSize=13))
            .mark_bar(color=PALETTE[i], height=18)
            .encode(
                y=alt.Y("x:N", sort=order, axis=axis), x=alt.X("värde:Q", title=y_title, scale=scale, axis=_values(4))
            )
        )
        sides.append(side.properties(width=(WIDTH - 130) // 2, height=26 * len(xs)))
    return alt.hconcat(*sides, spacing=12)


def _of(rows: Rows, name: str) -> Rows:
    return [r for r in rows if r["serie"] == name]


def _shown(rows: Rows, name: str) -> Rows:
    return [r for r in _of(rows, name) if r["värde"] is not None]


def _places(xs: Sequence[Step], *, grid: bool = False) -> Any:
    import altair as alt

    axis = alt.Axis(ticks=False, domain=False, grid=grid)
    return alt.Y("x:N", sort=[step.label for step in xs], title=None, axis=axis)


def _values(ticks: int = 6) -> Any:
    import altair as alt

    return alt.Axis(format=",~f", tickCount=ticks, domain=False)
