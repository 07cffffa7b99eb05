"""Declared figures into Vega-Lite specifications, in one theme that survives print and colour blindness.

A figure is an x axis × a series axis of facts. Lines carry their labels at their ends; where there are more series than
colours can tell apart, use small multiples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from report_builder.narrative.axes import Step
from report_builder.narrative.charts import break_marks as charts_breaks
from report_builder.narrative.charts import category_charts as charts_by_place
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.breaks import Break
from report_builder.narrative.charts.chart_style import DASHES, PAIR, PALETTE, SEQUENCE, WIDTH, Rows, theme

_LONGEST = 12
"""Letters of a label that fits below a column."""

_LABEL_GAP = 17  # pixels between two labels at line ends


def specification(
    kind: str,
    xs: Sequence[Step],
    series: Sequence[Series],
    y_title: str,
    height: int = 250,
    breaks: Sequence[Break] = (),
) -> dict[str, Any]:
    """The Vega-Lite specification of a figure, with its data inside and no reference to any address.

    ``height`` is that of the plot of a line or bar chart, in pixels; the other kinds grow with what they show.
    ``breaks`` are marked where the x axis is one of periods. What is drawn once in a process is not worked out again:
    nobody may change what comes back.
    """
    return _specified(kind, tuple(xs), tuple(series), y_title, height, tuple(breaks))


@lru_cache(maxsize=256)
def _specified(
    kind: str, xs: tuple[Step, ...], series: tuple[Series, ...], y_title: str, height: int, breaks: tuple[Break, ...]
) -> dict[str, Any]:
    rows = charts_breaks.segments(_rows(xs, series), breaks, xs)
    draw: dict[str, Callable[..., Any]] = {
        "line": partial(_line, height=height, breaks=breaks),
        "bar": partial(_bar, height=height, breaks=breaks),
        "stacked_bar": partial(_stacked, height=height, breaks=breaks),
        "ranked_bar": _ranked,
        "small_multiples": partial(_multiples, breaks=breaks),
        "interval": charts_by_place.interval,
        "dot_goal": charts_by_place.dot_goal,
        "pyramid": charts_by_place.pyramid,
    }
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # held against the schema once, when it is whole, and not at every piece that is put in
        chart = draw[kind](rows, xs, series, y_title).configure(**theme())
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _rows(xs: Sequence[Step], series: Sequence[Series]) -> Rows:
    return [
        {
            "serie": one.label,
            "ordning": order,
            "x": step.label,
            "datum": step.at.period.end.isoformat() if step.at.period else None,
            "värde": _plain(fact.value),
        }
        for order, one in enumerate(series)
        for step, fact in zip(xs, one.facts, strict=True)
    ]


def _plain(value: Decimal | None) -> int | float | None:
    """A value as the chart's JSON holds it; drawing needs no more than six digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 4))


def _data(rows: Rows) -> Any:
    import altair as alt

    return alt.InlineData(values=rows)


def _time_axis(xs: Sequence[Step]) -> Any:
    import altair as alt

    years = sorted({step.at.period.end.year for step in xs if step.at.period})
    ticks = [alt.DateTime(year=y, month=1, date=1, utc=True) for y in years]
    end = max(step.at.period.end for step in xs if step.at.period)
    last = alt.DateTime(year=end.year, month=end.month, date=end.day, utc=True)
    return alt.X(
        "datum:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[ticks[0], last]),
        axis=alt.Axis(format="%Y", values=ticks, labelAlign="left", labelOffset=2, tickSize=8, grid=False),
    )


def _year_axis(xs: Sequence[Step]) -> Any:
    """A year's figure stands above the year's name, not at its last day."""
    import altair as alt

    axis = alt.Axis(labelAngle=0, tickSize=8, grid=False)
    return alt.X("x:N", sort=[s.label for s in xs], title=None, axis=axis, scale=alt.Scale(padding=_POINT_PADDING))


def _y(y_title: str, **more: Any) -> Any:
    import altair as alt

    return alt.Y("värde:Q", title=y_title, axis=alt.Axis(format=",~f", tickCount=6, **_HEADLINE), **more)


_HEADLINE = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -12, "domain": False}
"""The y title lies above the axis, where it is read first and without turning the head."""


def _series_colour(series: Sequence[Series], colours: Sequence[str] = PALETTE, legend: Any = None) -> tuple[Any, Any]:
    import altair as alt

    names = [s.label for s in series]
    colour = alt.Color("serie:N", legend=legend, scale=alt.Scale(domain=names, range=list(colours[: len(names)])))
    dash = alt.StrokeDash("serie:N", legend=legend, scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])))
    return colour, dash


