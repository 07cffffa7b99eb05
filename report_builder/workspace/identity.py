"""What a release says of itself, held against what it is: its period in words, its name, and the order of its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from report_builder.periods import Period
from report_builder.problems import Problem
from report_builder.swedish.period_words import OwnPeriods, foreign_periods
from report_builder.workspace.workspace import PeriodsModel, Release
from report_builder.workspace.yamlfile import YamlFile

WORDS = ("title", "subtitle", "running_title")
"""The fields of a release in which people name its period; they are printed on every page and on the web."""


def period_problems(release: Release, file: YamlFile) -> Iterator[Problem]:
    """Every word and date of ``release.yaml`` that contradicts the periods that the release accounts for."""
    own = own_periods(release)
    for field in WORDS:
        for named in foreign_periods(str(getattr(release, field)), own):
            message = f"The {field} says {named!r}, and the release accounts for {_said(release.periods)}."
            hint = f"Correct {field} or periods. Name no other period, and no period in other words."
            yield Problem(code="other-period", message=message, place=file.place(field), hint=hint, value=named)
    yield from _name_problems(release, own, file)
    yield from _date_problems(release, file)


def own_periods(release: Release) -> OwnPeriods:
    """The periods of a release and the days that it names."""
    days = {release.published, release.created, release.decided}
    days |= {day for pin in release.deliveries for day in (pin.as_of, pin.received)}
    periods = [Period(name) for name in (*release.periods.years, release.periods.tertial) if name]
    days |= {day for period in periods for day in (period.start, period.end)}
    return periods_in_words(release.periods, frozenset(day for day in days if day is not None))


def periods_in_words(periods: PeriodsModel, days: frozenset[date] = frozenset()) -> OwnPeriods:
    """The periods of a release as words are held against them."""
    tertial = None
    if periods.tertial:
        start = Period(periods.tertial).start
        tertial = (start.year, int(periods.tertial[-1]))
    return OwnPeriods(years=tuple(int(year) for year in periods.years), tertial=tertial, days=days)


def _said(periods: PeriodsModel) -> str:
    years = f"{periods.years[0]}–{periods.years[-1]}" if len(periods.years) > 1 else periods.years[0]
    return f"{years} and {periods.tertial}" if periods.tertial else years


def _name_problems(release: Release, own: OwnPeriods, file: YamlFile) -> Iterator[Problem]:
    """The folder's name, which is the name of every file: a month is that of publication, all else the period's."""
    for field, name in (("kind", release.kind), ("release", release.release)):
        if month := re.fullmatch(r"((?:19|20)\d\d)-(\d\d)", name):
            named: tuple[str, ...] = () if (int(month[1]), int(month[2])) == _month(release.published) else (name,)
            meant = f"is published in {release.published.isoformat()[:7]}"
        else:
            named = foreign_periods(re.sub(r"(?<=\d)-(?=t\d)", "_", name).replace("-", " ").replace("_", "-"), own)
            meant = f"accounts for {_said(release.periods)}"
        for words in named:
            message = (
                f"The files of the release would be named {release.kind}-{release.release}, which says {words!r}, "
            )
            message += f"and the release {meant}."
            hint = f"Correct periods or published, or move the folder and write its name in {field}."
            yield Problem(code="other-period", message=message, place=file.place(field), hint=hint, value=words)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _date_problems(release: Release, file: YamlFile) -> Iterator[Problem]:
    for i, pin in enumerate(release.deliveries):
        if pin.as_of is not None and pin.received is not None and pin.received < pin.as_of:
            message = f"The delivery {pin.dataset} was received on {pin.received}, before its last day {pin.as_of}."
            hint = "Correct received or as_of: a delivery that came earlier cannot hold that day."
            yield Problem(code="date-order", message=message, place=file.place("deliveries", i, "received"), hint=hint)
        for field, day in (("received", pin.received), ("as_of", pin.as_of)):
            if day is not None and release.published < day:
                message = f"The report is published on {release.published}, before the delivery's {field} {day}."
                hint = f"Correct published, or {field} of {pin.dataset}."
                yield Problem(code="date-order", message=message, place=file.place("deliveries", i, field), hint=hint)
