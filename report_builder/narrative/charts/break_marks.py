"""The mark of a break in a chart: an upright dashed line, with words beside it where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from report_builder.narrative.axes import Step
from report_builder.narrative.charts.breaks import Break
from report_builder.narrative.charts.chart_style import INK, Rows

_DASH = [4, 4]
_BESIDE = -5
"""Pixels from a group of bars to the line before it."""

SEGMENT = "led"
"""The field that parts a line where the values on either side of a break rest on different grounds."""


def segments(rows: Rows, breaks: Sequence[Break], xs: Sequence[Step]) -> Rows:
    """The rows with the number of the stretch that they belong to: a line is drawn within a stretch alone."""
    if not parted(breaks):
        return rows
    places = {step.label: i for i, step in enumerate(xs)}
    return [
        {**row, SEGMENT: sum(b.apart and row["serie"] in b.series and places[row["x"]] >= b.at for b in breaks)}
        for row in rows
    ]


def parted(breaks: Sequence[Break]) -> bool:
    """Whether any line must be drawn in stretches."""
    return any(one.apart for one in breaks)


def on_time(breaks: Sequence[Break], middle: str) -> Any:
    """The marks over an axis of days; ``middle`` is the day (ISO) from which words stand to the left of the line."""
    return _marked(breaks, "datum:T", lambda b: b.day.isoformat(), lambda b: b.day.isoformat() >= middle, 0)


def on_places(breaks: Sequence[Break], xs: Sequence[Step], *, step: float = 0) -> Any:
    """The marks over an axis of names, before the place that a break leads to; ``step`` parts names that are points."""
    return _marked(
        breaks,
        "x:N",
        lambda b: xs[b.at].label,
        lambda b: 2 * b.at >= len(xs),
        -step / 2 if step else _BESIDE,
    )


def _marked(breaks: Sequence[Break], field: str, place: Any, to_the_left: Any, offset: float) -> Any:
    import altair as alt

    layers = []
    for one in breaks:
        data = alt.InlineData(values=[{field.partition(":")[0]: place(one), "text": one.words}])
        x = alt.X(field, bandPosition=0)
        rule = alt.Chart(data).mark_rule(strokeDash=_DASH, color=INK, strokeWidth=1.2, xOffset=offset).encode(x=x)
        left = to_the_left(one)
        words = alt.Chart(data).mark_text(
            align="right" if left else "left",
            dx=(4 if left else -4),
            xOffset=offset,
            fontSize=12,
            baseline="bottom",
            color=INK,
        )
        layers += [rule, words.encode(x=x, y=alt.value(-4), text="text:N")]
    return alt.layer(*layers)


def in_panels(breaks: Sequence[Break]) -> Rows:
    """Rows that mark the breaks in small charts, each in the panels that it concerns."""
    return [{"serie": name, "brott": one.day.isoformat()} for one in breaks for name in one.series]


def panel_rule() -> Any:
    """The line in a small chart, from the rows of :func:`in_panels`; the words stand in the note below."""
    import altair as alt

    return (
        alt.Chart()
        .transform_filter("isValid(datum.brott)")
        .mark_rule(strokeDash=_DASH, color=INK, strokeWidth=1.2)
        .encode(x=alt.X("brott:T"))
    )
