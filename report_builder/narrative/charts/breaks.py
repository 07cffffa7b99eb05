"""Breaks in charts: where a drawn series crosses one, what the reader is told, and the line that marks it.

A break is where the values on either side rest on different versions of a method, or are about different cases. Its
mark is an upright dashed line, with words beside it where there is room for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from report_builder import swedish
from report_builder.catalogue import gettext
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.style import INK, Rows

if TYPE_CHECKING:
    from report_builder.facts.fact import Fact
    from report_builder.methods.change import ChangeRecord, Changes


_DASH = [4, 4]
_BESIDE = -5
"""Pixels from a group of bars to the line before it."""

STRETCH = "stretch"
"""The field that parts a line where the values on either side of a break rest on different grounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break between two places of the x axis.

    ``at`` is the place (from 0) of the first value after it, ``series`` the labels of those that cross it. ``apart``
    says that the values on either side rest on different versions or populations: no line joins them.
    """

    day: date
    at: int
    series: tuple[str, ...]
    words: str
    """What stands beside the line in the chart; of the language in which the chart is drawn."""
    outside: bool
    apart: bool

    @property
    def note(self) -> str:
        """What stands below the chart."""
        day = swedish.day(self.day)
        outside = gettext("The dashed line marks a break in the series, on {day}.", day=day)
        method = gettext("The dashed line marks when the method changed, on {day}.", day=day)
        apart = gettext("Values before and after the line cannot be compared.")
        return f"{outside if self.outside else method} {apart}" if self.apart else method

    @property
    def alt(self) -> str:
        """What the text alternative adds."""
        if self.outside:
            return gettext("A dashed line marks a break in the series.")
        return gettext("A dashed line marks when the method changed.")


def breaks_in(series: Sequence[Series], changes: Changes) -> tuple[Break, ...]:
    """The breaks that the series cross, in order; each is told once for all series that cross it at one place."""
    found: dict[tuple[date, int, bool], list[str]] = {}
    for one in series:
        for change, at in _crossed(one.facts, changes):
            found.setdefault((change.valid_from, at, change.outside), []).append(one.label)
    return tuple(
        Break(
            day=day,
            at=at,
            series=tuple(labels),
            words=gettext("Break in series") if outside else gettext("New method"),
            outside=outside,
            apart=True,
        )
        for (day, at, outside), labels in sorted(found.items())
    )


def _crossed(facts: Sequence[Fact], changes: Changes) -> Iterator[tuple[ChangeRecord, int]]:
    """The changes between two values of a series that rest on different grounds, and the place of the later one.

    A change of method that all values are recomputed by is none of them: the series does not break there.
    """
    given = [(i, f) for i, f in enumerate(facts) if f.value is not None]
    for (_, before), (at, after) in pairwise(given):
        if (before.method, before.population) == (after.method, after.population):
            continue
        for change in changes.of(after.measure):
            if before.period.end < change.valid_from <= after.period.end and concerns(change, after):
                yield change, at


def concerns(change: ChangeRecord, fact: Fact) -> bool:
    """Whether a change is one that the fact stands after, by its version and its case type."""
    if change.case_types and fact.case_type not in change.case_types:
        return False
    return change.outside or _number(fact.method.partition("@")[2]) >= _number(change.to_version)


def _number(version: str) -> int:
    return int(version.removeprefix("v"))


# --- the marks


def segments(rows: Rows, breaks: Sequence[Break], labels: Sequence[str]) -> Rows:
    """The rows with the number of the stretch that they belong to: a line is drawn within a stretch alone."""
    if not drawn_in_stretches(breaks):
        return rows
    places = {label: i for i, label in enumerate(labels)}
    return [
        {**row, STRETCH: sum(b.apart and row["series"] in b.series and places[row["x"]] >= b.at for b in breaks)}
        for row in rows
    ]


def drawn_in_stretches(breaks: Sequence[Break]) -> bool:
    """Whether any line must be drawn in stretches."""
    return any(one.apart for one in breaks)


def on_time(breaks: Sequence[Break], middle: str) -> Any:
    """The marks over an axis of days; ``middle`` is the day (ISO) from which words stand to the left of the line."""
    import altair as alt

    days = [one.day.isoformat() for one in breaks]
    marks = (_mark(one, "date:T", day, 0, left=day >= middle) for one, day in zip(breaks, days, strict=True))
    return alt.layer(*chain.from_iterable(marks))


def on_places(breaks: Sequence[Break], labels: Sequence[str], *, step: float = 0) -> Any:
    """The marks over an axis of names, before the place that a break leads to; ``step`` parts names that are points."""
    import altair as alt

    offset = -step / 2 if step else _BESIDE
    marks = (_mark(one, "x:N", labels[one.at], offset, left=2 * one.at >= len(labels)) for one in breaks)
    return alt.layer(*chain.from_iterable(marks))


def _mark(one: Break, field: str, place: str, offset: float, *, left: bool) -> tuple[Any, Any]:
    """The line at ``place`` of the ``field`` of the x axis, and the words beside it."""
    import altair as alt

    name, _, _ = field.partition(":")
    base = alt.Chart(alt.InlineData(values=[{name: place, "text": one.words}])).encode(x=alt.X(field, bandPosition=0))
    rule = base.mark_rule(strokeDash=_DASH, color=INK, strokeWidth=1.2, xOffset=offset)
    words = base.mark_text(
        align="right" if left else "left",
        dx=4 if left else -4,
        xOffset=offset,
        fontSize=12,
        baseline="bottom",
        color=INK,
    )
    return rule, words.encode(y=alt.value(-4), text="text:N")


def in_panels(breaks: Sequence[Break]) -> Rows:
    """Rows that mark the breaks in small charts, each in the panels that it concerns."""
    return [{"series": name, "break_day": one.day.isoformat()} for one in breaks for name in one.series]


def panel_rule() -> Any:
    """The line in a small chart, from the rows of :func:`in_panels`; the words stand in the note below."""
    import altair as alt

    return (
        alt.Chart()
        .transform_filter("isValid(datum.break_day)")
        .mark_rule(strokeDash=_DASH, color=INK, strokeWidth=1.2)
        .encode(x=alt.X("break_day:T"))
    )
