"""Declared figures into nodes: the facts that are drawn, the same as a table, and what the chart shows in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.narrative.axes import Step, steps
from report_builder.narrative.book import Book, Coordinates
from report_builder.narrative.charts.alt_text import Series, alt_text
from report_builder.narrative.charts.breaks import breaks_in
from report_builder.narrative.charts.style import ChartStyle
from report_builder.narrative.fill import plain_data as text
from report_builder.narrative.proportions import fits_upright
from report_builder.narrative.tables import fitted_note, legend
from report_builder.narrative.template import FigureModel
from report_builder.problems import Problem, ReportError

if TYPE_CHECKING:
    from report_builder.methods.change import Changes

InlineWords = tuple[n.Inline, ...]

_BESIDE_EACH_OTHER = 7
"""More series than this stand below each other in the table of a figure's data, if the columns then have room."""

_ALONG_TIME = frozenset({"line", "bar", "stacked_bar", "small_multiples"})
"""Kinds of figure in which a break is marked, where their x axis is one of periods."""


def drawn(
    model: FigureModel,
    book: Book,
    under: Coordinates,
    *,
    node_id: str,
    caption: InlineWords,
    alt: str,
    notes: tuple[InlineWords, ...],
    source: InlineWords,
    changes: Changes,
) -> n.Figure:
    """The figure that ``model`` declares; without ``alt`` the text alternative is made from the facts.

    Raises:
        ReportError: a fact that is to be drawn does not exist, or there are more series than colours.

    """
    from report_builder.narrative.charts.specification import specification

    xs, lines = steps(model.x, book), steps(model.series, book)
    series = [Series(label=s.label, facts=tuple(book.fact(x.at.over(s.at).over(under)) for x in xs)) for s in lines]
    _tell_apart(model.kind, len(series), book.chart_style)
    labels = [x.label for x in xs]
    along = model.kind in _ALONG_TIME and all(x.at.period for x in xs)
    breaks = breaks_in(series, changes) if along else ()
    fitted = tuple(fitted_note([f for s in series for f in s.facts], book))
    cells = [[(book.cell(s.facts[i]),) for s in series] for i in range(len(xs))]
    data = _data(model.x_title or _corner(xs[0]), labels, [s.label for s in series], cells)
    if len(series) > _BESIDE_EACH_OTHER:
        turned = _data(_corner(lines[0]), [s.label for s in series], labels, list(zip(*cells, strict=True)))
        data = turned if fits_upright(turned) else data
    data = dataclasses.replace(
        data,
        id=f"{node_id}-data",
        caption=caption,
        notes=tuple(text(note) for note in legend([f for s in series for f in s.facts])),
        source=source,
    )
    return n.Figure(
        id=node_id,
        caption=caption,
        alt=" ".join([alt or alt_text(model.kind, plain_text(caption), labels, series), *(b.alt for b in breaks)]),
        data=data,
        source=source,
        spec=specification(model.kind, xs, series, model.y_title, book.chart_style, model.height, breaks, book.cache),
        notes=(*notes, *(text(b.note) for b in breaks), *(text(note) for note in fitted)),
    )


def _tell_apart(kind: str, series: int, style: ChartStyle) -> None:
    """Nothing, if there is a colour for every series. Raises ReportError where one would have to stand for two."""
    colours = {"line": style.palette, "bar": style.palette, "stacked_bar": style.shades}.get(kind)
    if colours is not None and series > len(colours):
        message = (
            f"The figure has {series} series, and there are {len(colours)} colours for a figure of the kind {kind}."
        )
        hint = "Use small_multiples, leave series out, or name more colours under authority.charts."
        raise ReportError(Problem(code="too-many-series", message=message, hint=hint))


def _data(
    corner: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[tuple[n.Inline, ...]]]
) -> n.Table:
    """The cells, row by row, below the names of their columns and beside those of their rows."""
    numbers = (n.Column(id=f"k{i}", header=text(label), align="number", width=3) for i, label in enumerate(columns))
    return n.Table(
        id="",
        caption=(),
        columns=(n.Column(id="rubrik", header=text(corner), width=4), *numbers),
        rows=tuple(n.Row(cells=(text(label), *line)) for label, line in zip(rows, cells, strict=True)),
    )


def _corner(first: Step) -> str:
    """What the first column of a figure's data holds."""
    if first.at.period:
        return gettext("Point in time")
    return swedish.capitalised(gettext("case type")) if first.at.case_type else gettext("Group")
