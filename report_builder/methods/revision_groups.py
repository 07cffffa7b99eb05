"""Revised values that no record explains, grouped by what lies behind them, and the rows that a person fills in.

What lies behind a value is found by holding the rows that it counts in the delivery of the release before against those
that it counts now, case by case.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING, Literal

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import Fact
from report_builder.facts.ledger import rounded
from report_builder.methods.method import SHIFTS, Durations, Flows, Method, Stocks
from report_builder.methods.revision import OWN_REGISTER, TO_FILL_IN, Unexplained, shown
from report_builder.methods.trace import select_rows
from report_builder.problems import Place, Problem
from report_builder.spreadsheet import inert

if TYPE_CHECKING:
    from report_builder.methods.timing import Source

RevisionCause = Literal["late-reopening", "new-extract", "correction"]
"""Cases were reopened after the earlier extract; the extract differs in another way; or the data is the same."""

CAUSES: tuple[RevisionCause, ...] = ("late-reopening", "new-extract", "correction")

_IDS: Mapping[RevisionCause, str] = {
    "late-reopening": "sena-aterupptaganden",
    "new-extract": "nytt-uttag",
    "correction": "rattelse",
}
"""What the row of a cause is called in a register, before the name of the release."""

_WHAT: Mapping[RevisionCause, str] = {
    "late-reopening": msgid("Cases that were closed have been reopened since the earlier extract."),
    "new-extract": msgid("The new extract has other rows than the earlier one."),
    "correction": msgid("The data is the same as before: the value is corrected in another way."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisedValue:
    """A revised value and the ids of the cases that it counts now and did not count before, or the other way round."""

    value: Unexplained
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionGroup:
    """The revised values that have one cause."""

    cause: RevisionCause
    values: tuple[RevisedValue, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """Every case behind the group's values, once."""
        return tuple(sorted({case for value in self.values for case in value.cases}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracts:
    """The deliveries of the release before and of this one by dataset, and what facts are counted with."""

    then: Mapping[str, Delivery]
    now: Mapping[str, Delivery]
    method: Callable[[str], Method]
    case_types: Sequence[str]
    total: str


def group_by_cause(values: Sequence[Unexplained], extracts: Extracts) -> tuple[RevisionGroup, ...]:
    """The values by cause, each with its cases; a cause that nothing has is left out."""
    found: dict[RevisionCause, list[RevisedValue]] = defaultdict(list)
    reopened: dict[str, frozenset[str]] = {}
    counts: _Counts = {}
    for value in values:
        fact = value.fact
        cases = _cases(fact, extracts, counts)
        if fact.method not in reopened:
            reopened[fact.method] = _reopened_since(fact, extracts)
        cause = _cause(fact, cases, extracts, reopened[fact.method])
        found[cause].append(RevisedValue(value=value, cases=tuple(sorted(cases))))
    return tuple(RevisionGroup(cause=cause, values=tuple(found[cause])) for cause in CAUSES if found[cause])


def _cause(fact: Fact, cases: frozenset[str], extracts: Extracts, reopened: frozenset[str]) -> RevisionCause:
    dataset = fact.provenance.dataset
    then, now = extracts.then.get(dataset), extracts.now.get(dataset)
    if then is None or now is None:
        return "new-extract"
    if _sums(then) == _sums(now):
        return "correction"
    return "late-reopening" if cases and cases <= reopened else "new-extract"


def _sums(delivery: Delivery) -> frozenset[str]:
    return frozenset(source.sha256 for source in delivery.sources.values())


def _cases(fact: Fact, extracts: Extracts, counts: _Counts) -> frozenset[str]:
    """The cases that the fact counts in one of the deliveries alone, or counts differently in the two."""
    rules, deliveries = _counted_by(fact, extracts)
    if rules is None or deliveries is None:
        return frozenset()
    periods = [fact.period]
    if isinstance(rules, Durations) and _kind(rules, fact.statistic) in SHIFTS:
        periods.append(fact.period.previous)  # it tells what has become of the mean since the year before
    found: set[str] = set()
    for period in periods:
        at = replace(fact, period=period)
        before, after = (_counted(at, extracts, delivery, counts) for delivery in deliveries)
        found |= {case for case in before.keys() | after.keys() if before.get(case) != after.get(case)}
    return frozenset(found)


def _counted_by(
    fact: Fact, extracts: Extracts
) -> tuple[Durations | Stocks | Flows | None, tuple[Delivery, Delivery] | None]:
    """The rules that count the fact from cases, and both deliveries; nothing for a fact that counts no cases."""
    dataset = fact.provenance.dataset
    then, now = extracts.then.get(dataset), extracts.now.get(dataset)
    if not fact.method or fact.provenance.derived_from or then is None or now is None:
        return None, None
    rules = extracts.method(fact.method).rules
    return (rules, (then, now)) if isinstance(rules, Durations | Stocks | Flows) else (None, None)


def _kind(rules: Durations, statistic: str) -> str:
    return next((s.kind for s in rules.statistics if s.id == statistic), "")


_MEMBERSHIP = {"case_type", "counted"}
"""What a stock's or a flow's value depends on; when a case that is open on a day was closed later does not."""


_Times = dict[str, list[tuple[tuple[str, str], ...]]]
_Counts = dict[tuple[int, str, str, str], dict[str, _Times]]
"""What was counted in a delivery by a method, for a statistic of it and in a period: by case type, then by case."""


def _counted(fact: Fact, extracts: Extracts, delivery: Delivery, counts: _Counts) -> _Times:
    """Every case that the fact counts in a delivery, with what decides how it counts, as often as it counts it.

    The rows are selected once for all case types, and once for all statistics of a time, which count the same rows.
    """
    method = extracts.method(fact.method)
    times = isinstance(method.rules, Durations)
    alike = str(method.whole(fact.statistic)[1]) if times else fact.statistic
    key = (id(delivery), fact.method, alike, fact.period.name)
    if key not in counts:
        counts[key] = _by_case_type(replace(fact, case_type=extracts.total), extracts, delivery, every=times)
    found = counts[key]
    if fact.case_type != extracts.total:
        return found.get(fact.case_type, {})
    return {
        case: sorted(t for kind in found.values() for t in kind.get(case, ())) for case in set().union(*found.values())
    }


def _by_case_type(fact: Fact, extracts: Extracts, delivery: Delivery, *, every: bool) -> dict[str, _Times]:
    """What ``fact``, of the total, counts; ``every`` value of a row decides, or only what makes it counted."""
    found: dict[str, _Times] = defaultdict(lambda: defaultdict(list))
    for row in select_rows(extracts.method(fact.method), delivery, fact, extracts.case_types, extracts.total):
        values = dict(row.values)
        case = values.pop("case_id", "")
        decides = tuple((k, v) for k, v in values.items() if every or k in _MEMBERSHIP)
        found[values.get("case_type", "")][case].append(decides)
    return {kind: {case: sorted(times) for case, times in cases.items()} for kind, cases in found.items()}


def _reopened_since(fact: Fact, extracts: Extracts) -> frozenset[str]:
    """The cases that the delivery of now says were reopened, and the one before does not."""
    rules, deliveries = _counted_by(fact, extracts)
    if rules is None or deliveries is None:
        return frozenset()
    source = rules.source
    columns = [source.events[again.start] for again in rules.clock.reopenings if again.start in source.events]
    then, now = (_reopenings(delivery, source, columns) for delivery in deliveries)
    return frozenset(case for case, days in now.items() if days != then.get(case, ()))


def _reopenings(delivery: Delivery, source: Source, columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The days of reopening by case, of the cases that have any."""
    table = delivery.tables[source.object]
    rows = table.select(source.case_id, *columns).to_pyarrow().to_pylist() if columns else ()
    days = ((str(row[source.case_id]), tuple(str(row[c]) for c in columns if row[c] is not None)) for row in rows)
    return {case: found for case, found in days if found}


def unexplained_problems(groups: Sequence[RevisionGroup], release_id: str, before: str) -> Iterator[Problem]:
    """What stops a build, one problem for each cause; what to write is in the file that a build offers."""
    said = {
        "late-reopening": "cases were reopened since",
        "new-extract": "the new extract has other rows",
        "correction": "though the data is the same",
    }
    for group in groups:
        first = group.values[0].value
        was, is_now = first.entry.printed, rounded(first.fact.value, first.fact.decimals)
        message = (
            f"{len(group.values)} published value(s) print differently than in {before} ({said[group.cause]}), and no "
            f"record says why: {first.fact.id} was {was} and is {is_now}."
        )
        hint = (
            f"Run report-builder build {release_id}: it writes the missing record to content/{release_id}/"
            f"{OWN_REGISTER}, where you fill in why."
        )
        place = Place(file=f"content/{release_id}/{OWN_REGISTER}")
        yield Problem(
            code="unclassed-revision",
            message=message,
            place=place,
            hint=hint,
            value=str(is_now),
            count=len(group.values),
        )


# --- the rows that a person fills in


def missing_records(
    groups: Sequence[RevisionGroup], release_id: str, before: str, taken: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """The missing records of a register as YAML, one for each group, and their ids; ``taken`` ids are not used again.

    What each value was and is stands behind its id, with how many cases lie behind the difference; which cases they
    are stands in a list of its own (:func:`cases_csv`), since registers are published and cases are not.
    """
    lines: list[str] = []
    names: list[str] = []
    for group in groups:
        name = _free_name(f"{_IDS[group.cause]}-{release_id.replace('/', '-')}", {*taken, *names})
        names.append(name)
        kind = "correction" if group.cause == "correction" else "data-revision"
        about = ngettext(
            "{what} {count} value differs from what {release} published.",
            "{what} {count} values differ from what {release} published.",
            len(group.values),
            what=gettext(_WHAT[group.cause]),
            count=swedish.number(len(group.values)),
            release=before,
        )
        lines += [
            f"  # {about}",
            f"  - id: {name}",
            f"    release: {release_id}",
            f"    kind: {kind}",
            f"    why: {TO_FILL_IN}",
            "    facts:",
            *(_line(value) for value in group.values),
        ]
    return "\n".join([*lines, ""]), tuple(names)


def _free_name(wanted: str, taken: Collection[str]) -> str:
    names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _line(revised: RevisedValue) -> str:
    entry, fact = revised.value.entry, revised.value.fact
    was, is_now = shown(entry.value, entry.decimals, entry.status), shown(fact.value, fact.decimals, fact.status)
    cases = len(revised.cases)
    behind = ngettext("{count} case", "{count} cases", cases, context="behind a revision", count=swedish.number(cases))
    change = f"{was} → {is_now}" + (f", {behind}" if cases else "")
    return f"      - {fact.id}  # {change}".replace(swedish.NBSP, " ")


def cases_csv(groups: Sequence[RevisionGroup], names: Sequence[str]) -> str:
    """Which cases lie behind each value: record, fact, published, now, case; a value without cases has one row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("record", "fact", "published", "now", "case"))
    for group, name in zip(groups, names, strict=True):
        for revised in group.values:
            entry, fact = revised.value.entry, revised.value.fact
            values = ("" if v is None else f"{v.normalize():f}" for v in (entry.value, fact.value))
            head = (name, fact.id, *values)
            writer.writerows((*head, inert(case)) for case in revised.cases or ("",))
    return buffer.getvalue()
