"""The words of a passage beside those that came back: numbers that belong to facts are told apart from prose."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from report_builder.document.names import fact_tag
from report_builder.document.passages import Passage
from report_builder.revisions.review.tracked import TrackedRun
from report_builder.revisions.tokens import fold

_TOKEN = re.compile(r"[−-]?\d(?:[\d\s]*\d)?(?:[,.]\d+)?|\w+|\s+|[^\w\s]")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A fact that is not printed as the document has it; ``new`` is empty where it is gone."""

    fact_id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedWords:
    """Prose before and after, with the facts in both as the document has them; ``numbers``: other digits differ."""

    old: str
    new: str
    facts: tuple[Number, ...]
    numbers: bool


@dataclass(frozen=True, slots=True)
class _Fact:
    id: str
    text: str
    start: int
    end: int


def compare_words(passage: Passage, revised: Sequence[TrackedRun]) -> ComparedWords:
    """What came of a passage; ``revised`` is what stands in the file with every change accepted."""
    changed: list[Number] = []
    new, left = _restored(passage, revised, changed)
    facts = _located(passage, left)
    new = _without_controls(passage.text, new, facts, changed)
    other = _digits(passage.text) != _digits(new) and not any(c.new == "" for c in changed)
    return ComparedWords(old=passage.text, new=new, facts=tuple(changed), numbers=other)


def _restored(passage: Passage, revised: Sequence[TrackedRun], changed: list[Number]) -> tuple[str, list[str]]:
    """The text with what stands in controls as the document has it, and the ids of the facts that have no control."""
    waiting = [(fact.fact_id, fact_tag(fact.fact_id), fact.text) for fact in passage.facts]
    parts: list[str] = []
    for tag, text in _runs(revised):
        known = next((entry for entry in waiting if entry[1] == tag), None) if tag else None
        if known is None or not text.strip():
            parts.append(text)
            continue
        waiting.remove(known)
        parts.append(known[2])
        if fold(text) != fold(known[2]):
            changed.append(Number(fact_id=known[0], old=known[2], new=fold(text)))
    return "".join(parts), [entry[0] for entry in waiting]


def _runs(pieces: Sequence[TrackedRun]) -> list[tuple[str, str]]:
    """Pieces in a row that share a control as one: Word cuts words wherever somebody has been."""
    runs: list[tuple[str, str]] = []
    for piece in pieces:
        if runs and runs[-1][0] == piece.tag:
            runs[-1] = (piece.tag, runs[-1][1] + piece.text)
        else:
            runs.append((piece.tag, piece.text))
    return runs


def _located(passage: Passage, ids: list[str]) -> list[_Fact]:
    """Where in the passage's words the facts of ``ids`` stand."""
    text, at, wanted, found = passage.text, 0, list(ids), []
    for fact in passage.facts:
        start = text.find(fact.text, at)
        at = start + len(fact.text)
        if fact.fact_id in wanted:
            wanted.remove(fact.fact_id)
            found.append(_Fact(fact.fact_id, fact.text, start, at))
    return found


def _without_controls(old: str, new: str, facts: list[_Fact], changed: list[Number]) -> str:
    """``new`` with every number that lost its control and was changed put back, and told of in ``changed``."""
    if not facts:
        return new
    before, after = _tokens(old), _tokens(new)
    matcher = difflib.SequenceMatcher(None, [fold(t) for t in before], [fold(t) for t in after], autojunk=False)
    starts = [0]
    for token in before:
        starts.append(starts[-1] + len(token))
    parts: list[str] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        words = "".join(after[j1:j2])
        hit = [f for f in facts if f.start < starts[i2] and f.end > starts[i1]] if kind in ("replace", "delete") else []
        for fact in hit:
            facts.remove(fact)
            changed.append(Number(fact_id=fact.id, old=fact.text, new=fold(words) if len(hit) == 1 else ""))
        parts.append(old[starts[i1] : starts[i2]] if len(hit) == 1 and words.strip() else words)
    return "".join(parts)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _digits(text: str) -> list[str]:
    return ["".join(_DIGITS.findall(token)) for token in _tokens(text) if _DIGITS.search(token)]
