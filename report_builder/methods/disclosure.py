"""Disclosure control: small counts are withheld or rounded, so that a figure tells about no single person.

Withholding one cell of a table is not enough where the others and the sum are printed. The sums that a reader can form
are written down as equations (case types and their total, quarters and their year, age bands and their stock, opening
stock with flows and closing stock), and cells are withheld until no small count follows from all of them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from report_builder.facts import Fact, FactSet, ObsStatus, fact_id
from report_builder.methods.method import Disclosure, Durations, Flows, Identity, Method, Reported, Stocks
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
    counts = {f.id: int(f.value) for f in facts if f.unit == "antal" and f.value is not None}
    sums = [e for e in equations(facts, methods, case_types, total) if all(name in counts for name in e)]
    hidden = small | withheld(counts, sums, small & set(counts))
    return FactSet([_protected(f, f.id in hidden, ruled[f.measure].base if _rounds(ruled, f) else 0) for f in facts])


def _rounds(ruled: Mapping[str, Disclosure], fact: Fact) -> bool:
    rule = ruled.get(fact.measure)
    return rule is not None and rule.rule == "round" and fact.unit == "antal"


def _protected(fact: Fact, hide: bool, base: int) -> Fact:
    came = replace(fact.provenance, rows=())
    if hide:
        return replace(fact, value=None, status=ObsStatus.SUPPRESSED, provenance=replace(came, count=None))
    if base and fact.value is not None:
        value = (fact.value / base).quantize(Decimal(1), rounding=ROUND_HALF_UP) * base
        return replace(fact, value=value, provenance=replace(came, count=None))
    return fact


def withheld(counts: Mapping[str, int], sums: Sequence[Equation], small: set[str]) -> set[str]:
    """The cells to withhold so that none of ``small`` follows from what is left: those, and as few more as it takes.

    The next cell to go is the smallest of a sum that gives a small count away, a part before a whole.
    """
    hidden = set(small)
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
        if fact.unit == "antal" and fact.case_type == total and not isinstance(methods[fact.measure].rules, Reported):
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
        if fact.measure == method.measure and fact.unit == "antal" and fact.period.kind == "year":
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
    for fact in facts:
        if (fact.measure, fact.statistic) == (method.measure, whole):
            yield _whole(fact.id, [fact_id(fact.measure, part, fact.case_type, fact.period) for part in parts])


def _identity(facts: FactSet, method: Method, identity: Identity) -> Iterator[Equation]:
    """Opening stock, and what came, less what went, less closing stock, is nothing."""
    measure, statistic = identity.stock.split(".")
    for case_type, period in sorted({(f.case_type, f.period) for f in facts if f.measure == method.measure}):
        before = Period((period.start - timedelta(days=1)).isoformat())
        came = [fact_id(method.measure, name, case_type, period) for name in identity.plus]
        went = [fact_id(method.measure, name, case_type, period) for name in identity.minus]
        opening, closing = (fact_id(measure, statistic, case_type, day) for day in (before, period.last_day))
        yield {opening: 1, closing: -1, **dict.fromkeys(came, 1), **dict.fromkeys(went, -1)}
