"""A delivery: metric files that have met their contract, as typed tables that a measurement method can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from report_builder.facts import SourceFile
from report_builder.problems import Problem

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One dataset as delivered for a release.

    ``tables`` maps the name of each schema object of the contract to an Ibis table with the contract's logical types
    and one column more, ``_row``: the row as a spreadsheet numbers it. ``example`` says that the data is made up.
    ``as_of`` is the last day that the data tells of, where the release says so.
    """

    dataset: str
    version: str
    tables: dict[str, ir.Table]
    sources: dict[str, SourceFile]
    warnings: tuple[Problem, ...] = ()
    example: bool = False
    as_of: date | None = None

    @property
    def contract(self) -> str:
        """``dataset@version``, as facts cite it."""
        return f"{self.dataset}@{self.version}"
