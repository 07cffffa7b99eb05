"""Declared figures into Vega-Lite specifications, in one theme that survives print and colour blindness.

A figure is an x axis × a series axis of facts. Lines carry their labels at their ends; where there are more series than
colours can tell apart, use small multiples.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from report_builder.narrative.axes import Step
from report_builder.narrative.charts import bars, lines, points
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.breaks import Break
from report_builder.narrative.charts.plot import Plot
from report_builder.narrative.charts.style import ChartStyle
from report_builder.workspace.cache import NO_CACHE, Cache, key

_KIND = "specifications"

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
    cache: Cache = NO_CACHE,
) -> dict[str, Any]:
    """The Vega-Lite specification of a figure, with its data inside and no reference to any address.

    ``height`` is that of the plot of a line or bar chart, in pixels; the other kinds grow with what they show.
    ``breaks`` are marked where the x axis is one of periods. What is drawn once in a process is not worked out again:
    nobody may change what comes back. What another run worked out of the same facts and the same look comes from
    ``cache``.
    """
    plot = Plot(xs=tuple(xs), series=tuple(series), y_title=y_title, height=height, breaks=tuple(breaks), style=style)
    return _specified(kind, plot, cache)


@lru_cache(maxsize=256)
def _specified(kind: str, plot: Plot, cache: Cache) -> dict[str, Any]:
    if cache.folder is None:
        return _new(kind, plot)
    name = key(kind, repr(plot))
    found = _restored(cache.get(_KIND, name))
    if found is None:
        found = _new(kind, plot)
        cache.put(_KIND, name, json.dumps(found, ensure_ascii=False).encode())
    return found


def _restored(content: bytes | None) -> dict[str, Any] | None:
    """A kept specification; nothing where there is none, or what was kept is no such thing."""
    try:
        found = json.loads(content) if content is not None else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _new(kind: str, plot: Plot) -> dict[str, Any]:
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # held against the schema once, when it is whole, and not at every piece that is put in
        chart = _DRAW[kind](plot).configure(**plot.style.theme())
    spec: dict[str, Any] = chart.to_dict()
    return spec
