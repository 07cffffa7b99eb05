"""What is new since the last report in a few sentences, as blocks for a template and as points of a cover note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.document import nodes as n
from report_builder.periods import Period
from report_builder.revisions.comparison import Comparison, DifferenceCause, DifferenceKind, Layer, ReportDifference

_MOST = 4
"""So many revised figures are named one by one; beyond that only their number is told."""
_MOST_NAMES = 8
"""So many tables or sections are named; beyond that only their number is told."""
_FATES = {
    ("section", "new"): (
        msgid("The section {titles} is new."),
        msgid("The sections {titles} are new."),
        msgid("{count} sections are new."),
    ),
    ("section", "moved"): (
        msgid("The section {titles} has moved."),
        msgid("The sections {titles} have moved."),
        msgid("{count} sections have moved."),
    ),
    ("section", "gone"): (
        msgid("The section {titles} has been left out."),
        msgid("The sections {titles} have been left out."),
        msgid("{count} sections have been left out."),
    ),
    ("table", "gone"): (
        msgid("The table {titles} has been left out."),
        msgid("The tables {titles} have been left out."),
        msgid("{count} tables have been left out."),
    ),
    ("figure", "gone"): (
        msgid("The figure {titles} has been left out."),
        msgid("The figures {titles} have been left out."),
        msgid("{count} figures have been left out."),
    ),
}
"""What became of parts of the report: said of one, of several by their titles, and of many by their number."""

Point = tuple[str | n.CrossRef, ...]
"""A sentence; what it refers to in the report stands as a reference that already has its words."""


def whats_new_blocks(comparison: Comparison) -> tuple[n.Block, ...]:
    """What is new since the earlier version: an opening sentence and a list of the weightiest changes."""
    points = whats_new_points(comparison)
    before = n.Citation(content=(n.Text(text=f"{comparison.old.title} ({comparison.old.created})"),))
    if not points:
        words = gettext("Nothing of weight has changed since the report before, {report}.")
        return (n.Paragraph(content=_around(words, before)),)
    opening = _around(gettext("This is new compared with the report before, {report}."), before)
    items = tuple((n.Paragraph(content=tuple(_inline(point))),) for point in points)
    return (n.Paragraph(content=opening), n.BulletList(items=items))


def _around(words: str, report: n.Inline) -> tuple[n.Inline, ...]:
    """A sentence with the earlier report where its name belongs."""
    before, _, after = words.partition("{report}")
    return tuple(x for x in (n.Text(text=before), report, n.Text(text=after)) if x != n.Text(text=""))


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
            yield (gettext("The report now covers {periods} as well.", periods=swedish.listing(found)),)
            return


def _methods(comparison: Comparison) -> Iterator[Point]:
    for change in comparison.of(Layer.METHODS):
        title = change.title
        if change.kind is DifferenceKind.ADDED:
            yield (gettext("{method} is new.", method=title),)
        elif change.kind is DifferenceKind.REMOVED:
            yield (gettext("{method} is no longer used.", method=title),)
        elif change.old != change.new:
            affected = [
                f for f in _changed(comparison, DifferenceCause.METHOD_CHANGE) if change.id in f.reasons[0].links
            ]
            sentence = gettext(
                "{method} has changed from version {old} to {new}.", method=title, old=change.old, new=change.new
            )
            yield (f"{sentence} {_recomputed(len(affected))}".strip(),)


def _recomputed(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "Therefore {count} figure reported before has been recomputed.",
        "Therefore {count} figures reported before have been recomputed.",
        count,
        count=swedish.count_word(count),
    )


def _changed(comparison: Comparison, cause: DifferenceCause) -> list[ReportDifference]:
    """Printed figures that have another value for the same period, by the weightiest reason."""
    found = (f for f in comparison.of(Layer.FIGURES) if f.kind is DifferenceKind.CHANGED and f.printed and f.reasons)
    return [f for f in found if f.reasons[0].cause is cause]


_REVISED = {
    DifferenceCause.DATA_REVISION: (
        msgid("{count} figure reported before has changed because the data was completed or corrected"),
        "{count} figures reported before have changed because the data was completed or corrected",
    ),
    DifferenceCause.CORRECTION: (
        msgid("{count} figure reported before has been corrected"),
        "{count} figures reported before have been corrected",
    ),
}


def _revised(comparison: Comparison) -> Iterator[Point]:
    """Figures that have changed without any change of method."""
    for cause, (one, many) in _REVISED.items():
        if found := _changed(comparison, cause):
            words = ngettext(one, many, len(found), count=swedish.count_word(len(found)))
            yield (f"{words[:1].upper()}{words[1:]}{_named(found)}.",)


def _named(figures: Sequence[ReportDifference]) -> str:
    if len(figures) > _MOST:
        return ""
    each = (gettext("{figure}, from {old} to {new}", figure=f.title, old=f.old or swedish.MISSING,
                    new=f.new or swedish.MISSING) for f in figures)  # fmt: skip
    return f": {'; '.join(each)}"


def _parts(comparison: Comparison) -> Iterator[Point]:
    """Sections, tables and figures that are new, gone or elsewhere; the data behind a figure go with the figure."""
    structure = [c for c in comparison.of(Layer.STRUCTURE) if not (c.what == "table" and c.key.endswith("-data"))]
    new = [c for c in structure if c.kind is DifferenceKind.ADDED and c.what in ("table", "figure")]
    if 0 < len(new) <= _MOST_NAMES:
        words = ngettext("New in the report is {parts}.", "New in the report are {parts}.", len(new))
        yield _listed(words, new)
    elif new:
        yield (gettext("The report has {count} new tables and figures.", count=swedish.number(len(new))),)
    sections = [c for c in structure if c.what == "section"]
    yield from _fate("section", "new", [c for c in sections if c.kind is DifferenceKind.ADDED])
    yield from _fate("section", "moved", [c for c in sections if c.kind is DifferenceKind.MOVED])
    for what in ("section", "table", "figure"):
        gone = [c for c in structure if c.kind is DifferenceKind.REMOVED and c.what == what]
        yield from _fate(what, "gone", gone)


def _fate(what: str, fate: str, found: Sequence[ReportDifference]) -> Iterator[Point]:
    if not found:
        return
    one, several, many = _FATES[what, fate]
    titles = [f"”{_bare(c)}”" for c in found]
    if len(found) <= _MOST_NAMES:
        yield (gettext(one if len(found) == 1 else several, titles=swedish.listing(titles)),)
    else:
        yield (gettext(many, count=swedish.number(len(found))),)


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
        yield _listed(gettext("The content has changed in {parts}."), list(found.values()))
    elif found:
        yield (gettext("The content has changed in {count} tables.", count=swedish.number(len(found))),)


def _reference(change: ReportDifference) -> n.CrossRef:
    words = change.title.partition(". ")[0]
    return n.CrossRef(target=change.key, text=words[:1].lower() + words[1:])


def _listed(words: str, found: Sequence[ReportDifference]) -> Point:
    """A sentence with references to the parts that it lists where their place is."""
    before, _, after = words.partition("{parts}")
    last = len(found) - 1
    joined: Iterator[str | n.CrossRef] = (x for i, c in enumerate(found) for x in (*_joint(i, last), _reference(c)))
    return (before, *joined, after)


def _joint(position: int, last: int) -> tuple[str | n.CrossRef, ...]:
    """What stands before an item of a list: nothing, a comma, or a word before the last."""
    if not position:
        return ()
    return (gettext(" and ", context="before the last of a list") if position == last else ", ",)
