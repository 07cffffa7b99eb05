"""A changed figure in words: what it is called, its values as a reader sees them, and how much it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.facts.fact import Fact, FactSet, ObsStatus
from report_builder.revisions.comparison import DifferenceKind, DifferenceReason, Layer, ReportDifference, Weight
from report_builder.revisions.outline import Section

_UNITS = {
    swedish.COUNT: "",
    swedish.DAYS: msgid("days", context="comparison"),
    swedish.MONTHS: msgid("months", context="comparison"),
    swedish.PERCENT: msgid("per cent", context="comparison"),
    swedish.POINTS: msgid("percentage points", context="comparison"),
}
_MARKS = {
    ObsStatus.PROVISIONAL: msgid("provisional", context="comparison"),
    ObsStatus.ESTIMATED: msgid("estimated", context="comparison"),
    ObsStatus.BREAK: msgid("break in the series", context="comparison"),
    ObsStatus.DEFINITION_DIFFERS: msgid("another definition", context="comparison"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDescriptions:
    """What is needed to describe a figure.

    ``places`` are where each fact is printed, in the new version or else the old, ``names`` what case types are called.
    """

    places: Mapping[str, tuple[Section, ...]]
    names: Mapping[str, str]

    def change(
        self,
        before: Fact | None,
        after: Fact | None,
        kind: DifferenceKind,
        reasons: tuple[DifferenceReason, ...],
        facts: FactSet,
    ) -> ReportDifference:
        """A figure's change; ``facts`` are those of the version that the figure stands in."""
        fact = after or before
        if fact is None:
            raise ValueError("a change without a fact")
        standing = self.places.get(fact.id, ())
        difference = _difference(before, after)
        home = standing[0] if standing else None
        return ReportDifference(
            id=f"figures-{fact.id}",
            layer=Layer.FIGURES,
            kind=kind,
            what="fact",
            key=fact.id,
            title=title(fact, facts, self.names),
            chapter=home.chapter.id if home else "",
            place="; ".join(dict.fromkeys(s.words for s in standing)),
            old=_value(before),
            new=_value(after),
            difference=difference,
            unit=_unit(fact.unit) if difference is None else _difference_unit(fact.unit),
            reasons=reasons,
            weight=_weight(before, after, difference),
            printed=bool(standing),
        )


def _difference(before: Fact | None, after: Fact | None) -> Decimal | None:
    if before is None or after is None or before.value is None or after.value is None or before.unit != after.unit:
        return None
    return after.value - before.value


def _difference_unit(unit: str) -> str:
    return _unit(swedish.POINTS if unit == swedish.PERCENT else unit)


def _unit(unit: str) -> str:
    """The unit in words; a count is a bare number."""
    return gettext(_UNITS[unit], context="comparison") if _UNITS.get(unit) else _UNITS.get(unit, unit)


def title(fact: Fact, facts: FactSet, names: Mapping[str, str]) -> str:
    """What a figure is called: statistic, case type, period; since when or by which version, if it is about that."""
    base, _, vintage = fact.id.partition("@")
    change, since = base.partition("~")[1:]
    label = fact.label or fact.provenance.selection.partition(",")[0]
    if not label:
        return fact.id
    words = f"{capital(label)}, {names.get(fact.case_type, fact.case_type)}, {swedish.period(fact.period)}"
    if change and vintage:
        return gettext("Difference from version {version}: {figure}", version=vintage, figure=words)
    if change:
        came = [facts.get(source) for source in fact.provenance.derived_from]
        earlier = swedish.period(came[-1].period) if came and came[-1] else since.lstrip("%")
        return gettext("Change since {period}: {figure}", period=earlier, figure=words)
    if vintage.startswith("v"):
        return gettext("{figure}, by version {version}", figure=words, version=vintage)
    if vintage:
        return gettext("{figure}, linked value", figure=words)
    return words


def _value(fact: Fact | None) -> str:
    if fact is None:
        return ""
    if fact.status is ObsStatus.SUPPRESSED:
        return gettext("suppressed value", context="comparison")
    unit = "%" if fact.unit == swedish.PERCENT else _unit(fact.unit)
    number = swedish.number(fact.value, fact.decimals)
    words = f"{number}{swedish.NBSP}{unit}" if unit and fact.value is not None else number
    return f"{words} ({gettext(_MARKS[fact.status], context='comparison')})" if fact.status in _MARKS else words


def _weight(before: Fact | None, after: Fact | None, difference: Decimal | None) -> Weight:
    if before is None or after is None or difference is None or not before.value:
        return "large"
    share = abs(difference / before.value)
    return "small" if share < Decimal("0.01") else "medium" if share < Decimal("0.1") else "large"


def capital(words: str) -> str:
    """The words with a capital first."""
    return words[:1].upper() + words[1:]
