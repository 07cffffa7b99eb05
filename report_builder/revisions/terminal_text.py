"""A comparison as short text for a terminal, in English; titles stand as the report has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from report_builder.revisions.comparison import INPUT_LAYERS, Comparison, DifferenceKind, ReportDifference

_MOST = 8
"""So many changes of each layer are listed; the page and the JSON have all of them."""


def terminal_lines(comparison: Comparison) -> Iterator[str]:
    """The comparison, a line for each layer and each of its first changes."""
    old, new = comparison.old, comparison.new
    yield f"{old.release} ({old.status}, {old.created}) -> {new.release} ({new.status}, {new.created})"
    if not comparison.changes:
        yield "No difference."
        return
    for layer, count in comparison.counts().items():
        found = comparison.of(layer)
        kinds = Counter(c.kind for c in found)
        told = ", ".join(f"{kinds[kind]} {kind.value}" for kind in DifferenceKind if kinds[kind])
        unseen = sum(not c.printed for c in found)
        yield f"{layer.value:<11}{told}" + (f" ({unseen} of them not printed)" if unseen else "")
        listed = [c for c in found if not c.rolled][:_MOST]
        for change in listed:
            yield f"  {_line(change)}"
            if change.layer in INPUT_LAYERS:
                yield from (f"    {line}" for line in _fields(change))
        rest = count - len(listed)
        rolled = sum(c.rolled for c in found)
        if rest:
            yield f"  and {rest} more" + (f", {rolled} of them only for the new periods" if rolled else "")


def _fields(change: ReportDifference) -> Iterator[str]:
    """The first fields of a register, method, contract, template …, with the id of the row that they stand in."""
    for cell in change.cells[:_MOST]:
        place = f"{cell.row} / {cell.column}" if cell.column else f"{cell.row} (whole row)"
        yield f"{place}: {_short(cell.old) or '-'} -> {_short(cell.new) or '-'}"
    if len(change.cells) > _MOST:
        yield f"and {len(change.cells) - _MOST} more fields"


def _line(change: ReportDifference) -> str:
    parts = [f"{change.kind.value:<8} {change.key if change.what == 'fact' else change.title}"]
    if change.cells and change.layer not in INPUT_LAYERS:
        first = change.cells[0]
        more = f", and {len(change.cells) - 1} more" if len(change.cells) > 1 else ""
        parts.append(f"{first.row} / {first.column}: {first.old} -> {first.new}{more}")
    elif change.pieces and change.layer not in INPUT_LAYERS:
        gone, new = (" … ".join(getattr(p, side).strip() for p in change.pieces if p.op == op) for op, side in
                     (("gone", "old"), ("new", "new")))  # fmt: skip
        parts.append(_short(f"{gone or '-'} -> {new or '-'}"))
    elif change.old or change.new:
        parts.append(f"{change.old or '-'} -> {change.new or '-'}")
    if change.reasons:
        parts.append(", ".join(dict.fromkeys(r.cause.value for r in change.reasons)))
    return "; ".join(parts)


def _short(words: str, most: int = 100) -> str:
    folded = " ".join(words.split())
    return folded if len(folded) <= most else folded[: most - 1] + "…"
