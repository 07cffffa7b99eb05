"""Axes of tables and figures: a few declared items multiplied over case types and periods."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from report_builder import swedish
from report_builder.narrative.book import Book, Change, Coordinates
from report_builder.workspace.yamlfile import Model

Each = Literal[
    "case_types", "prioritised", "years", "year_ends", "quarters", "quarter_ends", "month_ends",
    "tertials", "tertial_ends", "same_tertials", "same_tertial_ends",
]  # fmt: skip


class AxisItem(Model):
    """One declared item of an axis; ``each`` multiplies it, and gives the label where none is written.

    ``group`` is a heading over neighbouring columns that share it; ``note`` is told below the table, with a star.
    ``signed`` prints a plus before what is more than zero.
    """

    label: str = ""
    each: Each | None = None
    measure: str = ""
    case_type: str = ""
    period: str = ""
    at: Literal["", "end"] = ""
    change: Change | None = None
    kind: Literal["body", "total"] = "body"
    group: str = ""
    note: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One place on an axis: its label and its coordinates."""

    label: str
    at: Coordinates
    total: bool = False
    group: str = ""
    note: str = ""
    signed: bool = False


def steps(items: tuple[AxisItem, ...], book: Book) -> tuple[Step, ...]:
    """Every place of the axis, in order. Raises ValueError where a period is neither named nor spelled right."""
    return tuple(
        dataclasses.replace(step, group=item.group, note=item.note, signed=item.signed)
        for item in items
        for step in _expand(item, book)
    )


def _expand(item: AxisItem, book: Book) -> Iterator[Step]:
    period = book.periods.named(item.period) if item.period else None
    base = Coordinates(
        measure=item.measure, case_type=item.case_type, period=period, change=item.change, at_end=item.at == "end"
    )
    total = item.kind == "total"
    if item.each in ("case_types", "prioritised"):
        for case_type in book.case_types:
            if item.each == "case_types" or case_type.prioritised:
                at = Coordinates(case_type=case_type.id).over(base)
                yield Step(label=item.label or case_type.short, at=at, total=total)
    elif item.each is not None:
        for each in getattr(book.periods, item.each):
            at = Coordinates(period=each).over(base)
            yield Step(label=item.label or swedish.period_in_table(each), at=at, total=total)
    else:
        label = item.label or (swedish.period_in_table(period) if period else book.case_type_label(item.case_type))
        yield Step(label=label, at=base, total=total)
