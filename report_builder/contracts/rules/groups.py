"""Rules on groups of rows: every value in every period, and no group far from what the delivery before said.

A missing group has no row to point at, so these rules count the groups and hold the counts against those that are
expected. A group that a delivery rightly lacks is stated in the release, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.odcs.bounds import plain
from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.odcs.custom_rules import Coverage, EachPeriod, RowCountChange
from report_builder.contracts.rules.rules import Frame, Frames, Rule, Verdict
from report_builder.contracts.words import NOTHING, Words, joined, quoted, words
from report_builder.periods import Period, containing, whole_within
from report_builder.swedish import period_in_table, signed
from report_builder.workspace.workspace import Absent

if TYPE_CHECKING:
    import ibis.expr.types as ir

Counts = Mapping[tuple[str, ...], int]
_EACH = {
    "year": words("year", context="of every"),
    "tertial": words("tertial", context="of every"),
    "quarter": words("quarter", context="of every"),
    "month": words("month", context="of every"),
}
_MOST_DETAILS = 20
NO_DAYS = words("The first and the last day that the delivery covers were not given.")


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``."""

    first: date
    last: date


def before_name(object_name: str) -> str:
    """The name that an object of the delivery before has among the frames."""
    return f"_before_{object_name}"


def coverage_rule(file: FileContract, form: Coverage, around: DeliveryContext) -> Rule:
    """Every value of a list in every period that the delivery covers, or somewhere in the file."""
    shown = file.column(form.column).header
    columns = (form.column, form.period.column) if form.period else (form.column,)
    span = Span(around.since, around.as_of) if around.since and around.as_of else None
    values = form.values
    says = words("{column} holds every one of {values}.", column=shown, values=values)
    if form.period:
        each = _EACH[form.period.each]
        says = words("{column} holds every one of {values} in every {each}.", column=shown, values=values, each=each)

    def judge(rows: Sequence[Mapping[str, Any]]) -> Verdict | None:
        counts = counted(rows, 1, form.period)
        expected = expected_groups(form, span)
        missing = [g for g in expected if g not in counts and excuse(form, g, around.absent) is None]
        return _lacking(form, shown, missing, expected) if missing else None

    return Rule(
        code="not-covered",
        object=file.name,
        columns=columns,
        needs=tuple((file.name, c) for c in columns),
        says=says,
        broken=NOTHING,
        hint=words(
            "See in the source system whether there should be rows; where there are none, state the reason under "
            "absent in release.yaml."
        ),
        missing=NO_DAYS if form.period and span is None else None,
        tally=lambda frames: tally(frames[file.name], (form.column,), form.period),
        judge=judge,
    )


def change_rule(file: FileContract, form: RowCountChange, around: DeliveryContext, comparable: bool) -> Rule:
    """No group far from the delivery before; ``comparable`` says that its file could be read by this contract."""
    days = _common(around) if form.period else None
    missing = None
    if around.earlier is None:
        missing = words("There is no delivery before this one.")
    elif not comparable:
        missing = words(
            "The file of the delivery before ({name}) cannot be read by this contract.", name=around.earlier.name
        )
    elif form.period and days is None:
        missing = NO_DAYS
    columns = (*form.by, form.period.column) if form.period else form.by
    groups = tuple(file.column(c).header for c in form.by)
    percent = plain(form.percent)
    says = words("The number of rows differs by at most {percent} per cent from the delivery before.", percent=percent)
    if groups:
        says = words(
            "The number of rows of each {group} differs by at most {percent} per cent from the delivery before.",
            group=groups,
            percent=percent,
        )

    def both(frames: Frames) -> ir.Table:
        import ibis

        now = tally(frames[file.name], form.by, form.period).mutate(before=ibis.literal(False))
        before = tally(frames[before_name(file.name)], form.by, form.period).mutate(before=ibis.literal(True))
        return now.union(before)

    return Rule(
        code="changed-since-last",
        object=file.name,
        columns=columns,
        needs=tuple((file.name, c) for c in columns),
        says=says,
        broken=NOTHING,
        hint=words("See whether the extract is whole; explain the change under accepted in release.yaml."),
        missing=missing,
        tally=both,
        judge=partial(_judge_change, form, days),
    )


def _judge_change(form: RowCountChange, span: Span | None, rows: Sequence[Mapping[str, Any]]) -> Verdict | None:
    """What is wrong with the rows of :func:`tally` for both deliveries, those before marked ``before``."""

    def side(before: bool) -> Counts:
        found = counted([row for row in rows if row["before"] is before], len(form.by), form.period)
        return {group: n for group, n in found.items() if span is None or not form.period or _lies_in(group[-1], span)}

    was, now = side(True), side(False)
    far = [g for g in {**was, **now} if _is_far(form, was.get(g, 0), now.get(g, 0))]
    return _moved(form, sorted(far), was, now) if far else None


def _lies_in(name: str, span: Span) -> bool:
    period = Period(name)
    return span.first <= period.start and period.end <= span.last


