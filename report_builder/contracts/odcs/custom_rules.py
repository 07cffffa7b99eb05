"""The forms of rules between columns and rows: what stands under ``implementation`` of a custom quality rule.

In a contract, at the level of a schema object::

    quality:
      - type: custom
        engine: report-builder
        description: Ett ärende kan inte beslutas innan det är registrerat.   # shown to the supplier, in Swedish
        severity: error                                                       # or warning
        implementation: {kind: order, columns: [registrerad, beslutad, expedierad]}

Kinds: ``order`` (each column not before the one to its left, where both are filled), ``requires`` (where one column
is filled, others must be), ``emptyWhen``, ``filledWhen`` and ``oneOfWhen`` (what a column must be on the rows where
other columns meet conditions), ``notAfter`` (no value later than a date), ``balance`` (a sum equals another column: a
total, or opening + in − out = closing), ``total`` (the values of a group add up, percentages to 100 for instance),
``coverage`` (each group, or each period, holds every value of a list: every category in every period) and ``change``
(the number of rows of a group is not far from what the delivery before said).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from report_builder.workspace.yamlfile import Model

Names = Annotated[tuple[str, ...], Field(min_length=1)]
Amount = Annotated[Decimal, Field(max_digits=38)]
"""A number that an engine can count with."""


class Order(Model):
    """Each column is not before (with ``strict``: after) the column to its left, row by row."""

    kind: Literal["order"]
    columns: Annotated[tuple[str, ...], Field(min_length=2)]
    strict: bool = False


class Requires(Model):
    """Where ``column`` is filled (with ``values``: holds one of them), every column of ``requires`` is filled too."""

    kind: Literal["requires"]
    column: str
    requires: Names
    values: tuple[str, ...] = ()


class Condition(Model):
    """What a column says of a row: it holds one of ``is``, or something that is none of ``isNot``, or is ``filled``."""

    column: str
    one_of: tuple[str, ...] = Field((), alias="is")
    none_of: tuple[str, ...] = Field((), alias="isNot")
    filled: bool | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Condition:
        if (bool(self.one_of), bool(self.none_of), self.filled is not None).count(True) != 1:
            raise PydanticCustomError("one_condition", "write exactly one of is, isNot and filled")
        return self


Conditions = Annotated[tuple[Condition, ...], Field(min_length=1)]
"""All of them hold at once."""


class EmptyWhen(Model):
    """Where the conditions hold, the columns are empty."""

    kind: Literal["emptyWhen"]
    columns: Names
    when: Conditions

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that it names."""
        return (*self.columns, *(c.column for c in self.when))


class FilledWhen(Model):
    """Where the conditions hold, the columns are filled."""

    kind: Literal["filledWhen"]
    columns: Names
    when: Conditions

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that it names."""
        return (*self.columns, *(c.column for c in self.when))


class OneOfWhen(Model):
    """Where the conditions hold, the column is one of the values."""

    kind: Literal["oneOfWhen"]
    column: str
    values: Names
    when: Conditions

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that it names."""
        return (self.column, *(c.column for c in self.when))


class NotAfter(Model):
    """No value is later than ``date``: a day, or ``asOf``, the date of the extract as the release gives it."""

    kind: Literal["notAfter"]
    columns: Names
    date: Literal["asOf"] | date


class Balance(Model):
    """The columns of ``plus`` less those of ``minus`` equal ``equals``, within ``tolerance``, row by row."""

    kind: Literal["balance"]
    plus: Names
    minus: tuple[str, ...] = ()
    equals: str
    tolerance: Amount = Decimal(0)


class Total(Model):
    """Within each group of ``by``, the values of ``column`` add up to ``total``, within ``tolerance``."""

    kind: Literal["total"]
    column: str
    by: Names
    total: Amount
    tolerance: Amount = Decimal(0)


class EachPeriod(Model):
    """Periods of a kind, told from the days of ``column``: those that lie whole within what a delivery covers."""

    column: str
    each: Literal["year", "tertial", "quarter", "month"]


class Coverage(Model):
    """Each group of ``by``, or each period of ``period``, or else the file, holds all of ``values`` in ``column``.

    With ``by`` a group that is not in the file at all goes unseen; with ``period`` a period without any row does not.
    """

    kind: Literal["coverage"]
    column: str
    by: tuple[str, ...] = ()
    period: EachPeriod | None = None
    values: Names


class RowCountChange(Model):
    """The number of rows of each group differs by at most ``percent`` from the delivery before.

    Groups are the values of ``by``, and with ``period`` the periods that both deliveries tell of whole; with neither
    the file is one group. Groups with fewer than ``least`` rows in both are not judged.
    """

    kind: Literal["change"]
    by: tuple[str, ...] = ()
    period: EachPeriod | None = None
    percent: Annotated[Decimal, Field(ge=0, max_digits=38)]
    least: Annotated[int, Field(ge=1, lt=2**63)] = 1


Form = Annotated[
    Order | Requires | EmptyWhen | FilledWhen | OneOfWhen | NotAfter | Balance | Total | Coverage | RowCountChange,
    Field(discriminator="kind"),
]
