"""Killed at every step, on a full disk, or where it may not write: the old state holds or the new one, never half."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from finals import PROJECT

from report_builder.problems import ReportError
from report_builder.publishing import journal

PAGE = "output/published/kind.html"
LEDGER = "content/ledger/kind/r.csv"
FOLDER = "output/published/kind-r-v1"
OLD = {PAGE: b"old page", LEDGER: b"old ledger"}
NEW: dict[str, journal.Content] = {
    FOLDER: {"facts.csv": b"1\n", "web/sida.html": b"<p>", "inputs/a/b/c.yaml": b"x: 1\n"},
    f"{FOLDER}.zip": b"PK" * 5000,
    PAGE: b"new page",
    LEDGER: b"new ledger",
}

STOPPING = """
    import json, os, sys
    from pathlib import Path
    from report_builder.publishing import journal

    root, last = Path(sys.argv[1]), int(sys.argv[2])
    new = {t: bytes.fromhex(c) if isinstance(c, str) else {n: bytes.fromhex(d) for n, d in c.items()}
           for t, c in json.loads(sys.argv[3]).items()}
    taken = []

    def step(name):
        taken.append(name)
        if len(taken) == last:
            os._exit(9)

    journal.commit(root, new, step)
    print(len(taken))
"""


def stopped(root: Path, last: int) -> subprocess.CompletedProcess[str]:
    """Put the new state in place in a process of its own that is killed after ``last`` steps (0: never)."""
    given = {t: c.hex() if isinstance(c, bytes) else {n: d.hex() for n, d in c.items()} for t, c in NEW.items()}
    command = [sys.executable, "-c", textwrap.dedent(STOPPING), str(root), str(last), json.dumps(given)]
    surroundings = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, data in OLD.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def state(root: Path) -> dict[str, bytes]:
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    return {name: data for name, data in found.items() if not name.endswith("/.lock")}


def flat(targets: dict[str, journal.Content]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for target, content in targets.items():
        files |= {target: content} if isinstance(content, bytes) else {f"{target}/{n}": d for n, d in content.items()}
    return files


def test_killed_at_every_step(tmp_path: Path) -> None:
    whole = stopped(tmp_path / "whole", 0)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout)
    assert steps == 13
    seen = set()
    for last in range(1, steps + 1):
        root = tmp_path / str(last)
        for name, data in OLD.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        assert stopped(root, last).returncode == 9
        journal.recover(root)
        assert state(root) in (OLD, flat(NEW)), last
        seen.add(state(root) == OLD)
        if state(root) == OLD:
            journal.commit(root, NEW)
        assert state(root) == flat(NEW), last
    assert seen == {True, False}


def test_every_command_puts_right_what_was_cut_off(root: Path) -> None:
    steps = int(stopped(root.parent / f"{root.name}-other", 0).stdout)
    assert stopped(root, steps - 2).returncode == 9
    assert (root / "output/published/.journal.json").exists()
    (root / "content" / "workspace.yaml").write_text("x", encoding="utf-8")
    from report_builder.cli.options import workspace_in

    workspace_in(root)
    assert state(root) == {**flat(NEW), "content/workspace.yaml": b"x"}


def test_a_full_disk_leaves_the_old_state(root: Path) -> None:
    """No file of this process may grow over 4 096 bytes: the ZIP does not fit."""
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(ReportError, match="Nothing has been published, and nothing has changed"):
            journal.commit(root, NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert state(root) == OLD
    journal.commit(root, NEW)
    assert state(root) == flat(NEW)


@pytest.mark.parametrize("closed", ["content/ledger/kind", "output/published"])
def test_where_it_may_not_write(root: Path, closed: str) -> None:
    """As nobody, where the tests run as root, whom no permission stops."""
    script = f"""
        import os, sys
        from pathlib import Path
        from report_builder.problems import ReportError
        from report_builder.publishing import journal

        if os.getuid() == 0:
            os.setuid(65534)
        try:
            journal.commit(Path("."), {{{FOLDER!r}: {{"a": b"1"}}, {LEDGER!r}: b"2"}})
        except ReportError as e:
            sys.exit(e.problems[0].code)
    """
    for path in (root, *root.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (root / closed).chmod(0o555)
    command = [sys.executable, "-c", textwrap.dedent(script)]
    surroundings = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=surroundings)
    (root / closed).chmod(0o755)
    assert done.stderr.strip() == "cannot-write"
    assert state(root) == OLD


def test_what_stands_is_not_overwritten(root: Path) -> None:
    journal.commit(root, NEW)
    with pytest.raises(ReportError, match="something here already"):
        journal.commit(root, {**NEW, PAGE: b"newer page"})
    assert state(root) == flat(NEW)


def test_two_at_once(root: Path) -> None:
    def meanwhile(name: str) -> None:
        if name == "journal":
            with pytest.raises(ReportError, match="Another run"):
                journal.commit(root, {PAGE: b"mine"})
            journal.recover(root)  # somebody opens the workspace: the run under way is left alone

    journal.commit(root, NEW, meanwhile)
    assert state(root) == flat(NEW)


def test_a_journal_that_cannot_be_read(root: Path) -> None:
    (root / "output/published/.journal.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be read"):
        journal.recover(root)
