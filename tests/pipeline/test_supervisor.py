"""The process that watches the work: whatever the work does, there is an answer in words within the bound."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest
from workspaces import PROJECT

PATIENCE = 60
MB = 1 << 20

WORK = """
    import os, resource, signal, sys, time
    from report_builder.allowance import Allowance, ExceededError, watched
    from report_builder.cli.supervisor import supervise

    def work():
        try:
            for name in ({names}):
                with watched(name, Allowance(seconds={seconds}, memory={memory})):
                    {inside}
        except ExceededError as e:
            print(*(f"{{p.place}}: {{p.message}}" for p in e.problems), e.reason.value, flush=True)
            os._exit(1)
        {after}
        print("done", flush=True)
        os._exit(7)

    supervise(work)
"""


def script(
    inside: str = "pass", *, after: str = "pass", names: str = "'a.csv',", seconds: float = 30, memory: int = 2048
) -> str:
    return dedent(WORK).format(inside=inside, after=after, names=names, seconds=seconds, memory=memory * MB)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT)}


def supervised(text: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment()
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def test_work_that_goes_well_ends_as_it_ends() -> None:
    assert supervised(script()) == (7, "done", "")


def test_a_file_that_takes_too_long() -> None:
    code, said, _ = supervised(script("time.sleep(600)", seconds=0.3))
    assert (code, said) == (1, "a.csv: It takes more than 0.3 seconds. time")


def test_a_library_that_holds_the_interpreter_is_ended_too() -> None:
    code, said, _ = supervised(script("9 ** 9 ** 9", seconds=0.5))
    assert (code, said.split()[-1]) == (1, "time")


def test_a_file_that_takes_too_much_memory() -> None:
    code, said, _ = supervised(script("held = [bytearray(10 << 20) for _ in range(10 ** 6)]", memory=200))
    assert (code, said) == (1, "a.csv: It takes more than 200 MB of memory. memory")


@pytest.mark.parametrize("death", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE"])
def test_a_reader_that_dies_of_its_file(death: str) -> None:
    code, said, _ = supervised(script(f"os.kill(os.getpid(), signal.{death})"))
    assert code == 1
    assert said == "a.csv: The program that reads such files broke down on it: the file is damaged. crash"


def test_a_system_that_is_out_of_memory() -> None:
    code, said, _ = supervised(script("os.kill(os.getpid(), signal.SIGKILL)"))
    assert (code, said.split()[-1]) == (1, "memory")


def test_the_file_that_is_read_last_is_the_one() -> None:
    inside = "name == 'b.csv' and os.kill(os.getpid(), signal.SIGSEGV)"
    code, said, _ = supervised(script(inside, names="'a.csv', 'b.csv'"))
    assert (code, said.split(":")[0]) == (1, "b.csv")


def test_what_takes_long_outside_of_a_file_is_let_be() -> None:
    assert supervised(script(seconds=0.2, after="time.sleep(0.8)")) == (7, "done", "")


def test_a_death_without_a_file_is_a_fault_of_ours() -> None:
    code, said, told = supervised(script(after="os.kill(os.getpid(), signal.SIGSEGV)"))
    assert (code, said) == (3, "")
    assert told.startswith("This is a fault in report-builder, not in your files")
    assert "SIGSEGV" in told


def test_files_without_end_come_to_an_end() -> None:
    """A reader that dies under another name each time is not run for ever."""
    inside = "os.kill(os.getpid(), signal.SIGSEGV)"
    code, _, told = supervised(script(inside, names="str(time.time()),"))
    assert code == 1
    assert told == "Too many files cannot be read within the limits; nothing was built."


_MARKS = "open('{mark}', 'w').write(str(os.getpid())); time.sleep(600)"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_program_ends_the_work(number: signal.Signals, tmp_path: Path) -> None:
    """The work is told, and the program ends as it ends: here by the signal itself."""
    mark = tmp_path / "working"
    inside = f"signal.signal({int(number)}, signal.SIG_DFL); {_MARKS.format(mark=mark)}"
    process = subprocess.Popen([sys.executable, "-c", script(inside, seconds=600)], env=environment())
    worker = _worker(mark)
    process.send_signal(number)
    assert process.wait(PATIENCE) == -number
    assert _is_gone(worker)


def test_a_program_that_is_killed_takes_its_work_along(tmp_path: Path) -> None:
    mark = tmp_path / "working"
    inside = _MARKS.format(mark=mark)
    process = subprocess.Popen([sys.executable, "-c", script(inside, seconds=600)], env=environment())
    worker = _worker(mark)
    process.kill()
    process.wait(PATIENCE)
    assert _is_gone(worker)


def _worker(mark: Path) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if mark.is_file() and (said := mark.read_text()):
            return int(said)
        time.sleep(0.02)
    pytest.fail("the work did not begin")


def _is_gone(process: int) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
