"""What a delivery is held against beside its contract: its days, groups it rightly lacks, the delivery before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from report_builder.workspace.workspace import Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The delivery before: ``name`` as people know it, a file per object, and the days that it covers."""

    name: str
    files: Mapping[str, Path]
    since: date | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryContext:
    """``since`` and ``as_of`` are the first and the last day that a delivery covers, ``received`` when it came.

    A rule that needs a day which nobody gave is skipped, and says so.
    """

    since: date | None = None
    as_of: date | None = None
    received: date | None = None
    absent: tuple[Absent, ...] = ()
    earlier: Earlier | None = None
