"""The cells of the rows that break rules, fetched only for rules that some row broke."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TextIO

from report_builder.contracts.engines.duckdb_engine import Engine
from report_builder.contracts.files.faults import RAGGED
from report_builder.contracts.files.sheet import ROW, parted, pick, raw_name
from report_builder.contracts.odcs.contract import ContractColumn
from report_builder.contracts.result import SHOWN_ROWS, WITHHELD, FailingRow, Finding
from report_builder.contracts.rules.rules import Frame, Frames, Rule, frame_of, text_name
from report_builder.contracts.words import words
from report_builder.problems import Severity, whole
from report_builder.spreadsheet import inert

_ROW_HEADER = (
    words("rule", context="rows at fault as CSV"),
    words("severity", context="rows at fault as CSV"),
    words("column", context="rows at fault as CSV"),
    words("row", context="rows at fault as CSV"),
    words("what", context="rows at fault as CSV"),
)
_SEVERITIES = {
    Severity.ERROR: words("error", context="rows at fault as CSV"),
    Severity.WARNING: words("warning", context="rows at fault as CSV"),
}


def first_rows(engine: Engine, frame: Frame, numbers: Mapping[int, list[int]]) -> dict[int, tuple[FailingRow, ...]]:
    """The first rows at fault by each rule of a file, whole."""
    first = {i: found[:SHOWN_ROWS] for i, found in numbers.items()}
    columns = shown_columns(frame)
    wanted = sorted({n for found in first.values() for n in found})
    cells = {
        number: FailingRow(row=number, cells=tuple(_withheld(columns, texts)))
        for number, *texts in (_texts(engine, frame, wanted, columns) if wanted else ())
    }
    return {i: tuple(cells[n] for n in found) for i, found in first.items()}


def _withheld(columns: Sequence[ContractColumn], texts: Sequence[str | None]) -> Iterator[str | None]:
    """The cells of a row as they stand in the file, but for the values of sensitive columns."""
    return (WITHHELD if c.sensitive and t else t for c, t in zip(columns, texts, strict=True))


def _texts(
    engine: Engine, frame: Frame, numbers: Sequence[int], columns: Sequence[ContractColumn]
) -> Iterator[tuple[Any, ...]]:
    """The rows with these numbers: each with its number, and the texts of ``columns``.

    The rows are picked from the file as it was read, which is there, and only they are made into texts.
    """
    picked = pick(whole(frame.sheet.table), numbers)
    name = f"_picked_{frame.sheet.contract.name}"
    sheet = replace(frame.sheet, contract=replace(frame.sheet.contract, name=name), table=picked)
    few = whole(frame_of(engine, sheet))
    texts = [text_name(c) for c in columns]
    found = engine.fetch(lambda: few.table.select(ROW, *texts).order_by(ROW), f"texts of {texts}")
    engine.drop(name)
    engine.forget(raw_name(sheet.contract))
    for batch in found.to_batches():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def shown_columns(frame: Frame) -> tuple[ContractColumn, ...]:
    """The columns of the contract that a file has, in the file's order: what the cells of a failing row are."""
    return tuple(frame.sheet.contract.column(name) for name in frame.sheet.present)


def write_rows(engine: Engine, frames: Frames, findings: Sequence[tuple[Finding, Rule | None]], out: TextIO) -> None:
    """Every row at fault as CSV that a Swedish spreadsheet opens: the rule, the row's number, and its cells.

    ``findings`` are the faults with the rule that each came of. A fault of reading gives the rows that were set aside
    for it, one of the whole file a line without a row. Files stand below each other, each with its own header. Nothing
    that stands in a cell is run by the spreadsheet that opens the file.
    """
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for name in dict.fromkeys(finding.object for finding, _ in findings):
        frame = frames.get(name)
        columns = shown_columns(frame) if frame is not None else ()
        writer.writerow([*(h.sv for h in _ROW_HEADER), *(inert(c.header) for c in columns)])
        for finding, rule in findings:
            if finding.object != name:
                continue
            about = [finding.code, _SEVERITIES[finding.severity].sv, finding.headers[0] if finding.headers else ""]
            if frame is None or rule is None or not rule.points:
                for number, fields in _not_of_a_rule(finding, frame):
                    writer.writerow([*about, number, finding.fault.sv, *map(inert, fields)])
                continue
            numbers = engine.fetch(partial(rule.rows, frames))[ROW].to_pylist()
            for number, *texts in _texts(engine, frame, numbers, columns):
                shown = (text or "" for text in _withheld(columns, texts))
                writer.writerow([*about, number, finding.rule.sv, *map(inert, shown)])


def _not_of_a_rule(finding: Finding, frame: Frame | None) -> Iterator[tuple[int | str, Sequence[str]]]:
    """The rows of a fault of reading: all that were set aside for it, else those that it kept, else the fault alone."""
    if finding.code == RAGGED and frame is not None:
        hidden = any(c.sensitive for c in frame.sheet.contract.columns)
        for number, row in frame.sheet.aside:
            yield number, [WITHHELD if hidden and c else c for c in parted(row)]
        return
    for kept in finding.rows:
        yield kept.row, [c or "" for c in kept.cells]
    if not finding.rows:
        yield "" if finding.row is None else finding.row, []
