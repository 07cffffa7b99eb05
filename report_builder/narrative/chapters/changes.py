"""The account of changed methods, for readers: what changed and why, both versions' figures, and who decided when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.facts.fact import ObsStatus
from report_builder.narrative.axes import Step
from report_builder.narrative.book import Book, Coordinates
from report_builder.narrative.chapters.method_notes import number_of
from report_builder.narrative.charts.alt_text import Series, alt_text
from report_builder.narrative.charts.breaks import Break
from report_builder.narrative.fill import plain_data as text
from report_builder.narrative.proportions import proportioned
from report_builder.narrative.tables import as_example, legend
from report_builder.periods import Period

if TYPE_CHECKING:
    from report_builder.methods.bridge import Bridge, BridgeRow
    from report_builder.methods.change import ChangeRecord
    from report_builder.methods.method import Method, Rules

_WIDE_FROM = 8
_HEIGHT = 150
"""Of the plot of both versions' lines, in pixels."""


def sentence(bridges: Sequence[Bridge]) -> str:
    """One sentence for a summary: which measures changed, from when, and that they are told apart."""
    if not bridges:
        return gettext("No method has changed since it came into force.")
    told = [(f"{b.new.name[:1].lower()}{b.new.name[1:]}", swedish.day(b.change.valid_from)) for b in bridges]
    if len(told) == 1:
        opening = gettext("The way of counting {measure} changed on {day}.", measure=told[0][0], day=told[0][1])
    else:
        each = [gettext("{measure} on {day}", measure=name, day=day) for name, day in told]
        opening = gettext("The way of counting changed for {measures}.", measures=swedish.listing(each))
    return f"{opening} {gettext('The report gives the reasons, and what the change means for the figures.')}"


def account_of(bridge: Bridge, book: Book) -> tuple[n.Block, ...]:
    """The whole account of one change: what, why and what to do; the tables; the chart with the break drawn."""
    change = bridge.change
    blocks: list[n.Block] = [_record(change, number_of(bridge.old), number_of(bridge.new))]
    if not bridge.rows:
        words = gettext(
            "The two calculations have no period in common. The report therefore does not compare values from before "
            "and after the change."
        )
        return (*blocks, n.Paragraph(content=text(words)))
    main = _main_statistic(bridge)
    stretch = _stretch(bridge, book)
    blocks.append(_by_case_type(bridge, main, stretch, book))
    blocks.append(_by_statistic(bridge, stretch, book))
    figure = _figure(bridge, main, book)
    if figure is not None:
        blocks.append(figure)
    if change.comparability == "linked":
        blocks.append(n.Paragraph(content=_cited(_linking(bridge, book))))
    return tuple(blocks)


def _record(change: ChangeRecord, old: str, new: str) -> n.Block:
    decision = gettext(
        "{by}, {day}, registration number {number}",
        by=as_example(change.decided_by, change.example),
        day=swedish.day(change.decided),
        number=change.diarienummer,
    )
    replaced = gettext("Version {old} is replaced by version {new}.", old=old, new=new)
    same = gettext("The version is still {version}.", version=new)
    fields = (
        (gettext("What changes"), change.what),
        (gettext("Why"), change.why),
        (gettext("In force from"), swedish.day(change.valid_from)),
        (gettext("Decision"), decision),
        (gettext("Versions"), replaced if old != new else same),
        (gettext("Comparability"), change.effect),
        (gettext("Advice to the reader"), change.advice),
    )
    items = tuple(n.Definition(term=text(term), meaning=_cited(" ".join(words.split()))) for term, words in fields)
    return n.DefinitionList(items=items)


def _cited(words: str) -> tuple[n.Inline, ...]:
    """Words of a record: the digits in them are the record's own, not figures of the report."""
    return (n.Citation(content=text(words)),)


def _main_statistic(bridge: Bridge) -> str:
    """The statistic that is told first: the first that is no mere count."""
    kinds = [s.id for s in bridge.new.rules.statistics if s.unit != swedish.COUNT]
    given = [s for s in bridge.new.labels if any(r.new.statistic == s for r in bridge.rows)]
    return next((s for s in kinds if s in given), given[0])


def _stretch(bridge: Bridge, book: Book) -> tuple[Period, ...]:
    """The years that both versions serve, or the last days of years for a measure that is read at a date.

    A release on a tertial describes that one and the latest year.
    """
    years = tuple(p for p in bridge.common if p.kind == "year")
    years = years or tuple(p for p in bridge.common if p.kind == "day" and p.name.endswith("-12-31"))
    own = book.periods.latest_tertial
    latest = [p for p in bridge.common if own is not None and p in (own, own.last_day)]
    return (*years[-1:], *latest) if latest else years


