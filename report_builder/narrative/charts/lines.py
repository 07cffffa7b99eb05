"""Charts that run along time: lines with their names at their ends, and small charts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from report_builder.document.nodes import DRAWN_VALUE
from report_builder.narrative.axes import Step
from report_builder.narrative.charts import breaks as at_breaks
from report_builder.narrative.charts.plot import VALUE, Plot, chart_rows, rows_with_value, series_colour, upright_values
from report_builder.narrative.charts.style import DASHES, WIDTH, Rows

_LABEL_GAP = 17
"""Pixels between two labels at line ends."""

_POINT_PADDING = 0.25
"""Room before the first and after the last of the years, in parts of a step between them."""


def line(plot: Plot) -> Any:
    """A line for each series; a single series is named by the caption."""
    import altair as alt

    rows = at_breaks.segments(plot.rows(), plot.breaks, plot.labels)
    top = _nice_top(rows)
    colour = series_colour(plot.names, plot.style.palette)
    yearly = all(step.at.period is None or step.at.period.kind == "year" for step in plot.xs)  # places have names
    x, place = (_year_axis(plot.labels), "x:N") if yearly else (_time_axis(plot.xs), "date:T")
    y = upright_values(plot.y_title, scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(chart_rows(rows)).encode(x=x, y=y, color=colour)
    drawn = base.mark_line(strokeWidth=2.4, point=yearly).encode(
        strokeDash=_dashes(plot.names), **_stretches(plot.breaks)
    )
    beside = 20 + 7 * max(map(len, plot.names)) if len(plot.series) > 1 else 0  # the names, at their widest
    width = WIDTH + 60 - beside if beside else WIDTH + 40
    layers = [drawn]
    if beside:
        last = plot.labels[-1]
        ends = _spread(rows_with_value([row for row in rows if row["x"] == last]), top, plot.height)
        words = alt.Chart(chart_rows(ends)).mark_text(align="left", dx=8, fontSize=12, fontWeight=600)
        layers.append(words.encode(x=place, y="place:Q", text="series:N", color=colour))
    layers += _marks(plot, width, yearly=yearly)
    return (alt.layer(*layers) if len(layers) > 1 else drawn).properties(width=width, height=plot.height)


def small_multiples(plot: Plot) -> Any:
    """A small chart for each series, each with a scale of its own."""
    import altair as alt

    rows = at_breaks.segments(plot.rows(), plot.breaks, plot.labels)
    dated = any(isinstance(row["date"], str) and date.fromisoformat(row["date"]) for row in rows)
    x = _time_axis(plot.xs) if dated else alt.X("x:N", sort=plot.labels, title=None)
    y = alt.Y(VALUE, title=None, axis=alt.Axis(format=",~f", tickCount=4, domain=False))
    curve = {"color": plot.style.palette[0], "strokeWidth": 2}
    area = alt.Chart().mark_area(color=plot.style.shades[0], line=curve)
    small = area.transform_filter("isValid(datum.x)").encode(x=x, y=y, **_stretches(plot.breaks))
    marked = plot.breaks if dated else ()
    rules = [at_breaks.panel_rule()] if marked else []
    layers = alt.layer(small, *rules, data=chart_rows([*rows, *at_breaks.in_panels(marked)]))
    facet = alt.Facet("series:N", sort=plot.names, title=None, header=alt.Header(title=None))
    panels = layers.properties(width=WIDTH // 2 - 10, height=96).facet(facet=facet, columns=2, spacing=18)
    return panels.resolve_scale(y="independent").resolve_axis(x="independent")


def _time_axis(xs: Sequence[Step]) -> Any:
    import altair as alt

    years = sorted({step.at.period.end.year for step in xs if step.at.period})
    ticks = [alt.DateTime(year=y, month=1, date=1, utc=True) for y in years]
    end = max(step.at.period.end for step in xs if step.at.period)
    last = alt.DateTime(year=end.year, month=end.month, date=end.day, utc=True)
    return alt.X(
        "date:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[ticks[0], last]),
        axis=alt.Axis(format="%Y", values=ticks, labelAlign="left", labelOffset=2, tickSize=8, grid=False),
    )


def _year_axis(labels: Sequence[str]) -> Any:
    """A year's figure stands above the year's name, not at its last day."""
    import altair as alt

    axis = alt.Axis(labelAngle=0, tickSize=8, grid=False)
    return alt.X("x:N", sort=list(labels), title=None, axis=axis, scale=alt.Scale(padding=_POINT_PADDING))


def _dashes(names: Sequence[str]) -> Any:
    import altair as alt

    scale = alt.Scale(domain=list(names), range=list(DASHES[: len(names)]))
    return alt.StrokeDash("series:N", legend=None, scale=scale)


def _stretches(breaks: Sequence[at_breaks.Break]) -> dict[str, str]:
    return {"detail": f"{at_breaks.STRETCH}:N"} if at_breaks.drawn_in_stretches(breaks) else {}


def _marks(plot: Plot, width: float, *, yearly: bool) -> list[Any]:
    """The breaks, over years by their names or over days."""
    if not plot.breaks:
        return []
    if yearly:
        step = width / (len(plot.xs) - 1 + 2 * _POINT_PADDING)
        return [at_breaks.on_places(plot.breaks, plot.labels, step=step)]
    days = sorted(step.at.period.end for step in plot.xs if step.at.period)
    middle = date.fromordinal((days[0].toordinal() + days[-1].toordinal()) // 2)
    return [at_breaks.on_time(plot.breaks, middle.isoformat())]


def _nice_top(rows: Rows) -> float:
    """The end of the y axis: the highest value rounded up to a figure that reads well."""
    highest = max((row[DRAWN_VALUE] for row in rows_with_value(rows)), default=0) or 1
    scale = 10 ** (len(str(int(highest))) - 1)
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(float(s * scale) for s in steps if s * scale >= highest)


def _spread(ends: Rows, top: float, height: int) -> Rows:
    """Label places, moved apart where lines end too close to each other."""
    gap = _LABEL_GAP * top / height
    placed: Rows = []
    for row in sorted(ends, key=lambda r: r[DRAWN_VALUE]):
        lowest = placed[-1]["place"] + gap if placed else 0.0
        placed.append({**row, "place": max(float(row[DRAWN_VALUE]), lowest)})
    return placed
