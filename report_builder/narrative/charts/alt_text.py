"""What a chart shows, in full Swedish sentences made from the very facts it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.facts.fact import Fact, ObsStatus

_KINDS = {
    "line": msgid("Line chart"),
    "bar": msgid("Bar chart"),
    "stacked_bar": msgid("Stacked bar chart"),
    "ranked_bar": msgid("Horizontal bar chart in descending order"),
    "interval": msgid("Interval chart"),
    "dot_goal": msgid("Dot plot with goals"),
    "pyramid": msgid("Pyramid with two sides"),
    "small_multiples": msgid("Small line charts"),
}

_BY_PLACE = frozenset({"interval", "dot_goal", "pyramid"})
"""Kinds that are read place by place, and not along a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A drawn series: its label, and a fact per place on the x axis."""

    label: str
    facts: tuple[Fact, ...]


def alt_text(kind: str, subject: str, x_labels: Sequence[str], series: Sequence[Series]) -> str:
    """Kind and subject of the chart, then a sentence per series: first and last value, lowest and highest."""
    what = gettext(_KINDS[kind])
    if kind == "small_multiples" and len({fact.case_type for one in series for fact in one.facts}) == len(series):
        what = gettext("{charts}, one for each {case_type}", charts=what, case_type=gettext("case type"))
    opening = f"{what}: {subject.rstrip('.')}."
    if kind == "ranked_bar":
        return f"{opening} {_ranking(x_labels, series[0])}"
    if kind in _BY_PLACE:
        return " ".join([opening, *(_place(i, label, series) for i, label in enumerate(x_labels))])
    sentences = [_course(s, x_labels) for s in series]
    return " ".join([opening, *sentences])


def _place(index: int, label: str, series: Sequence[Series]) -> str:
    words = [f"{swedish.uncapitalised(s.label)} {_shown(s.facts[index])}" for s in series]
    return f"{label}: {swedish.listing(words)}."


def _ranking(labels: Sequence[str], series: Series) -> str:
    pairs = [(lab, f) for lab, f in zip(labels, series.facts, strict=True) if f.value is not None]
    pairs.sort(key=lambda p: -(p[1].value or 0))
    return f"{swedish.listing([f'{label} {_shown(fact)}' for label, fact in pairs])}."


def _course(series: Series, labels: Sequence[str]) -> str:
    points = [(lab, f) for lab, f in zip(labels, series.facts, strict=True) if f.value is not None]
    if not points:
        return gettext("{series}: no value.", series=series.label)
    (first_label, first), (last_label, last) = points[0], points[-1]
    if len(points) == 1:
        return f"{series.label}: {_shown(first)} ({first_label})."
    course = gettext(
        "{series}: from {first} ({from_label}) to {last} ({to_label})",
        series=series.label,
        first=_shown(first),
        from_label=first_label,
        last=_shown(last),
        to_label=last_label,
    )
    if len(points) <= 3:
        return f"{course}."
    low_label, low = min(points, key=lambda p: p[1].value or 0)
    high_label, high = max(points, key=lambda p: p[1].value or 0)
    return gettext(
        "{course}, lowest {low} ({low_label}) and highest {high} ({high_label}).",
        course=course,
        low=_shown(low),
        low_label=low_label,
        high=_shown(high),
        high_label=high_label,
    )


def _shown(fact: Fact) -> str:
    if fact.status is ObsStatus.SUPPRESSED:
        return gettext("hidden value")
    text = swedish.number(fact.value, fact.decimals)
    return f"{text}{swedish.NBSP}%" if fact.unit == swedish.PERCENT else text
