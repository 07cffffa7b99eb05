"""Cells that hold a spreadsheet's error value, and texts with signs that are not what they look like.

They come first among a file's rules: what such a cell breaks besides is their consequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import Contract, ContractColumn, FileContract, LogicalType
from report_builder.contracts.odd_text import MISSING_SIGNS, ODD, REWRITTEN, SPREADSHEET_ERRORS
from report_builder.contracts.rules.rules import Frames, Rule, cell_rule
from report_builder.contracts.words import words
from report_builder.problems import Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir

ERROR_VALUE, ODD_TEXT, MISSING_SIGN, REWRITTEN_KEY = "error-value", "odd-text", "missing-sign", "rewritten-key"


def text_rules(contract: Contract, file: FileContract) -> Iterator[Rule]:
    """What is told of a cell before anything else: errors, signs for missing values, keys that were rewritten."""
    keys = _keys(contract, file)
    for column in file.columns:
        yield _errors(file, column)
        if column.type is not LogicalType.STRING:
            yield _signs(file, column)
            continue
        if column.name in keys:
            yield _rewritten(file, column)
        yield replace(_odd(file, column), severity=Severity.ERROR if column.name in keys else Severity.WARNING)


def _keys(contract: Contract, file: FileContract) -> frozenset[str]:
    """The columns of a file that tell rows apart, or refer to others, or are referred to."""
    names = {c.name for c in file.columns if c.key or c.unique}
    names |= {c for reference in file.references for c in reference.columns}
    return frozenset(
        names | {c for f in contract.files for r in f.references if r.to == file.name for c in r.to_columns}
    )


def _errors(file: FileContract, column: ContractColumn) -> Rule:
    shown = column.header
    return cell_rule(
        file,
        column,
        ERROR_VALUE,
        partial(_holds_an_error, file.name, column),
        words("{column} holds no error value of a spreadsheet.", column=shown),
        words("{column} holds an error value of the spreadsheet", column=shown),
        words("Correct the formula in the workbook, or write the value that it should give."),
    )


def _signs(file: FileContract, column: ContractColumn) -> Rule:
    shown = column.header
    number = column.type in {LogicalType.NUMBER, LogicalType.INTEGER}
    return cell_rule(
        file,
        column,
        MISSING_SIGN,
        partial(_is_a_sign, file.name, column.name),
        words("{column} holds no sign for a missing value.", column=shown),
        words("{column} holds signs for missing values", column=shown),
        words("Write 0 where nothing was counted, and leave the cell empty where the figure is unknown, withheld or "
              "cannot be; the report makes the sign by itself.")
        if number
        else words("Leave the cell empty where the value is missing."),
    )  # fmt: skip


def _rewritten(file: FileContract, column: ContractColumn) -> Rule:
    shown = column.header
    return cell_rule(
        file,
        column,
        REWRITTEN_KEY,
        partial(_is_rewritten, file.name, column.name),
        words("{column} holds text, as it was written.", column=shown),
        words("{column} holds what a spreadsheet has made numbers or days of", column=shown),
        words("Format the column as text before the values are put in, and take them from the source system again: "
              "what stood there cannot be told from what is left."),
    )  # fmt: skip


def _odd(file: FileContract, column: ContractColumn) -> Rule:
    shown = column.header
    return cell_rule(
        file,
        column,
        ODD_TEXT,
        partial(_is_odd, file.name, column.name),
        words("{column} holds no spaces at the ends, no invisible signs and no letters in parts.", column=shown),
        words("{column} holds signs that are not what they look like", column=shown),
        words("Write the text again with plain letters and spaces; two texts that only look alike are two values."),
    )


def _holds_an_error(file: str, column: ContractColumn, frames: Frames) -> ir.BooleanColumn:
    """Only a text that begins with # is looked up, and only a cell that is no value of its column."""
    import ibis

    frame = frames[file]
    if column.name in frame.read:  # an error value is no day and no number: nothing is looked at
        return frame.value(column.name).isnull() & ibis.literal(False)
    text = frame.text(column.name)
    candidate = text.between("#", "#\N{LATIN SMALL LETTER Z WITH CARON}")
    if column.type is not LogicalType.STRING:
        candidate = candidate & frame.value(column.name).isnull()
    return ibis.ifelse(candidate.fill_null(False), text.upper().isin(SPREADSHEET_ERRORS), False)


def other_cause(text: ir.StringColumn) -> ir.BooleanColumn:
    """Whether a cell that is no value of its column is told as something else: an error value or a missing one."""
    return text.upper().isin(SPREADSHEET_ERRORS) | text.strip().lower().isin(MISSING_SIGNS)


def _is_a_sign(file: str, column: str, frames: Frames) -> ir.BooleanColumn:
    import ibis

    frame = frames[file]
    if column in frame.read:
        return frame.value(column).isnull() & ibis.literal(False)
    misfit = frame.filled(column) & frame.value(column).isnull()
    return ibis.ifelse(misfit, frame.text(column).strip().lower().isin(MISSING_SIGNS), False)


def _is_rewritten(file: str, column: str, frames: Frames) -> ir.BooleanColumn:
    import ibis

    text = frames[file].text(column)
    return ibis.ifelse(text.between("0", ":").fill_null(False), text.re_search(REWRITTEN), False)


def _is_odd(file: str, column: str, frames: Frames) -> ir.BooleanColumn:
    text = frames[file].text(column)
    return text.notnull() & text.re_search(ODD)
