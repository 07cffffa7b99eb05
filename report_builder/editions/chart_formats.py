"""How a language writes the numbers and dates of a chart: CLDR, by Babel, in the form of the locales of d3 (Vega)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

_CURRENCY = "SEK"
"""What an amount in a chart is in, where its specification asks for the sign of a currency."""


@dataclass(frozen=True, slots=True)
class ChartFormats:
    """``numbers`` is a locale of d3-format, ``times`` one of d3-time-format."""

    numbers: dict[str, Any]
    times: dict[str, Any]


@cache
def chart_formats(language: str) -> ChartFormats:
    """The formats of ``language``; raises babel.UnknownLocaleError where CLDR has no such language."""
    from babel import Locale, numbers

    locale = Locale.parse(language)
    days, months = locale.days["format"], locale.months["format"]
    currency = numbers.get_currency_symbol(_CURRENCY, locale)
    return ChartFormats(
        numbers={
            "decimal": numbers.get_decimal_symbol(locale),
            "thousands": numbers.get_group_symbol(locale),
            "grouping": [3],
            "currency": ["", f"\N{NO-BREAK SPACE}{currency}"],
            "minus": numbers.get_minus_sign_symbol(locale),
            "percent": locale.percent_formats[None].suffix[0],
        },
        times={
            "dateTime": "%Y-%m-%d %H:%M:%S",
            "date": "%Y-%m-%d",
            "time": "%H:%M:%S",
            "periods": [locale.day_periods["format"]["abbreviated"][name] for name in ("am", "pm")],
            "days": [days["wide"][number] for number in _FROM_SUNDAY],
            "shortDays": [_bare(days["abbreviated"][number]) for number in _FROM_SUNDAY],
            "months": [months["wide"][number] for number in range(1, 13)],
            "shortMonths": [_bare(months["abbreviated"][number]) for number in range(1, 13)],
        },
    )


_FROM_SUNDAY = (6, 0, 1, 2, 3, 4, 5)
"""Babel counts days from Monday, and d3 begins with Sunday."""


def _bare(name: str) -> str:
    """A short name without the point that it has in running text; an axis has no room for it."""
    return name.rstrip(".")
