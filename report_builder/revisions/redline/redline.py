"""The new version as a Word file whose differences from the old one are tracked changes.

Accepting all of them gives the new edition's text, rejecting all of them the old one's. Numbers that Word counts itself
(of headings, tables, notes, references and the table of contents) are the new edition's and are not marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from report_builder.packages.word import FOOTNOTES_PART, MAIN_PART, W
from report_builder.revisions.matching import Candidate, match_candidates, moved_positions
from report_builder.revisions.redline.revision_marks import Tracker
from report_builder.revisions.redline.table_weaver import TableWeaver, weavable
from report_builder.revisions.redline.weave import Weaver, atoms, loosen
from report_builder.revisions.redline.wordparts import Adoption, Parts

_RUNNING = ("word/header", "word/footer")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One file's blocks in reading order, each as what it is matched by."""

    blocks: list[Any]
    entries: list[Candidate]


def redline(old: bytes, new: bytes, *, author: str, date: str) -> bytes:
    """The Word edition ``new`` with its differences from ``old`` tracked.

    ``author`` and ``date`` (an ISO date and time) stand on every change.

    Raises:
        ReportError: one of the two is no Word document.

    """
    before, after = Parts(old, "the old Word edition"), Parts(new, "the new Word edition")
    adoption = Adoption(before, after)
    weaver = Weaver(Tracker(author=author, date=date), adoption)
    _Redline(weaver, MAIN_PART).body(before.tree(MAIN_PART)[0], after.tree(MAIN_PART)[0])
    for part in sorted(after.files):
        if part.startswith(_RUNNING) and part in before.files:
            _Redline(weaver, part).body(before.tree(part), after.tree(part))
    _notes(weaver)
    return after.saved()


def _notes(weaver: Weaver) -> None:
    """Footnotes that stand in the same place, word by word."""
    if not weaver.notes:
        return
    old, new = (
        {n.get(f"{W}id"): n for n in p.tree(FOOTNOTES_PART)} for p in (weaver.adoption.old, weaver.adoption.new)
    )
    for was, now in weaver.notes:
        pairs = zip(old[was].iter(f"{W}p"), list(new[now].iter(f"{W}p")), strict=False)
        for paragraph, woven in pairs:
            weaver.weave(paragraph, woven, FOOTNOTES_PART)


class _Redline:
    """Weaves the blocks of one part."""

    def __init__(self, weaver: Weaver, part: str) -> None:
        self.weaver, self.part = weaver, part
        self.tracker, self.adoption = weaver.tracker, weaver.adoption
        self.tables = TableWeaver(weaver)
        self._moves = 0

    def body(self, old: Any, new: Any) -> None:
        """Weave the children of ``old`` into those of ``new``."""
        before, after = self._side(old, self.adoption.old), self._side(new, self.adoption.new)
        pairs = match_candidates(before.entries, after.entries)
        self._part_unlike_tables(before, after, pairs)
        order = [pairs[i] for i in sorted(pairs)]
        shifted = moved_positions(order)
        self._loosen(before, after, {i: j for i, j in pairs.items() if j not in shifted})
        steady = {j: i for i, j in pairs.items() if j not in shifted}
        names = {j: self._name() for j in sorted(shifted) if after.blocks[j].tag == f"{W}p"}
        kept = set(steady.values())
        at = 0
        for j, block in enumerate(after.blocks):
            if j in steady:
                self._put_back(before, kept, range(at, steady[j]), pairs, names, block)
                at = steady[j] + 1
                self._both(before.blocks[steady[j]], block)
            elif j in names:
                start, _, end = self.tracker.moved(block, names[j], "moveTo")
                block.addprevious(start)
                block.addnext(end)
            else:
                self._whole(block, "ins")
        last = new.find(f"{W}sectPr")
        self._put_back(before, kept, range(at, len(before.blocks)), pairs, names, last, new)

    def _loosen(self, before: _Side, after: _Side, steady: dict[int, int]) -> None:
        """References to what moved or was exchanged would lose their target when the change is settled."""
        names = [{e.id for e in side.entries if e.sort == "p" and e.id} for side in (before, after)]
        stays = {before.entries[i].id for i in steady}
        targets = frozenset(names[0] & names[1] - stays)
        if targets and self.part == MAIN_PART:
            for parts in (self.adoption.old, self.adoption.new):
                for name in (MAIN_PART, FOOTNOTES_PART):
                    loosen(parts.tree(name), targets)

    def _name(self) -> str:
        self._moves += 1
        return f"move{self._moves}"

    def _put_back(
        self,
        before: _Side,
        kept: set[int],
        span: range,
        pairs: dict[int, int],
        names: dict[int, str],
        anchor: Any,
        parent: Any = None,
    ) -> None:
        """Old blocks that are gone or stood here before they moved, in front of ``anchor`` (or last in ``parent``)."""
        for i in span:
            if i in kept:
                continue
            block = self.adoption.take(before.blocks[i], self.part)
            name = names.get(pairs.get(i, -1))
            put = [self._whole(block, "del")] if name is None else self.tracker.moved(block, name, "moveFrom")
            for element in put:
                if anchor is None:
                    parent.append(element)
                else:
                    anchor.addprevious(element)

    def _whole(self, block: Any, kind: Literal["ins", "del"]) -> Any:
        if block.tag == f"{W}tbl":
            return self.tracker.table(block, kind)
        if block.tag == f"{W}p":
            return self.tracker.paragraph(block, kind)
        return block

    def _both(self, old: Any, new: Any) -> None:
        if new.tag == f"{W}p":
            self.weaver.weave(old, new, self.part)
        elif new.tag == f"{W}tbl":
            self.tables.weave(old, new, self.part)
        elif new.tag == f"{W}sdt":
            self.body(old.find(f"{W}sdtContent"), new.find(f"{W}sdtContent"))

    def _side(self, parent: Any, parts: Parts) -> _Side:
        blocks = [child for child in parent if child.tag in (f"{W}p", f"{W}tbl", f"{W}sdt")]
        entries: list[Candidate] = []
        home = ""
        for block in blocks:
            if block.tag == f"{W}sdt":
                entries.append(Candidate("contents", "", "sdt", ()))
            elif block.tag == f"{W}tbl":
                entries.append(Candidate(f"{home}", "", "tbl", ()))
            else:
                name = _name_of(block)
                home = name or home
                words = tuple(a.key for a in atoms(block, parts, self.part) if a.key not in _MARKS)
                entries.append(Candidate(name, home, "p", words))
        return _Side(blocks=blocks, entries=entries)

    def _part_unlike_tables(self, before: _Side, after: _Side, pairs: dict[int, int]) -> None:
        """A table that is built otherwise is exchanged as a whole, with the caption above it between the two."""
        for i, j in list(pairs.items()):
            if before.entries[i].sort == "tbl" and not weavable(before.blocks[i], after.blocks[j]):
                del pairs[i]
                captions = [a for a in range(i) if before.entries[a].id == before.entries[i].id]
                for a in captions[-1:]:
                    pairs.pop(a, None)


_MARKS = ("\0bookmarkStart", "\0bookmarkEnd")


def _name_of(paragraph: Any) -> str:
    """The authored id that a heading or caption carries as its bookmark; an entry of the contents has its target's."""
    mark = paragraph.find(f"{W}bookmarkStart")
    if mark is not None:
        return str(mark.get(f"{W}name"))
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    link = paragraph.find(f"{W}hyperlink[@{W}anchor]")
    if link is not None and style is not None and style.get(f"{W}val", "").startswith("TOC"):
        return f"contents {link.get(f'{W}anchor')}"
    return ""
