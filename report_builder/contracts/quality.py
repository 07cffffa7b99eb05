"""How whole a delivery is that met its contract: counted for the report that is made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.engines.duckdb_engine import Engine
from report_builder.contracts.evaluate import Evaluated
from report_builder.contracts.odcs.contract import DeclaredRule, FileContract
from report_builder.contracts.odcs.custom_rules import Coverage
from report_builder.contracts.odcs.quality import LibraryRule, OwnRule
from report_builder.contracts.result import Outcome, Status
from report_builder.contracts.rules.groups import Span, excuse, expected_groups, tally
from report_builder.contracts.rules.metrics import is_missing
from report_builder.contracts.rules.rules import Frame, Rule
from report_builder.deliveries.delivery import ColumnQuality, FileQuality, Gap, GroupQuality
from report_builder.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


def qualities(
    engine: Engine, frames: Mapping[str, Frame], rules: Sequence[Rule], evaluated: Evaluated, around: DeliveryContext
) -> tuple[FileQuality, ...]:
    """The quality of every file of a delivery; ``rules`` are those that ``evaluated`` has outcomes of."""
    return tuple(
        FileQuality(
            object=name,
            title=frame.sheet.contract.title,
            granularity=frame.sheet.contract.granularity,
            rows=evaluated.rows[name],
            remarked=_remarked(engine, frames, name, rules, evaluated.outcomes),
            columns=_columns(engine, frame),
            groups=tuple(_groups(engine, frame, around)),
        )
        for name, frame in frames.items()
    )


def _remarked(
    engine: Engine, frames: Mapping[str, Frame], name: str, rules: Sequence[Rule], outcomes: Sequence[Outcome]
) -> int:
    """The rows that some broken rule points at, each once."""
    import ibis

    broken = [
        rule
        for rule, outcome in zip(rules, outcomes, strict=True)
        if rule.object == name and outcome.status is Status.FAILED
    ]
    found: set[int] = set()
    for rule in (r for r in broken if r.groups):
        found |= set(engine.fetch(partial(rule.rows, frames)).column(0).to_pylist())
    marks = [rule.mark(frames) for rule in broken if rule.failing is not None]
    if marks:
        table = frames[name].table
        found |= set(engine.fetch(lambda: table.filter(ibis.or_(*marks)).select("_row")).column(0).to_pylist())
    return len(found)


def _columns(engine: Engine, frame: Frame) -> tuple[ColumnQuality, ...]:
    """Filled and unknown cells of every column, counted in one pass."""
    contract = frame.sheet.contract
    figures: dict[str, ir.Scalar] = {}
    for i, column in enumerate(contract.columns):
        figures[f"filled{i}"] = frame.filled(column.name).sum().coalesce(0)
        if (unknown := _unknown(contract, column.name)) is not None:
            mark = is_missing(contract.name, column.name, unknown, {contract.name: frame})
            figures[f"unknown{i}"] = mark.sum().coalesce(0)
    counts = engine.fetch(lambda: frame.table.aggregate(**figures)).to_pylist()[0]
    return tuple(
        ColumnQuality(
            name=column.name,
            title=column.title or column.header,
            required=column.required,
            filled=int(counts[f"filled{i}"]),
            unknown=int(counts[f"unknown{i}"]) if f"unknown{i}" in counts else None,
        )
        for i, column in enumerate(contract.columns)
    )


def _unknown(contract: FileContract, column: str) -> tuple[str, ...] | None:
    """The values that stand for "unknown" in a column, where a rule of the contract names some."""
    named: list[str] = []
    for declared in contract.quality:
        rule = declared.rule
        if declared.column == column and isinstance(rule, LibraryRule) and rule.metric == "missingValues":
            named += [str(v) for v in rule.arguments.missing_values or () if v not in {None, ""}]
    return tuple(dict.fromkeys(named)) or None


def _groups(engine: Engine, frame: Frame, around: DeliveryContext) -> Iterator[GroupQuality]:
    contract = frame.sheet.contract
    for form in _coverages(contract.quality):
        if form.period is None or form.by or around.since is None or around.as_of is None:
            continue
        column, by = contract.column(form.column), contract.column(form.period.column)
        span = Span(around.since, around.as_of)
        rows = engine.fetch(partial(tally, frame, (form.column,), form.period)).to_pylist()
        counts = {(r["k0"], r["year"], r["month"]): int(r["count"]) for r in rows if r["k0"] and r["year"]}
        yield GroupQuality(
            column=column.name,
            title=column.title or column.header,
            by=by.name,
            by_title=by.title or by.header,
            each=form.period.each,
            values=form.values,
            counts=dict(sorted(counts.items())),
            gaps=tuple(_gaps(form, span, counts, around)),
        )


def _gaps(
    form: Coverage, span: Span, counts: Mapping[tuple[str, int, int], int], around: DeliveryContext
) -> Iterator[Gap]:
    for value, period in expected_groups(form, span):
        months = (month.start for month in Period(period).months())
        if not any((value, first.year, first.month) in counts for first in months):
            stated = excuse(form, (value, period), around.absent)
            yield Gap(value=value, period=period, stated=None if stated is None else around.absent.index(stated))


def _coverages(quality: Sequence[DeclaredRule]) -> Iterator[Coverage]:
    for declared in quality:
        if isinstance(declared.rule, OwnRule) and isinstance(declared.rule.implementation, Coverage):
            yield declared.rule.implementation
