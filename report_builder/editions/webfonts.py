"""The report's font inside a web page: only the characters that are used, in the page itself and in its charts."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from report_builder.editions.fonts import css_string, nearest_face
from report_builder.workspace.cache import NO_CACHE, Cache, key

_FEATURES = ("ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "tnum")
_KIND = "fonts"
_SVG = "http://www.w3.org/2000/svg"

_PAGE = ((400, "400", "normal"), (400, "400", "italic"), (600, "600 700", "normal"))
_CHART = ((400, "400", "normal"), (600, "600 700", "normal"))
"""(weight that the face has or is nearest to, weights that it serves, style)."""


def page_faces(fonts: Path, family: str, texts: Iterable[str], cache: Cache = NO_CACHE) -> str:
    """Style sheet that brings the font for ``texts``."""
    return _faces(fonts, family, _PAGE, _characters(texts), cache)


def chart_with_faces(chart: bytes, fonts: Path, family: str, texts: Iterable[str], cache: Cache = NO_CACHE) -> bytes:
    """The SVG ``chart`` with its font inside: a picture in a page cannot use the page's.

    ``texts`` are the words of all charts of the page, so that the font is cut once for all.
    """
    root = ElementTree.fromstring(chart)  # noqa: S314 -- drawn by this program
    style = ElementTree.Element(f"{{{_SVG}}}style")
    style.text = _faces(fonts, family, _CHART, _characters(texts), cache)
    root.insert(0, style)
    ElementTree.register_namespace("", _SVG)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def chart_words(chart: bytes) -> str:
    """All words in an SVG chart."""
    return "".join(ElementTree.fromstring(chart).itertext())  # noqa: S314 -- drawn by this program


def _characters(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(ord(c) for text in texts for c in text) | {0x20, 0x2D}


def _faces(
    fonts: Path, family: str, faces: Iterable[tuple[int, str, str]], characters: frozenset[int], cache: Cache
) -> str:
    return "\n".join(
        f"@font-face {{ font-family: {css_string(family)}; font-weight: {weights}; font-style: {style}; "
        f'src: url("data:font/woff2;base64,{_cut(face.path, characters, cache)}") format("woff2"); }}'
        for weight, weights, style in faces
        if (face := nearest_face(fonts, family, weight, italic=style == "italic"))
    )


@lru_cache(maxsize=32)
def _cut(path: Path, characters: frozenset[int], cache: Cache) -> str:
    """The font with only ``characters``, as WOFF2 in base 64."""
    name = key(path, ",".join(map(str, sorted(characters))), ",".join(_FEATURES))
    data = cache.get(_KIND, name)
    if data is None:
        data = _subset(path, characters)
        cache.put(_KIND, name, data)
    return base64.b64encode(data).decode("ascii")


def _subset(path: Path, characters: frozenset[int]) -> bytes:
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    options = subset.Options(flavor="woff2", hinting=False, layout_features=list(_FEATURES))
    options.drop_tables += ["FFTM"]  # FontForge's note of the time, which many free fonts have
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=sorted(characters))
        cutter.subset(font)
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()
