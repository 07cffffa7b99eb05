"""Published values that print differently now, for readers: how many, which and why, and how they moved by release."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.facts.fact import ObsStatus
from report_builder.methods.revision import shown
from report_builder.methods.revision_list import REVISION_FILE, revision_sentences
from report_builder.narrative.axes import Step
from report_builder.narrative.book import SUPPRESSED, Book, Coordinates
from report_builder.narrative.charts.alt_text import Series, alt_text
from report_builder.narrative.fill import plain_data as text
from report_builder.narrative.proportions import proportioned
from report_builder.narrative.tables import legend

if TYPE_CHECKING:
    from report_builder.facts.fact import Fact
    from report_builder.facts.ledger import Ledger, LedgerEntry
    from report_builder.methods.revision import Revision, Revisions

REVISION_TABLE, TRIANGLE_TABLE, TRIANGLE_FIGURE = (
    "tab-revideringar",
    "tab-revideringstriangel",
    "fig-revideringstriangel",
)

_KINDS = {
    "method-change": msgid("Changed method"),
    "method-and-data": msgid("Changed method and data"),
    "correction": msgid("Correction"),
    "data-revision": msgid("Revised data"),
    "forecast": msgid("New projection"),
}
BY_METHOD = frozenset({"method-change", "method-and-data"})
"""The kinds that a change record explains."""

_MOST_ROWS = 200
"""So many revised values are listed in the report; the file beside it has all of them."""

_FEWEST_RELEASES = 3
"""From so many releases on, values are followed from release to release."""

_MOST_FOLLOWED, _MOST_LINES = 12, 5
"""So many values are followed in the table, and so many of one statistic in the chart."""

_HEIGHT = 150
"""Of the chart's plot, in pixels."""


def revision_summary(revisions: Revisions, tables: Sequence[n.Block]) -> tuple[n.Block, ...]:
    """How many of the values published before are not the same now and why; ``tables`` are those it refers to."""
    sentences = revision_sentences(revisions.counts)
    if not sentences:
        return (n.Paragraph(content=text(gettext("Nothing has been published before that could be revised."))),)
    content: list[n.Inline] = [*_cited(" ".join(sentences))]
    ids = {block.id for block in tables if isinstance(block, n.Table)}
    for name, words in (
        (REVISION_TABLE, gettext("The values are listed in {table}.")),
        (TRIANGLE_TABLE, gettext("The main values are followed from report to report in {table}.")),
    ):
        if name in ids:
            before, _, after = words.partition("{table}")
            content += (n.Text(text=f" {before}"), n.CrossRef(target=name), n.Text(text=after))
    return (n.Paragraph(content=tuple(content)),)


def revision_tables(
    revisions: Revisions, published: Sequence[Ledger], book: Book, printed: Collection[str]
) -> tuple[n.Block, ...]:
    """The values that print differently now, and the main ones by release; nothing where there are none.

    ``published`` are the ledgers of the releases before, the latest last; ``printed`` the facts that the report prints.
    """
    listed = (_table(revisions, book),) if revisions.printed else ()
    return (*listed, *_triangle(published, book, printed))


def _cited(words: str) -> tuple[n.Inline, ...]:
    """Words whose digits are a record's own, not figures of the report."""
    return (n.Citation(content=text(words)),)


# --- the values, one by one


def _table(revisions: Revisions, book: Book) -> n.Table:
    found = revisions.printed
    listed = selected(revisions, book)
    before, now = gettext("Published"), gettext("Now")
    what, kind = gettext("Figure", context="datum"), gettext("Kind of revision")
    headers = (what, swedish.capitalised(gettext("case type")), gettext("Period"), before, now, kind)
    reasons = dict.fromkeys(f"{gettext(_KINDS[r.kind])}: {' '.join(r.why.split())}" for r in listed if r.why)
    table = n.Table(
        id=REVISION_TABLE,
        caption=text(gettext("Values that have changed since the report before")),
        columns=tuple(
            n.Column(id=f"k{i}", header=text(h), align="number" if h in (before, now) else "text")
            for i, h in enumerate(headers)
        ),
        rows=tuple(_row(r, book) for r in listed),
        notes=(
            *(_cited(note) for note in (*_selection(len(listed), len(found)), *reasons)),
            *(text(note) for note in legend([r.fact for r in listed])),
        ),
    )
    return proportioned(table)


