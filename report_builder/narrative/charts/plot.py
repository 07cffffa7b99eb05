"""What every kind of chart draws from: places × series of facts as rows, and the axes and legends that they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from report_builder.document.nodes import DRAWN_VALUE
from report_builder.narrative.axes import Step
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.breaks import Break
from report_builder.narrative.charts.style import ChartStyle, Rows

VALUE = f"{DRAWN_VALUE}:Q"
"""The field of a value; beside it a row has ``x``, ``date``, ``series`` and the ``order`` of the series."""

LONGEST = 12
"""Letters of a label that fits below a column."""

ABOVE_HEADLINE, ABOVE_BARS = 34, 12
"""Pixels between a legend and the plot: with the y title between them, and with nothing there."""

_HEADLINE = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -12, "domain": False}
"""The y title lies above the axis, where it is read first and without turning the head."""

_QUARTER_LABEL = "slice(datum.label, 0, 2) == 'kv' ? [slice(datum.label, 0, 4), slice(datum.label, 5)] : datum.label"
"""A quarter's label on two lines, "kv 3" over "2025": twelve of them fit side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure that is to be drawn: a fact of each series at each place of the x axis.

    ``height`` is in pixels, of line and bar charts; the other kinds grow with what they show.
    """

    xs: tuple[Step, ...]
    series: tuple[Series, ...]
    y_title: str
    height: int
    breaks: tuple[Break, ...]
    style: ChartStyle

    @property
    def names(self) -> list[str]:
        """The series, in the order in which they are declared."""
        return [one.label for one in self.series]

    @property
    def labels(self) -> list[str]:
        """The places of the x axis, in order."""
        return [step.label for step in self.xs]

    def rows(self) -> Rows:
        """A row for each value, one series after the other."""
        return [
            {
                "series": one.label,
                "order": order,
                "x": step.label,
                "date": step.at.period.end.isoformat() if step.at.period else None,
                DRAWN_VALUE: _plain(fact.value),
            }
            for order, one in enumerate(self.series)
            for step, fact in zip(self.xs, one.facts, strict=True)
        ]

    def rows_of(self, name: str) -> Rows:
        """The rows of one series that have a value."""
        return rows_with_value([row for row in self.rows() if row["series"] == name])


def _plain(value: Decimal | None) -> int | float | None:
    """A value as the chart's JSON holds it; drawing needs no more than six digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 4))


def rows_with_value(rows: Rows) -> Rows:
    """The rows that have a value."""
    return [row for row in rows if row[DRAWN_VALUE] is not None]


def chart_rows(rows: Rows) -> Any:
    """The rows inside the chart."""
    import altair as alt

    return alt.InlineData(values=rows)


def upright_values(y_title: str, **more: Any) -> Any:
    """The value axis of a chart that reads from below, with its title above."""
    import altair as alt

    return alt.Y(VALUE, title=y_title, axis=alt.Axis(format=",~f", tickCount=6, **_HEADLINE), **more)


def value_axis(ticks: int = 6) -> Any:
    """The value axis of a chart that reads from the left."""
    import altair as alt

    return alt.Axis(format=",~f", tickCount=ticks, domain=False)


def label_axis() -> Any:
    """The axis of names below columns."""
    import altair as alt

    return alt.Axis(labelAngle=0, ticks=False, labelLimit=90, labelExpr=_QUARTER_LABEL, labelPadding=6)


def names_beside(labels: Sequence[str], *, grid: bool | None = None) -> Any:
    """The axis of names beside lying bars or points."""
    import altair as alt

    more = {} if grid is None else {"grid": grid}
    return alt.Y("x:N", sort=list(labels), title=None, axis=alt.Axis(ticks=False, domain=False, **more))


def legend_above(columns: int = 4, offset: int = ABOVE_HEADLINE) -> Any:
    """A legend of bars."""
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


def series_colour(names: Sequence[str], colours: Sequence[str], legend: Any = None) -> Any:
    """A colour for each series, in their order."""
    import altair as alt

    scale = alt.Scale(domain=list(names), range=list(colours[: len(names)]))
    return alt.Color("series:N", legend=legend, scale=scale)
