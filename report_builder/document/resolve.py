"""Numbers, references and notes, derived once for all editions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from report_builder.document import nodes as n
from report_builder.document.parts import annex_ids
from report_builder.document.walk import plain_text, transformed, walk
from report_builder.problems import Problem, ReportError, nearest


def resolve(document: n.Document) -> n.Document:
    """The document with every heading, table, figure and footnote numbered and every cross-reference worded.

    Chapters count 1, 2 …, appendices A, B …; tables and figures count through the chapters and start again with the
    appendix's letter in appendices ("A1"), and with the annex's letters through the whole annex ("DB1"); footnotes
    count through the whole document.

    Raises:
        ReportError: two nodes share an id, or a cross-reference points at nothing.

    """
    numbered, targets = _number(document)
    problems = list(_duplicates(document))
    labels = document.meta.labels
    words: dict[str, str] = {}
    annex = annex_ids(document)
    for node in targets:
        reference = _reference(node, labels)
        names_it = isinstance(node, n.Heading) and node.level == 1  # "databilaga DB2" says where it is
        words[node.id] = labels.in_annex.format(reference=reference) if node.id in annex and not names_it else reference

    def word(node: Any) -> Any:
        if isinstance(node, n.Figure):
            return dataclasses.replace(node, data_at=words.get(node.data.id, ""))
        if isinstance(node, n.CrossRef):
            if node.target in words:
                return dataclasses.replace(node, text=words[node.target])
            message = f"A reference points at {node.target}, and nothing in the document has that id."
            hint = nearest(node.target, words)
            problems.append(Problem(code="dead-reference", message=message, hint=hint, value=node.target))
        return node

    done = transformed(numbered, word)
    if problems:
        raise ReportError(problems)
    return done


def _number(document: n.Document) -> tuple[n.Document, list[n.Heading | n.Table | n.Figure]]:
    counter = _Counter(document.meta.labels.annex_letter)
    targets: list[n.Heading | n.Table | n.Figure] = []

    def change(node: Any) -> Any:
        if isinstance(node, n.Heading):
            node = dataclasses.replace(node, number=counter.heading(node))
        elif isinstance(node, n.Table):
            node = dataclasses.replace(node, number=counter.next("table"))
        elif isinstance(node, n.Figure):
            number = counter.next("figure")
            node = dataclasses.replace(node, number=number)
        elif isinstance(node, n.Footnote):
            node = dataclasses.replace(node, number=counter.note())
        if isinstance(node, n.Heading | n.Table | n.Figure):
            targets.append(node)
        return node

    return transformed(document, change), targets


class _Counter:
    """Where the numbering stands while the document is read from front to back."""

    def __init__(self, annex_letter: str) -> None:
        self.annex_letter = annex_letter
        self.levels = [0, 0, 0]
        self.appendices = [0, 0, 0]
        self.annex = [0, 0, 0]
        self.letter = ""
        self.floats = {"table": 0, "figure": 0}
        self.notes = 0

    def heading(self, node: n.Heading) -> str:
        if node.scheme == "plain":
            return ""
        counts = {"appendix": self.appendices, "annex": self.annex}.get(node.scheme, self.levels)
        counts[node.level - 1] += 1
        for deeper in range(node.level, 3):
            counts[deeper] = 0
        if node.scheme == "chapter":
            return ".".join(str(c) for c in counts[: node.level])
        if node.scheme == "annex":
            if self.letter != self.annex_letter:
                self.letter = self.annex_letter
                self.floats = {"table": 0, "figure": 0}
            return self.letter + ".".join(str(c) for c in counts[: node.level])
        if node.level == 1:
            self.letter = chr(ord("A") + counts[0] - 1)
            self.floats = {"table": 0, "figure": 0}
        return ".".join([self.letter, *(str(c) for c in counts[1 : node.level])])

    def next(self, kind: str) -> str:
        self.floats[kind] += 1
        return f"{self.letter}{self.floats[kind]}"

    def note(self) -> str:
        self.notes += 1
        return str(self.notes)


def _reference(node: n.Heading | n.Table | n.Figure, labels: n.Labels) -> str:
    nbsp = "\N{NO-BREAK SPACE}"
    match node:
        case n.Table():
            return f"{labels.table.lower()}{nbsp}{node.number}"
        case n.Figure():
            return f"{labels.figure.lower()}{nbsp}{node.number}"
        case n.Heading(number=""):
            return plain_text(node.content)
        case n.Heading(level=1):
            word = {"appendix": labels.appendix, "annex": labels.annex}.get(node.scheme, labels.chapter)
            return f"{word.lower()}{nbsp}{node.number}"
        case _:
            return f"{labels.section.lower()}{nbsp}{node.number}"


def _duplicates(document: n.Document) -> Iterator[Problem]:
    seen: set[str] = set()
    for node in walk(document):
        if isinstance(node, n.Heading | n.Table | n.Figure | n.Footnote):
            if node.id in seen:
                message = f"Two places in the document share the id {node.id}."
                yield Problem(code="duplicate-id", message=message, value=node.id)
            seen.add(node.id)
