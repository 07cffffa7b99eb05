"""Rules: each is a sentence for people and an Ibis expression that says which rows break it.

Nothing here knows DuckDB. A rule is counted together with all the others of its file in one aggregate; the rows that
break it are fetched only when there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from report_builder.contracts.engines.duckdb_engine import Build, Engine
from report_builder.contracts.files.sheet import ROW, Sheet, raw_name
from report_builder.contracts.odcs.bounds import Bound
from report_builder.contracts.odcs.contract import ContractColumn, FileContract, LogicalType
from report_builder.contracts.rules.cells import native, text_of, value_of
from report_builder.contracts.rules.values import read_name, with_values
from report_builder.contracts.words import Words, words
from report_builder.problems import Severity, whole

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Frame:
    """A file as rules see it: each column as a value (null if empty or not of its type) and as the text that stood."""

    sheet: Sheet
    build: Build
    read: frozenset[str] = frozenset()
    """The columns whose every cell was found to be a value of its type while the file was read."""

    @property
    def table(self) -> ir.Table:
        """The file as an expression."""
        return self.build()

    def value(self, column: str) -> ir.Column:
        """The column's values."""
        return self.table[column]

    def text(self, column: str) -> ir.StringColumn:
        """The column's text; null where the cell is empty."""
        return self.table[text_name(self.sheet.contract.column(column))]

    def filled(self, column: str) -> ir.BooleanColumn:
        """Whether the cell holds anything; where the file has types of its own, no text is made to tell."""
        cell = cell_name(self.sheet.contract.column(column))
        return (self.table[cell] if cell in self.table.columns else self.text(column)).notnull()


