"""Declared tables into nodes: facts at the crossings of two axes, registers as they stand, a figure's data."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.facts.fact import WHOLE, Fact, ObsStatus
from report_builder.narrative.axes import Step, steps
from report_builder.narrative.book import SUPPRESSED, Book, Coordinates
from report_builder.narrative.fill import filled_wording
from report_builder.narrative.fill import plain_data as text
from report_builder.narrative.proportions import fits_upright, proportioned
from report_builder.narrative.template import TableModel
from report_builder.problems import Problem, ReportError

_MARKS = {
    ObsStatus.BREAK: msgid(
        "Break in series. The value is about other cases, or counted in another way, than the one before it."
    ),
    ObsStatus.DEFINITION_DIFFERS: msgid("Another definition than the one in force."),
    ObsStatus.ESTIMATED: msgid(
        "Estimated value: carried over from another method, or reckoned while some cases have not ended."
    ),
    ObsStatus.PROVISIONAL: msgid("Provisional value: what was delivered is expected to be corrected."),
    ObsStatus.FORECAST: msgid("Projection: what happens if nothing changes, as computed; neither outcome nor goal."),
}
AFTER = msgid("The method has changed. The values must not be compared with those in reports from before the change.")
"""Said where values stand whose method has changed: the table itself has one method, and older reports another."""

_GAP = "."
"""Printed where there can be no value: another sign than that of a value which is missing."""

_WIDE_FROM = 8
"""A table of more columns than this is turned to a landscape page, if it has to be."""


def fact_table(
    model: TableModel,
    book: Book,
    under: Coordinates,
    *,
    table_id: str,
    caption: tuple[n.Inline, ...],
    notes: Sequence[tuple[n.Inline, ...]],
    source: tuple[n.Inline, ...],
    starred: Sequence[tuple[str, tuple[n.Inline, ...]]] = (),
) -> n.Table:
    """The table that ``model`` declares, with what its axes leave open taken from ``under``.

    ``starred`` are the notes of rows and columns: as they are declared, and as they are printed.

    Raises:
        ReportError: every crossing where no fact lies, all at once, unless the table allows gaps.

    """
    columns, rows = steps(model.columns, book), steps(model.rows, book)
    grid = _grid(rows, columns, book, under, gaps=model.gaps)
    explained = [
        *legend(grid.facts),
        *([gettext(AFTER)] if _recomputed(grid.facts, book) else []),
        *fitted_note(grid.facts, book),
        *whole_note(grid.facts),
        *([f"{_GAP} {gettext('There can be no value.')}"] if grid.gaps else []),
    ]
    stars = {declared: "*" * i for i, (declared, _) in enumerate(starred, 1)}
    below = [(n.Text(text=f"{stars[declared]} "), *words) for declared, words in starred]
    header = n.Column(id="rubrik", header=text(model.corner), width=_label_weight([r.label for r in rows]))
    return n.Table(
        id=table_id,
        caption=caption,
        columns=(
            header,
            *(n.Column(id=f"k{i}", header=_label(c, stars), align="number", width=2) for i, c in enumerate(columns, 1)),
        ),
        rows=tuple(
            n.Row(cells=(_label(step, stars), *line), kind="total" if step.total else "body")
            for step, line in zip(rows, grid.cells(book), strict=True)
        ),
        groups=_groups(columns),
        notes=(*notes, *below, *(text(note) for note in explained)),
        source=source,
        wide=model.wide,
    )


def _label(step: Step, stars: Mapping[str, str]) -> tuple[n.Inline, ...]:
    star = stars.get(step.note, "")
    return (*text(step.label), n.Text(text=star)) if star else text(step.label)


def _groups(columns: Sequence[Step]) -> tuple[tuple[str, int], ...]:
    """The first of two header rows, over the row labels' own column too; empty where no column has a group."""
    if not any(column.group for column in columns):
        return ()
    runs = [(name, len(list(run))) for name, run in itertools.groupby(columns, key=lambda c: c.group)]
    return (("", 1), *runs)


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """The facts row by row, each with whether it has a sign; ``None`` where a gap is allowed and no fact lies."""

    rows: tuple[tuple[tuple[Fact, bool] | None, ...], ...]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(cell[0] for row in self.rows for cell in row if cell is not None)

    @property
    def gaps(self) -> bool:
        return any(cell is None for row in self.rows for cell in row)

    def cells(self, book: Book) -> Iterator[tuple[tuple[n.Inline, ...], ...]]:
        """The printed cells, row by row."""
        for row in self.rows:
            yield tuple((n.Text(text=_GAP),) if cell is None else (book.cell(cell[0], signed=cell[1]),) for cell in row)


def _grid(rows: Sequence[Step], columns: Sequence[Step], book: Book, under: Coordinates, *, gaps: bool) -> _Grid:
    """The facts at the crossings; raises ReportError with every crossing where none lies and no gap is allowed."""
    found: list[tuple[tuple[Fact, bool] | None, ...]] = []
    problems: list[Problem] = []
    for row in rows:
        line: list[tuple[Fact, bool] | None] = []
        for column in columns:
            at = row.at.over(column.at).over(under)
            if gaps and book.find(at) is None:
                line.append(None)
                continue
            try:
                line.append((book.fact(at), at.change is not None or row.signed or column.signed))
            except ReportError as e:
                problems += e.problems
        found.append(tuple(line))
    if problems:
        raise ReportError(problems)
    return _Grid(rows=tuple(found))