def tally(frame: Frame, columns: Sequence[str], period: EachPeriod | None) -> ir.Table:
    """The number of rows of each group, as ``k0``, ``k1`` …, ``year``, ``month`` (with ``period``) and ``count``."""
    keys = {f"k{i}": frame.text(c) for i, c in enumerate(columns)}
    if period is not None:
        day = frame.value(period.column)
        keys |= {"year": day.year().cast("int64"), "month": day.month().cast("int64")}
    if not keys:
        return frame.table.aggregate(count=frame.table.count())
    picked = frame.table.select(**keys)
    return picked.group_by(list(keys)).aggregate(count=picked.count())


def counted(rows: Sequence[Mapping[str, Any]], columns: int, period: EachPeriod | None) -> dict[tuple[str, ...], int]:
    """The rows of :func:`tally` by group: the values, and the period's name last; rows without a value are in none."""
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = [row[f"k{i}"] for i in range(columns)]
        if period is not None:
            key.append(containing(period.each, row["year"], row["month"]).name if row["year"] else None)
        if None not in key:
            group = tuple(key)
            found[group] = found.get(group, 0) + int(row["count"])
    return found


def expected_groups(form: Coverage, span: Span | None) -> tuple[tuple[str, ...], ...]:
    """Every group that a coverage rule asks for: the values, each with every period that lies whole in ``span``."""
    if form.period is None:
        return tuple((value,) for value in form.values)
    periods = whole_within(form.period.each, span.first, span.last) if span else ()
    return tuple((value, p.name) for value in form.values for p in periods)


def excuse(form: Coverage, group: tuple[str, ...], absent: Sequence[Absent]) -> Absent | None:
    """The statement that ``group`` is rightly missing, or None."""
    of = dict(zip((form.column, *([form.period.column] if form.period else [])), group, strict=True))
    for stated in absent:
        if stated.group.keys() <= of.keys() and all(_covers(said, of[column]) for column, said in stated.group.items()):
            return stated
    return None


def _covers(said: str, wanted: str) -> bool:
    """Whether ``said`` is the value itself, or a period that holds it."""
    if said == wanted:
        return True
    try:
        longer, period = Period(said), Period(wanted)
    except ValueError:
        return False
    return longer.start <= period.start and period.end <= longer.end


def _lacking(
    form: Coverage, shown: str, missing: Sequence[tuple[str, ...]], expected: Sequence[tuple[str, ...]]
) -> Verdict:
    if form.period is None:
        names = tuple(g[0] for g in missing)
        return Verdict(len(names), words("{column} nowhere holds {values}.", column=shown, values=names))
    by_value: dict[str, list[str]] = {}
    for value, period in missing:
        by_value.setdefault(value, []).append(period)
    per_value = len(expected) // len(form.values)
    return Verdict(
        len(missing),
        words(
            "{count} of {all} combinations of {column} and {each} have no row.",
            count=len(missing), all=len(expected), column=shown, each=_EACH[form.period.each],
        ),
        tuple(_cut([_gap(value, periods, per_value) for value, periods in by_value.items()])),
    )  # fmt: skip


def _gap(value: str, periods: Sequence[str], of: int) -> Words:
    if len(periods) == of:
        return words("{value}: no row at all", value=value)
    return words("{value}: {periods}", value=value, periods=tuple(named_period(p) for p in periods))


def named_period(name: str) -> Words:
    """A period, in English by its name and in Swedish as tables write it."""
    return quoted(name, period_in_table(Period(name)))


def _cut(details: Sequence[Words]) -> Iterator[Words]:
    yield from details[:_MOST_DETAILS]
    if (rest := len(details) - _MOST_DETAILS) > 0:
        yield words("and {count} more", count=rest)


def _common(around: DeliveryContext) -> Span | None:
    """The days that this delivery and the one before both tell of."""
    earlier = around.earlier
    if not (around.since and around.as_of and earlier and earlier.since and earlier.as_of):
        return None
    return Span(max(around.since, earlier.since), min(around.as_of, earlier.as_of))


def _is_far(form: RowCountChange, was: int, now: int) -> bool:
    if max(was, now) < form.least:
        return False
    return was == 0 or abs(now - was) * 100 > form.percent * was


def _moved(form: RowCountChange, far: Sequence[tuple[str, ...]], was: Counts, now: Counts) -> Verdict:
    return Verdict(
        len(far),
        words(
            "{count} group differs by more than {percent} per cent from the delivery before.",
            "{count} groups differ by more than {percent} per cent from the delivery before.",
            count=len(far), percent=plain(form.percent),
        ),
        tuple(_cut([_move(g, was.get(g, 0), now.get(g, 0), form.period) for g in far])),
    )  # fmt: skip


def _move(group: tuple[str, ...], was: int, now: int, period: EachPeriod | None) -> Words:
    names = [quoted(value) for value in group]
    if period:
        names[-1] = named_period(group[-1])
    named = joined(*names, between=", ") if names else words("the file", context="a group of rows")
    moved = words("{group}: {was} → {now} rows", group=named, was=was, now=now)
    if not was:
        return moved
    share = (Decimal(100 * (now - was)) / was).quantize(Decimal(1), ROUND_HALF_UP)
    return joined(moved, words("({share} %)", share=quoted(f"{share:+f}", signed(share))))
