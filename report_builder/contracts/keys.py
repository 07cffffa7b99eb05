"""What is told of keys that look like each other: which row, or which file, has the one that is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from report_builder.contracts.engines.duckdb_engine import Engine
from report_builder.contracts.result import FailingRow, Finding
from report_builder.contracts.rules.rules import Frame, Rule
from report_builder.contracts.words import NOTHING, Words, words

if TYPE_CHECKING:
    import ibis.expr.types as ir


def differing_in_case(failing: Sequence[FailingRow], places: Sequence[int]) -> Words | None:
    """That rows with the same values differ in capitals, where they do: the two first that are alike."""
    seen: dict[tuple[str, ...], FailingRow] = {}
    for row in failing:
        texts = tuple(row.cells[place] or "" for place in places)
        earlier = seen.setdefault(tuple(text.lower() for text in texts), row)
        before = tuple(earlier.cells[place] or "" for place in places)
        if texts != before:
            return words("{value} in row {row} and {other} in row {earlier} differ in capitals only.",
                         value=", ".join(texts), row=row.row, other=", ".join(before), earlier=earlier.row)  # fmt: skip
    return None


def key_meant(engine: Engine, rule: Rule, finding: Finding, frames: Mapping[str, Frame]) -> Words:
    """That the key that a row refers to is there, written with other capitals: of the first row of which that holds."""
    (_, own), *others = rule.needs
    file = frames[rule.object].sheet.contract
    if len(others) != 1 or any(frames[name].sheet.contract.column(c).sensitive for name, c in rule.needs):
        return NOTHING
    ((target, column),) = others
    place = finding.row_headers.index(file.column(own).header)
    said = {text.lower(): (text, row.row) for row in reversed(finding.rows) if (text := row.cells[place])}

    def known() -> ir.Table:
        text = frames[target].text(column)
        return frames[target].table.select(key=text).filter(text.lower().isin([*said])).distinct().order_by("key")

    for key in engine.fetch(known).column("key").to_pylist():
        text, row = said[key.lower()]
        return words("{object} has {key}, which differs from {value} (row {row}) in capitals only.",
                     object=target, key=key, value=text, row=row)  # fmt: skip
    return NOTHING
