"""Which thing of the old version is which of the new: by id, by the same words, then by likeness; and what moved.

Every step is near to linear: likeness is tried among neighbours, and further away only between texts that share a rare
word, so that a report of twice the length takes twice the time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from report_builder.revisions.tokens import likeness

_NEIGHBOURS_ALIKE = 0.4
_STRANGERS_ALIKE = 0.6
_FEWEST_WORDS = 5
"""A text of fewer words than this is too common to be recognised elsewhere by likeness."""
_RARE = 6
_MOST_NEIGHBOURS = 60
"""So many unmatched texts of one section are compared each with each; beyond that only those that share a rare word."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to be matched: ``id`` or "", where it stands (``home``), its sort and its words.

    ``text`` is what is printed, where that may differ between things whose words count as the same.
    """

    id: str
    home: Hashable
    sort: str
    words: tuple[str, ...]
    text: str = ""


def match_candidates(old: Sequence[Candidate], new: Sequence[Candidate]) -> dict[int, int]:
    """Pairs of positions in ``old`` and ``new``; nothing is paired twice, and sorts are never mixed."""
    pairs: dict[int, int] = {}
    steps: tuple[Callable[[Candidate], Hashable], ...] = (
        lambda e: (e.sort, e.id) if e.id else None,
        lambda e: (e.sort, e.home, e.text) if e.text and not e.id else None,
        lambda e: (e.sort, e.home, e.words) if not e.id else None,
        lambda e: (e.sort, e.words) if e.words else None,
    )
    _by_their_neighbours(old, new, pairs)
    for key in steps:
        _by_key(old, new, key, pairs)
    _by_likeness(old, new, pairs)
    return pairs


def _by_their_neighbours(old: Sequence[Candidate], new: Sequence[Candidate], pairs: dict[int, int]) -> None:
    """Texts that stand several times in one place, and more often on one side: what stands around them decides."""
    homes: tuple[dict[Hashable, list[int]], ...] = ({}, {})
    for side, entries in enumerate((old, new)):
        for i, entry in enumerate(entries):
            if not entry.id:
                homes[side].setdefault(entry.home, []).append(i)
    for home, left in homes[0].items():
        right = homes[1].get(home, [])
        words = [old[i].words for i in left], [new[j].words for j in right]
        counts = Counter(words[0]), Counter(words[1])
        if not any(counts[0][w] != count and max(count, counts[0][w]) > 1 for w, count in counts[1].items()):
            continue
        for a, b, size in SequenceMatcher(None, words[0], words[1], autojunk=False).get_matching_blocks():
            pairs |= {left[a + k]: right[b + k] for k in range(size) if old[left[a + k]].sort == new[right[b + k]].sort}


def _by_key(
    old: Sequence[Candidate], new: Sequence[Candidate], key: Callable[[Candidate], Hashable], pairs: dict[int, int]
) -> None:
    taken = set(pairs.values())
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j in range(len(new) - 1, -1, -1):
        if j not in taken and (name := key(new[j])) is not None:
            waiting[name].append(j)
    for i, entry in enumerate(old):
        name = key(entry)
        if i not in pairs and name is not None and waiting.get(name):
            pairs[i] = waiting[name].pop()


def _by_likeness(old: Sequence[Candidate], new: Sequence[Candidate], pairs: dict[int, int]) -> None:
    left = {i: Counter(old[i].words) for i in range(len(old)) if i not in pairs and not old[i].id}
    taken = set(pairs.values())
    right = {j: Counter(new[j].words) for j in range(len(new)) if j not in taken and not new[j].id}
    homes: dict[Hashable, list[int]] = defaultdict(list)
    for j in right:
        homes[new[j].home, new[j].sort].append(j)
    near = [
        (i, j)
        for i in left
        for j in homes[old[i].home, old[i].sort]
        if len(homes[old[i].home, old[i].sort]) <= _MOST_NEIGHBOURS
    ]
    _best(near, left, right, _NEIGHBOURS_ALIKE, pairs)
    far = [
        (i, j)
        for i, j in _sharing_rare_words(left, right)
        if old[i].sort == new[j].sort and min(left[i].total(), right[j].total()) >= _FEWEST_WORDS
    ]
    _best(far, left, right, _STRANGERS_ALIKE, pairs)


def _sharing_rare_words(left: dict[int, Counter[str]], right: dict[int, Counter[str]]) -> Iterable[tuple[int, int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for j, words in right.items():
        for word in words:
            holders[word].append(j)
    for i, words in left.items():
        candidates: Counter[int] = Counter()
        for word in words:
            if len(holders.get(word, ())) <= _RARE:
                candidates.update(holders.get(word, ()))
        yield from ((i, j) for j, _ in candidates.most_common(_RARE))


def _best(
    candidates: Iterable[tuple[int, int]],
    left: dict[int, Counter[str]],
    right: dict[int, Counter[str]],
    least: float,
    pairs: dict[int, int],
) -> None:
    """Pair the likest first; between equals, those that stand where the other stood."""
    scored = ((-likeness(left[i], right[j]), abs(i - j), i, j) for i, j in candidates if i in left and j in right)
    for score, _, i, j in sorted(s for s in scored if -s[0] >= least):
        if i in left and j in right and score:
            pairs[i] = j
            del left[i], right[j]


def moved_positions(order: Sequence[int]) -> set[int]:
    """The fewest members of ``order`` that must have moved for the others to stand in rising order."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for i, value in enumerate(order):
        length = bisect_left(tails, value)
        before.append(at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            at.append(i)
        else:
            tails[length], at[length] = value, i
    kept: set[int] = set()
    i = at[-1] if at else -1
    while i >= 0:
        kept.add(order[i])
        i = before[i]
    return set(order) - kept
