"""Swedish words that name a period, in a title or a file name, held against the periods that a release accounts for.

A report says which period it is about in words that people type: "andra tertialet 2026". Each expression of time that
is known here must be the release's own; one that is known to be about time and cannot be read is refused too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from report_builder.swedish.months import any_month, month_names

_ORDINALS = {
    "första": 1, "andra": 2, "tredje": 3, "fjärde": 4, "femte": 5, "sista": 3, "1:a": 1, "2:a": 2, "3:e": 3, "1a": 1,
    "2a": 2, "3e": 3, "ett": 1, "två": 2, "tre": 3, "i": 1, "ii": 2, "iii": 3, **{str(n): n for n in range(1, 10)},
}  # fmt: skip
_SAID = {1: "första", 2: "andra", 3: "tredje"}

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBER = "|".join(sorted(map(re.escape, _ORDINALS), key=len, reverse=True))
_NUMBERS = rf"(?P<numbers>(?<![\w:])(?:{_NUMBER})(?:\s*(?:,|-|/|&|och|till)\s*(?:{_NUMBER}))*)(?![\w:])"
_THEN = rf"(?:\s*,?\s*(?:av\s+|under\s+|för\s+|år(?:et)?\s+)?{_YEAR}(?!\d))?"
_TERTIALS = (
    re.compile(rf"(?<!\w){_YEAR}\s*-?\s*t(?:ertial)?\s*-?\s*(?P<numbers>\d)(?!\w)"),
    re.compile(rf"{_NUMBERS}\s*tertial\w*{_THEN}"),
    re.compile(rf"tertial[a-zåäö]*\s*(?:nr|nummer)?\.?\s*{_NUMBERS}{_THEN}"),
    re.compile(rf"(?<!\w)t\s?(?P<numbers>\d)(?!\w){_THEN}"),
)
_YEARS = re.compile(
    r"(?<![\w:./])(?P<first>(?:19|20)\d\d)\s*(?:-|/|till och med|till|och)\s*(?P<last>(?:19|20)?\d\d)(?![\w:/])"
)
_ONE_YEAR = re.compile(rf"(?<![\w:./]){_YEAR}(?![\w:/]|[.,]\d)")
_UNREADABLE = re.compile(
    r"tertial(?:et|ets|en|ens|erna)\b|\w*kvartal\w*|\w*halvår\w*|\bhalvan\b|\btredjedelen\b|\bq\s?[1-4]\b|\bh[12]\b"
    r"|\bkv\.?\s?\d|\bvecka\s+\d+|\bmånaderna\b|\b(?:våren|sommaren|hösten|vintern)s?\b|\w*termin(?:en)?\b|\bfjolåret\w*"
    r"|\bi fjol\b|\bi år\b|\b(?:förra|föregående|innevarande|nästa|senaste)\s+(?:år|tertial|period|månad)\w*"
)
_WHOLE_YEAR = re.compile(rf"\bhelår(?:et|s\w*)?{_THEN}")


@cache
def _date() -> re.Pattern[str]:
    written = rf"(?P<day>\d\d?)\s+(?P<month>{any_month()})\s+{_YEAR}"
    return re.compile(rf"(?<!\w)(?:{written}|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))(?!\w)")


@cache
def _month() -> re.Pattern[str]:
    until = r"(?:-|till och med|t\.?\s?o\.?\s?m\.?|till|och)"
    return re.compile(rf"(?<!\w)(?P<first>{any_month()})s?(?:\s*{until}\s*(?P<last>{any_month()})s?)?(?!\w){_THEN}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPeriods:
    """What a release may say that it is about: whole years, a tertial where it has one, and days of its own.

    ``tertial`` is (year, number); ``days`` are those that the release names: of an extract, a decision, publication.
    """

    years: tuple[int, ...]
    tertial: tuple[int, int] | None = None
    days: frozenset[date] = frozenset()

    @property
    def year(self) -> int:
        """The year that the release is about: that of the tertial, else the last one."""
        return self.tertial[0] if self.tertial else self.years[-1]


def foreign_periods(text: str, own: OwnPeriods) -> tuple[str, ...]:
    """The expressions in ``text`` that name another period than ``own``, or a period in words that cannot be read."""
    left = _plain(text)
    found: list[str] = []

    def take(pattern: re.Pattern[str], fits: Callable[[re.Match[str], OwnPeriods], bool]) -> None:
        nonlocal left
        for match in pattern.finditer(left):
            if not fits(match, own):
                found.append(" ".join(match.group().split()).strip(" ,"))
        left = pattern.sub(lambda m: " " * len(m.group()), left)

    take(_date(), _date_fits)
    for pattern in _TERTIALS:
        take(pattern, _tertial_fits)
    take(_WHOLE_YEAR, _whole_year_fits)
    take(_month(), _month_fits)
    take(_UNREADABLE, lambda *_: False)
    take(_YEARS, _years_fit)
    take(_ONE_YEAR, lambda match, own: int(match["year"]) == own.year)
    return tuple(found)


def tertial_words(text: str, old: OwnPeriods, new: OwnPeriods) -> str:
    """``text`` with the tertial of ``old``, where it says "andra tertialet 2026", replaced by that of ``new``."""
    if old.tertial is None or new.tertial is None:
        return text
    said, now = _SAID[old.tertial[1]], _SAID[new.tertial[1]]

    def renamed(match: re.Match[str]) -> str:
        word = now.capitalize() if match["word"][0].isupper() else now
        year = str(new.tertial[0]) if new.tertial else ""
        return f"{word}{match['gap']}{year}" if match["year"] else f"{word}{match['gap']}"

    pattern = rf"(?P<word>{said})(?P<gap>\s+tertialet\s*)(?P<year>{old.tertial[0]})?"
    return re.sub(pattern, renamed, text, flags=re.IGNORECASE)


def _plain(text: str) -> str:
    """Small letters, one kind of dash and of space, nothing invisible in between."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", re.sub(r"[‐-―−]", "-", visible))


