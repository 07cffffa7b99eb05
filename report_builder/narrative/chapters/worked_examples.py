"""Worked examples of a method in print: the cases as timelines, and a table of what is counted and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.document import nodes as n
from report_builder.facts.fact import ObsStatus
from report_builder.narrative.chapters.method_notes import number_of
from report_builder.narrative.charts.style import ChartStyle
from report_builder.narrative.charts.timelines import Strip, StripSpan, timelines
from report_builder.narrative.fill import plain_data as text
from report_builder.narrative.proportions import proportioned

if TYPE_CHECKING:
    from report_builder.methods.examples import Example, ExampleCase, Examples, ExpectedAnswer
    from report_builder.methods.method import Rules

_Numbered = tuple[int, "Example"]

CaseTypeName = Callable[[str], str]
"""The name of a case type as it stands in a sentence."""

_FEW = 2
"""How many cases an example may have to be drawn: one with more is about a group and not about time."""

_MOST_STRIPS = 4
"""Examples in a figure: more are parted into several, so that none needs a page of its own."""

_LEGENDS = {
    "duration": {
        "counted": msgid("Counted time"),
        "shaded": msgid("Waiting that counts"),
        "hatched": msgid("Waiting that is deducted"),
    },
    "flow": {"shaded": msgid("Waiting")},
    "stock": {
        "counted": msgid("Open case"),
        "shaded": msgid("Open, waiting"),
        "marked": msgid("Day that the answer is about"),
    },
}
_MOST_DECIMALS = 1
_NO_VALUE = {ObsStatus.MISSING: msgid("no value"), ObsStatus.SUPPRESSED: msgid("not shown")}


def blocks(examples: Examples, name: CaseTypeName, style: ChartStyle) -> tuple[n.Block, ...]:
    """The figures, where there are cases to draw, and the table of every example."""
    table = _table(examples, name)
    drawn = [(number, example) for number, example in enumerate(examples.rows, 1) if 0 < len(example.cases) <= _FEW]
    parts = _parts(drawn)
    figures = [_figure(examples, table, part, i if len(parts) > 1 else 0, style) for i, part in enumerate(parts, 1)]
    return (*figures, table)


def _parts(drawn: Sequence[_Numbered]) -> list[Sequence[_Numbered]]:
    """The examples in as few figures as have room beside text on a page, about equally many in each."""
    count = -(-len(drawn) // _MOST_STRIPS)
    edges = [round(i * len(drawn) / count) for i in range(count + 1)] if count else []
    return [drawn[start:end] for start, end in pairwise(edges)]


def _figure(examples: Examples, table: n.Table, drawn: Sequence[_Numbered], part: int, style: ChartStyle) -> n.Figure:
    method = examples.method
    rules = method.rules
    strips = [strip for number, example in drawn for strip in _strips(number, example, rules)]
    subject = _subject(examples)
    which = gettext(", examples {first}–{last}", first=drawn[0][0], last=drawn[-1][0]) if part else ""
    legend = {kind: gettext(words) for kind, words in _LEGENDS.get(rules.family, {}).items()}
    drawing = gettext("{subject}: the cases as timelines{which}", subject=subject, which=which)
    described = gettext("Timelines. {subject}{which}.", subject=subject, which=which)
    note = gettext(
        "Every timeline has a scale of its own. The number before a name is that of the example in the table."
    )
    return n.Figure(
        id=f"fig-exempel-{method.measure}{f'-{part}' if part > 1 else ''}",
        caption=_cited(drawing),
        alt=" ".join([described, *(_told(number, e, rules) for number, e in drawn)]),
        spec=timelines(strips, legend, style),
        data=_with_numbers(table),
        notes=(_cited(note),),
    )


def _subject(examples: Examples) -> str:
    method = examples.method
    return gettext(
        "Worked examples of {measure}, version {number}",
        measure=swedish.uncapitalised(method.name),
        number=number_of(method),
    )


def _table(examples: Examples, name: CaseTypeName) -> n.Table:
    method = examples.method
    rules = method.rules
    timed = rules.family == "duration"
    published = rules.family == "reported"
    columns = [("exempel", gettext("Example"))]
    columns += [("arenden", gettext("Published figure") if published else gettext("The case"))]
    columns += [("tid", gettext("Counted time"))] if timed else []
    columns += [("svar", gettext("Answer"))]
    rows = []
    for number, example in enumerate(examples.rows, 1):
        head = (*_cited(f"{number}. {example.title}. "), *_cited(example.shows))
        cells = [head, _cited(_source(example) if published else _happened(example))]
        cells += [_cited(_times(example, rules))] if timed else []
        cells += [_cited(_answers(example, examples.case_type, name))]
        rows.append(n.Row(cells=tuple(cells)))
    source = gettext(
        "The method {measure}, version {number}. The cases and values of the examples are made up.",
        measure=swedish.uncapitalised(method.name),
        number=number_of(method),
    )
    table = n.Table(
        id=f"tab-exempel-{method.measure}",
        caption=_cited(_subject(examples)),
        columns=tuple(n.Column(id=i, header=text(words)) for i, words in columns),
        rows=tuple(rows),
        source=_cited(source),
    )
    return proportioned(table)


def _with_numbers(table: n.Table) -> n.Table:
    """The table as a figure's data: its last columns hold figures."""
    import dataclasses

    columns = [dataclasses.replace(c, align="number" if i > 1 else "text") for i, c in enumerate(table.columns)]
    return dataclasses.replace(table, columns=tuple(columns))


