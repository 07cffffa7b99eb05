"""Small reports of a series, made up: a sentence, a paragraph of prose, and a table with a column for each period."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from reference import p, reference_meta, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.facts.fact import Fact, FactSet, fact_id
from report_builder.packages.bundles import OutputFiles
from report_builder.periods import Period
from report_builder.revisions.version import Version
from report_builder.swedish import period, period_in_table

GROUPS = ("a", "b", "c")


def fact(group: str, name: str, value: int) -> Fact:
    at = Period(name)
    return Fact(
        id=fact_id("balans", "antal", group, at), measure="balans", statistic="antal", case_type=group, period=at,
        value=Decimal(value), unit="antal", decimals=0, method="balans@v1", label="Antal öppna ärenden",
    )  # fmt: skip


def version(name: str, periods: tuple[str, ...], *, values: dict[str, int] | None = None, prose: str = "") -> Version:
    """A report of the last of ``periods``, with a table that has a column for each of them."""
    facts = FactSet([fact(g, at, 100 * i + k) for i, g in enumerate(GROUPS, 1) for k, at in enumerate(periods)])
    facts = FactSet([dataclasses.replace(f, value=Decimal((values or {}).get(f.id, f.value or 0))) for f in facts])

    def shown(group: str, at: str) -> tuple[n.Inline, ...]:
        found = facts.require(fact_id("balans", "antal", group, Period(at)))
        return (n.FactValue(fact_id=found.id, text=str(found.value)),)

    columns = tuple(n.Column(id=f"k{i}", header=t(period_in_table(Period(at)))) for i, at in enumerate(periods))
    table = n.Table(
        id="tab-balans",
        caption=t(f"Balans till och med {period(Period(periods[-1]))}"),
        columns=(n.Column(id="grupp", header=t("Grupp")), *columns),
        rows=tuple(n.Row(cells=(t(g.upper()), *(shown(g, at) for at in periods))) for g in GROUPS),
    )
    blocks = (
        n.Heading(id="lage", level=1, content=t("Läget")),
        p(f"Under {period(Period(periods[-1]))} var balansen ", *shown("a", periods[-1]), " ärenden."),
        p(prose or "Balansen har många orsaker."),
        table,
    )
    return Version(
        name=name, release=f"rapport/{name}", status="draft", facts=facts, inputs=(), program={},
        document=resolve(n.Document(meta=reference_meta(), blocks=blocks)), files=OutputFiles(name=name, contents={}),
    )  # fmt: skip


FIRST = version("t1", ("2025-T1", "2026-T1"))
YEARS = version("2024", ("2022", "2023", "2024"))
