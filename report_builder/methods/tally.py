"""Rows read, counted and left out: for every method they agree, as stock and flows do, or nothing is built.

What a method chooses among are its *candidates*: every row of its file, and besides every return that it counts by
itself (a clock that starts again in durations, a round in stocks and flows). A candidate is counted, or it lies outside
the periods, or it is left out for a reason that has a name. Candidates and those left out are counted here, in one pass
over the rows for all methods that share a source and a clock. Those counted come from the measures themselves, so that
each number is held against the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from report_builder.facts.fact import LeftOut, LeftOutReason
from report_builder.methods.clock import UNLISTED, all_cases, in_order, spells, stop_of
from report_builder.methods.fact_builder import CHOSEN, CLOSED, OPENED, Maker, Measured
from report_builder.methods.method import CaseMethod, Durations, Flows, Reported, Stocks
from report_builder.periods import Period
from report_builder.problems import Place, Problem, nearest

if TYPE_CHECKING:
    import ibis.expr.types as ir

Numbers = dict[str, Any]
"""A group of rows as the engine counted it: its values, and its numbers by name."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the rows of one case type, or of all.

    ``rows`` are those of the file, ``returns`` the candidates besides them, ``outside`` those that no period holds, by
    what is counted. ``no_start`` and ``disorder`` are rows whose dates leave no time to measure, ``unlisted`` and
    ``no_part`` candidates that may belong here, but whose case type or part nothing lists.
    """

    rows: int = 0
    returns: int = 0
    no_start: int = 0
    disorder: int = 0
    unlisted: int = 0
    no_part: int = 0
    outside: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def candidates(self) -> int:
        """What was chosen among."""
        return self.rows + self.returns + self.unlisted + self.no_part

    @property
    def in_order(self) -> int:
        """The candidates that have a time."""
        return self.rows + self.returns - self.no_start - self.disorder

    def left_out(self, count: int) -> tuple[LeftOut, ...]:
        """Why the candidates that ``count`` does not hold were left out; with it they make up the candidates."""
        found: tuple[tuple[LeftOutReason, int], ...] = (
            ("outside", self.in_order - count), ("no-start", self.no_start), ("disorder", self.disorder),
            ("unlisted-case-type", self.unlisted), ("unlisted-part", self.no_part),
        )  # fmt: skip
        return tuple(LeftOut(reason=reason, count=n) for reason, n in found if n)

    def add(self, other: Tally) -> None:
        """Count the rows of ``other`` too."""
        for name in ("rows", "returns", "no_start", "disorder", "unlisted", "no_part"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for what, n in other.outside.items():
            self.outside[what] += n


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTally:
    """The tallies of one method by case type, the total among them: of all cases, and of each part of them.

    ``unlisted`` and ``no_part`` hold the values of case type and part that nothing lists, with the number of rows and
    the first of them; an empty cell is ``None``.
    """

    whole: Mapping[str, Tally]
    parts: Mapping[str, Mapping[str, Tally]]
    unlisted: Mapping[str | None, tuple[int, int]]
    no_part: Mapping[str | None, tuple[int, int]]

    def of(self, part: str) -> Mapping[str, Tally]:
        """The tallies of a part by its id; of all cases where that is empty."""
        return self.parts[part] if part else self.whole


CaseMaker = tuple[Maker, CaseMethod]
"""A maker with the rules of its method, which counts cases."""


def take_tallies(makers: Iterable[Maker]) -> dict[str, MethodTally]:
    """The tally of each method of cases, by measure; one pass over the rows serves all that share source and clock.

    Raises:
        ReportError: the dataset lacks the schema object or a column that a method names.

    """
    alike: dict[tuple[str, str], list[CaseMaker]] = defaultdict(list)
    for maker in makers:
        rules = maker.method.rules
        if isinstance(rules, Durations | Stocks | Flows):
            alike[_source_and_clock(rules)].append((maker, rules))
    found: dict[str, MethodTally] = {}
    for group in alike.values():
        rows = _rows(group)
        for i, (maker, rules) in enumerate(group):
            found[maker.method.measure] = _method_tally(maker, rules, rows, i)
    return found


def _source_and_clock(rules: CaseMethod) -> tuple[str, str]:
    """What decides the candidates: the columns that are read and the rounds that they make."""
    rounds = {"start", "stop", "reopenings", "reopening", "remittal", "appeal"}
    return rules.source.model_dump_json(exclude={"waiting"}), rules.clock.model_dump_json(include=rounds)


def _rows(makers: Sequence[CaseMaker]) -> list[Numbers]:
    """Numbers of rows by raw case type and raw part; what each method counts apart has the method's place behind it."""
    import ibis

    maker, rules = makers[0]
    cases = all_cases(maker.method, rules, maker.delivery)
    ok = in_order(rules, cases)
    wanted = {
        "rows": cases.count(),
        "first": cases.row.min(),
        "no_start": cases.opened_0.isnull().sum(),
        "ok": ok.sum(),
    }
    for i, (maker, rules) in enumerate(makers):
        for what, choices in _choices(maker, rules, cases).items():
            returns = [_number(present, ok) for present, _ in choices[1:]]
            outside = [_number(present & ~inside.fill_null(False), ok) for present, inside in choices]
            wanted[f"returns_{i}"] = sum(returns, start=ibis.literal(0, "int64"))
            wanted[f"{what}_{i}"] = sum(outside, start=ibis.literal(0, "int64"))
    keys = ["case_type", "part"] if rules.source.split is not None else ["case_type"]
    rows: list[Numbers] = cases.group_by(keys).agg(**wanted).to_pyarrow().to_pylist()
    return rows


