"""``make fuzz``: thousands of inputs through the front doors, and what became of them.

Prints how many commands ended how, and four figures that are to be 0: commands that ended in the program's own fault
(exit code 3, or a traceback), in a signal, or beyond their bound in time, and files that another reader takes for
something else.
The same seed gives the same inputs. A run that fails keeps its inputs and says which.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import front_door
from independent import differences
from inputs import Input, Maker

from report_builder.contracts.odcs.load import load_contract

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 120.0
"""Seconds that a command may take: twice the bound that the workspace sets for one file, and what Python takes."""
_ENDS = {0: "accepted", 1: "told what is wrong", 2: "wrong usage"}


@dataclass(slots=True)
class Outcome:
    """Counts by kind and end, and what should not have happened."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    compared: int = 0
    longest: float = 0.0
    memory: int = 0

    @property
    def zeros(self) -> dict[str, int]:
        return {
            "ended in our own fault": len(self.faults),
            "ended by a signal": len(self.signals),
            "beyond the bound": len(self.late),
            "read as something else by another reader": len(self.different),
        }

    def lines(self) -> Iterator[str]:
        """The account of the run."""
        ends = sorted({end for _, end in self.counts})
        yield f"{'':14}" + "".join(f"{end:>20}" for end in ends)
        for kind in sorted({kind for kind, _ in self.counts}):
            yield f"{kind:14}" + "".join(f"{self.counts[kind, end]:20}" for end in ends)
        yield f"{'all':14}" + "".join(f"{sum(n for (_, e), n in self.counts.items() if e == end):20}" for end in ends)
        yield f"Files compared with what another reader reads: {self.compared}."
        yield f"The longest command took {self.longest:.1f} s, the largest {self.memory >> 20} MB."
        for words, count in self.zeros.items():
            yield f"{count:6} {words}"
        for word, found in (
            ("fault", self.faults),
            ("signal", self.signals),
            ("late", self.late),
            ("other", self.different),
        ):
            yield from (f"  {word}: {one}" for one in found[:20])


def fuzz(
    home: Path,
    seed: str,
    numbers: Sequence[int],
    *,
    at_once: int = 2,
    seconds: float = 3600.0,
    built: Path | None = None,
) -> Outcome:
    """Run the inputs with these numbers; none is begun after so many ``seconds``. Inputs that went well are removed."""
    front_door.load()
    maker, outcome, begun = Maker(home, seed, built), Outcome(), time.monotonic()
    contract = load_contract(maker.workspace, "alla", "1.0.0")
    made: dict[str, Input] = {}

    def commands() -> Iterator[tuple[str, Sequence[str], Path]]:
        for number in numbers:
            if time.monotonic() - begun > seconds:
                return
            made[str(number)] = found = maker.make(number)
            yield str(number), found.arguments, found.folder

    temporary = home / "temporary"
    temporary.mkdir()
    environment = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(home / "cache"), "REPORT_BUILDER_DEBUG": "1"}
    for name, run in front_door.runs(commands(), at_once=at_once, longest=LONGEST, environment=environment):
        judge(outcome, made.pop(name), name, run)
    for folder in sorted(home.iterdir()):
        sound = folder / ".sound"
        if sound.is_file():
            path = folder / sound.read_text(encoding="utf-8")
            compared, found = differences(contract, path)
            outcome.compared += compared
            outcome.different += [f"{path}: {one}" for one in found[:1]]
            if not found:
                shutil.rmtree(folder)
    if left := [p.name for p in temporary.iterdir()]:
        outcome.faults.append(f"left in the temporary folder: {left[:5]}")
    return outcome


def judge(outcome: Outcome, made: Input, name: str, run: front_door.Run) -> None:
    """Count how a command ended."""
    end = _ENDS.get(run.code, "our own fault" if run.code > 0 else "signal")
    late = run.seconds > LONGEST
    outcome.counts[made.kind, "late" if late else end] += 1
    outcome.longest, outcome.memory = max(outcome.longest, run.seconds), max(outcome.memory, run.memory)
    command = " ".join(map(str, made.arguments))
    said = " | ".join(run.printed.strip().splitlines()[-3:])[-400:]
    told = f"{name}: {command}: {said}"
    if late:
        outcome.late.append(told)
    elif run.code < 0:
        outcome.signals.append(told)
    elif run.code not in _ENDS or run.traceback:
        outcome.faults.append(told)
    elif made.sound is not None:
        (made.folder / ".sound").write_text(made.sound.name, encoding="utf-8")
    else:
        shutil.rmtree(made.folder)


def build_once(home: Path) -> Path:
    """The output of a small build, for the doors that read one."""
    root = home / "built"
    shutil.copytree(PROJECT / "tests" / "workspaces" / "arsrapport", root)
    command = [sys.executable, "-m", "report_builder.cli", "build", "arsrapport/2025", "-w", str(root)]
    subprocess.run(command, check=True, capture_output=True, cwd=PROJECT)
    return root / "output" / "arsrapport" / "2025"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seconds", type=float, default=3600.0, help="no input is begun later than this")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--without-a-build", action="store_true", help="nothing that reads what a build has written")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="fuzz-"))
    begun = time.monotonic()
    built = None if given.without_a_build else build_once(home)
    numbers = range(given.first, given.first + given.inputs)
    outcome = fuzz(home, given.seed, numbers, at_once=given.at_once, seconds=given.seconds, built=built)
    print(f"Seed {given.seed}: {sum(outcome.counts.values())} inputs in {time.monotonic() - begun:.0f} s.")
    for line in outcome.lines():
        print(line)
    if any(outcome.zeros.values()):
        print(f"The inputs lie in {home}.")
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
