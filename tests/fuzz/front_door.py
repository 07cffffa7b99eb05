"""The program, run thousands of times as a person runs it: in a process of its own each time, with all that it prints.

To start Python and load what a check needs takes a second; so one process loads it once and is forked for every run.
Each run goes through ``main``, so it is watched by the program's own supervisor as any other.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

_STEP = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a command ended: its exit code (negative: the signal), what it printed, and what it took."""

    code: int
    printed: str
    seconds: float
    memory: int = 0

    @property
    def traceback(self) -> bool:
        return "Traceback (most recent call last)" in self.printed


@dataclass(slots=True)
class _Running:
    process: int
    output: int
    begun: float
    printed: list[bytes] = field(default_factory=list)
    memory: int = 0
    killed: bool = False


def load() -> None:
    """Import what a run needs, before there are any threads."""
    import duckdb
    import ibis
    import openpyxl
    import pyarrow.parquet
    import sqlglot

    import report_builder.cli.main
    import report_builder.contracts.check
    import report_builder.narrative.compose
    import report_builder.verbs.compare
    import report_builder.verbs.import_review
    import report_builder.verbs.validate
    import report_builder.verifying.verify

    assert all((duckdb, ibis, openpyxl, pyarrow.parquet, sqlglot, report_builder))


def _start(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> _Running:
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        _be(arguments, folder, environment, theirs)
    os.close(theirs)
    os.set_blocking(ours, False)
    return _Running(process, ours, time.monotonic())


def _be(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], output: int) -> NoReturn:
    """In the forked process: become the program."""
    from report_builder.cli.main import main

    os.setsid()  # so that all of it can be ended at once
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.update(environment)
    sys.argv = ["report-builder", *arguments]
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8")
    with contextlib.suppress(BaseException):
        main()
    os._exit(70)  # main never comes back


def runs(
    commands: Iterator[tuple[str, Sequence[str], Path]], *, at_once: int, longest: float, environment: Mapping[str, str]
) -> Iterator[tuple[str, Run]]:
    """Run the commands (name, arguments, folder), ``at_once`` of them at a time, and give each as it ends.

    One that takes ``longest`` seconds is ended.
    """
    going: dict[str, _Running] = {}
    with selectors.DefaultSelector() as selector:
        exhausted = False
        while going or not exhausted:
            while not exhausted and len(going) < at_once:
                if (command := next(commands, None)) is None:
                    exhausted = True
                    break
                name, arguments, folder = command
                going[name] = _start(arguments, folder, environment)
                selector.register(going[name].output, selectors.EVENT_READ, name)
            for key, _ in selector.select(_STEP):
                running = going[key.data]
                with contextlib.suppress(BlockingIOError):
                    running.printed.append(os.read(running.output, 1 << 16))
            for name, running in list(going.items()):
                ended, status, usage = os.wait4(running.process, os.WNOHANG)
                seconds = time.monotonic() - running.begun
                if not ended:
                    if seconds > longest and not running.killed:
                        running.killed = True
                        with contextlib.suppress(ProcessLookupError):
                            os.killpg(running.process, signal.SIGKILL)
                    continue
                selector.unregister(running.output)
                with contextlib.suppress(BlockingIOError):
                    while more := os.read(running.output, 1 << 16):
                        running.printed.append(more)
                os.close(running.output)
                del going[name]
                yield (
                    name,
                    Run(
                        code=os.waitstatus_to_exitcode(status),
                        printed=b"".join(running.printed).decode("utf-8", "replace"),
                        seconds=seconds,
                        memory=usage.ru_maxrss << 10,
                    ),
                )
