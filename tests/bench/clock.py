"""Timing of steps beside a peer or a floor, their goals, and the table in which all of it is shown with a verdict."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a step may take at most: ``seconds`` of wall, or ``ratio`` times its peer's CPU or wall (``of``)."""

    seconds: float | None = None
    ratio: float | None = None
    of: str = "cpu"

    def __str__(self) -> str:
        return f"≤ {self.seconds:g} s" if self.seconds is not None else f"≤ {self.ratio:g} × {self.of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A step's median time and its peer's, in seconds of wall and of CPU (its own and its processes').

    ``peer`` says what the peer does, if there is one; ``goal`` is what was set out to be reached.
    """

    stage: str
    seconds: float
    cpu: float
    peer: str = ""
    peer_seconds: float | None = None
    peer_cpu: float | None = None
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer the step takes than its peer, by wall."""
        return self.seconds / self.peer_seconds if self.peer_seconds else None

    @property
    def cpu_ratio(self) -> float | None:
        """The same by CPU."""
        return self.cpu / self.peer_cpu if self.peer_cpu else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; nothing where there is none."""
        if self.goal is None:
            return None
        if self.goal.seconds is not None:
            return self.seconds <= self.goal.seconds
        found = self.cpu_ratio if self.goal.of == "cpu" else self.ratio
        return found is not None and self.goal.ratio is not None and found <= self.goal.ratio

    def as_dict(self) -> dict[str, object]:
        """The timing for JSON."""
        found = {**asdict(self), "ratio": self.ratio, "cpu_ratio": self.cpu_ratio, "met": self.met}
        return found | {"goal": str(self.goal) if self.goal else None}


def compare(
    stage: str, step: Step, *, repeat: int, peer: str = "", peer_step: Step | None = None, goal: Goal | None = None
) -> Timing:
    """Run ``step`` and ``peer_step`` by turns, so that what else the machine does falls on both."""
    print(f"{stage} …", file=sys.stderr, flush=True)
    ours, theirs = [], []
    for _ in range(repeat):
        ours.append(_cost(step))
        if peer_step is not None:
            theirs.append(_cost(peer_step))
    return Timing(
        stage=stage,
        seconds=median(wall for wall, _ in ours),
        cpu=median(cpu for _, cpu in ours),
        peer=peer,
        peer_seconds=median(wall for wall, _ in theirs) if theirs else None,
        peer_cpu=median(cpu for _, cpu in theirs) if theirs else None,
        goal=goal,
    )


def process(*command: str) -> Step:
    """A step that runs ``command`` to its end; one that fails ends the measuring, with what it said."""

    def run() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")

    return run


def _cost(step: Step) -> tuple[float, float]:
    """Seconds of wall and of CPU; a process that has ended counts, one that still runs does not yet."""
    start, before = time.perf_counter(), os.times()
    step()
    after = os.times()
    return time.perf_counter() - start, sum(after[:4]) - sum(before[:4])


def _number(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _verdict(timing: Timing) -> str:
    return {None: "", True: "met", False: "NOT met"}[timing.met]


def table(timings: Sequence[Timing]) -> str:
    """The timings as aligned text."""
    rows = [("stage", "s", "CPU s", "floor or peer", "s", "CPU s", "ratio", "by CPU", "goal", "verdict")]
    for t in timings:
        rows.append(
            (
                t.stage, _number(t.seconds), _number(t.cpu), t.peer or "–", _number(t.peer_seconds),
                _number(t.peer_cpu), _number(t.ratio, 2), _number(t.cpu_ratio, 2), str(t.goal or ""), _verdict(t),
            )
        )  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    left = {0, 3, 8, 9}
    aligned = (
        "  ".join(
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in aligned)
