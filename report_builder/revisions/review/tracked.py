"""The paragraphs of a reviewed Word file, each as it stood and as it would stand with every tracked change accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from report_builder.packages.word import W14, W15
from report_builder.packages.word import W as _W
from report_builder.revisions.review.wordfile import WordFile

_INSERTED = {f"{_W}ins", f"{_W}moveTo"}
_STRUCK = {f"{_W}del", f"{_W}moveFrom"}
_SILENT = {f"{_W}instrText", f"{_W}delInstrText", f"{_W}drawing", f"{_W}pict", f"{_W}object", f"{_W}sdtPr", f"{_W}pPr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who changed or commented, and when (ISO, as the file has it); empty where the file does not say."""

    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedRun:
    """Words in a row: ``inserted`` or ``struck`` by somebody, inside the control ``tag`` of a fact or in none."""

    text: str
    tag: str = ""
    inserted: Hand | None = None
    struck: Hand | None = None
    comments: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class ParagraphPart:
    """A paragraph as the file has it. ``joined``: its end was struck out, ``divided``: its end was inserted."""

    pieces: list[TrackedRun] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    joined: Hand | None = None
    divided: Hand | None = None

    @property
    def original(self) -> str:
        """The words as they stood."""
        return "".join(piece.text for piece in self.pieces if not piece.inserted)

    @property
    def revised(self) -> list[TrackedRun]:
        """What stands with every change accepted."""
        return [piece for piece in self.pieces if not piece.struck]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedParagraph:
    """What was one paragraph before the review, in ``parts`` if a reviewer divided it; ``note`` is a footnote's id."""

    parts: tuple[ParagraphPart, ...]
    note: str = ""

    @property
    def original(self) -> str:
        """The words as they stood."""
        return "".join(part.original for part in self.parts)

    @property
    def hands(self) -> tuple[Hand, ...]:
        """Everybody who changed something in it, in the order of the changes, each once."""
        found = (hand for part in self.parts for p in part.pieces for hand in (p.inserted, p.struck) if hand)
        ends = (hand for part in self.parts for hand in (part.joined, part.divided) if hand)
        return tuple(dict.fromkeys((*found, *ends)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordComment:
    """A comment: its id, what it says, by whom, whether it is marked as done, and the comment that it answers."""

    id: str
    text: str
    hand: Hand
    done: bool = False
    answers: str = ""


def reviewed_paragraphs(file: WordFile) -> tuple[ReviewedParagraph, ...]:
    """The paragraphs of the text in reading order, and then those of the footnotes; tables of contents are left out."""
    found = list(_grouped(_parts(file.body), ""))
    for note in () if file.notes is None else file.notes:
        if note.get(f"{_W}type") in (None, "normal"):
            found += _grouped(_parts(note), str(note.get(f"{_W}id")))
    return tuple(found)


def word_comments(file: WordFile) -> tuple[WordComment, ...]:
    """Every comment of the file, in the order in which the file has them."""
    if file.comments is None:
        return ()
    threads = {} if file.threads is None else {t.get(f"{W15}paraId"): t for t in file.threads}
    owners = {p.get(f"{W14}paraId"): c.get(f"{_W}id") for c in file.comments for p in c.iter(f"{_W}p")}
    return tuple(_remark(comment, threads, owners) for comment in file.comments)


def _remark(comment: Any, threads: dict[str, Any], owners: dict[str, str]) -> WordComment:
    lines = list(comment.iter(f"{_W}p"))
    text = "\n".join("".join(piece.text for piece in part.revised) for part in _parts(comment))
    thread = threads.get(lines[-1].get(f"{W14}paraId")) if lines else None
    parent = "" if thread is None else thread.get(f"{W15}paraIdParent", "")
    done = thread is not None and thread.get(f"{W15}done") in ("1", "true")
    return WordComment(
        id=str(comment.get(f"{_W}id")),
        text=text.strip(),
        hand=_hand(comment),
        done=done,
        answers=owners.get(parent, ""),
    )


def _grouped(parts: Iterator[ParagraphPart], note: str) -> Iterator[ReviewedParagraph]:
    """Parts whose end a reviewer put in belong with what follows: together they were one paragraph."""
    waiting: list[ParagraphPart] = []
    for part in parts:
        waiting.append(part)
        if part.divided is None:
            yield ReviewedParagraph(parts=tuple(waiting), note=note)
            waiting = []
    if waiting:
        yield ReviewedParagraph(parts=tuple(waiting), note=note)


def _parts(story: Any) -> Iterator[ParagraphPart]:
    open_comments: list[str] = []
    for element in _blocks(story):
        if element.tag == f"{_W}p":
            part = _Reader(open_comments).read(element)
            yield part
        elif element.tag == f"{_W}commentRangeStart":
            open_comments.append(str(element.get(f"{_W}id")))
        elif element.get(f"{_W}id") in open_comments:
            open_comments.remove(str(element.get(f"{_W}id")))


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs in reading order, and ends of comments between them; no contents list, no fallback of a drawing."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}commentRangeStart", f"{_W}commentRangeEnd"):
            yield child
        elif child.tag == f"{_W}sdt" and child.find(f"{_W}sdtPr/{_W}docPartObj") is not None:
            continue
        elif isinstance(child.tag, str) and child.tag != _FALLBACK:
            yield from _blocks(child)


class _Reader:
    """Reads one paragraph; ``open_comments`` are the comments under way, which may begin and end elsewhere."""

    def __init__(self, open_comments: list[str]) -> None:
        self.part = ParagraphPart()
        self.open = open_comments

    def read(self, paragraph: Any) -> ParagraphPart:
        """The paragraph."""
        ends = paragraph.find(f"{_W}pPr/{_W}rPr")
        if ends is not None:
            struck, inserted = ends.find(f"{_W}del"), ends.find(f"{_W}ins")
            self.part.joined = None if struck is None else _hand(struck)
            self.part.divided = None if inserted is None else _hand(inserted)
        self.part.comments.extend(self.open)
        for child in paragraph:
            self._walk(child, TrackedRun(text=""))
        return self.part

    def _walk(self, element: Any, inside: TrackedRun) -> None:
        tag = element.tag
        if tag in _SILENT or tag == _FALLBACK or not isinstance(tag, str):
            return
        if tag in (f"{_W}t", f"{_W}delText"):
            self._add(element.text or "", inside)
        elif tag in _SIGNS:
            self._add(_SIGNS[tag], inside)
        elif tag in (f"{_W}commentRangeStart", f"{_W}commentRangeEnd", f"{_W}commentReference"):
            self._comment(tag, str(element.get(f"{_W}id")))
        else:
            inner = _inside(element, inside)
            for child in element:
                self._walk(child, inner)

    def _comment(self, tag: str, comment: str) -> None:
        if tag == f"{_W}commentRangeEnd":
            if comment in self.open:
                self.open.remove(comment)
            return
        if tag == f"{_W}commentRangeStart":
            self.open.append(comment)
        if comment not in self.part.comments:
            self.part.comments.append(comment)

    def _add(self, text: str, inside: TrackedRun) -> None:
        if text:
            self.part.pieces.append(replace(inside, text=text, comments=frozenset(self.open)))


def _inside(element: Any, outside: TrackedRun) -> TrackedRun:
    if element.tag in _INSERTED:
        return replace(outside, inserted=_hand(element))
    if element.tag in _STRUCK:
        return replace(outside, struck=_hand(element))
    if element.tag == f"{_W}sdt":
        # some programs keep the alias alone
        named = [element.find(f"{_W}sdtPr/{_W}{name}") for name in ("tag", "alias")]
        tag = next((str(name.get(f"{_W}val", "")) for name in named if name is not None), "")
        return replace(outside, tag=tag)
    return outside


def _hand(element: Any) -> Hand:
    return Hand(who=str(element.get(f"{_W}author", "")), when=str(element.get(f"{_W}date", "")))
