"""What ``report-builder methods`` says: versions, what decides them, how two differ, and what a change did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from report_builder.problems import Problem, ReportError, nearest

if TYPE_CHECKING:
    from report_builder.methods.method import Method
    from report_builder.workspace.workspace import Workspace

Line = tuple[str, ...]


def listed(workspace: Workspace) -> Iterator[Line]:
    """Measure, version, valid from, fingerprint and released with, for every method version."""
    from report_builder.facts import ledger
    from report_builder.methods.fingerprint import method_fingerprint

    ledgers = [ledger.read_ledger(workspace.root, r) for r in ledger.releases_with_ledger(workspace.root)]
    for method in _all(workspace):
        released = [found.release for found in ledgers if method.id in found.methods]
        since = method.rules.valid_from.isoformat()
        yield method.measure, method.version, since, method_fingerprint(method), ", ".join(released) or "not released"


def shown(workspace: Workspace, method_id: str) -> Iterator[Line]:
    """Everything that decides the values of a version, as (field, value), after what is said about it."""
    from report_builder.methods.fingerprint import decisive, method_fingerprint

    method = _one(workspace, method_id)
    rules = method.rules
    yield "name", method.name
    yield "definition", " ".join(method.definition.split())
    yield "why", " ".join(rules.why.split())
    yield "valid from", rules.valid_from.isoformat()
    yield "decided", f"{rules.decided.isoformat()}, {rules.decided_by}, {rules.diarienummer}"
    yield "fingerprint", method_fingerprint(method)
    yield from sorted(decisive(method).items())


def differing(workspace: Workspace, old_id: str, new_id: str) -> Iterator[Line]:
    """What decides the values and differs between two versions: field, then, now; ``-`` where there is none."""
    from report_builder.methods.fingerprint import decisive

    old, new = decisive(_one(workspace, old_id)), decisive(_one(workspace, new_id))
    for field in sorted({*old, *new}):
        if old.get(field) != new.get(field):
            yield field, old.get(field, "-"), new.get(field, "-")


def rehearsed(workspace: Workspace, method_id: str) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Example, fact, the answer on paper and the engine's, for a version; and a problem where the two differ.

    Raises:
        ReportError: there is no such version, or nobody has written examples of it.

    """
    from report_builder.methods.example_runs import example_failures, rehearse, said
    from report_builder.methods.examples import examples_path, load_examples
    from report_builder.problems import Place

    method = _one(workspace, method_id)
    examples = load_examples(workspace.root, method)
    if examples is None:
        place = Place(file=examples_path(method.measure, method.version))
        message = f"{method_id} has no worked examples."
        hint = "Write ten to fifteen beside the method's file; docs/how-to.md tells how."
        raise ReportError(Problem(code="file-missing", message=message, place=place, hint=hint))
    found = rehearse(examples)
    rows = (
        (example.id, answer.fact_id, said(answer), said(found[example.id].get(answer.fact_id)))
        for example in examples.rows
        for answer in example.answers
    )
    return tuple(rows), tuple(example_failures(examples))


def bridged(workspace: Workspace, release_id: str, like: str = "") -> Iterator[Line]:
    """Fact, both versions' values, difference and per cent, for every figure that a change of method touches."""
    from report_builder import pipeline
    from report_builder.output.plan import read_plan

    plan = read_plan(workspace, release_id)
    measured = pipeline.release_facts_of(plan, pipeline.accepted(pipeline.check_deliveries(plan)))
    for bridge in measured.bridges:
        for row in bridge.rows:
            if like in row.new.id:
                values = (row.old.value, row.new.value, row.difference.value, row.percent.value)
                yield row.new.id, *("" if v is None else f"{v.normalize():f}" for v in values)


def recorded(workspace: Workspace, release_id: str) -> str:
    """Write the ledger of a release, and tell which file it is.

    Raises:
        ReportError: the release cannot be computed, or its ledger stands already and says otherwise.

    """
    from report_builder import pipeline
    from report_builder.facts import ledger
    from report_builder.methods.fingerprint import method_fingerprint
    from report_builder.output.plan import read_plan
    from report_builder.problems import Place

    plan = read_plan(workspace, release_id)
    written = pipeline.write_from(pipeline.basis_of(plan))
    prints = {m.id: method_fingerprint(m) for versions in plan.past.history.values() for m in versions}
    text = ledger.ledger_csv(written.facts, prints)
    path = ledger.ledger_path(workspace.root, release_id)
    if path.is_file() and path.read_text(encoding="utf-8") != text:
        message = f"The ledger of {release_id} is written already, and says otherwise."
        hint = "What is published is not rewritten: make the next release, and tell there what is revised."
        place = Place(file=workspace.shown(path))
        raise ReportError(Problem(code="ledger-stands", message=message, place=place, hint=hint))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return workspace.shown(path)


def _all(workspace: Workspace) -> tuple[Method, ...]:
    from report_builder.methods.change import load_history
    from report_builder.methods.load import load_methods, versions

    root = workspace.root
    measures = sorted(p.parent.name for p in (root / "content" / "methods").glob("*/v1.yaml"))
    found: list[Method] = []
    for measure in measures:
        last = load_methods(root, {measure: versions(root, measure)[-1]}, alone=True)
        found += load_history(root, last)[measure]
    return tuple(found)


def _one(workspace: Workspace, method_id: str) -> Method:
    methods = {m.id: m for m in _all(workspace)}
    if method_id not in methods:
        hint = nearest(method_id, methods) or f"There: {', '.join(methods)}."
        message = f"There is no method version {method_id}."
        raise ReportError(Problem(code="unknown-method-version", message=message, hint=hint, value=method_id))
    return methods[method_id]
