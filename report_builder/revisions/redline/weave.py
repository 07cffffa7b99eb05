"""Two paragraphs of Word files woven into one whose differences are tracked changes, word by word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from report_builder.packages.word import R, W
from report_builder.revisions.redline.revision_marks import RevisionMark, Tracker
from report_builder.revisions.redline.wordparts import Adoption, Parts
from report_builder.revisions.tokens import opcodes, text_tokens

_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a paragraph that is kept, removed or added as a whole; ``run`` is set for words cut from a run."""

    key: str
    elements: tuple[Any, ...]
    run: Any = None
    text: str = ""


def atoms(paragraph: Any, parts: Parts, part: str) -> list[Atom]:
    """The pieces of a paragraph: words, figures, fields, links, notes, pictures."""
    found: list[Atom] = []
    children = [child for child in paragraph if child.tag != f"{W}pPr"]
    i = 0
    while i < len(children):
        child = children[i]
        if child.find(f"{W}fldChar") is not None:
            end = _field_end(children, i)
            code = "".join(e.text or "" for c in children[i:end] for e in c.iter(f"{W}instrText"))
            found.append(Atom(f"\0field {' '.join(code.split())}", tuple(children[i:end])))
            i = end
            continue
        found += _atoms_of(child, parts, part)
        i += 1
    return found


def loosen(tree: Any, targets: frozenset[str]) -> None:
    """Make plain numbers of the references to ``targets``: a bookmark that moves has but one place in a file."""
    for paragraph in tree.iter(f"{W}p"):
        children = list(paragraph)
        i = 0
        while i < len(children):
            end = i + 1
            if children[i].find(f"{W}fldChar") is not None:
                end = _field_end(children, i)
                code = "".join(e.text or "" for c in children[i:end] for e in c.iter(f"{W}instrText")).split()
                if code[:1] == ["REF"] and code[1] in targets:
                    for run in children[i:end]:
                        if run.find(f"{W}t") is None:
                            paragraph.remove(run)
            i = end


def _field_end(children: Sequence[Any], start: int) -> int:
    """Where the field that begins at ``start`` is over; of one that goes on below only its beginning."""
    depth = 0
    for i in range(start, len(children)):
        for mark in children[i].iter(f"{W}fldChar"):
            depth += {"begin": 1, "end": -1}.get(mark.get(f"{W}fldCharType"), 0)
        if depth <= 0:
            return i + 1
    last = [i for i in range(start, len(children)) if children[i].find(f"{W}fldChar") is not None]
    return last[-1] + 1


def _atoms_of(child: Any, parts: Parts, part: str) -> Iterator[Atom]:
    if child.tag == f"{W}r":
        kinds = {e.tag for e in child} - {f"{W}rPr"}
        if kinds <= {f"{W}t", f"{W}softHyphen"}:
            for token in text_tokens(_run_text(child), raw=True):
                yield Atom(token.key, (child,), child, token.text)
        elif f"{W}footnoteReference" in kinds:
            yield Atom("\0note", (child,))
        elif f"{W}drawing" in kinds:
            yield Atom(f"\0picture {_pictures(child, parts, part)}", (child,))
        else:
            yield Atom(f"\0{' '.join(sorted(kinds))}", (child,))
    elif child.tag == f"{W}sdt":
        tag = child.find(f"{W}sdtPr/{W}tag")
        yield Atom(f"\0fact {'' if tag is None else tag.get(f'{W}val')}", (child,))
    elif child.tag == f"{W}hyperlink":
        relation = parts.relations(part).get(child.get(f"{R}id") or "", ("", "", False))
        yield Atom(f"\0link {child.get(f'{W}anchor') or relation[1]} {_link_text(child)}", (child,))
    else:
        yield Atom(f"\0{etree.QName(child).localname}", (child,))


def _run_text(run: Any) -> str:
    """The words of a run as they stand, so that what is kept keeps its no-break spaces."""
    return "".join(e.text or "" if e.tag == f"{W}t" else _SOFT_HYPHEN for e in run if e.tag != f"{W}rPr")


def _link_text(link: Any) -> str:
    """The words of a link; in a table of contents the numbers of heading and page are counted, not written."""
    texts: list[str] = []
    inside_field = 0
    for e in link.iter(f"{W}t", f"{W}tab", f"{W}fldChar"):
        if e.tag == f"{W}fldChar":
            inside_field += {"begin": 1, "end": -1}.get(e.get(f"{W}fldCharType"), 0)
        elif not inside_field:
            texts.append("\t" if e.tag == f"{W}tab" else e.text or "")
    before, tab, after = "".join(texts).partition("\t")
    words = after if tab and before[:1].isalnum() and len(before) < 12 else before + after
    return words.rstrip("\t")


