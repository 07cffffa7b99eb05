"""Figures fact by fact: old value, new value, difference, and the reason, told by what went into the two builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from report_builder import swedish
from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.facts.fact import Fact, FactSet
from report_builder.revisions.comparison import (
    DifferenceCause,
    DifferenceKind,
    DifferenceReason,
    Layer,
    ReportDifference,
)
from report_builder.revisions.figure_descriptions import FigureDescriptions, capital
from report_builder.revisions.outline import Section
from report_builder.revisions.tokens import series_of
from report_builder.revisions.version import Version

_ORDER = tuple(DifferenceCause)


def rolled(old: FactSet, new: FactSet) -> bool:
    """Whether the two versions account for different periods."""
    measures = {f.measure for f in old} & {f.measure for f in new}
    one, other = ({p for p in _periods(facts) if p[0] in measures} for facts in (old, new))
    return one != other


def _periods(facts: FactSet) -> frozenset[tuple[str, str]]:
    return frozenset(_period(f) for f in facts)


def _period(fact: Fact) -> tuple[str, str]:
    return fact.measure, fact.period.name


@dataclass(frozen=True, kw_only=True)
class Underlay:
    """What lies under the figures of two versions, as far as it differs: the changes of inputs by (layer, key)."""

    old: Version
    new: Version
    inputs: Mapping[tuple[Layer, str], ReportDifference]

    @cached_property
    def periods(self) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
        """The periods that each version accounts for, with the measure that it does so by."""
        return _periods(self.old.facts), _periods(self.new.facts)

    @cached_property
    def _measures(self) -> tuple[frozenset[str], frozenset[str]]:
        one, other = (frozenset(measure for measure, _ in periods) for periods in self.periods)
        return one, other

    @cached_property
    def series(self) -> tuple[frozenset[str], frozenset[str]]:
        """The series that each version has figures of."""
        one, other = (frozenset(series_of(f.id) for f in v.facts) for v in (self.old, self.new))
        return one, other

    @cached_property
    def rolled(self) -> bool:
        """Whether the two versions account for different periods."""
        return rolled(self.old.facts, self.new.facts)

    def is_new_period(self, fact: Fact, *, side: int = 0) -> bool:
        """Whether the version on ``side`` has the fact's measure, but not for the fact's period."""
        return fact.measure in self._measures[side] and _period(fact) not in self.periods[side]

    def link(self, layer: Layer, key: str) -> tuple[str, ...]:
        """The id of the change of an input, if it changed."""
        found = self.inputs.get((layer, key))
        return (found.id,) if found else ()


def figure_differences(under: Underlay, descriptions: FigureDescriptions) -> Iterator[ReportDifference]:
    """Every figure that differs."""
    old, new = under.old.facts, under.new.facts
    for fact in new:
        before = old.get(fact.id)
        if before is None:
            yield _added(fact, under, descriptions)
        elif _differs(before, fact):
            yield descriptions.change(before, fact, DifferenceKind.CHANGED, _why(before, fact, under), new)
    for fact in old:
        if new.get(fact.id) is None:
            yield _removed(fact, under, descriptions)


def _added(fact: Fact, under: Underlay, descriptions: FigureDescriptions) -> ReportDifference:
    old, new = under.old.facts, under.new.facts
    if under.is_new_period(fact):
        earlier = _latest_before(fact, old)
        return descriptions.change(earlier, fact, DifferenceKind.ROLLED, _new_period(fact, earlier), new)
    by_period = _leads_out(fact, new, 0, under) or _year_before_is_new(fact, 0, under) or _same_pair(fact, under)
    if under.rolled and by_period:
        return descriptions.change(None, fact, DifferenceKind.ROLLED, _other_pair(), new)
    return descriptions.change(None, fact, DifferenceKind.ADDED, _why(None, fact, under), new)


def _removed(fact: Fact, under: Underlay, descriptions: FigureDescriptions) -> ReportDifference:
    old = under.old.facts
    if under.is_new_period(fact, side=1):
        return descriptions.change(fact, None, DifferenceKind.ROLLED, _dropped(fact), old)
    came = fact.provenance.derived_from
    other_pair = came and series_of(fact.id) in under.series[1]
    if under.rolled and (_leads_out(fact, old, 1, under) or _year_before_is_new(fact, 1, under) or other_pair):
        return descriptions.change(fact, None, DifferenceKind.ROLLED, _other_pair(), old)
    return descriptions.change(fact, None, DifferenceKind.REMOVED, _why(fact, None, under), old)


def _leads_out(fact: Fact, facts: FactSet, other: int, under: Underlay) -> bool:
    """Whether a derived figure rests on a period that the other version does not account for."""
    sources = (facts.get(source) for source in fact.provenance.derived_from)
    return any(under.is_new_period(source, side=other) for source in sources if source)


def _year_before_is_new(fact: Fact, other: int, under: Underlay) -> bool:
    """Whether the other version has the series, but not for this period, because it lacks the year before."""
    if fact.period.kind == "range" or series_of(fact.id) not in under.series[other]:
        return False
    before = fact.measure, fact.period.previous.name
    return before not in under.periods[other] and before in under.periods[1 - other]


def _same_pair(fact: Fact, under: Underlay) -> bool:
    """Whether a derived figure is new only because nobody asked for it before: what it rests on is as it was."""
    pairs = [(under.old.facts.get(source), under.new.facts.get(source)) for source in fact.provenance.derived_from]
    known = series_of(fact.id) in under.series[0]
    return known and bool(pairs) and all(a and b and not _differs(a, b) for a, b in pairs)


def _differs(before: Fact, after: Fact) -> bool:
    return (before.value, before.unit, before.status) != (after.value, after.unit, after.status)


def _latest_before(fact: Fact, old: FactSet) -> Fact | None:
    """The same series at the same time a year earlier, or two; a fact derived from others has no such."""
    period = fact.period
    base = fact.id.removesuffix(period.name)
    if base == fact.id:
        return None
    for _ in range(3):
        if period.kind == "range":
            return None
        period = period.previous
        found = old.get(base + period.name)
        if found is not None:
            return found
    return None


def _new_period(fact: Fact, earlier: Fact | None) -> tuple[DifferenceReason, ...]:
    sentence = gettext("{period} is a new period in the report.", period=capital(swedish.period(fact.period)))
    if earlier:
        about = gettext("The older value is about {period}.", period=swedish.period(earlier.period))
        sentence = f"{sentence} {about}"
    return (DifferenceReason(cause=DifferenceCause.NEW_PERIOD, sentence=sentence),)


def _other_pair() -> tuple[DifferenceReason, ...]:
    sentence = gettext("The report compares other periods with each other than before.")
    return (DifferenceReason(cause=DifferenceCause.NEW_PERIOD, sentence=sentence),)


def _dropped(fact: Fact) -> tuple[DifferenceReason, ...]:
    sentence = gettext("The period {period} is no longer reported.", period=swedish.period(fact.period))
    return (DifferenceReason(cause=DifferenceCause.NEW_PERIOD, sentence=sentence),)


def _why(before: Fact | None, after: Fact | None, under: Underlay) -> tuple[DifferenceReason, ...]:
    """The reasons for a change within one period, the weightiest first; a derived fact has those of its sources."""
    fact = after or before
    if fact is None:
        return ()
    if fact.provenance.derived_from:
        found = [
            reason
            for source in fact.provenance.derived_from
            for reason in _of_source(under.old.facts.get(source), under.new.facts.get(source), under)
        ]
        return _sorted(found) or _direct(before, after, under)
    return _direct(before, after, under)


def _of_source(before: Fact | None, after: Fact | None, under: Underlay) -> tuple[DifferenceReason, ...]:
    if before is not None and after is not None and not _differs(before, after):
        return ()
    return _why(before, after, under) if before or after else ()


def _sorted(reasons: Sequence[DifferenceReason]) -> tuple[DifferenceReason, ...]:
    return tuple(sorted(dict.fromkeys(reasons), key=lambda r: _ORDER.index(r.cause)))


def _direct(before: Fact | None, after: Fact | None, under: Underlay) -> tuple[DifferenceReason, ...]:
    found = list(_method(before, after, under))
    if not found or (before and after):  # what a method brought or took away has no other reason
        found += _data(before, after, under)
    return _sorted(found) or (_correction(before, after, under),)


def _method(before: Fact | None, after: Fact | None, under: Underlay) -> Iterator[DifferenceReason]:
    one, other = (f.method.partition("@")[::2] if f else ("", "") for f in (before, after))
    own = other[0] or one[0]
    about = after or before
    measure = own or (about.case_type if about else "")  # how many rows a method counted stands under its name
    link = under.link(Layer.METHODS, measure)
    versions = (one[1], other[1])
    if link and not (own and before and after):
        change = under.inputs[Layer.METHODS, measure]
        versions = change.old, change.new
    named = gettext("The method {name}", name=measure)
    title = under.inputs[Layer.METHODS, measure].title if link else named
    if all(versions) and versions[0] != versions[1]:
        old, new = (version.removeprefix("v") for version in versions)
        sentence = gettext("{method} has changed from version {old} to {new}.", method=title, old=old, new=new)
        yield DifferenceReason(cause=DifferenceCause.METHOD_CHANGE, sentence=sentence, links=link)
    elif link and under.inputs[Layer.METHODS, measure].weight == "large":  # more than its explanation was edited
        sentence = gettext("{method} has changed.", method=title)
        yield DifferenceReason(cause=DifferenceCause.METHOD_CHANGE, sentence=sentence, links=link)


def _data(before: Fact | None, after: Fact | None, under: Underlay) -> Iterator[DifferenceReason]:
    sums = [{s.sha256 for s in f.provenance.sources} if f else set() for f in (before, after)]
    fact = after or before
    if fact is None or (before and after and sums[0] == sums[1]):
        return
    names = sorted({s.file.rsplit("/", 1)[-1] for f in (before, after) if f for s in f.provenance.sources})
    links = tuple(link for name in names for link in under.link(Layer.DELIVERIES, name))
    if links or (before and after):
        sentence = gettext(
            "The delivered data ({files}) has changed for a period that was already reported.", files=", ".join(names)
        )
        yield DifferenceReason(cause=DifferenceCause.DATA_REVISION, sentence=sentence, links=links)


def _correction(before: Fact | None, after: Fact | None, under: Underlay) -> DifferenceReason:
    """Neither data nor method changed: what else went into the figure did, and is named."""
    suspects = [
        change
        for (layer, key), change in under.inputs.items()
        if layer in (Layer.CONTRACTS, Layer.REGISTERS) or (layer is Layer.CONTENT and key in ("program", "release"))
    ]
    opening = gettext("Neither the delivered data nor the method has changed.")
    if not suspects:
        sentence = f"{opening} {gettext('The value was corrected in another way.')}"
        return DifferenceReason(cause=DifferenceCause.CORRECTION, sentence=sentence)
    named = swedish.listing([c.title[:1].lower() + c.title[1:] for c in suspects])
    sentence = f"{opening} {gettext('What differs is {inputs}.', inputs=named)}"
    return DifferenceReason(cause=DifferenceCause.CORRECTION, sentence=sentence, links=tuple(c.id for c in suspects))


def printed_places(root: Section, document: n.Document) -> dict[str, tuple[Section, ...]]:
    """Where each fact is printed: the sections of the outline ``root`` of ``document``, by fact id."""
    sections = {s.id: s for s in root.walk()}
    found: dict[str, dict[str, Section]] = {}
    home = sections[""]
    for block in document.blocks:
        if isinstance(block, n.Heading):
            home = sections[block.id]
        for node in walk(block):
            if isinstance(node, n.FactValue):
                found.setdefault(node.fact_id, {})[home.id] = home
    return {fact: tuple(homes.values()) for fact, homes in found.items()}
