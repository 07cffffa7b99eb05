"""Typed superlatives held against the facts: "längst mediantid hade …, 573 dagar" is true or the build stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.facts.fact import Fact
from report_builder.narrative.book import Book
from report_builder.problems import Problem

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where in the text a fact stands."""

    start: int
    end: int
    fact_id: str


def superlative_problems(document: n.Document, book: Book) -> Iterator[Problem]:
    """Each superlative whose figure is not the highest (or lowest) of its kind, among case types or over time."""
    for node in walk(document.blocks):
        if isinstance(node, n.Paragraph | n.Footnote):
            yield from _of(node.content, book)
        elif isinstance(node, n.Definition):
            yield from _of(node.meaning, book)


def _of(content: tuple[n.Inline, ...], book: Book) -> Iterator[Problem]:
    text, shown = _flat(content)
    starts = [0, *(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]
    for start, end in pairwise(starts):
        words = list(swedish.SUPERLATIVES.finditer(text, start, end))
        for i, word in enumerate(words):
            until = words[i + 1].start() if i + 1 < len(words) else end
            meant = _meant(word, [s for s in shown if start <= s.start and s.end <= until])
            fact = book.facts.get(meant.fact_id) if meant else None
            if fact is not None and not word.group(1) and not _is_true(word.group(2), fact, book):
                message = f"{text[start:end].strip()!r}: {word.group(2)!r} is not true of {fact.id}."
                hint = "Take the case type from ranked(), or leave the word out."
                yield Problem(code="unresolved-claim", message=message, value=word.group(2), hint=hint)


def _flat(content: tuple[n.Inline, ...]) -> tuple[str, list[_Shown]]:
    """The words of the content, and the facts in them by their places; what is linked or stressed counts too."""
    parts: list[str] = []
    shown: list[_Shown] = []
    length = 0
    for item in content:
        if isinstance(item, n.Footnote):
            continue
        words = plain_text((item,))
        facts = [v for v in walk(item) if isinstance(v, n.FactValue)]
        shown += [_Shown(length, length + len(words), v.fact_id) for v in facts]
        parts.append(words)
        length += len(words)
    return "".join(parts), shown


def _meant(word: re.Match[str], shown: list[_Shown]) -> _Shown | None:
    """The first figure after the word, else the last before it; none where the word is a bound ("högst 168 dagar")."""
    after = [s for s in shown if s.start >= word.end()]
    if after:
        gap = word.string[word.end() : after[0].start]
        return None if not gap.strip() else after[0]
    before = [s for s in shown if s.end <= word.start()]
    return before[-1] if before else None


def _is_true(word: str, fact: Fact, book: Book) -> bool:
    total = book.settings.total.id
    if fact.value is None or not _is_plain(fact):
        return True
    kin = [f for f in book.facts if (f.measure, f.statistic) == (fact.measure, fact.statistic) and _is_plain(f)]
    beside = [f.value for f in kin if f.period == fact.period and total not in (f.case_type, fact.case_type)]
    over_time = [f.value for f in kin if f.case_type == fact.case_type and f.period.kind == fact.period.kind]
    return any(_is_extreme(word, fact.value, [v for v in values if v is not None]) for values in (beside, over_time))


def _is_plain(fact: Fact) -> bool:
    """Whether it is no change between two facts and no earlier version or vintage of one."""
    return "~" not in fact.id and "@" not in fact.id


def _is_extreme(word: str, value: Decimal, among: list[Decimal]) -> bool:
    if not among:
        return False
    return value == (max(among) if word.lower() in swedish.RISING else min(among))
