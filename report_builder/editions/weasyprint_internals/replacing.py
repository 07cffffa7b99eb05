"""Replacing functions of a library for a while, in the versions that are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from report_builder.problems import Problem, ReportError

KNOWN = {"weasyprint": "70.0", "pydyf": "0.13.0"}
"""The versions that this room was written for."""


def require_known_versions() -> None:
    """Refuse versions of the two libraries that nobody has tried this room with.

    Raises:
        ReportError: another version is installed.

    """
    from importlib.metadata import version

    found = {name: version(name) for name in KNOWN}
    if unknown := [name for name in KNOWN if found[name] != KNOWN[name]]:
        raise ReportError(
            Problem(
                code="unknown-renderer",
                message=f"The PDF edition is written for {name} {KNOWN[name]}, and {found[name]} is installed.",
                hint=f"Install {name}=={KNOWN[name]}. docs/upgrading-weasyprint.md says how to take another version.",
            )
            for name in unknown
        )


@contextmanager
def replaced(*replacements: tuple[Any, str, Any]) -> Iterator[None]:
    """Within the block each (owner, name, replacement) holds, in versions that are known; then all is as it was."""
    require_known_versions()
    originals = [(owner, name, vars(owner)[name]) for owner, name, _ in replacements]
    for owner, name, replacement in replacements:
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)
