"""Disclosure control: small counts are withheld or rounded, so that a figure tells about no single person.

Withholding one cell of a table is not enough where the others and the sum are printed. The sums that a reader can form
are written down as equations (case types and their total, quarters and their year, age bands and their stock, opening
stock with flows and closing stock), and cells are withheld until no small count follows from all of them together.

A share tells the count that it is a share of a known number for, and the count that is left: both are cells like the
others, and a share whose part or rest is withheld is withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from report_builder import swedish
from report_builder.facts.fact import Fact, FactSet, ObsStatus, fact_id
from report_builder.methods.method import Disclosure, Durations, Flows, Identity, Method, Reported, Stocks
from report_builder.methods.numbers import ratio
from report_builder.periods import Period

Equation = Mapping[str, int]
"""Ids of counts with their signs: the signed counts sum to zero, so each follows from all the others."""


def protect(facts: FactSet, methods: Mapping[str, Method], case_types: Sequence[str], total: str) -> FactSet:
    """``facts`` with what each method's disclosure rule asks for; withheld values have the status ``Q``."""
    ruled = {name: rule for name, m in methods.items() if (rule := m.rules.disclosure) is not None}
    if not ruled:
        return facts
    small: set[str] = set()
    for fact in facts:
        rule = ruled.get(fact.measure)
        if rule is not None and rule.rule == "suppress" and 0 < (fact.provenance.count or 0) < rule.minimum:
            small.add(fact.id)
    counts = {f.id: int(f.value) for f in facts if f.unit == swedish.COUNT and f.value is not None}
    shares = {f.id: found for f in facts if f.measure in ruled and (found := share_of(f, methods)) is not None}
    for name, (part, whole) in shares.items():
        counts |= {name: part, f"{name}{_REST}": whole - part}
        rule = ruled[name.partition(".")[0]]
        if rule.rule == "suppress" and any(0 < n < rule.minimum for n in (part, whole - part)):
            small.add(name)
    sums = [
        *_splits(facts, methods, counts),
        *equations(facts, methods, case_types, total),
        *_share_sums(facts, methods, shares, case_types, total),
    ]
    sums = [e for e in sums if all(name in counts for name in e)]
    rests = {f"{name}{_REST}" for name in shares if name in small}
    unsaid = {name for name in counts if name.endswith(_UNSAID)}
    hidden = small | cells_to_withhold(counts, sums, (small | rests) & set(counts), unsaid)
    gone = {name.removesuffix(_REST) for name in hidden}
    return FactSet([_protected(f, f.id in gone, _base(ruled, f), shares.get(f.id)) for f in facts])


_UNSAID = "#unsaid"
"""Stands behind a count's id for those who belong to none of the parts that it is split by; nobody prints it."""


def _splits(facts: FactSet, methods: Mapping[str, Method], counts: dict[str, int]) -> list[Equation]:
    """A count and its parts, such as women and men; those of no part are added to ``counts`` where there are any."""
    found: list[Equation] = []
    for fact in facts:
        parts = [fact_id(fact.measure, f"{fact.statistic}-{p.id}", fact.case_type, fact.period)
                 for p in methods[fact.measure].parts]  # fmt: skip
        if parts and fact.id in counts and all(name in counts for name in parts):
            others = counts[fact.id] - sum(counts[name] for name in parts)
            if others:
                counts[f"{fact.id}{_UNSAID}"] = others
                parts.append(f"{fact.id}{_UNSAID}")
            found.append(_whole(fact.id, parts))
    return found


_REST = "#rest"
"""Stands behind a share's id for the count of those who are not in it."""


def share_of(fact: Fact, methods: Mapping[str, Method]) -> tuple[int, int] | None:
    """The count that a share is for and what it is a share of; ``None`` for what is no share or has no value."""
    name, _ = methods[fact.measure].whole(fact.statistic)
    statistic = next((s for s in methods[fact.measure].rules.statistics if s.id == name), None)
    whole = fact.provenance.count
    if getattr(statistic, "kind", "") not in ("share", "share_within") or fact.value is None or not whole:
        return None
    return round(Fraction(fact.value) * whole / 100), whole


