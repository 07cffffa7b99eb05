"""How a measure is counted, told from the method version itself, so that text and computation cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.document import nodes as n
from report_builder.narrative.proportions import proportioned
from report_builder.narrative.tables import as_example

if TYPE_CHECKING:
    from report_builder.methods.method import Method, Rules
    from report_builder.methods.timing import Clock

_PERCENTILE_RULES = {
    "hyndman-fan-7": msgid(
        "Percentiles are interpolated linearly between the two nearest cases (Hyndman and Fan, type 7)."
    ),
    "hyndman-fan-1": msgid(
        "A percentile is the time of the nearest case that reaches the share (Hyndman and Fan, type 1)."
    ),
}
_REOPENING = {
    "continue": msgid("A reopened case is measured once, from its first registration to its last dispatch."),
    "pause": msgid(
        "A reopened case is measured once, when it is finally closed. The time when it was closed does not count."
    ),
    "restart": msgid("A reopened case is measured again from its reopening."),
    "ignore": msgid("A case that has been closed counts as closed even if it is opened again."),
}
_POPULATIONS = {
    "closed-in-period": msgid("A case belongs to the period in which it was closed."),
    "registered-in-period": msgid(
        "A case belongs to the period in which it was registered, even if it was closed later."
    ),
    "open-in-period": msgid(
        "Every case that was open on some day of the period is counted, with the time that it was open then."
    ),
    "open-at-end": msgid("The measure is about cases that are open at the end of the period."),
}


def number_of(method: Method) -> str:
    """The version as a reader meets it: "2" for v2."""
    return method.version.removeprefix("v")


def fitted(rules: Rules) -> tuple[str, ...]:
    """The shares that are rounded so that they sum to 100."""
    return rules.sums_to_100 if rules.family == "stock" else ()


def box(method: Method) -> tuple[n.Block, ...]:
    """A callout with the definition and the rules that decide the value."""
    bullets = tuple((_paragraph(sentence),) for sentence in _rules(method.rules))
    blocks: tuple[n.Block, ...] = (_paragraph(method.definition.strip()), n.BulletList(items=bullets))
    return (
        n.Callout(
            kind="method",
            title=gettext("How the measure is counted: {measure}", measure=swedish.uncapitalised(method.name)),
            blocks=blocks,
        ),
    )


def method_table(methods: Mapping[str, Method], table_id: str = "tab-metoder") -> n.Table:
    """Every method in force: its version, what it gives, since when and by whose decision."""
    headers = {
        "matt": gettext("Measure"),
        "version": gettext("Version"),
        "uppgifter": gettext("Figures", context="datum"),
        "galler": gettext("In force from"),
        "beslut": gettext("Decision"),
    }
    rows = []
    for method in methods.values():
        rules = method.rules
        decided = f"{as_example(rules.decided_by, rules.example)}, {rules.decided.isoformat()}"
        cells = (method.name, number_of(method), _labels(rules), rules.valid_from.isoformat(), decided)
        rows.append(n.Row(cells=tuple(_cited(cell) for cell in cells)))
    found = n.Table(
        id=table_id,
        caption=(n.Text(text=gettext("Methods in force in the report")),),
        columns=tuple(n.Column(id=i, header=(n.Text(text=label),)) for i, label in headers.items()),
        rows=tuple(rows),
    )
    return proportioned(found)


def _rules(rules: Rules) -> Iterator[str]:
    if rules.family == "duration":
        yield gettext(_POPULATIONS[rules.population])
        if rules.clock.reopenings:
            again = dict.fromkeys(rules.clock.rule(reopening) for reopening in rules.clock.reopenings)
            yield from (gettext(_REOPENING[rule]) for rule in again)
        yield _counted(rules.clock)
        yield gettext(_PERCENTILE_RULES[rules.percentile_rule])
    least = {getattr(s, "minimum_group", 0) for s in rules.statistics} - {0}
    for size in sorted(least):
        yield ngettext(
            "A share is not shown if it rests on fewer than {count} case.",
            "A share is not shown if it rests on fewer than {count} cases.",
            size,
            count=swedish.count_word(size),
        )
    if fitted(rules):
        yield gettext("Shares that are parts of the same whole are rounded so that together they are 100 per cent.")
    if rules.family != "reported":
        yield gettext("Printed values are rounded to the nearest number, and a half is rounded up.")
    yield gettext(
        "Version {version} applies from {day}. Decision: {by}, {decided}.",
        version=rules.version.removeprefix("v"),
        day=swedish.day(rules.valid_from),
        by=as_example(rules.decided_by, rules.example),
        decided=swedish.day(rules.decided),
    )


def _counted(clock: Clock) -> str:
    """In which days time is counted, and what is left out."""
    days = gettext("working days") if clock.days == "working" else gettext("calendar days")
    if not clock.excluded_waiting:
        return gettext("Time is counted in {days}, and no waiting is deducted.", days=days)
    waiting = swedish.listing(clock.excluded_waiting)
    return gettext("Time is counted in {days}. Waiting for {reasons} is deducted.", days=days, reasons=waiting)


def _labels(rules: Rules) -> str:
    words = dict.fromkeys(swedish.uncapitalised(s.label) for s in rules.statistics)
    return swedish.capitalised(swedish.listing(list(words)))


def _paragraph(sentence: str) -> n.Paragraph:
    return n.Paragraph(content=_cited(sentence))


def _cited(words: str) -> tuple[n.Inline, ...]:
    """Words of a method version: the digits in them are the version's own, not figures of the report."""
    return (n.Citation(content=(n.Text(text=words),)),)
