"""A Word file while it is being written: what the rules for blocks and inline nodes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.editions.images import Charts
from report_builder.editions.ooxml import Xml, el, paragraph
from report_builder.editions.word.template import Page, WordTemplate
from report_builder.problems import Problem

LinkTarget = n.Heading | n.Table | n.Figure


@dataclass(slots=True, kw_only=True)
class Draft:
    """The parts of the file that grow while the document is read from front to back.

    ``body`` and ``notes`` are python-docx's parts for the text and the footnotes: a link or picture belongs to the part
    that shows it. ``footnotes`` are the notes by number and ``lists`` the numbered lists written so far.
    ``final`` closes numbers to typing. ``problems`` are the faults found on the way, which stop the edition when all
    have been found.
    """

    template: WordTemplate
    labels: n.Labels
    language: str
    charts: Charts
    targets: Mapping[str, LinkTarget]
    body: Any
    notes: Any
    final: bool = False
    footnotes: dict[int, Xml] = field(default_factory=dict)
    lists: list[Xml] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _ids: dict[str, count[int]] = field(default_factory=dict)
    _first_list: int = field(init=False)

    def __post_init__(self) -> None:
        self._first_list = 1 + max(int(number) for number in self.template.lists.xpath("w:num/@w:numId"))

    def new_id(self, kind: str) -> int:
        """The next number for ``kind`` (bookmark, control, drawing …), from 1."""
        return next(self._ids.setdefault(kind, count(1)))

    def style(self, name: str) -> str:
        """The id of a style in this template."""
        return self.template.styles[name]

    def paragraph(self, style: str, *content: Xml, properties: Xml | None = None) -> Xml:
        """A paragraph in the style of that name."""
        return paragraph(self.style(style), *content, properties=properties or Xml(""))

    def look(self, style: str) -> Xml:
        """A character style of that name as the properties of a run."""
        return el("w:rStyle", val=self.style(style))

    def new_list(self, style: str, start: int, level: int) -> int:
        """A list of its own that counts from ``start``: in Word, lists that share a style count on from each other."""
        number = self._first_list + len(self.lists)
        model = self.template.model(self.template.series(style))
        override = el("w:lvlOverride", el("w:startOverride", val=start), ilvl=level)
        self.lists.append(el("w:num", el("w:abstractNumId", val=model), override, numId=number))
        return number

    @property
    def page(self) -> Page:
        """An upright page."""
        return self.template.page


def targets(document: n.Document) -> dict[str, LinkTarget]:
    """Everything that a reference can lead to, by id."""
    return {node.id: node for node in walk(document) if isinstance(node, n.Heading | n.Table | n.Figure)}