def _line(
    rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str, *, height: int, breaks: Sequence[Break]
) -> Any:
    import altair as alt

    top = _nice_top(rows)
    colour, dash = _series_colour(series)
    yearly = all(step.at.period is not None and step.at.period.kind == "year" for step in xs)
    x, place = (_year_axis(xs), "x:N") if yearly else (_time_axis(xs), "datum:T")
    base = alt.Chart(_data(rows)).encode(x=x, y=_y(y_title, scale=alt.Scale(domain=[0, top], nice=False)), color=colour)
    lines = base.mark_line(strokeWidth=2.4, point=yearly).encode(strokeDash=dash, **_stretches(breaks))
    room = (
        20 + 7 * max(len(s.label) for s in series) if len(series) > 1 else 0
    )  # the text beside the plot, at its widest
    width = WIDTH + 60 - room if room else WIDTH + 40
    marks = _break_marks(breaks, xs, width, yearly=yearly)
    ends = [r for r in rows if r["datum"] == max(x["datum"] for x in rows) and r["värde"] is not None]
    labels = (
        alt.Chart(_data(_spread(ends, top, height)))
        .mark_text(align="left", dx=8, fontSize=12, fontWeight=600)
        .encode(x=place, y="plats:Q", text="serie:N", color=colour)
    )
    layers = [lines, *([labels] if room else []), *marks]  # a single series is named by the caption
    return (alt.layer(*layers) if len(layers) > 1 else lines).properties(width=width, height=height)


_POINT_PADDING = 0.25
"""Room before the first and after the last of the years, in parts of a step between them."""


def _stretches(breaks: Sequence[Break]) -> dict[str, str]:
    return {"detail": f"{charts_breaks.SEGMENT}:N"} if charts_breaks.parted(breaks) else {}


def _break_marks(breaks: Sequence[Break], xs: Sequence[Step], width: float, *, yearly: bool) -> list[Any]:
    if not breaks:
        return []
    if yearly:
        return [charts_breaks.on_places(breaks, xs, step=width / (len(xs) - 1 + 2 * _POINT_PADDING))]
    days = sorted(step.at.period.end for step in xs if step.at.period)
    return [
        charts_breaks.on_time(breaks, date.fromordinal((days[0].toordinal() + days[-1].toordinal()) // 2).isoformat())
    ]


def _nice_top(rows: Rows) -> float:
    """The end of the y axis: the highest value rounded up to a figure that reads well."""
    highest = max((r["värde"] for r in rows if r["värde"] is not None), default=0) or 1
    scale = 10 ** (len(str(int(highest))) - 1)
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(float(s * scale) for s in steps if s * scale >= highest)


def _spread(ends: Rows, top: float, height: int) -> Rows:
    """Label places, moved apart where lines end too close to each other."""
    gap = _LABEL_GAP * top / height
    placed: Rows = []
    for row in sorted(ends, key=lambda r: r["värde"]):
        lowest = placed[-1]["plats"] + gap if placed else 0.0
        placed.append({**row, "plats": max(float(row["värde"]), lowest)})
    return placed


_ABOVE_HEADLINE, _ABOVE_BARS = 34, 12
"""Pixels between a legend and the plot: with the y title between them, and with nothing there."""

_LEGEND_LETTERS = 64
"""Letters of four labels that fit side by side in a legend."""


def _legend(columns: int = 4, offset: int = _ABOVE_HEADLINE) -> Any:
    import altair as alt

    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        symbolSize=160,
        columnPadding=18,
        offset=offset,
        columns=columns,
    )


_QUARTER_LABEL = "slice(datum.label, 0, 2) == 'kv' ? [slice(datum.label, 0, 4), slice(datum.label, 5)] : datum.label"
"""A quarter's label on two lines, "kv 3" over "2025": twelve of them fit side by side."""


def _bar(
    rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str, *, height: int, breaks: Sequence[Break]
) -> Any:
    import altair as alt

    colour, _ = _series_colour(series, PAIR if len(series) <= len(PAIR) else PALETTE, _legend())
    if any(len(s.label) > _LONGEST and s.at.period is None for s in xs):
        colour, _ = _series_colour(series, PAIR if len(series) <= len(PAIR) else PALETTE, _legend(offset=_ABOVE_BARS))
        return _lying_bars(rows, xs, series, y_title, colour)
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("x:N", sort=[s.label for s in xs], title=None, axis=_label_axis()),
        xOffset=alt.XOffset("serie:N", sort=[s.label for s in series]),
        y=_y(y_title),
    )
    layers = base.mark_bar().encode(color=colour)
    if len(rows) <= 2 * len(PALETTE) + 2:
        layers += base.mark_text(dy=-6, fontSize=11).encode(text=alt.Text("värde:Q", format=",~f"))
    if breaks:
        layers += charts_breaks.on_places(breaks, xs)
    return layers.properties(width=WIDTH + 40, height=height)


