"""A delivery: metric files that have met their contract, as typed tables that a measurement method can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from report_builder.facts.fact import SourceFile
from report_builder.problems import Problem

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnQuality:
    """How whole a column is: its name, its title for people, its filled cells, and those that stand for "unknown".

    ``unknown`` is None where the contract does not say which values mean that.
    """

    name: str
    title: str
    required: bool
    filled: int
    unknown: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A group of rows that was expected and is not there; ``stated`` is the index of the statement that explains it."""

    value: str
    period: str
    stated: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuality:
    """Which values a column has in which periods: rows by (value, year, month), told from the days of ``by``.

    ``values`` are those that are expected, ``each`` the kind of period that each is expected in.
    """

    column: str
    title: str
    by: str
    by_title: str
    each: str
    values: tuple[str, ...]
    counts: Mapping[tuple[str, int, int], int]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuality:
    """What a file of a delivery holds: its rows, those that some warning points at, its columns and its groups."""

    object: str
    title: str
    granularity: str
    rows: int
    remarked: int
    columns: tuple[ColumnQuality, ...]
    groups: tuple[GroupQuality, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One dataset as delivered for a release.

    ``tables`` maps the name of each schema object of the contract to an Ibis table with the contract's logical types
    and one column more, ``_row``: the row as a spreadsheet numbers it. ``example`` says that the data is made up.
    ``since`` and ``as_of`` are the first and the last day that the data covers and ``received`` the day when it came,
    where the release says so.
    """

    dataset: str
    version: str
    tables: dict[str, ir.Table]
    sources: dict[str, SourceFile]
    warnings: tuple[Problem, ...] = ()
    example: bool = False
    since: date | None = None
    as_of: date | None = None
    received: date | None = None
    quality: tuple[FileQuality, ...] = ()

    @property
    def contract(self) -> str:
        """``dataset@version``, as facts cite it."""
        return f"{self.dataset}@{self.version}"
