"""Reading the method versions that a release pins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from report_builder import swedish
from report_builder.methods.method import (
    FAMILIES,
    KM_KINDS,
    SHIFTS,
    CaseMethod,
    Durations,
    DurationStatistic,
    Flows,
    Method,
    Reported,
    Rules,
    Stocks,
    StockStatistic,
)
from report_builder.problems import Place, Problem, ReportError, nearest, raise_errors
from report_builder.workspace.yamlfile import YamlFile, parse, read

METHODS_FOLDER = "content/methods"
"""Where method versions lie: ``<measure>/v<N>.yaml``, and beside it its explanation and its worked examples."""


def load_methods(workspace_root: Path, pins: Mapping[str, str], *, alone: bool = False) -> dict[str, Method]:
    """The pinned version of each measure, by measure; ``alone`` when it is not read to be computed with the others.

    Raises:
        ReportError: every measure or version that does not exist and every fault of a method's file.

    """
    methods: dict[str, Method] = {}
    problems: list[Problem] = []
    for measure, version in sorted(pins.items()):
        try:
            methods[measure] = _load(workspace_root, measure, version)
        except ReportError as e:
            problems += e.problems
    raise_errors(problems if problems or alone else _identity_faults(methods))
    return methods


def versions(workspace_root: Path, measure: str) -> tuple[str, ...]:
    """The versions of ``measure`` that the workspace holds, lowest first."""
    names = [p.stem for p in (workspace_root / METHODS_FOLDER / measure).glob("v*.yaml") if "." not in p.stem]
    return tuple(sorted(names, key=lambda v: (len(v), v)))


def valid_from(workspace_root: Path, measure: str, version: str) -> date | None:
    """The day from which a version is valid, as its file says; nothing where the file does not say."""
    name = f"{METHODS_FOLDER}/{measure}/{version}.yaml"
    head = parse(workspace_root / name, name).data
    day = head.get("valid_from") if isinstance(head, dict) else None
    return day if isinstance(day, date) else None


def _load(root: Path, measure: str, version: str) -> Method:
    name = f"{METHODS_FOLDER}/{measure}/{version}.yaml"
    if not (root / name).is_file():
        raise ReportError(_missing(root, measure, version, name))
    head = parse(root / name, name)
    family = head.data.get("family") if isinstance(head.data, dict) else None
    if family not in FAMILIES:
        message = f"The family {family} does not exist." if family else "The field family is missing."
        hint = f"Write one of {', '.join(FAMILIES)}."
        raise ReportError(Problem(code="unknown-family", message=message, place=head.place("family"), hint=hint))
    rules, file = read(root / name, name, FAMILIES[family])
    raise_errors([*_path_faults(rules, file, measure, version), *_faults(rules, file)])
    return Method(rules=rules, explanation=_explanation(root, name), file=file)


def _missing(root: Path, measure: str, version: str, name: str) -> Problem:
    held = versions(root, measure)
    if held:
        message = f"The method {measure} has no version {version}."
        return Problem(
            code="unknown-method-version",
            message=message,
            place=Place(file=name),
            hint=f"Versions that exist: {', '.join(held)}. Pin one of them or write the new file.",
            value=version,
        )
    known = sorted(p.name for p in (root / METHODS_FOLDER).glob("*") if p.is_dir())
    hint = nearest(measure, known) or f"Measures that exist: {', '.join(known) or 'none'}."
    message = f"There is no method for the measure {measure}."
    return Problem(code="unknown-measure", message=message, place=Place(file=name), hint=hint, value=measure)


def _explanation(root: Path, name: str) -> str:
    path = (root / name).with_suffix(".md")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as e:
        place = Place(file=name.removesuffix(".yaml") + ".md")
        hint = "Write the long explanation, in Swedish, beside the YAML file."
        raise ReportError(
            Problem(code="file-missing", message="The method has no explanation.", place=place, hint=hint)
        ) from e
    except UnicodeDecodeError as e:
        place = Place(file=name.removesuffix(".yaml") + ".md")
        raise ReportError(
            Problem(code="not-utf8", message="The explanation is not UTF-8.", place=place, hint="Save it as UTF-8.")
        ) from e


def _path_faults(rules: Rules, file: YamlFile, measure: str, version: str) -> Iterator[Problem]:
    for field, stands, should in (("measure", rules.measure, measure), ("version", rules.version, version)):
        if stands != should:
            message = f"The file's {field} is {stands}, but its path says {should}."
            yield Problem(code="path-mismatch", message=message, place=file.place(field), value=stands)


def _faults(rules: Rules, file: YamlFile) -> Iterator[Problem]:
    """What the shape alone cannot tell: events without a column, ids used twice, statistics without their bound."""
    seen: set[str] = set()
    for i, statistic in enumerate(rules.statistics):
        place = file.place("statistics", i, "id")
        if statistic.id in seen:
            message = f"The statistic {statistic.id} is duplicated."
            yield Problem(code="duplicate-statistic", message=message, place=place, hint="Give each its own id.")
        seen.add(statistic.id)
        fault = _bound_fault(statistic) or _kind_fault(statistic, rules)
        if fault:
            yield Problem(code="statistic-bound", message=f"{statistic.id}: {fault}.", place=place)
    if isinstance(rules, Reported):
        return
    yield from _split_faults(rules, file, seen)
    clock, events = rules.clock, rules.source.events
    yield from _waiting_faults(rules, file)
    used = [(("clock", "start"), clock.start), *((("clock", "stop", i), e) for i, e in enumerate(clock.stop))]
    for i, again in enumerate(clock.reopenings):
        used.append((("clock", "reopenings", i, "start"), again.start))
        used += [(("clock", "reopenings", i, "stop", j), e) for j, e in enumerate(again.stop)]
    for loc, event in used:
        if event not in events:
            hint = nearest(event, events) or f"Name its column under source.events; there: {', '.join(events)}."
            message = f"The clock names the event {event}, which has no column."
            yield Problem(code="unknown-event", message=message, place=file.place(*loc), hint=hint, value=event)


def _split_faults(rules: CaseMethod, file: YamlFile, statistics: set[str]) -> Iterator[Problem]:
    """A part's statistic may not have the id of one that the method has already."""
    for part in rules.source.split.parts if rules.source.split is not None else ():
        for name in sorted(s for s in statistics if f"{s}-{part.id}" in statistics):
            message = f"The statistic {name}-{part.id} would have two meanings: itself, and a part of {name}."
            yield Problem(code="duplicate-statistic", message=message, place=file.place("source", "split"))


