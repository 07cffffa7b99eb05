"""What is wrong, where, and what to do about it: the one way in which the program says so.

Parsing and checking return problems; only a step that cannot go on raises, and then with every problem that it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Severity(StrEnum):
    """How much a problem stops: an error stops a build, a warning is shown and goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the input a problem is, in the words of the person who owns the file.

    ``file`` is relative to the workspace where it can be. ``line`` counts lines of a text file from 1; ``row`` is
    the row number that a spreadsheet shows (the header is a row too).
    """

    file: str
    line: int | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file if self.line is None else f"{self.file}:{self.line}"]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of the input or the content.

    ``code`` is a stable kebab-case name of the rule ("unknown-field", "date-order"); ``value`` is what stood there;
    ``hint`` tells what to do. ``count`` says how many rows share the fault when only the first is shown. ``sentence``
    is the message in the report's language, for a problem that a reader of a report may meet. ``rule`` is the name that
    the rule has in its contract, where it has one; ``follows`` are the faults that go away with this one, in words.
    """

    code: str
    message: str
    place: Place | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR
    value: str | None = None
    count: int = 1
    sentence: str = ""
    rule: str = ""
    follows: tuple[str, ...] = ()


class ReportError(Exception):
    """The input or the content is at fault: carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(f"{p.place or ''}: {p.message}" for p in self.problems))


def raise_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Raise :class:`ReportError` if any problem is an error (warnings ride along); otherwise return the warnings."""
    found = tuple(problems)
    if any(p.severity is Severity.ERROR for p in found):
        raise ReportError(found)
    return found


class Gather:
    """Runs steps that do not hang on each other and keeps the problems of all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, step: Callable[[], T]) -> T | None:
        """The step's result, or ``None`` if it found problems."""
        try:
            return step()
        except ReportError as e:
            self.problems += e.problems
            return None

    def add(self, problems: Iterable[Problem]) -> None:
        """Problems that a step returned."""
        self.problems += problems

    def done(self) -> None:
        """Raise ReportError with everything gathered, if there is any error."""
        raise_errors(dict.fromkeys(self.problems))


def whole(value: T | None) -> T:
    """A value that earlier steps have shown to be there."""
    if value is None:
        raise RuntimeError("a step went on after a problem")
    return value


def nearest(word: str, known: Iterable[str], most: int = 3) -> str:
    """A hint with the known names nearest to ``word`` ("did you mean a, b?"), or the empty string."""
    import difflib

    names = difflib.get_close_matches(word, list(known), n=most, cutoff=0.5)
    return f"Did you mean {', '.join(names)}?" if names else ""