def _number(condition: ir.BooleanValue, ok: ir.BooleanValue) -> ir.IntegerValue:
    return condition.sum(where=ok).fill_null(0)


Choice = tuple["ir.BooleanValue", "ir.BooleanValue"]
"""Whether a row has a candidate, and whether that is counted."""


def _choices(maker: Maker, rules: CaseMethod, cases: ir.Table) -> dict[str, list[Choice]]:
    """The candidates of a row for each thing that the method counts, that of the row itself first.

    Empty where the data ends before anything can be counted.
    """
    rounds = [(cases[f"opened_{i}"], cases[f"closed_{i}"]) for i in range(1 + len(rules.clock.returns))]
    spans = [(cases[f"opened_{spell[0]}"], stop_of(cases, spell)) for spell in spells(rules)]
    if isinstance(rules, Flows):
        return {
            OPENED: [(opened.notnull(), _within(maker, opened)) for opened, _ in rounds],
            CLOSED: [(opened.notnull(), _within(maker, closed)) for opened, closed in rounds],
        }
    if isinstance(rules, Stocks):
        day = maker.scope.month_ends[-1].end
        return {CHOSEN: [(opened.notnull(), _open_on(opened, closed, day)) for opened, closed in rounds]}
    return _duration_choices(maker, rules, rounds, spans)


def _duration_choices(
    maker: Maker,
    rules: Durations,
    rounds: Sequence[tuple[ir.DateColumn, ir.DateColumn]],
    spans: Sequence[tuple[ir.DateColumn, ir.DateColumn]],
) -> dict[str, list[Choice]]:
    if rules.population == "closed-in-period":
        return {CHOSEN: [(start.notnull(), _within(maker, stop)) for start, stop in spans]}
    if rules.population == "registered-in-period":
        return {CHOSEN: [(s.notnull(), _within(maker, s) & (s <= maker.known_until)) for s, _ in spans]}
    periods = maker.known_quarters if rules.population == "open-at-end" else maker.followed
    if not periods:
        return {}
    last = periods[-1]
    if rules.population == "open-at-end":
        return {CHOSEN: [(opened.notnull(), _open_on(opened, closed, last.end)) for opened, closed in rounds]}
    seen = [(s.notnull(), (s <= last.end) & (stop.isnull() | (stop >= last.start))) for s, stop in spans]
    return {CHOSEN: seen}


def _within(maker: Maker, day: ir.DateColumn) -> ir.BooleanValue:
    """Whether a day lies in one of the scope's periods."""
    import ibis

    first, *more = _joined_periods(maker.scope.apart)
    inside = (day >= first[0]) & (day <= first[1])
    return ibis.or_(inside, *((day >= start) & (day <= end) for start, end in more))


def _joined_periods(periods: Sequence[Period]) -> list[tuple[date, date]]:
    """First and last day of each unbroken stretch of periods."""
    found: list[tuple[date, date]] = []
    for period in sorted(periods, key=lambda p: p.start):
        if found and period.start <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], period.end))
        else:
            found.append((period.start, period.end))
    return found


def _open_on(opened: ir.DateColumn, closed: ir.DateColumn, day: date) -> ir.BooleanValue:
    return (opened <= day) & (closed.isnull() | (closed > day))


