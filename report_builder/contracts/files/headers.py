"""Where the columns' names stand in a file, and which name is meant where one is not quite as the contract has it.

People put titles above a table, blank lines, and a line that tells a spreadsheet the delimiter. Text and workbooks are
forgiven the same: the names are looked for on the first rows, and what stands above them is told and not read.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.odd_text import even

SEARCHED_ROWS = 20
"""How far down the names are looked for."""
_BETWEEN_WORDS = re.compile(r"[\s_.\-]+")
_LIKE_ENOUGH = 0.75
"""How like (0 to 1, by difflib) a header is to the name that it is taken for in a hint."""


def found_header(rows: Iterable[tuple[int, Sequence[str]]], contract: FileContract, expected: int = 1) -> int:
    """The row of the columns' names among the first ``rows`` (number, cells); 0 where they stand on none.

    That is the ``expected`` row if it holds one of the names, else the row that holds most of them and at least half.
    """
    wanted = {plain_name(c.header) for c in contract.columns}
    best, row = 0, 0
    for number, cells in rows:
        if number > max(SEARCHED_ROWS, expected):
            break
        held = len(wanted & {plain_name(cell) for cell in cells})
        if number == expected and held:
            return number
        if held > best:
            best, row = held, number
    return row if 2 * best >= len(wanted) else 0


def plain_name(header: str) -> str:
    """A column's name without what people write in different ways: capitals, dots over letters, what parts words."""
    letters = unicodedata.normalize("NFD", even(header).casefold())
    return _BETWEEN_WORDS.sub("", "".join(sign for sign in letters if not unicodedata.combining(sign)))


def meant(missing: Sequence[str], unknown: Sequence[str]) -> Mapping[str, str]:
    """For each name that the contract has and the file lacks, the header of the file that is meant, if one is alike.

    No header is taken twice; those that differ in capitals and spaces only come first.
    """
    found: dict[str, str] = {}
    left = list(unknown)
    for name in missing:
        alike = [header for header in left if plain_name(header) == plain_name(name)]
        if alike:
            found[name] = alike[0]
            left.remove(alike[0])
    for name in (name for name in missing if name not in found):
        near = difflib.get_close_matches(name, left, n=1, cutoff=_LIKE_ENOUGH)
        if near:
            found[name] = near[0]
            left.remove(near[0])
    return found
