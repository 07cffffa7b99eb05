"""A comparison as a web page in Swedish for those who review: one file that needs nothing from anywhere else.

Everything is on the page without a script; the script only hides what a reader has filtered away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.revisions.comparison import (
    INPUT_LAYERS,
    Comparison,
    DifferenceCause,
    DifferenceKind,
    DifferenceReason,
    Layer,
    Piece,
    ReportDifference,
)

_TEMPLATE, _STYLE, _SCRIPT = "comparison_page.html.j2", "comparison_page.css", "comparison_page.js"

LAYERS = {
    Layer.FIGURES: msgid("Figures", context="comparison"),
    Layer.WORDING: msgid("Wording", context="comparison"),
    Layer.STRUCTURE: msgid("Structure", context="comparison"),
    Layer.TABLES: msgid("Tables", context="comparison"),
    Layer.CHARTS: msgid("Charts", context="comparison"),
    Layer.METHODS: msgid("Methods", context="comparison"),
    Layer.CONTRACTS: msgid("Data contracts", context="comparison"),
    Layer.DELIVERIES: msgid("Deliveries", context="comparison"),
    Layer.TEMPLATES: msgid("Templates", context="comparison"),
    Layer.REGISTERS: msgid("Registers", context="comparison"),
    Layer.CONTENT: msgid("Content and settings", context="comparison"),
}
KINDS = {
    DifferenceKind.ADDED: msgid("New", context="comparison"),
    DifferenceKind.REMOVED: msgid("Removed", context="comparison"),
    DifferenceKind.CHANGED: msgid("Changed", context="comparison"),
    DifferenceKind.MOVED: msgid("Moved", context="comparison"),
    DifferenceKind.RENAMED: msgid("Renamed", context="comparison"),
    DifferenceKind.ROLLED: msgid("New period", context="comparison"),
}
WEIGHTS = {
    "small": msgid("small", context="comparison"),
    "medium": msgid("medium", context="comparison"),
    "large": msgid("large", context="comparison"),
}
CAUSES = {
    DifferenceCause.NEW_PERIOD: msgid("New period", context="comparison"),
    DifferenceCause.METHOD_CHANGE: msgid("Changed method", context="comparison"),
    DifferenceCause.DATA_REVISION: msgid("Revised data", context="comparison"),
    DifferenceCause.CORRECTION: msgid("Correction", context="comparison"),
}
_WHAT = {
    "row": msgid("Row", context="comparison"),
    "rows": msgid("Rows", context="comparison"),
    "column": msgid("Column", context="comparison"),
    "columns": msgid("Columns", context="comparison"),
    "look": msgid("The chart's look", context="comparison"),
    "alternative": msgid("The chart's text alternative", context="comparison"),
    "remark": msgid("Notes and source", context="comparison"),
}
_STATUS = {"draft": msgid("draft", context="comparison"), "final": msgid("final", context="comparison")}


def comparison_page(comparison: Comparison) -> str:
    """The comparison as one self-contained web page; the same comparison gives the same bytes."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(number=swedish.number, pieces=_visible)
    labels: tuple[tuple[str, Mapping[Any, str]], ...] = (
        ("layers", LAYERS),
        ("kinds", KINDS),
        ("weights", WEIGHTS),
        ("causes", CAUSES),
        ("what", _WHAT),
        ("status", _STATUS),
    )
    for name, messages in labels:
        words = {key: gettext(message, context="comparison") for key, message in messages.items()}
        environment.globals[name] = words
    environment.globals["difference"] = _difference
    folder = files(__package__)
    figures = comparison.of(Layer.FIGURES)
    template = environment.from_string((folder / _TEMPLATE).read_text(encoding="utf-8"))
    return template.render(
        c=comparison,
        style=(folder / _STYLE).read_text(encoding="utf-8"),
        script=(folder / _SCRIPT).read_text(encoding="utf-8"),
        figures=_by_fate([f for f in figures if f.printed]),
        unseen=[f for f in figures if not f.printed],
        others=[
            (layer, comparison.of(layer)) for layer in LAYERS if layer is not Layer.FIGURES and comparison.of(layer)
        ],
        inputs=INPUT_LAYERS,
        chapters=_chapters(comparison),
        known={c.key for c in figures},
        counts=_counts(comparison),
        exchanged=_exchanged(comparison),
        summary=_summary(comparison),
        reasons=_reasons([f for f in figures if f.printed]),
        causes_told=_numbered(figures),
    )


def _by_fate(figures: Sequence[ReportDifference]) -> dict[str, list[ReportDifference]]:
    """Printed figures by what a reviewer has to do with them; new periods and what they replace stand last."""
    found: dict[str, list[ReportDifference]] = {
        name: [] for name in ("changed", "added", "removed", "later", "earlier")
    }
    for figure in figures:
        name = figure.kind.value if not figure.rolled else "later" if figure.new else "earlier"
        found[name].append(figure)
    return found


