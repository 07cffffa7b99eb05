"""Numbers, dates, lists and wording in Swedish, after CLDR (through Babel) and Myndigheternas skrivregler.

Spaces inside a number, and between a number and its unit, are no-break spaces; minus is U+2212.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, Literal

from report_builder.periods import Period
from report_builder.swedish.months import month_names

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÉabcdefghijklmnopqrstuvwxyzåäöé0123456789.,:;–−%()”’§…\u00a0"
"""The signs that a report in Swedish cannot do without; a font must have them all."""

NBSP: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
MISSING: Final = ".."
"""Printed for a value that does not exist (SCB's sign for "uppgift ej tillgänglig")."""

_WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
COUNT: Final = "antal"
DAYS: Final = "dagar"
MONTHS: Final = "manader"
PERCENT: Final = "procent"
POINTS: Final = "procentenheter"
"""The units as methods, contracts and facts name them: codes in a file, which are Swedish words."""

_UNITS = {
    DAYS: ("dag", "dagar"),
    MONTHS: ("månad", "månader"),
    PERCENT: ("procent", "procent"),
    POINTS: ("procentenhet", "procentenheter"),
}
_SMALL_BASE = 20
"""Below this, a change in per cent says more than the figures hold, and is left out."""

RISING: Final = frozenset({
    "ökade", "ökat", "stigit", "växte", "vuxit", "förlängdes", "förlängts", "höjdes", "fördubblades", "fördubblats",
    "dubbelt", "tilltog", "fler", "högre", "längre", "större", "högst", "flest", "längst", "störst", "mest",
})  # fmt: skip
"""Words that say which way: up, or more than something else."""

FALLING: Final = frozenset({
    "minskade", "minskat", "sjönk", "sjunkit", "föll", "fallit", "krympte", "krympt", "förkortades", "förkortats",
    "sänktes", "halverades", "halverats", "avtog", "färre", "lägre", "kortare", "mindre", "lägst", "kortast", "minst",
})  # fmt: skip
"""Words that say which way: down, or less than something else."""

PAST: Final = frozenset({
    "ökade", "ökat", "stigit", "växte", "vuxit", "förlängdes", "förlängts", "fördubblades", "tilltog", "minskade",
    "minskat", "sjönk", "sjunkit", "föll", "fallit", "krympte", "krympt", "förkortades", "förkortats", "halverades",
    "avtog",
})  # fmt: skip
"""Those of them that state what has happened, whatever they are said of."""

COMPARING: Final = frozenset({
    "fler", "färre", "högre", "lägre", "längre", "kortare", "större", "mindre",
})  # fmt: skip
"""Those of them that hold two things against each other."""

SUPERLATIVE: Final = frozenset({"flest", "högst", "längst", "störst", "lägst", "kortast", "minst"})
"""Those of them that put one thing before or after all others."""

SUPERLATIVES: Final = re.compile(
    rf"(näst )?\b({'|'.join(sorted(SUPERLATIVE))})\b(?! (?:en|ett|två|tre)\b)", re.IGNORECASE
)
"""One of them in a text; group 1 where it is the second of its kind, and none where it is a bound ("högst tre")."""

SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ…])")
"""What lies between two sentences."""

WORD: Final = re.compile(r"[A-Za-zÅÄÖåäöÉé]+(?:-[A-Za-zÅÄÖåäöÉé]+)*")
ABBREVIATION: Final = re.compile(r"(?<![\w-])(?:[A-ZÅÄÖ]{2,}|[A-ZÅÄÖ][a-zåäö][A-ZÅÄÖ])(?![\w-])")
_PASSIVE = re.compile(r"\w{3,}(?:ades|ats|dras|kas|las|mas|nas|ras|tas|vas|das|des|tes)")
_NOT_PASSIVE = frozenset(
    ("deras", "annars", "hoppas", "lyckas", "minnas", "saknas", "finnas", "trivas", "åldras", "sådanas", "senaste")
)

DOUBLED: Final = frozenset({"dubbelt", "fördubblades", "fördubblats"})
HALVED: Final = frozenset({"halverades", "halverats"})
"""Words that say by how much, and may be said of what comes within a tenth of it."""

