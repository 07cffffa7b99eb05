"""What reading a file may take: wall-clock time and memory, beyond which it is stopped and told in a sentence.

A reader works inside :func:`watched`. The process that watches this one (:mod:`report_builder.cli.supervisor`) is told
of it, ends this one where the block takes more than it may, or dies of its file, and starts the command again; then
the same block raises :class:`ExceededError` at once. Without anybody who watches, as in a program that uses the engine
as a library, blocks run as they are.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError

_BYTES_A_SECOND = 1 << 19
"""A metric file is read at many times this pace, on a machine that does nothing else."""
_TIMES_ITS_SIZE = 64
"""So many times its size a metric file may take in memory: a packed one unfolds."""
_LONGEST_NAME = 1000
_PAGE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Seconds of wall-clock time and bytes of memory that reading one file may take."""

    seconds: float = 60.0
    memory: int = 2 << 30

    def for_data(self, size: int) -> Allowance:
        """The allowance of a metric file of ``size`` bytes: this one, and more the larger it is."""
        return Allowance(seconds=self.seconds + size / _BYTES_A_SECOND, memory=self.memory + _TIMES_ITS_SIZE * size)


class Exceeded(StrEnum):
    """What was more than allowed; ``CRASH`` is a reader that died of its file."""

    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"


class ExceededError(ReportError):
    """A file takes more than it may: ``reason`` says of what, ``allowance`` how much that would be."""

    def __init__(self, name: str, reason: Exceeded, allowance: Allowance) -> None:
        self.reason = reason
        self.allowance = allowance
        message = {
            Exceeded.TIME: f"It takes more than {round(allowance.seconds, 1):g} seconds.",
            Exceeded.MEMORY: f"It takes more than {allowance.memory >> 20} MB of memory.",
            Exceeded.CRASH: "The program that reads such files broke down on it: the file is damaged.",
        }[reason]
        hint = (
            "See that the file is what it should be. How much a file may take stands in content/workspace.yaml, limits."
        )
        super().__init__(Problem(code="beyond-limits", message=message, place=Place(file=name), hint=hint))


@dataclass(slots=True)
class _Watcher:
    """Who watches this process: where it listens, and the blocks that it had to stop (name → why)."""

    listens: int | None = None
    stopped: Mapping[str, Exceeded] = field(default_factory=dict)
    standard: Allowance = field(default_factory=Allowance)


_WATCHER = _Watcher()
_NUMBERS = itertools.count()


def watched_by(listens: int, stopped: Mapping[str, Exceeded]) -> None:
    """From now on tell the file descriptor ``listens`` of every block; those that are ``stopped`` raise at once."""
    _WATCHER.listens, _WATCHER.stopped = listens, stopped


def allow(standard: Allowance) -> None:
    """From now on this is what a file may take that nothing else is said of."""
    _WATCHER.standard = standard


def allowed() -> Allowance:
    """What a file may take that nothing else is said of."""
    return _WATCHER.standard


@contextmanager
def watched(name: str, allowance: Allowance | None = None) -> Iterator[None]:
    """Do within the block what reading the file called ``name`` takes.

    Raises:
        ExceededError: it took more than ``allowance`` (default: what is :func:`allowed`), or the reader died of it.

    """
    allowance = allowance or _WATCHER.standard
    if (reason := _WATCHER.stopped.get(name[:_LONGEST_NAME])) is not None:
        raise ExceededError(name, reason, allowance)
    if _WATCHER.listens is None:
        yield
        return
    number = next(_NUMBERS)
    begun = [
        number,
        name[:_LONGEST_NAME],
        time.monotonic(),
        allowance.seconds,
        memory_of(os.getpid()),
        allowance.memory,
    ]
    _tell(begun)
    try:
        yield
    finally:
        _tell([number])


def _tell(content: list[object]) -> None:
    if _WATCHER.listens is not None:
        os.write(_WATCHER.listens, json.dumps(content).encode() + b"\n")


def memory_of(process: int) -> int:
    """Bytes of memory that a process has for itself alone; 0 where the system does not tell."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE


def regular(path: Path) -> Path:
    """``path``, if it is a file and no pipe, device or folder: those would be read for ever.

    Raises OSError where it is something else, or cannot be looked at.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "It is no regular file", str(path))
    return path
