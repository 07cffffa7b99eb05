"""A data contract as the engine uses it: files, columns, how they are written, and what must hold.

:mod:`report_builder.contracts.odcs.load` makes it from a file; the rules themselves are compiled in
:mod:`report_builder.contracts.rules.rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from report_builder.contracts.odcs.quality import ForeignRule, LibraryRule, OwnRule, SqlRule, TextRule
from report_builder.problems import Place

QualityRule = LibraryRule | SqlRule | OwnRule | TextRule | ForeignRule
Limit = Decimal | date | datetime
OPEN_CLASSES = frozenset({"public", "internal"})
"""Classifications whose values may be shown; every other one (confidential, restricted …) counts as sensitive."""


class LogicalType(StrEnum):
    """The standard's logical types that a cell of a metric file can have."""

    STRING = "string"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a file is written. Nothing of it is inferred from the file.

    ``decimal`` and ``group`` are the decimal separator and the digit group separator of numbers that are text
    (``group`` a space stands for every kind of space). ``sheet`` names the worksheet of a workbook; None is its only
    one. ``header_row`` is where the column names stand.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    group: str = ""
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of a column's values; None is no bound."""

    minimum: Limit | None = None
    maximum: Limit | None = None
    exclusive_minimum: Limit | None = None
    exclusive_maximum: Limit | None = None
    multiple_of: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractColumn:
    """A column: ``name`` in tables and rules, ``header`` in the file.

    ``date_format`` is written with yyyy, MM and dd. ``digits`` and ``decimals`` are the precision of a number;
    ``bits`` the width of an integer (negative: unsigned). ``key`` says that it is part of the primary key. Only what
    the contract itself calls public is ``public``.
    """

    name: str
    header: str
    type: LogicalType
    title: str = ""
    description: str = ""
    required: bool = False
    unique: bool = False
    key: bool = False
    sensitive: bool = False
    public: bool = False
    limits: Limits = Limits()
    date_format: str = "yyyy-MM-dd"
    digits: int = 18
    decimals: int = 6
    bits: int = 64
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key: the values of ``columns`` exist among ``to_columns`` of the object ``to``."""

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRule:
    """A quality rule as it stands in the contract; ``column`` is None for a rule of the whole object."""

    rule: QualityRule
    column: str | None
    hint: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContract:
    """A schema object: one file of the dataset, or one sheet. ``granularity`` says what a row is ("Ett ärende.")."""

    name: str
    title: str
    description: str
    granularity: str = ""
    dialect: Dialect
    columns: tuple[ContractColumn, ...]
    references: tuple[Reference, ...]
    quality: tuple[DeclaredRule, ...]
    place: Place

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key, in its order."""
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> ContractColumn:
        """The column called ``name``; KeyError where there is none."""
        return {c.name: c for c in self.columns}[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A service level of the contract: how often, how fresh, which period; :mod:`.service` says which are tried.

    ``element`` is the object and the column that it is about, empty where it names none.
    """

    name: str
    value: str
    description: str
    element: tuple[str, str] = ("", "")
    amount: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a supplier turns with questions."""

    channel: str
    url: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One version of a dataset's contract; ``file`` is its name relative to the workspace."""

    dataset: str
    version: str
    status: str
    title: str
    purpose: str
    file: str
    files: tuple[FileContract, ...]
    promises: tuple[Promise, ...]
    contacts: tuple[Contact, ...]
    owner: str

    @property
    def id(self) -> str:
        """``dataset@version``, as facts cite it."""
        return f"{self.dataset}@{self.version}"

    def object(self, name: str) -> FileContract:
        """The file contract called ``name``; KeyError where there is none."""
        return {f.name: f for f in self.files}[name]
