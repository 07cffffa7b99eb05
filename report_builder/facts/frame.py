"""Facts as a pandas DataFrame, for analysis: one row a fact, with periods, units, flags and methods as columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from report_builder.facts.fact import Fact

if TYPE_CHECKING:
    import pandas as pd

FRAME_COLUMNS = (
    "measure", "statistic", "case_type", "period", "period_kind", "period_start", "period_end", "kind", "against",
    "vintage", "value", "unit", "decimals", "obs_status", "method", "example", "label", "dataset", "contract",
    "selection", "count", "derived_from", "citation",
)  # fmt: skip
"""The columns, in order; the fact's id is the index."""


def as_frame(facts: Iterable[Fact]) -> pd.DataFrame:
    """One row for each fact, in the order of ``facts``, with the fact's id as index.

    ``value`` is a 64-bit float, NaN where the value is missing or withheld; ``facts.csv`` has the exact number.
    ``period_start`` and ``period_end`` are days, both included. ``kind`` is ``value``, ``difference`` or
    ``relative_change``; a change has in ``against`` the earlier period, or ``@v1`` where it is a change of method
    version. ``vintage`` is empty for the value in force, else the version or the publication that it is kept from.
    ``obs_status`` is a code of SDMX's CL_OBS_STATUS, ``example`` marks made-up data, and ``count`` is how many rows
    of the delivery the value rests on, where it was counted.
    """
    import pandas as pd

    listed = tuple(facts)
    rows = [_row(fact) for fact in listed]
    frame = pd.DataFrame(
        rows, columns=list(FRAME_COLUMNS), index=pd.Index([f.id for f in listed], name="id", dtype=str)
    )
    numbers = {"value": "float64", "decimals": "int64", "example": "bool", "count": "Int64"}
    days = dict.fromkeys(("period_start", "period_end"), "datetime64[s]")
    texts = {name: "str" for name in FRAME_COLUMNS if name not in {*numbers, *days}}
    return frame.astype({**numbers, **days, **texts})


def _row(fact: Fact) -> tuple[Any, ...]:
    kind, against, vintage = _parts(fact.id)
    came = fact.provenance
    return (
        fact.measure,
        fact.statistic,
        fact.case_type,
        fact.period.name,
        fact.period.kind,
        fact.period.start,
        fact.period.end,
        kind,
        against,
        vintage,
        None if fact.value is None else float(fact.value),
        fact.unit,
        fact.decimals,
        fact.status.value,
        fact.method,
        fact.example,
        fact.label,
        came.dataset,
        came.contract,
        came.selection,
        came.count,
        " ".join(came.derived_from),
        came.citation,
    )


def _parts(fact_id: str) -> tuple[str, str, str]:
    """Kind, what a change is measured against, and vintage, as the id of a fact says them."""
    plain, tilde, against = fact_id.partition("~")
    vintage = plain.partition("@")[2]
    if not tilde:
        return "value", "", vintage
    kind = "relative_change" if against.startswith("%") else "difference"
    return kind, against.removeprefix("%"), vintage
