"""Timing of steps beside a peer or a floor, and the table in which the times are shown."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

Step = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A step's median time and its peer's, in seconds of wall; ``peer`` says what the peer does, if there is one."""

    stage: str
    seconds: float
    peer: str = ""
    peer_seconds: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer the step takes than its peer."""
        return self.seconds / self.peer_seconds if self.peer_seconds else None

    def as_dict(self) -> dict[str, object]:
        """The timing for JSON."""
        return {**asdict(self), "ratio": self.ratio}


def compare(stage: str, step: Step, *, repeat: int, peer: str = "", peer_step: Step | None = None) -> Timing:
    """Run ``step`` and ``peer_step`` by turns, so that what else the machine does falls on both."""
    print(f"{stage} …", file=sys.stderr, flush=True)
    ours, theirs = [], []
    for _ in range(repeat):
        ours.append(_seconds(step))
        if peer_step is not None:
            theirs.append(_seconds(peer_step))
    return Timing(
        stage=stage, seconds=median(ours), peer=peer, peer_seconds=median(theirs) if theirs else None
    )  # fmt: skip


def process(*command: str) -> Step:
    """A step that runs ``command`` to its end; one that fails ends the measuring, with what it said."""

    def run() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")

    return run


def _seconds(step: Step) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def table(timings: Sequence[Timing]) -> str:
    """The timings as aligned text."""
    rows = [("stage", "s", "floor or peer", "s", "ratio")]
    for t in timings:
        peer = "" if t.peer_seconds is None else f"{t.peer_seconds:.3f}"
        rows.append((t.stage, f"{t.seconds:.3f}", t.peer or "–", peer, _ratio(t.ratio)))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    aligned = (
        (
            r[0].ljust(widths[0]),
            r[1].rjust(widths[1]),
            r[2].ljust(widths[2]),
            r[3].rjust(widths[3]),
            r[4].rjust(widths[4]),
        )
        for r in rows
    )
    return "\n".join("  ".join(row) for row in aligned)
