"""What a chart shows, in full Swedish sentences made from the very facts it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from report_builder import swedish
from report_builder.facts.fact import Fact, ObsStatus

_KINDS = {
    "line": "Linjediagram",
    "bar": "Stapeldiagram",
    "stacked_bar": "Staplat stapeldiagram",
    "ranked_bar": "Liggande stapeldiagram i fallande ordning",
    "interval": "Intervalldiagram",
    "dot_goal": "Punktdiagram med mål",
    "pyramid": "Pyramid med två sidor",
    "small_multiples": "Små linjediagram, ett för varje ärendeslag",
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
    opening = f"{_KINDS[kind]}: {subject.rstrip('.')}."
    if kind == "ranked_bar":
        return f"{opening} {_ranking(x_labels, series[0])}"
    if kind in _BY_PLACE:
        return " ".join([opening, *(_place(i, label, series) for i, label in enumerate(x_labels))])
    sentences = [_course(s, x_labels) for s in series]
    return " ".join([opening, *sentences])


def _place(index: int, label: str, series: Sequence[Series]) -> str:
    told = [f"{s.label[:1].lower()}{s.label[1:]} {_shown(s.facts[index])}" for s in series]
    return f"{label}: {swedish.listing(told)}."


def _ranking(labels: Sequence[str], series: Series) -> str:
    pairs = [(lab, f) for lab, f in zip(labels, series.facts, strict=True) if f.value is not None]
    pairs.sort(key=lambda p: -(p[1].value or 0))
    return f"{swedish.listing([f'{label} {_shown(fact)}' for label, fact in pairs])}."


def _course(series: Series, labels: Sequence[str]) -> str:
    points = [(lab, f) for lab, f in zip(labels, series.facts, strict=True) if f.value is not None]
    if not points:
        return f"{series.label}: uppgift saknas."
    (first_label, first), (last_label, last) = points[0], points[-1]
    if len(points) == 1:
        return f"{series.label}: {_shown(first)} ({first_label})."
    course = f"{series.label}: från {_shown(first)} ({first_label}) till {_shown(last)} ({last_label})"
    if len(points) <= 3:
        return f"{course}."
    low = min(points, key=lambda p: p[1].value or 0)
    high = max(points, key=lambda p: p[1].value or 0)
    return f"{course}, lägst {_shown(low[1])} ({low[0]}) och högst {_shown(high[1])} ({high[0]})."


def _shown(fact: Fact) -> str:
    if fact.status is ObsStatus.SUPPRESSED:
        return "dolt värde"
    text = swedish.number(fact.value, fact.decimals)
    return f"{text}{swedish.NBSP}%" if fact.unit == "procent" else text
