"""Where a number comes from: from the printed figure to the fact, its method, its contract, its file and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from report_builder import pipeline
from report_builder.output.plan import read_plan
from report_builder.problems import Problem, ReportError, nearest

if TYPE_CHECKING:
    from report_builder.deliveries.delivery import Delivery
    from report_builder.document import nodes as n
    from report_builder.facts.fact import Fact, FactSet
    from report_builder.output.plan import Plan
    from report_builder.workspace.workspace import Workspace

_NARROW_SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{MINUS SIGN}": "-"})


def trace(workspace: Workspace, release_id: str, wanted: str, most_rows: int) -> Iterator[str]:
    """Lines that tell where a fact comes from; ``wanted`` is its id, or the figure as the report prints it.

    A printed figure that several facts share gives a list of them, each with its places, to choose from.

    Raises:
        ReportError: there is no such fact, or the release cannot be computed.

    """
    plan = read_plan(workspace, release_id)
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    composition = pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries))
    places = _places(composition.document)
    facts = composition.facts
    found = [wanted] if wanted in facts else _printed_as(wanted, places)
    if not found:
        hint = nearest(wanted, (f.id for f in facts)) or "List them with: report-builder facts " + release_id
        raise ReportError(
            Problem(code="unknown-fact", message=f"No fact and no printed figure is {wanted!r}.", hint=hint)
        )
    if len(found) > 1:
        yield f"{len(found)} facts are printed as {wanted!r}; trace one of them by its id:"
        for fact_id in found:
            yield f"  {fact_id}  ({'; '.join(dict.fromkeys(place for place, _ in places[fact_id]))})"
        return
    yield from _story(facts.require(found[0]), facts, places, plan, deliveries, most_rows)


def _story(
    fact: Fact,
    facts: FactSet,
    places: dict[str, list[tuple[str, str]]],
    plan: Plan,
    deliveries: Iterable[Delivery],
    most_rows: int,
) -> Iterator[str]:
    came = fact.provenance
    value = "no value" if fact.value is None else f"{fact.value.normalize():f}"
    yield f"Fact       {fact.id}"
    yield f"Value      {value} {fact.unit} (status {fact.status.value}, printed with {fact.decimals} decimals)"
    if fact.example:
        yield "           rests on EXAMPLE DATA: not an outcome"
    for place, printed in places.get(fact.id, [("not printed in the report", "")]):
        yield f"Printed    {place}" + (f": {printed}" if printed else "")
    if came.derived_from:
        yield f"Derived    from {' and '.join(came.derived_from)}"
        for source in came.derived_from:
            yield ""
            yield from _story(facts.require(source), facts, places, plan, deliveries, most_rows)
        return
    if fact.method:
        method = plan.past.method(fact.method)
        yield f"Method     {method.id}, {method.file.name}"
        yield f"           {' '.join(method.definition.split())}"
    if not came.dataset:
        yield f"Source     {came.citation}"
        return
    yield f"Contract   {came.contract}, {plan.contracts[came.dataset].file}"
    for source_file in came.sources:
        yield f"File       {source_file.file} ({source_file.rows} rows, SHA-256 {source_file.sha256})"
    if came.citation:
        yield f"Published  {came.citation}"
    yield f"Selection  {came.selection}" + (f" ({came.count} rows)" if came.count is not None else "")
    yield from _left_out(fact)
    delivery = next(d for d in deliveries if d.dataset == came.dataset)
    if fact.method:
        yield from _rows(fact, plan, delivery, most_rows)


def _left_out(fact: Fact) -> Iterator[str]:
    """How many of the rows that were read the fact does not count, and why; nothing where that is not known."""
    came = fact.provenance
    if came.left_out:
        yield f"Left out   {', '.join(f'{found.count} {found.reason}' for found in came.left_out)}"
        yield f"           of {came.candidates} rows and returns that the selection chose among"


def _rows(fact: Fact, plan: Plan, delivery: Delivery, most: int) -> Iterator[str]:
    from report_builder.methods.trace import select_rows

    found = select_rows(
        plan.past.method(fact.method), delivery, fact, [c.id for c in plan.case_types], plan.settings.total.id
    )
    if most == 0 or not found:
        return
    shown = found[:most]
    yield f"Rows       {len(found)} rows; {len(shown)} of them, numbered as a spreadsheet numbers them:"
    for row in shown:
        yield f"           {row.object} row {row.row}: {', '.join(f'{name} {text}' for name, text in row.values)}"


def _printed_as(wanted: str, places: dict[str, list[tuple[str, str]]]) -> list[str]:
    plain = wanted.translate(_NARROW_SPACES).strip()
    return [
        fact_id
        for fact_id, printed in places.items()
        if any(plain in (text := words.translate(_NARROW_SPACES), text.split(" ")[0]) for _, words in printed)
    ]


def _places(document: n.Document) -> dict[str, list[tuple[str, str]]]:
    """Fact id → every (place, printed text) in reading order."""
    from report_builder.document import nodes
    from report_builder.document.walk import plain_text, walk

    found: dict[str, list[tuple[str, str]]] = {}
    heading = ""
    for block in document.blocks:
        match block:
            case nodes.Heading():
                heading = f"{block.number} {plain_text(block.content)}".strip()
                place = heading
            case nodes.Table():
                place = f"table {block.number} {plain_text(block.caption)}"
            case nodes.Figure():
                place = f"figure {block.number} {plain_text(block.caption)}"
            case _:
                place = heading
        for node in walk(block):
            if isinstance(node, nodes.FactValue):
                found.setdefault(node.fact_id, []).append((place, node.text))
    return found