def _share_sums(
    facts: FactSet,
    methods: Mapping[str, Method],
    shares: Mapping[str, tuple[int, int]],
    case_types: Sequence[str],
    total: str,
) -> Iterator[Equation]:
    """What ties the parts of shares to each other and to the counts that they are shares of."""
    for fact in (f for f in facts if f.id in shares):
        rules = methods[fact.measure].rules
        statistic, part = methods[fact.measure].whole(fact.statistic)
        of = f"-{part.id}" if part is not None else ""
        if whole := _whole_of(rules):
            everyone = fact_id(fact.measure, f"{whole}{of}", fact.case_type, fact.period)
            yield _whole(everyone, [fact.id, f"{fact.id}{_REST}"])
        if fact.case_type == total:
            yield _whole(fact.id, [fact_id(fact.measure, fact.statistic, c, fact.period) for c in case_types])
        if fact.period.kind == "year" and isinstance(rules, Durations):
            quarters = [Period(f"{fact.period.name}-Q{i}") for i in (1, 2, 3, 4)]
            yield _whole(fact.id, [fact_id(fact.measure, fact.statistic, fact.case_type, q) for q in quarters])
        if isinstance(rules, Stocks):
            bands = _inside(rules, statistic)
            yield from [
                _whole(fact.id, [fact_id(fact.measure, f"{b}{of}", fact.case_type, fact.period) for b in bands])
            ][: len(bands)]


def _whole_of(rules: object) -> str:
    """The statistic that counts everyone a share is a share of; empty where the method prints none."""
    if isinstance(rules, Durations):
        return next((s.id for s in rules.statistics if s.kind == "count"), "")
    if isinstance(rules, Stocks):
        everyone = (
            s.id for s in rules.statistics if s.kind == "count" and not s.over_months and s.up_to_months is None
        )
        return next(everyone, "")
    return ""


def _inside(rules: Stocks, share: str) -> list[str]:
    """The age bands that together are a share's part; empty where none are."""
    asked = next(s for s in rules.statistics if s.id == share)
    found: list[str] = []
    whole = _whole_of(rules)
    reached: int | None = asked.over_months
    bands = sorted(
        (s for s in rules.statistics if s.kind == "count"), key=lambda s: (s.over_months, s.up_to_months or 0)
    )
    for band in bands:
        onward = reached is not None and reached != asked.up_to_months and band.over_months == reached
        if onward and band.id != whole:
            found.append(band.id)
            reached = band.up_to_months
    return found if reached == asked.up_to_months else []


def _base(ruled: Mapping[str, Disclosure], fact: Fact) -> int:
    rule = ruled.get(fact.measure)
    return rule.base if rule is not None and rule.rule == "round" else 0


def _protected(fact: Fact, hide: bool, base: int, share: tuple[int, int] | None) -> Fact:
    came = replace(fact.provenance, rows=(), left_out=())
    if hide:
        return replace(fact, value=None, status=ObsStatus.SUPPRESSED, provenance=replace(came, count=None))
    if base and share is not None:
        part, whole = (_to_base(Decimal(n), base) for n in share)
        if not whole:
            return _protected(fact, True, base, None)
        return replace(fact, value=ratio(int(part), int(whole), 100), provenance=replace(came, count=None))
    if base and fact.value is not None and fact.unit == swedish.COUNT:
        return replace(fact, value=_to_base(fact.value, base), provenance=replace(came, count=None))
    return fact


def _to_base(value: Decimal, base: int) -> Decimal:
    return (value / base).quantize(Decimal(1), rounding=ROUND_HALF_UP) * base


def cells_to_withhold(
    counts: Mapping[str, int], sums: Sequence[Equation], small: set[str], unsaid: AbstractSet[str] = frozenset()
) -> set[str]:
    """The cells to withhold so that none of ``small`` follows from what is left: those, and as few more as it takes.

    ``unsaid`` are cells that nobody prints anyway. The next cell to go is the smallest of a sum that gives a small
    count away, a part before a whole.
    """
    hidden = small | unsaid
    while True:
        given_away = sorted(_determined(sums, hidden) & small)
        if not given_away:
            return hidden
        own = [equation for equation in sums if given_away[0] in equation]
        linked = [equation for equation in sums if any(cell in hidden for cell in equation)]
        choice = _next(own, counts, hidden) or _next(linked, counts, hidden)
        if choice is None:  # everything that is bound to it is withheld already
            return hidden
        hidden.add(choice)


def _next(sums: Sequence[Equation], counts: Mapping[str, int], hidden: set[str]) -> str | None:
    choices = [
        (counts[cell] == 0, sign > 0, counts[cell], cell)
        for equation in sums
        for cell, sign in equation.items()
        if cell not in hidden
    ]
    return min(choices)[-1] if choices else None


