"""The identity of flows and stock: what was open, plus what came in, minus what was closed, is what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from report_builder.facts.fact import Fact, FactSet, fact_id
from report_builder.methods.method import Flows, Identity, Method
from report_builder.periods import Period
from report_builder.problems import Problem


def flow_identity_problems(facts: FactSet, methods: Mapping[str, Method]) -> list[Problem]:
    """A problem for each case type and period where the identity that a flow method declares does not hold."""
    problems: list[Problem] = []
    for method in methods.values():
        if isinstance(method.rules, Flows) and method.rules.identity is not None:
            flows = {(f.case_type, f.period) for f in facts if f.measure == method.measure}
            for case_type, period in sorted(flows):
                problems += _check(facts, method, method.rules.identity, case_type, period)
    return problems


def _check(facts: FactSet, method: Method, identity: Identity, case_type: str, period: Period) -> Iterator[Problem]:
    measure, statistic = identity.stock.split(".")
    before = Period((period.start - timedelta(days=1)).isoformat())
    opening = facts.get(fact_id(measure, statistic, case_type, before))
    closing = facts.get(fact_id(measure, statistic, case_type, period.last_day))
    came = [_flow(facts, method, name, case_type, period) for name in identity.plus]
    went = [_flow(facts, method, name, case_type, period) for name in identity.minus]
    known = [f for f in (opening, closing, *came, *went) if f is not None and f.value is not None]
    if opening is None or closing is None or len(known) < 2 + len(came) + len(went):
        return
    expected = sum((_value(f) for f in (opening, *came)), start=0) - sum((_value(f) for f in went), start=0)
    if expected != closing.value:
        message = (
            f"{case_type} {period}: opening stock and flows give {expected}, but the closing stock is {closing.value}."
        )
        hint = "The stock and the flows must share source and clock; check the order of the dates in the delivery."
        place = method.file.place("identity")
        yield Problem(code="identity", message=message, place=place, hint=hint, value=str(closing.value))


def _flow(facts: FactSet, method: Method, name: str, case_type: str, period: Period) -> Fact | None:
    return facts.get(fact_id(method.measure, name, case_type, period))


def _value(fact: Fact | None) -> int:
    return int(fact.value) if fact is not None and fact.value is not None else 0
