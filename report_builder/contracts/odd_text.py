"""Text that looks like something else than it is: spaces that nobody sees, letters in parts, error values.

Two names that look alike are two names to a program. The signs below are a fault in a column that tells rows apart,
and a remark in every other column of text.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from report_builder.swedish.spreadsheets import ERROR_VALUES, MISSING_WORDS

SPREADSHEET_ERRORS = (
    "#REF!", "#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA", "#BUSY!", *ERROR_VALUES,
)  # fmt: skip
"""What a spreadsheet shows where a formula has no answer, in English and in Swedish."""

MISSING_SIGNS = (
    "..", ".", "...", "\N{HORIZONTAL ELLIPSIS}", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}", "x", "xx",
    "*", "?", "n/a", "na", "n.a.", "null", "none", "nan", "nil", *MISSING_WORDS,
)  # fmt: skip
"""What people and programs write where a figure or a day is missing, withheld or nought, in small letters."""
_DIGITS_WITH_EXPONENT = "[0-9]+([.,][0-9]+)?[eE][+][0-9]+"
_WHOLE_WITH_DECIMAL = "[0-9]+[.,]0"
_DAY_AND_MONTH = "[0-9]{1,2}[-. ]?(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[.]?"
REWRITTEN = f"^({_DIGITS_WITH_EXPONENT}|{_WHOLE_WITH_DECIMAL}|(?i:{_DAY_AND_MONTH}))$"
"""An id that a spreadsheet has made a number or a day of: ``1,23E+05``, ``123.0``, ``02-jan``."""

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_PARTS = "\u0300-\u036f"
_ENCODED_TWICE = (
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
NOTHING_VISIBLE = f"^[\\s{_SPACES}{_INVISIBLE}]*$"
"""A text in which nothing can be seen."""
ODD = f"^\\s|\\s$|[{_SPACES}{_INVISIBLE}{_PARTS}]|_x[0-9A-Fa-f]{{4}}_|{_ENCODED_TWICE}"
"""A text with a sign that is not what it looks like."""
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def even(text: str) -> str:
    """``text`` as it looks: letters whole and encoded once, plain spaces, none at the ends, no invisible signs."""
    text = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    if re.search(_ENCODED_TWICE, text):
        with suppress(UnicodeError):
            text = text.encode("windows-1252").decode("utf-8")
    text = re.sub(f"[{_SPACES}]", " ", unicodedata.normalize("NFC", text))
    return re.sub(f"[{_INVISIBLE}]", "", text).strip()