def _determined(sums: Sequence[Equation], hidden: set[str]) -> set[str]:
    """The withheld cells that follow from the sums: those that elimination leaves alone in a row."""
    solved: dict[str, dict[str, Fraction]] = {}
    for equation in sums:
        row = {cell: Fraction(sign) for cell, sign in equation.items() if cell in hidden}
        while shared := next((cell for cell in row if cell in solved), None):
            factor = row[shared]
            for cell, value in solved[shared].items():
                row[cell] = row.get(cell, Fraction(0)) - factor * value
            row = {cell: value for cell, value in row.items() if value}
        if not row:
            continue
        pivot = min(row)
        row = {cell: value / row[pivot] for cell, value in row.items()}
        for name, other in solved.items():
            if factor := other.get(pivot, Fraction(0)):
                merged = {c: other.get(c, Fraction(0)) - factor * row.get(c, Fraction(0)) for c in {*other, *row}}
                solved[name] = {c: value for c, value in merged.items() if value}
        solved[pivot] = row
    return {name for name, row in solved.items() if len(row) == 1}


def equations(
    facts: FactSet, methods: Mapping[str, Method], case_types: Sequence[str], total: str
) -> Iterator[Equation]:
    """The sums that the counts obey, those whose facts are all there; a whole has the sign plus."""
    for equation in _equations(facts, methods, case_types, total):
        if all(name in facts for name in equation):
            yield equation


def _equations(
    facts: FactSet, methods: Mapping[str, Method], case_types: Sequence[str], total: str
) -> Iterator[Equation]:
    for fact in facts:
        if (
            fact.unit == swedish.COUNT
            and fact.case_type == total
            and not isinstance(methods[fact.measure].rules, Reported)
        ):
            parts = [fact_id(fact.measure, fact.statistic, c, fact.period) for c in case_types]
            yield _whole(fact.id, parts)
    for method in methods.values():
        rules = method.rules
        if isinstance(rules, Stocks):
            yield from _bands(facts, method, rules)
        elif isinstance(rules, Durations | Flows):
            yield from _years(facts, method)
        if isinstance(rules, Flows) and rules.identity is not None:
            yield from _identity(facts, method, rules.identity)


def _whole(whole: str, parts: Sequence[str]) -> Equation:
    return {whole: 1, **dict.fromkeys(parts, -1)}


def _years(facts: FactSet, method: Method) -> Iterator[Equation]:
    for fact in facts:
        if fact.measure == method.measure and fact.unit == swedish.COUNT and fact.period.kind == "year":
            quarters = [Period(f"{fact.period.name}-Q{i}") for i in (1, 2, 3, 4)]
            yield _whole(fact.id, [fact_id(fact.measure, fact.statistic, fact.case_type, q) for q in quarters])


def _bands(facts: FactSet, method: Method, rules: Stocks) -> Iterator[Equation]:
    """The whole stock and the age bands that fill it, where the method's bands do."""
    counts = [s for s in rules.statistics if s.kind == "count"]
    whole = next((s.id for s in counts if not s.over_months and s.up_to_months is None), None)
    parts: list[str] = []
    reached: int | None = 0
    for band in sorted((s for s in counts if s.id != whole), key=lambda s: s.over_months):
        if band.over_months != reached:
            return
        parts.append(band.id)
        reached = band.up_to_months
    if whole is None or reached is not None:
        return
    for of in _suffixes(method):
        for fact in facts:
            if (fact.measure, fact.statistic) == (method.measure, f"{whole}{of}"):
                bands = [fact_id(fact.measure, f"{part}{of}", fact.case_type, fact.period) for part in parts]
                yield _whole(fact.id, bands)


def _suffixes(method: Method) -> tuple[str, ...]:
    """What stands behind a statistic's id: nothing for everyone, and each part that cases are split by."""
    return ("", *(f"-{part.id}" for part in method.parts))


def _identity(facts: FactSet, method: Method, identity: Identity) -> Iterator[Equation]:
    """Opening stock, and what came, less what went, less closing stock, is nothing."""
    measure, statistic = identity.stock.split(".")
    for case_type, period in sorted({(f.case_type, f.period) for f in facts if f.measure == method.measure}):
        before = Period((period.start - timedelta(days=1)).isoformat())
        for of in _suffixes(method):
            came = [fact_id(method.measure, f"{name}{of}", case_type, period) for name in identity.plus]
            went = [fact_id(method.measure, f"{name}{of}", case_type, period) for name in identity.minus]
            ends = [fact_id(measure, f"{statistic}{of}", case_type, day) for day in (before, period.last_day)]
            yield {ends[0]: 1, ends[1]: -1, **dict.fromkeys(came, 1), **dict.fromkeys(went, -1)}