def _pictures(run: Any, parts: Parts, part: str) -> str:
    relations = [node.get(f"{R}embed") for node in run.iter() if node.get(f"{R}embed")]
    vector = [r for r in relations if parts.relations(part)[r][1].endswith(".svg")] or relations
    return " ".join(hashlib.sha256(parts.blob(part, r)).hexdigest() for r in vector)


class Weaver:
    """Weaves paragraphs; ``notes`` are the pairs of old and new footnotes that stand in the same place."""

    def __init__(self, tracker: Tracker, adoption: Adoption) -> None:
        self.tracker, self.adoption = tracker, adoption
        self.notes: list[tuple[str, str]] = []

    def weave(self, old: Any, new: Any, part: str) -> None:
        """Turn ``new`` into a paragraph that is ``new`` when its changes are accepted and ``old`` when rejected."""
        before = atoms(old, self.adoption.old, part)
        after = atoms(new, self.adoption.new, part)
        for child in [c for c in new if c.tag != f"{W}pPr"]:
            new.remove(child)
        for op, i1, i2, j1, j2 in opcodes([a.key for a in before], [a.key for a in after]):
            if op == "equal":
                new.extend(self._kept(before[i1:i2], after[j1:j2]))
                continue
            gone = [deepcopy(e) for e in _elements(before[i1:i2]) if not _anchor(e)]
            new.extend(self.tracker.wrapped((self.adoption.take(e, part) for e in gone), "del"))
            new.extend(self.tracker.wrapped(_elements(after[j1:j2]), "ins"))
        self._restyled(old, new)

    def _kept(self, before: Sequence[Atom], after: Sequence[Atom]) -> Iterator[Any]:
        start = 0
        for i, (was, now) in enumerate(zip(before, after, strict=True)):
            if now.key == "\0note":
                self.notes.append((_note_number(was.elements[0]), _note_number(now.elements[0])))
            elif now.key.startswith("\0fact ") and _text(was) != _text(now):
                yield from _elements(after[start:i])
                yield from self._refigured(was, now)
                start = i + 1
        yield from _elements(after[start:])

    def _refigured(self, was: Atom, now: Atom) -> Iterator[Any]:
        """A figure with a new value: both stand outside any control, since not every program tracks what is in one."""
        yield from self.tracker.wrapped([deepcopy(e) for e in was.elements], "del")
        yield from self.tracker.wrapped(now.elements, "ins")

    def _restyled(self, old: Any, new: Any) -> None:
        """Another style is a tracked change too."""
        before, after = (p.find(f"{W}pPr/{W}pStyle") for p in (old, new))
        if before is None or after is None or before.get(f"{W}val") == after.get(f"{W}val"):
            return
        properties = deepcopy(old.find(f"{W}pPr"))
        for name in ("rPr", "sectPr", "pPrChange"):
            for child in properties.findall(f"{W}{name}"):
                properties.remove(child)
        holder = etree.Element(f"{W}p")
        holder.append(properties)
        self.adoption.take(holder, "word/document.xml")
        change = self.tracker.mark("pPrChange")
        change.append(properties)
        new.find(f"{W}pPr").append(change)


def _elements(run: Sequence[Atom]) -> list[Any]:
    """The elements of atoms; words next to each other that were cut from one run become one run again."""
    found: list[Any] = []
    at = 0
    while at < len(run):
        atom = run[at]
        if atom.run is None:
            found += atom.elements
            at += 1
            continue
        end = at
        while end < len(run) and run[end].run is atom.run:
            end += 1
        found.append(_cut(atom.run, "".join(a.text for a in run[at:end])))
        at = end
    return found


def _cut(run: Any, text: str) -> Any:
    made = etree.Element(f"{W}r")
    look = run.find(f"{W}rPr")
    if look is not None:
        made.append(deepcopy(look))
    for i, piece in enumerate(text.split(_SOFT_HYPHEN)):
        if i:
            etree.SubElement(made, f"{W}softHyphen")
        if piece:
            words = etree.SubElement(made, f"{W}t")
            words.text = piece
            words.set(_SPACE, "preserve")
    return made


def _anchor(element: Any) -> bool:
    return element.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd")


def _text(atom: Atom) -> str:
    return "".join(t.text or "" for e in atom.elements for t in e.iter(f"{W}t"))


def _note_number(run: Any) -> str:
    return str(run.find(f"{W}footnoteReference").get(f"{W}id"))


__all__ = ["Atom", "RevisionMark", "Weaver", "atoms"]