def _by_case_type(bridge: Bridge, statistic: str, periods: Sequence[Period], book: Book) -> n.Table:
    found = {(r.new.case_type, r.new.period): r for r in bridge.rows if r.new.statistic == statistic}
    types = [*(c.id for c in book.case_types), book.settings.total.id]
    types = [t for t in types if any((t, p) in found for p in periods)]
    columns = [n.Column(id="rubrik", header=text(swedish.capitalised(gettext("case type"))), width=4)]
    for i, _ in enumerate(periods):
        for j, word in enumerate((*_versions(bridge), gettext("Difference"))):
            columns.append(n.Column(id=f"k{i}{j}", header=text(word), align="number", width=2))
    caption = gettext(
        "{measure} by version {old} and {new}: {statistic} by {case_type}",
        measure=bridge.new.name,
        old=number_of(bridge.old),
        new=number_of(bridge.new),
        statistic=swedish.uncapitalised(bridge.new.labels[statistic]),
        case_type=gettext("case type"),
    )
    return n.Table(
        id=f"tab-byte-{bridge.change.id}",
        caption=_cited(caption),
        columns=tuple(columns),
        groups=(("", 1), *((swedish.period_in_table(p), 3) for p in periods)),
        rows=tuple(
            n.Row(
                cells=(text(book.case_type_label(t)), *(c for p in periods for c in _cells(found[t, p], book))),
                kind="total" if t == book.settings.total.id else "body",
            )
            for t in types
        ),
        notes=tuple(_cited(note) for note in _notes(bridge, [r for r in found.values() if r.new.period in periods])),
        wide=len(columns) >= _WIDE_FROM,
    )


def _versions(bridge: Bridge) -> tuple[str, str]:
    """The two versions as heads of columns and names of series."""
    return (
        gettext("Version {number}", number=number_of(bridge.old)),
        gettext("Version {number}", number=number_of(bridge.new)),
    )


def _by_statistic(bridge: Bridge, periods: Sequence[Period], book: Book) -> n.Table:
    last, total = periods[-1], book.settings.total.id
    found = {r.new.statistic: r for r in bridge.rows if (r.new.case_type, r.new.period) == (total, last)}
    headers = (*_versions(bridge), gettext("Difference"), gettext("Difference, per cent"))
    caption = gettext(
        "Effect of the change on every figure of {measure}, {total}, {period}",
        measure=bridge.new.name.lower(),
        total=book.settings.total.name.lower(),
        period=swedish.period_in_table(last),
    )
    return n.Table(
        id=f"tab-verkan-{bridge.change.id}",
        caption=_cited(caption),
        columns=(
            n.Column(id="rubrik", header=text(gettext("Figure", context="datum")), width=5),
            *(n.Column(id=f"k{i}", header=text(h), align="number", width=2) for i, h in enumerate(headers)),
        ),
        rows=tuple(
            n.Row(cells=(text(bridge.new.labels[s]), *_cells(r, book), (book.cell(r.percent, signed=True),)))
            for s in bridge.new.labels
            if (r := found.get(s)) is not None
        ),
        notes=tuple(_cited(note) for note in _notes(bridge, list(found.values()))),
    )


def _cells(row: BridgeRow, book: Book) -> tuple[tuple[n.Inline, ...], ...]:
    return (book.cell(row.old),), (book.cell(row.new),), (book.cell(row.difference, signed=True),)


def _notes(bridge: Bridge, rows: Sequence[BridgeRow]) -> Iterator[str]:
    yield gettext("Both versions are computed on the same cases, so the difference is due to the method alone.")
    marked = {r.new.status for r in rows}
    old, new = number_of(bridge.old), number_of(bridge.new)
    yield gettext("D is the value by version {number}, which is no longer in force.", number=old)
    if ObsStatus.BREAK in marked:
        yield gettext("B is the first value by version {number} in its series.", number=new)
    yield from legend([r.difference for r in rows])


