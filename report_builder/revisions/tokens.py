"""Words compared one by one inside a block: what is said, never how it is set.

Numbers of sections, tables and notes, line breaks, no-break spaces and soft hyphens are not words. A figure is compared
by what it is, so that a new value in an unchanged sentence is no change of wording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from report_builder.document import nodes as n
from report_builder.revisions.comparison import Piece
from report_builder.swedish import time_words as times

_WORD = re.compile(r"(\d+(?:[\s,.]\d+)*(?!\w)|[\w\u00ad\u200b]+|[^\w\s])(\s*)")
_INVISIBLE = str.maketrans({"\N{SOFT HYPHEN}": None, "\N{ZERO WIDTH SPACE}": None, "\N{NON-BREAKING HYPHEN}": "-"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure or a reference: ``key`` is compared, ``text`` shown, ``fact`` the figure's id.

    ``time`` says that it names a period: between reports of different periods another period is no other word.
    """

    key: str
    text: str
    fact: str = ""
    time: bool = False


@lru_cache(maxsize=50_000)
def series_of(fact_id: str) -> str:
    """A fact's id without its period: what stays the same from one report to the next."""
    base, tilde, rest = fact_id.partition("~")
    named, at, vintage = base.partition("@")
    return f"{named.rpartition('.')[0]}{at}{vintage}{tilde}{'%' if rest.startswith('%') else ''}"


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Words with every white space as one plain space and nothing that cannot be seen."""
    return " ".join(text.translate(_INVISIBLE).split())


def tokens(content: tuple[n.Inline, ...], *, rolled: bool = False) -> tuple[Token, ...]:
    """Inline content as tokens; footnotes stay out.

    ``rolled`` says that the two versions account for different periods: a figure is then the same when its series is,
    and a word for a period the same as another of its kind.
    """
    return tuple(_tokens(content, rolled))


@lru_cache(maxsize=20_000)
def text_tokens(text: str, *, raw: bool = False, rolled: bool = False) -> tuple[Token, ...]:
    """Plain words as tokens; with ``raw`` they are shown as they stand, no-break spaces and soft hyphens kept."""
    return tuple(_timed(text) if rolled else _words(text, raw))


def _timed(text: str) -> Iterator[Token]:
    """Words, those that name a period by the kind of period only."""
    for part, kind in times.split(text.translate(_INVISIBLE)):
        if kind:
            yield Token(f"\0time {kind}", fold(part), time=True)
        else:
            yield from _words(part, False)


def _words(text: str, raw: bool) -> Iterator[Token]:
    written = text if raw else re.sub(r"\s", " ", text.translate(_INVISIBLE))
    if written[:1].isspace():
        yield Token("", written[: len(written) - len(written.lstrip())] if raw else " ")
    for found in _WORD.finditer(written):
        word, space = found.groups()
        yield Token(re.sub(r"\s", " ", word.translate(_INVISIBLE)), word + (space if raw else " " * bool(space)))


def _tokens(content: tuple[n.Inline, ...], rolled: bool) -> Iterator[Token]:
    for node in content:
        match node:
            case n.Text(text=text):
                yield from text_tokens(text, rolled=rolled)
            case n.FactValue(fact_id=fact_id, text=text):
                yield Token(f"\0fact {series_of(fact_id) if rolled else fact_id}", fold(text), fact_id)
            case n.CrossRef(target=target, text=text):
                yield Token(f"\0to {target}", fold(text))
            case n.Footnote():
                pass
            case n.Link(url=url, content=inner):
                yield from _tokens(inner, rolled)
                yield Token(f"\0url {url}", "")
            case _:
                yield from _tokens(node.content, rolled)


def text_of_tokens(run: Sequence[Token]) -> str:
    """Tokens as a reader sees them."""
    return "".join(t.text for t in run).strip()


def keys(run: Sequence[Token]) -> tuple[str, ...]:
    """What is compared of tokens; spaces are not."""
    return tuple(t.key for t in run if t.key)


def same(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Whether the two say the same, figures' values apart."""
    return keys(old) == keys(new)


def same_times(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Whether two texts that say the same also name the same periods."""
    return [t.text for t in old if t.time] == [t.text for t in new if t.time]


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """How many of their words two bags of words share, from 0 to 1 (Dice)."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


_Opcode = tuple[str, int, int, int, int]


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[_Opcode]:
    """How ``old`` becomes ``new``, as difflib tells it, but for lone words that happen to stand in both.

    A passage that was rewritten shares small words with the old one. Between two larger changes they are no anchor:
    a reader sees one passage gone and one come, and not a mesh of single words.
    """
    found: list[_Opcode] = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, code in enumerate(codes):
        same = code[0] == "equal"
        if same and 0 < at < len(codes) - 1 and _accidental(old[code[1] : code[2]], codes[at - 1], codes[at + 1]):
            same = False
        if not same and found and found[-1][0] != "equal":
            last = found.pop()
            found.append(("replace", last[1], code[2], last[3], code[4]))
        else:
            found.append(code if same else ("replace", *code[1:]))
    return [("delete" if j1 == j2 else "insert" if i1 == i2 else op, i1, i2, j1, j2) for op, i1, i2, j1, j2 in found]


def _accidental(between: Sequence[str], *around: _Opcode) -> bool:
    """Whether so few words stand between two so large changes that they are shared by accident."""
    words = [word for word in between if word]
    sizes = [max(i2 - i1, j2 - j1) for _, i1, i2, j1, j2 in around]
    return not any(word.startswith("\0") for word in words) and 3 * len(words) <= min(sizes) and len(words) <= 3


def pieces(old: Sequence[Token], new: Sequence[Token]) -> tuple[Piece, ...]:
    """The two texts woven into one: what stayed, what went, what came, and the figures whose value changed."""
    found: list[Piece] = []
    for op, i1, i2, j1, j2 in opcodes([t.key for t in old], [t.key for t in new]):
        if op == "equal":
            for before, after in zip(old[i1:i2], new[j1:j2], strict=True):
                _stayed(found, before, after)
            continue
        if i1 < i2:
            _say(found, Piece(op="gone", old="".join(t.text for t in old[i1:i2]) or " "))
        if j1 < j2:
            _say(found, Piece(op="new", new="".join(t.text for t in new[j1:j2]) or " "))
    return tuple(found)


def _stayed(found: list[Piece], before: Token, after: Token) -> None:
    if before.text != after.text and (after.fact or after.time):
        op: Literal["figure", "period"] = "figure" if after.fact and after.fact == before.fact else "period"
        found.append(Piece(op=op, old=before.text, new=after.text, fact=after.fact))
    else:
        _say(found, Piece(op="same", old=before.text, new=after.text))


def _say(found: list[Piece], piece: Piece) -> None:
    if found and found[-1].op == piece.op and piece.op not in ("figure", "period"):
        last = found.pop()
        piece = Piece(op=piece.op, old=last.old + piece.old, new=last.new + piece.new)
    found.append(piece)


def changed_words(woven: Sequence[Piece]) -> int:
    """How many words went or came."""
    return sum(len(p.old.split()) * (p.op == "gone") + len(p.new.split()) * (p.op == "new") for p in woven)
