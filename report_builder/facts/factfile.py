"""Facts as a CSV file: the form in which they leave the house and are compared later.

Comma-separated, UTF-8, LF; numbers with a decimal point, exact; one fact a row, ordered by id.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from report_builder.facts.csvcells import decimals_of, parse_value, utf8_text
from report_builder.facts.fact import Fact, FactSet, ObsStatus, Provenance, SourceFile
from report_builder.periods import Period
from report_builder.problems import Place, Problem, ReportError
from report_builder.spreadsheet import inert, without_guard

FACT_COLUMNS = (
    "id", "measure", "statistic", "case_type", "period", "value", "unit", "decimals", "obs_status", "method", "example",
    "dataset", "contract", "source_files", "source_sha256", "selection", "count", "derived_from", "citation",
    "label",
)  # fmt: skip


_REQUIRED = FACT_COLUMNS[:11]
"""What a fact file must tell. The other columns may be missing, and columns that are not known here are passed over."""

_CODE = "bad-facts"
_HINT = "The program writes this file: build again, or fetch it from the bundle. In Excel, open a copy of it."


def facts_csv(facts: FactSet) -> str:
    """Every fact as a row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(FACT_COLUMNS)
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
        inert(came.citation),
        inert(fact.label),
    )


def parse_facts(data: bytes, name: str) -> FactSet:
    """The facts that a file holds, the file being shown to people as ``name``: the one reader of fact files.

    What the file does not tell (rows, the size of a source) is empty. A byte order mark is passed over.

    Raises:
        ReportError: the file is no fact file; the first row that does not fit is named.

    """
    text = utf8_text(data, name, code=_CODE, hint=_HINT)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = tuple(next(reader, ()))
        if missing := [column for column in _REQUIRED if column not in header]:
            raise ReportError(_no_header(header, missing, name))
        return FactSet(_facts(reader, header, name))
    except csv.Error as e:
        raise ReportError(_bad(f"The file is no fact file: {e}.", Place(file=name))) from e
    except ValueError as e:
        raise ReportError(_bad(f"{e}.", Place(file=name))) from e


def _no_header(header: tuple[str, ...], missing: list[str], name: str) -> Problem:
    saved = len(header) == 1 and header[0].count(";") >= len(_REQUIRED) - 1
    message = f"The file lacks the columns {', '.join(missing)}."
    if saved:
        message = "The columns are separated by semicolons, as when a spreadsheet program has saved the file."
    return _bad(message, Place(file=name, row=1))


def _bad(message: str, place: Place) -> Problem:
    return Problem(code=_CODE, message=message, place=place, hint=_HINT)


def _facts(rows: Iterator[list[str]], header: tuple[str, ...], name: str) -> Iterator[Fact]:
    periods: dict[str, Period] = {}
    for number, row in enumerate(rows, start=2):
        try:
            cells = {**dict.fromkeys(FACT_COLUMNS, ""), **dict(zip(header, row, strict=True))}
            period = periods.setdefault(cells["period"], Period(cells["period"]))
            yield _fact(cells, period)
        except ValueError as e:
            raise ReportError(_bad(f"The row is no fact: {e}.", Place(file=name, row=number))) from e


def _fact(cells: dict[str, str], period: Period) -> Fact:
    files, sums = cells["source_files"].split(" "), cells["source_sha256"].split(" ")
    if len(files) != len(sums):  # a file name that holds a space
        files = [cells["source_files"]] * len(sums)
    sources = zip(files, sums, strict=True) if cells["source_sha256"] else ()
    return Fact(
        id=cells["id"],
        measure=cells["measure"],
        statistic=cells["statistic"],
        case_type=cells["case_type"],
        period=period,
        value=parse_value(cells["value"]),
        unit=cells["unit"],
        decimals=decimals_of(cells["decimals"]),
        method=cells["method"],
        status=ObsStatus(cells["obs_status"]),
        example=cells["example"] == "true",
        label=without_guard(cells["label"]),
        provenance=Provenance(
            dataset=cells["dataset"],
            contract=cells["contract"],
            sources=tuple(SourceFile(file=file, sha256=sha256, rows=0) for file, sha256 in sources),
            selection=cells["selection"],
            count=int(cells["count"]) if cells["count"] else None,
            derived_from=tuple(cells["derived_from"].split()),
            citation=without_guard(cells["citation"]),
        ),
    )
