"""The authority's colours, checked for contrast, as the variables that the style sheets use."""

from __future__ import annotations

import re

from report_builder.document.nodes import Authority
from report_builder.problems import Problem, ReportError
from report_builder.workspace.colours import ENOUGH_FOR_LINES, ENOUGH_FOR_TEXT, contrast, tint

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def variables(authority: Authority) -> str:
    """A style sheet that names the authority's colours and the tints made of them.

    Raises:
        ReportError: a colour is not written as ``#rrggbb``, or stands out too little from white.

    """
    problems = [
        *_check("primary", authority.primary, ENOUGH_FOR_TEXT),
        *_check("accent", authority.accent, ENOUGH_FOR_LINES),
    ]
    if problems:
        raise ReportError(problems)
    colours = {
        "primary": authority.primary,
        "accent": authority.accent,
        "tint": tint(authority.primary, 0.07),
        "rule": tint(authority.primary, 0.35),
    }
    return ":root { " + " ".join(f"--{name}: {colour};" for name, colour in colours.items()) + " }"


def _check(name: str, colour: str, enough: float) -> list[Problem]:
    if not _HEX.fullmatch(colour):
        message = f"The authority's {name} colour is {colour}."
        return [Problem(code="bad-colour", message=message, value=colour, hint="Write it as #rrggbb.")]
    ratio = contrast(colour)
    if ratio >= enough:
        return []
    message = f"The authority's {name} colour {colour} has the contrast {ratio:.1f} : 1 to white; {enough} is needed."
    return [Problem(code="low-contrast", message=message, value=colour, hint="Choose a darker colour.")]
