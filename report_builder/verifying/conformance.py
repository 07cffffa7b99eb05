"""Whether a finished PDF is what it says it is: PDF/UA-1, and PDF/A-2a or 3a, by a judge that did not make it.

The judge is page-validation; on a system that it is not made for, nothing is said. It answers in half
a second and agrees with veraPDF, which the project's own tests ask too.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

from report_builder.problems import Place, Problem

_NAMES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a", "3a": "PDF/A-3a"}
_ATTACHMENTS_ALLOWED = b'pdfaid:part="3"'


def judge_is_here() -> bool:
    """Whether the judge is installed."""
    return importlib.util.find_spec("page") is not None


def profiles(data: bytes) -> tuple[str, str]:
    """The profiles that a PDF of ours must meet, by the part of PDF/A that it names."""
    return ("ua1", "3a" if _ATTACHMENTS_ALLOWED in data else "2a")


def faults(data: bytes, name: str) -> Iterator[Problem]:
    """Every rule of its profiles that the PDF ``data`` breaks, as the judge words it; ``name`` is the file's."""
    import page

    limits = page.SafetyLimits.unlimited()  # they guard against hostile files; a long table of ours is none
    for profile in profiles(data):
        report = page.validate_pdf_bytes(data, profile=profile, limits=limits)
        for failure in report.failures:
            message = f"The PDF breaks {_NAMES[profile]}: {failure.message} (rule {failure.rule_id})."
            hint = "Build again; if that does not help, do not publish the file, and report it."
            yield Problem(code="not-conforming", message=message, place=Place(file=name), hint=hint)
