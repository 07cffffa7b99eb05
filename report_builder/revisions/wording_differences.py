"""Wording and structure: what was rewritten, added, removed, moved or renamed."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.revisions.comparison import DifferenceKind, Layer, Piece, ReportDifference, Weight
from report_builder.revisions.matching import Candidate, match_candidates, moved_positions
from report_builder.revisions.outline import Item, Section
from report_builder.revisions.tokens import Token, changed_words, keys, pieces, same, same_times, text_of_tokens

_WHAT = {
    "paragraph": msgid("Paragraph", context="comparison"),
    "item": msgid("List item", context="comparison"),
    "term": msgid("Definition", context="comparison"),
    "callout-title": msgid("Title of the box", context="comparison"),
    "note": msgid("Footnote", context="comparison"),
    "field": msgid("On the cover or the imprint", context="comparison"),
    "table": msgid("Table", context="comparison"),
    "figure": msgid("Figure", context="comparison"),
    "section": msgid("Section", context="comparison"),
}
_WITHOUT_PLACE = frozenset({"note", "field"})
"""Sorts that follow something else: where they stand among the others says nothing."""
_TITLE_LENGTH = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An item and the section that it stands in."""

    item: Item
    section: Section


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedOutlines:
    """Two outlines paired beside each other: which section and which item of the old is which of the new."""

    old: Section
    new: Section
    sections: tuple[tuple[Section, Section], ...]
    items: tuple[tuple[Placed, Placed], ...]
    old_alone: tuple[Placed, ...]
    new_alone: tuple[Placed, ...]

    def pairs(self, sort: str) -> Iterator[tuple[Placed, Placed]]:
        """The pairs of one sort of item."""
        return ((a, b) for a, b in self.items if a.item.sort == sort)


def pair_outlines(old: Section, new: Section) -> PairedOutlines:
    """Match the sections and the items of two outlines."""
    before, after = list(old.walk())[1:], list(new.walk())[1:]
    found = match_candidates([_entry(s) for s in before], [_entry(s) for s in after])
    same_title = match_candidates([_untitled(s, i in found) for i, s in enumerate(before)],
                       [_untitled(s, j in found.values()) for j, s in enumerate(after)])  # fmt: skip
    found |= {i: j for i, j in same_title.items() if i not in found and j not in found.values()}
    homes = {id(after[j]): before[i].id for i, j in found.items()}
    olds = [Placed(item=item, section=s) for s in old.walk() for item in s.items]
    news = [Placed(item=item, section=s) for s in new.walk() for item in s.items]
    pairs = match_candidates(
        [_item(p, p.section.id) for p in olds],
        [_item(p, homes.get(id(p.section), ("new", p.section.id))) for p in news],
    )
    _renamed(olds, news, pairs)
    taken = set(pairs.values())
    return PairedOutlines(
        old=old,
        new=new,
        sections=((old, new), *((before[i], after[j]) for i, j in sorted(found.items()))),
        items=tuple((olds[i], news[j]) for i, j in sorted(pairs.items())),
        old_alone=tuple(p for i, p in enumerate(olds) if i not in pairs),
        new_alone=tuple(p for j, p in enumerate(news) if j not in taken),
    )


def _entry(section: Section) -> Candidate:
    return Candidate(section.id, "", "section", ())


def _item(placed: Placed, home: Hashable) -> Candidate:
    item = placed.item
    text = text_of_tokens(item.tokens) if any(t.time or t.fact for t in item.tokens) else ""
    return Candidate(item.id, home, item.sort, item.words, text)


def _untitled(section: Section, paired: bool) -> Candidate:
    """A section that no id paired, by its title; the others cannot be taken."""
    return Candidate(section.id if paired else "", section.level, "section", keys(section.title))


