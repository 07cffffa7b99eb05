"""The words of an edition that no figure stands in: the same as the report's, and in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from report_builder.problems import Place, Problem
from report_builder.verifying.edition_passages import EditionPassage, Expected, beside_frame, folded, has_figure

_ALIKE = 0.6
"""From here on a passage is taken for another one that was changed, and not for a new one."""


def word_problems(
    name: str, found: Sequence[EditionPassage], wanted: Sequence[Expected], frame: frozenset[str]
) -> Iterator[Problem]:
    """Passages without figures that are other than the report's, lack, or stand elsewhere in the edition ``name``."""
    headings = headings_of(wanted)
    forms = {form for piece in wanted for form in piece.forms}
    folds = [folded(passage.text) for passage in found]
    seen = set(folds)
    lost = [p for p in wanted if p.text.strip() and not has_figure(p.text) and seen.isdisjoint(p.forms)]
    for passage, fold in zip(found, folds, strict=True):
        known = fold in forms or not beside_frame(fold, frame) or is_entry(fold, headings)
        if not known and not has_figure(passage.text):
            meant = _nearest(fold, lost)
            if meant is None:
                yield at_place(name, passage.place, "unknown-words", f"{short(passage.text)!r} is not in the report")
            else:
                lost.remove(meant)
                message = f"{short(passage.text)!r} is not what the report says, which is {short(meant.text)!r}"
                yield at_place(name, passage.place, "changed-words", message)
    for piece in lost:
        message = f"the report says {short(piece.text)!r}, the file does not"
        yield at_place(name, piece.place, "lost-words", message)
    yield from _moved(name, folds, wanted)


def _nearest(fold: str, lost: Sequence[Expected]) -> Expected | None:
    """The lost passage that the words are most like, if they are like any."""
    alike = [(SequenceMatcher(None, fold, piece.forms[0]).ratio(), -i) for i, piece in enumerate(lost)]
    best = max(alike, default=(0.0, 0))
    return lost[-best[1]] if best[0] >= _ALIKE else None


def _moved(name: str, folds: Sequence[str], wanted: Sequence[Expected]) -> Iterator[Problem]:
    """Passages that are there, and not where the report has them; footnotes stand where an edition puts them."""
    pieces = [p for p in wanted if p.text.strip() and not p.place.startswith("footnote")]
    first = {form: piece.forms[0] for piece in reversed(pieces) for form in piece.forms}
    there = [first[fold] for fold in folds if fold in first]
    given = set(there)
    keys = [first[piece.forms[0]] for piece in pieces]
    for kind, start, end, _, _ in SequenceMatcher(None, keys, there, autojunk=False).get_opcodes():
        for piece, key in zip(pieces[start:end], keys[start:end], strict=True) if kind in ("delete", "replace") else ():
            if key in given:
                message = f"{short(piece.text)!r} does not stand where the report has it, or not as often"
                yield at_place(name, piece.place, "moved-words", message)


def headings_of(wanted: Sequence[Expected]) -> frozenset[str]:
    """The folded headings: a table of contents repeats them."""
    return frozenset(form for p in wanted if p.place.startswith("heading") for form in p.forms)


def is_entry(fold: str, headings: frozenset[str]) -> bool:
    """Whether a folded passage is an entry of a table of contents: a heading, and the number of its page."""
    return fold.rstrip("0123456789") in headings


def short(text: str, most: int = 160) -> str:
    """The beginning of a text, for a message."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def at_place(name: str, place: str, code: str, message: str, hint: str = "") -> Problem:
    """What is wrong at a place of the edition ``name``."""
    message = f"{place[:1].upper()}{place[1:]}: {message}."
    return Problem(code=code, message=message, place=Place(file=name), hint=hint)
