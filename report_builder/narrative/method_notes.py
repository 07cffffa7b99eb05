"""How a measure is counted, told from the method version itself, so that text and computation cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from report_builder import swedish
from report_builder.document import nodes as n

if TYPE_CHECKING:
    from report_builder.methods.method import Method, Rules

_PERCENTILE_RULES = {
    "hyndman-fan-7": "Percentiler räknas fram linjärt mellan de två närmaste ärendena (Hyndman och Fan, typ 7).",
    "hyndman-fan-1": "En percentil är tiden för det närmaste ärende som når upp till andelen (Hyndman och Fan, typ 1).",
}
_REOPENING = {
    "continue": "Ett återöppnat ärende mäts en gång, från den första registreringen till den sista expedieringen.",
    "restart": "Ett återöppnat ärende mäts på nytt från återöppnandet.",
}


def box(method: Method) -> tuple[n.Block, ...]:
    """A callout with the definition and the rules that decide the value."""
    bullets = tuple((_paragraph(sentence),) for sentence in _rules(method.rules))
    blocks: tuple[n.Block, ...] = (_paragraph(method.definition.strip()), n.BulletList(items=bullets))
    return (
        n.Callout(kind="method", title=f"Så räknas måttet: {method.name[:1].lower()}{method.name[1:]}", blocks=blocks),
    )


def table(methods: Mapping[str, Method], table_id: str = "tab-metoder") -> n.Table:
    """Every method in force: its version, what it gives, since when and by whose decision."""
    headers = (
        ("matt", "Mått", 4), ("version", "Version", 2), ("uppgifter", "Uppgifter", 7), ("galler", "Gäller från", 3),
        ("beslut", "Beslut", 5),
    )  # fmt: skip
    rows = []
    for method in methods.values():
        rules = method.rules
        decided = f"{rules.decided_by}, {rules.decided.isoformat()}"
        cells = (method.name, method.version, _labels(rules), rules.valid_from.isoformat(), decided)
        rows.append(n.Row(cells=tuple(_cited(cell) for cell in cells)))
    return n.Table(
        id=table_id,
        caption=(n.Text(text="Mätmetoder som gäller i rapporten"),),
        columns=tuple(n.Column(id=i, header=(n.Text(text=label),), width=width) for i, label, width in headers),
        rows=tuple(rows),
    )


def _rules(rules: Rules) -> Iterator[str]:
    if rules.family == "duration":
        yield _REOPENING[rules.clock.reopening]
        yield _time(rules.clock.days, rules.clock.excluded_waiting)
        yield _PERCENTILE_RULES[rules.percentile_rule]
    least = {getattr(s, "minimum_group", 0) for s in rules.statistics} - {0}
    for size in sorted(least):
        yield f"En andel redovisas inte om den bygger på färre än {swedish.count_word(size)} ärenden."
    if rules.family != "reported":
        yield "Tryckta värden avrundas till närmaste tal; en halv avrundas uppåt."
    since = swedish.day(rules.valid_from)
    yield f"Version {rules.version}, gäller från den {since}. Beslut: {rules.decided_by}, {swedish.day(rules.decided)}."


def _time(days: str, waiting: Sequence[str]) -> str:
    counted = "kalenderdagar" if days == "calendar" else "arbetsdagar"
    if not waiting:
        return f"Tiden räknas i {counted}, och ingen väntan dras av."
    cause = "orsaken" if len(waiting) == 1 else "orsakerna"
    return f"Tiden räknas i {counted}. Väntan med {cause} {swedish.listing(waiting)} dras av."


def _labels(rules: Rules) -> str:
    words = [s.label[:1].lower() + s.label[1:] for s in rules.statistics]
    joined = swedish.listing(list(dict.fromkeys(words)))
    return joined[:1].upper() + joined[1:]


def _paragraph(sentence: str) -> n.Paragraph:
    return n.Paragraph(content=_cited(sentence))


def _cited(words: str) -> tuple[n.Inline, ...]:
    """Words of a method version: the digits in them are the version's own, not figures of the report."""
    return (n.Citation(content=(n.Text(text=words),)),)
