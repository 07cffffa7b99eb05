"""A comparison as a web page in Swedish for those who review: one file that needs nothing from anywhere else.

Everything is on the page without a script; the script only hides what a reader has filtered away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from report_builder import swedish
from report_builder.revisions.changes import Cause, Change, Comparison, Kind, Layer, Piece, Reason

_TEMPLATE, _STYLE, _SCRIPT = "page.html.j2", "page.css", "page.js"

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
    Kind.ADDED: "Nytt",
    Kind.REMOVED: "Borttaget",
    Kind.CHANGED: "Ändrat",
    Kind.MOVED: "Flyttat",
    Kind.RENAMED: "Nytt namn",
}
WEIGHTS = {"small": "liten", "medium": "medelstor", "large": "stor"}
CAUSES = {
    Cause.NEW_PERIOD: "Ny period",
    Cause.METHOD_CHANGE: "Ändrad metod",
    Cause.DATA_REVISION: "Reviderade uppgifter",
    Cause.CORRECTION: "Rättelse",
}
_WHAT = {"row": "Rad", "column": "Kolumn", "look": "Diagrammets utseende", "alternative": "Diagrammets textalternativ",
         "remark": "Anmärkningar och källa"}  # fmt: skip
_STATUS = {"draft": "utkast", "final": "slutlig"}


def page(comparison: Comparison) -> str:
    """The comparison as one self-contained web page; the same comparison gives the same bytes."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(number=swedish.number, pieces=_visible)
    environment.globals.update(
        layers=LAYERS, kinds=KINDS, weights=WEIGHTS, causes=CAUSES, what=_WHAT, status=_STATUS, difference=_difference
    )
    folder = files(__package__)
    known = {c.key for c in comparison.of(Layer.FIGURES)}
    template = environment.from_string((folder / _TEMPLATE).read_text(encoding="utf-8"))
    return template.render(
        c=comparison,
        style=(folder / _STYLE).read_text(encoding="utf-8"),
        script=(folder / _SCRIPT).read_text(encoding="utf-8"),
        figures=[f for f in comparison.of(Layer.FIGURES) if f.printed],
        unseen=[f for f in comparison.of(Layer.FIGURES) if not f.printed],
        others=[
            (layer, comparison.of(layer)) for layer in LAYERS if layer is not Layer.FIGURES and comparison.of(layer)
        ],
        chapters=_chapters(comparison),
        known=known,
        summary=_summary(comparison),
        reasons=_reasons(comparison.of(Layer.FIGURES)),
        causes_told=_numbered(comparison.of(Layer.FIGURES)),
    )


def _chapters(comparison: Comparison) -> list[tuple[str, str]]:
    met = {c.chapter for c in comparison.changes}
    return [(key, words) for key, words in comparison.chapters if key in met]


def _summary(comparison: Comparison) -> str:
    """What a reader who reads one sentence should know."""
    if not comparison.changes:
        return "Versionerna säger samma sak. Ingenting skiljer dem åt."
    figures = comparison.of(Layer.FIGURES)
    words = len(comparison.of(Layer.WORDING, Layer.STRUCTURE))
    if not figures:
        return f"Ingen siffra har ändrats. {_places(words)}"
    printed = sum(f.printed for f in figures)
    count = f"{swedish.number(len(figures))} {'siffra' if len(figures) == 1 else 'siffror'}"
    return f"{count} har ändrats, varav {swedish.number(printed)} står i rapporten. {_places(words)}"


def _places(count: int) -> str:
    if not count:
        return "Text och disposition är desamma."
    return f"Text och disposition skiljer sig på {swedish.number(count)} {'ställe' if count == 1 else 'ställen'}."


def _reasons(figures: Sequence[Change]) -> list[tuple[str, int]]:
    """How many figures have each reason as their weightiest."""
    found = Counter(f.reasons[0].cause for f in figures if f.reasons)
    return [(CAUSES[cause], found[cause]) for cause in Cause if found[cause]]


def _numbered(figures: Sequence[Change]) -> dict[Reason, int]:
    """Every reason once, with the number that figures refer to it by."""
    told = dict.fromkeys(reason for figure in figures for reason in figure.reasons)
    return {reason: number for number, reason in enumerate(told, start=1)}


def _difference(change: Change) -> str:
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
        if piece.op in ("gone", "figure") and side != "new":
            found.append(("gone", piece.old, piece.fact))
        if piece.op in ("new", "figure") and side != "old":
            found.append(("new", piece.new, piece.fact))
    return found
