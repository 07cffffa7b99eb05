"""Files made to take all time or all memory: a sentence, at once or within the bound."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from report_builder.allowance import Allowance, allow, allowed
from report_builder.contracts.check import CheckResult, check_delivery, check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.problems import ReportError
from report_builder.workspace.workspace import Workspace
from report_builder.workspace.yamlfile import parse, parse_text

Make = Callable[..., Contract]
SCHEMA = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: n, logicalType: integer}
"""
MB = 1 << 20


@pytest.fixture
def contract(contract_of: Make) -> Contract:
    return contract_of(SCHEMA)


@pytest.fixture
def little(request: pytest.FixtureRequest) -> Iterator[None]:
    """Little memory and time for a file."""
    before = allowed()
    allow(Allowance(seconds=1, memory=20 * MB))
    yield
    allow(before)


def told(result: CheckResult) -> list[tuple[str, int | None]]:
    assert all(p.hint for p in result.problems)
    return [(p.code, p.place.row) for p in result.problems if p.place]


# --- YAML


DEEP = {
    "lists": "[" * 200_000,
    "closed lists": "[" * 50_000 + "]" * 50_000,
    "dashes": "- " * 200_000,
    "mappings": "{a: " * 200_000,
    "keys": "? " * 100_000,
    "indented": "\n".join(" " * depth + "a:" for depth in range(500)),
    "itself": "a: &a [*a]",
    "itself as a key": "&a {b: {*a : 1}}",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_yaml_that_is_nested_beyond_measure(text: str) -> None:
    with pytest.raises(ReportError, match="refers to itself or is nested too deeply"):
        parse_text(text, "a.yaml")


def bomb(width: int, depth: int) -> str:
    levels = [f"a0: &a0 [{', '.join('x' * width)}]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, depth)]
    return "\n".join(levels)


def test_yaml_that_means_more_than_it_says() -> None:
    with pytest.raises(ReportError, match="more than 1000000 values") as refused:
        parse_text(bomb(10, 9), "a.yaml")
    assert [p.place.line for p in refused.value.problems if p.place] == [6]
    assert parse_text(bomb(10, 4), "a.yaml").data["a3"][9][9][9][9] == "x"


def test_a_yaml_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: " + b"x" * (17 * MB))
    with pytest.raises(ReportError, match="larger than 16 MB"):
        parse(path, "a.yaml")


WRONG = ["!!int x", "!!float ''", "!!int ''", "!!timestamp x", "!!bool x", "!!binary ä", "!!python/name:os.system ''",
         "2025-99-99", "? [a]\n: b", "1" * 5000, "!!set [a]", "!!omap {a: b}", "0b", "!!float 1:99:99x"]  # fmt: skip


@pytest.mark.parametrize("value", WRONG)
def test_yaml_values_that_are_none(value: str) -> None:
    try:
        parse_text(f"a: {value}" if "?" not in value else value, "a.yaml")
    except ReportError as e:
        assert [p.code for p in e.problems] == ["broken-yaml"]


def test_no_pipe_and_no_device_is_read(tmp_path: Path, contract: Contract) -> None:
    pipe = tmp_path / "a.yaml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(ReportError, match="cannot be read"):
            parse(path, "a.yaml")
    for suffix in (".csv", ".xlsx", ".parquet", ".jsonl", ".zip", ".csv.gz"):
        metric = tmp_path / f"rader{suffix}"
        os.mkfifo(metric)
        assert told(check_file(contract, metric, "rader")) == [("file-unreadable", None)]
        metric.unlink()
        metric.symlink_to("/dev/zero")
        assert told(check_file(contract, metric)) == [("file-unreadable", None)]


# --- limits of a workspace


def workspace(root: Path, limits: str) -> Workspace:
    (root / "content").mkdir()
    (root / "content" / "workspace.yaml").write_text(f"authority: {{}}\n{limits}\n", encoding="utf-8")
    return Workspace(root)


def test_a_workspace_sets_its_limits(tmp_path: Path) -> None:
    found = workspace(tmp_path, "limits: {seconds: 5, memory: 100}").limits()
    assert found == Allowance(seconds=5, memory=100 * MB)
    assert found.for_data(10 * MB).memory > 2 * found.memory
    assert found.for_data(10 * MB).seconds > found.seconds


def test_a_workspace_without_limits_has_the_usual_ones(tmp_path: Path) -> None:
    assert workspace(tmp_path, "").limits() == Allowance(seconds=60, memory=2048 * MB)


@pytest.mark.parametrize(
    "limits", ["{seconds: 0}", "{seconds: .inf}", "{memory: 1}", "{memory: x}", "{second: 1}", "3"]
)
def test_limits_that_are_none(tmp_path: Path, limits: str) -> None:
    with pytest.raises(ReportError) as refused:
        workspace(tmp_path, f"limits: {limits}").limits()
    assert {p.place.line for p in refused.value.problems if p.place} == {2}


# --- workbooks


def changed_sheet(path: Path, *replacements: tuple[str, str]) -> Path:
    """The workbook with replacements in the XML of its sheet."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["xl/worksheets/sheet1.xml"].decode()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    parts["xl/worksheets/sheet1.xml"] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return path


ROWS = [["id", "n"], ["a", 1], ["b", 2]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<row r="3"', '<row r="2000000000"'),
        ('<row r="3"', '<row r="1048577"'),
        ('r="A3"', 'r="ZZZ3"'),
        ('r="A3"', 'r="XFE3"'),
    ],
)
def test_a_cell_beyond_the_sheet(contract: Contract, xlsx_of: Callable[..., Path], old: str, new: str) -> None:
    path = changed_sheet(xlsx_of("r.xlsx", {"rader": ROWS}), (old, new))
    result = check_file(contract, path)
    assert told(result) == [("broken-workbook", None)]
    assert "beyond the last row or column" in result.problems[0].message


def test_the_last_row_and_the_last_column_are_rows_and_columns(
    contract: Contract, xlsx_of: Callable[..., Path]
) -> None:
    path = xlsx_of("r.xlsx", {"rader": ROWS})
    last = changed_sheet(
        path, ('<row r="3"', '<row r="1048576"'), ('r="A3"', 'r="A1048576"'), ('r="B3"', 'r="B1048576"')
    )
    result = check_delivery(contract, {"rader": last})
    assert result.delivery is not None
    rows = result.delivery.tables["rader"].order_by("_row").to_pyarrow().to_pylist()
    assert [(row["_row"], row["id"]) for row in rows] == [(2, "a"), (1_048_576, "b")]


def test_many_rows_with_a_cell_far_to_the_right(contract: Contract, xlsx_of: Callable[..., Path]) -> None:
    path = xlsx_of("r.xlsx", {"rader": ROWS})
    far = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(4, 10_000))
    changed_sheet(path, ("</sheetData>", f"{far}</sheetData>"))
    result = check_file(contract, path)
    assert told(result) == [("wrong-number-of-fields", 4)]
    assert "16\N{NO-BREAK SPACE}384" in result.problems[0].message
    assert result.problems[0].count == 9_996


def test_rows_that_are_only_formatted(contract: Contract, xlsx_of: Callable[..., Path]) -> None:
    path = xlsx_of("r.xlsx", {"rader": ROWS})
    empty = "".join(f'<row r="{n}" spans="1:2"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(4, 60_000))
    changed_sheet(path, ("</sheetData>", f"{empty}</sheetData>"))
    result = check_delivery(contract, {"rader": path})
    assert result.delivery is not None
    assert result.delivery.sources["rader"].rows == 2


# --- archives


def packed(path: Path, method: int, name: str = "rader.csv", data: bytes = b"id,n\na,1\n" * 200) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.writestr(name, data)
    return written.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_in_an_archive_is_told(contract: Contract, tmp_path: Path, method: int) -> None:
    path, whole = tmp_path / "rader.zip", packed(tmp_path, method)
    codes = set()
    for at in range(30, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        codes |= {code for code, _ in told(check_file(contract, path))}
    assert "broken-archive" in codes


def test_an_archive_that_unfolds_without_end(contract: Contract, tmp_path: Path, little: None) -> None:
    path = tmp_path / "rader.zip"
    path.write_bytes(packed(tmp_path, zipfile.ZIP_DEFLATED, data=b"id,n\n" + b"a,1\n" * (8 * MB)))
    gz = tmp_path / "rader.csv.gz"
    gz.write_bytes(gzip.compress(b"id,n\n" + b"a,1\n" * (8 * MB)))
    for packed_file in (path, gz):
        result = check_file(contract, packed_file)
        assert told(result) == [("broken-archive", None)]
        assert "too large when unpacked" in result.problems[0].message


# --- Parquet


def test_parquet_that_unfolds_without_end(contract: Contract, tmp_path: Path, little: None) -> None:
    rows = 6 * MB
    path = tmp_path / "rader.parquet"
    same = {"id": pa.array(["a"]).dictionary_encode().take(pa.array([0] * 1)), "n": pa.array([1])}
    table = pa.table({name: pa.chunked_array([column] * 1) for name, column in same.items()})
    many = pa.table({"id": pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), ["a"]),
                     "n": pa.nulls(rows, pa.int64()).fill_null(1)})  # fmt: skip
    assert table.num_rows == 1
    pq.write_table(many, path, compression="zstd")
    assert path.stat().st_size < MB
    result = check_file(contract, path)
    assert told(result) == [("beyond-limits", None)]
    assert "MB of memory" in result.problems[0].message


# --- SQL


def test_a_query_without_end_is_interrupted(contract_of: Make, tmp_path: Path, little: None) -> None:
    query = "SELECT count(*) FROM rader a, rader b, rader c, rader d WHERE a.n + b.n + c.n + d.n = -1"
    contract = contract_of(SCHEMA + f"    quality: [{{type: sql, description: D., query: '{query}', mustBe: 0}}]")
    path = tmp_path / "rader.csv"
    path.write_text("id,n\n" + "".join(f"a{i},{i}\n" for i in range(20_000)), encoding="utf-8")
    result = check_file(contract, path)
    assert told(result) == [("broken-rule", None)]
    assert "takes more than" in result.problems[0].message


# --- through the front door


def test_nothing_of_this_is_read_for_long_by_name(contract: Contract, tmp_path: Path) -> None:
    """The file's object is found out by its header; what cannot be read has none."""
    path = tmp_path / "r.xlsx"
    book: Any = openpyxl.Workbook()
    book.active.append(["id", "n"])
    book.save(path)
    changed_sheet(path, ("</sheetData>", '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData>'))
    assert told(check_file(contract, path)) == [("broken-workbook", None)]
