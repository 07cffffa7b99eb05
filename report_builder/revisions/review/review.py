"""A reviewed file beside the document that it was made from: comments, changed prose, and changed numbers.

Prose is for the team to change in the Markdown. A number belongs to its fact: it is told, and never taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from report_builder.document import nodes as n
from report_builder.document.parts import heading_number
from report_builder.document.passages import Passage, passages
from report_builder.revisions.review.numbers import compare_words
from report_builder.revisions.review.pairing import pair
from report_builder.revisions.review.tracked import Hand, ParagraphPart, ReviewedParagraph, TrackedRun, WordComment
from report_builder.revisions.tokens import fold

ProseChangeKind = Literal["changed", "added", "removed", "divided", "joined"]
_SPLIT = " ¶ "
_LEAST_LIKENESS = 0.3
"""The share of the document's passages that a file of it must hold untouched, however heavily it was edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where in the report: the section's id and heading, and there the paragraph, cell or note (0 and "" for none)."""

    section: str
    heading: str
    paragraph: int = 0
    table: str = ""
    row: int = 0
    column: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseChange:
    """Prose that differs. ``numbers`` warns that digits outside every fact differ. Nobody is named without tracking."""

    kind: ProseChangeKind
    spot: Spot
    old: str
    new: str
    hands: tuple[Hand, ...]
    numbers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact whose printed text differs; ``new`` is empty where it was struck out."""

    fact_id: str
    spot: Spot
    old: str
    new: str
    hands: tuple[Hand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, the words that it is tied to, and the comment that it answers, if it is an answer."""

    id: str
    spot: Spot
    quote: str
    text: str
    hand: Hand
    done: bool = False
    answers: str = ""


@dataclass(slots=True, kw_only=True)
class Review:
    """Everything that a reviewed file says."""

    comments: list[Comment] = field(default_factory=list)
    changes: list[ProseChange] = field(default_factory=list)
    facts: list[FactChange] = field(default_factory=list)


def review(
    document: n.Document, paragraphs: Sequence[ReviewedParagraph], remarks: Sequence[WordComment]
) -> Review | None:
    """What the reviewers changed and said; ``None`` where the file is no version of this document."""
    expected = tuple((*_front(document.meta), *passages(document)))
    said, found = [p.text for p in expected], [p.original for p in paragraphs]
    if not _akin(said, found):
        return None
    pairs = pair(said, found)
    result = Review()
    headings = _headings(document)
    spots: dict[int, Spot] = {}
    here = Spot(section="", heading=headings[""])
    for left, right in pairs:
        passage = None if left is None else expected[left]
        if passage is not None:
            here = _spot(passage, headings)
        if right is None and passage is not None:
            _removed(passage, here, result)
        elif right is not None:
            spots[right] = here
            _compare(passage, paragraphs[right], here, result)
    _joined(paragraphs, spots, result)
    result.comments = list(_comments(paragraphs, remarks, spots))
    return result


def _akin(said: Sequence[str], found: Sequence[str]) -> bool:
    known = {fold(text) for text in said}
    return len(known & {fold(text) for text in found}) >= _LEAST_LIKENESS * len(known)


def _front(meta: n.Meta) -> Iterator[Passage]:
    """The words of cover and imprint in the order in which they are printed."""
    marks = (" · ".join(meta.marks),) if meta.marks else ()
    explained = (*marks, meta.mark_explanation) if meta.marks else ()
    cover = (meta.authority.name, *marks, meta.title, meta.subtitle, meta.published, meta.article_number)
    imprint = (meta.title, *explained, *meta.citation_advice, *(f"{label} {value}" for label, value in meta.imprint))
    for i, words in enumerate(filter(None, (*cover, *imprint)), 1):
        yield Passage(content=(n.Text(text=words),), paragraph=i)


def _headings(document: n.Document) -> dict[str, str]:
    """Section id → its heading with number; "" is what stands before the first."""
    found = {"": document.meta.title}
    for block in document.blocks:
        if isinstance(block, n.Heading):
            number = heading_number(block, document.meta.labels)
            found[block.id] = fold(f"{number} {Passage(content=block.content).text}")
    return found


def _spot(passage: Passage, headings: dict[str, str]) -> Spot:
    return Spot(
        section=passage.section,
        heading=headings[passage.section],
        paragraph=passage.paragraph,
        table=passage.table,
        row=passage.row,
        column=passage.column,
        note=passage.note,
    )


def _removed(passage: Passage, spot: Spot, result: Review) -> None:
    result.changes.append(ProseChange(kind="removed", spot=spot, old=fold(passage.text), new="", hands=()))
    result.facts += [FactChange(fact_id=f.fact_id, spot=spot, old=f.text, new="", hands=()) for f in passage.facts]


def _compare(passage: Passage | None, paragraph: ReviewedParagraph, spot: Spot, result: Review) -> None:
    """Tell what differs in a paragraph; one without a passage was typed in without tracking."""
    standing = []
    for part in paragraph.parts:
        if (passage is None or not fold(part.original)) and fold(_text(part)):
            new = fold(_text(part))
            hands = _hands_of(part)
            result.changes.append(
                ProseChange(kind="added", spot=spot, old="", new=new, hands=hands, numbers=bool(re.search(r"\d", new)))
            )
        elif passage is not None and fold(part.original):
            standing.append(part)
    if passage is None:
        return
    hands = paragraph.hands
    pieces = [piece for i, part in enumerate(standing) for piece in (*_divider(i), *part.revised)]
    words = compare_words(passage, pieces)
    result.facts += [FactChange(fact_id=c.fact_id, spot=spot, old=c.old, new=c.new, hands=hands) for c in words.facts]
    old, new = fold(words.old), fold(words.new)
    if old != new:
        kind: ProseChangeKind = "removed" if not new else "divided" if len(standing) > 1 else "changed"
        result.changes.append(ProseChange(kind=kind, spot=spot, old=old, new=new, hands=hands, numbers=words.numbers))


def _divider(at: int) -> list[TrackedRun]:
    return [TrackedRun(text=_SPLIT)] if at else []


def _text(part: ParagraphPart) -> str:
    return "".join(piece.text for piece in part.revised)


def _hands_of(part: ParagraphPart) -> tuple[Hand, ...]:
    return ReviewedParagraph(parts=(part,)).hands


def _joined(paragraphs: Sequence[ReviewedParagraph], spots: dict[int, Spot], result: Review) -> None:
    """Tell of paragraphs that a reviewer made into one: both have words, and the end of the first was struck out."""
    for i, paragraph in enumerate(paragraphs[:-1]):
        last, following = paragraph.parts[-1], paragraphs[i + 1].parts[0]
        first, second = fold(_text(last)), fold(_text(following))
        if last.joined is not None and first and second and i in spots:
            old = f"{fold(last.original)}{_SPLIT}{fold(following.original)}"
            hands = (last.joined,)
            result.changes.append(
                ProseChange(kind="joined", spot=spots[i], old=old, new=f"{first} {second}", hands=hands)
            )


def _comments(
    paragraphs: Sequence[ReviewedParagraph], remarks: Sequence[WordComment], spots: dict[int, Spot]
) -> Iterator[Comment]:
    first: dict[str, Spot] = {}
    quotes: dict[str, str] = {}
    for i, paragraph in enumerate(paragraphs):
        for part in paragraph.parts:
            for comment in part.comments:
                first.setdefault(comment, spots[i])
            for piece in part.pieces:
                for comment in piece.comments:
                    quotes[comment] = quotes.get(comment, "") + piece.text
    for remark in remarks:
        yield Comment(
            id=remark.id,
            spot=first.get(remark.id, first.get(remark.answers, Spot(section="", heading=""))),
            quote=fold(quotes.get(remark.id, "")),
            text=remark.text,
            hand=remark.hand,
            done=remark.done,
            answers=remark.answers,
        )
