"""The fonts that travel with the templates: which families there are, and which characters they can show.

Editions and charts use these files and never a font of the machine, so that a report looks the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from report_builder.problems import Place, Problem, ReportError

_TYPOGRAPHIC_FAMILY, _FAMILY = 16, 1
_INVISIBLE = frozenset({0x09, 0x0A, 0x0D, 0xAD, 0x200B, 0x2060})
"""Tabs, line ends, soft hyphens and word joiners need no glyph."""


@cache
def families(folder: Path) -> tuple[str, ...]:
    """The names of the font families in ``folder``, sorted.

    Raises:
        ReportError: the folder holds no TrueType font.

    """
    return tuple(sorted({_family(font) for font in _fonts(folder)}))


@cache
def characters(folder: Path) -> frozenset[int]:
    """The code points that every font in ``folder`` can show."""
    return frozenset.intersection(*(frozenset(font.getBestCmap()) for font in _fonts(folder)))


def missing_glyphs(texts: Iterable[str], folder: Path) -> list[Problem]:
    """One problem for every character in ``texts`` that the fonts cannot show."""
    known = characters(folder) | _INVISIBLE
    seen: dict[str, str] = {}
    for text in texts:
        for character in text:
            if ord(character) not in known:
                seen.setdefault(character, text)
    return [_missing(character, text) for character, text in sorted(seen.items())]


def _missing(character: str, text: str) -> Problem:
    at = text.index(character)
    excerpt = text[max(0, at - 30) : at + 30]
    return Problem(
        code="missing-glyph",
        message=f"The report's font has no glyph for U+{ord(character):04X}, used in “{excerpt}”.",
        value=character,
        hint="Write the word with other characters, or add a font that has this one.",
    )


def _fonts(folder: Path) -> Iterator[Any]:
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

    paths = sorted(folder.glob("*.ttf"))
    if not paths:
        hint = "Put the TrueType files of the report's font there."
        raise ReportError(Problem(code="missing-font", message=f"There is no font in {folder.name}.", hint=hint))
    for path in paths:
        try:
            with TTFont(path, lazy=True) as font:
                yield font
        except TTLibError as e:
            hint = "Save the font as TrueType again, or take the file away."
            message = f"The file is no TrueType font: {e}."
            place = Place(file=f"{folder.name}/{path.name}")
            raise ReportError(Problem(code="broken-font", message=message, place=place, hint=hint)) from e


def _family(font: Any) -> str:
    names = font["name"]
    return str(names.getDebugName(_TYPOGRAPHIC_FAMILY) or names.getDebugName(_FAMILY))
