"""A document as sections with what stands in them: the form in which two documents are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.document.parts import heading_number
from report_builder.document.walk import walk
from report_builder.revisions.tokens import Token, fold, keys, text_of_tokens, text_tokens, tokens

FRONT = "omslag"
"""The id of the section that stands for cover and imprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of a section that is compared as a whole: a paragraph, a list's item, a table, a figure, a note …"""

    sort: str
    tokens: tuple[Token, ...]
    id: str = ""
    node: n.Table | n.Figure | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What is compared."""
        return keys(self.tokens)


@dataclass(slots=True, kw_only=True)
class Section:
    """A heading and what stands below it; ``parent`` is the section around it, and ``chapter`` the outermost."""

    id: str
    title: tuple[Token, ...]
    level: int
    number: str = ""
    parent: Section | None = None
    items: list[Item] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    @property
    def chapter(self) -> Section:
        """The chapter that the section belongs to: itself, or the outermost around it."""
        return self if self.level <= 1 or self.parent is None or self.parent.level == 0 else self.parent.chapter

    @property
    def words(self) -> str:
        """The heading as a reader sees it, with its number."""
        return f"{self.number} {text_of_tokens(self.title)}".strip()

    def walk(self) -> Iterator[Section]:
        """The section and all below it, in reading order."""
        yield self
        for section in self.sections:
            yield from section.walk()


def outline(document: n.Document, *, rolled: bool) -> Section:
    """The document as a section of level 0 whose sections are the front matter and the chapters."""
    root = Section(id="", title=(), level=0)
    front = Section(id=FRONT, title=text_tokens(gettext("Cover and imprint")), level=1, parent=root)
    front.items += _front(document.meta, rolled)
    root.sections.append(front)
    at = root
    for node in document.blocks:
        if not isinstance(node, n.Heading):
            at.items += _items(node, rolled, "paragraph")
            continue
        while at.level >= node.level and at.parent is not None:
            at = at.parent
        section = Section(
            id=node.id,
            title=tokens(node.content, rolled=rolled),
            level=node.level,
            number=heading_number(node, document.meta.labels).replace("\N{NO-BREAK SPACE}", " "),
            parent=at,
        )
        section.items += _notes(node.content, rolled)
        at.sections.append(section)
        at = section
    return root


def _front(meta: n.Meta, rolled: bool) -> Iterator[Item]:
    lines = {
        "title": meta.title,
        "subtitle": meta.subtitle,
        "running-title": meta.running_title,
        "authority": meta.authority.name,
        "article-number": meta.article_number,
        "published": meta.published,
        "marks": ", ".join(meta.marks),
        "mark-explanation": meta.mark_explanation,
        **{f"imprint-{fold(label).lower()}": f"{label}: {value}" for label, value in meta.imprint},
        **{f"advice-{i}": words for i, words in enumerate(meta.citation_advice, start=1)},
    }
    yield from (
        Item(sort="field", id=f"meta.{name}", tokens=text_tokens(words, rolled=rolled))
        for name, words in lines.items()
        if words
    )


def _items(node: n.Block, rolled: bool, sort: str) -> Iterator[Item]:
    match node:
        case n.Heading(content=content) | n.Paragraph(content=content):
            yield Item(sort=sort, tokens=tokens(content, rolled=rolled))
            yield from _notes(content, rolled)
        case n.BulletList(items=items) | n.OrderedList(items=items):
            for blocks in items:
                for inner in blocks:
                    yield from _items(inner, rolled, "item")
        case n.DefinitionList(items=definitions):
            for definition in definitions:
                whole = (*definition.term, n.Text(text=": "), *definition.meaning)
                yield Item(sort="term", tokens=tokens(whole, rolled=rolled))
                yield from _notes(whole, rolled)
        case n.Callout(title=title, blocks=blocks):
            yield Item(sort="callout-title", tokens=text_tokens(title, rolled=rolled))
            for inner in blocks:
                yield from _items(inner, rolled, sort)
        case n.Table() | n.Figure():
            yield Item(
                sort="table" if isinstance(node, n.Table) else "figure",
                id=node.id,
                tokens=tokens(node.caption, rolled=rolled),
                node=node,
            )
            yield from _notes((node,), rolled)


def _notes(content: tuple[n.Inline | n.Table | n.Figure, ...], rolled: bool) -> Iterator[Item]:
    for node in walk(content):
        if isinstance(node, n.Footnote):
            yield Item(sort="note", id=node.id, tokens=tokens(node.content, rolled=rolled))