def selected(revisions: Revisions, book: Book) -> tuple[Revision, ...]:
    """The values that the table lists: those that the report prints elsewhere, and the main ones of the others.

    Where there is no room for all, what a person explained goes first, and the total before case types.
    """
    total = book.settings.total.id
    worth = [r for r in revisions.values if r.printed or _is_main(r, total)]
    ranked = sorted(worth, key=lambda r: (not r.printed, r.kind in BY_METHOD, r.fact.case_type != total))
    chosen = {r.fact.id for r in ranked[:_MOST_ROWS]}
    return tuple(r for r in revisions.values if r.fact.id in chosen)


def _is_main(revision: Revision, total: str) -> bool:
    """Whether a value is about a whole year, or its last day, and of the total where the method alone moved it."""
    period = revision.fact.period
    yearly = period.kind in ("year", "range") or (period.kind == "day" and period.name.endswith("-12-31"))
    plain = "~" not in revision.fact.id and "@" not in revision.fact.id
    return yearly and plain and (revision.fact.case_type == total or revision.kind not in BY_METHOD)


def _selection(listed: int, found: int) -> Iterator[str]:
    if listed < found:
        yield gettext(
            "The table lists {listed} of the {found} values. All of them are in the file {file}.",
            listed=swedish.number(listed),
            found=swedish.number(found),
            file=REVISION_FILE,
        )


def _row(revision: Revision, book: Book) -> n.Row:
    fact = revision.fact
    words = (_label(fact, book), book.case_type_label(fact.case_type), swedish.period_in_table(fact.period))
    kind = text(gettext(_KINDS[revision.kind]))
    return n.Row(cells=(*(_cited(w) for w in words), _cited(_published(revision.entry)), (book.cell(fact),), kind))


def _published(entry: LedgerEntry) -> str:
    """A published value as it was printed, without its mark."""
    words = shown(entry.value, entry.decimals, entry.status)
    if words == ObsStatus.SUPPRESSED:
        return SUPPRESSED
    return f"{words}{swedish.NBSP}%" if entry.unit == swedish.PERCENT and entry.value is not None else words


def _label(fact: Fact, book: Book) -> str:
    """What a fact is called, and by which version or since when, where it is about that."""
    base, _, vintage = fact.id.partition("@")
    label = fact.label or fact.statistic
    if "~" in base and vintage:
        return gettext("{figure}, difference from version {version}", figure=label, version=vintage)
    if "~" in base:
        sources = [book.facts.get(name) for name in fact.provenance.derived_from]
        since = swedish.period(sources[-1].period) if sources and sources[-1] else base.partition("~")[2].lstrip("%")
        return gettext("{figure}, change since {period}", figure=label, period=since)
    if vintage:
        return gettext("{figure}, version {version}", figure=label, version=vintage)
    return label


# --- the values by release


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """A value by release: what each release before published (``None``: nothing), and the fact now."""

    fact: Fact
    entries: tuple[LedgerEntry | None, ...]

    @property
    def moved(self) -> bool:
        """Whether it has ever printed differently."""
        words = {(_published(e), e.unit) for e in self.entries if e is not None}
        now = shown(self.fact.value, self.fact.decimals, self.fact.status)
        return len({w.removesuffix(f"{swedish.NBSP}%") for w, _ in words} | {now}) > 1


def _triangle(published: Sequence[Ledger], book: Book, printed: Collection[str]) -> Iterator[n.Block]:
    """The main values by release as a table and a chart, where at least three releases have published them."""
    if len(published) + 1 < _FEWEST_RELEASES:
        return
    followed = _chosen(tuple(_followed(published, book, printed)), book)
    if not followed:
        return
    yield _by_release(followed, published, book)
    lines = _of_one_statistic(followed)
    yield _chart(lines, published, book)


def _followed(published: Sequence[Ledger], book: Book, printed: Collection[str]) -> Iterator[_Followed]:
    for fact in book.facts:
        plain = "~" not in fact.id and "@" not in fact.id and fact.status is not ObsStatus.FORECAST
        if plain and fact.id in printed and fact.value is not None:
            entries = tuple(ledger.entries.get(fact.id) for ledger in published)
            if sum(e is not None for e in entries) + 1 >= _FEWEST_RELEASES:
                yield _Followed(fact=fact, entries=entries)


def _chosen(found: Sequence[_Followed], book: Book) -> tuple[_Followed, ...]:
    """The values that have moved, the total before case types and longer periods before shorter; else the total's."""
    total = book.settings.total.id
    moved = [f for f in found if f.moved] or [f for f in found if f.fact.case_type == total]
    ranked = sorted(moved, key=lambda f: (f.fact.case_type != total, -_days(f.fact), f.fact.id))
    chosen = {f.fact.id for f in ranked[:_MOST_FOLLOWED]}
    return tuple(f for f in found if f.fact.id in chosen)


def _days(fact: Fact) -> int:
    return (fact.period.end - fact.period.start).days