# --- the drawing


def _strips(number: int, example: Example, rules: Rules) -> Iterator[Strip]:
    for i, case in enumerate(example.cases):
        days = _days(case, rules)
        marked = sorted({a.period.end for a in example.answers if a.period.kind == "day"})
        first = min(mark.day for mark in case.marks)
        yield Strip(
            title=f"{number}. {example.title if i == 0 else gettext('The other case')}",
            told=_counted(case, rules) if rules.family == "duration" else "",
            events=tuple((mark.label, mark.day) for mark in case.marks),
            spans=tuple(_spans(case)),
            until=example.until,
            marked=tuple(day for day in marked if day >= first),
            days=days,
        )


def _spans(case: ExampleCase) -> Iterator[StripSpan]:
    """The time that counts, and over it the waiting, cut where the case ends; waits that overlap are one."""
    for stretch in case.counted:
        yield StripSpan(kind="counted", start=stretch.start, end=stretch.end)
    days = [mark.day for mark in case.marks]
    ended = None if any(stretch.end is None for stretch in case.counted) else max(days)
    cut = sorted(((max(w.start, min(days)), _first(w.end, ended), w) for w in case.waits), key=lambda found: found[0])
    merged: list[StripSpan] = []
    for start, end, wait in cut:
        kind, label = "shaded" if wait.counts else "hatched", swedish.uncapitalised(wait.label)
        last = merged[-1] if merged else None
        if last and (last.kind, last.label) == (kind, label) and (last.end is None or start <= last.end):
            both = None if last.end is None or end is None else max(last.end, end)
            merged[-1] = StripSpan(kind=kind, start=last.start, end=both, label=label)
        elif end is None or start < end:
            merged.append(StripSpan(kind=kind, start=start, end=end, label=label))
    yield from merged


def _first(end: date | None, ended: date | None) -> date | None:
    """The earlier of the two days; ``None`` where both lie ahead."""
    known = [day for day in (end, ended) if day is not None]
    return min(known) if known else None


# --- the words


def _told(number: int, example: Example, rules: Rules) -> str:
    """One example in a sentence, for who cannot see the drawing."""
    parts = []
    for case in example.cases:
        words = _events(case)
        counted = _counted(case, rules) if rules.family == "duration" else ""
        parts.append(f"{words}, {counted}" if counted else words)
    return f"{number}. {example.title}: {'; '.join(parts)}."


def _happened(example: Example) -> str:
    if len(example.cases) > _FEW:
        return gettext("{count} cases", count=swedish.capitalised(swedish.count_word(len(example.cases))))
    return "; ".join(_events(case) for case in example.cases)