def _waiting_faults(rules: CaseMethod, file: YamlFile) -> Iterator[Problem]:
    """What the clock leaves out must have its columns, and a time in months must be a number of days."""
    if rules.clock.excluded_waiting and rules.source.waiting is None:
        message = "The clock leaves out waiting, but no columns are named for it."
        hint = "Name object, case_id, cause, start and end under source.waiting."
        yield Problem(code="no-waiting", message=message, place=file.place("clock", "excluded_waiting"), hint=hint)
    if rules.serves_from and rules.serves_to and rules.serves_to < rules.serves_from:
        message = f"serves_to ({rules.serves_to}) is before serves_from ({rules.serves_from})."
        yield Problem(code="date-order", message=message, place=file.place("serves_to"), hint="Correct the dates.")
    if isinstance(rules, Durations):
        whole = rules.population == "open-in-period"
        for i, statistic in enumerate(rules.statistics):
            if statistic.kind != "count" and statistic.kind.startswith("km_") != whole:
                message = f"{statistic.id}: the kind {statistic.kind} does not fit the population {rules.population}."
                hint = "The kinds km_median, km_lower and km_upper (and count) belong to the population open-in-period."
                place = file.place("statistics", i, "kind")
                yield Problem(code="kind-and-population", message=message, place=place, hint=hint)
    in_months = [s.id for s in rules.statistics if s.unit == swedish.MONTHS]
    if in_months and (rules.clock.months == "calendar" or rules.clock.days == "working"):
        message = f"{', '.join(in_months)}: a time in months needs a month of a fixed number of calendar days."
        hint = "Set clock.months to thirty-days or mean-month, and clock.days to calendar."
        yield Problem(code="month-rule", message=message, place=file.place("clock", "months"), hint=hint)
    if isinstance(rules, Stocks):
        shares = [s.id for s in rules.statistics if s.kind == "share"]
        for i, name in enumerate(rules.sums_to_100):
            if name not in shares:
                message = f"sums_to_100 names {name}, which is no share of the method."
                hint = nearest(name, shares) or f"Its shares are {', '.join(shares) or 'none'}."
                place = file.place("sums_to_100", i)
                yield Problem(code="unknown-statistic", message=message, place=place, hint=hint, value=name)


def _bound_fault(statistic: object) -> str:
    if isinstance(statistic, DurationStatistic):
        if (statistic.kind == "percentile") != (statistic.percent is not None):
            return "percent belongs to the kind percentile, and a percentile needs it"
        bounds = (statistic.months is not None) + (statistic.days is not None)
        if statistic.kind in SHIFTS:
            return "" if statistic.months and statistic.days is None else f"the kind {statistic.kind} needs months"
        if bounds != (statistic.kind == "share_within"):
            return "months or days belongs to the kind share_within, and that kind needs one of them"
    if isinstance(statistic, StockStatistic):
        up_to = statistic.up_to_months
        return (
            "up_to_months must be more than over_months" if up_to is not None and up_to <= statistic.over_months else ""
        )
    return ""


def _kind_fault(statistic: object, rules: Rules) -> str:
    """What a population has no statistic of: a mean of cases that are still open, a shift of what was not closed."""
    if not isinstance(statistic, DurationStatistic) or not isinstance(rules, Durations):
        return ""
    kind, population = statistic.kind, rules.population
    if population == "open-in-period" and kind not in KM_KINDS:
        return f"the population {population} has no {kind}; it has {', '.join(KM_KINDS)}"
    if population != "open-in-period" and kind.startswith("km_"):
        return f"the kind {kind} belongs to the population open-in-period"
    if population != "closed-in-period" and kind in SHIFTS:
        return f"the kind {kind} belongs to the population closed-in-period"
    return ""


def _identity_faults(methods: Mapping[str, Method]) -> Iterator[Problem]:
    for method in methods.values():
        rules = method.rules
        if not isinstance(rules, Flows) or rules.identity is None:
            continue
        own = [*rules.identity.plus, *rules.identity.minus]
        known = [s.id for s in rules.statistics]
        stocks = [f"{m.measure}.{s}" for m in methods.values() if m.rules.family == "stock" for s in m.labels]
        for name, names in [*((n, known) for n in own), (rules.identity.stock, stocks)]:
            if name not in names:
                message = f"The identity names {name}, which is not among the pinned methods' statistics."
                hint = nearest(name, names) or f"There: {', '.join(names) or 'none'}."
                yield Problem(
                    code="unknown-statistic",
                    message=message,
                    place=method.file.place("identity"),
                    hint=hint,
                    value=name,
                )
