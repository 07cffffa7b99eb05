"""The quality of what was delivered, as facts and blocks: rows, filled cells, groups in each period, remarks and why.

The facts are of the measure ``datakvalitet``. Where the id of a fact has the case type stands what the fact is about: a
file, a column of one, or a value of a column. They have no method: they are counts of the delivery itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.deliveries.acceptance import Remark
from report_builder.deliveries.delivery import ColumnQuality, Delivery, FileQuality, GroupQuality
from report_builder.document import nodes as n
from report_builder.facts.fact import Fact, ObsStatus, Provenance, fact_id
from report_builder.narrative.book import Book
from report_builder.narrative.fill import plain_data as text
from report_builder.periods import Period
from report_builder.workspace.workspace import DeliveryPin

if TYPE_CHECKING:
    from report_builder.methods.method import Method
    from report_builder.methods.tally import MethodTally

MEASURE = "datakvalitet"
_WITHOUT_ROWS = {
    "year": msgid("Years without rows"),
    "tertial": msgid("Tertials without rows"),
    "quarter": msgid("Quarters without rows"),
    "month": msgid("Months without rows"),
}
_NOT_SAID = "."
_ACCOUNT = (
    msgid("Rows read"), msgid("Reopened, counted apart"), msgid("Rows counted"), msgid("Outside"),
    msgid("Without a start date"), msgid("Contradictory dates"),
)  # fmt: skip
ROWS = "rader"
"""The statistic that counts the rows of a file."""
InlineCell = tuple[n.Inline, ...]
Accounted = tuple["Method", "MethodTally"]
"""A method and what became of the rows that it read."""


def quality_blocks(
    deliveries: Sequence[Delivery], remarks: Sequence[Remark], book: Book, accounted: Sequence[Accounted] = ()
) -> tuple[n.Block, ...]:
    """Tables of what every delivery holds, and of what methods made of its rows; figures become facts of ``book``."""
    makers = [_Maker(delivery=d, remarks=remarks, book=book) for d in deliveries if d.quality]
    if not makers:
        return ()
    tables = [_files(makers), *_accounting(makers, accounted)]
    for maker in makers:
        for file in maker.delivery.quality:
            tables.append(_columns(maker, file))
            tables += [_groups(maker, file, groups) for groups in file.groups if maker.years()]
    return (*tables, *_absences(makers, book))


def remark_blocks(remarks: Sequence[Remark]) -> tuple[n.Block, ...]:
    """Every remark on the deliveries, and why the figures are used all the same."""
    if not remarks:
        sentence = gettext("Every delivery met its data contract without remark.")
        return (n.Paragraph(content=text(sentence)),)
    opening = n.Paragraph(content=text(gettext("The deliveries could be used, but the checks gave these remarks:")))
    return (opening, n.BulletList(items=tuple(_items(remarks))))


def _items(remarks: Sequence[Remark]) -> Iterator[tuple[n.Block, ...]]:
    """Each remark once, with the file and the rows that it is about and what the release says of it."""
    rows: dict[tuple[str, str], list[str]] = {}
    reasons = {}
    for remark in remarks:
        place = remark.problem.place
        key = (remark.problem.sentence or remark.problem.message, place.file if place else "")
        found = rows.setdefault(key, [])
        reasons[key] = remark.accepted
        if place and place.row:
            found.append(str(place.row))
    for (sentence, file), numbers in rows.items():
        said = n.Paragraph(content=(n.Citation(content=text(f"{sentence.rstrip('.')}{_where(file, numbers)}.")),))
        accepted = reasons[sentence, file]
        if accepted is None:
            yield said, n.Paragraph(content=text(gettext("The remark has not been assessed yet.")))
        else:
            yield (
                said,
                _signed(gettext("Reason for using the data all the same"), accepted.reason, accepted.by, accepted.date),
            )


def _where(file: str, rows: Sequence[str]) -> str:
    """File and rows in parentheses after a sentence; nothing where no row is known."""
    if not rows:
        return ""
    name, numbers = file.rsplit("/", 1)[-1], swedish.listing(rows)
    return f" ({ngettext('{file}, row {rows}', '{file}, rows {rows}', len(rows), file=name, rows=numbers)})"


def _signed(lead: str, reason: str, by: str, day: date) -> n.Paragraph:
    words = f": {' '.join(reason.split()).rstrip('.')} ({swedish.uncapitalised(by)}, {swedish.day(day)})."
    return n.Paragraph(content=(n.Emphasis(content=text(lead)), n.Citation(content=text(words))))


@dataclass(slots=True, kw_only=True)
class _Maker:
    """Makes the facts of one delivery, each kept in the book, and the cells that print them."""

    delivery: Delivery
    remarks: Sequence[Remark]
    book: Book

    @property
    def day(self) -> Period:
        """The day that the delivery is told of: its last, or else that of the release."""
        return Period((self.delivery.as_of or self.book.release.created).isoformat())

    def years(self) -> tuple[Period, ...]:
        """The years that the delivery covers; the last one as far as it goes."""
        first, last = self.delivery.since, self.delivery.as_of
        if first is None or last is None:
            return ()
        years = range(first.year, last.year + 1)
        return tuple(Period.spanning(max(first, date(y, 1, 1)), min(last, date(y, 12, 31))) for y in years)

    def remarked(self, file: FileQuality) -> int:
        """The rows of a file that some remark points at: those of its contract, and those that a method left out."""
        name = self.delivery.sources[file.object].file
        told = {(w.code, w.place) for w in self.delivery.warnings}
        problems = (r.problem for r in self.remarks)
        others = (p for p in problems if p.place and p.place.file == name and (p.code, p.place) not in told)
        return file.remarked + sum(p.count for p in others)

    def cell(
        self, statistic: str, about: str, period: Period, value: Decimal | int | None, *, file: str, says: str
    ) -> InlineCell:
        """The cell that prints a figure, which becomes a fact; a ``value`` with decimals is per cent."""
        percent = isinstance(value, Decimal)
        source = self.delivery.sources[file]
        fact = Fact(
            id=fact_id(MEASURE, _part(statistic), _part(about), period),
            measure=MEASURE,
            statistic=_part(statistic),
            case_type=_part(about),
            period=period,
            value=None if value is None else Decimal(value),
            unit=swedish.PERCENT if percent else swedish.COUNT,
            decimals=1 if percent else 0,
            method="",
            status=ObsStatus.MISSING if value is None else ObsStatus.NORMAL,
            example=self.delivery.example,
            label=says,
            provenance=Provenance(
                dataset=self.delivery.dataset,
                contract=self.delivery.contract,
                sources=(source,),
                selection=says,
                count=source.rows,
            ),
        )
        return (self.book.cell(self.book.keep(fact)),)


def _part(words: str) -> str:
    """``words`` as a part of a fact's id: a–z, 0–9 and ``-``."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-") or "x"


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("1.000000")) if whole else None