def _renamed(olds: Sequence[Placed], news: Sequence[Placed], pairs: dict[int, int]) -> None:
    """Tables and figures whose id was exchanged: the same caption, where only one on each side has it."""
    taken = set(pairs.values())
    left = [i for i, p in enumerate(olds) if i not in pairs and p.item.node]
    for j, placed in enumerate(news):
        if j in taken or not placed.item.node:
            continue
        alike = [i for i in left if olds[i].item.sort == placed.item.sort and olds[i].item.words == placed.item.words]
        if len(alike) == 1:
            pairs[alike[0]] = j
            left.remove(alike[0])


def wording_differences(paired: PairedOutlines) -> Iterator[ReportDifference]:
    """Every change of wording and structure; what stands in tables and charts is told elsewhere."""
    new_of = {id(a): b for a, b in paired.sections}
    old_of = {id(b): a for a, b in paired.sections}
    gone = {id(s) for s in paired.old.walk() if id(s) not in new_of}
    come = {id(s) for s in paired.new.walk() if id(s) not in old_of}
    for before, after in paired.sections[1:]:
        yield from _retitled(before, after)
    yield from _whole_sections(paired.old, gone, paired.old_alone, DifferenceKind.REMOVED)
    yield from _whole_sections(paired.new, come, paired.new_alone, DifferenceKind.ADDED)
    yield from _moved_sections(paired, new_of)
    for one, other in paired.items:
        yield from _reworded(one, other)
    yield from _alone(paired.old_alone, gone, DifferenceKind.REMOVED)
    yield from _alone(paired.new_alone, come, DifferenceKind.ADDED)
    yield from _moved_items(paired, new_of)


def _retitled(before: Section, after: Section) -> Iterator[ReportDifference]:
    kind = told_as(before.title, after.title, DifferenceKind.RENAMED)
    if kind is not None:
        woven = pieces(before.title, after.title)
        yield _change("section", kind, after.id, after.words, after, woven, Layer.STRUCTURE)


def told_as(before: Sequence[Token], after: Sequence[Token], kind: DifferenceKind) -> DifferenceKind | None:
    """How two texts differ: as ``kind``, in nothing but the periods that they name, or not at all."""
    if not same(before, after):
        return kind
    return None if same_times(before, after) else DifferenceKind.ROLLED


def _whole_sections(
    root: Section, alone: set[int], items: Sequence[Placed], kind: DifferenceKind
) -> Iterator[ReportDifference]:
    """Sections that only one side has, each with its words, but for those inside another such section."""
    standing: dict[int, list[Item]] = {}
    for placed in items:
        standing.setdefault(id(placed.section), []).append(placed.item)
    for section in root.walk():
        if id(section) not in alone:
            continue
        words = [
            text_of_tokens(section.title),
            *(text_of_tokens(i.tokens) for i in standing.get(id(section), ()) if not i.node),
        ]
        woven = (_whole("\n".join(words), kind),)
        yield _change("section", kind, section.id, section.words, section, woven, Layer.STRUCTURE)


def _moved_sections(paired: PairedOutlines, new_of: dict[int, Section]) -> Iterator[ReportDifference]:
    for before, after in paired.sections:
        for section in before.sections:
            found = new_of.get(id(section))
            if found is not None and found.parent is not after:
                yield _moved("section", section.id, section, found, found.words, (), found)
        at = {id(s): i for i, s in enumerate(after.sections)}
        pairs = [(s, new_of[id(s)]) for s in before.sections if id(s) in new_of]
        order = [at[id(b)] for _, b in pairs if id(b) in at]
        for i in sorted(moved_positions(order)):
            section = after.sections[i]
            origin = next(a for a, b in pairs if b is section)
            yield _moved("section", section.id, origin, section, section.words, (), section)