def _method_tally(maker: Maker, rules: CaseMethod, rows: Sequence[Numbers], i: int) -> MethodTally:
    """The numbers of the rows by the case types of the scope and the parts of the method; ``i`` is its place."""
    types, total = set(maker.scope.case_types), maker.scope.total
    parts = {part.source_name: part.id for part in maker.method.parts}
    cells: dict[tuple[str, str], Tally] = defaultdict(Tally)
    unlisted: dict[str | None, tuple[int, int]] = {}
    no_part: dict[str | None, tuple[int, int]] = {}
    for row in rows:
        case_type = row["case_type"] if row["case_type"] in types else UNLISTED
        part = parts.get(row.get("part") or "", UNLISTED)
        cells[case_type, part].add(_read(row, i))
        for known, values, name in ((case_type, unlisted, "case_type"), (part, no_part, "part")):
            if known == UNLISTED and (name != "part" or parts):
                n, first = values.get(row[name], (0, row["first"]))
                values[row[name]] = (n + row["rows"], min(first, row["first"]))
    whole = _by_type(cells, ("", *parts.values()), maker, rules, total)
    each = {}
    for part in parts.values():
        each[part] = _by_type(cells, (part,), maker, rules, total)
        for case_type, other in _by_type(cells, ("",), maker, rules, total).items():
            each[part][case_type].no_part = other.rows + other.returns
    return MethodTally(whole=whole, parts=each, unlisted=unlisted, no_part=no_part)


def _read(row: Numbers, i: int) -> Tally:
    """The numbers of one group of rows as the method in place ``i`` has them."""
    disorder = row["rows"] - row["no_start"] - row["ok"]
    tally = Tally(rows=row["rows"], returns=row.get(f"returns_{i}", 0), no_start=row["no_start"], disorder=disorder)
    tally.outside.update({w: row[f"{w}_{i}"] for w in (CHOSEN, OPENED, CLOSED) if f"{w}_{i}" in row})
    return tally


def _by_type(
    cells: Mapping[tuple[str, str], Tally], parts: Sequence[str], maker: Maker, rules: CaseMethod, total: str
) -> dict[str, Tally]:
    """A tally for each case type and the total, of the rows of these parts together."""
    found = {case_type: Tally() for case_type in (*maker.scope.counted_types, total)}
    for (case_type, part), tally in cells.items():
        if part in parts:
            found[case_type].add(tally)
            found[total].add(tally)
    other = found.pop(UNLISTED)
    if rules.source.unlisted_case_types == "in-total":
        for case_type in maker.scope.case_types:
            found[case_type].unlisted = other.rows + other.returns
    return found


def accounting_problems(
    maker: Maker, measured: Measured, tally: Mapping[str, Tally], part: str = ""
) -> Iterator[Problem]:
    """A problem for each case type where what a method counted is not what was read less what was left out."""
    for (what, case_type), counted in sorted(measured.counted.items()):
        found = tally[case_type]
        if counted + found.outside[what] != found.in_order:
            of = f"{case_type}, {part}" if part else case_type
            left = found.no_start + found.disorder
            message = (
                f"{maker.method.id}, {of}: {found.rows} rows and {found.returns} returns were read, {counted} are "
                f"counted ({what}), {found.outside[what]} lie outside the periods and {left} are left out: that does "
                "not add up."
            )
            hint = "This is a fault of the program: report it, with the method's file and the first rows of the data."
            place = maker.method.file.place("population")
            yield Problem(code="rows-not-accounted-for", message=message, place=place, hint=hint, value=str(counted))


def unlisted_problems(maker: Maker, tally: MethodTally) -> Iterator[Problem]:
    """A problem for each case type of the delivery that the register lacks, where the method does not allow for it."""
    rules = maker.method.rules
    if isinstance(rules, Reported) or rules.source.unlisted_case_types == "in-total":
        return
    source = rules.source
    for value, (count, first) in sorted(tally.unlisted.items(), key=lambda item: item[1][1]):
        named = "no case type" if value is None else f"the case type {value}"
        message = f"{count} case(s) have {named}, which is in no row of the register: no figure would count them."
        like = nearest(value or "", maker.scope.case_types)
        hint = (
            f"{like} Correct the delivery, or map the name under source.case_types in {maker.method.file.name}, or add "
            "a row to the register of case types, or write unlisted_case_types: in-total under source: then such cases "
            "are counted in the total alone, and the report says how many they are."
        )
        place = Place(file=maker.delivery.sources[source.object].file, row=first, column=source.case_type)
        yield Problem(
            code="unlisted-case-type", message=message, place=place, hint=hint.strip(), value=value, count=count
        )
