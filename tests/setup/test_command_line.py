"""What stands before a verb: the version, the log, and what a shell completes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import report_builder

PROJECT = Path(__file__).resolve().parents[2]


def run(*arguments: str, cwd: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "report_builder.cli", *arguments]
    surroundings = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=surroundings)


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"report-builder {report_builder.__version__}\n"
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "report_builder.__version__"}


def test_a_log_has_each_step_every_problem_and_the_end(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    done = run("--log", str(log), "build", "delredovisning/2026-09", TZ="Europe/Stockholm")
    assert done.returncode == 1
    done = run("--log", str(log), "contracts", "diff", "arenden@1.0.0", "arenden@1.1.0")
    assert done.returncode == 0, done.stderr
    lines = log.read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (INFO|WARNING|ERROR) ", line) for line in lines)
    said = [line.partition(" ")[2] for line in lines]
    assert said[0].startswith(f"INFO report-builder {report_builder.__version__}, Python 3.")
    assert f"INFO in {PROJECT}: --log {log} build delredovisning/2026-09" in said
    (error,) = [line for line in said if line.startswith("ERROR")]
    assert error.startswith("ERROR content/delredovisning/2026-09/release.yaml: There is no release")
    assert "[unknown-release]" in error
    assert [line for line in said if "exit code" in line] == ["INFO exit code 1", "INFO exit code 0"]


def test_a_fault_of_the_program_is_in_the_log_with_its_traceback(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    code = (
        "import sys; import report_builder.cli.main as program; from report_builder.verbs import doctor\n"
        "doctor.findings = lambda _: 1 / 0\n"
        f"sys.argv = ['report-builder', '--log', {str(log)!r}, 'doctor']; program.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=PROJECT)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    said = log.read_text(encoding="utf-8")
    assert "CRITICAL a fault in the program: division by zero" in said
    assert "Traceback (most recent call last):" in said
    assert "ZeroDivisionError" in said
    assert said.splitlines()[-1].endswith("INFO exit code 3")


def test_a_log_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    done = run("--log", str(tmp_path / "no" / "such" / "folder.log"), "check")
    assert done.returncode == 2
    assert "cannot be written: No such file or directory" in " ".join(done.stderr.replace("│", " ").split())


def completed(words: str) -> set[str]:
    """What bash would be offered after ``words``."""
    asked = {"_REPORT_BUILDER_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    code = "import sys; sys.argv = ['report-builder']; from report_builder.cli.main import main; main()"
    surroundings = {**os.environ, "PYTHONPATH": str(PROJECT), **asked}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=PROJECT, env=surroundings
    )
    return set(done.stdout.split())


def test_a_shell_completes_verbs_options_and_releases() -> None:
    assert completed("report-builder pu") == {"publish"}
    assert {"--force", "--workspace"} <= completed("report-builder build --")
    assert completed("report-builder build periodisk") == {"periodisk-rapport/2026-t1", "periodisk-rapport/2026-t2"}
    assert completed(f"report-builder trace -w {PROJECT}/tests/workspaces/arsrapport a") == {"arsrapport/2025"}