FIRST = "_first"
"""The column that has the number of the first row of a group."""
Frames = Mapping[str, Frame]
Failing = Callable[[Frames], "ir.BooleanColumn"]
CountQuery = Callable[[Frames], "ir.Table"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with groups of rows: how many groups, the fault as a sentence, and the groups, each in words."""

    count: int
    fault: Words
    details: tuple[Words, ...] = ()


Judge = Callable[[Sequence[Mapping[str, Any]]], Verdict | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that must hold for the rows of ``object``.

    ``columns`` are shown with the rows, the one to look at first; ``needs`` are the columns (of any object) without
    which the rule cannot be tried, ``missing`` why it cannot in any case. ``says`` is the rule, ``broken`` the fault
    without its count ("beslutad is before registrerad"), ``hint`` the way out, ``note`` the contract's own words.

    ``failing`` marks the rows at fault. A rule with ``groups`` is about values that come back instead: rows with the
    same values there belong together, and all but the first of them count; ``alike`` says that capitals do not part
    them. A rule with a ``query`` asks for a figure.
    ``bound`` is what the count or the figure must be; None is nought. A rule with a ``judge`` is about groups of rows:
    ``tally`` counts them (in a small table; none where the judge needs no row), and the judge says what is wrong with
    the counts. ``name`` is the id of the rule in its contract.
    """

    code: str
    object: str
    columns: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    says: Words
    broken: Words
    hint: Words
    note: str = ""
    severity: Severity = Severity.ERROR
    failing: Failing | None = None
    groups: tuple[str, ...] = ()
    alike: bool = False
    bound: Bound | None = None
    query: str | None = None
    missing: Words | None = None
    tally: CountQuery | None = None
    judge: Judge | None = None
    name: str = ""

    @property
    def points(self) -> bool:
        """Whether the rule points at rows: at those it marks, or at those whose values come back."""
        return self.failing is not None or bool(self.groups)

    def key(self, frames: Frames) -> ir.StringColumn:
        """What must not come back, for a rule with ``groups``."""
        frame = frames[self.object]
        key = group_key(frame, self.groups)
        texts = any(frame.sheet.contract.column(c).type is LogicalType.STRING for c in self.groups)
        return key.lower() if self.alike and texts else key

    def mark(self, frames: Frames) -> ir.BooleanColumn:
        """Whether a row is at fault, for a rule that judges rows one by one."""
        return whole(self.failing)(frames)

    def rows(self, frames: Frames) -> ir.Table:
        """The numbers of the rows at fault, in the order they are shown, for a rule that points at rows.

        Of a rule with ``groups`` these are all rows that are alike, each with the number of the first one like it.
        """
        if self.groups:
            return self._alike(frames)
        table = frames[self.object].table
        return table.select(ROW, _mark=self.mark(frames)).filter(lambda t: t._mark).order_by(ROW).select(ROW)

    def _alike(self, frames: Frames) -> ir.Table:
        """Keys whose hash comes back, which takes little memory, and of those the keys that do themselves."""
        import ibis

        keyed = frames[self.object].table.select(ROW, _key=self.key(frames)).filter(lambda t: t._key.notnull())
        keyed = keyed.mutate(_hash=keyed._key.hash())
        often = keyed.group_by("_hash").aggregate(_size=keyed.count()).filter(lambda t: t._size > 1)
        perhaps = keyed.filter(keyed._hash.isin(often._hash))
        like_it = ibis.window(group_by=perhaps._key)
        first, size = perhaps[ROW].min().over(like_it), perhaps._key.count().over(like_it)
        alike = perhaps.select(ROW, **{FIRST: first}, _size=size).filter(lambda t: t._size > 1)
        return alike.order_by(FIRST, ROW).select(ROW, FIRST)


def text_name(column: ContractColumn) -> str:
    """The name of the column's text in a frame; the text of a text is itself."""
    return column.name if column.type is LogicalType.STRING else f"_text:{column.name}"


def cell_name(column: ContractColumn) -> str:
    """The name that a cell has in a frame where the file gives it a type of its own."""
    return f"_cell:{column.name}"


def frame_of(engine: Engine, sheet: Sheet) -> Frame | None:
    """The sheet's values beside its text, seen by the engine under the object's name.

    Values are made as a rule asks for them, so that one that needs none costs none. None where nothing could be read.
    """
    if sheet.table is None:
        return None
    contract, table = sheet.contract, with_values(sheet.table, sheet.contract)
    schema = table.schema
    engine.register(raw_name(contract), table)
    shown = cache(partial(_shown, contract, schema))
    engine.show(contract.name, shown)
    read = frozenset(column.name for column in contract.columns if read_name(column) in schema.names)
    return Frame(sheet, cache(partial(_named, contract.name, shown)), read)


def _shown(contract: FileContract, schema: pa.Schema) -> ir.Table:
    """The cells of a file and what they stand for; a column that the file lacks is empty."""
    import ibis

    raw = ibis.table(ibis.Schema.from_pyarrow(schema), name=raw_name(contract))
    cells: dict[str, ir.Column] = {}
    for column in contract.columns:
        cell = raw[column.name] if column.name in raw.columns else ibis.null("string")
        cells[text_name(column)] = text = text_of(cell)
        if read_name(column) in raw.columns:
            cells[column.name] = raw[read_name(column)]
        elif cell.type().is_string():
            cells[column.name] = value_of(text, column, contract.dialect)
        else:
            cells[cell_name(column)] = cell
            cells[column.name] = native(cell, column, contract.dialect)
    return raw.select(ROW, **cells)


def _named(name: str, shown: Build) -> ir.Table:
    import ibis

    return ibis.table(shown().schema(), name=name)


def cell_rule(
    file: FileContract, column: ContractColumn, code: str, failing: Failing, says: Words, broken: Words, hint: Words
) -> Rule:
    """A rule on the cells of one column."""
    return Rule(
        code=code, object=file.name, columns=(column.name,), needs=((file.name, column.name),), says=says,
        broken=broken, hint=hint, failing=failing,
    )  # fmt: skip


def once_words(headers: tuple[str, ...]) -> tuple[Words, Words]:
    """The rule that what stands in one or several columns occurs once, and its breach."""
    if len(headers) == 1:
        return (
            words("Every value of {column} occurs once.", column=headers[0]),
            words("{column} repeats an earlier value", column=headers[0]),
        )
    return (
        words("Each combination of {columns} occurs once.", columns=headers),
        words("{columns} repeat an earlier row", columns=headers),
    )


def group_key(frame: Frame, columns: tuple[str, ...]) -> ir.StringColumn:
    """One text that stands for the values of ``columns`` together; null where all of them are empty.

    A single column that is empty is no value that can come back; among several, empty is as good a value as any.
    """
    import ibis

    if len(columns) == 1:
        return frame.text(columns[0])
    parts = [ibis.coalesce(frame.text(c), "") for c in columns]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "\x1f" + part
    some = ibis.or_(*(frame.text(c).notnull() for c in columns))
    return ibis.ifelse(some, joined, ibis.null("string"))
