"""Spelling by Hunspell, where it and a dictionary are installed; without them the language check does without."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_DICTIONARIES = {"sv": "sv_SE"}
_SYSTEM = (Path("/usr/share/hunspell"), Path("/usr/share/myspell/dicts"))


class Speller:
    """A dictionary with the workspace's own words added to it."""

    def __init__(self, dictionary: Any, words: Sequence[str]) -> None:
        self._dictionary = dictionary
        for word in words:
            dictionary.add(word)

    @classmethod
    def installed(cls, language: str, words: Sequence[str]) -> Speller | None:
        """The speller for a language, or ``None`` where Hunspell or the dictionary is missing."""
        name = _DICTIONARIES.get(language)
        folder = _folder(language, name) if name else None
        if folder is None:
            return None
        try:
            hunspell = importlib.import_module("hunspell")  # an extra: report_builder[language]
        except ImportError:
            return None
        return cls(hunspell.Hunspell(name, hunspell_data_dir=str(folder)), words)

    def knows(self, word: str) -> bool:
        """Whether the word is right, also as the first of a sentence or with the last part of a compound alone."""
        spell = self._dictionary.spell
        return bool(spell(word) or spell(word.lower()) or ("-" in word and all(map(spell, word.split("-")))))

    def hint(self, word: str) -> str:
        """What may have been meant, or the empty string."""
        near = self._dictionary.suggest(word)[:3]
        return f"Did you mean {', '.join(near)}?" if near else ""


def _folder(language: str, name: str) -> Path | None:
    """Where the dictionary lies: as a Python package brings it, or as the system does."""
    try:
        files = importlib.metadata.files(f"hunspell-{language}") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    found = [Path(str(f.locate())).parent for f in files if f.name == f"{name}.dic"]
    return next((p.resolve() for p in (*found, *_SYSTEM) if (p / f"{name}.dic").is_file()), None)
