"""The styles that the edition asks of its template, by the names they have in Word.

Built-in styles carry the names that Word keeps in a file in every language ("heading 1", never "Rubrik 1"). The
report's own carry Swedish names: people who work in the file meet them in Word's list of styles.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from report_builder.editions.contents import LEVELS


class Style(StrEnum):
    """A style by its name. The looks are the template's business."""

    NORMAL = "Normal"
    NORMAL_SET_OFF = "Normal med luft ovanför"
    NORMAL_AFTER_LIST = "Normal efter lista"

    COVER_AUTHORITY = "Omslag myndighet"
    TITLE = "Title"
    SUBTITLE = "Subtitle"
    COVER_LINE = "Omslag uppgift"
    MARKS = "Statusmarkering"
    IMPRINT_TITLE = "Tryckort rubrik"
    IMPRINT = "Tryckort"
    CITATION_ADVICE_FIRST = "Citeringsråd första"
    CITATION_ADVICE = "Citeringsråd"
    CONTENTS_HEADING = "TOC Heading"

    CAPTION = "caption"
    PICTURE = "Figur"
    TABLE = "Rapporttabell"
    CELL = "Tabelltext"
    CELL_AFTER_NUMBER = "Tabelltext efter tal"
    CELL_NUMBER = "Tabelltal"
    HEAD = "Tabellhuvud"
    HEAD_AFTER_NUMBER = "Tabellhuvud efter tal"
    HEAD_NUMBER = "Tabellhuvud tal"
    HEAD_GROUP = "Tabellhuvud grupp"
    REMARK = "Anmärkning"
    SOURCE = "Källa"

    TERM = "Term"
    MEANING = "Termförklaring"

    HEADER = "header"
    HEADER_LANDSCAPE = "Sidhuvud liggande"
    FOOTER = "footer"
    FOOTNOTE = "footnote text"
    SECTION_BREAK = "Avsnittsbrytning"

    STRONG = "Strong"
    EMPHASIS = "Emphasis"
    STRONG_EMPHASIS = "Intense Emphasis"
    HYPERLINK = "Hyperlink"
    FOOTNOTE_MARK = "footnote reference"
    MARK_WORD = "Statusord"
    LABEL = "Etikett"


_SMALLER_IN_APPENDIX = (
    Style.CAPTION,
    Style.CELL,
    Style.CELL_AFTER_NUMBER,
    Style.CELL_NUMBER,
    Style.HEAD,
    Style.HEAD_AFTER_NUMBER,
    Style.HEAD_NUMBER,
    Style.HEAD_GROUP,
)

Scheme = Literal["chapter", "appendix", "annex", "plain"]
CalloutKind = Literal["note", "method", "warning"]

DEEPEST_LIST = 3
"""Levels of lists that Word has built-in styles for; deeper lists stay at the last."""

_HEADINGS: dict[Scheme, str] = {
    "chapter": "heading {}",
    "appendix": "Bilagerubrik {}",
    "annex": "Bilagerubrik {}",
    "plain": "Rubrik {} utan nummer",
}
_ON_A_NEW_PAGE: dict[Scheme, str] = {
    "chapter": "Rubrik 1 på ny sida",
    "appendix": "Bilagerubrik 1 på ny sida",
    "annex": "Bilagerubrik 1 på ny sida",
}
"""Of level 1; a summary has no other style, since it always begins a page."""

_CALLOUTS: dict[CalloutKind, str] = {"note": "Faktaruta", "method": "Metodruta", "warning": "Varningsruta"}


def heading(scheme: Scheme, level: int) -> str:
    """The style of a heading."""
    return _HEADINGS[scheme].format(level)


def on_a_new_page(scheme: Scheme) -> str:
    """The style of a heading of level 1 that begins a page."""
    return _ON_A_NEW_PAGE.get(scheme) or heading(scheme, 1)


def contents(level: int) -> str:
    """The style of an entry in the table of contents."""
    return f"toc {level}"


def in_appendix(style: Style) -> str:
    """What a table's style is called where tables are set smaller."""
    return f"{'Beskrivning' if style == Style.CAPTION else style} i bilaga"


def bullet(level: int) -> str:
    """The style of an item in a list without order; the outermost level is 1."""
    return _list("List Bullet", level)


def number(level: int) -> str:
    """The style of an item in a numbered list."""
    return _list("List Number", level)


def further(level: int) -> str:
    """The style of a list item's second and later paragraphs."""
    return _list("List Continue", level)


def callout(kind: CalloutKind, part: Literal["", "rubrik", "punktlista", "numrerad lista"] = "") -> str:
    """The style of a boxed passage's text, title or lists."""
    return f"{_CALLOUTS[kind]} {part}".strip()


def required() -> tuple[str, ...]:
    """Every style that a template must hold."""
    levels = range(1, DEEPEST_LIST + 1)
    return (
        *Style,
        *map(in_appendix, _SMALLER_IN_APPENDIX),
        *_ON_A_NEW_PAGE.values(),
        *(heading(scheme, level) for scheme in _HEADINGS for level in levels),
        *(contents(level) for level in range(1, LEVELS + 1)),
        *(name(level) for name in (bullet, number, further) for level in levels),
        *(callout(kind, part) for kind in _CALLOUTS for part in ("", "rubrik", "punktlista", "numrerad lista")),
    )


def _list(name: str, level: int) -> str:
    level = min(level, DEEPEST_LIST)
    return name if level == 1 else f"{name} {level}"