def _by_release(followed: Sequence[_Followed], published: Sequence[Ledger], book: Book) -> n.Table:
    columns = (gettext("Figure", context="datum"), swedish.capitalised(gettext("case type")), gettext("Period"))
    versions = {e.method for f in followed for e in f.entries if e is not None} | {f.fact.method for f in followed}
    by_measure = {name.partition("@")[0] for name in versions}
    gaps = any(e is None for f in followed for e in f.entries)
    absent = f"{swedish.MISSING} {gettext('The report did not give the value.')}"
    changed = gettext("The method changed between the reports, so that the values are not all counted in one way.")
    return proportioned(
        n.Table(
            id=TRIANGLE_TABLE,
            caption=text(gettext("The same values from release to release")),
            columns=(
                *(n.Column(id=f"k{i}", header=text(h)) for i, h in enumerate(columns)),
                *(
                    n.Column(id=f"u{i}", header=_cited(release), align="number")
                    for i, release in enumerate(_releases(published, book))
                ),
            ),
            rows=tuple(_followed_row(f, book) for f in followed),
            notes=(
                *([text(absent)] if gaps else []),
                *([text(changed)] if len(versions) > len(by_measure) else []),
                *(text(note) for note in legend([f.fact for f in followed])),
            ),
        )
    )


def _releases(published: Sequence[Ledger], book: Book) -> tuple[str, ...]:
    """The releases by what they are called, this one last."""
    names = (*(ledger.release for ledger in published), book.release.id)
    return tuple(
        f"{swedish.capitalised(kind.replace('-', ' '))} {own}"
        for kind, _, own in (name.partition("/") for name in names)
    )


def _followed_row(followed: _Followed, book: Book) -> n.Row:
    fact = followed.fact
    words = (_label(fact, book), book.case_type_label(fact.case_type), swedish.period_in_table(fact.period))
    before = tuple(_then_cell(e) for e in followed.entries)
    return n.Row(cells=(*(_cited(w) for w in words), *before, (book.cell(fact),)))


def _of_one_statistic(followed: Sequence[_Followed]) -> tuple[_Followed, ...]:
    """The values of the statistic that has most of them: one chart has one unit."""
    groups: dict[tuple[str, str], list[_Followed]] = {}
    for one in followed:
        groups.setdefault((one.fact.measure, one.fact.statistic), []).append(one)
    most = max(groups.values(), key=len)
    return tuple(most[:_MOST_LINES])


def _chart(lines: Sequence[_Followed], published: Sequence[Ledger], book: Book) -> n.Figure:
    from report_builder.narrative.charts.specification import specification

    releases = _releases(published, book)
    xs = [Step(label=name, at=Coordinates()) for name in releases]
    series = [
        Series(
            label=_line_label(one.fact, book, lines),
            facts=(*(_then(one.fact, e) for e in one.entries), one.fact),
        )
        for one in lines
    ]
    fact = lines[0].fact
    subject = gettext("{figure} from release to release", figure=fact.label or fact.statistic)
    unit = swedish.capitalised(fact.unit)
    return n.Figure(
        id=TRIANGLE_FIGURE,
        caption=_cited(subject),
        alt=alt_text("line", subject, releases, series),
        spec=specification("line", xs, series, unit, book.chart_style, _HEIGHT),
        data=n.Table(
            id=f"{TRIANGLE_FIGURE}-data",
            caption=_cited(subject),
            columns=(
                n.Column(id="rubrik", header=text(gettext("Report", context="revisions")), width=4),
                *(n.Column(id=f"k{i}", header=_cited(s.label), align="number") for i, s in enumerate(series)),
            ),
            rows=tuple(
                n.Row(cells=(_cited(name), *(_drawn(one, i, book) for one in lines))) for i, name in enumerate(releases)
            ),
        ),
    )


def _line_label(fact: Fact, book: Book, lines: Sequence[_Followed]) -> str:
    period = swedish.period_in_table(fact.period)
    alike = len({one.fact.case_type for one in lines}) == 1
    return period if alike else f"{book.case_type_label(fact.case_type)}, {period}"


def _then(fact: Fact, entry: LedgerEntry | None) -> Fact:
    """The fact as an earlier release printed it."""
    return dataclasses.replace(fact, value=entry.printed if entry is not None else None)


def _drawn(one: _Followed, place: int, book: Book) -> tuple[n.Inline, ...]:
    if place == len(one.entries):
        return (book.cell(one.fact),)
    return _then_cell(one.entries[place])


def _then_cell(entry: LedgerEntry | None) -> tuple[n.Inline, ...]:
    return _cited(_published(entry)) if entry is not None else (n.Text(text=swedish.MISSING),)
