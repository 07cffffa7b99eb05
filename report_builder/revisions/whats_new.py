"""What is new since the last report in a few sentences, as blocks for a template and as points of a cover note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.document import nodes as n
from report_builder.methods.revision import KINDS, RevisionCounts, RevisionKind
from report_builder.methods.revision_list import revision_sentences
from report_builder.periods import Period
from report_builder.revisions.comparison import Comparison, DifferenceCause, DifferenceKind, Layer, ReportDifference

_MOST_NAMES = 8
"""So many tables or sections are named; beyond that only their number is told."""
_FATES = {
    ("section", "new"): (
        msgid("The section {titles} is new."),
        msgid("The sections {titles} are new."),
        (msgid("{count} section is new."), "{count} sections are new."),
    ),
    ("section", "moved"): (
        msgid("The section {titles} has moved."),
        msgid("The sections {titles} have moved."),
        (msgid("{count} section has moved."), "{count} sections have moved."),
    ),
    ("section", "gone"): (
        msgid("The section {titles} has been left out."),
        msgid("The sections {titles} have been left out."),
        (msgid("{count} section has been left out."), "{count} sections have been left out."),
    ),
    ("table", "gone"): (
        msgid("The table {titles} has been left out."),
        msgid("The tables {titles} have been left out."),
        (msgid("{count} table has been left out."), "{count} tables have been left out."),
    ),
    ("figure", "gone"): (
        msgid("The figure {titles} has been left out."),
        msgid("The figures {titles} have been left out."),
        (msgid("{count} figure has been left out."), "{count} figures have been left out."),
    ),
}
"""What became of parts of the report: said of one, of several by their titles, and of many by their number."""

Point = tuple[str | n.CrossRef, ...]
"""A sentence; what it refers to in the report stands as a reference that already has its words."""


def whats_new_blocks(comparison: Comparison, revised: RevisionCounts) -> tuple[n.Block, ...]:
    """What is new since the earlier version: an opening sentence and a list of the weightiest changes."""
    points = whats_new_points(comparison, revised)
    old = comparison.old
    named = f"{old.title} ({old.created})" if not _marked(old.title, comparison) else old.created
    before = n.Citation(content=(n.Text(text=named),))
    if not points:
        words = gettext("Nothing of weight has changed since the report before, {report}.")
        return (n.Paragraph(content=_around(words, before)),)
    opening = _around(gettext("This is new compared with the report before, {report}."), before)
    return (n.Paragraph(content=opening), _list(points))


def first_of_its_kind(revised: RevisionCounts, before: str) -> tuple[n.Block, ...]:
    """What is new in the first report of its kind; ``before`` names the report of another kind before it, if any."""
    first = gettext("This is the first report of its kind. There is none before it to compare with.")
    sentences = revision_sentences(revised, before)
    listed = (_list(tuple((sentence,) for sentence in sentences)),) if sentences else ()
    return (n.Paragraph(content=(n.Text(text=first),)), *listed)


def _list(points: Sequence[Point]) -> n.BulletList:
    return n.BulletList(items=tuple((n.Paragraph(content=tuple(_inline(point))),) for point in points))


def _marked(words: str, comparison: Comparison) -> bool:
    """Whether words of the older version bear a mark that the newer one must not say."""
    gone = set(comparison.old.marks) - set(comparison.new.marks)
    return any(mark.casefold() in words.casefold() for mark in gone)


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


def whats_new_points(comparison: Comparison, revised: RevisionCounts) -> tuple[Point, ...]:
    """What a reader of the earlier report should know, the weightiest first; wording is no news."""
    return (
        *_periods(comparison),
        *_methods(comparison),
        *((sentence,) for sentence in revision_sentences(revised)),
        *_parts(comparison),
        *_contents(comparison),
        *_in_annex(comparison),
    )


def revised_since(comparison: Comparison) -> RevisionCounts:
    """How many values differ between two versions, where the newer one's own list is about another report."""
    figures = [f for f in comparison.of(Layer.FIGURES) if f.kind is DifferenceKind.CHANGED and f.reasons]
    differ = [f for f in figures if f.old != f.new]
    kinds = Counter(_KINDS[f.reasons[0].cause] for f in differ if f.printed)
    return RevisionCounts(
        published_in=comparison.old.release,
        printed={kind: kinds[kind] for kind in KINDS if kinds[kind]},
        unprinted=sum(not f.printed for f in differ),
        below=sum(f.printed and f.old == f.new for f in figures),
    )


