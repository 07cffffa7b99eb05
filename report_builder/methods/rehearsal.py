"""Worked examples run through the engine: made into a delivery, computed, and held against the answer on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from report_builder.delivery import Delivery
from report_builder.facts import Fact, FactSet, ObsStatus, SourceFile
from report_builder.methods.clock import ROW
from report_builder.methods.compute import TOTAL, compute
from report_builder.methods.examples import Answer, CaseModel, Example, Examples
from report_builder.methods.method import CaseMethod, Method, Reported
from report_builder.problems import Problem

if TYPE_CHECKING:
    import pyarrow as pa


def failures(examples: Examples) -> Iterator[Problem]:
    """A problem for every answer on paper that the engine does not give."""
    for i, example in enumerate(examples.rows):
        facts = rehearse(example, examples)
        for j, answer in enumerate(example.answers):
            found = facts.get(answer.fact_id)
            if found is None or (found.value, found.status) != (answer.value, answer.status):
                said, paper = _said(found), _said(answer)
                message = f"{example.id}: {answer.fact_id} is {said} by the engine, but {paper} on paper."
                place = examples.file.place("examples", i, "answers", j)
                hint = "Count the example again by hand. If it is right, the method's file does not say what is meant."
                yield Problem(code="example-differs", message=message, place=place, hint=hint, value=said)


def rehearse(example: Example, examples: Examples) -> FactSet:
    """The facts that the method gives of the example's cases."""
    method, rules = examples.method, examples.method.rules
    kinds = {a.case_type for a in example.answers} | {c.case_type for c in example.cases}
    first, last = (at(a.period.end.year for a in example.answers) for at in (min, max))
    delivery = _published(example, method, rules) if isinstance(rules, Reported) else cases_of(example, examples, rules)
    years = [str(year) for year in range(first, last + 1)]
    return compute({method.measure: method}, [delivery], sorted(kinds - {TOTAL}), years, tertial=f"{last}-T3")


def _said(it: Fact | Answer | None) -> str:
    if it is None:
        return "no fact"
    value = "no value" if it.value is None else f"{it.value.normalize():f}"
    return value if it.status is ObsStatus.NORMAL else f"{value} ({it.status.value})"


def cases_of(example: Example, examples: Examples, rules: CaseMethod) -> Delivery:
    """The example's cases as the delivery that the method reads; the first case stands in row 2."""
    source = rules.source
    columns = {column: event for event, column in source.events.items()}
    rows = [
        {
            ROW: number,
            source.case_id: f"{number}",
            source.case_type: case.case_type or examples.case_type,
            **{column: case.events.get(event) for column, event in columns.items()},
        }
        for number, case in enumerate(example.model.cases, start=2)
    ]
    kinds = {source.case_id: "text", source.case_type: "text", **dict.fromkeys(columns, "day")}
    tables = {source.object: _table(rows, kinds)}
    if source.waiting is not None:
        wait = source.waiting
        kinds = {wait.case_id: "text", wait.cause: "text", wait.start: "day", wait.end: "day"}
        tables[wait.object] = _table(list(_waits(example.model.cases, tuple(kinds))), kinds)
    return _delivery(source.dataset, tables, example.model.known_until)


def _waits(cases: tuple[CaseModel, ...], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    each = ((n, wait) for n, case in enumerate(cases, start=2) for wait in case.waits)
    for number, (case, wait) in enumerate(each, start=2):
        yield {ROW: number, **dict(zip(names, (f"{case}", wait.cause, wait.start, wait.end), strict=True))}


def _published(example: Example, method: Method, rules: Reported) -> Delivery:
    source = rules.source
    fields = [name for name in type(source).model_fields if name not in {"dataset", "object"}]
    rows = [
        {ROW: number, **{getattr(source, name): getattr(row, name) for name in fields}}
        for number, row in enumerate(example.published, start=2)
    ]
    kinds = {getattr(source, name): "day" if name.startswith("period") else "text" for name in fields}
    return _delivery(source.dataset, {source.object: _table(rows, kinds)}, None)


def _delivery(dataset: str, tables: dict[str, Any], as_of: date | None) -> Delivery:
    import ibis

    return Delivery(
        dataset=dataset,
        version="exempel",
        tables={name: ibis.memtable(table) for name, table in tables.items()},
        sources={name: SourceFile(file="exempel", sha256="", rows=len(table)) for name, table in tables.items()},
        example=True,
        as_of=as_of,
    )


def _table(rows: list[dict[str, Any]], kinds: dict[str, str]) -> pa.Table:
    import pyarrow as pa

    types = {"text": pa.string(), "day": pa.date32()}
    columns = {ROW: pa.array([row[ROW] for row in rows], pa.int64())}
    return pa.table(columns | {n: pa.array([row[n] for row in rows], types[k]) for n, k in kinds.items()})
