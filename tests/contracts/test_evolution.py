"""Versions of a contract compared: what breaks one who reads the data, and what that asks of the version number."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from report_builder.cli.main import app
from report_builder.contracts.odcs.evolution import Kind, contract_differences, release_faults
from report_builder.contracts.odcs.load import load_contract

BASE = """\
apiVersion: v3.1.0
kind: DataContract
id: prov
version: {version}
status: {status}
schema:
  - name: rader
    properties:
      - {{name: id, logicalType: string, required: true, unique: true}}
      - {{name: antal, logicalType: integer, logicalTypeOptions: {{minimum: 0}}}}
      - {{name: belopp, logicalType: number, physicalType: 'DECIMAL(9,2)'}}
      - {{name: dag, logicalType: date}}
    quality:
      - {{metric: rowCount, mustBeGreaterThan: 0}}
      - {{type: custom, engine: report-builder, description: Inte sedan.,
         implementation: {{kind: notAfter, columns: [dag], date: 2024-12-31}}}}
"""


def write(root: Path, version: str, text: str = BASE, status: str = "active") -> None:
    folder = root / "data_contracts" / "prov"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{version}.yaml").write_text(text.format(version=version, status=status), encoding="utf-8")


def found(root: Path, changed: str) -> set[tuple[Kind, str, str]]:
    write(root, "1.0.0")
    write(root, "1.1.0", changed)
    old, new = load_contract(root, "prov", "1.0.0"), load_contract(root, "prov", "1.1.0")
    return {(d.kind, d.where, d.what) for d in contract_differences(old, new)}


@pytest.mark.parametrize(
    ("was", "now", "kind", "where", "what"),
    [
        ("required: true, ", "", Kind.BREAKING, "rader.id", "required: True → False"),
        (", unique: true", "", Kind.BREAKING, "rader.id", "unique: True → False"),
        ("minimum: 0", "minimum: -1", Kind.BREAKING, "rader.antal", "minimum: 0 → -1"),
        ("minimum: 0", "minimum: 1", Kind.CHANGE, "rader.antal", "minimum: 0 → 1"),
        ("number, physicalType: 'DECIMAL(9,2)'", "number, physicalType: 'DECIMAL(12,2)'", Kind.BREAKING,
         "rader.belopp", "digits: 9 → 12"),
        ("number, physicalType: 'DECIMAL(9,2)'", "number, physicalType: 'DECIMAL(7,2)'", Kind.CHANGE,
         "rader.belopp", "digits: 9 → 7"),
        ("number, physicalType: 'DECIMAL(9,2)'", "number, physicalType: 'DECIMAL(9,3)'", Kind.BREAKING,
         "rader.belopp", "decimals: 2 → 3"),
        ("number, physicalType: 'DECIMAL(9,2)'", "number, physicalType: 'DECIMAL(9,1)'", Kind.CHANGE,
         "rader.belopp", "decimals: 2 → 1"),
        ("minimum: 0", "minimum: 0, maximum: 9", Kind.CHANGE, "rader.antal", "maximum: None → 9"),
        ("logicalType: date}}", "logicalType: date, required: true}}", Kind.CHANGE, "rader.dag",
         "required: False → True"),
        ("      - {{name: dag, log", "      - {{name: ny, logicalType: string}}\n      - {{name: dag, log",
         Kind.ADDITION, "rader.ny", "a new column"),
        ("mustBeGreaterThan: 0", "mustBeGreaterThan: 9", Kind.BREAKING, "rader",
         "the rule rowCount is gone or says something else"),
        ("mustBeGreaterThan: 0", "mustBeGreaterThan: 0, severity: warning", Kind.BREAKING, "rader",
         "the rule rowCount: error → warning"),
        ("status: {status}", "status: deprecated", Kind.CHANGE, "", "status: active → deprecated"),
        ("- name: rader", "- name: rader\n    customProperties: [{{property: delimiter, value: ';'}}]", Kind.CHANGE,
         "rader", "delimiter: ',' → ';'"),
    ],
)  # fmt: skip
def test_a_difference_is_classed(tmp_path: Path, was: str, now: str, kind: Kind, where: str, what: str) -> None:
    assert was in BASE
    assert (kind, where, what) in found(tmp_path, BASE.replace(was, now, 1))


def test_a_column_that_goes_or_changes_its_type_breaks(tmp_path: Path) -> None:
    changed = BASE.replace("name: id, logicalType: string", "name: id, logicalType: integer")
    changed = changed.replace(
        "antal, logicalType: integer, logicalTypeOptions: {{minimum: 0}}", "summa, logicalType: time"
    )
    assert found(tmp_path, changed) == {
        (Kind.BREAKING, "rader.antal", "the column is gone"),
        (Kind.ADDITION, "rader.summa", "a new column"),
        (Kind.BREAKING, "rader.id", "type: string → integer"),
    }


def test_other_words_for_the_same_rule_are_no_difference(tmp_path: Path) -> None:
    assert found(tmp_path, BASE.replace("Inte sedan.", "Aldrig efter året.")) == set()


@pytest.mark.parametrize(
    ("version", "status", "faulty"),
    [("1.1.0", "active", True), ("2.0.0", "active", False), ("1.1.0", "draft", False)],
)
def test_what_breaks_needs_a_new_major_version(tmp_path: Path, version: str, status: str, faulty: bool) -> None:
    write(tmp_path, "1.0.0")
    write(tmp_path, version, BASE.replace("required: true, ", ""), status)
    problems = list(release_faults(tmp_path))
    assert [p.code for p in problems] == (["breaking-change"] if faulty else [])
    if faulty:
        assert problems[0].place is not None
        assert problems[0].place.file == "data_contracts/prov/1.1.0.yaml"
        assert problems[0].hint == "Take the change back, or release it as 2.0.0."


def test_the_command_and_check_tell(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "workspace.yaml").touch()
    write(tmp_path, "1.0.0")
    write(tmp_path, "1.1.0", BASE.replace(", unique: true", ""))
    workspace = ("--workspace", str(tmp_path))
    answer = CliRunner().invoke(app, ["contracts", "diff", "prov@1.0.0", "prov@1.1.0", *workspace])
    assert answer.stdout.splitlines()[1].split("\t") == ["breaking", "rader.id", "unique: True → False"]
    same = CliRunner().invoke(app, ["contracts", "diff", "prov@1.0.0", "prov@1.0.0", *workspace])
    assert same.stdout == "prov@1.0.0 and prov@1.0.0 ask for the same.\n"
    checked = CliRunner().invoke(app, ["check", *workspace])
    assert checked.exit_code == 1
    assert "breaking-change" in checked.output
