"""What is new since the last report, as blocks for a template and as a draft of the cover note (missiv)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.revisions.changes import Cause, Change, Comparison, Kind, Layer
from report_builder.revisions.version import Version

_MOST = 6
"""So many revised figures are named one by one; beyond that only their number is told."""


def blocks(comparison: Comparison) -> tuple[n.Block, ...]:
    """What is new since the earlier version, in running text and a list."""
    points = [tuple(_inline(point)) for point in points_of(comparison)]
    if not points:
        return (_paragraph((n.Text(text="Ingenting har ändrats sedan den förra rapporten."),)),)
    opening = (
        n.Text(text="Detta är nytt sedan den förra rapporten, "),
        n.Citation(content=(n.Text(text=f"{comparison.old.title} ({comparison.old.created})"),)),
        n.Text(text="."),
    )
    return (_paragraph(opening), n.BulletList(items=tuple((_paragraph(point),) for point in points)))


def points_of(comparison: Comparison) -> tuple[str, ...]:
    """What is new, a sentence a point, the weightiest first."""
    return (
        *_periods(comparison),
        *_methods(comparison),
        *_revised(comparison),
        *_parts(comparison),
        *_rest(comparison),
    )


def _periods(comparison: Comparison) -> Iterator[str]:
    added = [c for c in comparison.of(Layer.FIGURES) if c.kind is Kind.ADDED and _cause(c) is Cause.NEW_PERIOD]
    if added:
        count = f"{swedish.number(len(added))} {'uppgift' if len(added) == 1 else 'uppgifter'}"
        yield f"Rapporten redovisar nya perioder, med {count} som inte fanns i den förra."


def _methods(comparison: Comparison) -> Iterator[str]:
    for change in comparison.of(Layer.METHODS):
        if change.kind is Kind.ADDED:
            yield f"Mätmetoden {change.key} är ny."
        elif change.kind is Kind.REMOVED:
            yield f"Mätmetoden {change.key} används inte längre."
        elif change.old != change.new:
            yield f"Mätmetoden {change.key} har bytts från {change.old} till {change.new}."
        else:
            yield f"Beskrivningen av mätmetoden {change.key} har ändrats."


def _revised(comparison: Comparison) -> Iterator[str]:
    """Figures for periods that the earlier report had too."""
    told = {
        Cause.METHOD_CHANGE: "därför att mätmetoden har ändrats",
        Cause.DATA_REVISION: "därför att de levererade uppgifterna har reviderats",
        Cause.CORRECTION: "till följd av en rättelse",
    }
    figures = [c for c in comparison.of(Layer.FIGURES) if c.kind is Kind.CHANGED]
    for cause, words in told.items():
        found = [c for c in figures if _cause(c) is cause]
        if not found:
            continue
        verb = "siffra i rapporten har" if len(found) == 1 else "tidigare redovisade siffror har"
        yield f"{swedish.number(len(found))} {verb} räknats om {words}{_named(found)}."


def _named(figures: Sequence[Change]) -> str:
    if len(figures) > _MOST:
        return ""
    return ": " + "; ".join(f"{f.title}, från {f.old or '..'} till {f.new or '..'}" for f in figures)


def _parts(comparison: Comparison) -> Iterator[str]:
    """Sections, tables and figures that are new, gone or elsewhere."""
    words = {"section": ("avsnitt", "avsnitten"), "table": ("tabell", "tabellerna"), "figure": ("figur", "figurerna")}
    verbs = {Kind.ADDED: ("är nytt", "är nya"), Kind.REMOVED: ("har utgått", "har utgått"),
             Kind.MOVED: ("har flyttats", "har flyttats")}  # fmt: skip
    for kind, (one, many) in verbs.items():
        for what, (noun, nouns) in words.items():
            found = [c for c in comparison.of(Layer.STRUCTURE) if c.kind is kind and c.what == what]
            titles = [_quoted(c, what) for c in found]
            if len(found) == 1:
                verb = "är ny" if kind is Kind.ADDED and what != "section" else one
                yield f"{'Avsnittet' if what == 'section' else noun.capitalize() + 'en'} {titles[0]} {verb}."
            elif found:
                yield f"{nouns.capitalize()} {swedish.listing(titles)} {many}."


def _quoted(change: Change, what: str) -> str:
    words = change.title.partition(". ")[2] if what != "section" else change.title.lstrip("0123456789. ")
    return f"”{words or change.title}”"


def _rest(comparison: Comparison) -> Iterator[str]:
    count = len(comparison.of(Layer.WORDING))
    if count:
        yield f"Texten har ändrats på {swedish.number(count)} {'ställe' if count == 1 else 'ställen'}."


def _cause(change: Change) -> Cause | None:
    return change.reasons[0].cause if change.reasons else None


def _inline(words: str) -> Iterator[n.Inline]:
    """The digits of a comparison are its own, not figures of the report: they stand as a citation does."""
    yield n.Citation(content=(n.Text(text=words),))


def _paragraph(content: tuple[n.Inline, ...]) -> n.Paragraph:
    return n.Paragraph(content=content)


def cover_note(comparison: Comparison, version: Version) -> str:
    """A draft of the cover note that goes with a release, as plain text with blanks where a person must decide."""
    meta = version.document.meta
    points = points_of(comparison) or ("Ingenting har ändrats sedan den förra rapporten.",)
    numbers = [f"{label}: {value}" for label, value in meta.imprint]
    marks = (
        [f"OBS: rapporten är märkt {', '.join(meta.marks)} och får inte lämnas i detta skick."] if meta.marks else []
    )
    lines = [
        meta.authority.name,
        "MISSIV (utkast)",
        "",
        *numbers,
        f"Datum: {meta.created}",
        "Mottagare: [fyll i]",
        "",
        meta.title,
        "",
        f"{meta.authority.name} överlämnar härmed {meta.title}. {meta.subtitle}".strip(),
        "",
        *marks,
        *([""] if marks else []),
        f"Nytt sedan den förra rapporten ({comparison.old.title}, {comparison.old.created}):",
        *(f"– {point}" for point in points),
        "",
        "Beslut i ärendet har fattats av [befattning]. Föredragande har varit [befattning].",
        "",
    ]
    return "\n".join(lines)