def _source(makers: Sequence[_Maker]) -> InlineCell:
    contracts = swedish.listing([m.delivery.contract for m in makers])
    return text(gettext("Deliveries under data contract {contracts}, own calculations.", contracts=contracts))


def _files(makers: Sequence[_Maker]) -> n.Table:
    """What was read: a row for each file."""
    rows_head, remarked_head = gettext("Rows"), gettext("Rows with a remark")
    rows = []
    for maker in makers:
        for file in maker.delivery.quality:
            figures = (
                (ROWS, rows_head, file.rows),
                ("rader-med-anmarkning", remarked_head, maker.remarked(file)),
            )
            cells = (
                maker.cell(s, file.object, maker.day, v, file=file.object, says=f"{what}, {file.title}")
                for s, what, v in figures
            )
            days = (_day(maker.delivery.as_of), _day(maker.delivery.received))
            rows.append(n.Row(cells=(text(file.title), *days, *cells)))
    return n.Table(
        id="tab-kvalitet-filer",
        caption=text(gettext("Files and rows that were read")),
        columns=(
            n.Column(id="fil", header=text(gettext("File")), width=4),
            n.Column(id="uttagsdag", header=text(gettext("Extracted on")), width=3),
            n.Column(id="mottagen", header=text(gettext("Received on")), width=3),
            n.Column(id=ROWS, header=text(rows_head), align="number", width=2),
            n.Column(id="anmarkning", header=text(remarked_head), align="number", width=2),
        ),
        rows=tuple(rows),
        notes=tuple(text(note) for note in _granularity(makers)),
        source=_source(makers),
    )


