"""How a measure is counted, told from the method version itself, so that text and computation cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.narrative.proportions import proportioned

if TYPE_CHECKING:
    from report_builder.methods.method import Method, Rules
    from report_builder.methods.timing import Clock

_PERCENTILE_RULES = {
    "hyndman-fan-7": "Percentiler räknas fram linjärt mellan de två närmaste ärendena (Hyndman och Fan, typ 7).",
    "hyndman-fan-1": "En percentil är tiden för det närmaste ärende som når upp till andelen (Hyndman och Fan, typ 1).",
}
_REOPENING = {
    "continue": "Ett återöppnat ärende mäts en gång, från den första registreringen till den sista expedieringen.",
    "pause": "Ett återöppnat ärende mäts en gång, när det är slutligt avslutat. Tiden då det var avslutat räknas inte.",
    "restart": "Ett återöppnat ärende mäts på nytt från återöppnandet.",
    "ignore": "Ett ärende som har avslutats räknas som avslutat även om det öppnas igen.",
}
_POPULATIONS = {
    "closed-in-period": "Ett ärende hör till den period då det avslutades.",
    "registered-in-period": "Ett ärende hör till den period då det registrerades, även om det avslutades senare.",
    "open-in-period": "Alla ärenden som var öppna någon dag under perioden räknas, med den tid som de var öppna då.",
    "open-at-end": "Måttet gäller ärenden som är öppna vid periodens slut.",
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
        n.Callout(kind="method", title=f"Så räknas måttet: {method.name[:1].lower()}{method.name[1:]}", blocks=blocks),
    )


def table(methods: Mapping[str, Method], table_id: str = "tab-metoder") -> n.Table:
    """Every method in force: its version, what it gives, since when and by whose decision."""
    headers = {
        "matt": "Mått", "version": "Version", "uppgifter": "Uppgifter", "galler": "Gäller från", "beslut": "Beslut",
    }  # fmt: skip
    rows = []
    for method in methods.values():
        rules = method.rules
        decided = f"{rules.decided_by}, {rules.decided.isoformat()}"
        cells = (method.name, number_of(method), _labels(rules), rules.valid_from.isoformat(), decided)
        rows.append(n.Row(cells=tuple(_cited(cell) for cell in cells)))
    found = n.Table(
        id=table_id,
        caption=(n.Text(text="Mätmetoder som gäller i rapporten"),),
        columns=tuple(n.Column(id=i, header=(n.Text(text=label),)) for i, label in headers.items()),
        rows=tuple(rows),
    )
    return proportioned(found)


def _rules(rules: Rules) -> Iterator[str]:
    if rules.family == "duration":
        yield _POPULATIONS[rules.population]
        if rules.clock.reopenings:
            yield from dict.fromkeys(_REOPENING[rules.clock.rule(again)] for again in rules.clock.reopenings)
        yield _counted(rules.clock)
        yield _PERCENTILE_RULES[rules.percentile_rule]
    least = {getattr(s, "minimum_group", 0) for s in rules.statistics} - {0}
    for size in sorted(least):
        yield f"En andel redovisas inte om den bygger på färre än {swedish.count_word(size)} ärenden."
    if fitted(rules):
        yield "Andelar som är delar av samma helhet avrundas så att de tillsammans blir 100 procent."
    if rules.family != "reported":
        yield "Tryckta värden avrundas till närmaste tal; en halv avrundas uppåt."
    since = swedish.day(rules.valid_from)
    version, decided = rules.version.removeprefix("v"), swedish.day(rules.decided)
    yield f"Version {version} gäller från den {since}. Beslut: {rules.decided_by}, {decided}."


def _counted(clock: Clock) -> str:
    """In which days time is counted, and what is left out."""
    days = "arbetsdagar" if clock.days == "working" else "kalenderdagar"
    if not clock.excluded_waiting:
        return f"Tiden räknas i {days}, och ingen väntan dras av."
    return f"Tiden räknas i {days}. Väntan på {swedish.listing(clock.excluded_waiting)} dras av."


def _labels(rules: Rules) -> str:
    words = [s.label[:1].lower() + s.label[1:] for s in rules.statistics]
    joined = swedish.listing(list(dict.fromkeys(words)))
    return joined[:1].upper() + joined[1:]


def _paragraph(sentence: str) -> n.Paragraph:
    return n.Paragraph(content=_cited(sentence))


def _cited(words: str) -> tuple[n.Inline, ...]:
    """Words of a method version: the digits in them are the version's own, not figures of the report."""
    return (n.Citation(content=(n.Text(text=words),)),)
