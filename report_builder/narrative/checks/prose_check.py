"""Prose checked where it stands, without facts and without building: what ``check`` can say of a template or a section.

A template's expressions are blotted out, conditions and loops are left as they are written, so that every branch is
looked at, those that today's figures do not reach among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.narrative.fill import CLOSE, OPEN
from report_builder.narrative.markup import Markup
from report_builder.narrative.slots import Fragment
from report_builder.narrative.template import Template
from report_builder.problems import Problem
from report_builder.workspace.workspace import Workspace

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_STATEMENT_LINE = re.compile(r"^[ \t]*(?:\{%[^%]*%\}[ \t]*)+$", re.MULTILINE)
_BLOCK = re.compile(r"^[ \t]*\{\{.*?\}\}[ \t]*$", re.DOTALL | re.MULTILINE)
_STATIC = frozenset({
    "typed-digit", "unknown-footnote", "empty-footnote", "unknown-role", "bad-link", "deep-heading", "no-title",
    "unknown-markup", "bad-fact", "direction-without-fact", "comparison-without-fact",
    "no-reason",
})  # fmt: skip
"""What can be told without facts; ids and blocks are known only when the template has been filled."""

_STAND_IN: tuple[Fragment, ...] = ((n.FactValue(fact_id="?", text="…"),), (n.Paragraph(content=()),))


def template_problems(template: Template, workspace: Workspace) -> Iterator[Problem]:
    """Faults and warnings in a template version's prose files, each with its line."""
    for section in template.model.sections:
        path = template.folder / section.file
        yield from _problems(without_expressions(path.read_text(encoding="utf-8")), workspace.shown(path))


def section_problems(path: Path, workspace: Workspace) -> Iterator[Problem]:
    """Faults and warnings in a section that a unit has written; Jinja in it is plain text."""
    yield from _problems(path.read_text(encoding="utf-8"), workspace.shown(path))


def without_expressions(source: str) -> str:
    """A template's prose with a token for every expression and nothing for every statement; lines stay lines."""

    def lines(match: re.Match[str]) -> str:
        return "\n" * match.group().count("\n")

    text = _BLOCK.sub(lambda m: f"{OPEN}1{CLOSE}" + lines(m), source)
    text = _EXPRESSION.sub(lambda m: f"{OPEN}0{CLOSE}" + lines(m), text)
    text = _STATEMENT_LINE.sub(lines, text)
    return _STATEMENT.sub(lambda m: lines(m) or " ", text)  # "en{% else %}flera" is two words


def blocks_of(source: str, name: str) -> tuple[tuple[n.Block, ...], Markup]:
    """The blocks of prose without its expressions, and the reader that knows its faults and lines."""
    fragments = list(_STAND_IN)
    markup = Markup(fragments, file=name, source=source, scope="check", say=lambda _role, _words: f"{OPEN}0{CLOSE}")
    return markup.blocks(source), markup


def sentences_of(blocks: tuple[n.Block, ...]) -> Iterator[tuple[n.Inline, ...]]:
    """The running text of paragraphs, wherever they stand, and of notes."""
    for node in walk(blocks):
        if isinstance(node, n.Paragraph | n.Footnote):
            yield node.content


def _problems(source: str, name: str) -> Iterator[Problem]:
    _, markup = blocks_of(source, name)
    yield from (p for p in markup.problems if p.code in _STATIC)
