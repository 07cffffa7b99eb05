"""Cases drawn as timelines: from the first event to the last, what counts, what is waiting and what is left out.

Each case has a strip of its own as wide as the chart, so that a short case is as legible as a long one. Everything is
placed in pixels and drawn as plain Vega-Lite, in the theme of the other charts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from report_builder.document.nodes import DRAWN_VALUE
from report_builder.narrative.charts.style import INK, ChartStyle

_WIDTH, _PAD, _ROW, _LINE = 560, 9, 51, 20
_TOP, _BOTTOM = 16, 28
"""The bar's upper and lower edge, from the top of its strip."""

_LETTER = 5.6
"""Pixels that a letter takes, about, at the smallest size of type."""

_GAP = 9
"""The least room between two words below a bar, and between two signs on it."""

_HATCH = 6
_BEHIND = 2.5
"""Width of the line that lies behind the bars: wider than any other."""

_OPEN = 0.9
"""How far along the strip a case is drawn that has not ended."""

_SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down")


@dataclass(frozen=True, slots=True, kw_only=True)
class StripSpan:
    """Days on a strip: ``counted``, ``shaded`` (waiting that counts) or ``hatched`` (left out); no end: still going."""

    kind: str
    start: date
    end: date | None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A case: its title, what is printed at its end, its events (name, day), its spans, and days to mark with a line.

    ``until`` is the last day to draw; ``days`` the number that ``told`` says, where it says one.
    """

    title: str
    told: str
    events: tuple[tuple[str, date], ...]
    spans: tuple[StripSpan, ...]
    until: date
    marked: tuple[date, ...] = ()
    days: int | None = None


@dataclass(slots=True)
class _Drawing:
    """What is drawn, sorted by mark."""

    style: ChartStyle
    bars: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    def line(self, x: float, y: float, x2: float, y2: float, colour: str = INK, width: float = 1) -> None:
        self.lines.append({"x": _at(x), "y": _at(y), "x2": _at(x2), "y2": _at(y2), "colour": colour, "width": width})

    def word(
        self,
        x: float,
        y: float,
        text: str,
        align: str = "left",
        weight: int = 400,
        size: int = 11,
        value: int | None = None,
    ) -> None:
        """``value`` is the figure that the words say: the claim ledger holds it against the figure's data."""
        placed = {"x": _at(x), "y": _at(y), "text": text, "align": align, "weight": weight, "size": size}
        self.words.append(placed if value is None else {**placed, DRAWN_VALUE: value})

    def bar(self, x: float, x2: float, y: float, colour: str) -> None:
        self.bars.append({"x": _at(x), "x2": _at(x2), "y": _at(y), "y2": _at(y + _BOTTOM - _TOP), "colour": colour})

    def hatched(self, x: float, x2: float, y: float) -> None:
        """A white box with slanting lines, cut at its sides."""
        self.bar(x, x2, y, "#ffffff")
        height = _BOTTOM - _TOP
        for left in range(round(x) - height, round(x2), _HATCH):
            first, last = max(float(left), x), min(float(left + height), x2)
            if first < last:
                self.line(first, y + height - (first - left), last, y + height - (last - left), INK, 0.9)
        for edge in (y, y + height):
            self.line(x, edge, x2, edge, INK, 0.9)
        for side in (x, x2):
            self.line(side, y, side, y + height, INK, 0.9)


def timelines(strips: Sequence[Strip], legend: dict[str, str], style: ChartStyle) -> dict[str, Any]:
    """The Vega-Lite specification of the strips, from above; ``legend`` words each kind of span that occurs."""
    drawing = _Drawing(style)
    names = list(dict.fromkeys(name for strip in strips for name, _ in strip.events))
    shapes = {name: _SHAPES[i % len(_SHAPES)] for i, name in enumerate(names)}
    drawn = {span.kind for strip in strips for span in strip.spans}
    drawn |= {"marked"} if any(strip.marked for strip in strips) else set()
    kinds = [kind for kind in legend if kind in drawn]
    top = _legend(drawing, [(kind, legend[kind]) for kind in kinds], shapes)
    for i, strip in enumerate(strips):
        _strip(drawing, strip, top + i * _ROW, shapes)
    return _specification(drawing, top + len(strips) * _ROW)


def _legend(drawing: _Drawing, kinds: Sequence[tuple[str, str]], shapes: dict[str, str]) -> int:
    """The signs and their words, in as many lines as they take; the height in all."""
    x, y = 0.0, 4.0
    for sign, words in [*kinds, *((None, name) for name in shapes)]:
        width = (30 if sign else 18) + _LETTER * len(words)
        if x and x + width > _WIDTH:
            x, y = 0.0, y + _LINE
        if sign:
            _span(drawing, sign, x, x + 24, y - (_BOTTOM - _TOP) / 2)
        else:
            drawing.points.append({"x": _at(x + 6), "y": y, "shape": shapes[words]})
        drawing.word(x + (30 if sign else 16), y + 4, words)
        x += width + 18
    return round(y + 22)


