"""From a method's clock to Ibis expressions: when each case was opened, closed and reopened.

Everything counts at the end of a day. A case that is opened and closed on the same day is in the flows of that day
and in no stock; one that is closed and reopened on the same day is open at its end. That is why the opening stock plus
what came in and was reopened, minus what was closed, is the closing stock, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from report_builder.deliveries.delivery import Delivery
from report_builder.methods import waiting
from report_builder.methods.method import CaseMethod, Method
from report_builder.methods.timing import Source
from report_builder.problems import Problem, ReportError, nearest

if TYPE_CHECKING:
    import ibis.expr.types as ir

ROW = "_row"
UNLISTED = ""
"""Stands for every case type that is in no row of the register, where a method counts such cases in the total."""


def events(
    method: Method, rules: CaseMethod, delivery: Delivery, case_types: Sequence[str], having: int = 0
) -> ir.Table:
    """The cases of ``case_types`` with ``row``, ``case_id``, ``case_type`` and a date column per round of the clock.

    Round 0 is the case's first (``opened_0``, ``closed_0``), round 1 its first reopening, and so on. ``closed_N`` is
    null until every stop event has happened. A case without a start, or with its events out of order, is left out.
    One whose type is not among ``case_types`` is left out too, or has the type ``UNLISTED`` where the method counts
    such cases in the total.
    ``having`` takes only those that came to that round.

    Raises:
        ReportError: the dataset lacks the schema object or a column that the method names.

    """
    cases = all_cases(method, rules, delivery, having)
    listed = cases.case_type.isin(list(case_types))
    if rules.source.unlisted_case_types == "refuse":
        return cases.filter(in_order(rules, cases), listed)
    named = listed.fill_null(False).ifelse(cases.case_type, UNLISTED)
    return cases.filter(in_order(rules, cases)).mutate(case_type=named)


def out_of_order(method: Method, rules: CaseMethod, delivery: Delivery) -> tuple[int, ...]:
    """The rows of cases that are left out because their events contradict each other."""
    cases = all_cases(method, rules, delivery)
    left_out = cases.filter(~in_order(rules, cases)).select("row").order_by("row")
    return tuple(found["row"] for found in left_out.to_pyarrow().to_pylist())


def in_order(rules: CaseMethod, cases: ir.Table) -> ir.BooleanValue:
    """Whether a case has a start, and every later event neither precedes nor lacks the one it follows on."""
    import ibis

    days = [cases.opened_0, cases.closed_0]
    for i in range(1, len(rules.clock.returns) + 1):
        days += [cases[f"opened_{i}"], cases[f"closed_{i}"]]
    follows = [later.isnull() | (later >= earlier).fill_null(False) for earlier, later in pairwise(days)]
    return ibis.and_(days[0].notnull(), *follows)


def all_cases(method: Method, rules: CaseMethod, delivery: Delivery, having: int = 0) -> ir.Table:
    """Every case of the file as in :func:`events`, whatever its type and order; with ``part`` where cases are split.

    Raises:
        ReportError: the dataset lacks the schema object or a column that the method names.

    """
    require_columns(method, rules, delivery)
    source = rules.source
    table = delivery.tables[source.object]
    if having:
        table = table.filter(table[source.events[rules.clock.returns[having - 1][0].start]].notnull())
    columns = {
        "row": table[ROW],
        "case_id": table[source.case_id],
        "case_type": _in_register(table[source.case_type], source.case_types),
        "opened_0": table[source.events[rules.clock.start]],
        "closed_0": _last_of(table, [source.events[e] for e in rules.clock.stop]),
    }
    if source.split is not None:
        columns["part"] = table[source.split.column]
    for i, (again, _) in enumerate(rules.clock.returns, start=1):
        columns[f"opened_{i}"] = table[source.events[again.start]]
        columns[f"closed_{i}"] = _last_of(table, [source.events[e] for e in again.stop])
    return table.select(**columns)


def spells(rules: CaseMethod) -> tuple[tuple[int, ...], ...]:
    """The rounds that are measured together: ``((0, 1), (2,))`` where the second coming back starts the clock again."""
    found = [[0]]
    for i, (_, rule) in enumerate(rules.clock.returns, start=1):
        if rule == "restart":
            found.append([i])
        else:
            found[-1].append(i)
    return tuple(tuple(spell) for spell in found)


def case_rounds(rules: CaseMethod, cases: ir.Table, came_back: Sequence[ir.Table] = ()) -> ir.Table:
    """One row per round of each case, with ``row``, ``case_id``, ``case_type``, ``round``, ``span`` and three dates.

    ``opened`` and ``closed`` (null while open) bound the round. ``start`` is where time runs from: where the first
    round of its spell (number ``span``) opened. ``came_back`` are the cases that have each round after the first, where
    they are read by themselves: an engine that meets the same cases twice in a query may make a copy of all of them.
    """
    import ibis

    parts = []
    for span, spell in enumerate(spells(rules)):
        for i in spell:
            own = came_back[i - 1] if i and came_back else cases
            opened = own[f"opened_{i}"]
            part = own.filter(opened.notnull()) if i else own
            parts.append(
                part.select(
                    "row",
                    "case_id",
                    "case_type",
                    round=ibis.literal(i, "int8"),
                    span=ibis.literal(span, "int8"),
                    start=own[f"opened_{spell[0]}"],
                    opened=opened,
                    closed=own[f"closed_{i}"],
                )
            )
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def spans(rules: CaseMethod, cases: ir.Table) -> ir.Table:
    """One row per spell of each case: ``row``, ``case_id``, ``case_type``, ``span``, ``start``, ``stop``.

    ``stop`` is the last closing, and null while the last round of the spell is open.
    """
    import ibis

    parts = []
    for span, spell in enumerate(spells(rules)):
        start, stop = cases[f"opened_{spell[0]}"], stop_of(cases, spell)
        times = cases.select("row", "case_id", "case_type", span=ibis.literal(span, "int8"), start=start, stop=stop)
        parts.append(times.filter(times.start.notnull()) if span else times)
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def stop_of(cases: ir.Table, spell: Sequence[int]) -> ir.DateColumn:
    """When the last round of a spell was closed; null while that is open."""
    stop = cases[f"closed_{spell[0]}"]
    for i in spell[1:]:
        stop = cases[f"opened_{i}"].isnull().ifelse(stop, cases[f"closed_{i}"])
    return stop


SPAN = ("row", "span")


def timed(
    rules: CaseMethod, delivery: Delivery, cases: ir.Table, times: ir.Table, months: Sequence[int], key: Sequence[str]
) -> ir.Table:
    """``times`` with ``days`` on the clock, and ``due_M``: the last day that is at most ``M`` months after the start.

    ``times`` has ``start`` and ``stop``; ``key`` tells its rows apart.
    """
    clock = rules.clock
    due = {f"due_{m}": waiting.bound_day(clock, times.start, m).cast("date") for m in months}
    times = waiting.with_days(clock, times.mutate(**due), "start", "stop", "days")
    if not waiting.excludes(clock):
        return times
    intervals = waiting.excluded(rules, delivery, cases, times, key)
    columns = times.columns
    times = _joined(times, waiting.spent(clock, intervals, key), key)
    changes = {"days": times.days - times.spent.fill_null(0)}
    if months:
        times = _joined(times, waiting.moved_bounds(clock, intervals, months, key), key)
        changes["days"] = times.days - times.spent.fill_null(0)
        for m in months:
            later = times[f"moved_{m}"].fill_null(0).cast("int32").as_interval("D")
            changes[f"due_{m}"] = (times[f"due_{m}"] + later).cast("date")
    return times.mutate(**changes).select(*columns)


def _joined(times: ir.Table, more: ir.Table, key: Sequence[str]) -> ir.Table:
    """A left join that keeps the names of ``times``."""
    renamed = more.rename({f"its_{name}": name for name in key})
    return times.left_join(renamed, [times[name] == renamed[f"its_{name}"] for name in key])


def _last_of(table: ir.Table, columns: Sequence[str]) -> ir.DateColumn:
    """The latest of the dates, and null unless all are there."""
    import ibis

    if len(columns) == 1:
        return table[columns[0]]
    complete = ibis.and_(*(table[c].notnull() for c in columns))
    return complete.ifelse(ibis.greatest(*(table[c] for c in columns)), ibis.null("date"))


def require_columns(method: Method, rules: CaseMethod, delivery: Delivery) -> None:
    """Raise ReportError for the schema object and every column that a method names and the dataset lacks."""
    source = rules.source
    missing = list(_absent(method, delivery, source.object, _named(source), ("source",)))
    if source.waiting is not None and rules.clock.excluded_waiting:
        wait = source.waiting
        named: dict[tuple[str, ...], str] = {
            (name,): str(getattr(wait, name)) for name in ("case_id", "cause", "start", "end")
        }
        missing += _absent(method, delivery, wait.object, named, ("source", "waiting"))
    if missing:
        raise ReportError(missing)


def _named(source: Source) -> dict[tuple[str, ...], str]:
    named: dict[tuple[str, ...], str] = {("case_id",): source.case_id, ("case_type",): source.case_type}
    if source.split is not None:
        named["split", "column"] = source.split.column
    return named | {("events", event): column for event, column in source.events.items()}


def _absent(
    method: Method, delivery: Delivery, name: str, named: dict[tuple[str, ...], str], under: tuple[str, ...]
) -> Iterator[Problem]:
    """A problem for each column that the schema object ``name`` lacks, or for the object itself."""
    table = delivery.tables.get(name)
    if table is None:
        message = f"{delivery.contract} has no schema object {name}."
        hint = nearest(name, delivery.tables) or f"There: {', '.join(delivery.tables)}."
        yield Problem(code="unknown-object", message=message, place=method.file.place(*under, "object"), hint=hint)
        return
    for loc, column in named.items():
        if column not in table.columns:
            yield Problem(
                code="unknown-column",
                message=f"{delivery.contract} has no column {column} in {name}.",
                place=method.file.place(*under, *loc),
                hint=nearest(column, table.columns) or f"There: {', '.join(c for c in table.columns if c != ROW)}.",
                value=column,
            )


def _in_register(column: ir.Value, names: Mapping[str, str]) -> ir.Value:
    """The register's id for what the dataset calls a case type; a name that is not listed is an id already."""
    return column.substitute(dict(names)) if names else column
