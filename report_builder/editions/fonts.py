"""The font files of a workspace or of this package: which faces a family has, and which characters they can show.

Editions and charts use these files and never a font of the machine, so that a report looks the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError, nearest

_TYPOGRAPHIC_FAMILY, _FAMILY = 16, 1
_INVISIBLE = frozenset({0x09, 0x0A, 0x0D, 0xAD, 0x200B, 0x2060})
"""Tabs, line ends, soft hyphens and word joiners need no glyph."""

_NORMAL_WIDTH = 5
"""The width class of a face that is neither condensed nor expanded, by OpenType's OS/2 table."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Face:
    """A font file: its family, its weight by CSS (400 is regular), and whether it is italic."""

    family: str
    weight: int
    italic: bool
    path: Path


@cache
def faces(folder: Path) -> tuple[Face, ...]:
    """The faces of normal width in ``folder``, by family, weight and slope.

    Raises:
        ReportError: the folder holds no TrueType font, or a file that is none.

    """
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

    found = []
    for path in sorted(folder.glob("*.ttf")):
        try:
            with TTFont(path, lazy=True) as font:
                names, weight, width = font["name"], font["OS/2"].usWeightClass, font["OS/2"].usWidthClass
                family = str(names.getDebugName(_TYPOGRAPHIC_FAMILY) or names.getDebugName(_FAMILY))
                italic = bool(font["head"].macStyle & 2)
        except (TTLibError, KeyError) as e:
            hint = "Save the font as TrueType again, or take the file away."
            message = f"The file is no TrueType font: {e}."
            place = Place(file=f"{folder.name}/{path.name}")
            raise ReportError(Problem(code="broken-font", message=message, place=place, hint=hint)) from e
        if width == _NORMAL_WIDTH:
            found.append(Face(family=family, weight=weight, italic=italic, path=path))
    if not found:
        hint = "Put the TrueType files of the report's font there."
        raise ReportError(Problem(code="missing-font", message=f"There is no font in {folder.name}.", hint=hint))
    return tuple(sorted(found))


def families(folder: Path) -> tuple[str, ...]:
    """The names of the font families in ``folder``, sorted. Raises as :func:`faces`."""
    return tuple(dict.fromkeys(face.family for face in faces(folder)))


def family_of(folder: Path, wanted: str) -> str:
    """The family of a report: the ``wanted`` one, or the only one where none is named.

    Raises:
        ReportError: the folder has no such family, or several where none is named; or as :func:`faces`.

    """
    known = families(folder)
    if wanted in known or (not wanted and len(known) == 1):
        return wanted or known[0]
    if wanted:
        message = f"The report's font is to be {wanted}, and templates/editions/fonts has no such family."
        hint = nearest(wanted, known) or f"It has {', '.join(known)}. Put the TrueType files of {wanted} there."
    else:
        message = f"templates/editions/fonts has {len(known)} families, and nothing says which is the report's."
        hint = f"Write one of {', '.join(known)} as font under authority in content/workspace.yaml."
    raise ReportError(Problem(code="missing-font", message=message, value=wanted or None, hint=hint))


def faces_of(folder: Path, family: str) -> tuple[Face, ...]:
    """The faces of one family, by weight and slope. Raises as :func:`faces`."""
    return tuple(face for face in faces(folder) if face.family == family)


def nearest_face(folder: Path, family: str, weight: int, *, italic: bool) -> Face:
    """The face of a family that is nearest to a weight, of that slope if it has any such. Raises as :func:`faces`."""
    found = faces_of(folder, family)
    sloped = [face for face in found if face.italic == italic] or found
    return min(sloped, key=lambda face: (abs(face.weight - weight), -face.weight))


@cache
def characters(folder: Path, family: str) -> frozenset[int]:
    """The code points that every face of a family can show."""
    from fontTools.ttLib import TTFont

    maps = []
    for face in faces_of(folder, family):
        with TTFont(face.path, lazy=True) as font:
            maps.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*maps)


def missing_glyphs(texts: Iterable[str], folder: Path, family: str) -> list[Problem]:
    """One problem for every character in ``texts`` that the family cannot show."""
    known = characters(folder, family) | _INVISIBLE
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


def print_rules(folder: Path, family: str) -> str:
    """The style rules by which pages are set in a family, with addresses that are relative to ``print.css``."""
    from urllib.parse import quote

    name = css_string(family)
    rules = [f"@page {{ font-family: {name}; }}", f"html {{ font-family: {name}; }}"]
    return "\n".join([*_face_rules(folder, family, name, quote), *rules])


def _face_rules(folder: Path, family: str, name: str, quote: Callable[[str], str]) -> Iterator[str]:
    for face in faces_of(folder, family):
        style = " font-style: italic;" if face.italic else ""
        source = f'src: url("fonts/{quote(face.path.name)}");'
        yield f"@font-face {{ font-family: {name}; font-weight: {face.weight};{style} {source} }}"


def css_string(words: str) -> str:
    """``words`` as a string in a style sheet."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
