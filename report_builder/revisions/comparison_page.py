"""A comparison as a web page in Swedish for those who review: one file that needs nothing from anywhere else.

Everything is on the page without a script; the script only hides what a reader has filtered away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from report_builder import swedish
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
    Layer.FIGURES: "Siffror",
    Layer.WORDING: "Formuleringar",
    Layer.STRUCTURE: "Struktur",
    Layer.TABLES: "Tabeller",
    Layer.CHARTS: "Diagram",
    Layer.METHODS: "Mätmetoder",
    Layer.CONTRACTS: "Datakontrakt",
    Layer.DELIVERIES: "Leveranser",
    Layer.TEMPLATES: "Mallar",
    Layer.REGISTERS: "Register",
    Layer.CONTENT: "Innehåll och inställningar",
}
KINDS = {
    DifferenceKind.ADDED: "Nytt",
    DifferenceKind.REMOVED: "Borttaget",
    DifferenceKind.CHANGED: "Ändrat",
    DifferenceKind.MOVED: "Flyttat",
    DifferenceKind.RENAMED: "Nytt namn",
    DifferenceKind.ROLLED: "Ny period",
}
WEIGHTS = {"small": "liten", "medium": "medelstor", "large": "stor"}
CAUSES = {
    DifferenceCause.NEW_PERIOD: "Ny period",
    DifferenceCause.METHOD_CHANGE: "Ändrad metod",
    DifferenceCause.DATA_REVISION: "Reviderade uppgifter",
    DifferenceCause.CORRECTION: "Rättelse",
}
_WHAT = {
    "row": "Rad", "rows": "Rader", "column": "Kolumn", "columns": "Kolumner", "look": "Diagrammets utseende",
    "alternative": "Diagrammets textalternativ", "remark": "Anmärkningar och källa",
}  # fmt: skip
_STATUS = {"draft": "utkast", "final": "slutlig"}


def comparison_page(comparison: Comparison) -> str:
    """The comparison as one self-contained web page; the same comparison gives the same bytes."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(number=swedish.number, pieces=_visible)
    environment.globals.update(
        layers=LAYERS, kinds=KINDS, weights=WEIGHTS, causes=CAUSES, what=_WHAT, status=_STATUS, difference=_difference
    )
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
        return ("Versionerna säger samma sak. Ingenting skiljer dem åt.",)
    figures = comparison.of(Layer.FIGURES)
    rolled = sum(f.rolled and f.printed and bool(f.new) for f in figures)
    told = []
    if rolled:
        told.append(f"Den nya versionen gäller andra perioder: {_count(rolled)} i rapporten avser nya perioder.")
    judged = [f for f in figures if not f.rolled]
    count = _count(len(judged)) if judged else "ingen siffra"
    changed = f"Därutöver har {count} ändrats" if rolled else f"{count[:1].upper()}{count[1:]} har ändrats"
    printed = f", varav {swedish.number(sum(f.printed for f in judged))} står i rapporten" if judged else ""
    told.append(f"{changed}{printed}.")
    told.append(_places(sum(not c.rolled for c in comparison.of(Layer.WORDING, Layer.STRUCTURE))))
    return tuple(told)


def _places(count: int) -> str:
    if not count:
        return "Text och disposition är desamma."
    return f"Text och disposition skiljer sig på {swedish.number(count)} {'ställe' if count == 1 else 'ställen'}."


def _count(figures: int) -> str:
    return f"{swedish.number(figures)} {'siffra' if figures == 1 else 'siffror'}"


def _reasons(figures: Sequence[ReportDifference]) -> list[tuple[str, int]]:
    """How many figures have each reason as their weightiest."""
    found = Counter(f.reasons[0].cause for f in figures if f.reasons)
    return [(CAUSES[cause], found[cause]) for cause in DifferenceCause if found[cause]]


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
