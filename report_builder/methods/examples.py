"""Worked examples of a method version: a few cases, the answer worked out on paper, and what the engine answers.

``content/methods/<measure>/v<N>.exempel.yaml`` lies beside the version that it explains. The examples are run as tests
and printed in the report, with each case drawn as a timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import Field

from report_builder.facts.fact import ObsStatus
from report_builder.methods.load import METHODS_FOLDER
from report_builder.methods.method import Method, Reported
from report_builder.methods.timeline import Stretch, WaitingTime, counted_stretches, events_in_order
from report_builder.periods import Period
from report_builder.problems import Problem, ReportError, nearest
from report_builder.workspace.yamlfile import Model, YamlFile, read

NO_VALUE = {"saknas": ObsStatus.MISSING, "undertryckt": ObsStatus.SUPPRESSED}
"""Answers that are no number: there is nothing to tell, or too few cases to tell of."""


class WaitModel(Model):
    """A time of waiting; without ``end`` the case still waits."""

    cause: str
    start: date
    end: date | None = None


class CaseModel(Model):
    """A case: the day of each event that has happened, by the names that the method's clock uses."""

    case_type: str = ""
    events: dict[str, date] = Field(default_factory=dict)
    waits: tuple[WaitModel, ...] = ()


class PublishedModel(Model):
    """A published value as its source gives it; empty dates are a value without a period."""

    case_type: str
    statistic: str
    unit: str
    value: str
    period_start: date | None = None
    period_end: date | None = None
    definition: str = ""
    citation: str = ""
    vintage: str = ""


class AnswerModel(Model):
    """What a statistic is to be for a period: a number (text where it has decimals), ``saknas`` or ``undertryckt``."""

    statistic: str
    period: int | date | str
    answer: int | str
    case_type: str = ""
    vintage: str = ""
    status: ObsStatus | None = None


class ExampleModel(Model):
    """One example. ``known_until`` is the last day that the data covers, where that matters."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    shows: str
    cases: tuple[CaseModel, ...] = ()
    published: tuple[PublishedModel, ...] = ()
    known_until: date | None = None
    answers: tuple[AnswerModel, ...] = Field(min_length=1)


class ExamplesModel(Model):
    """The file. ``words`` names events and causes in Swedish; ``case_type`` is that of every case without one."""

    case_type: str
    words: dict[str, str] = Field(default_factory=dict)
    examples: tuple[ExampleModel, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark:
    """An event of a case: its id, its name in Swedish and its day."""

    event: str
    label: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCase:
    """A case to draw: its events by day, its waits, and the stretches that count (``timeline.counted_stretches``).

    ``left_out`` says that the case counts nowhere, because its events contradict each other.
    """

    case_type: str
    marks: tuple[EventMark, ...]
    waits: tuple[WaitingTime, ...]
    counted: tuple[Stretch, ...]
    left_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAnswer:
    """The expected answer: ``value`` in ``unit`` with ``decimals``, or ``None`` with the ``status`` that says why."""

    fact_id: str
    statistic: str
    label: str
    case_type: str
    period: Period
    value: Decimal | None
    status: ObsStatus
    unit: str
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example, in print and as a test. ``until`` is the last day that it is about: how far to draw."""

    id: str
    title: str
    shows: str
    cases: tuple[ExampleCase, ...]
    published: tuple[PublishedModel, ...]
    answers: tuple[ExpectedAnswer, ...]
    until: date
    model: ExampleModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The examples of a method version in the file's order, their usual case type, and the file for error places."""

    method: Method
    case_type: str
    rows: tuple[Example, ...]
    file: YamlFile


def examples_path(measure: str, version: str) -> str:
    """Where the examples of a version lie, from the workspace's root."""
    return f"{METHODS_FOLDER}/{measure}/{version}.exempel.yaml"


def load_examples(root: Path, method: Method) -> Examples | None:
    """The worked examples of ``method``, or ``None`` where nobody has written any.

    Raises:
        ReportError: faults of the file: events or statistics that the method does not have, answers that are neither a
            number nor a word for none, ids used twice.

    """
    name = examples_path(method.measure, method.version)
    if not (root / name).is_file():
        return None
    model, file = read(root / name, name, ExamplesModel)
    problems = list(_faults(model, method, file))
    if problems:
        raise ReportError(problems)
    rows = tuple(_example(example, model, method) for example in model.examples)
    return Examples(method=method, case_type=model.case_type, rows=rows, file=file)


