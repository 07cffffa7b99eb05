"""Runs beside each other, and runs that are killed: real processes and folders, and the signal that none can catch."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest
from workspaces import PROJECT, Desk

from report_builder.output import folder as output_folder
from report_builder.output.folder import building, put_right, replace_file, replace_folder, undisturbed
from report_builder.problems import ReportError
from report_builder.workspace.locks import locked
from report_builder.workspace.scratch import scratch_folder

REPORT = "arsrapport/2025"
PATIENCE = 120


def started(script: str, *arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """A process of the program's own Python that runs ``script``."""
    return subprocess.Popen(
        [sys.executable, "-c", dedent(script), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
    )


def said(process: subprocess.Popen[str]) -> str:
    """The next line that the process says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


@contextmanager
def killed_at_the_end(*processes: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            with process:
                pass


def beside(folder: Path) -> set[str]:
    """What lies beside an output folder and is no lock."""
    return {p.name for p in folder.parent.iterdir() if not p.name.endswith((".lock", ".building"))} - {folder.name}


# --- locks


HOLDS = """
    import sys
    from pathlib import Path
    from report_builder.workspace.locks import locked
    with locked(Path(sys.argv[1])) as mine:
        print(mine, flush=True)
        sys.stdin.read()
"""


def test_a_lock_holds_others_off_and_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / ".lock"
    holder = started(HOLDS, path)
    with killed_at_the_end(holder):
        assert said(holder) == "True"
        with locked(path, 0.2) as mine:
            assert not mine
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with locked(path) as mine:
            assert mine
            other = started(HOLDS, path)
            with killed_at_the_end(other):
                assert said(other) == "False"


def test_a_lock_is_waited_for(tmp_path: Path) -> None:
    holder = started(HOLDS, tmp_path / ".lock")
    with killed_at_the_end(holder):
        assert said(holder) == "True"
        assert holder.stdin is not None
        holder.stdin.close()
        with locked(tmp_path / ".lock", PATIENCE) as mine:
            assert mine


# --- an output folder


WRITES = """
    import sys, time
    from pathlib import Path
    from report_builder.output.folder import replace_folder
    folder, own = Path(sys.argv[1]), sys.argv[2]
    i = 0
    while True:
        i += 1
        replace_folder(folder, {f"{own}/{n}.txt" if n % 2 else f"{n}.txt": f"{own}{i}".encode() for n in range(20)})
        time.sleep(0.005)
"""


def test_two_writers_never_leave_half_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "output" / "slag" / "1"
    replace_folder(folder, {"0.txt": b"first"})
    writers = [started(WRITES, folder, own) for own in "ab"]
    with killed_at_the_end(*writers):
        seen: set[str] = set()
        until = time.monotonic() + PATIENCE
        while not {word[0] for word in seen} >= set("ab") and time.monotonic() < until:
            with undisturbed(folder):
                files = {p: p.read_text() for p in folder.rglob("*.txt")}
            assert len(files) in {1, 20}
            assert len(set(files.values())) == 1, "of two writings"
            seen |= set(files.values())
        assert [writer.poll() for writer in writers] == [None, None]
    assert {word[0] for word in seen} >= set("ab")  # it was looked at while both wrote
    put_right(tmp_path / "output")  # after the one that was killed last
    assert beside(folder) == set()


DIES = """
    import os, signal, sys
    from pathlib import Path
    from report_builder.output.folder import replace_folder
    left = int(sys.argv[2])

    def step(path):
        global left
        if str(path).startswith(sys.argv[3]):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    steps = {"open", "os.rename", "os.remove", "os.rmdir"}
    sys.addaudithook(lambda event, args: step(args[0]) if event in steps else None)
    replace_folder(Path(sys.argv[1]), {"a.txt": b"new", "below/b.txt": b"new"})
    print("done")
"""


def test_a_run_that_is_killed_at_any_step_leaves_the_old_folder_or_the_new(tmp_path: Path) -> None:
    outcomes = []
    for steps in range(30):
        folder = tmp_path / str(steps) / "output" / "slag" / "1"
        replace_folder(folder, {"a.txt": b"old", "below/b.txt": b"old"})
        process = started(DIES, folder, str(steps), tmp_path)
        with killed_at_the_end(process):
            done = said(process) == "done"
            process.wait()
        put_right(tmp_path / str(steps) / "output")
        found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.txt")}
        assert found in [dict.fromkeys(("a.txt", "below/b.txt"), word) for word in (b"old", b"new")]
        assert beside(folder) == set()
        outcomes.append((done, found["a.txt"]))
        if done:
            break
    assert outcomes[-1] == (True, b"new")
    assert {(False, b"old"), (False, b"new")} <= set(outcomes)


def test_what_is_in_use_is_not_put_right(tmp_path: Path) -> None:
    folder = tmp_path / "slag" / "1"
    unfinished = folder.with_name(".1.new")
    unfinished.mkdir(parents=True)
    with locked(folder.with_name(".1.lock")):
        put_right(tmp_path)
        assert unfinished.is_dir()
    put_right(tmp_path)
    assert not unfinished.exists()


def test_a_full_disk_leaves_the_old_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, page = tmp_path / "slag" / "1", tmp_path / "slag" / ".1.preview.html"
    replace_folder(folder, {"a.txt": b"old"})
    replace_file(page, b"old")

    def full(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    for write in (lambda: replace_folder(folder, {"a.txt": b"new"}), lambda: replace_file(page, b"new")):
        with pytest.raises(ReportError, match="No space left on device"):
            write()
    assert (folder / "a.txt").read_bytes() == page.read_bytes() == b"old"
    assert beside(folder) == {page.name}


def test_a_build_that_goes_on_for_too_long_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_folder, "PATIENCE", 0.1)
    folder, waited = tmp_path / "slag" / "1", []
    late = building(folder, lambda: waited.append(1))
    with building(folder), pytest.raises(ReportError, match="Another run of report-builder is building"), late:
        pytest.fail("two at once")
    assert waited == [1]


# --- the folder for temporary files


LIVES = """
    import sys
    from report_builder.workspace.scratch import scratch_folder
    with scratch_folder() as folder:
        (folder / "a").touch()
        print(folder, flush=True)
        sys.stdin.read()
"""


def test_what_a_killed_run_left_in_the_temporary_folder_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    living, dead = (started(LIVES, TMPDIR=str(tmp_path)) for _ in range(2))
    others = tmp_path / "report-builder-notes"
    others.write_text("no folder of ours")
    unlocked = tmp_path / "report-builder-unlocked"
    unlocked.mkdir()
    with killed_at_the_end(living, dead):
        kept, lost = Path(said(living)), Path(said(dead))
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        assert (lost / "a").exists()
        with scratch_folder() as mine:
            assert set(tmp_path.iterdir()) == {kept.parent, mine.parent, others, unlocked}
        os.utime(unlocked, (time.time() - 3600,) * 2)
        assert living.stdin is not None
        living.stdin.close()
        living.wait()
        with scratch_folder():
            pass
        assert set(tmp_path.iterdir()) == {others}


# --- through the front door


def run_beside(desk: Desk, temporary: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "report_builder.cli", *arguments, "--workspace", str(desk.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=desk.root,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(temporary)},
    )


@pytest.fixture
def yearly(tmp_path: Path) -> Desk:
    """A small yearly report of another authority."""
    root = tmp_path / "workspace"
    shutil.copytree(PROJECT / "tests" / "workspaces" / "arsrapport", root)
    return Desk(root)


def test_builds_beside_each_other_and_after_a_killed_one(yearly: Desk, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    folder = yearly.root / "output" / REPORT
    first = run_beside(yearly, temporary, "build", REPORT)
    with killed_at_the_end(first):
        assert first.stderr is not None
        for line in first.stderr:  # it is drawing, and another process lays out the pages
            if line.startswith("Rendering"):
                break
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert list(temporary.iterdir())
    assert not folder.exists()
    together = [run_beside(yearly, temporary, "build", REPORT) for _ in range(2)]
    previews = run_beside(yearly, temporary, "preview", REPORT, "--once")
    with killed_at_the_end(*together, previews):
        answers = [process.communicate(timeout=PATIENCE) for process in (*together, previews)]
        assert [process.returncode for process in (*together, previews)] == [0, 0, 0], answers
    assert sorted(out.split()[0] for out, _ in answers) == ["Built", "Unchanged", "Wrote"]
    assert sum("Waiting for another run" in err for _, err in answers) == 1
    assert yearly.run("build", REPORT).stdout.startswith("Unchanged")  # it is whole
    assert list(temporary.iterdir()) == []
    assert beside(folder) == {".2025.stamp", ".2025.preview.html"}