def _events(case: ExampleCase) -> str:
    """``registrerat 2024-01-10, expedierat 2024-04-02, väntan på yttrande 2024-02-01 till 2024-02-21``."""
    told = [f"{swedish.uncapitalised(mark.label)} {mark.day.isoformat()}" for mark in case.marks]
    waits: dict[str, list[str]] = {}
    for wait in case.waits:
        waits.setdefault(swedish.uncapitalised(wait.label), []).append(_from_to(wait.start, wait.end))
    return ", ".join([*told, *(f"{label} {swedish.listing(spans)}" for label, spans in waits.items())])


def _from_to(start: date, end: date | None) -> str:
    if end is None:
        return gettext("{first} onwards", first=start.isoformat())
    return gettext("{first} to {last}", first=start.isoformat(), last=end.isoformat())


def _source(example: Example) -> str:
    """The published values as they stood."""
    told = []
    for row in example.published:
        first, last = row.period_start, row.period_end
        when = gettext("no period") if first is None else first.isoformat()
        if first is not None and last is not None and last != first:
            when = _from_to(first, last)
        vintage = gettext(", published {day}", day=row.vintage) if row.vintage else ""
        told.append(f"{row.case_type}, {row.statistic}: {row.value} {row.unit} ({when}{vintage})")
    return "; ".join(told)


def _times(example: Example, rules: Rules) -> str:
    """``83 dagar``; ``181, 182 och 199 dagar`` where all cases have a time."""
    told = [_counted(case, rules) for case in example.cases]
    days = [_days(case, rules) for case in example.cases]
    if len(told) > 1 and None not in days:
        figures = [figure for figure, _, _ in (words.partition(swedish.NBSP) for words in told)]
        return f"{swedish.listing(figures)}{swedish.NBSP}{_unit(rules, 0)}"
    return swedish.listing(told)


def _counted(case: ExampleCase, rules: Rules) -> str:
    """``83 dagar``, or why there is no time."""
    if case.left_out:
        return gettext("not counted")
    days = _days(case, rules)
    if days is None:
        return gettext("not closed")
    return f"{swedish.number(days)}{swedish.NBSP}{_unit(rules, days)}"


def _unit(rules: Rules, days: int) -> str:
    return ngettext("working day", "working days", days) if _working(rules) else ngettext("day", "days", days)


def _working(rules: Rules) -> bool:
    return rules.family != "reported" and rules.clock.days == "working"


def _days(case: ExampleCase, rules: Rules) -> int | None:
    """The days that count, or ``None`` where the case is open, left out or of a measure that counts no time."""
    from datetime import timedelta

    from report_builder.methods.workdays import is_working

    if rules.family != "duration" or not case.counted:
        return None
    total = 0
    for stretch in case.counted:
        if stretch.end is None:
            return None
        length = (stretch.end - stretch.start).days
        if _working(rules):
            length = sum(is_working(stretch.start + timedelta(days=i)) for i in range(1, length + 1))
        total += length
    return total


def _answers(example: Example, usual: str, name: CaseTypeName) -> str:
    """``Mediantid 83 dagar (2024). Antal avslutade ärenden 0 (kv 1 2024) och 1 (kv 2 2024).``"""
    found: dict[str, list[str]] = {}
    for answer in example.answers:
        when = swedish.period_in_table(answer.period)
        if answer.case_type != usual and not example.published:
            when = f"{name(answer.case_type)}, {when}"
        _, _, vintage = answer.fact_id.partition("@")
        when += gettext(", by {version}", version=vintage) if vintage else ""
        found.setdefault(answer.label, []).append(f"{_answer(answer)} ({when})")
    return " ".join(f"{label}: {swedish.listing(told)}." for label, told in found.items())


def _answer(answer: ExpectedAnswer) -> str:
    if answer.value is None:
        return gettext(_NO_VALUE[answer.status])
    decimals = min(answer.decimals, _MOST_DECIMALS)
    figure = swedish.number(answer.value, decimals)
    return figure if answer.unit == swedish.COUNT else swedish.with_unit(answer.value, decimals, answer.unit, ("", ""))


def _cited(words: str) -> tuple[n.Inline, ...]:
    """Words of an example: its figures are entered with their answers in the method's own file."""
    return (n.Citation(content=(n.Text(text=words),)),)
