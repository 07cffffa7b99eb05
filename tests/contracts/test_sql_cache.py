"""What a check keeps of its rules for the next one: it may save time, and may change nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from report_builder.contracts.rules import sql_cache
from report_builder.workspace.cache import Cache

HEADER = "id;antal\n"
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: prov
version: 1.0.0
status: draft
customProperties:
  - {property: delimiter, value: ";"}
schema:
  - name: prov
    logicalType: object
    physicalType: table
    properties:
      - {name: id, logicalType: string, physicalType: varchar, required: true, unique: true}
      - {name: antal, logicalType: integer, physicalType: integer, logicalTypeOptions: {maximum: MOST}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with one contract and one file that breaks it in three ways."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "workspace.yaml").touch()
    write_contract(tmp_path, most=9)
    (tmp_path / "prov.csv").write_text(f"{HEADER}a;1\na;nej\n;10\n", "utf-8")
    return tmp_path


def write_contract(workspace: Path, most: int) -> None:
    path = workspace / "data_contracts" / "prov" / "1.0.0.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CONTRACT.replace("MOST", str(most)), "utf-8")


def check(workspace: Path, *more: str) -> str:
    """What the command line says of the file, and whether it needed Ibis to say so."""
    program = (
        "import atexit, sys; from report_builder.cli.main import main\n"
        "how = lambda: ('with Ibis' if 'ibis' in sys.modules else 'without Ibis') + ' with pandas' * ('pandas' in "
        "sys.modules)\n"
        "atexit.register(lambda: print(how(), file=sys.stderr))\n"
        "main()"
    )
    command = [sys.executable, "-c", program, "validate", "prov.csv", "-c", "prov@1.0.0", *more]
    home = {**os.environ, "XDG_CACHE_HOME": str(workspace / "cache")}
    done = subprocess.run(command, cwd=workspace, env=home, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def files(workspace: Path) -> list[Path]:
    return sorted((workspace / "cache" / "report-builder" / "rules").iterdir())


def test_the_second_check_says_the_same_without_compiling(workspace: Path) -> None:
    first, second = check(workspace), check(workspace)
    assert "with Ibis" in first
    assert "without Ibis" in second
    assert "with pandas" not in first
    assert second.replace("without Ibis", "with Ibis") == first
    for told in ("[unique]", "[required]", "[not-a-integer]", "[out-of-range]"):
        assert told in first


def test_another_contract_uses_nothing_of_it(workspace: Path) -> None:
    assert "[out-of-range]" in check(workspace)
    write_contract(workspace, most=10)
    again = check(workspace)
    assert "with Ibis" in again
    assert "[out-of-range]" not in again
    assert len(files(workspace)) == 2


def test_a_file_with_another_header_uses_nothing_of_it(workspace: Path) -> None:
    check(workspace)
    (workspace / "prov.csv").write_text("id\na\na\n", "utf-8")
    again = check(workspace)
    assert "[missing-column]" in again
    assert "[unique]" in again
    assert "[out-of-range]" not in again


def test_every_row_at_fault_is_written_both_times(workspace: Path) -> None:
    """Rows that are alike lie anywhere in the file, and not in the order in which they are found."""
    (workspace / "prov.csv").write_text(f"{HEADER}a;1\nb;2\nc;10\nb;3\na;nej\n;11\n", "utf-8")
    first = check(workspace, "--rows-to", "rader.csv")
    written = (workspace / "rader.csv").read_text("utf-8-sig")
    assert {tuple(line.split(";")[i] for i in (0, 3, 5, 6)) for line in written.splitlines()[1:]} == {
        ("unique", "2", "a", "1"),
        ("unique", "3", "b", "2"),
        ("unique", "5", "b", "3"),
        ("unique", "6", "a", "nej"),
        ("required", "7", "", "11"),
        ("not-a-integer", "6", "a", "nej"),
        ("out-of-range", "4", "c", "10"),
        ("out-of-range", "7", "", "11"),
    }
    assert len(written.splitlines()) == 9
    assert check(workspace, "--rows-to", "rader.csv") == first
    assert (workspace / "rader.csv").read_text("utf-8-sig") == written


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', "\x00"])
def test_what_cannot_be_read_is_made_again(workspace: Path, content: str) -> None:
    first = check(workspace)
    (file,) = files(workspace)
    whole = file.read_bytes()
    file.write_text(content, "utf-8")
    assert check(workspace) == first
    assert file.read_bytes() == whole


def test_a_statement_that_somebody_changed_is_not_run(workspace: Path) -> None:
    first = check(workspace)
    (file,) = files(workspace)
    whole = file.read_bytes()
    assert b"> 9" in whole
    file.write_bytes(whole.replace(b"> 9", b"> 99"))
    assert check(workspace) == first
    assert file.read_bytes() == whole


def test_a_place_that_cannot_be_written_to_is_no_fault(workspace: Path) -> None:
    first = check(workspace)
    shutil.rmtree(workspace / "cache")
    (workspace / "cache").write_text("no folder", "utf-8")
    assert check(workspace) == first


def entry(folder: Path) -> Path:
    """An entry with one statement."""
    folder.mkdir(mode=0o700, exist_ok=True)
    store = sql_cache.kept_in(Cache(folder), "contract")
    assert store.sql("one", lambda: "SELECT 1") == "SELECT 1"
    store.save()
    (file,) = (folder / "rules").iterdir()
    return file


def is_used(folder: Path, contract: str = "contract") -> bool:
    """Whether a check takes the kept statement; in either case the statement must be the one that was made."""
    made: list[str] = []

    def make() -> str:
        made.append("SELECT 1")
        return made[-1]

    assert sql_cache.kept_in(Cache(folder), contract).sql("one", make) == "SELECT 1"
    return not made


def test_no_byte_of_an_entry_can_be_another(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    file = entry(folder)
    whole = file.read_bytes()
    assert is_used(folder)
    assert not is_used(folder, "another contract")

    def is_lost(stored: bytes) -> bool:
        file.write_bytes(stored)
        file.chmod(0o600)
        return not is_used(folder)

    for at, byte in enumerate(whole):
        for other in {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0, ord(" ")} - {byte}:
            assert is_lost(whole[:at] + bytes([other]) + whole[at + 1 :]), f"byte {at} as {other}"
        assert is_lost(whole[:at]), f"cut off after {at}"
        assert is_lost(whole[:at] + whole[at + 1 :]), f"without byte {at}"
    assert is_lost(whole + b" ")
    assert not is_lost(whole)


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"a": 1}', b"", b"\xff"])
def test_an_entry_that_holds_no_statements_is_made_again(tmp_path: Path, content: bytes) -> None:
    file = entry(tmp_path / "cache")
    Cache(tmp_path / "cache").put("rules", file.name, content)
    assert not is_used(tmp_path / "cache")
    assert entry(tmp_path / "cache") == file
    assert is_used(tmp_path / "cache")
