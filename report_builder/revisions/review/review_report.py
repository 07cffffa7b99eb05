"""What came back from the reviewers, as lines for a terminal, as JSON, and as a web page in Swedish for the team."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files

from report_builder.catalogue import gettext, msgid
from report_builder.revisions.review.review import Comment, FactChange, ProseChange, Review, Spot
from report_builder.revisions.review.tracked import Hand

REVIEW_FORMAT = 1
"""The version of the JSON; it grows when a field changes its meaning or goes away."""

_TEMPLATE = "review.html.j2"
_KINDS = {
    "changed": msgid("changed", context="review"),
    "added": msgid("added", context="review"),
    "removed": msgid("struck out", context="review"),
    "divided": msgid("divided in two", context="review"),
    "joined": msgid("joined with the next", context="review"),
}


def review_text(review: Review) -> Iterator[str]:
    """Lines for a terminal."""
    counts = (
        _count(len(review.comments), "comment"),
        _count(len(review.changes), "change of prose", "changes of prose"),
        _count(len(review.facts), "changed number"),
    )
    yield ", ".join(counts) + "."
    if review.comments:
        yield from ("", "Comments")
        for comment in review.comments:
            state = " (done)" if comment.done else ""
            answer = f", in answer to comment {comment.answers}" if comment.answers else ""
            yield f"  {_place(comment.spot)}: {_by((comment.hand,))}, comment {comment.id}{answer}{state}"
            if comment.quote:
                yield f"    on “{comment.quote}”"
            yield from (f"    {line}" for line in comment.text.splitlines())
    if review.changes:
        yield from ("", "Prose, to be changed in the Markdown")
        for change in review.changes:
            warning = " (NUMBERS IN IT DIFFER)" if change.numbers else ""
            yield f"  {_place(change.spot)}: {change.kind} by {_by(change.hands)}{warning}"
            yield from (f"    {sign} {text}" for sign, text in (("-", change.old), ("+", change.new)) if text)
    if review.facts:
        yield from ("", "Numbers, never changed in the text: correct the data or the method, or leave them")
        for fact in review.facts:
            yield f"  {_place(fact.spot)}: by {_by(fact.hands)}"
            yield f"    {fact.fact_id}: {fact.old} → {fact.new or '(struck out)'}"


def review_json(review: Review, file: str, release: str) -> str:
    """Everything for machines."""
    content = {
        "format": REVIEW_FORMAT,
        "file": file,
        "release": release,
        "comments": [_plain(comment) for comment in review.comments],
        "changes": [_plain(change) for change in review.changes],
        "facts": [_plain(fact) for fact in review.facts],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def review_html(review: Review, file: str, release: str) -> str:
    """A self-contained web page in Swedish, with what each reviewer wants by section."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"place": _place_for_readers, "by": _by_for_readers, "when": _when}
    template = environment.from_string((files(__package__) / _TEMPLATE).read_text(encoding="utf-8"))
    kinds = {kind: gettext(words, context="review") for kind, words in _KINDS.items()}
    return template.render(review=review, file=file, release=release, kinds=kinds)


def _plain(item: Comment | ProseChange | FactChange) -> dict[str, object]:
    return {name: value for name, value in dataclasses.asdict(item).items()}


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _place(spot: Spot) -> str:
    where = [spot.heading or "(nowhere in the text)"]
    if spot.note:
        where.append(f"note {spot.note}")
    elif spot.table:
        row = f"row {spot.row}" if spot.row else "head"
        where.append(f"table {spot.table}, {row}, column {spot.column}")
    elif spot.paragraph:
        where.append(f"paragraph {spot.paragraph}")
    return ", ".join(where)


def _place_for_readers(spot: Spot) -> str:
    if spot.note:
        return gettext("note {number}", context="review", number=spot.note)
    if not spot.table:
        return gettext("paragraph {number}", context="review", number=spot.paragraph) if spot.paragraph else ""
    if not spot.row:
        return gettext("table {table}, head, column {column}", context="review", table=spot.table, column=spot.column)
    return gettext(
        "table {table}, row {row}, column {column}",
        context="review",
        table=spot.table,
        row=spot.row,
        column=spot.column,
    )


def _by(hands: Sequence[Hand]) -> str:
    named = [", ".join(part for part in (hand.who, _when(hand)) if part) for hand in hands]
    return "; ".join(filter(None, named)) or "somebody who did not track changes"


def _by_for_readers(hands: Sequence[Hand]) -> str:
    named = [", ".join(part for part in (hand.who, _when(hand)) if part) for hand in hands]
    return "; ".join(filter(None, named)) or gettext("somebody who did not track changes")


def _when(hand: Hand) -> str:
    """Date and time to the minute, as the file has them."""
    return hand.when[:16].replace("T", " ")
