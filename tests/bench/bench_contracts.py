"""`make bench` runs this: a million rows with planted faults, held against a contract beside others who do the same.

Whole processes, medians, by turns in one run. Every planted fault must be found with its row, or nothing is timed.
Each program runs as it does the second time and later: with what it keeps of earlier runs, and its modules compiled.
Ours is timed the first time too, when it has nothing of its own to go by.
datacontract-cli and pandera run in `.judges/contracts`, an environment of their own; without it they are left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

import cases

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
JUDGES = Path(os.environ.get("CONTRACT_JUDGES", PROJECT / ".judges" / "contracts")) / "bin"
GROWN = 5
"""How many times the rows the file has that shows how memory grows."""
MOST_MEMORY = 1.5 * 1024**3 / 1e6
"""Megabytes that a million rows may take: 1.5 GiB."""
SERVER = """\
servers:
  - {{server: local, type: local, path: "{path}", format: {form}, delimiter: ";"}}
"""


@dataclass(slots=True, kw_only=True)
class Contender:
    """A program on a file: seconds of wall and of processor and megabytes at the peak, one of each a run."""

    name: str
    file: str
    command: list[str]
    forgets: Path | None = None
    """A folder that is removed before each run."""
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    said: str = ""

    def run(self) -> None:
        """Run once, to the end; failing is an answer, a traceback is not."""
        if self.forgets is not None:
            shutil.rmtree(self.forgets, ignore_errors=True)
        with tempfile.TemporaryFile("w+") as said:
            start = time.perf_counter()
            process = subprocess.Popen(self.command, stdout=said, stderr=subprocess.STDOUT, cwd=PROJECT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.wall.append(time.perf_counter() - start)
            self.cpu.append(used.ru_utime + used.ru_stime)
            self.peak.append(used.ru_maxrss * 1024 / 1e6)
            said.seek(0)
            self.said = said.read()
        if "Traceback" in self.said:
            sys.exit(f"{self.name} fell:\n{self.said[-2000:]}")


def main() -> None:
    """Make the files, see that every fault is found, time everybody, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--skip-rivals", action="store_true", help="only ours and the bare scan")
    parser.add_argument("--skip-growth", action="store_true", help="leave out the file of five times the rows")
    parser.add_argument("--out", type=Path, default=PROJECT / "output" / "bench-contracts.json")
    options = parser.parse_args()
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(PROJECT / "report_builder")], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_files(folder, options.rows)
        for name in ("cases.csv", "cases.parquet"):
            prove(folder, name, options.rows)
        contenders = [*ours(folder), *([] if options.skip_rivals else rivals(folder))]
        for round_number in range(options.repeat):
            # There and back, for a program that follows a small one has to ask the system for memory again.
            for contender in contenders if round_number % 2 == 0 else reversed(contenders):
                print(f"{contender.name}, {contender.file} …", file=sys.stderr, flush=True)
                contender.run()
        grown = [] if options.skip_growth else growth(folder, options.rows, contenders)
    show(contenders)
    for line in grown:
        print(line)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([asdict(c) for c in contenders], indent=1) + "\n", "utf-8")


def make_files(folder: Path, rows: int) -> None:
    """The files, a workspace with the contract, and the contract as datacontract-cli takes it."""
    cases.write(folder / "cases.csv", rows, typed=False)
    cases.write(folder / "typed.csv", rows, typed=True)
    cases.write(folder / "cases.parquet", rows, typed=True)
    (folder / "content").mkdir()
    (folder / "content" / "workspace.yaml").touch()
    (folder / "data_contracts" / "stor").mkdir(parents=True)
    (folder / "data_contracts" / "stor" / "1.0.0.yaml").write_text(cases.contract("1.0.0", "form"), "utf-8")
    for form in ("csv", "parquet"):
        server = SERVER.format(path=folder / ("typed.csv" if form == "csv" else "cases.parquet"), form=form)
        (folder / f"{form}.yaml").write_text(cases.contract("1.0.0", "sql", server), "utf-8")


