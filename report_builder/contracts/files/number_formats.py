"""How a spreadsheet shows a number: the formats that scale it, pad it or put text around it.

A cell holds 0,125 and shows 12,5 %: a person who checks the delivery sees the latter, so that is what is read. The
number of decimals that a format shows is no such thing: the cell's own value is read, whatever it is rounded to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|[_*].')
_COLOUR_OR_LOCALE = re.compile(r"\[[^\]]*\]")
_PLACEHOLDERS = re.compile(r"[#0?][#0?,. ]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """``percent`` multiplies by a hundred, ``thousands`` says how many times a thousand it is divided by.

    ``digits`` is the least number of digits of a whole number; ``before`` and ``after`` are text around it.
    """

    percent: bool = False
    thousands: int = 0
    digits: int = 1
    before: str = ""
    after: str = ""

    @property
    def pads(self) -> bool:
        """Whether a text column shows more than the number."""
        return self.digits > 1 or bool(self.before or self.after)

    def text(self, number: str) -> str:
        """A whole number as a cell of text shows it."""
        sign, figures = ("-", number[1:]) if number.startswith("-") else ("", number)
        return f"{sign}{self.before}{figures.zfill(self.digits)}{self.after}"


@lru_cache(maxsize=500)
def number_format(code: str) -> NumberFormat:
    """The format that ``code`` stands for, by its section for positive numbers."""
    section = _COLOUR_OR_LOCALE.sub("", _first_section(code))
    bare = _QUOTED.sub("", section)
    found = _PLACEHOLDERS.search(bare)
    if found is None:
        return NumberFormat(percent="%" in bare)
    placeholders = found.group().rstrip(" ")
    scaled = placeholders.rstrip(",")
    whole = scaled.partition(".")[0]
    plain = set(whole) <= {"0"} and "." not in scaled
    at = re.search(r"[#0?]", _QUOTED.sub(lambda m: "\0" * len(m.group()), section))
    start = at.start() if at else 0
    end = max(section.rfind(sign) for sign in "#0?") + 1
    return NumberFormat(
        percent="%" in bare,
        thousands=len(placeholders) - len(scaled),
        digits=len(whole) if plain else 1,
        before=_literal(section[:start]),
        after=_literal(section[end:]),
    )


def percent_of(value: float) -> Decimal:
    """The number of per cent that a cell shows."""
    return Decimal(format(value, ".15g")) * 100


def _first_section(code: str) -> str:
    """What stands before the first semicolon that is no text."""
    masked = _QUOTED.sub(lambda m: "\0" * len(m.group()), code)
    end = masked.find(";")
    return code if end < 0 else code[:end]


def _literal(part: str) -> str:
    return "".join(quoted or escaped for quoted, escaped in _QUOTED.findall(part)).replace("%", "")