def _accounting(makers: Sequence[_Maker], accounted: Sequence[Accounted]) -> Iterator[n.Table]:
    """What became of the rows that each method read: they are counted, outside of the periods, or left out."""
    by_dataset = {maker.delivery.dataset: maker for maker in makers}
    rows = []
    for method, tally in accounted:
        source, total = method.rules.source, tally.whole.get(makers[0].book.settings.total.id)
        maker = by_dataset.get(source.dataset)
        if maker is None or total is None or not total.outside:
            continue
        hidden = method.rules.disclosure is not None
        outside = next(iter(total.outside.values()))
        figures = (
            ("lasta", _ACCOUNT[0], total.rows), ("aterkomna", _ACCOUNT[1], total.returns),
            ("raknade", _ACCOUNT[2], None if hidden else total.in_order - outside),
            ("utanfor", _ACCOUNT[3], None if hidden else outside),
            ("utan-start", _ACCOUNT[4], total.no_start), ("motstridiga", _ACCOUNT[5], total.disorder),
        )  # fmt: skip
        cells = [
            maker.cell(s, method.measure, maker.day, v, file=source.object, says=f"{gettext(what)}, {method.name}")
            for s, what, v in figures
        ]
        rows.append(n.Row(cells=(text(method.name), *cells)))
    if rows:
        note = gettext(
            "For each method the rows read and those reopened are the rows counted, those outside and those without a "
            "start date or with contradictory dates. Outside are cases of other periods, or in another state, than "
            "those that the method counts."
        )
        heads = (gettext("Measure"), *(gettext(what) for what in _ACCOUNT))
        first, *others = heads
        yield n.Table(
            id="tab-kvalitet-metoder",
            caption=text(gettext("What the methods counted and what they left out")),
            columns=(
                n.Column(id="matt", header=text(first), width=4),
                *(n.Column(id=f"k{i}", header=text(h), align="number", width=2) for i, h in enumerate(others, 1)),
            ),
            rows=tuple(rows),
            notes=(text(note),),
            source=_source(makers),
        )


def _day(value: date | None) -> InlineCell:
    return text(value.isoformat() if value else gettext("not stated"))


def _granularity(makers: Sequence[_Maker]) -> Iterator[str]:
    for maker in makers:
        for file in maker.delivery.quality:
            if file.granularity:
                words = swedish.uncapitalised(file.granularity).rstrip(".")
                yield gettext("A row of the file {file} is {granularity}.", file=file.title, granularity=words)


def _columns(maker: _Maker, file: FileQuality) -> n.Table:
    """How whole the columns of a file are."""
    knows = any(c.unknown is not None for c in file.columns)
    rows = []
    for column in file.columns:
        about, empty = f"{file.object}-{column.name}", file.rows - column.filled
        named = {"column": column.title, "file": file.title}
        figures: list[tuple[str, str, Decimal | int | None]] = [
            ("ifyllda", gettext("Filled cells of {column}, {file}", **named), _share(column.filled, file.rows)),
            ("tomma", gettext("Empty cells of {column}, {file}", **named), empty),
        ]
        cells = [maker.cell(s, about, maker.day, v, file=file.object, says=says) for s, says, v in figures]
        if knows:
            cells.append(_unknown(maker, file, column))
        rows.append(
            n.Row(cells=(text(column.title), text(gettext("yes") if column.required else gettext("no")), *cells))
        )
    headers = [gettext("Filled"), gettext("Empty, number"), *([gettext("Unknown")] if knows else [])]
    notes = [gettext("An empty cell may be right: the date of what has not happened yet is empty, for example.")]
    if knows:
        notes.append(gettext("Unknown are cells with a value that means unknown or other by the data contract."))
        notes.append(f"{_NOT_SAID} {gettext('The data contract names no such value.')}")
    return n.Table(
        id=f"tab-kvalitet-{_part(file.object)}",
        caption=text(gettext("Filled fields of the file {file}", file=file.title)),
        columns=(
            n.Column(id="uppgift", header=text(gettext("Field")), width=5),
            n.Column(id="kravs", header=text(gettext("Required on every row")), width=3),
            *(n.Column(id=f"k{i}", header=text(h), align="number", width=2) for i, h in enumerate(headers, 1)),
        ),
        rows=tuple(rows),
        notes=tuple(text(note) for note in notes),
        source=_source([maker]),
    )