_KINDS: dict[DifferenceCause, RevisionKind] = {
    DifferenceCause.NEW_PERIOD: "data-revision",
    DifferenceCause.METHOD_CHANGE: "method-change",
    DifferenceCause.DATA_REVISION: "data-revision",
    DifferenceCause.CORRECTION: "correction",
}


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
        elif change.kind is DifferenceKind.REMOVED and _marked(title, comparison):
            yield (gettext("A method is no longer used."),)
        elif change.kind is DifferenceKind.REMOVED:
            yield (gettext("{method} is no longer used.", method=title),)
        elif change.old != change.new:
            versions = {"old": change.old.removeprefix("v"), "new": change.new.removeprefix("v")}
            yield (gettext("{method} has changed from version {old} to {new}.", method=title, **versions),)


def _parts(comparison: Comparison) -> Iterator[Point]:
    """Sections, and the tables and figures outside the data annex, that are new, gone or elsewhere."""
    structure = comparison.of(Layer.STRUCTURE)
    shown = [c for c in _tables_and_figures(comparison) if c.chapter not in comparison.annex]
    new = [c for c in shown if c.kind is DifferenceKind.ADDED]
    if 0 < len(new) <= _MOST_NAMES:
        words = ngettext("New in the report is {parts}.", "New in the report are {parts}.", len(new))
        yield _listed(words, new)
    elif new:
        yield (gettext("The report has {count} new tables and figures.", count=swedish.number(len(new))),)
    sections = [c for c in structure if c.what == "section"]
    yield from _fate("section", "new", [c for c in sections if c.kind is DifferenceKind.ADDED], comparison)
    yield from _fate("section", "moved", [c for c in sections if c.kind is DifferenceKind.MOVED], comparison)
    for what, found in (("section", sections), ("table", shown), ("figure", shown)):
        gone = [c for c in found if c.kind is DifferenceKind.REMOVED and c.what == what]
        yield from _fate(what, "gone", gone, comparison)


def _tables_and_figures(comparison: Comparison) -> list[ReportDifference]:
    """The tables and figures that are new, gone or elsewhere; the data behind a figure go with the figure."""
    found = [c for c in comparison.of(Layer.STRUCTURE) if c.what in ("table", "figure")]
    return [c for c in found if not (c.what == "table" and c.key.endswith("-data"))]


def _in_annex(comparison: Comparison) -> Iterator[Point]:
    """What became of the tables and figures of the data annex, counted in one sentence."""
    parts = [c for c in _tables_and_figures(comparison) if c.chapter in comparison.annex]
    changed = sum(c.chapter in comparison.annex for c in _changed_contents(comparison))
    counts = (
        sum(c.kind is DifferenceKind.ADDED for c in parts),
        changed,
        sum(c.kind is DifferenceKind.REMOVED for c in parts),
    )
    told = [
        ngettext(one, many, count, count=swedish.number(count))
        for count, (one, many) in zip(counts, _ANNEX, strict=True)
        if count
    ]
    if told:
        yield (gettext("Of the data annex, {changes}.", changes=swedish.listing(told)),)


_ANNEX = (
    (msgid("{count} table or figure is new"), "{count} tables and figures are new"),
    (msgid("{count} table has other content"), "{count} tables have other content"),
    (msgid("{count} table or figure has been left out"), "{count} tables and figures have been left out"),
)


def _fate(what: str, fate: str, found: Sequence[ReportDifference], comparison: Comparison) -> Iterator[Point]:
    if not found:
        return
    one, several, (counted_one, counted_many) = _FATES[what, fate]
    titles = [f"”{_bare(c)}”" for c in found]
    if len(found) > _MOST_NAMES or any(_marked(title, comparison) for title in titles):
        yield (ngettext(counted_one, counted_many, len(found), count=swedish.number(len(found))),)
    else:
        yield (gettext(one if len(found) == 1 else several, titles=swedish.listing(titles)),)


def _bare(change: ReportDifference) -> str:
    """The title without its number."""
    if change.what == "section":
        return change.title.lstrip("0123456789. ") or change.title
    return change.title.partition(". ")[2] or change.title


def _contents(comparison: Comparison) -> Iterator[Point]:
    """Tables outside the data annex that say other things in words."""
    found = [c for c in _changed_contents(comparison) if c.chapter not in comparison.annex]
    if 0 < len(found) <= _MOST_NAMES:
        yield _listed(gettext("The content has changed in {parts}."), found)
    elif found:
        yield (gettext("The content has changed in {count} tables.", count=swedish.number(len(found))),)


def _changed_contents(comparison: Comparison) -> tuple[ReportDifference, ...]:
    """A change for each table with other words: rows that came or went, cells that hold no figure."""
    found: dict[str, ReportDifference] = {}
    for change in comparison.of(Layer.TABLES):
        in_words = change.what in ("row", "rows") or any(not cell.facts for cell in change.cells)
        if in_words and change.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED, DifferenceKind.CHANGED):
            found.setdefault(change.key, change)
    return tuple(found.values())


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
