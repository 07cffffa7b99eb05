"""Words that decide what a Swedish sentence states: an outcome, a comparison, a bound, or what may be."""

from __future__ import annotations

import re
from typing import Final

STATEMENT_WORD: Final = re.compile(r"[a-zåäöé]+", re.IGNORECASE)
"""A word of running text."""

APPROXIMATE: Final = re.compile(r"(drygt|knappt|omkring)[ \u00a0]", re.IGNORECASE)
"""A word before a rounded figure that says on which side of it the value lies."""

HYPOTHETICAL = frozenset(
    ("kan", "kunde", "ska", "skulle", "bör", "om", "när", "ju", "får", "måste", "väntas", "bedöms", "vill")
)
"""A sentence with one of these states no outcome, but what may be, is meant to be, or is under some condition."""

_BOUND = r"(?:\d|[\ue000]|en\b|ett\b|två|tre\b|fyra|fem\b|sex\b|sju\b|åtta|nio\b|tio\b|tolv\b|så\b)"
NO_COMPARISON = re.compile(
    rf"\b(?:inte|allt|lite|något) längre\b|\blängre (?:tid|tider|fram|bak|sikt|perspektiv)\b"
    rf"|\b(?:längre|kortare|mindre|större|högre|lägre|fler|färre) än {_BOUND}|\b(?:högst|minst|lägst) {_BOUND}",
    re.IGNORECASE,
)
"""A bound ("längre än sex månader", "högst 168 dagar"), or a word that compares no figures."""
