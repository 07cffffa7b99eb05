"""What the table of contents lists on paper: two levels, and of an appendix its title alone where that saves a page."""

from __future__ import annotations

from collections.abc import Sequence

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text

LEVELS = 2
"""Levels of headings in the table of contents."""

_PAGE = 219.0
_LINE, _ABOVE_CHAPTER = 4.82, 2.2
"""Millimetres: what a page holds below the heading, a line of the contents, and the air above a chapter's."""

_LETTERS = 85
"""A title of more letters takes two lines."""


def entries(document: n.Document) -> tuple[n.Heading, ...]:
    """The headings that the contents list.

    Sections of appendices are left out where the contents then have room on one page, and only there: a second page is
    not turned for a few lines.
    """
    every = tuple(b for b in document.blocks if isinstance(b, n.Heading) and b.level <= LEVELS)
    fewer = tuple(b for b in every if b.scheme != "appendix" or b.level == 1)
    return fewer if _height(fewer) <= _PAGE < _height(every) else every


def _height(headings: Sequence[n.Heading]) -> float:
    lines = sum(1 + (len(plain_text(h.content)) > _LETTERS) for h in headings)
    return lines * _LINE + sum(_ABOVE_CHAPTER for h in headings if h.level == 1)
