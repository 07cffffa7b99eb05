"""Words for time in running Swedish text: dates, months, tertials, quarters and years, told apart by their kind.

Two reports of a series say the same sentences about different periods. Where all that differs is which period, a reader
should be told so once, and not be shown every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from report_builder.swedish.months import any_month

_YEAR = r"(?:19|20)\d\d"
_SPACE = "[ \N{NO-BREAK SPACE}]"


@cache
def _kinds() -> dict[str, str]:
    month = any_month()
    return {
        "dygn": rf"{_YEAR}-\d\d-\d\d",
        "dag": rf"\d{{1,2}}{_SPACE}{month}(?:{_SPACE}{_YEAR})?",
        "månad": rf"{month}{_SPACE}{_YEAR}|{_YEAR}-\d\d(?![-\d])",
        "del": rf"(?:första|andra|tredje|fjärde){_SPACE}(?:tertialet|kvartalet|halvåret)(?:{_SPACE}{_YEAR})?",
        "kort": rf"(?:T|kv{_SPACE})[1-4]{_SPACE}{_YEAR}|{_YEAR}-[TQ][1-4]",
        "år": _YEAR,
    }


@cache
def _time() -> re.Pattern[str]:
    kinds = "|".join(f"({words})" for words in _kinds().values())
    return re.compile(rf"(?<![\w:/.-])(?:{kinds})(?![\w/:]|-\w)", re.IGNORECASE)


def split(text: str) -> Iterator[tuple[str, str]]:
    """The text in stretches, each with the kind of time that it names, or "" where it names none."""
    at = 0
    for found in _time().finditer(text):
        if at < found.start():
            yield text[at : found.start()], ""
        yield found[0], tuple(_kinds())[(found.lastindex or 1) - 1]
        at = found.end()
    if at < len(text):
        yield text[at:], ""