def _strip(drawing: _Drawing, strip: Strip, y: float, shapes: dict[str, str]) -> None:
    place = _Scale.of(strip)
    drawing.word(0, y + 10, strip.title, weight=600, size=12)
    drawing.word(_WIDTH, y + 10, strip.told, align="right", weight=600, size=12, value=strip.days)
    middle = y + (_TOP + _BOTTOM) / 2
    drawing.line(place(place.first), middle, place(place.last), middle, "#8c8c8c", _BEHIND)
    for span in strip.spans:
        _span(drawing, span.kind, place(span.start), place.end if span.end is None else place(span.end), y + _TOP)
    for day in strip.marked:
        _span(drawing, "marked", place(day), place(day), y + _TOP)
    if place.going:
        drawing.points.append({"x": _at(place.end), "y": middle, "shape": "triangle-right"})
    xs = _apart([place(day) for _, day in strip.events])
    for (name, _), x in zip(strip.events, xs, strict=True):
        drawing.points.append({"x": _at(x), "y": middle, "shape": shapes[name]})
    for x, text in _below(strip, place):
        drawing.word(x, y + _BOTTOM + 14, text)


def _apart(places: Sequence[float]) -> list[float]:
    """Signs of the same day or of days close by, moved so far apart that each is seen; the last one stays."""
    moved = list(places)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - _GAP - 2)
    for i, x in enumerate(moved):
        moved[i] = max(x, _PAD if i == 0 else moved[i - 1] + _GAP + 2)
    return moved


def _span(drawing: _Drawing, kind: str, x: float, x2: float, y: float) -> None:
    match kind:
        case "hatched":
            drawing.hatched(x, x2, y)
        case "marked":
            middle = (x + x2) / 2
            drawing.line(middle, y - 4, middle, y + _BOTTOM - _TOP + 4, drawing.style.palette[1], 2)
        case _:
            shades = drawing.style.shades
            drawing.bar(x, x2, y, {"counted": shades[2], "shaded": shades[0]}[kind])


def _below(strip: Strip, place: _Scale) -> Iterator[tuple[float, str]]:
    """The words under a bar, moved clear of each other: the days of its ends and marks, and what is waited for."""
    days = [day for _, day in strip.events]
    told = {min(days), max(days), *strip.marked}
    wanted = [(place(day) - 5 * _LETTER, day.isoformat()) for day in told]
    wanted += [(place(span.start), span.label) for span in strip.spans if span.label]
    placed: list[tuple[float, float, str]] = []
    for x, text in sorted(wanted):
        width = _LETTER * len(text)
        start = max(x, placed[-1][0] + placed[-1][1] + _GAP) if placed else max(x, 0.0)
        placed.append((start, width, text))
    limit = float(_WIDTH)
    for start, width, text in reversed(placed):
        at = min(start, limit - width)
        limit = at - _GAP
        yield max(at, 0.0), text


@dataclass(frozen=True, slots=True)
class _Scale:
    """Day → pixel for one strip; ``going`` where the case has not ended."""

    first: date
    last: date
    end: float
    going: bool

    @classmethod
    def of(cls, strip: Strip) -> _Scale:
        days = [day for _, day in strip.events]
        days += [d for span in strip.spans for d in (span.start, span.end) if d is not None]
        days += strip.marked
        going = any(span.end is None for span in strip.spans)
        last = max([*days, strip.until]) if going else max(days)
        return cls(min(days), last, _WIDTH * _OPEN if going else _WIDTH - _PAD, going)

    def __call__(self, day: date) -> float:
        whole = (self.last - self.first).days
        return _PAD + ((day - self.first).days / whole if whole else 0) * (self.end - _PAD)


def _at(pixels: float) -> float:
    return round(pixels, 1)


def _specification(drawing: _Drawing, height: int) -> dict[str, Any]:
    x = {"field": "x", "type": "quantitative", "scale": {"domain": [0, _WIDTH], "nice": False}, "axis": None}
    y = {"field": "y", "type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    span = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}, "color": colour}
    widths = sorted({line["width"] for line in drawing.lines}, reverse=True)  # the line behind the bars is the widest
    behind, *before = [
        _layer([line for line in drawing.lines if line["width"] == width], {"type": "rule", "strokeWidth": width}, span)
        for width in widths
    ]
    shape = {"field": "shape", "type": "nominal", "scale": None}
    point = {"type": "point", "filled": True, "size": 70, "color": INK, "opacity": 1, "stroke": "white"}
    faces = sorted({(w["align"], w["weight"], w["size"]) for w in drawing.words})
    texts = [
        _layer(
            [w for w in drawing.words if (w["align"], w["weight"], w["size"]) == (align, weight, size)],
            {"type": "text", "align": align, "fontWeight": weight, "fontSize": size, "baseline": "alphabetic"},
            {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}},
        )
        for align, weight, size in faces
    ]
    return {
        "layer": [
            behind,
            _layer(drawing.bars, {"type": "rect"}, span),
            *before,
            _layer(drawing.points, point, {"x": x, "y": y, "shape": shape}),
            *texts,
        ],
        "width": _WIDTH,
        "height": height,
        "config": drawing.style.theme(),
    }


def _layer(values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