def _faults(model: ExamplesModel, method: Method, file: YamlFile) -> Iterator[Problem]:
    rules = method.rules
    events = () if isinstance(rules, Reported) else tuple(rules.source.events)
    seen: set[str] = set()
    for i, example in enumerate(model.examples):
        if example.id in seen:
            message = f"The example {example.id} is duplicated."
            yield Problem(code="duplicate-id", message=message, place=file.place("examples", i, "id"))
        seen.add(example.id)
        for j, case in enumerate(example.cases):
            for event in case.events:
                if event not in events:
                    place = file.place("examples", i, "cases", j, "events", event)
                    message = f"{method.id} has no event {event}."
                    yield Problem(code="unknown-event", message=message, place=place, hint=nearest(event, events))
        for j, answer in enumerate(example.answers):
            yield from _answer_faults(answer, method, file, ("examples", i, "answers", j))


def _answer_faults(answer: AnswerModel, method: Method, file: YamlFile, at: tuple[str | int, ...]) -> Iterator[Problem]:
    if answer.statistic not in method.labels:
        message = f"{method.id} has no statistic {answer.statistic}."
        hint = nearest(answer.statistic, method.labels) or f"There: {', '.join(method.labels)}."
        yield Problem(code="unknown-statistic", message=message, place=file.place(*at, "statistic"), hint=hint)
    try:
        Period(str(answer.period))
    except ValueError as e:
        yield Problem(code="bad-value", message=f"{e}.", place=file.place(*at, "period"), value=str(answer.period))
    try:
        _value(answer)
    except InvalidOperation:
        message = f"The answer {answer.answer} is neither a number nor {' or '.join(NO_VALUE)}."
        yield Problem(code="bad-value", message=message, place=file.place(*at, "answer"), value=str(answer.answer))


def _value(answer: AnswerModel) -> Decimal | None:
    return None if answer.answer in NO_VALUE else Decimal(str(answer.answer))


def _example(example: ExampleModel, model: ExamplesModel, method: Method) -> Example:
    answers = tuple(_answer(answer, model.case_type, method) for answer in example.answers)
    days = [a.period.end for a in answers]
    days += [day for case in example.cases for day in case.events.values()]
    days += [d for case in example.cases for w in case.waits for d in (w.start, w.end) if d is not None]
    return Example(
        id=example.id,
        title=example.title,
        shows=" ".join(example.shows.split()),
        cases=tuple(_case(case, model, method) for case in example.cases),
        published=example.published,
        answers=answers,
        until=example.known_until or max(days),
        model=example,
    )


def _answer(answer: AnswerModel, case_type: str, method: Method) -> ExpectedAnswer:
    statistic = next(s for s in method.rules.statistics if s.id == answer.statistic)
    period, kind = Period(str(answer.period)), answer.case_type or case_type
    vintage = f"@{answer.vintage}" if answer.vintage else ""
    value = _value(answer)
    exponent = value.as_tuple().exponent if value is not None else 0
    return ExpectedAnswer(
        fact_id=f"{method.measure}.{statistic.id}.{kind}.{period.name}{vintage}",
        statistic=statistic.id,
        label=statistic.label,
        case_type=kind,
        period=period,
        value=value,
        status=answer.status or NO_VALUE.get(str(answer.answer), ObsStatus.NORMAL),
        unit=statistic.unit,
        decimals=max(statistic.decimals, -int(exponent) if isinstance(exponent, int) else 0),
    )


def _case(case: CaseModel, model: ExamplesModel, method: Method) -> ExampleCase:
    rules = method.rules
    words: Mapping[str, str] = model.words
    marks = [EventMark(event=e, label=words.get(e, e.capitalize()), day=d) for e, d in case.events.items()]
    excluded = () if isinstance(rules, Reported) else rules.clock.excluded_waiting
    waits = tuple(
        WaitingTime(
            cause=w.cause, label=words.get(w.cause, w.cause), start=w.start, end=w.end, counts=w.cause not in excluded
        )
        for w in case.waits
    )
    return ExampleCase(
        case_type=case.case_type or model.case_type,
        marks=tuple(sorted(marks, key=lambda m: m.day)),
        waits=waits,
        counted=() if isinstance(rules, Reported) else counted_stretches(rules, case.events, waits),
        left_out=not isinstance(rules, Reported) and not events_in_order(rules, case.events),
    )
