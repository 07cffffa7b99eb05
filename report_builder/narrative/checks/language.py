"""Plain language, as far as a program can tell: long sentences, chains of passives, words to avoid, spelling.

Everything is a warning with its line; nothing here stops a report. What to warn for is the authority's to say, in
``content/language/<language>.yaml``; where there is no such file, nothing is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import Field

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.narrative.checks.prose_check import blocks_of, sentences_of
from report_builder.narrative.checks.spelling import Speller
from report_builder.problems import Problem
from report_builder.workspace.workspace import Workspace
from report_builder.workspace.yamlfile import Model, read

_FACT = "…"
"""Stands for a figure or a name that a template fills in."""


class Avoid(Model):
    """A word or phrase that the authority does not use, and what it says instead."""

    word: str
    use: str


class LanguageModel(Model):
    """``content/language/<language>.yaml``: the most words of a sentence and of a paragraph, the most passives of a
    sentence, what to avoid, abbreviations that need no explanation, and words that no dictionary knows.
    """

    sentence_words: int = Field(default=35, ge=5)
    paragraph_words: int = Field(default=150, ge=20)
    passives: int = Field(default=4, ge=1)
    avoid: tuple[Avoid, ...] = ()
    abbreviations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Language:
    """The rules of a workspace; ``speller`` is ``None`` where no dictionary is installed."""

    def __init__(self, model: LanguageModel, speller: Speller | None, terms: frozenset[str]) -> None:
        self._model = model
        self._speller = speller
        self._known = frozenset(model.abbreviations) | terms
        self._avoid = tuple((re.compile(rf"(?<!\w){re.escape(a.word)}(?!\w)", re.IGNORECASE), a) for a in model.avoid)
        self.misspelt = cache(self._misspelt)

    def remarks(self, source: str, name: str, defined: frozenset[str] = frozenset()) -> Iterator[Problem]:
        """Warnings for a prose text whose expressions are blotted out; ``defined`` are abbreviations told elsewhere."""
        blocks, markup = blocks_of(source, name)
        before = len(markup.problems)
        known = self._known | defined | definitions(source)
        for content in sentences_of(blocks):
            for problem in self._paragraph(_typed(content), known):
                markup.warn(*problem)
        yield from markup.problems[before:]

    def _paragraph(self, text: str, known: frozenset[str]) -> Iterator[tuple[str, str, str, str]]:
        """(code, message, words by which the line is found, hint) for each remark."""
        count = len(swedish.WORD.findall(text))
        if count > self._model.paragraph_words:
            hint = "Divide it where the subject changes."
            yield "long-paragraph", f"The paragraph has {count} words.", text, hint
        for sentence in swedish.SENTENCE.split(text):
            yield from self._sentence(sentence)
        for rule, entry in self._avoid:
            if found := rule.search(text):
                yield "avoided-word", f"The text says {found.group()!r}.", found.group(), f"Write {entry.use}."
        for short in dict.fromkeys(swedish.ABBREVIATION.findall(text)):
            if short not in known:
                hint = "Write it out the first time, with the abbreviation in brackets, or add it to the terms."
                yield "undefined-abbreviation", f"The abbreviation {short} is explained nowhere.", short, hint
        for word in dict.fromkeys(swedish.WORD.findall(text)):
            if hint := self.misspelt(word):
                yield "spelling", f"The dictionary does not know {word!r}.", word, hint

    def _sentence(self, sentence: str) -> Iterator[tuple[str, str, str, str]]:
        words = swedish.WORD.findall(sentence)
        if len(words) > self._model.sentence_words:
            yield "long-sentence", f"The sentence has {len(words)} words.", sentence, "Divide it."
        passives = [w for w in words if swedish.is_passive(w)]
        if len(passives) >= self._model.passives:
            message = f"The sentence has {len(passives)} passives: {', '.join(passives)}."
            yield "passives", message, sentence, "Say who does what."

    def _misspelt(self, word: str) -> str:
        """A hint where the dictionary does not know the word, else the empty string."""
        if (
            self._speller is None
            or swedish.ABBREVIATION.fullmatch(word)
            or word in self._known
            or self._speller.knows(word)
        ):
            return ""
        return self._speller.hint(word) or "If it is right, add it to words in the language file."


def definitions(source: str) -> frozenset[str]:
    """Abbreviations that the text explains: "… (ABC)" or "ABC (…)"."""
    return frozenset(
        short
        for short in swedish.ABBREVIATION.findall(source)
        if f"({short})" in source or re.search(rf"\b{short} \(|, {short},", source)
    )


def _typed(content: tuple[n.Inline, ...]) -> str:
    """The words that somebody typed; references are left out, and what a template fills in is a mark."""
    parts = []
    for item in content:
        match item:
            case n.Citation() | n.CrossRef():
                parts.append(_FACT)
            case n.Footnote():
                continue
            case _:
                parts.append(plain_text((item,)))
    return "".join(parts)


def load_language(workspace: Workspace) -> Language | None:
    """The language check of the workspace, or ``None`` where it has no rules.

    Raises:
        ReportError: the rules, or a register that they lean on, do not fit.

    """
    settings = workspace.settings()
    path = workspace.root / "content" / "language" / f"{settings.language}.yaml"
    if not path.is_file():
        return None
    model, _ = read(path, workspace.shown(path), LanguageModel)
    terms = frozenset({settings.authority.short, *_terms(workspace)})
    return Language(model, Speller.installed(settings.language, (*model.words, *terms)), terms)


def _terms(workspace: Workspace) -> Iterator[str]:
    """Every word of the registers' terms and names: they are explained there."""
    for path in sorted((workspace.root / "content" / "registers").glob("*.yaml")):
        for row in workspace.register(path.stem)[0]:
            for field in ("term", "name", "short"):
                yield from swedish.WORD.findall(str(row.get(field, "")))