UNCHANGED = "låg kvar på samma nivå"
NEARLY_UNCHANGED = "i stort sett"
_CLOSE, _ABOUT = Decimal("0.05"), Decimal("0.10")
_ORDINALS = (
    "nollte", "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde",
    "elfte", "tolfte",
)  # fmt: skip
Subject = Literal["", "en", "ett", "flera"]
"""What a wording is said of: a word with en, with ett, or several; empty for wording that serves all of them."""


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """``value`` rounded half away from zero to ``decimals`` places; never a negative zero."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """``18 950``, ``3,4``, ``−12``; a missing value gives ``..``."""
    if value is None:
        return MISSING
    rounded = round_half_up(Decimal(value), decimals)
    digits = _digits(abs(rounded), decimals)  # Babel would put the pattern's own hyphen before a negative number
    return f"{MINUS}{digits}" if rounded < 0 else digits


@lru_cache(maxsize=50_000)
def _digits(rounded: Decimal, decimals: int) -> str:
    """A number of just so many decimals; a report prints the same ones over and over."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded, format=pattern, locale="sv_SE", decimal_quantization=False)


def signed(value: Decimal | None, decimals: int = 0) -> str:
    """As :func:`number`, with a plus on what is above zero: for columns of differences."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and round_half_up(value, decimals) > 0 else text


def with_unit(value: Decimal | None, decimals: int, unit: str, nouns: tuple[str, str]) -> str:
    """``1 dag``, ``612 dagar``, ``75 procent``, ``18 950 ärenden``; ``nouns`` (one, many) serve the unit ``antal``."""
    one, many = _UNITS.get(unit, nouns)
    text = number(value, decimals)
    return f"{text}{NBSP}{one if text.lstrip(MINUS) == '1' else many}"


def change(difference: Decimal, decimals: int, unit: str, nouns: tuple[str, str]) -> str:
    """``ökade med 312 ärenden``, ``minskade med 1 dag``; what rounds to nothing ``låg kvar på samma nivå``."""
    rounded = round_half_up(difference, decimals)
    if rounded == 0:
        return UNCHANGED
    verb = "ökade" if rounded > 0 else "minskade"
    return f"{verb} med {with_unit(abs(rounded), decimals, unit, nouns)}"


def nearly_unchanged(subject: Subject) -> str:
    """``var i stort sett oförändrad`` (oförändrat, oförändrade), or words that agree with any subject."""
    endings = {"en": "oförändrad", "ett": "oförändrat", "flera": "oförändrade"}
    return f"var {NEARLY_UNCHANGED} {endings[subject]}" if subject else f"låg {NEARLY_UNCHANGED} kvar på samma nivå"


def approximate(value: Decimal, decimals: int) -> tuple[str, Decimal]:
    """``drygt 18 900``, ``knappt 19 000``: two leading digits, the word, and never a false one; also the bare figure.

    What is exact, and what is below ten, is printed as it is.
    """
    exact = round_half_up(value, decimals)
    step = Decimal(1).scaleb(max(0, abs(exact).adjusted() - 1))
    round_figure = (abs(exact) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    if exact < 10 or round_figure == value:
        return number(exact, decimals), exact
    word = "drygt" if value > round_figure else "knappt"
    if not is_true(word, round_figure, value):
        return number(exact, decimals), exact
    return f"{word}{NBSP}{number(round_figure)}", round_figure


def is_true(word: str, said: Decimal, value: Decimal) -> bool:
    """Whether ``word said`` ("drygt 18 900") may be said of ``value``: "drygt" is a little more and never less."""
    off = abs(value - said)
    match word:
        case "drygt":
            return value > said and off <= _CLOSE * abs(said)
        case "knappt":
            return value < said and off <= _CLOSE * abs(said)
        case "omkring":
            return off <= _ABOUT * abs(said)
        case _:
            raise ValueError(f"{word!r} is not approximate wording")


def ordinal(count: int) -> str:
    """``tredje``; above twelve ``22:a``, ``13:e``."""
    if 0 <= count < len(_ORDINALS):
        return _ORDINALS[count]
    first_or_second = count % 10 in (1, 2) and count % 100 not in (11, 12)
    return f"{count}:{'a' if first_or_second else 'e'}"


def ordinal_day(value: date) -> str:
    """``den 22 november 2026``, as a date stands in a sentence."""
    return f"den{NBSP}{day(value)}"


def ordinal_month_day(value: date) -> str:
    """``den 22:a november``: the day of a month, for what happens every year or every month."""
    count = value.day
    sign = "a" if count % 10 in (1, 2) and count not in (11, 12) else "e"
    return f"den{NBSP}{count}:{sign}{NBSP}{month_names()[value.month - 1]}"


def relative_is_worth_saying(earlier: Decimal, percent: Decimal | None) -> bool:
    """Whether a change may also be told in per cent: the base is not tiny, and the figure not zero when printed."""
    return percent is not None and abs(earlier) >= _SMALL_BASE and round_half_up(percent, 0) != 0


def count_word(count: int) -> str:
    """``åtta`` for numbers up to twelve, digits above."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else number(count)


