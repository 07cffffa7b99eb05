"""Worked examples run through the engine: made into a delivery, computed, and held against the answer on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact, FactSet, ObsStatus, SourceFile
from report_builder.methods.clock import ROW
from report_builder.methods.compute import TOTAL, compute
from report_builder.methods.examples import CaseModel, Example, Examples, ExpectedAnswer
from report_builder.methods.method import CaseMethod, Method, Reported
from report_builder.problems import Problem

if TYPE_CHECKING:
    import pyarrow as pa


def example_failures(examples: Examples) -> Iterator[Problem]:
    """A problem for every answer on paper that the engine does not give."""
    found = rehearse(examples)
    for i, example in enumerate(examples.rows):
        for j, answer in enumerate(example.answers):
            fact = found[example.id].get(answer.fact_id)
            if fact is None or (fact.value, fact.status) != (answer.value, answer.status):
                engine = said(fact)
                message = f"{example.id}: {answer.fact_id} is {engine} by the engine, but {said(answer)} on paper."
                place = examples.file.place("examples", i, "answers", j)
                hint = "Count the example again by hand. If it is right, the method's file does not say what is meant."
                yield Problem(code="example-differs", message=message, place=place, hint=hint, value=engine)


def rehearse(examples: Examples) -> dict[str, dict[str, Fact]]:
    """The facts that the method gives of each example's cases, by the example's id and the fact's own.

    Examples that say nothing of a total are computed together, each with case types of its own.
    """
    found: dict[str, dict[str, Fact]] = {}
    together = [e for e in examples.rows if not e.published and not _needs_its_own(e)]
    for group in [together, *([e] for e in examples.rows if e not in together)]:
        marks = {e.id: f"{e.id}:" if len(group) > 1 else "" for e in group}
        facts = list(_computed(group, examples, marks)) if group else []
        for example in group:
            mark = f".{marks[example.id]}"
            named = ((f.id.replace(mark, ".", 1), f) for f in facts if mark in f.id)
            found[example.id] = dict(named)
    return found


def _needs_its_own(example: Example) -> bool:
    return example.model.known_until is not None or any(a.case_type == TOTAL for a in example.answers)


def _computed(group: Sequence[Example], examples: Examples, marks: Mapping[str, str]) -> FactSet:
    method, rules = examples.method, examples.method.rules
    answers = [answer for example in group for answer in example.answers]
    kinds = {marks[e.id] + a.case_type for e in group for a in e.answers} - {TOTAL}
    kinds |= {marks[e.id] + c.case_type for e in group for c in e.cases}
    first, last = (at(a.period.end.year for a in answers) for at in (min, max))
    if isinstance(rules, Reported):
        delivery = _published(group[0], method, rules)
    else:
        rows = [_marked(case, examples, marks[e.id]) for e in group for case in e.model.cases]
        delivery = cases_of(rows, rules, group[0].model.known_until)
    years = [str(year) for year in range(first, last + 1)]
    return compute({method.measure: method}, [delivery], sorted(kinds), years, tertial=f"{last}-T3")


def _marked(case: CaseModel, examples: Examples, mark: str) -> CaseModel:
    return case.model_copy(update={"case_type": mark + (case.case_type or examples.case_type)})


def said(it: Fact | ExpectedAnswer | None) -> str:
    """The value as text, with its status where that is not the normal one."""
    if it is None:
        return "no fact"
    value = "no value" if it.value is None else f"{it.value.normalize():f}"
    return value if it.status is ObsStatus.NORMAL else f"{value} ({it.status.value})"


def cases_of(cases: Sequence[CaseModel], rules: CaseMethod, as_of: date | None) -> Delivery:
    """Cases as the delivery that the method reads; the first stands in row 2. Each must name its case type."""
    source = rules.source
    columns = {column: event for event, column in source.events.items()}
    rows = [
        {
            ROW: number,
            source.case_id: f"{number}",
            source.case_type: case.case_type,
            **{column: case.events.get(event) for column, event in columns.items()},
        }
        for number, case in enumerate(cases, start=2)
    ]
    kinds = {source.case_id: "text", source.case_type: "text", **dict.fromkeys(columns, "day")}
    tables = {source.object: _table(rows, kinds)}
    if source.waiting is not None:
        wait = source.waiting
        kinds = {wait.case_id: "text", wait.cause: "text", wait.start: "day", wait.end: "day"}
        tables[wait.object] = _table(list(_waits(cases, tuple(kinds))), kinds)
    return _delivery(source.dataset, tables, as_of)


def _waits(cases: Sequence[CaseModel], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
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
