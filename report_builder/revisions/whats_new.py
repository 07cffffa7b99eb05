"""What is new since the last report in a few sentences, as blocks for a template and as points of a cover note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.periods import Period
from report_builder.revisions.comparison import Comparison, DifferenceCause, DifferenceKind, Layer, ReportDifference

_MOST = 4
"""So many revised figures are named one by one; beyond that only their number is told."""
_MOST_NAMES = 8
"""So many tables or sections are named; beyond that only their number is told."""
_WORDS = {"section": ("avsnittet", "avsnitt"), "table": ("tabellen", "tabeller"), "figure": ("figuren", "figurer")}

Point = tuple[str | n.CrossRef, ...]
"""A sentence; what it refers to in the report stands as a reference that already has its words."""


def whats_new_blocks(comparison: Comparison) -> tuple[n.Block, ...]:
    """What is new since the earlier version: an opening sentence and a list of the weightiest changes."""
    points = whats_new_points(comparison)
    before = n.Citation(content=(n.Text(text=f"{comparison.old.title} ({comparison.old.created})"),))
    if not points:
        content = (n.Text(text="Ingenting av vikt har ändrats sedan den förra rapporten, "), before, n.Text(text="."))
        return (n.Paragraph(content=content),)
    opening = (n.Text(text="Det här är nytt jämfört med den förra rapporten, "), before, n.Text(text="."))
    items = tuple((n.Paragraph(content=tuple(_inline(point))),) for point in points)
    return (n.Paragraph(content=opening), n.BulletList(items=items))


def _inline(point: Point) -> Iterator[n.Inline]:
    """The digits of a comparison are its own, not figures of the report: they stand as a citation does."""
    for part in point:
        yield n.Citation(content=(n.Text(text=part),)) if isinstance(part, str) else n.CrossRef(target=part.target)


def point_text(point: Point) -> str:
    """A point as plain text."""
    return "".join(part if isinstance(part, str) else part.text for part in point)


def whats_new_points(comparison: Comparison) -> tuple[Point, ...]:
    """What a reader of the earlier report should know, the weightiest first; wording is no news."""
    return (
        *_periods(comparison),
        *_methods(comparison),
        *_revised(comparison),
        *_parts(comparison),
        *_contents(comparison),
    )


def _periods(comparison: Comparison) -> Iterator[Point]:
    """The longest sort of new period is the one that the report is about; what follows from it goes without saying."""
    new = sorted(Period(name) for name in comparison.periods)
    for kind in ("tertial", "year", "quarter", "month", "range"):
        if found := [swedish.period(p) for p in new if p.kind == kind]:
            yield (f"Rapporten omfattar nu även {swedish.listing(found)}.",)
            return


def _methods(comparison: Comparison) -> Iterator[Point]:
    for change in comparison.of(Layer.METHODS):
        title = change.title
        if change.kind is DifferenceKind.ADDED:
            yield (f"{title} är ny.",)
        elif change.kind is DifferenceKind.REMOVED:
            yield (f"{title} används inte längre.",)
        elif change.old != change.new:
            affected = [
                f for f in _changed(comparison, DifferenceCause.METHOD_CHANGE) if change.id in f.reasons[0].links
            ]
            count = f" Därför har {_figures(len(affected))} räknats om." if affected else ""
            yield (f"{title} har ändrats från version {change.old} till {change.new}.{count}",)


def _changed(comparison: Comparison, cause: DifferenceCause) -> list[ReportDifference]:
    """Printed figures that have another value for the same period, by the weightiest reason."""
    found = (f for f in comparison.of(Layer.FIGURES) if f.kind is DifferenceKind.CHANGED and f.printed and f.reasons)
    return [f for f in found if f.reasons[0].cause is cause]


def _figures(count: int) -> str:
    words = "tidigare redovisad siffra" if count == 1 else "tidigare redovisade siffror"
    return f"{swedish.count_word(count)} {words}"


def _revised(comparison: Comparison) -> Iterator[Point]:
    """Figures that have changed without any change of method."""
    told = {
        DifferenceCause.DATA_REVISION: "har ändrats därför att underlaget har kompletterats eller rättats",
        DifferenceCause.CORRECTION: "har rättats",
    }
    for cause, words in told.items():
        if found := _changed(comparison, cause):
            count = _figures(len(found))
            yield (f"{count[:1].upper()}{count[1:]} {words}{_named(found)}.",)


def _named(figures: Sequence[ReportDifference]) -> str:
    if len(figures) > _MOST:
        return ""
    return ": " + "; ".join(f"{f.title}, från {f.old or '..'} till {f.new or '..'}" for f in figures)


def _parts(comparison: Comparison) -> Iterator[Point]:
    """Sections, tables and figures that are new, gone or elsewhere; the data behind a figure go with the figure."""
    structure = [c for c in comparison.of(Layer.STRUCTURE) if not (c.what == "table" and c.key.endswith("-data"))]
    new = [c for c in structure if c.kind is DifferenceKind.ADDED and c.what in ("table", "figure")]
    if 0 < len(new) <= _MOST_NAMES:
        verb = "Ny i rapporten är " if len(new) == 1 else "Nya i rapporten är "
        yield (verb, *_listed([_reference(c) for c in new]), ".")
    elif new:
        yield (f"Rapporten har {swedish.number(len(new))} nya tabeller och figurer.",)
    sections = [c for c in structure if c.what == "section"]
    yield from _told([c for c in sections if c.kind is DifferenceKind.ADDED], "är nytt", "är nya")
    yield from _told([c for c in sections if c.kind is DifferenceKind.MOVED], "har flyttats", "har flyttats")
    for what in _WORDS:
        gone = [c for c in structure if c.kind is DifferenceKind.REMOVED and c.what == what]
        yield from _told(gone, "har utgått", "har utgått")


def _told(found: Sequence[ReportDifference], one: str, many: str) -> Iterator[Point]:
    if not found:
        return
    noun, nouns = _WORDS[found[0].what]
    titles = [f"”{_bare(c)}”" for c in found]
    if len(found) == 1:
        yield (f"{noun.capitalize()} {titles[0]} {one}.",)
    elif len(found) <= _MOST_NAMES:
        yield (f"{nouns.capitalize()}{'en' if nouns == 'avsnitt' else 'na'} {swedish.listing(titles)} {many}.",)
    else:
        yield (f"{swedish.number(len(found))} {nouns} {many}.",)


def _bare(change: ReportDifference) -> str:
    """The title without its number."""
    if change.what == "section":
        return change.title.lstrip("0123456789. ") or change.title
    return change.title.partition(". ")[2] or change.title


def _contents(comparison: Comparison) -> Iterator[Point]:
    """Tables that say other things in words: rows that came or went, cells that hold no figure."""
    found: dict[str, ReportDifference] = {}
    for change in comparison.of(Layer.TABLES):
        in_words = change.what in ("row", "rows") or any(not cell.facts for cell in change.cells)
        if in_words and change.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED, DifferenceKind.CHANGED):
            found.setdefault(change.key, change)
    if 0 < len(found) <= _MOST_NAMES:
        yield ("Innehållet har ändrats i ", *_listed([_reference(c) for c in found.values()]), ".")
    elif found:
        yield (f"Innehållet har ändrats i {swedish.number(len(found))} tabeller.",)


def _reference(change: ReportDifference) -> n.CrossRef:
    words = change.title.partition(". ")[0]
    return n.CrossRef(target=change.key, text=words[:1].lower() + words[1:])


def _listed(references: Sequence[n.CrossRef]) -> Iterator[str | n.CrossRef]:
    for i, reference in enumerate(references):
        if i:
            yield " och " if i == len(references) - 1 else ", "
        yield reference
