"""The names of the months in Swedish, as CLDR has them (through Babel)."""

from __future__ import annotations

from functools import cache


@cache
def month_names() -> tuple[str, ...]:
    """From "januari" to "december"."""
    from babel import Locale

    names = Locale.parse("sv").months["format"]["wide"]
    return tuple(names[number] for number in range(1, 13))


@cache
def any_month() -> str:
    """A regular expression that matches the name of one month, without a group."""
    return f"(?:{'|'.join(month_names())})"
