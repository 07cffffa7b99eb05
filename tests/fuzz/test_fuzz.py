"""A short run of ``make fuzz``, and that a longer one would notice what it is for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import front_door
import run as fuzzing
from independent import differences
from inputs import CONTRACT, Input, write_workspace

from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.odcs.load import load_contract


def test_a_hundred_inputs() -> None:
    """In a process of its own: it is forked for every input, and this one may have threads."""
    command = [sys.executable, fuzzing.__file__, "--inputs", "100", "--seed", "test", "--without-a-build"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    zeros = [line for line in done.stdout.splitlines() if line.startswith("     0 ")]
    assert len(zeros) == 4
    assert "100 inputs" in done.stdout


@pytest.mark.parametrize(
    ("run", "zero"),
    [
        (front_door.Run(code=3, printed="", seconds=1), "ended in our own fault"),
        (front_door.Run(code=1, printed="Traceback (most recent call last)", seconds=1), "ended in our own fault"),
        (front_door.Run(code=-11, printed="", seconds=1), "ended by a signal"),
        (front_door.Run(code=0, printed="", seconds=fuzzing.LONGEST + 1), "beyond the bound"),
    ],
)
def test_what_must_not_happen_is_counted(tmp_path: Path, run: front_door.Run, zero: str) -> None:
    outcome = fuzzing.Outcome()
    fuzzing.judge(outcome, Input(kind="csv", arguments=["validate"], folder=tmp_path), "1", run)
    assert {words for words, count in outcome.zeros.items() if count} == {zero}


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    write_workspace(tmp_path / "workspace", CONTRACT)
    return load_contract(tmp_path / "workspace", "alla", "1.0.0")


def _csv(path: Path) -> Path:
    file = path / "a.csv"
    file.write_text("id;dag;x\na;2024-01-31;1,5\nb;;2\n", encoding="utf-8")
    return file


def _json(path: Path) -> Path:
    file = path / "a.jsonl"
    file.write_text('{"id": "a", "dag": "2024-01-31", "x": 1.5}\n{"id": "b", "x": 2}\n', encoding="utf-8")
    return file


def _parquet(path: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = path / "a.parquet"
    pq.write_table(pa.table({"id": ["a", "b"], "dag": [date(2024, 1, 31), None], "x": [1.5, 2.0]}), file)
    return file


def _workbook(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["id", "dag", "x"], ["a", date(2024, 1, 31), 1.5], ["b", None, 2]):
        book.active.append(row)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


@pytest.mark.parametrize("write", [_csv, _json, _parquet, _workbook])
def test_another_reader_is_asked_and_a_difference_is_seen(
    tmp_path: Path, contract: Contract, write: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import independent

    path = write(tmp_path)
    assert differences(contract, path) == (True, [])
    reader = independent._READERS[path.suffix]
    for change in ({"id": "z"}, {"dag": date(2024, 2, 1)}, {"x": 1.25}):
        other = {number: {**cells, **change} for number, cells in (reader(path) or {}).items()}
        monkeypatch.setitem(independent._READERS, path.suffix, lambda _, other=other: other)
        assert differences(contract, path)[1]
    monkeypatch.setitem(independent._READERS, path.suffix, lambda _: {9: {"id": "one more"}})
    assert any("is missing" in difference for difference in differences(contract, path)[1])
