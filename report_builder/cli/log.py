"""The log file of a run (``--log FILE``): what was asked for, each step with its time, every problem, and the end.

Lines are added to the file; nothing is logged without the option. A traceback of a fault in the program is in it too.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import typer

from report_builder.problems import Problem, Severity

_LOGGER = logging.getLogger("report_builder")
_LOGGER.addHandler(logging.NullHandler())
_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING}


class _Lines(logging.Formatter):
    """``2026-02-27T10:15:02+0100 WARNING place: message [code] hint``: one line each, but for a traceback."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 (logging's name)
        return time.strftime("%Y-%m-%dT%H:%M:%S%z", self.converter(record.created))


def start_log(path: Path) -> None:
    """Log this run to ``path``. A file that cannot be written is wrong usage."""
    try:
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as e:
        raise typer.BadParameter(f"{path} cannot be written: {e.strerror or e}", param_hint="--log") from e
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(message)s"))
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False
    from report_builder import __version__

    _LOGGER.info("report-builder %s, Python %s on %s", __version__, sys.version.split()[0], sys.platform)
    _LOGGER.info("in %s: %s", Path.cwd(), " ".join(sys.argv[1:]))


def log_step(step: str) -> None:
    """Log what is about to be done."""
    _LOGGER.info("%s", step)


def log_problems(problems: Iterable[Problem]) -> None:
    """Log each problem: place, message, value, count, code and hint."""
    for problem in problems:
        place = f"{problem.place}: " if problem.place is not None else ""
        value = f" value {problem.value!r}" if problem.value is not None else ""
        count = f" {problem.count} rows" if problem.count > 1 else ""
        words = f"{place}{problem.message} [{problem.code}]{value}{count} {problem.hint}".rstrip()
        _LOGGER.log(_LEVELS[problem.severity], "%s", " ".join(words.split()))


def log_fault(error: Exception) -> None:
    """Log a fault of the program, with its traceback."""
    _LOGGER.critical("a fault in the program: %s", error, exc_info=error)


def log_end(code: int) -> None:
    """Log how the run ended."""
    _LOGGER.info("exit code %d", code)
