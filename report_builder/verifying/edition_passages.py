"""Passages: the smallest pieces of a report that are compared when an edition is read back.

A passage is a paragraph, a heading, a caption, a row of a table, a note, or the text alternative of a picture. Two
passages are the same when their letters and figures are: white space, hyphens and punctuation belong to the edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from report_builder.document import nodes as n
from report_builder.document.parts import heading_number
from report_builder.document.walk import plain_text, walk

_KEPT = re.compile(r"[^\W_]+|(?<=\d),(?=\d)|(?<!\w)−(?=\d)|(?<!\w)\+(?=\d)|%")
_HYPHENS = str.maketrans("", "", "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPassage:
    """A piece of an edition: where it stands in the reader's words, what it says, and the facts marked in it.

    ``facts`` are (fact id or the tag that stands for it, printed words).
    """

    place: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPicture:
    """A picture of an edition: where it stands, its text alternative, and what is drawn, to be compared."""

    place: str
    alt: str
    drawn: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A passage of the document. An edition may print it in any of ``forms``: with its number, for example."""

    place: str
    text: str
    forms: tuple[str, ...]


def picture_place(heading: str) -> str:
    """Where a picture stands, by the last heading before it; a cover comes before the first."""
    return f"picture under “{heading}”" if heading else "picture before the first heading"


def folded(text: str) -> str:
    """Letters, figures, decimal commas and signs: what two editions of the same words share."""
    return "".join(_KEPT.findall(text.translate(_HYPHENS)))


def masked(fold: str) -> str:
    """A folded passage with its figures blotted out: the same sentence with another number has the same mask."""
    return re.sub(r"[−+]?\d+(?:,\d+)?", "0", fold)


def has_figure(text: str) -> bool:
    """Whether there is any digit in the text."""
    return any(c.isdigit() for c in text)


def expected_passages(document: n.Document) -> Iterator[Expected]:
    """Every passage that an edition of the document must hold, in reading order; footnotes where they are called."""
    labels = document.meta.labels
    heading = ""
    for block in document.blocks:
        if isinstance(block, n.Heading):
            heading = f"{block.number} {plain_text(block.content)}".strip()
        for node in walk(block):
            yield from _passages(node, heading, labels)


def _passages(node: object, heading: str, labels: n.Labels) -> Iterator[Expected]:
    under = f"under the heading “{heading}”"
    match node:
        case n.Heading():
            words = plain_text(node.content)
            numbers = (node.number, heading_number(node, labels))
            yield _of(f"heading “{heading}”", words, words, *(f"{number} {words}" for number in numbers))
        case n.Paragraph():
            yield _of(under, plain_text(node.content))
        case n.Callout():
            yield _of(under, node.title)
        case n.Definition():
            yield _of(under, plain_text(node.term))
            yield _of(under, plain_text(node.meaning))
        case n.Footnote():
            words = plain_text(node.content)
            yield _of(f"footnote {node.number}", words, words, f"{node.number} {words}")
        case n.Table():
            yield from _table(node, labels)
        case n.Figure():
            place = f"figure {node.number}"
            yield _captioned(place, labels.figure, node.number, plain_text(node.caption))
            yield _of(place, node.alt)
            yield from _below(place, node, labels)


def _table(node: n.Table, labels: n.Labels) -> Iterator[Expected]:
    place = f"table {node.number}"
    yield _captioned(place, labels.table, node.number, plain_text(node.caption))
    headers = [plain_text(column.header) for column in node.columns]
    if not node.groups:
        yield _of(f"{place}, head", " ".join(headers))
    else:
        first, second, at = [], [], 0
        for title, span in node.groups:
            inside = headers[at : at + span]
            first += [title] if title else inside
            second += inside if title else []
            at += span
        yield _of(f"{place}, head", " ".join(first))
        yield _of(f"{place}, head", " ".join(second))
    for row in node.rows:
        cells = [plain_text(cell) for cell in row.cells]
        yield _of(f"{place}, row “{cells[0]}”", " ".join(cells))
    yield from _below(place, node, labels)


def _below(place: str, node: n.Table | n.Figure, labels: n.Labels) -> Iterator[Expected]:
    for remark in node.notes:
        words = plain_text(remark)
        yield _of(f"note of {place}", words, words, f"{labels.note} {words}")
    if node.source:
        words = plain_text(node.source)
        yield _of(f"source of {place}", words, f"{labels.source} {words}")


def _captioned(place: str, label: str, number: str, words: str) -> Expected:
    return _of(f"caption of {place}", words, f"{label} {number} {words}")


def _of(place: str, text: str, *forms: str) -> Expected:
    return Expected(place=place, text=text, forms=tuple(dict.fromkeys(folded(form) for form in forms or (text,))))


def printed_frame(document: n.Document) -> frozenset[str]:
    """What an edition prints around the text: cover, imprint, heads and feet, contents, links to a figure's data."""
    meta, labels = document.meta, document.meta.labels
    words = {meta.title, meta.subtitle, meta.published, meta.article_number, meta.mark_explanation, meta.running_title}
    words |= {f"{meta.published} {meta.article_number}", *meta.marks, *meta.citation_advice, labels.footnotes}
    words |= {labels.contents, meta.authority.name, meta.authority.logotype_alt}
    words |= {part for pair in meta.imprint for part in (*pair, " ".join(pair))}
    for node in walk(document):
        if isinstance(node, n.Table):
            words.add(f"{labels.tables_of_figure} {labels.table.lower()} {node.number}")
        if isinstance(node, n.Figure) and node.data_at:
            words.add(f"{labels.tables_of_figure}: {node.data_at}.")
    return frozenset(folded(w).casefold() for w in words)


def is_frame(fold: str, frame: frozenset[str]) -> bool:
    """Whether a folded passage is put together of what stands around the text, and has no figure of its own."""
    return not has_figure(beside_frame(fold, frame))


def beside_frame(fold: str, frame: frozenset[str]) -> str:
    """What is left of a folded passage when everything that stands around the text is taken out of it."""
    left = fold.casefold()
    for part in sorted(frame, key=len, reverse=True):
        left = left.replace(part, "") if part else left
    return left