def _chapters(comparison: Comparison) -> list[tuple[str, str]]:
    met = {c.chapter for c in comparison.changes}
    return [(key, words) for key, words in comparison.chapters if key in met]


def _counts(comparison: Comparison) -> list[tuple[Layer, int, int]]:
    """For each layer how many changes there are to judge, and how many only follow from new periods.

    A figure that no edition shows is there to be looked up, not to be judged.
    """
    printed = [c for c in comparison.changes if c.printed]
    judged, rolled = (Counter(c.layer for c in printed if c.rolled is kind) for kind in (False, True))
    return [(layer, judged[layer], rolled[layer]) for layer in comparison.counts()]


def _exchanged(comparison: Comparison) -> list[tuple[str, str, int]]:
    """Words for periods that were exchanged: (before, after, in how many places), the most frequent first."""
    pieces = (p for c in comparison.changes for p in c.pieces if p.op == "period" and not p.fact)
    return [(*pair, count) for pair, count in Counter((p.old.strip(), p.new.strip()) for p in pieces).most_common()]


def _summary(comparison: Comparison) -> tuple[str, ...]:
    """What a reader who reads a few sentences should know."""
    if not comparison.changes:
        return (gettext("The versions say the same. Nothing differs between them."),)
    figures = comparison.of(Layer.FIGURES)
    rolled = sum(f.rolled and f.printed and bool(f.new) for f in figures)
    sentences = []
    if rolled:
        about_others = ngettext(
            "The new version is about other periods: {count} figure in the report is about new periods.",
            "The new version is about other periods: {count} figures in the report are about new periods.",
            rolled,
            count=swedish.number(rolled),
        )
        sentences.append(about_others)
    judged = [f for f in figures if not f.rolled]
    sentences.append(_judged(len(judged), sum(f.printed for f in judged), beside_new_periods=bool(rolled)))
    sentences.append(_places(sum(not c.rolled for c in comparison.of(Layer.WORDING, Layer.STRUCTURE))))
    return tuple(sentences)


def _judged(count: int, printed: int, *, beside_new_periods: bool) -> str:
    """How many figures have changed for a period that was reported before, and how many of them the report prints."""
    if not count and beside_new_periods:
        return gettext("Beyond that no figure has changed.")
    if not count:
        return gettext("No figure has changed.")
    numbers = {"count": swedish.number(count), "printed": swedish.number(printed)}
    if beside_new_periods:
        return ngettext(
            "Beyond that {count} figure has changed, and {printed} of them stands in the report.",
            "Beyond that {count} figures have changed, and {printed} of them stand in the report.",
            count,
            **numbers,
        )
    return ngettext(
        "{count} figure has changed, and {printed} of them stands in the report.",
        "{count} figures have changed, and {printed} of them stand in the report.",
        count,
        **numbers,
    )


def _places(count: int) -> str:
    if not count:
        return gettext("Text and outline are the same.")
    return ngettext(
        "Text and outline differ in {count} place.",
        "Text and outline differ in {count} places.",
        count,
        count=swedish.number(count),
    )


def _reasons(figures: Sequence[ReportDifference]) -> list[tuple[str, int]]:
    """How many figures have each reason as their weightiest."""
    found = Counter(f.reasons[0].cause for f in figures if f.reasons)
    return [(gettext(CAUSES[cause], context="comparison"), found[cause]) for cause in DifferenceCause if found[cause]]


def _numbered(figures: Sequence[ReportDifference]) -> dict[DifferenceReason, int]:
    """Every reason once, with the number that figures refer to it by."""
    told = dict.fromkeys(reason for figure in figures for reason in figure.reasons)
    return {reason: number for number, reason in enumerate(told, start=1)}


def _difference(change: ReportDifference) -> str:
    if change.difference is None:
        return "–"
    decimals = max(
        len(text.partition(",")[2].split(swedish.NBSP)[0].split(" ")[0]) for text in (change.old, change.new)
    )
    shown = swedish.signed(change.difference, decimals)
    if shown.lstrip(swedish.MINUS) == swedish.number(0, decimals) and change.difference:
        shown = swedish.signed(change.difference, 3)  # the printed values are equal; the exact ones are not
    return f"{shown}{swedish.NBSP}{change.unit}".strip()


def _visible(pieces: Sequence[Piece], side: str) -> list[tuple[str, str, Any]]:
    """The pieces of one side ("old", "new") or of both: (op, words, the figure's id)."""
    found: list[tuple[str, str, Any]] = []
    for piece in pieces:
        if piece.op == "same":
            found.append(("same", piece.new if side != "old" else piece.old, ""))
        if piece.op == "period":
            words = {"old": piece.old, "new": piece.new}.get(side, f"{piece.old.strip()} → {piece.new}")
            found.append(("period", words, piece.fact))
        if piece.op in ("gone", "figure") and side != "new":
            found.append(("gone", piece.old, piece.fact))
        if piece.op in ("new", "figure") and side != "old":
            found.append(("new", piece.new, piece.fact))
    return found