def _recomputed(facts: Sequence[Fact], book: Book) -> bool:
    """Whether the method of some values has changed, and the table itself has no break that says so."""
    return any(f.measure in book.changed for f in facts) and not any(f.status is ObsStatus.BREAK for f in facts)


def whole_note(facts: Sequence[Fact]) -> Iterator[str]:
    """What a reader is told where a change is that of a case type with all that it came from or became."""
    if any(f.value is not None and any(name.endswith(WHOLE) for name in f.provenance.derived_from) for f in facts):
        yield gettext("A {case_type} that was split, merged or renamed is compared as a whole, its parts added.",
                      case_type=gettext("case type"))  # fmt: skip


def fitted_note(facts: Sequence[Fact], book: Book) -> Iterator[str]:
    """What a reader is told where shares are rounded so that they sum to 100."""
    if any(f.value is not None and f"{f.measure}.{f.statistic}" in book.fitted for f in facts):
        yield gettext("The shares are rounded so that together they are 100 per cent.")


def legend(facts: Sequence[Fact]) -> Iterator[str]:
    """The notes that explain the signs which stand in a table."""
    if any(f.value is None and f.status is not ObsStatus.SUPPRESSED for f in facts):
        yield f"{swedish.MISSING} {gettext('There is no value, or it cannot be computed.')}"
    if any(f.status is ObsStatus.SUPPRESSED for f in facts):
        why = gettext("The value is not shown, because the group is too small or to protect another group.")
        yield f"{SUPPRESSED} {why}"
    marked = {f.status for f in facts if f.value is not None and "~" not in f.id}
    yield from (f"{status.value} {gettext(words)}" for status, words in _MARKS.items() if status in marked)


def _label_weight(labels: Sequence[str]) -> int:
    """A column of words gets room by its longest word run, between the width of two and of six number columns."""
    longest = max((len(label) for label in labels), default=0)
    return min(12, max(4, longest // 5))


def as_example(words: str, marked: bool) -> str:
    """Words that name something made up, called an example where they stand."""
    return gettext("{words} (example)", words=words) if marked else words


def register_table(
    rows: Sequence[dict[str, Any]],
    columns: Sequence[tuple[str, str]],
    *,
    table_id: str,
    caption: tuple[n.Inline, ...],
    source: tuple[n.Inline, ...],
    book: Book,
) -> n.Table:
    """A register as a table: ``columns`` are (field, header) pairs; case-type ids are shown by their short names.

    A row with ``example`` is called one where it stands, or in a note where all rows are.

    Raises:
        ReportError: a column names a field that no row has.

    """
    known = {field for row in rows for field in row}
    missing = [field for field, _ in columns if field not in known]
    if missing and rows:
        message = f"The register has no field {', '.join(missing)}."
        raise ReportError(
            Problem(code="unknown-column", message=message, hint=f"Its fields are {', '.join(sorted(known))}.")
        )
    shown = [[_field(row.get(field, ""), field, book) for field, _ in columns] for row in rows]
    made_up = [bool(row.get("example")) for row in rows]
    everything = bool(rows) and all(made_up)
    if not everything:
        shown = [[as_example(line[0], marked), *line[1:]] for line, marked in zip(shown, made_up, strict=True)]
    table = n.Table(
        id=table_id,
        caption=caption,
        columns=tuple(n.Column(id=field, header=text(header)) for field, header in columns),
        rows=tuple(n.Row(cells=tuple(text(cell) for cell in line)) for line in shown),
        notes=(text(gettext("All rows are examples.")),) if everything else (),
        source=source,
    )
    return proportioned(table)


def _field(value: object, field: str, book: Book) -> str:
    from datetime import date

    if isinstance(value, list):
        words = [_field(v, field, book) for v in value]
        if field == book.settings.case_type_register:  # the names stand in a sentence after the first one
            words[1:] = [book.case_type_in_text(str(v)) for v in value[1:]]
        return swedish.listing(words)
    if isinstance(value, date):
        return value.isoformat()
    word = str(value)
    label = book.case_type_label(word)
    return label if field == book.settings.case_type_register else word


def data_table(figure: n.Figure) -> n.Table:
    """A figure's data as it is printed in an appendix, with a reference back to the figure."""
    import dataclasses

    wide = len(figure.data.columns) > _WIDE_FROM and not fits_upright(figure.data)
    caption: tuple[n.Inline, ...] = (
        *filled_wording(gettext("Data of {figure}: "), figure=n.CrossRef(target=figure.id)),
        *(i for i in figure.caption if not isinstance(i, n.Footnote)),
    )
    return dataclasses.replace(figure.data, id=f"{figure.id}-data", caption=caption, source=figure.source, wide=wide)
