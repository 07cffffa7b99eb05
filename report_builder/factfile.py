"""Facts as a CSV file: the form in which they leave the house and are compared later.

Comma-separated, UTF-8, LF; numbers with a decimal point, exact; one fact a row, ordered by id.
"""

from __future__ import annotations

import csv
import io

from report_builder.facts import Fact, FactSet

COLUMNS = (
    "id", "measure", "statistic", "case_type", "period", "value", "unit", "decimals", "obs_status", "method", "example",
    "dataset", "contract", "source_files", "source_sha256", "selection", "count", "derived_from", "citation",
)  # fmt: skip


def dumps(facts: FactSet) -> str:
    """Every fact as a row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for fact in facts:
        writer.writerow(_row(fact))
    return buffer.getvalue()


SDMX_COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "MEASURE", "STATISTIC", "CASE_TYPE", "TIME_PERIOD", "VINTAGE", "OBS_VALUE",
    "OBS_STATUS", "UNIT_MEASURE", "DECIMALS", "METHOD",
)  # fmt: skip


def sdmx_csv(facts: FactSet, agency: str) -> str:
    """Every fact that is no mere difference as SDMX-CSV 2.0: dimensions, value, CL_OBS_STATUS, unit and method.

    ``agency`` is the short name of who publishes. A period that is no SDMX period is a time range: day/duration.
    ``VINTAGE`` is ``_Z`` (not applicable) for the value in force, else what stands behind ``@`` in the fact's id.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(SDMX_COLUMNS)
    for fact in facts:
        if "~" not in fact.id:
            period = fact.period
            days = (period.end - period.start).days + 1
            time = f"{period.start.isoformat()}/P{days}D" if period.kind == "range" else period.name
            value = "" if fact.value is None else f"{fact.value.normalize():f}"
            head = ("dataflow", f"{agency}:FACTS(1.0)", "I")
            vintage = fact.id.partition("@")[2] or "_Z"
            key = (fact.measure, fact.statistic, fact.case_type, time, vintage)
            writer.writerow((*head, *key, value, fact.status.value, fact.unit, str(fact.decimals), fact.method))
    return buffer.getvalue()


def _row(fact: Fact) -> tuple[str, ...]:
    came = fact.provenance
    return (
        fact.id,
        fact.measure,
        fact.statistic,
        fact.case_type,
        fact.period.name,
        "" if fact.value is None else f"{fact.value.normalize():f}",
        fact.unit,
        str(fact.decimals),
        fact.status.value,
        fact.method,
        "true" if fact.example else "false",
        came.dataset,
        came.contract,
        " ".join(s.file for s in came.sources),
        " ".join(s.sha256 for s in came.sources),
        came.selection,
        "" if came.count is None else str(came.count),
        " ".join(came.derived_from),
        came.citation,
    )
