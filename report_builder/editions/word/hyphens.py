"""Where a long word in a narrow cell may break: said in the file, for a program without a Swedish dictionary too."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from report_builder.document import nodes as n
from report_builder.document.walk import transformed

_LONG_WORD = re.compile(r"[^\W\d_]{13,}")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_SHORTEST_PART = 4


def breakable(content: tuple[n.Inline, ...], language: str) -> tuple[n.Inline, ...]:
    """``content`` with soft hyphens in its long words; in a language that nobody has rules for it stays as it is."""
    return transformed(content, lambda node: _in_text(node, language))


def _in_text(node: Any, language: str) -> Any:
    if isinstance(node, n.Text) and _LONG_WORD.search(node.text):
        return n.Text(text=_LONG_WORD.sub(lambda word: _hyphenated(word.group(), language), node.text))
    return node


@cache
def _hyphenated(word: str, language: str) -> str:
    rules = _rules(language)
    return word if rules is None else str(rules.inserted(word, _SOFT_HYPHEN))


@cache
def _rules(language: str) -> Any:
    import pyphen

    known = pyphen.language_fallback(language.replace("-", "_"))
    return pyphen.Pyphen(lang=known, left=_SHORTEST_PART, right=_SHORTEST_PART) if known else None
