"""Parquet, JSON lines, ZIP and gzip: the same rows come out of each, and what is wrong with one is told."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_builder.contracts.check import CheckResult, check_delivery, check_file
from report_builder.contracts.odcs.contract import Contract

Make = Callable[..., Contract]
TYPED = """
  - name: rader
    properties:
      - {name: id, logicalType: string, required: true}
      - {name: dag, logicalType: date}
      - {name: tal, logicalType: number, physicalType: "DECIMAL(10,2)"}
      - {name: antal, logicalType: integer}
      - {name: ja, logicalType: boolean}
"""
COMMA = 'customProperties: [{property: decimalSeparator, value: ","}, {property: delimiter, value: ";"}]'
EXPECTED = [("x", date(2024, 2, 29), Decimal("0.30"), 7, True), ("y", None, Decimal("12.00"), None, False)]
CSV = "id;dag;tal;antal;ja\nx;2024-02-29;0,30;7;true\ny;;12;;false\n"


def rows_of(result: CheckResult) -> list[tuple[Any, ...]]:
    assert result.delivery is not None, [p.message for p in result.problems]
    rows = result.delivery.tables["rader"].order_by("_row").to_pyarrow().to_pylist()
    return [tuple(v for k, v in row.items() if k != "_row") for row in rows]


def told(result: CheckResult) -> list[tuple[str, int | None, str | None]]:
    assert all(p.hint for p in result.problems)
    return [(p.code, p.place.row, p.place.column) for p in result.problems if p.place]


def parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def typed(contract_of: Make) -> Contract:
    return contract_of(TYPED, COMMA)


@pytest.mark.parametrize("dictionary", [True, False])
def test_parquet_with_types_of_its_own(typed: Contract, tmp_path: Path, dictionary: bool) -> None:
    ids = pa.array(["x", "y"])
    path = parquet(
        tmp_path / "rader.parquet",
        id=ids.dictionary_encode() if dictionary else ids.cast(pa.large_string()),
        dag=pa.array([datetime(2024, 2, 29), None], pa.timestamp("us")) if dictionary else [date(2024, 2, 29), None],
        tal=[0.1 + 0.2, 12.0] if dictionary else pa.array([Decimal("0.30"), Decimal(12)], pa.decimal128(12, 3)),
        antal=pa.array([7.0, None]) if dictionary else pa.array([7, None], pa.int8()),
        ja=[True, False],
    )
    result = check_delivery(typed, {"rader": path})
    assert rows_of(result) == EXPECTED
    assert result.files[0].notes[0].sv == "Filen har ingen rubrikrad. Rad 1 är den första posten."
    assert result.files[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_parquet_with_text_in_every_column(typed: Contract, tmp_path: Path) -> None:
    path = parquet(tmp_path / "r.parquet", id=["x", "y"], dag=["2024-02-29", ""], tal=["0,30", "12"], antal=["7", None],
                   ja=["true", "false"])  # fmt: skip
    assert rows_of(check_delivery(typed, {"rader": path})) == EXPECTED


def test_parquet_with_values_that_do_not_fit(typed: Contract, tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "r.parquet",
        id=["", "y"],
        dag=pa.array([datetime(2024, 2, 29, 12), None], pa.timestamp("us")),
        tal=[1.0, 0.125],
        antal=[1.5, 2.0],
        ja=[1, 0],
    )
    assert told(check_delivery(typed, {"rader": path})) == [
        ("required", 1, "id"),
        ("not-a-date", 1, "dag"),
        ("not-a-number", 2, "tal"),
        ("not-a-integer", 1, "antal"),
        ("not-a-boolean", 1, "ja"),
    ]


def test_parquet_with_lists(typed: Contract, tmp_path: Path) -> None:
    path = parquet(tmp_path / "r.parquet", id=[["x"]], dag=[None], tal=[1.0], antal=[1], ja=[True])
    assert told(check_delivery(typed, {"rader": path})) == [("nested-column", None, "id")]


def test_json_lines_keep_their_numbers_as_written(typed: Contract, tmp_path: Path) -> None:
    path = tmp_path / "rader.jsonl"
    path.write_text(
        '\ufeff{"id": "x", "dag": "2024-02-29", "tal": 0.30, "antal": 7, "ja": true}\r\n\n'
        '{"ja": false, "tal": "12", "id": "y", "dag": null}\n',
        encoding="utf-8",
    )
    result = check_delivery(typed, {"rader": path})
    assert rows_of(result) == EXPECTED


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[1]", "not one JSON object"),
        ('{"id": "x"', "not one JSON object"),
        ('{"id": "x", "id": "y"}', "not one JSON object"),
        ('{"id": ["x"]}', "nests lists"),
        ("[" * 20_000, "not one JSON object"),
        ('{"id": "\\udc00"', "not one JSON object"),
    ],
)
def test_json_lines_that_are_no_records(typed: Contract, tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "rader.ndjson"
    path.write_text('{"id": "x", "dag": null, "tal": 1, "antal": 1, "ja": true}\n' + line + "\n", encoding="utf-8")
    (problem,) = check_delivery(typed, {"rader": path}).problems
    assert problem.place is not None
    assert (problem.code, problem.place.row, words in problem.message) == ("not-a-record", 2, True)


def test_json_lines_without_end_or_content(typed: Contract, tmp_path: Path) -> None:
    path = tmp_path / "rader.jsonl"
    path.write_bytes(b'{"id": "' + b"x" * 200_000)
    assert told(check_delivery(typed, {"rader": path})) == [("line-too-long", 1, None)]
    path.write_bytes(b"\n\n")
    assert told(check_delivery(typed, {"rader": path})) == [("empty-file", None, None)]
    path.write_bytes(b'{"id": "\xe4"}\n')
    assert told(check_delivery(typed, {"rader": path})) == [("not-a-record", 1, None)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | st.text(st.sampled_from('{}[]":,\\\n1eE+-.ida \0'), max_size=40))
def test_no_bytes_make_the_readers_of_json_and_archives_fall(
    typed: Contract, tmp_path: Path, content: bytes | str
) -> None:
    raw = content.encode() if isinstance(content, str) else content
    for name in ("r.jsonl", "r.csv.gz", "r.zip", "r.parquet"):
        (tmp_path / name).write_bytes(raw)
        assert check_file(typed, tmp_path / name).problems
    (tmp_path / "r.csv.gz").write_bytes(gzip.compress(raw))
    assert check_file(typed, tmp_path / "r.csv.gz").problems


def test_archives_give_what_they_hold(typed: Contract, tmp_path: Path) -> None:
    packed = tmp_path / "rader.csv.gz"
    packed.write_bytes(gzip.compress(CSV.encode(), mtime=0))
    result = check_delivery(typed, {"rader": packed})
    assert rows_of(result) == EXPECTED
    assert result.files[0].sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()
    assert result.files[0].notes[0].sv == "rader.csv packades upp och lästes."
    zipped = tmp_path / "leverans.zip"
    lines = "".join(
        json.dumps(dict(zip(("id", "dag", "tal", "antal", "ja"), r, strict=True)), default=str) + "\n" for r in EXPECTED
    )
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("__MACOSX/._rader.jsonl", b"\0")
        archive.writestr("mapp/rader.jsonl", lines.replace('"0.30"', "0.30").replace('"12.00"', "12.00"))
        archive.writestr("läs mig.pdf", b"")
    assert rows_of(check_delivery(typed, {"rader": zipped})) == EXPECTED
    assert rows_of(check_delivery(typed, {"rader": zipped})) == EXPECTED


def test_archives_that_cannot_be_read(typed: Contract, tmp_path: Path) -> None:
    packed = gzip.compress(CSV.encode() * 100)
    zipped = tmp_path / "hel.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", CSV * 100)
    whole = zipped.read_bytes()
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    for name, content in (("a.csv.gz", packed[:-30]), ("b.zip", whole[:-30]), ("c.zip", bytes(locked))):
        (tmp_path / name).write_bytes(content)
        assert told(check_file(typed, tmp_path / name)) == [("broken-archive", None, None)]


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ()])
def test_an_archive_of_several_files_or_none(typed: Contract, tmp_path: Path, names: tuple[str, ...]) -> None:
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        for name in names:
            archive.writestr(name, CSV)
    (problem,) = check_file(typed, tmp_path / "r.zip").problems
    assert f"holds {len(names)}" in problem.message
