"""The claim ledger: every figure and every word of direction that a report prints, and the fact that it rests on.

A claim is checked three times with the same rules: when a document is composed, when a workspace is checked, and when a
finished edition is read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.swedish.statements import APPROXIMATE, HYPOTHETICAL, NO_COMPARISON, STATEMENT_WORD

_NUMBER = re.compile(r"[−+]?(?:\d{1,3}(?:[\u00a0\u202f]\d{3})+(?!\d)|\d+)(?:,\d+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+")
_FULL_STOP = re.compile(r"(?<=[.!?])\s+")
"""The end of a sentence that may hold a list or a figure behind a colon."""

_DERIVED = "~"


class Stated(Protocol):
    """What a claim is held against: a fact, or its row in the fact file."""

    @property
    def id(self) -> str:
        """The fact's id."""

    @property
    def value(self) -> Decimal | None:
        """The value, exact."""

    @property
    def decimals(self) -> int:
        """How many decimals it is printed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure or a word of direction as it is printed, where, and the facts that it resolves to (none: a fault)."""

    place: str
    words: str
    facts: tuple[str, ...]
    fault: str = ""


def numbers_in(text: str) -> tuple[Decimal, ...]:
    """The figures in Swedish text: ``18 950`` (no-break space), ``3,4``, ``−12``."""
    found = (m.group().translate(_PLAIN) for m in _NUMBER.finditer(text))
    return tuple(Decimal(number) for number in found)


_PLAIN = str.maketrans({"\u00a0": "", "\u202f": "", ",": ".", "−": "-"})


def directions_in(text: str) -> tuple[str, ...]:
    """The words of direction in the text, as they stand there."""
    return tuple(w for w in STATEMENT_WORD.findall(text) if w.lower() in swedish.RISING | swedish.FALLING)


def disagreement(words: str, fact: Stated) -> str:
    """Why ``words`` may not be said of ``fact``; empty where they may."""
    figures = numbers_in(words)
    if fact.value is None:
        return f"the fact {fact.id} has no value" if figures else ""
    printed = swedish.round_half_up(fact.value, fact.decimals)
    away = _wrong_way(words, printed, fact.id)
    if away:
        return away
    if not figures:
        return _wordless(words, printed, fact.id)
    if len(figures) > 1:
        return f"more than one figure for the fact {fact.id}"
    return _wrong_figure(words, figures[0], printed, fact)


def _wrong_way(words: str, printed: Decimal, fact_id: str) -> str:
    """A word of direction against the sign of a difference, or of whatever fact it is all that is said of."""
    said = {w.lower() for w in STATEMENT_WORD.findall(words)} & (swedish.RISING | swedish.FALLING)
    alone = words.strip().lower() in said
    false = (said & swedish.RISING and printed <= 0) or (said & swedish.FALLING and printed >= 0)
    if "~%" in fact_id and (said & (swedish.DOUBLED | swedish.HALVED)):
        bounds = (90, 110) if said & swedish.DOUBLED else (-55, -45)
        false = not bounds[0] <= printed <= bounds[1]
    if (_DERIVED in fact_id or alone) and false:
        return f"it says {', '.join(sorted(said))!r}, but the fact {fact_id} is {swedish.number(printed, 0)}"
    return ""


def _wordless(words: str, printed: Decimal, fact_id: str) -> str:
    if swedish.UNCHANGED in words and printed != 0:
        return f"it says {words!r}, but the fact {fact_id} is not zero"
    return ""


def _wrong_figure(words: str, figure: Decimal, printed: Decimal, fact: Stated) -> str:
    approximate = APPROXIMATE.search(words)
    if approximate and fact.value is not None:
        true = swedish.is_true(approximate.group(1).lower(), figure, fact.value)
    elif _DERIVED in fact.id:  # a verb, a column head or a plus carries the sign
        true = abs(figure) == abs(printed) and not (figure < 0 < printed)
    else:
        true = figure == printed
    return "" if true else f"it says {words!r}, but the fact {fact.id} is {swedish.number(printed, fact.decimals)}"


def claims_of(document: n.Document, find: Callable[[str], Stated | None]) -> Iterator[Claim]:
    """Every claim of the document in reading order, resolved or not; ``find`` gives a fact by its id."""
    heading = ""
    for block in document.blocks:
        if isinstance(block, n.Heading):
            heading = f"{block.number} {plain_text(block.content)}".strip()
        for node in walk(block):
            if isinstance(node, n.FactValue):
                yield _of_fact(node, _place(block, heading), find)
            elif isinstance(node, n.Figure):
                yield from _of_figure(node, find)
        yield from _loose(block, _place(block, heading))


