"""The bridge over a change of method: both versions computed on the same cases for every period that both can serve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from report_builder.facts.fact import Fact, FactSet, ObsStatus, Provenance
from report_builder.methods.change import ChangeRecord
from report_builder.methods.method import Method
from report_builder.methods.numbers import decimal
from report_builder.periods import Period

LINKED = "lankad"
"""Stands behind the id of a value that an older version gave and that was carried over to the newer one."""

_DIFFERENCE_UNIT = {"procent": "procentenheter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeRow:
    """One figure by both versions, and ``difference`` = new − old (``percent`` of old; null where old is zero)."""

    old: Fact
    new: Fact
    difference: Fact
    percent: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLinked:
    """A series that was not linked: how far the versions' difference varies, in per cent; null: nothing in common."""

    statistic: str
    case_type: str
    variation: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """What a change of version does to the figures.

    ``rows`` holds every figure that both versions give; ``linked`` older values carried over to the newer version, and
    ``not_linked`` the series where that did not hold. A bridge without rows is a break: nothing crosses it.
    """

    change: ChangeRecord
    old: Method
    new: Method
    rows: tuple[BridgeRow, ...]
    linked: tuple[Fact, ...]
    not_linked: tuple[NotLinked, ...]

    @property
    def common(self) -> tuple[Period, ...]:
        """The periods that both versions serve."""
        return tuple(sorted({row.new.period for row in self.rows}))

    def of(self, statistic: str, kind: str) -> tuple[BridgeRow, ...]:
        """The rows of one statistic for periods of one kind (``year``, ``quarter``, ``day``)."""
        return tuple(r for r in self.rows if r.new.statistic == statistic and r.new.period.kind == kind)

    @property
    def facts(self) -> Iterator[Fact]:
        """Every fact that the bridge adds to those of the newer version."""
        for row in self.rows:
            yield from (row.old, row.difference, row.percent)
        yield from self.linked


def build_bridge(change: ChangeRecord, old: Method, new: Method, old_facts: FactSet, new_facts: FactSet) -> Bridge:
    """The bridge from ``old`` to ``new``, given what each version says of the same cases."""
    rows = []
    if change.comparability != "broken":
        rows = [_row(_kept(f, old), new_facts.require(f.id)) for f in old_facts if f.id in new_facts]
    linked: list[Fact] = []
    not_linked: list[NotLinked] = []
    if change.comparability == "linked":
        only_old = [f for f in old_facts if f.id not in new_facts and f.value is not None]
        linked, not_linked = _link(change, only_old, rows)
    return Bridge(change=change, old=old, new=new, rows=tuple(rows), linked=tuple(linked), not_linked=tuple(not_linked))


def _kept(fact: Fact, old: Method) -> Fact:
    """The older version's value under an id of its own, beside that of the newer version."""
    return replace(fact, id=f"{fact.id}@{old.version}", status=_differs(fact))


def _differs(fact: Fact) -> ObsStatus:
    return ObsStatus.DEFINITION_DIFFERS if fact.status is ObsStatus.NORMAL else fact.status


def _row(old: Fact, new: Fact) -> BridgeRow:
    difference = percent = None
    if old.value is not None and new.value is not None:
        difference = new.value - old.value
        percent = (
            decimal(100 * (Fraction(new.value) - Fraction(old.value)) / Fraction(old.value)) if old.value else None
        )
    version = old.method.partition("@")[2]
    return BridgeRow(
        old=old,
        new=new,
        difference=_between(old, new, f"{new.id}~@{version}", difference, _DIFFERENCE_UNIT.get(new.unit, new.unit)),
        percent=_between(old, new, f"{new.id}~%@{version}", percent, "procent"),
    )


def _between(old: Fact, new: Fact, name: str, value: Decimal | None, unit: str) -> Fact:
    hidden = ObsStatus.SUPPRESSED in (old.status, new.status)
    missing = ObsStatus.SUPPRESSED if hidden else ObsStatus.MISSING
    return replace(
        new,
        id=name,
        value=value,
        unit=unit,
        method=f"{old.method}~{new.method.partition('@')[2]}",
        status=ObsStatus.NORMAL if value is not None else missing,
        decimals=1 if unit == "procent" else new.decimals,
        provenance=Provenance(derived_from=(new.id, old.id)),
    )


def _link(
    change: ChangeRecord, only_old: Sequence[Fact], rows: Sequence[BridgeRow]
) -> tuple[list[Fact], list[NotLinked]]:
    """Older values carried over, series by series, where the versions differ alike in all common periods."""
    common: Mapping[tuple[str, str, str], list[BridgeRow]] = defaultdict(list)
    for row in rows:
        if row.old.value is not None and row.new.value is not None:
            common[row.new.statistic, row.new.case_type, row.new.period.kind].append(row)
    linked: list[Fact] = []
    not_linked: dict[tuple[str, str], NotLinked] = {}
    for fact in only_old:
        found = common[fact.statistic, fact.case_type, fact.period.kind]
        step, variation = _step(change, found)
        if step is None or variation is None or variation > change.link_tolerance:
            said = None if variation is None else decimal(Fraction(variation))
            reason = NotLinked(statistic=fact.statistic, case_type=fact.case_type, variation=said)
            not_linked.setdefault((fact.statistic, fact.case_type), reason)
            continue
        linked.append(_carried(change, fact, found, step))
    return linked, list(not_linked.values())


def _step(change: ChangeRecord, rows: Sequence[BridgeRow]) -> tuple[Fraction | None, Fraction | None]:
    """What carries a value over (a factor or a term), and how far it varies between the rows, in per cent."""
    pairs = [(Fraction(r.old.value or 0), Fraction(r.new.value or 0)) for r in rows]
    old, new = sum((o for o, _ in pairs), Fraction(0)), sum((n for _, n in pairs), Fraction(0))
    if not old or not new:
        return None, None
    if change.link == "ratio":
        factors = [n / o for o, n in pairs if o]
        return new / old, 100 * (max(factors) - min(factors)) / (new / old)
    terms = [n - o for o, n in pairs]
    return (new - old) / len(pairs), 100 * (max(terms) - min(terms)) / (new / len(pairs))


def _carried(change: ChangeRecord, fact: Fact, rows: Sequence[BridgeRow], step: Fraction) -> Fact:
    value = Fraction(fact.value or 0)
    sources = [fact.id, *(name for row in rows for name in (row.new.id, row.old.id))]
    return replace(
        fact,
        id=f"{fact.id}@{LINKED}",
        value=decimal(value * step if change.link == "ratio" else value + step),
        method=rows[0].new.method,
        status=ObsStatus.ESTIMATED,
        provenance=Provenance(derived_from=tuple(sources)),
    )