def _unknown(maker: _Maker, file: FileQuality, column: ColumnQuality) -> InlineCell:
    """The share of cells that say that the value is unknown, or a point where no value says so."""
    if column.unknown is None:
        return text(_NOT_SAID)
    says = gettext("Cells of {column} that say that the value is unknown, {file}", column=column.title, file=file.title)
    share, about = _share(column.unknown, file.rows), f"{file.object}-{column.name}"
    return maker.cell("okanda", about, maker.day, share, file=file.object, says=says)


def _groups(maker: _Maker, file: FileQuality, groups: GroupQuality) -> n.Table:
    """Which values have rows in which years, and the shorter periods that lack them."""
    years, span = maker.years(), _span(maker)
    name = f"{file.object}-{groups.column}"
    total = maker.book.settings.total
    without_rows = gettext(_WITHOUT_ROWS[groups.each])

    def line(value: str, label: str, counts: Mapping[int, int], gaps: int, kind: str) -> n.Row:
        cells = [
            maker.cell(
                name, value, y, counts.get(y.start.year, 0), file=file.object, says=f"{gettext('Rows')}, {label}"
            )
            for y in years
        ]
        without = f"{name}-utan-rader"
        cells.append(maker.cell(without, value, span, gaps, file=file.object, says=f"{without_rows}, {label}"))
        return n.Row(cells=(text(label), *cells), kind="total" if kind == "total" else "body")

    by_value = {v: _per_year(groups, v) for v in groups.values}
    rows = [
        line(v, maker.book.case_type_label(v), by_value[v], sum(g.value == v for g in groups.gaps), "body")
        for v in groups.values
    ]
    whole = {y.start.year: sum(counts.get(y.start.year, 0) for counts in by_value.values()) for y in years}
    rows.append(line(total.id, total.short, whole, len(groups.gaps), "total"))
    note = gettext(
        "The rows are counted by the date in the column {column}. The last column counts whole periods alone, from "
        "{first} up to and including {last}.",
        column=groups.by_title,
        first=swedish.day(span.start),
        last=swedish.day(span.end),
    )
    caption = gettext(
        "Rows of the file {file} by {group} and year", file=file.title, group=swedish.uncapitalised(groups.title)
    )
    return n.Table(
        id=f"tab-tackning-{_part(name)}",
        caption=text(caption),
        columns=(
            n.Column(id="varde", header=text(groups.title), width=5),
            *(n.Column(id=f"k{i}", header=text(_year(y)), align="number", width=2) for i, y in enumerate(years, 1)),
            n.Column(id="utan", header=text(without_rows), align="number", width=2),
        ),
        rows=tuple(rows),
        notes=(text(note),),
        source=_source([maker]),
    )


def _span(maker: _Maker) -> Period:
    years = maker.years()
    return Period.spanning(years[0].start, years[-1].end)


def _per_year(groups: GroupQuality, value: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for (held, year, _), count in groups.counts.items():
        if held == value:
            found[year] = found.get(year, 0) + count
    return found


def _year(period: Period) -> str:
    """A year, or the months of it that there are."""
    if period.kind == "year" or (period.start.month, period.start.day) != (1, 1):
        return swedish.period_in_table(period)
    last = swedish.month(period.end)
    return gettext("January–{month}", month=last) if period.end.month > 1 else swedish.capitalised(last)


def _absences(makers: Sequence[_Maker], book: Book) -> tuple[n.Block, ...]:
    """The groups that rightly are not there, each with its reason."""
    pins = {pin.dataset: pin for pin in book.release.deliveries}
    items = [item for maker in makers for item in _stated(pins[maker.delivery.dataset], book)]
    if not items:
        return ()
    opening = n.Paragraph(content=text(gettext("These groups have no rows, and rightly so:")))
    return (opening, n.BulletList(items=tuple(items)))


def _stated(pin: DeliveryPin, book: Book) -> Iterator[tuple[n.Block, ...]]:
    for absent in pin.absent:
        label = ", ".join(_named(value, book) for value in absent.group.values())
        yield (_signed(label, absent.reason, absent.by, absent.date),)


def _named(value: str, book: Book) -> str:
    try:
        return swedish.period(Period(value))
    except ValueError:
        return book.case_type_label(value)
