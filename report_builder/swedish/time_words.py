"""Words for time in running Swedish text: dates, months, tertials, quarters and years, told apart by their kind.

Two reports of a series say the same sentences about different periods. Where all that differs is which period, a reader
should be told so once, and not be shown every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
_YEAR = r"(?:19|20)\d\d"
_SPACE = "[ \N{NO-BREAK SPACE}]"
_KINDS = {
    "dygn": rf"{_YEAR}-\d\d-\d\d",
    "dag": rf"\d{{1,2}}{_SPACE}(?:{_MONTH})(?:{_SPACE}{_YEAR})?",
    "månad": rf"(?:{_MONTH}){_SPACE}{_YEAR}|{_YEAR}-\d\d(?![-\d])",
    "del": rf"(?:första|andra|tredje|fjärde){_SPACE}(?:tertialet|kvartalet|halvåret)(?:{_SPACE}{_YEAR})?",
    "kort": rf"(?:T|kv{_SPACE})[1-4]{_SPACE}{_YEAR}|{_YEAR}-[TQ][1-4]",
    "år": _YEAR,
}
_TIME = re.compile(
    rf"(?<![\w:/.-])(?:{'|'.join(f'({words})' for words in _KINDS.values())})(?![\w/:]|-\w)", re.IGNORECASE
)


def split(text: str) -> Iterator[tuple[str, str]]:
    """The text in stretches, each with the kind of time that it names, or "" where it names none."""
    at = 0
    for found in _TIME.finditer(text):
        if at < found.start():
            yield text[at : found.start()], ""
        yield found[0], tuple(_KINDS)[(found.lastindex or 1) - 1]
        at = found.end()
    if at < len(text):
        yield text[at:], ""
