"""Charts as pictures: a Vega-Lite specification in, SVG or PNG out, in the report's language and its own font."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from report_builder.catalogue import LANGUAGE
from report_builder.document.nodes import Document, Figure
from report_builder.document.walk import plain_text, walk
from report_builder.editions import fonts as font_files
from report_builder.editions.chart_formats import chart_formats
from report_builder.problems import Problem, ReportError, nearest
from report_builder.workspace.cache import NO_CACHE, Cache
from report_builder.workspace.cache import key as cache_key

_VEGA_LITE = "6.4"
_SVG = "http://www.w3.org/2000/svg"
_KIND = "charts"
_DATA_KEYS = frozenset({"data", "datasets"})


def svg(spec: dict[str, Any], fonts: Path, language: str = LANGUAGE) -> bytes:
    """The chart as SVG with real text, its numbers and dates as ``language`` writes them; the same specification gives
    the same bytes.

    Raises:
        ReportError: the specification names a font that ``fonts`` does not hold, writes a character that the font
            cannot show, asks for data from elsewhere, or cannot be drawn.

    """
    import vl_convert

    prepared = _with_fonts(spec, fonts)
    family = prepared["config"]["font"].strip("'")
    formats = chart_formats(language)
    _register(fonts)
    try:
        drawn = vl_convert.vegalite_to_svg(
            prepared,
            vl_version=_VEGA_LITE,
            allowed_base_urls=[],
            format_locale=formats.numbers,
            time_format_locale=formats.times,
        )
    except ValueError as e:
        reason = str(e).strip().splitlines()[0]
        hint = "Try the specification in the Vega-Lite editor; its data must stand inside it."
        raise ReportError(Problem(code="broken-chart", message=f"A chart cannot be drawn: {reason}", hint=hint)) from e
    root = ElementTree.fromstring(drawn)  # noqa: S314 -- drawn by vl-convert two lines up
    _drop_hidden_labels(root)
    problems = font_files.missing_glyphs(("".join(t.itertext()) for t in root.iter(f"{{{_SVG}}}text")), fonts, family)
    if problems:
        raise ReportError(problems)
    ElementTree.register_namespace("", _SVG)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def png(spec: dict[str, Any], fonts: Path, scale: float, language: str = LANGUAGE) -> bytes:
    """The chart as PNG, ``scale`` pixels to a pixel of the SVG.

    Raises:
        ReportError: as :func:`svg`.

    """
    return _png_of(svg(spec, fonts, language), fonts, scale)


def _has_values(figure: Figure) -> bool:
    """Whether any number column of the figure's data has a digit in it; a zero is a value."""
    numbers = [i for i, column in enumerate(figure.data.columns) if column.align == "number"]
    return any(c.isdigit() for row in figure.data.rows for i in numbers for c in plain_text(row.cells[i]))


class Charts:
    """The charts of one build: each is drawn once, by the content of its specification, for every edition.

    With a ``cache`` a drawn chart stays there, and a later build or another process finds it.
    """

    def __init__(self, fonts: Path, cache: Cache = NO_CACHE, language: str = LANGUAGE) -> None:
        self._fonts = fonts
        self._language = language
        self._cache = cache
        self._made_with = ""
        self._drawn: dict[str, bytes] = {}

    def draw(self, document: Document) -> None:
        """Draw every chart of the document; raises as :meth:`svg`."""
        for node in walk(document):
            if isinstance(node, Figure):
                self.svg(node)

    def svg(self, figure: Figure) -> bytes:
        """The figure's chart as SVG.

        Raises:
            ReportError: as the function :func:`svg`, naming the figure; or the figure has no value at all to show.

        """
        if not _has_values(figure):
            message = f"Figure {figure.id} has no values: the chart would be empty."
            hint = "Leave the figure out until there are values, or choose other periods or case types for it."
            raise ReportError(Problem(code="empty-chart", message=message, hint=hint))
        name = self._key(figure.spec)
        if (found := self._find(name)) is not None:
            return found
        try:
            return self._keep(name, svg(figure.spec, self._fonts, self._language))
        except ReportError as e:
            raise ReportError([_in_figure(p, figure) for p in e.problems]) from e

    def png(self, figure: Figure, scale: float) -> bytes:
        """The figure's chart as PNG; raises as :meth:`svg`."""
        name = self._key(figure.spec, f"{scale:g}")
        if (found := self._find(name)) is not None:
            return found
        return self._keep(name, _png_of(self.svg(figure), self._fonts, scale))

    def _key(self, spec: dict[str, Any], scale: str = "") -> str:
        """What a picture of ``spec`` is made of: ``scale`` is empty for SVG."""
        if not self._made_with:
            self._made_with = cache_key(self._language, *sorted(self._fonts.glob("*.ttf")))
        words = json.dumps([self._made_with, scale, spec], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()

    def _find(self, name: str) -> bytes | None:
        if name not in self._drawn and (found := self._cache.get(_KIND, name)) is not None:
            self._drawn[name] = found
        return self._drawn.get(name)

    def _keep(self, name: str, data: bytes) -> bytes:
        self._drawn[name] = data
        self._cache.put(_KIND, name, data)
        return data


def _in_figure(problem: Problem, figure: Figure) -> Problem:
    return dataclasses.replace(problem, message=f"Figure {figure.id}: {problem.message}")


@cache
def _register(fonts: Path) -> None:
    """Make the drawing program ready: with these fonts, and in no time zone of the machine's.

    A day on an axis or in a label is the day of the specification. The program learns the zone from the environment,
    once, when it draws first, and cannot be told it.
    """
    os.environ["TZ"] = "UTC"
    import vl_convert

    vl_convert.register_font_directory(str(fonts.resolve()))


def _png_of(drawn: bytes, fonts: Path, scale: float) -> bytes:
    import vl_convert

    _register(fonts)
    return bytes(vl_convert.svg_to_png(drawn.decode(), scale=scale))


def _with_fonts(spec: dict[str, Any], fonts: Path) -> dict[str, Any]:
    """The specification with a family for every text, each name quoted; the report's where it names none.

    An unquoted name with a digit in it loses all text in a PNG, and a family that nobody has loses it everywhere.
    """
    problems: list[Problem] = []
    done = _quote(spec, font_files.families(fonts), problems)
    if problems:
        raise ReportError(problems)
    config = done.get("config", {})
    font = config.get("font") or f"'{font_files.family_of(fonts, '')}'"
    return {**done, "config": {**config, "font": font}}


def _quote(value: Any, families: tuple[str, ...], problems: list[Problem]) -> Any:
    if isinstance(value, list):
        return [_quote(item, families, problems) for item in value]
    if not isinstance(value, dict):
        return value
    done = {}
    for key, item in value.items():
        if key in _DATA_KEYS:
            done[key] = item
        elif (key == "font" or key.endswith("Font")) and isinstance(item, str):
            done[key] = _family(item, families, problems)
        else:
            done[key] = _quote(item, families, problems)
    return done


def _family(name: str, families: tuple[str, ...], problems: list[Problem]) -> str:
    bare = name.strip().strip("'\"")
    if bare not in families:
        hint = nearest(bare, families) or f"Use {' or '.join(families)}."
        problems.append(Problem(code="missing-font", message=f"A chart asks for the font {bare}.", hint=hint))
    return f"'{bare}'"


def _drop_hidden_labels(root: ElementTree.Element) -> None:
    """Vega hides labels that overlap by making them transparent; in a PDF they would still be read and copied."""
    text = f"{{{_SVG}}}text"
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == text and child.get("opacity") == "0":
                parent.remove(child)
