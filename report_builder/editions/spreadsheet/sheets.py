"""The sheets of the data annex, known to no format: what a cell holds, and what stands above a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.facts.fact import Fact, ObsStatus

NAME_LENGTH = 31
"""Characters that a sheet's name may have in Excel."""

_WIDEST, _NARROWEST, _WORDS = 60, 12, 100
"""The width of a column in characters: of a table's columns at most and at least, and of a sheet of words."""

FLAGS: Mapping[ObsStatus, str] = {
    ObsStatus.NORMAL: msgid("Normal value."),
    ObsStatus.BREAK: msgid("Break in the series: the first value after a change of measure, method or rules."),
    ObsStatus.DEFINITION_DIFFERS: msgid("The definition differs: the value cannot be compared with later ones."),
    ObsStatus.ESTIMATED: msgid("Estimated value."),
    ObsStatus.FORECAST: msgid("Projection: neither outcome nor goal."),
    ObsStatus.MISSING: msgid("The value is missing or cannot be computed."),
    ObsStatus.PROVISIONAL: msgid("Provisional value."),
    ObsStatus.SUPPRESSED: msgid("The value is not shown, to protect a small group."),
}
"""What each flag means (SDMX code list CL_OBS_STATUS)."""

_UNITS = {
    swedish.COUNT: msgid("count"),
    swedish.DAYS: msgid("days"),
    swedish.MONTHS: msgid("months"),
    swedish.PERCENT: msgid("per cent"),
    swedish.POINTS: msgid("percentage points"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCell:
    """What a cell holds: words or a number, with the decimals that it is shown with; ``to`` is a sheet it leads to."""

    value: str | Decimal
    decimals: int = 0
    to: str = ""

    @property
    def shown(self) -> str:
        """About what the cell looks like, for its width."""
        return self.value if isinstance(self.value, str) else f"{self.value:,.{self.decimals}f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexSheet:
    """A sheet: its name, its title in the first cell, lines below it, and one table, without heads where it has none.

    ``table`` is the table's own name, unique in the book and without spaces; empty where the sheet is words alone.
    """

    name: str
    title: str
    lines: tuple[str, ...] = ()
    table: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[SheetCell, ...], ...] = ()

    @property
    def top(self) -> int:
        """The row of the heads, counted from 0."""
        return 1 + len(self.lines)

    @property
    def widths(self) -> tuple[int, ...]:
        """The width of each column in characters; words longer than that are wrapped."""
        if not self.heads:
            return (_WORDS,)
        columns = zip(self.heads, *([cell.shown for cell in row] for row in self.rows), strict=True)
        return tuple(min(_WIDEST, max(_NARROWEST, *(len(words) + 3 for words in column))) for column in columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A book of sheets, and what its file says of itself; ``created`` is the release's own day (ISO)."""

    title: str
    author: str
    language: str
    created: str
    sheets: tuple[AnnexSheet, ...]


@dataclass(slots=True)
class _Notes:
    """The notes of all tables, each numbered where it is first met."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, words: str) -> int:
        return self.numbers.setdefault(words, len(self.numbers) + 1)


def workbook(document: n.Document, facts: Mapping[str, Fact]) -> Workbook:
    """The data annex of a resolved document; ``facts`` are the report's, by id.

    A figure's data has a sheet of its own unless the report has it as a table already.
    """
    meta, notes = document.meta, _Notes()
    tables = tuple(_tables(document))
    sheets = tuple(_table(node, number, facts, notes, meta.labels) for number, node in tables)
    front = [_cover(meta, sheets), _contents(meta, sheets), _signs(sheets)]
    if notes.numbers:
        front.append(_notes(notes))
    return Workbook(
        title=f"{meta.title}. {meta.running_title}",
        author=meta.authority.name,
        language=meta.language,
        created=meta.created,
        sheets=(*front, *sheets),
    )


def _tables(document: n.Document) -> Iterator[tuple[str, n.Table]]:
    """Every table in reading order with its label, then the data of figures that stand nowhere as a table."""
    labels = document.meta.labels
    printed = [node for node in walk(document) if isinstance(node, n.Table)]
    known = {node.id for node in printed}
    yield from ((f"{labels.table} {node.number}", node) for node in printed)
    for figure in (node for node in walk(document) if isinstance(node, n.Figure)):
        if not known & {figure.data.id, f"{figure.id}-data"}:
            label = f"{labels.figure} {figure.number}"
            yield label, _of_figure(figure)


def _of_figure(figure: n.Figure) -> n.Table:
    import dataclasses

    return dataclasses.replace(figure.data, caption=figure.caption, notes=figure.notes, source=figure.source)


def _table(node: n.Table, label: str, facts: Mapping[str, Fact], notes: _Notes, labels: n.Labels) -> AnnexSheet:
    found = [[_fact(cell, facts) for cell in row.cells] for row in node.rows]
    units = _Units.of(found)
    numbered = [notes.number(" ".join(plain_text(words).split())) for words in _said_below(node)]
    lines = []
    if units.all:
        lines.append(gettext("Unit: {unit}.", unit=_unit(units.all)))
    if numbered:
        lines.append(
            gettext(
                "Notes on the sheet {sheet}: {numbers}.",
                sheet=gettext("Notes", context="sheet"),
                numbers=", ".join(map(str, numbered)),
            )
        )
    if node.source:
        lines.append(f"{labels.source}: {plain_text(node.source)}")
    columns = [*_columns(node, found, units)]
    return AnnexSheet(
        name=_sheet_name(label),
        title=f"{label}. {plain_text(node.caption)}",
        lines=(" ".join(lines),) if lines else (),
        table=_table_name(label),
        heads=tuple(_unique(head for head, _ in columns)),
        rows=tuple(zip(*(cells for _, cells in columns), strict=True)),
    )


def _said_below(node: n.Table) -> Iterator[tuple[n.Inline, ...]]:
    """The notes of a table, and the footnotes in its heads and cells."""
    yield from node.notes
    yield from (mark.content for mark in walk((node.caption, node.columns, node.rows)) if isinstance(mark, n.Footnote))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Units:
    """The units of a table: one of all numbers, or one for each column, or else one for each row."""

    all: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    rows: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Sequence[Sequence[Fact | None]]) -> _Units:
        cells = [(i, j, fact.unit) for i, row in enumerate(found) for j, fact in enumerate(row) if fact is not None]
        every = {unit for _, _, unit in cells}
        if len(every) == 1:
            return cls(all=every.pop())
        columns: dict[int, set[str]] = {}
        rows: dict[int, set[str]] = {}
        for i, j, unit in cells:
            columns.setdefault(j, set()).add(unit)
            rows.setdefault(i, set()).add(unit)
        if all(len(units) == 1 for units in columns.values()):
            return cls(columns={j: min(units) for j, units in columns.items()})
        return cls(rows={i: " · ".join(sorted(units)) for i, units in rows.items()})


def _unit(code: str) -> str:
    return " · ".join(gettext(_UNITS[part]) if part in _UNITS else part for part in code.split(" · "))


def _columns(
    node: n.Table, found: Sequence[Sequence[Fact | None]], units: _Units
) -> Iterator[tuple[str, list[SheetCell]]]:
    """Head and cells of every column; one of units and those of flags stand where they are needed."""
    groups = list(chain.from_iterable([title] * span for title, span in node.groups)) or [""] * len(node.columns)
    for j, (column, group) in enumerate(zip(node.columns, groups, strict=True)):
        head = ": ".join(part for part in (group, plain_text(column.header)) if part) or gettext("Heading")
        unit = units.columns.get(j)
        yield (
            f"{head} ({_unit(unit)})" if unit else head,
            [_cell(row.cells[j], found[i][j]) for i, row in enumerate(node.rows)],
        )
        if j == 0 and units.rows:
            blank = gettext("none")
            words = [_unit(units.rows[i]) if i in units.rows else blank for i in range(len(node.rows))]
            yield gettext("Unit"), [SheetCell(value=word) for word in words]
        flags = [_flag(row.cells[j], found[i][j]) for i, row in enumerate(node.rows)]
        if any(flag not in ("", ObsStatus.NORMAL.value) for flag in flags):
            normal = ObsStatus.NORMAL.value
            yield gettext("{column}, flag", column=head), [SheetCell(value=flag or normal) for flag in flags]


def _fact(cell: tuple[n.Inline, ...], facts: Mapping[str, Fact]) -> Fact | None:
    """The fact that a cell is, where it is one and nothing else."""
    inside = [node for node in cell if not isinstance(node, n.Footnote)]
    if len(inside) == 1 and isinstance(inside[0], n.FactValue):
        return facts.get(inside[0].fact_id)
    return None


def _cell(cell: tuple[n.Inline, ...], fact: Fact | None) -> SheetCell:
    words = " ".join(plain_text(cell).split())
    if fact is None or fact.value is None or fact.status is ObsStatus.SUPPRESSED:
        return SheetCell(value=words or "–")
    return SheetCell(value=swedish.round_half_up(fact.value, fact.decimals), decimals=fact.decimals)


def _flag(cell: tuple[n.Inline, ...], fact: Fact | None) -> str:
    """The flag that stands behind a printed value; that of a missing or protected value; else nothing."""
    if fact is None:
        return ""
    if fact.value is None or fact.status is ObsStatus.SUPPRESSED:
        return fact.status.value
    return fact.status.value if plain_text(cell).endswith(f"{swedish.NBSP}{fact.status.value}") else ""


def _unique(heads: Iterable[str]) -> Iterator[str]:
    """Heads of a marked table differ: one that is met again gets its number."""
    seen: dict[str, int] = {}
    for head in heads:
        seen[head] = seen.get(head, 0) + 1
        yield head if seen[head] == 1 else f"{head} ({seen[head]})"


def _sheet_name(label: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", label)[:NAME_LENGTH]


def _table_name(label: str) -> str:
    return re.sub(r"\W+", "_", label)


def _cover(meta: n.Meta, sheets: Sequence[AnnexSheet]) -> AnnexSheet:
    lines = [
        meta.subtitle,
        f"{meta.authority.name}, {meta.published}, {meta.authority.web}",
        *(f"{label}: {value}" for label, value in meta.imprint if value),
        *([", ".join(meta.marks)] if meta.marks else []),
        *([meta.mark_explanation] if meta.mark_explanation else []),
        gettext(
            "The book holds the report's tables and the data behind its figures, one to a sheet: {count} sheets.",
            count=len(sheets),
        ),
        gettext("Values are rounded as in the report. No cell is empty: the sheet {signs} says what each sign means.",
                signs=gettext("Signs and flags")),
        *meta.citation_advice,
    ]  # fmt: skip
    return AnnexSheet(name=gettext("Cover"), title=meta.title, lines=tuple(line for line in lines if line))


def _contents(meta: n.Meta, sheets: Sequence[AnnexSheet]) -> AnnexSheet:
    rows = tuple(
        (SheetCell(value=s.name, to=s.name), SheetCell(value=s.title.partition(". ")[2] or s.title)) for s in sheets
    )
    return AnnexSheet(
        name=meta.labels.contents, title=meta.labels.contents, table="contents",
        heads=(gettext("Sheet"), gettext("Table or figure")), rows=rows,
    )  # fmt: skip


def _signs(sheets: Sequence[AnnexSheet]) -> AnnexSheet:
    """What each sign and each flag means; flags first, in the order of the code list."""
    rows = [(status.value, gettext(words)) for status, words in FLAGS.items()]
    rows += [
        (swedish.MISSING, gettext("The value is missing or cannot be computed.")),
        (".", gettext("There can be no value here.")),
        ("x", gettext("The value is not shown, to protect a small group.")),
        ("–", gettext("The cell of a text table has nothing to say.")),
    ]
    return AnnexSheet(
        name=gettext("Signs and flags"), title=gettext("Signs and flags"), table="signs",
        heads=(gettext("Sign"), gettext("Meaning")),
        rows=tuple((SheetCell(value=a), SheetCell(value=b)) for a, b in rows),
    )  # fmt: skip


def _notes(notes: _Notes) -> AnnexSheet:
    rows = tuple((SheetCell(value=Decimal(i)), SheetCell(value=words)) for words, i in notes.numbers.items())
    name = gettext("Notes", context="sheet")
    heads = (gettext("Number"), gettext("Note", context="sheet"))
    return AnnexSheet(name=name, title=name, table="notes", heads=heads, rows=rows)
