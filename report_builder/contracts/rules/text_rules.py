"""Cells that hold a spreadsheet's error value, and texts with signs that are not what they look like.

They come first among a file's rules: what such a cell breaks besides is their consequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import Contract, ContractColumn, FileContract, LogicalType
from report_builder.contracts.odd_text import ODD, SPREADSHEET_ERRORS
from report_builder.contracts.rules.rules import Frames, Rule, cell_rule
from report_builder.contracts.words import words
from report_builder.problems import Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir

ERROR_VALUE, ODD_TEXT = "error-value", "odd-text"


def text_rules(contract: Contract, file: FileContract) -> Iterator[Rule]:
    """Two rules for each column of text, one for every other column."""
    keys = _keys(contract, file)
    for column in file.columns:
        yield _errors(file, column)
        if column.type is LogicalType.STRING:
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


def _is_odd(file: str, column: str, frames: Frames) -> ir.BooleanColumn:
    text = frames[file].text(column)
    return text.notnull() & text.re_search(ODD)
