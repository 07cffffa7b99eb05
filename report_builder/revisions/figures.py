"""Figures fact by fact: old value, new value, difference, and the reason, told by what went into the two builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.facts import Fact, FactSet, ObsStatus
from report_builder.revisions.changes import Cause, Change, Kind, Layer, Reason, Weight
from report_builder.revisions.outline import Section
from report_builder.revisions.version import Version

_UNITS = {"antal": "", "dagar": "dagar", "manader": "månader", "procent": "procent", "procentenheter": "procentenheter"}
_SHORT_UNITS = {
    "dagar": f"{swedish.NBSP}dagar",
    "manader": f"{swedish.NBSP}månader",
    "procent": f"{swedish.NBSP}%",
    "procentenheter": f"{swedish.NBSP}procentenheter",
}
_ORDER = tuple(Cause)
_MARKS = {
    ObsStatus.PROVISIONAL: " (preliminärt)",
    ObsStatus.ESTIMATED: " (skattat)",
    ObsStatus.BREAK: " (tidsseriebrott)",
    ObsStatus.DEFINITION_DIFFERS: " (annan definition)",
}


def rolled(old: FactSet, new: FactSet) -> bool:
    """Whether the two versions account for different periods."""
    return {f.period.name for f in old} != {f.period.name for f in new}


@dataclass(frozen=True, slots=True, kw_only=True)
class Underlay:
    """What lies under the figures of two versions, as far as it differs: the changes of inputs by (layer, key)."""

    old: Version
    new: Version
    inputs: Mapping[tuple[Layer, str], Change]

    def link(self, layer: Layer, key: str) -> tuple[str, ...]:
        """The id of the change of an input, if it changed."""
        found = self.inputs.get((layer, key))
        return (found.id,) if found else ()


def changes(under: Underlay, places: Mapping[str, tuple[Section, ...]]) -> Iterator[Change]:
    """Every figure that differs; ``places`` tell where each fact is printed, in the new version or else the old."""
    old, new = under.old.facts, under.new.facts
    known_before, known_now = ({f.period.name for f in facts} for facts in (old, new))
    for fact in new:
        before = old.get(fact.id)
        if before is None:
            is_new_period = fact.period.name not in known_before
            earlier = _latest_before(fact, old) if is_new_period else None
            reasons = _new_period(fact, earlier) if is_new_period else _why(None, fact, under)
            yield _change(earlier, fact, Kind.ADDED, reasons, places, new)
        elif _differs(before, fact):
            yield _change(before, fact, Kind.CHANGED, _why(before, fact, under), places, new)
    for fact in old:
        if new.get(fact.id) is None:
            dropped = fact.period.name not in known_now
            yield _change(fact, None, Kind.REMOVED, _dropped(fact) if dropped else _why(fact, None, under), places, old)


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


def _new_period(fact: Fact, earlier: Fact | None) -> tuple[Reason, ...]:
    since = f" Det äldre värdet avser {swedish.period(earlier.period)}." if earlier else ""
    sentence = f"{_capital(swedish.period(fact.period))} är en ny period i rapporten.{since}"
    return (Reason(cause=Cause.NEW_PERIOD, sentence=sentence),)


def _dropped(fact: Fact) -> tuple[Reason, ...]:
    sentence = f"Perioden {swedish.period(fact.period)} redovisas inte längre."
    return (Reason(cause=Cause.NEW_PERIOD, sentence=sentence),)


def _why(before: Fact | None, after: Fact | None, under: Underlay) -> tuple[Reason, ...]:
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


def _of_source(before: Fact | None, after: Fact | None, under: Underlay) -> tuple[Reason, ...]:
    if before is not None and after is not None and not _differs(before, after):
        return ()
    return _why(before, after, under) if before or after else ()


def _sorted(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(dict.fromkeys(reasons), key=lambda r: _ORDER.index(r.cause)))


def _direct(before: Fact | None, after: Fact | None, under: Underlay) -> tuple[Reason, ...]:
    found = [*_method(before, after, under), *_data(before, after, under)]
    return _sorted(found) or (_correction(before, after, under),)


def _method(before: Fact | None, after: Fact | None, under: Underlay) -> Iterator[Reason]:
    one, other = (f.method if f else "" for f in (before, after))
    measure = (other or one).partition("@")[0]
    link = under.link(Layer.METHODS, measure)
    if one and other and one != other:
        versions = f"från {one.partition('@')[2]} till {other.partition('@')[2]}"
        yield Reason(cause=Cause.METHOD_CHANGE, sentence=f"Mätmetoden {measure} har bytts {versions}.", links=link)
    elif link:
        yield Reason(cause=Cause.METHOD_CHANGE, sentence=f"Mätmetoden {measure} har ändrats.", links=link)


def _data(before: Fact | None, after: Fact | None, under: Underlay) -> Iterator[Reason]:
    sums = [{s.sha256 for s in f.provenance.sources} if f else set() for f in (before, after)]
    fact = after or before
    if fact is None or (before and after and sums[0] == sums[1]):
        return
    names = sorted({s.file.rsplit("/", 1)[-1] for f in (before, after) if f for s in f.provenance.sources})
    links = tuple(link for name in names for link in under.link(Layer.DELIVERIES, name))
    if links or (before and after):
        sentence = f"De levererade uppgifterna ({', '.join(names)}) har ändrats för en period som redan var redovisad."
        yield Reason(cause=Cause.DATA_REVISION, sentence=sentence, links=links)


def _correction(before: Fact | None, after: Fact | None, under: Underlay) -> Reason:
    """Neither data nor method changed: what else went into the figure did, and is named."""
    suspects = [
        change
        for (layer, key), change in under.inputs.items()
        if layer in (Layer.CONTRACTS, Layer.REGISTERS) or (layer is Layer.CONTENT and key in ("program", "release"))
    ]
    opening = "Varken de levererade uppgifterna eller mätmetoden har ändrats"
    if not suspects:
        return Reason(cause=Cause.CORRECTION, sentence=f"{opening}. Värdet är rättat på annat sätt.")
    named = swedish.listing([c.title[:1].lower() + c.title[1:] for c in suspects])
    sentence = f"{opening}. Det som skiljer är {named}."
    return Reason(cause=Cause.CORRECTION, sentence=sentence, links=tuple(c.id for c in suspects))


def _change(
    before: Fact | None,
    after: Fact | None,
    kind: Kind,
    reasons: tuple[Reason, ...],
    places: Mapping[str, tuple[Section, ...]],
    facts: FactSet,
) -> Change:
    fact = after or before
    if fact is None:
        raise ValueError("a change without a fact")
    standing = places.get(fact.id, ())
    difference = _difference(before, after)
    home = standing[0] if standing else None
    return Change(
        id=f"figures-{fact.id}",
        layer=Layer.FIGURES,
        kind=kind,
        what="fact",
        key=fact.id,
        title=title(fact, facts),
        chapter=home.chapter.id if home else "",
        place="; ".join(dict.fromkeys(s.words for s in standing)),
        old=_value(before),
        new=_value(after),
        difference=difference,
        unit=_UNITS.get(fact.unit, fact.unit) if difference is None else _difference_unit(fact.unit),
        reasons=reasons,
        weight=_weight(before, after, difference),
        printed=bool(standing),
    )


def _difference(before: Fact | None, after: Fact | None) -> Decimal | None:
    if before is None or after is None or before.value is None or after.value is None or before.unit != after.unit:
        return None
    return after.value - before.value


def _difference_unit(unit: str) -> str:
    return "procentenheter" if unit == "procent" else _UNITS.get(unit, unit)


def title(fact: Fact, facts: FactSet) -> str:
    """What the fact counts, in the words of its selection; a change tells what it is a change of and since when."""
    came = fact.provenance
    if len(came.derived_from) == 2:
        later, earlier = (facts.get(source) for source in came.derived_from)
        if later is not None and earlier is not None and later.provenance.selection:
            since = swedish.period(earlier.period)
            return f"Förändring sedan {since}: {later.provenance.selection}"
    return _capital(came.selection) or fact.id


def _value(fact: Fact | None) -> str:
    if fact is None:
        return ""
    if fact.status is ObsStatus.SUPPRESSED:
        return "skyddat värde"
    unit = _SHORT_UNITS.get(fact.unit, "") if fact.value is not None else ""
    return swedish.number(fact.value, fact.decimals) + unit + _MARKS.get(fact.status, "")


def _weight(before: Fact | None, after: Fact | None, difference: Decimal | None) -> Weight:
    if before is None or after is None or difference is None or not before.value:
        return "large"
    share = abs(difference / before.value)
    return "small" if share < Decimal("0.01") else "medium" if share < Decimal("0.1") else "large"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def printed(root: Section, document: n.Document) -> dict[str, tuple[Section, ...]]:
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
