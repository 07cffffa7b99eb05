"""The styles that the edition asks of its template.

Built-in styles carry the names that Word keeps in a file in every language ("heading 1", never "Rubrik 1"). The
report's own have their names in the language of those who work in the file and meet them in Word's list of styles:
the catalogue has them, and here they are called by their English ones.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from report_builder.catalogue import msgid
from report_builder.editions.contents import LEVELS


class Style(StrEnum):
    """A style by its English name. The looks are the template's business."""

    NORMAL = "Normal"
    NORMAL_SET_OFF = msgid("Normal with space above")
    NORMAL_AFTER_LIST = msgid("Normal after list")

    COVER_AUTHORITY = msgid("Cover authority")
    TITLE = "Title"
    SUBTITLE = "Subtitle"
    COVER_LINE = msgid("Cover line")
    MARKS = msgid("Status marks")
    IMPRINT_TITLE = msgid("Imprint title")
    IMPRINT = msgid("Imprint")
    CITATION_ADVICE_FIRST = msgid("Citation advice first")
    CITATION_ADVICE = msgid("Citation advice")
    CONTENTS_HEADING = "TOC Heading"

    HEADING_1_ON_A_NEW_PAGE = msgid("Heading 1 on a new page")
    APPENDIX_HEADING_1_ON_A_NEW_PAGE = msgid("Appendix heading 1 on a new page")
    APPENDIX_HEADING_1 = msgid("Appendix heading 1")
    APPENDIX_HEADING_2 = msgid("Appendix heading 2")
    APPENDIX_HEADING_3 = msgid("Appendix heading 3")
    PLAIN_HEADING_1 = msgid("Heading 1 without number")
    PLAIN_HEADING_2 = msgid("Heading 2 without number")
    PLAIN_HEADING_3 = msgid("Heading 3 without number")

    CAPTION = "caption"
    PICTURE = msgid("Picture")
    TABLE = msgid("Report table")
    CELL = msgid("Table text")
    CELL_AFTER_NUMBER = msgid("Table text after number")
    CELL_NUMBER = msgid("Table number")
    HEAD = msgid("Table head")
    HEAD_AFTER_NUMBER = msgid("Table head after number")
    HEAD_NUMBER = msgid("Table head of numbers")
    HEAD_GROUP = msgid("Table head of a group")
    REMARK = msgid("Table remark")
    SOURCE = msgid("Table source")

    APPENDIX_CAPTION = msgid("Caption in appendix")
    APPENDIX_CELL = msgid("Table text in appendix")
    APPENDIX_CELL_AFTER_NUMBER = msgid("Table text after number in appendix")
    APPENDIX_CELL_NUMBER = msgid("Table number in appendix")
    APPENDIX_HEAD = msgid("Table head in appendix")
    APPENDIX_HEAD_AFTER_NUMBER = msgid("Table head after number in appendix")
    APPENDIX_HEAD_NUMBER = msgid("Table head of numbers in appendix")
    APPENDIX_HEAD_GROUP = msgid("Table head of a group in appendix")

    TERM = msgid("Term")
    MEANING = msgid("Term explained")

    NOTE = msgid("Fact box")
    NOTE_TITLE = msgid("Fact box title")
    NOTE_BULLET = msgid("Fact box bullet list")
    NOTE_NUMBER = msgid("Fact box numbered list")
    METHOD = msgid("Method box")
    METHOD_TITLE = msgid("Method box title")
    METHOD_BULLET = msgid("Method box bullet list")
    METHOD_NUMBER = msgid("Method box numbered list")
    WARNING = msgid("Warning box")
    WARNING_TITLE = msgid("Warning box title")
    WARNING_BULLET = msgid("Warning box bullet list")
    WARNING_NUMBER = msgid("Warning box numbered list")

    HEADER = "header"
    HEADER_LANDSCAPE = msgid("Header of a lying page")
    FOOTER = "footer"
    FOOTNOTE = "footnote text"
    SECTION_BREAK = msgid("Section break")

    STRONG = "Strong"
    EMPHASIS = "Emphasis"
    STRONG_EMPHASIS = "Intense Emphasis"
    HYPERLINK = "Hyperlink"
    FOOTNOTE_MARK = "footnote reference"
    MARK_WORD = msgid("Status word")
    LABEL = msgid("Caption label")


Scheme = Literal["chapter", "appendix", "annex", "plain"]
CalloutKind = Literal["note", "method", "warning"]
CalloutPart = Literal["", "title", "bullet", "number"]

DEEPEST_LIST = 3
"""Levels of lists that Word has built-in styles for; deeper lists stay at the last."""

_ON_A_NEW_PAGE: dict[Scheme, Style] = {
    "chapter": Style.HEADING_1_ON_A_NEW_PAGE,
    "appendix": Style.APPENDIX_HEADING_1_ON_A_NEW_PAGE,
    "annex": Style.APPENDIX_HEADING_1_ON_A_NEW_PAGE,
}
"""Of level 1; a summary has no other style, since it always begins a page."""


def heading(scheme: Scheme, level: int) -> str:
    """The style of a heading."""
    if scheme == "chapter":
        return f"heading {level}"
    return Style[f"{'PLAIN' if scheme == 'plain' else 'APPENDIX'}_HEADING_{level}"]


def on_a_new_page(scheme: Scheme) -> str:
    """The style of a heading of level 1 that begins a page."""
    return _ON_A_NEW_PAGE.get(scheme) or heading(scheme, 1)


def contents_style(level: int) -> str:
    """The style of an entry in the table of contents."""
    return f"toc {level}"


def in_appendix(style: Style) -> Style:
    """The style for the same where tables are set smaller."""
    return Style[f"APPENDIX_{style.name}"]


def bullet_style(level: int) -> str:
    """The style of an item in a list without order; the outermost level is 1."""
    return _list("List Bullet", level)


def number_style(level: int) -> str:
    """The style of an item in a numbered list."""
    return _list("List Number", level)


def further(level: int) -> str:
    """The style of a list item's second and later paragraphs."""
    return _list("List Continue", level)


def callout(kind: CalloutKind, part: CalloutPart = "") -> Style:
    """The style of a boxed passage's text, title or lists."""
    return Style["_".join(filter(None, (kind, part))).upper()]


def required() -> tuple[str, ...]:
    """Every style that a template must hold."""
    levels = range(1, DEEPEST_LIST + 1)
    return (
        *Style,
        *(heading("chapter", level) for level in levels),
        *(contents_style(level) for level in range(1, LEVELS + 1)),
        *(name(level) for name in (bullet_style, number_style, further) for level in levels),
    )


def _list(name: str, level: int) -> str:
    level = min(level, DEEPEST_LIST)
    return name if level == 1 else f"{name} {level}"
