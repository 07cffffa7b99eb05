"""Rules tried on files: all of a file's rules counted in one pass, cells fetched for the rows that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from report_builder.contracts.engines.duckdb_engine import Engine, EngineError
from report_builder.contracts.failing import first_rows, shown_columns
from report_builder.contracts.files.faults import rows_of
from report_builder.contracts.files.sheet import ROW
from report_builder.contracts.hints import value_hint
from report_builder.contracts.keys import differing_in_case, key_meant
from report_builder.contracts.odcs.bounds import plain
from report_builder.contracts.odcs.contract import Contract, ContractColumn, FileContract
from report_builder.contracts.result import NUMBERED_ROWS, FailingRow, Finding, Outcome, Status
from report_builder.contracts.rules.column_rules import UNKNOWN_REFERENCE
from report_builder.contracts.rules.personal import withheld
from report_builder.contracts.rules.rules import FIRST, Frame, Rule, Verdict
from report_builder.contracts.rules.sql import tables_read
from report_builder.contracts.words import Words, in_each, joined, words
from report_builder.problems import whole

if TYPE_CHECKING:
    import ibis.expr.types as ir

_Counts = dict[int, Any]
_Numbers = dict[int, list[int]]
_MOST_HINTS = 3


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a figure could not be had, in the words of the engine."""

    reason: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The outcome of every rule, the number of rows of every file that was read, and the frames as may be shown."""

    outcomes: tuple[Outcome, ...]
    rows: Mapping[str, int]
    frames: Mapping[str, Frame]


def evaluate(
    engine: Engine,
    contract: Contract,
    rules: Sequence[Rule],
    frames: Mapping[str, Frame],
    earlier: Mapping[str, Frame] | None = None,
) -> Evaluated:
    """Try every rule on the files that were read, keyed by object; ``earlier`` are those of the delivery before."""
    reasons = {i: reason for i, rule in enumerate(rules) if (reason := _skipped(rule, contract, frames)) is not None}
    figures: dict[int, Any] = {}
    numbers: dict[int, list[int]] = {}
    rows: dict[str, int] = {}
    for name, frame in frames.items():
        rows[name] = whole(frame.sheet.table).num_rows
        mine = {i: r for i, r in enumerate(rules) if r.object == name and i not in reasons}
        counts, firsts = _count(engine, {i: r for i, r in mine.items() if r.points}, frames)
        figures |= counts
        numbers |= firsts
        for i, rule in mine.items():
            if rule.query is not None:
                figures[i] = _answer(engine, rule.query)
            elif rule.judge is not None:
                figures[i] = _judged(engine, i, rule, {**frames, **(earlier or {})})
            elif not rule.points:
                figures[i] = rows[name]
    frames = withheld(
        frames, (rules[i] for i, figure in figures.items() if not isinstance(figure, _Failure) and figure)
    )
    failing: dict[int, tuple[FailingRow, ...]] = {}
    for name, frame in frames.items():
        broken = {
            i: rules[i]
            for i, figure in figures.items()
            if rules[i].object == name and rules[i].query is None and not _holds(rules[i], figure, rows[name])
        }
        found = {i: numbers[i] for i in broken if i in numbers}
        failing |= first_rows(engine, frame, found)
    outcomes = []
    for i, rule in enumerate(rules):
        if i in reasons:
            outcomes.append(_outcome(rule, contract, Status.SKIPPED, reason=reasons[i]))
        else:
            finding = _finding(contract, rule, figures[i], rows[rule.object], frames[rule.object], failing.get(i, ()))
            finding = finding and replace(finding, numbers=tuple(numbers.get(i, ())))
            if finding is not None and rule.code == UNKNOWN_REFERENCE:
                finding = replace(finding, hint=joined(key_meant(engine, rule, finding, frames), finding.hint))
            status = Status.PASSED if finding is None else Status.FAILED
            outcomes.append(_outcome(rule, contract, status, finding=finding))
    return Evaluated(tuple(outcomes), rows, frames)


def _skipped(rule: Rule, contract: Contract, frames: Mapping[str, Frame]) -> Words | None:
    objects = {rule.object, *(name for name, _ in rule.needs)}
    if rule.query is not None:
        objects |= {f.name for f in contract.files} & tables_read(rule.query)
    unread = sorted(objects - set(frames))
    if unread:
        return words("{names} could not be read, or was not given.", names=", ".join(unread))
    if rule.missing is not None:
        return rule.missing
    absent = [contract.object(o).column(c).header for o, c in rule.needs if c not in frames[o].sheet.present]
    if absent:
        return words("The column {header} is missing.", header=absent[0])
    return None


def _count(engine: Engine, rules: Mapping[int, Rule], frames: Mapping[str, Frame]) -> tuple[_Counts, _Numbers]:
    """The rows of a file at fault by each rule, and the first of their numbers where rows are judged one by one."""
    try:
        return _figures(engine, rules, frames)
    except EngineError:
        # One rule is at fault (a pattern that the engine does not take, say): find out which, one by one.
        counts: _Counts = {}
        numbers: _Numbers = {}
        for i, rule in rules.items():
            try:
                count, number = _figures(engine, {i: rule}, frames)
            except EngineError as e:
                counts[i] = _Failure(str(e))
            else:
                counts |= count
                numbers |= number
        return counts, numbers


def _figures(engine: Engine, rules: Mapping[int, Rule], frames: Mapping[str, Frame]) -> tuple[_Counts, _Numbers]:
    """A pass for each rule about values that come back, and one for all others together.

    Both keep the number of each row at fault, the latter with its marks.

    Marks are one bit a rule, so a file whose every row is at fault takes a few bytes a row, whatever its width.
    """
    import pyarrow.compute as pc

    counts: _Counts = {}
    numbers: _Numbers = {}
    for i, rule in rules.items():
        if rule.groups:
            alike = engine.fetch(partial(rule.rows, frames), f"alike {i}")
            counts[i] = alike.num_rows - pc.count_distinct(alike.column(FIRST)).as_py()
            numbers[i] = alike.column(ROW)[:NUMBERED_ROWS].to_pylist()
    by_row = {i: rule for i, rule in rules.items() if not rule.groups}
    if by_row:
        faulty = engine.fetch(partial(_faulty, by_row, frames), f"faulty {[*by_row]}").sort_by(ROW)
        for i in by_row:
            held = faulty.column(str(i))
            counts[i] = int(pc.sum(held, min_count=0).as_py())
            numbers[i] = faulty.column(ROW).take(pc.indices_nonzero(held)[:NUMBERED_ROWS]).to_pylist()
    return counts, numbers


def _faulty(rules: Mapping[int, Rule], frames: Mapping[str, Frame]) -> ir.Table:
    """The number of every row at fault by some rule, and for each rule whether it is by that one."""
    import ibis

    (name,) = {rule.object for rule in rules.values()}
    marked = frames[name].table.select(ROW, **{str(i): rule.mark(frames) for i, rule in rules.items()})
    return marked.filter(ibis.or_(*(marked[str(i)] for i in rules)))


def _judged(engine: Engine, i: int, rule: Rule, frames: Mapping[str, Frame]) -> Verdict | _Failure | None:
    """What the judge of a rule says of the groups that it counts; None where it finds nothing wrong."""
    judge, tally = whole(rule.judge), rule.tally
    try:
        return judge(() if tally is None else engine.fetch(partial(tally, frames), f"tally {i}").to_pylist())
    except EngineError as e:
        return _Failure(str(e))


def _answer(engine: Engine, query: str) -> Any:
    """The figure that a query gives."""
    try:
        return engine.figure(query)
    except EngineError as e:
        return _Failure(str(e))


def _outcome(
    rule: Rule, contract: Contract, status: Status, reason: Words | None = None, finding: Finding | None = None
) -> Outcome:
    file = contract.object(rule.object)
    return Outcome(
        code=rule.code,
        object=rule.object,
        headers=tuple(file.column(c).header for c in rule.columns),
        severity=rule.severity,
        rule=rule.says,
        note=rule.note,
        status=status,
        reason=reason,
        finding=finding,
    )


def _holds(rule: Rule, figure: Any, rows: int) -> bool:
    """Whether a rule holds; one that could not be run is no matter of rows, so it counts as holding here."""
    if isinstance(figure, _Failure):
        return True
    if rule.judge is not None:
        return figure is None
    return bool(figure == 0 if rule.bound is None else rule.bound.holds(rule.bound.measured(figure, rows)))


def _finding(
    contract: Contract, rule: Rule, figure: Any, rows: int, frame: Frame, failing: tuple[FailingRow, ...]
) -> Finding | None:
    if isinstance(figure, _Failure):
        return _broken(contract, rule, figure)
    if _holds(rule, figure, rows):
        return None
    if isinstance(figure, Verdict):
        return _of_groups(contract, rule, figure, frame)
    file, columns = frame.sheet.contract, shown_columns(frame)
    measured = figure if rule.bound is None else rule.bound.measured(figure, rows)
    main = file.column(rule.columns[0]) if rule.columns else None
    first = failing[1] if rule.groups and len(failing) > 1 else failing[0] if failing else None
    value = None
    if first is not None and main is not None and not main.sensitive:
        value = first.cells[columns.index(main)]
    special = None
    if main is not None:
        special = _special_hint(rule, file, main, [(r.row, r.cells[columns.index(main)]) for r in failing])
    if first is not None and rule.alike and rule.groups and main is not None and not main.sensitive:
        special = differing_in_case(failing, [columns.index(file.column(c)) for c in rule.groups])
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        object=rule.object,
        file=frame.sheet.shown,
        headers=tuple(file.column(c).header for c in rule.columns),
        rule=rule.says,
        fault=_fault(rule, figure, measured, first),
        hint=rule.hint if special is None else in_each(special, joined(special, rule.hint)),
        note=rule.note,
        row=None if first is None else first.row,
        value=value,
        count=figure if rule.columns and isinstance(figure, int) and rule.query is None else 1,
        row_headers=tuple(c.header for c in columns) if failing else (),
        rows=failing,
    )


def _special_hint(
    rule: Rule, file: FileContract, column: ContractColumn, values: Sequence[tuple[int, str | None]]
) -> Words | None:
    """What the values (row, text) at fault give away about themselves, each thing once; the first of them first."""
    if column.sensitive:
        return None
    told: dict[str, tuple[Words, int]] = {}
    for row, value in values:
        if value is not None and (hint := value_hint(rule.code, file, column, value)):
            told.setdefault(hint.en, (hint, row))
    if not told:
        return None
    few = [*told.values()][:_MOST_HINTS]
    if len(told) == 1 and len(values) == 1:
        return few[0][0]
    return joined(*(words("Row {row}: {hint}", hint=hint, row=row) for hint, row in few))


def _of_groups(contract: Contract, rule: Rule, verdict: Verdict, frame: Frame) -> Finding:
    """A finding about groups of rows: there is no row to show, but each group is told."""
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        object=rule.object,
        file=frame.sheet.shown,
        headers=tuple(contract.object(rule.object).column(c).header for c in rule.columns),
        rule=rule.says,
        fault=verdict.fault,
        hint=rule.hint,
        note=rule.note,
        count=verdict.count,
        details=verdict.details,
    )


def _fault(rule: Rule, figure: Any, measured: Any, first: FailingRow | None) -> Words:
    if rule.bound is not None:
        measured_words = plain(measured)
        if rule.bound.percent:
            measured_words = words("{figure} per cent", figure=measured_words)
        return words("{noun} is {figure}; it {must}.", noun=rule.broken, figure=measured_words, must=rule.bound.words)
    row = first.row if first else 0
    if figure == 1:
        return words("{fault} in row {row}.", fault=rule.broken, row=row)
    return words("{fault} in {rows}, first in row {row}.", fault=rule.broken, rows=rows_of(figure), row=row)


def _broken(contract: Contract, rule: Rule, failure: _Failure) -> Finding:
    return Finding(
        code="broken-rule",
        object=rule.object,
        file=contract.file,
        headers=tuple(contract.object(rule.object).column(c).header for c in rule.columns),
        rule=rule.says,
        fault=words("The rule cannot be run: {reason}", reason=failure.reason),
        hint=words("Correct the rule in the next version of the contract."),
    )
