"""A comparison as data: what changed, in which layer, how much, and why."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

COMPARISON_FORMAT = 1
"""Version of a comparison's JSON; it grows when a field changes its meaning or goes away."""

Weight = Literal["small", "medium", "large"]
"""How much a change changes: a word or a last digit, a sentence, or more."""


class Layer(StrEnum):
    """The layers that a comparison keeps apart, in the order in which they are told."""

    FIGURES = "figures"
    WORDING = "wording"
    STRUCTURE = "structure"
    TABLES = "tables"
    CHARTS = "charts"
    METHODS = "methods"
    CONTRACTS = "contracts"
    DELIVERIES = "deliveries"
    TEMPLATES = "templates"
    REGISTERS = "registers"
    CONTENT = "content"


INPUT_LAYERS = (
    Layer.METHODS, Layer.CONTRACTS, Layer.DELIVERIES, Layer.TEMPLATES, Layer.REGISTERS, Layer.CONTENT,
)  # fmt: skip
"""What went into the report, and not what it says."""


class DifferenceKind(StrEnum):
    """What happened to a thing; ``ROLLED`` is what follows from the two versions being about different periods."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RENAMED = "renamed"
    ROLLED = "rolled"


class DifferenceCause(StrEnum):
    """Why a figure changed."""

    NEW_PERIOD = "new-period"
    METHOD_CHANGE = "method-change"
    DATA_REVISION = "data-revision"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceReason:
    """Why a figure changed, in a Swedish sentence; ``links`` are the ids of the changes that it rests on."""

    cause: DifferenceCause
    sentence: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a changed text: as before, ``gone``, ``new``, or exchanged.

    A ``figure`` has another value; ``period`` is a word for another period, or the figure of one (then with ``fact``).
    """

    op: Literal["same", "gone", "new", "figure", "period"]
    old: str = ""
    new: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCell:
    """A changed cell of a table or a chart's data; ``facts`` are the figures that it prints."""

    row: str
    column: str
    old: str
    new: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDifference:
    """One change.

    ``id`` is unique in its comparison and the same each time the same versions are compared. ``what`` names the sort of
    thing ("fact", "paragraph", "section", "table", "method" …) and ``key`` the thing by its authored id, if it has one.
    ``title`` is what a reader calls it. ``chapter`` is the id of the chapter that it stands in, "" for none, and
    ``place`` the section's words. ``difference`` is a figure's new value minus its old. ``printed`` is false for a
    figure that no edition shows.
    """

    id: str
    layer: Layer
    kind: DifferenceKind
    what: str
    title: str
    key: str = ""
    chapter: str = ""
    place: str = ""
    old: str = ""
    new: str = ""
    difference: Decimal | None = None
    unit: str = ""
    pieces: tuple[Piece, ...] = ()
    cells: tuple[ChangedCell, ...] = ()
    reasons: tuple[DifferenceReason, ...] = ()
    weight: Weight = "medium"
    printed: bool = True

    @property
    def rolled(self) -> bool:
        """Whether it only follows from the new version being about other periods."""
        return self.kind is DifferenceKind.ROLLED


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLabel:
    """One of the two versions: what it is called, when it was created (ISO date), and the marks on its pages."""

    release: str
    title: str
    status: str
    created: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs between two versions.

    ``chapters`` are (id, words) in the new version's order, ``annex`` the ids of those that belong to the data annex of
    either version, ``periods`` those that only the new version accounts for.
    """

    old: VersionLabel
    new: VersionLabel
    changes: tuple[ReportDifference, ...]
    chapters: tuple[tuple[str, str], ...]
    periods: tuple[str, ...] = ()
    annex: frozenset[str] = frozenset()

    def of(self, *layers: Layer) -> tuple[ReportDifference, ...]:
        """The changes of these layers, in order."""
        return tuple(c for c in self.changes if c.layer in layers)

    def rolled(self) -> int:
        """How many changes only follow from the new version being about other periods."""
        return sum(c.rolled for c in self.changes)

    def counts(self) -> dict[Layer, int]:
        """How many changes each layer has; a layer without any is left out."""
        found = Counter(c.layer for c in self.changes)
        return {layer: found[layer] for layer in Layer if found[layer]}


def with_unique_ids(changes: Iterable[ReportDifference]) -> Iterator[ReportDifference]:
    """The changes with an id each that no other has: a thing met twice gets a number behind its name."""
    seen: Counter[str] = Counter()
    for change in changes:
        seen[change.id] += 1
        yield change if seen[change.id] == 1 else dataclasses.replace(change, id=f"{change.id}--{seen[change.id]}")


def comparison_json(comparison: Comparison) -> str:
    """The comparison as JSON with sorted keys; fields that are empty are left out of a change."""
    content = {
        "format": COMPARISON_FORMAT,
        "differs": bool(comparison.changes),
        "old": dataclasses.asdict(comparison.old),
        "new": dataclasses.asdict(comparison.new),
        "new_periods": list(comparison.periods),
        "counts": {layer.value: count for layer, count in comparison.counts().items()},
        "changes": [_plain(c) for c in comparison.changes],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: _plain(v) for name, v in pairs if v not in ("", (), None)}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