def prove(folder: Path, name: str, rows: int) -> None:
    """See that every planted fault is found in its row, and nothing else is."""
    out = folder / "failing.csv"
    subprocess.run([*validate(folder, name), "--rows-to", str(out)], capture_output=True, check=False, cwd=PROJECT)
    with out.open(encoding="utf-8-sig", newline="") as file:
        found = {(row["regel"], row["kolumn"], int(row["rad"])) for row in csv.DictReader(file, delimiter=";")}
    first = 2 if name.endswith(".csv") else 1
    planted = cases.planted(rows, typed=name.endswith(".parquet"))
    expected = {(k.code, k.column, n - 2 + first) for k, numbers in planted.items() for n in numbers}
    repeated = {(code, column, n - 1) for code, column, n in expected if code == "unique"}
    if found != expected | repeated:
        sys.exit(
            f"{name}: {len(expected - found)} of {len(expected)} planted faults were not found: {expected - found}"
        )
    print(f"{name}: all {len(expected)} planted faults were found, each in its row, and nothing else.")


def validate(folder: Path, name: str, workspace: Path | None = None) -> list[str]:
    """Our command line on a file, in the workspace that lies beside it or in another."""
    program = [sys.executable, "-m", "report_builder.cli", "validate", str(folder / name)]
    return [*program, "--contract", "stor@1.0.0", "--workspace", str(workspace or folder)]


def ours(folder: Path) -> list[Contender]:
    """The bare scan and ourselves, on both files."""
    scan = [sys.executable, str(HERE / "scan_as_text.py")]
    fresh = folder / "fresh"
    shutil.copytree(folder / "data_contracts", fresh / "data_contracts")
    shutil.copytree(folder / "content", fresh / "content")
    first = {"name": "the first time", "forgets": fresh / "output"}
    return [
        contender
        for name in ("cases.csv", "cases.parquet")
        for contender in (
            Contender(name="bare scan", file=name, command=[*scan, str(folder / name)]),
            Contender(name="report-builder", file=name, command=validate(folder, name)),
            Contender(**first, file=name, command=validate(folder, name, fresh)),
        )
    ]


def growth(folder: Path, rows: int, contenders: list[Contender]) -> list[str]:
    """How memory grows with the file: the CSV file beside one of five times the rows, and whether it meets the aims."""
    large = folder / "large.csv"
    cases.write(large, GROWN * rows, typed=False)
    there = Contender(name="report-builder", file=large.name, command=validate(folder, large.name))
    print(f"{there.name}, {there.file} …", file=sys.stderr, flush=True)
    there.run()
    here = next(c for c in contenders if c.name == there.name and c.file == "cases.csv")
    peak, larger = max(here.peak), there.peak[0]
    size = large.stat().st_size / (folder / "cases.csv").stat().st_size
    within = "within" if peak < MOST_MEMORY else "ABOVE"
    slower = "slower than the file" if larger / peak < size else "AS FAST AS THE FILE"
    contenders.append(there)
    return [
        f"Memory at {rows} rows: {peak:.0f} MB, {within} {MOST_MEMORY:.0f} MB.",
        f"A file {size:.1f} times as large takes {larger / peak:.1f} times the memory: it grows {slower}.",
    ]


def rivals(folder: Path) -> list[Contender]:
    """The others, where they are installed; datacontract-cli gets a CSV file without the dates that are no dates."""
    if not (JUDGES / "datacontract").exists():
        print("datacontract-cli and pandera are not installed: `.ci/install contracts` brings them.")
        return []
    pandera = [str(JUDGES / "python"), str(HERE / "pandera_rival.py")]
    test = [str(JUDGES / "datacontract"), "test"]
    return [
        Contender(name="pandera on Polars", file="cases.csv", command=[*pandera, str(folder / "cases.csv")]),
        Contender(name="pandera on Polars", file="cases.parquet", command=[*pandera, str(folder / "cases.parquet")]),
        Contender(name="datacontract-cli", file="cases.csv", command=[*test, str(folder / "csv.yaml")]),
        Contender(name="datacontract-cli", file="cases.parquet", command=[*test, str(folder / "parquet.yaml")]),
    ]


def show(contenders: list[Contender]) -> None:
    """The medians; a ratio is to the bare scan of the same file, by wall and by processor."""
    floor = {c.file: c for c in contenders if c.name == "bare scan"}
    timed = [c for c in contenders if c.file in floor]
    print(f"{'program':18} {'file':14} {'wall s':>7} {'/scan':>6} {'cpu s':>7} {'/scan':>6} {'peak MB':>8}")
    for c in timed:
        scan = floor[c.file]
        wall, cpu, peak = median(c.wall), median(c.cpu), median(c.peak)
        ratios = wall / median(scan.wall), cpu / median(scan.cpu)
        print(f"{c.name:18} {c.file:14} {wall:7.2f} {ratios[0]:6.1f} {cpu:7.2f} {ratios[1]:6.1f} {peak:8.0f}")


if __name__ == "__main__":
    main()
