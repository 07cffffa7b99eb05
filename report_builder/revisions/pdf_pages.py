"""The pages of two PDF files side by side, with what moved and what changed marked: the last look before publishing."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

from report_builder.problems import Place, Problem, ReportError
from report_builder.revisions.comparison import Comparison
from report_builder.revisions.tokens import fold

_TEMPLATE = "pdf_pages.html.j2"
_SCALE = 0.95
"""Pixels for each point: an A4 page becomes some 565 pixels wide."""
_COLOURS = 24
_OCTREE = 2
"""Pillow's quick way to choose the colours."""
_SAME_PLACE = 6.0
"""A line that stands less than this many points higher or lower than before has not moved."""

_PAGE_NUMBER = re.compile(r"^(\d+) \(\d+\)$")
"""The page's number and, in brackets, how many there are: that one more was added is no change of this page."""

LineState = Literal["same", "moved", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of text on a page; ``box`` is left, top, right and bottom as shares of the page, ``top`` in points."""

    text: str
    page: int
    top: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page as it is shown: its number, its picture as an address, and the marks on it."""

    number: int
    picture: str
    marks: tuple[tuple[LineState, TextLine], ...]


def side_by_side(old: bytes, new: bytes, comparison: Comparison) -> str:
    """The pages of both PDF files as one self-contained web page in Swedish.

    Raises:
        ReportError: one of the two is no PDF.

    """
    from jinja2 import Environment, StrictUndefined

    before, after = _Pdf(old, "the old PDF"), _Pdf(new, "the new PDF")
    states = compare_lines(before.lines, after.lines)
    sheets = [_sheets(pdf, found) for pdf, found in zip((before, after), states[:2], strict=True)]
    rows = list(_rows(states[2], len(sheets[0]), len(sheets[1])))
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((files(__package__) / _TEMPLATE).read_text(encoding="utf-8"))
    return template.render(
        c=comparison,
        rows=[(sheets[0][i] if i is not None else None, sheets[1][j] if j is not None else None) for i, j in rows],
    )


class _Pdf:
    """A PDF file opened: its pages and their lines of text."""

    def __init__(self, data: bytes, name: str) -> None:
        import pypdfium2

        try:
            self.pages = list(pypdfium2.PdfDocument(data))
        except pypdfium2.PdfiumError as e:
            message = f"The file is no PDF: {e}."
            raise ReportError(Problem(code="damaged", message=message, place=Place(file=name))) from e
        self.lines = [line for number, page in enumerate(self.pages) for line in _lines(page, number)]

    def picture(self, number: int) -> str:
        """A page as a PNG in few colours, in an address that holds it."""
        out = io.BytesIO()
        image = self.pages[number].render(scale=_SCALE).to_pil().convert("RGB").quantize(_COLOURS, method=_OCTREE)
        image.save(out, "PNG", optimize=False)
        return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _lines(page: Any, number: int) -> Iterator[TextLine]:
    """Stretches of text that stand on one line, joined from left to right."""
    width, height = page.get_size()
    text = page.get_textpage()
    found: list[tuple[float, float, float, float, str]] = []
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        words = fold(text.get_text_bounded(left, bottom, right, top))
        if not words:
            continue
        if found and abs(found[-1][1] - bottom) < 2 and left >= found[-1][2] - 1:
            last = found.pop()
            found.append((last[0], min(last[1], bottom), right, max(last[3], top), f"{last[4]} {words}"))
        else:
            found.append((left, bottom, right, top, words))
    for left, bottom, right, top, words in found:
        box = (left / width, 1 - top / height, right / width, 1 - bottom / height)
        yield TextLine(text=words, page=number, top=height - top, box=box)


def compare_lines(
    old: Sequence[TextLine], new: Sequence[TextLine]
) -> tuple[dict[int, LineState], dict[int, LineState], dict[tuple[int, int], int]]:
    """The state of every line of both files, by position, and how many lines each pair of pages shares."""
    states: tuple[dict[int, LineState], dict[int, LineState]] = ({}, {})
    words = [[_PAGE_NUMBER.sub(r"\1", x.text) for x in lines] for lines in (old, new)]
    shared: dict[tuple[int, int], int] = {}
    matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
    pairs = [(a + k, b + k) for a, b, size in matcher.get_matching_blocks() for k in range(size)]
    left = {i for i in range(len(old))} - {i for i, _ in pairs}
    elsewhere: dict[str, list[int]] = {}
    for j in sorted({j for j in range(len(new))} - {j for _, j in pairs}, reverse=True):
        elsewhere.setdefault(words[1][j], []).append(j)
    pairs += [(i, elsewhere[words[0][i]].pop()) for i in sorted(left) if elsewhere.get(words[0][i])]
    for i, j in pairs:
        stays = old[i].page == new[j].page and abs(old[i].top - new[j].top) < _SAME_PLACE
        states[0][i] = states[1][j] = "same" if stays else "moved"
        key = (old[i].page, new[j].page)
        shared[key] = shared.get(key, 0) + 1
    for lines, found in zip((old, new), states, strict=True):
        for i in range(len(lines)):
            found.setdefault(i, "changed")
    return states[0], states[1], shared


def _sheets(pdf: _Pdf, states: dict[int, LineState]) -> list[PageView]:
    marks: list[list[tuple[LineState, TextLine]]] = [[] for _ in pdf.pages]
    for i, line in enumerate(pdf.lines):
        if states[i] != "same":
            marks[line.page].append((states[i], line))
    return [PageView(number=i + 1, picture=pdf.picture(i), marks=tuple(m)) for i, m in enumerate(marks)]


def _rows(shared: dict[tuple[int, int], int], old: int, new: int) -> Iterator[tuple[int | None, int | None]]:
    """Pages beside each other: those that share most lines, never out of order; a page without a partner alone."""
    best = [[0] * (new + 1) for _ in range(old + 1)]
    for i in range(old - 1, -1, -1):
        for j in range(new - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + shared.get((i, j), 0))
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < old and j < new:
        here = shared.get((i, j), 0)
        if here and best[i][j] == best[i + 1][j + 1] + here:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    for (a, b), (c, d) in pairwise([(-1, -1), *pairs, (old, new)]):
        yield from ((x, None) for x in range(a + 1, c))
        yield from ((None, y) for y in range(b + 1, d))
        if (c, d) != (old, new):
            yield c, d
