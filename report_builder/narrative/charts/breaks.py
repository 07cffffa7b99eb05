"""Where a drawn series crosses a change of method, or a break that no method makes, and how the reader is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.narrative.charts.alt_text import Series

if TYPE_CHECKING:
    from report_builder.facts.fact import Fact
    from report_builder.methods.change import Change, Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break between two places of the x axis.

    ``at`` is the place (from 0) of the first value after it, ``series`` the labels of those that cross it. ``apart``
    says that the values on either side rest on different versions or populations: no line joins them.
    """

    day: date
    at: int
    series: tuple[str, ...]
    outside: bool
    apart: bool

    @property
    def words(self) -> str:
        """What stands beside the line in the chart."""
        return "Brott i serien" if self.outside else "Ny metod"

    @property
    def note(self) -> str:
        """What stands below the chart."""
        what = "ett brott i serien" if self.outside else "när metoden ändrades"
        after = (
            "Värden före och efter linjen går inte att jämföra."
            if self.apart
            else "Tidigare värden är beräknade i efterhand med den metod som gäller nu."
        )
        return f"Den streckade linjen visar {what}, den {swedish.day(self.day)}. {after}"

    @property
    def alt(self) -> str:
        """What the text alternative adds."""
        return f"En streckad linje visar {'ett brott i serien' if self.outside else 'när metoden ändrades'}."


def breaks_in(series: Sequence[Series], changes: Changes) -> tuple[Break, ...]:
    """The breaks that the series cross, in order; each is told once for all series that cross it at one place."""
    found: dict[tuple[date, int, bool], list[tuple[str, bool]]] = {}
    for one in series:
        for change, at, apart in _crossed(one.facts, changes):
            found.setdefault((change.valid_from, at, change.outside), []).append((one.label, apart))
    return tuple(
        Break(
            day=day,
            at=at,
            series=tuple(label for label, _ in crossed),
            outside=outside,
            apart=any(apart for _, apart in crossed),
        )
        for (day, at, outside), crossed in sorted(found.items())
    )


def _crossed(facts: Sequence[Fact], changes: Changes) -> Iterator[tuple[Change, int, bool]]:
    """The changes that lie between two values of a series, the place of the later one, and if they differ in kind."""
    given = [(i, f) for i, f in enumerate(facts) if f.value is not None]
    for (_, before), (at, after) in pairwise(given):
        for change in changes.of(after.measure):
            between = before.period.end < change.valid_from <= after.period.end
            if between and concerns(change, after):
                yield change, at, (before.method, before.population) != (after.method, after.population)


def concerns(change: Change, fact: Fact) -> bool:
    """Whether a change is one that the fact stands after, by its version and its case type."""
    if change.case_types and fact.case_type not in change.case_types:
        return False
    return change.outside or _number(fact.method.partition("@")[2]) >= _number(change.to_version)


def _number(version: str) -> int:
    return int(version.removeprefix("v"))
