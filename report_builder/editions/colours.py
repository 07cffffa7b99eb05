"""The authority's colours, checked for contrast, as the variables that the style sheets use."""

from __future__ import annotations

import re

from report_builder.document.nodes import Authority
from report_builder.problems import Problem, ReportError

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_ENOUGH_FOR_TEXT, _ENOUGH_FOR_LINES = 4.5, 3.0
"""WCAG 2.1: contrast of text (1.4.3) and of lines and surfaces that mean something (1.4.11)."""


def variables(authority: Authority) -> str:
    """A style sheet that names the authority's colours and the tints made of them.

    Raises:
        ReportError: a colour is not written as ``#rrggbb``, or stands out too little from white.

    """
    problems = [
        *_check("primary", authority.primary, _ENOUGH_FOR_TEXT),
        *_check("accent", authority.accent, _ENOUGH_FOR_LINES),
    ]
    if problems:
        raise ReportError(problems)
    colours = {
        "primary": authority.primary,
        "accent": authority.accent,
        "tint": _tint(authority.primary, 0.07),
        "rule": _tint(authority.primary, 0.35),
    }
    return ":root { " + " ".join(f"--{name}: {colour};" for name, colour in colours.items()) + " }"


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours by WCAG 2.1, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _check(name: str, colour: str, enough: float) -> list[Problem]:
    if not _HEX.fullmatch(colour):
        message = f"The authority's {name} colour is {colour}."
        return [Problem(code="bad-colour", message=message, value=colour, hint="Write it as #rrggbb.")]
    ratio = contrast(colour, "#ffffff")
    if ratio >= enough:
        return []
    message = f"The authority's {name} colour {colour} has the contrast {ratio:.1f} : 1 to white; {enough} is needed."
    return [Problem(code="low-contrast", message=message, value=colour, hint="Choose a darker colour.")]


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _tint(colour: str, strength: float) -> str:
    return "#" + "".join(f"{round(255 - (255 - c) * strength):02x}" for c in _channels(colour))