def _lying_bars(rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str, colour: Any) -> Any:
    """Groups of horizontal bars: names that do not fit below a column are read beside it."""
    import altair as alt

    names = alt.Axis(ticks=False, domain=False)
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("x:N", sort=[s.label for s in xs], title=None, axis=names),
        yOffset=alt.YOffset("serie:N", sort=[s.label for s in series]),
        x=alt.X("värde:Q", title=y_title, axis=alt.Axis(format=",~f", tickCount=6, domain=False)),
    )
    values = base.mark_text(align="left", dx=4, fontSize=11).encode(text=alt.Text("värde:Q", format=",.0f"))
    return (base.mark_bar().encode(color=colour) + values).properties(width=WIDTH - 110, height=32 * len(xs))


def _label_axis() -> Any:
    import altair as alt

    return alt.Axis(labelAngle=0, ticks=False, labelLimit=90, labelExpr=_QUARTER_LABEL, labelPadding=6)


def _stacked(
    rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str, *, height: int, breaks: Sequence[Break]
) -> Any:
    import altair as alt

    names = [s.label for s in series]
    scale = alt.Scale(domain=names, range=list(SEQUENCE[: len(names)]))
    bars = alt.Chart(_data(rows)).mark_bar(stroke="white", strokeWidth=0.6)
    longest = max((len(s.label) for s in xs), default=0)
    order = alt.Order("ordning:Q")
    columns = 4 if sum(map(len, names)) <= _LEGEND_LETTERS else 2
    lying = longest > _LONGEST  # long labels read better on horizontal bars
    legend = _legend(columns, _ABOVE_BARS if lying else _ABOVE_HEADLINE)
    colour = alt.Color("serie:N", legend=legend, scale=scale)
    if lying:
        value = alt.X("värde:Q", title=y_title, axis=alt.Axis(format=",~f", tickCount=6, domain=False))
        label = alt.Y("x:N", sort=[s.label for s in xs], title=None, axis=alt.Axis(ticks=False, domain=False))
        chart = bars.encode(x=value, y=label, color=colour, order=order)
        return chart.properties(width=WIDTH - 110, height=22 * len(xs))
    head = alt.X("x:N", sort=[s.label for s in xs], title=None, axis=_label_axis())
    chart = bars.encode(x=head, y=_y(y_title), color=colour, order=order)
    layers = chart + charts_breaks.on_places(breaks, xs) if breaks else chart
    return layers.properties(width=WIDTH + 40, height=height)


def _ranked(rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str) -> Any:
    import altair as alt

    shown = [r for r in rows if r["värde"] is not None]
    base = alt.Chart(_data(shown)).encode(
        y=alt.Y("x:N", sort="-x", title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("värde:Q", title=y_title, axis=alt.Axis(format=",~f", tickCount=6, domain=False)),
    )
    bars = base.mark_bar(color=PALETTE[0], height=18)
    values = base.mark_text(align="left", dx=5, fontSize=12).encode(text=alt.Text("värde:Q", format=",.0f"))
    return (bars + values).properties(width=WIDTH - 110, height=25 * max(1, len(shown)))


def _multiples(
    rows: Rows, xs: Sequence[Step], series: Sequence[Series], y_title: str, *, breaks: Sequence[Break]
) -> Any:
    import altair as alt

    names = [s.label for s in series]
    dated = any(isinstance(r["datum"], str) and date.fromisoformat(r["datum"]) for r in rows)
    x = _time_axis(xs) if dated else alt.X("x:N", sort=[s.label for s in xs], title=None)
    y = alt.Y("värde:Q", title=None, axis=alt.Axis(format=",~f", tickCount=4, domain=False))
    area = alt.Chart().mark_area(color=SEQUENCE[0], line={"color": PALETTE[0], "strokeWidth": 2})
    small = area.transform_filter("isValid(datum.x)").encode(x=x, y=y, **_stretches(breaks))
    marked = breaks if dated else ()
    layers = alt.layer(
        small, *([charts_breaks.panel_rule()] if marked else []), data=_data([*rows, *charts_breaks.in_panels(marked)])
    )
    facet = alt.Facet("serie:N", sort=names, title=None, header=alt.Header(title=None))
    panels = layers.properties(width=WIDTH // 2 - 10, height=96).facet(facet=facet, columns=2, spacing=18)
    return panels.resolve_scale(y="independent").resolve_axis(x="independent")
