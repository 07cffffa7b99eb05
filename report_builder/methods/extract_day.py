"""After the extract: a period that ends later than the data reaches has no outcome yet, and prints none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, FactSet, ObsStatus
from report_builder.methods.compute import delivery_of
from report_builder.methods.method import Method, Reported


def known_outcomes(facts: FactSet, methods: Mapping[str, Method], deliveries: Sequence[Delivery]) -> FactSet:
    """``facts`` without a value (status ``M``) where the period ends after the last day that its delivery covers.

    A count of a part of a period looks like a low count of the whole, and a backlog after the last day is only the one
    of that day. Reported values are as they were published, and a delivery that does not name its last day is taken to
    cover every period.
    """
    last = {name: delivery_of(m, deliveries).as_of for name, m in methods.items() if not isinstance(m.rules, Reported)}
    return FactSet([_until(fact, last.get(fact.measure)) for fact in facts])


def _until(fact: Fact, last: date | None) -> Fact:
    if last is None or fact.period.end <= last:
        return fact
    came = replace(fact.provenance, count=None, rows=(), left_out=())
    return replace(fact, value=None, status=ObsStatus.MISSING, provenance=came)