def _figure(bridge: Bridge, statistic: str, book: Book) -> n.Figure | None:
    """Both series over the common periods of the shortest kind told of, and the change where it lies among them."""
    from report_builder.narrative.charts.specification import specification

    total = book.settings.total.id
    drawn = {p for whole in (book.periods.tertials or book.periods.quarters) for p in (whole, whole.last_day)}
    rows = [r for r in bridge.rows if (r.new.statistic, r.new.case_type) == (statistic, total)]
    rows = sorted((r for r in rows if r.new.period in drawn), key=lambda r: r.new.period)
    if len(rows) < 2:
        return None
    xs = [Step(label=swedish.period_in_table(r.new.period), at=Coordinates(period=r.new.period)) for r in rows]
    old, new = _versions(bridge)
    series = [Series(label=old, facts=tuple(r.old for r in rows)), Series(label=new, facts=tuple(r.new for r in rows))]
    label = swedish.uncapitalised(bridge.new.labels[statistic])
    subject = gettext("{measure}, {statistic}, by both versions", measure=bridge.new.name, statistic=label)
    day = bridge.change.valid_from
    at = sum(x.new.period.end < day for x in rows)
    inside = 0 < at < len(rows)
    names = tuple(s.label for s in series)
    mark = Break(day=day, at=at, series=names, words=gettext("New method"), outside=False, apart=False)
    marks = [mark] if inside else []
    where = marks[0].alt if inside else gettext("The change applies after these periods.")
    at_the_line = gettext("The change applies from {day}, at the dashed line.", day=swedish.day(day))
    after = gettext("The change applies from {day}, after the periods shown.", day=swedish.day(day))
    computed = gettext("Both versions are computed for every period in the figure.")
    unit = swedish.capitalised(rows[0].new.unit)
    return n.Figure(
        id=f"fig-byte-{bridge.change.id}",
        caption=_cited(subject),
        alt=f"{alt_text('line', subject, [x.label for x in xs], series)} {where}",
        spec=specification("line", xs, series, unit, book.chart_style, _HEIGHT, marks, book.cache),
        data=_figure_data(bridge, xs, series, subject, book),
        notes=(_cited(f"{at_the_line if inside else after} {computed}"),),
    )


def _figure_data(bridge: Bridge, xs: Sequence[Step], series: Sequence[Series], subject: str, book: Book) -> n.Table:
    return n.Table(
        id=f"fig-byte-{bridge.change.id}-data",
        caption=_cited(subject),
        columns=(
            n.Column(id="rubrik", header=text(gettext("Point in time")), width=4),
            *(n.Column(id=f"k{i}", header=text(s.label), align="number", width=3) for i, s in enumerate(series)),
        ),
        rows=tuple(n.Row(cells=(text(x.label), *((book.cell(s.facts[i]),) for s in series))) for i, x in enumerate(xs)),
        notes=tuple(text(note) for note in legend([f for s in series for f in s.facts])),
    )


def _linking(bridge: Bridge, book: Book) -> str:
    if not bridge.linked:
        return gettext("Older values are not recomputed, because the versions differ unequally between the periods.")
    by_ratio = gettext(
        "Older values are linked: they are recomputed with the ratio between the versions in the periods that they "
        "have in common, and are therefore estimates."
    )
    by_difference = gettext(
        "Older values are linked: they are recomputed with the difference between the versions in the periods that "
        "they have in common, and are therefore estimates."
    )
    words = by_ratio if bridge.change.link == "ratio" else by_difference
    left = sorted({book.case_type_in_text(x.case_type) for x in bridge.not_linked})
    if not left:
        return words
    except_for = gettext(
        "For {case_types} it was not possible, at least not for some figure.", case_types=swedish.listing(left)
    )
    return f"{words} {except_for}"


def _decided(of: Rules | ChangeRecord) -> str:
    return f"{as_example(of.decided_by, of.example)}, {of.decided.isoformat()}, {of.diarienummer}"


def history_table(history: Mapping[str, Sequence[Method]], changes: Sequence[ChangeRecord]) -> n.Table:
    """Every version of every measure since the first, with what changed and who decided."""
    told = {(c.measure, c.to_version): c.what for c in changes if not c.outside}
    rows = []
    for methods in history.values():
        for method in methods:
            rules = method.rules
            what = told.get((method.measure, method.version), rules.why)
            decided = _decided(rules)
            cells = (method.name, number_of(method), rules.valid_from.isoformat(), " ".join(what.split()), decided)
            rows.append(n.Row(cells=tuple(_cited(cell) for cell in cells)))
    for change in (c for c in changes if c.outside and c.measure in history):
        decided = _decided(change)
        name = history[change.measure][0].name
        cells = (name, gettext("break"), change.valid_from.isoformat(), " ".join(change.what.split()), decided)
        rows.append(n.Row(cells=tuple(_cited(cell) for cell in cells)))
    headers = (
        gettext("Measure"), gettext("Version"), gettext("In force from"), gettext("What applies"), gettext("Decision"),
    )  # fmt: skip
    table = n.Table(
        id="tab-definitionernas-historia",
        caption=text(gettext("Definitions of the measures since the first report")),
        columns=tuple(n.Column(id=f"k{i}", header=text(h)) for i, h in enumerate(headers)),
        rows=tuple(rows),
    )
    return proportioned(table)
