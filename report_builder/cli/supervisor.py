"""The process that the user started watches the one that does the work, and nothing else.

What the work reads may take more time or memory than it may (an archive that unfolds without end), or kill the library
that reads it (a damaged file). No check from within is proof against that. So the work is done in a process of its own,
which tells of each file that it reads; it is ended where one takes too much, and the command is run once more, knowing
of that file. The answer is then the usual one, in words and in every format. To fork a program that has hardly begun
takes a thousandth of a second; where a system cannot fork, the work is done here and not watched.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from report_builder.allowance import Exceeded, memory_of, watched_by

Work = Callable[[], NoReturn]

_LOOK, _IDLE = 0.05, 0.2
"""Seconds between two looks at the work while a file is read, and else."""
_MOST_ATTEMPTS = 6
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_BY_THE_TERMINAL = 0x80
"""Where a signal comes from: Ctrl-C, which the work gets too, is the kernel's (``SI_KERNEL``)."""


def supervise(work: Work) -> NoReturn:
    """Do ``work``, which ends the process that it runs in, in one that is watched; ends this one as that has ended."""
    if sys.platform != "linux":
        work()
    stopped: dict[str, Exceeded] = {}
    for _ in range(_MOST_ATTEMPTS):
        attempt = _Attempt(work, stopped)
        status = attempt.wait()
        if attempt.stopped is None:
            _end(status)
        stopped |= attempt.stopped
    _say("Too many files cannot be read within the limits; nothing was built.")
    os._exit(1)


@dataclass(slots=True)
class _Reading:
    """A file that is being read, and when it may be no longer; ``before`` is the memory that was in use without it."""

    name: str
    seconds: float
    before: int
    memory: int
    taken: float = 0.0


@dataclass(slots=True)
class _Attempt:
    """One run of the work; ``stopped`` is the file that it could not read, and why."""

    work: Work
    known: dict[str, Exceeded]
    stopped: dict[str, Exceeded] | None = None
    _reading: dict[int, _Reading] = field(default_factory=dict)
    _process: int = 0
    _heard: bytes = b""

    def wait(self) -> int:
        """Run the work to its end; its status as the system tells it."""
        signals = {*_PASSED_ON, signal.SIGCHLD}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        ours, told = os.pipe()
        alive, living = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(ours)
            os.close(living)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self._begin(told, alive)
        os.close(told)
        os.close(alive)
        os.set_blocking(ours, False)
        try:
            return self._watch(ours, signals)
        finally:
            os.close(ours)
            os.close(living)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _begin(self, told: int, alive: int) -> NoReturn:
        """In the process that works: die with the one that watches, and tell it what is read."""
        threading.Thread(target=_die_with, args=(alive,), daemon=True).start()
        watched_by(told, self.known)
        self.work()

    def _watch(self, ours: int, signals: set[signal.Signals]) -> int:
        looked = time.monotonic()
        while True:
            got = signal.sigtimedwait(signals, _LOOK if self._reading else _IDLE)
            if got is not None and got.si_signo in _PASSED_ON and got.si_code != _BY_THE_TERMINAL:
                os.kill(self._process, got.si_signo)
            self._listen(ours)
            ended, status = os.waitpid(self._process, os.WNOHANG)
            if ended:
                self._ended(status)
                return status
            now = time.monotonic()
            self._look(min(now - looked, 1.0))  # a machine that slept, or a job that was stopped, has not read
            looked = now

    def _listen(self, ours: int) -> None:
        """Take in what the work tells of what it reads."""
        while True:
            try:
                heard = os.read(ours, 1 << 16)
            except BlockingIOError:
                return
            if not heard:
                return
            *lines, self._heard = (self._heard + heard).split(b"\n")
            for line in lines:
                number, *begun = json.loads(line)
                if begun:
                    name, since, seconds, before, memory = begun
                    taken = time.monotonic() - since
                    self._reading[number] = _Reading(name, seconds, before, memory, min(taken, _IDLE))
                else:
                    self._reading.pop(number, None)

    def _look(self, elapsed: float) -> None:
        """End the work where a file has taken more than it may."""
        if not self._reading or self.stopped is not None:
            return
        memory = memory_of(self._process)
        for reading in self._reading.values():
            reading.taken += elapsed
            if reading.taken > reading.seconds:
                self._stop(reading, Exceeded.TIME)
            elif memory - reading.before > reading.memory:
                self._stop(reading, Exceeded.MEMORY)

    def _stop(self, reading: _Reading, reason: Exceeded) -> None:
        self.stopped = self.stopped or {reading.name: reason}
        os.kill(self._process, signal.SIGKILL)

    def _ended(self, status: int) -> None:
        """A work that was killed by none of us, and by nobody who meant the program, died of what it read last."""
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) not in _PASSED_ON
        if died and self._reading and self.stopped is None:
            killed = os.WTERMSIG(status) == signal.SIGKILL  # by the system, for want of memory
            last = self._reading[max(self._reading)]
            self.stopped = {last.name: Exceeded.MEMORY if killed else Exceeded.CRASH}


def _die_with(alive: int) -> None:
    """Wait until nobody holds the other end of a pipe any more, and end this process with it."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def _end(status: int) -> NoReturn:
    """End this process as the work has ended; by the signal that ended it, if somebody sent that."""
    if not os.WIFSIGNALED(status):
        os._exit(os.waitstatus_to_exitcode(status))
    number = os.WTERMSIG(status)
    if number in _PASSED_ON:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    name = signal.Signals(number).name
    _say(
        f"This is a fault in report-builder, not in your files: a library that it uses broke down ({name}).\n"
        "Nothing was built. Tell us what you did, and with which files."
    )
    os._exit(3)


def _say(words: str) -> None:
    os.write(2, f"{words}\n".encode())