def _place(block: n.Block, heading: str) -> str:
    match block:
        case n.Table():
            return f"table {block.number}, {plain_text(block.caption)}"
        case n.Figure():
            return f"figure {block.number}, {plain_text(block.caption)}"
        case _:
            return heading


def _of_fact(node: n.FactValue, place: str, find: Callable[[str], Stated | None]) -> Claim:
    fact = find(node.fact_id)
    fault = f"there is no fact {node.fact_id}" if fact is None else disagreement(node.text, fact)
    return Claim(place=place, words=node.text, facts=(node.fact_id,), fault=fault)


def _loose(block: n.Block, place: str) -> Iterator[Claim]:
    """Digits that are neither a fact nor a reference."""
    for node in _unsourced(block):
        if any(c.isdigit() for c in node.text):
            yield Claim(place=place, words=node.text.strip(), facts=(), fault="a figure that no fact stands behind")


def _unsourced(node: Any) -> Iterator[n.Text]:
    """The plain words below ``node`` that no reference surrounds."""
    return (found for found in walk(node, past=(n.Citation, n.Link)) if isinstance(found, n.Text))


def _of_figure(figure: n.Figure, find: Callable[[str], Stated | None]) -> Iterator[Claim]:
    """What a chart draws and what its text alternative says, held against the facts of its data."""
    place = _place(figure, "")
    values = [v for v in walk(figure.data) if isinstance(v, n.FactValue)]
    ids = tuple(v.fact_id for v in values)
    for value in values:
        yield _of_fact(value, place, find)
    known = {number for v in values for number in numbers_in(v.text)}
    labels = (plain_text(row.cells[0]) for row in figure.data.rows)
    headers = (plain_text(column.header) for column in figure.data.columns)
    entered = [plain_text((c,)) for c in walk(figure.data.rows) if isinstance(c, n.Citation)]
    named = {abs(x) for text in (*labels, *headers, *entered, plain_text(figure.caption)) for x in _digits(text)}
    for number in numbers_in(figure.alt):
        words = swedish.number(number, max(0, -int(number.as_tuple().exponent)))
        if number in known:
            meant = tuple(dict.fromkeys(v.fact_id for v in values if number in numbers_in(v.text)))
            yield Claim(place=place, words=words, facts=meant)
        elif not {abs(x) for x in _digits(str(number))} <= named:
            fault = "the text alternative says a figure that the chart's data does not hold"
            yield Claim(place=place, words=words, facts=(), fault=fault)
    facts = [found for fact_id in ids if (found := find(fact_id)) is not None and found.value is not None]
    exact = {round(float(f.value), 4) for f in facts if f.value is not None}
    exact |= {float(number) for words in entered for number in numbers_in(words)}
    for drawn in _drawn(figure.spec):
        if round(drawn, 4) not in exact:
            fault = "the chart draws a value that its data does not hold"
            yield Claim(place=place, words=str(drawn), facts=ids, fault=fault)


def _digits(text: str) -> set[Decimal]:
    return {Decimal(run) for run in re.findall(r"\d+", text)}


def _drawn(spec: Any) -> Iterator[float]:
    """Every value that the chart's own data holds."""
    if isinstance(spec, dict):
        for key, item in spec.items():
            if key == n.DRAWN_VALUE and isinstance(item, int | float):
                yield float(item)
            else:
                yield from _drawn(item)
    elif isinstance(spec, list):
        for item in spec:
            yield from _drawn(item)


def developments(text: str, shows_fact: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """The word that describes a rise or a fall, with its sentence, for each that has one and shows no fact."""
    for sentence in _SENTENCE_END.split(text):
        said = [w for w in STATEMENT_WORD.findall(sentence) if w.lower() in swedish.PAST]
        if said and not shows_fact(sentence):
            yield said[0], sentence


def comparisons(text: str, shows_fact: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """The word that compares, and its sentence, for each of ``text`` that states a comparison and shows no fact."""
    for sentence in _FULL_STOP.split(text):
        words = STATEMENT_WORD.findall(NO_COMPARISON.sub(" ", sentence))
        said = [w for w in words if w.lower() in swedish.COMPARING | swedish.SUPERLATIVE]
        if said and not shows_fact(sentence) and HYPOTHETICAL.isdisjoint(w.lower() for w in words):
            yield said[0], sentence
