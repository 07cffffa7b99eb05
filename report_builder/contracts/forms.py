"""The forms of rules between columns and rows: what stands under ``implementation`` of a custom quality rule.

In a contract, at the level of a schema object::

    quality:
      - type: custom
        engine: report-builder
        description: Ett ärende kan inte beslutas innan det är registrerat.   # shown to the supplier, in Swedish
        severity: error                                                       # or warning
        implementation: {kind: order, columns: [registrerad, beslutad, expedierad]}

Kinds: ``order`` (each column not before the one to its left, where both are filled), ``requires`` (where one column
is filled, others must be), ``notAfter`` (no value later than a date), ``balance`` (a sum equals another column: a
total, or opening + in − out = closing), ``total`` (the values of a group add up, percentages to 100 for instance)
and ``coverage`` (each group holds every value of a list: every category in every period).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from report_builder.yamlfile import Model

Names = Annotated[tuple[str, ...], Field(min_length=1)]


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
    tolerance: Decimal = Decimal(0)


class Total(Model):
    """Within each group of ``by``, the values of ``column`` add up to ``total``, within ``tolerance``."""

    kind: Literal["total"]
    column: str
    by: Names
    total: Decimal
    tolerance: Decimal = Decimal(0)


class Coverage(Model):
    """Each group of ``by`` holds every one of ``values`` in ``column``."""

    kind: Literal["coverage"]
    column: str
    by: Names
    values: Names


Form = Annotated[Order | Requires | NotAfter | Balance | Total | Coverage, Field(discriminator="kind")]