def _date_fits(match: re.Match[str], own: OwnPeriods) -> bool:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"]) in own.days
        return date(int(match["year"]), month_names().index(match["month"]) + 1, int(match["day"])) in own.days
    except ValueError:
        return False


def _tertial_fits(match: re.Match[str], own: OwnPeriods) -> bool:
    """The last tertial named must be the release's; those before it in the year are accounted for too."""
    words = re.split(r"\s*(?:,|-|/|&|\boch\b|\btill\b)\s*", match["numbers"].strip())
    numbers = [_ORDINALS[word] for word in words]
    if own.tertial is None or (match["year"] and int(match["year"]) != own.tertial[0]):
        return False
    return numbers[-1] == own.tertial[1] and numbers == sorted(set(numbers))


def _whole_year_fits(match: re.Match[str], own: OwnPeriods) -> bool:
    year = int(match["year"]) if match["year"] else own.year
    return year == own.year and (own.tertial is None or own.tertial[1] == _TERTIALS_A_YEAR)


_TERTIALS_A_YEAR = 3
_MONTHS_A_TERTIAL = 4


def _month_fits(match: re.Match[str], own: OwnPeriods) -> bool:
    first = month_names().index(match["first"]) + 1
    year = int(match["year"]) if match["year"] else None
    if match["last"] is None:
        return any(day.month == first and year in (None, day.year) for day in own.days)
    last = month_names().index(match["last"]) + 1
    end = own.tertial[1] * _MONTHS_A_TERTIAL if own.tertial else 12
    return year in (None, own.year) and last == end and first in (1, end - _MONTHS_A_TERTIAL + 1 if own.tertial else 1)


def _years_fit(match: re.Match[str], own: OwnPeriods) -> bool:
    first, last = int(match["first"]), match["last"]
    until = int(last) if len(last) == len(match["first"]) else first // 100 * 100 + int(last)
    return first == own.years[0] and until in (own.years[-1], own.year)
