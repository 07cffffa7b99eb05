"""Case numbers that look like Swedish personal identity numbers: flagged, and from then on shown nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import ContractColumn, FileContract, LogicalType
from report_builder.contracts.rules.rules import Frame, Frames, Rule, cell_rule
from report_builder.contracts.words import words
from report_builder.problems import Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir

CODE = "personal-number"
_SHAPE = (
    "^(18|19|20)?[0-9]{2}(0[1-9]|1[0-2])"  # a year and a month
    "(0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"  # a day, or sixty more in a coordination number
    "[-+]?[0-9]{4}$"
)
_DIGITS = 10
_LONGEST = 13


def personal_rules(file: FileContract) -> Iterator[Rule]:
    """A warning for each column that tells rows apart or refers to others, where it is text."""
    referring = {c for reference in file.references for c in reference.columns}
    for column in file.columns:
        told_apart = column.key or column.unique or column.name in referring
        if told_apart and column.type is LogicalType.STRING:
            yield _rule(file, column)


def withheld(frames: Mapping[str, Frame], rules: Iterable[Rule]) -> dict[str, Frame]:
    """The frames, with every column in which one of ``rules`` found a personal number made sensitive."""
    hidden = {(rule.object, rule.columns[0]) for rule in rules if rule.code == CODE}
    found = dict(frames)
    for name in {name for name, _ in hidden}:
        sheet = frames[name].sheet
        columns = tuple(replace(c, sensitive=True) if (name, c.name) in hidden else c for c in sheet.contract.columns)
        found[name] = replace(frames[name], sheet=replace(sheet, contract=replace(sheet.contract, columns=columns)))
    return found


def _rule(file: FileContract, column: ContractColumn) -> Rule:
    shown = column.header
    rule = cell_rule(
        file,
        column,
        CODE,
        partial(_looks_personal, file.name, column.name),
        words("{column} holds no personal identity number.", column=shown),
        words("{column} looks like a personal identity number", column=shown),
        words("Use the case's own designation; the values are shown nowhere."),
    )
    return replace(rule, severity=Severity.WARNING)


def _looks_personal(file: str, column: str, frames: Frames) -> ir.BooleanColumn:
    """The shape, and the check digit: it keeps nine of ten other numbers of that shape from being taken for one."""
    import ibis

    text = frames[file].text(column)
    digits = text.replace("-", "").replace("+", "").right(_DIGITS)
    total = ibis.literal(0)
    for position in range(_DIGITS):
        digit = digits.substr(position, 1).try_cast("int8").cast("int16")
        doubled = digit * 2
        total = total + (digit if position % 2 else ibis.ifelse(doubled > 9, doubled - 9, doubled))
    # The length first, and by itself: it is cheap, and keeps everything else from nearly every cell.
    candidate = text.length().between(_DIGITS, _LONGEST).fill_null(False)
    return ibis.ifelse(candidate, ibis.ifelse(text.re_search(_SHAPE), total % 10 == 0, False), False)