def listing(items: Sequence[str], conjunction: str = "och") -> str:
    """``a``, ``a och b``, ``a, b och c``; with "eller" as ``conjunction``, ``a, b eller c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def is_passive(word: str) -> bool:
    """Whether a word ends as a verb in the passive does, as far as an ending can say."""
    return _PASSIVE.fullmatch(word.lower()) is not None and word.lower() not in _NOT_PASSIVE


def capitalised(words: str) -> str:
    """``words`` as a sentence or a head begins: ``Ärendeslag``; the rest stays as it is."""
    return f"{words[:1].upper()}{words[1:]}"


def uncapitalised(words: str) -> str:
    """``words``, which may have been a head, as they stand within a sentence."""
    return f"{words[:1].lower()}{words[1:]}"


def day(value: date) -> str:
    """``22 november 2026``, kept together on one line."""
    return f"{value.day}{NBSP}{month_names()[value.month - 1]}{NBSP}{value.year}"


def month(value: date) -> str:
    """``november 2026``."""
    return f"{month_names()[value.month - 1]}{NBSP}{value.year}"


def period(value: Period) -> str:
    """A period in running text: ``2025``, ``första tertialet 2025``, ``tredje kvartalet 2025``, ``juni 2025``."""
    ordinals = ("första", "andra", "tredje", "fjärde")
    match value.kind:
        case "year":
            return value.name
        case "tertial" | "quarter" as kind:
            noun = "tertialet" if kind == "tertial" else "kvartalet"
            return f"{ordinals[int(value.name[-1]) - 1]} {noun} {value.name[:4]}"
        case "month":
            return month(value.start)
        case "day":
            return day(value.start)
        case _:
            return f"{day(value.start)}–{day(value.end)}"


def period_in_table(value: Period) -> str:
    """A period as a column head or an axis label: ``2025``, ``T1 2025``, ``kv 3 2025``, ``2025-12-31``."""
    match value.kind:
        case "tertial":
            return f"T{value.name[-1]}{NBSP}{value.name[:4]}"
        case "quarter":
            return f"kv{NBSP}{value.name[-1]}{NBSP}{value.name[:4]}"
        case "month":
            return f"{month_names()[value.start.month - 1][:3]}{NBSP}{value.start.year}"
        case "range":
            return f"{value.start.isoformat()} – {value.end.isoformat()}"
        case _:
            return value.name


def genitive(name: str) -> str:
    """``Riksrevisionens``, ``SCB:s``, ``Uppsala läns``; a name that ends in s, x or z stays as it is."""
    if name[-1:] in "sxz":
        return name
    abbreviation = len(name) > 1 and name.isupper()
    return f"{name}:s" if abbreviation else f"{name}s"


def sort_key(word: str) -> str:
    """A key that sorts as Swedish does: å, ä and ö after z; case and accents on other letters do not matter."""
    import unicodedata

    after_z = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"}
    letters = unicodedata.normalize("NFC", word).casefold()
    plain = (after_z.get(c) or unicodedata.normalize("NFD", c)[0] for c in letters)
    return "".join(plain)