def _moved_items(paired: PairedOutlines, new_of: dict[int, Section]) -> Iterator[ReportDifference]:
    """Items that stand in another section than their own became, or in another order in it."""
    staying: dict[int, list[tuple[Placed, Placed]]] = {}
    for one, other in paired.items:
        if one.item.sort in _WITHOUT_PLACE:
            continue
        if new_of.get(id(one.section)) is other.section:
            staying.setdefault(id(other.section), []).append((one, other))
        else:
            yield _item_moved(one, other)
    for pairs in staying.values():
        place = {id(p.item): i for i, p in enumerate(sorted((b for _, b in pairs), key=_position))}
        by_place = {place[id(b.item)]: (a, b) for a, b in pairs}
        for i in sorted(moved_positions([place[id(b.item)] for _, b in pairs])):
            yield _item_moved(*by_place[i])


def _position(placed: Placed) -> int:
    return next(i for i, item in enumerate(placed.section.items) if item is placed.item)


def _item_moved(one: Placed, other: Placed) -> ReportDifference:
    words = (_whole(text_of_tokens(other.item.tokens), DifferenceKind.CHANGED),)
    title = _title(other.item)
    return _moved(other.item.sort, other.item.id, one.section, other.section, title, words, other.section)


def _moved(
    what: str, key: str, before: Section, after: Section, title: str, woven: tuple[Piece, ...], home: Section
) -> ReportDifference:
    origin, goal = (before.parent, after.parent) if what == "section" else (before, after)
    change = _change(what, DifferenceKind.MOVED, key, title, home, woven, Layer.STRUCTURE)
    return dataclasses.replace(change, old=origin.words if origin else "", new=goal.words if goal else "")


def _reworded(one: Placed, other: Placed) -> Iterator[ReportDifference]:
    item = other.item
    layer, kind = (
        (Layer.WORDING, DifferenceKind.CHANGED) if item.node is None else (Layer.STRUCTURE, DifferenceKind.RENAMED)
    )
    told = told_as(one.item.tokens, item.tokens, kind)
    if told is not None:
        woven = pieces(one.item.tokens, item.tokens)
        yield _change(item.sort, told, item.id, _title(item), other.section, woven, layer)


def _alone(items: Sequence[Placed], whole: set[int], kind: DifferenceKind) -> Iterator[ReportDifference]:
    for placed in items:
        item = placed.item
        if id(placed.section) in whole and item.node is None and item.sort != "note":
            continue  # told with its section
        layer = Layer.STRUCTURE if item.node is not None else Layer.WORDING
        yield _change(
            item.sort, kind, item.id, _title(item), placed.section, (_whole(text_of_tokens(item.tokens), kind),), layer
        )


def _whole(words: str, kind: DifferenceKind) -> Piece:
    if kind is DifferenceKind.REMOVED:
        return Piece(op="gone", old=words)
    return Piece(op="new", new=words) if kind is DifferenceKind.ADDED else Piece(op="same", old=words, new=words)


def _title(item: Item) -> str:
    words, what = text_of_tokens(item.tokens), gettext(_WHAT[item.sort], context="comparison")
    if isinstance(item.node, n.Table | n.Figure):
        return f"{what} {item.node.number}. {words}"
    if len(words) > _TITLE_LENGTH:
        words = words[:_TITLE_LENGTH].rpartition(" ")[0] + " …"
    return f"{what}: {words}"


def _change(
    what: str, kind: DifferenceKind, key: str, title: str, home: Section, woven: tuple[Piece, ...], layer: Layer
) -> ReportDifference:
    return ReportDifference(
        id=f"{layer.value}-{what}-{key or home.id}",
        layer=layer,
        kind=kind,
        what=what,
        key=key,
        title=title,
        chapter=home.chapter.id,
        place=home.words,
        pieces=woven,
        weight=_weight(woven, kind, what),
    )


def _weight(woven: Sequence[Piece], kind: DifferenceKind, what: str) -> Weight:
    if what in ("section", "table", "figure") and kind not in (DifferenceKind.RENAMED, DifferenceKind.ROLLED):
        return "large"
    count = changed_words(woven)
    return "small" if count <= 4 else "medium" if count <= 30 else "large"
