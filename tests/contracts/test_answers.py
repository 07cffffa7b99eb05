"""What `validate` answers for programs: JUnit, SARIF, every row at fault as CSV, the exit code."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from report_builder.cli import app

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: prov
version: 1.0.0
status: draft
schema:
  - name: rader
    properties:
      - {name: id, logicalType: string, unique: true}
      - {name: hemlig, logicalType: string, classification: restricted}
      - {name: dag, logicalType: date}
      - {name: slag, logicalType: string, enum: [{value: a}, {value: b, label: Bé}]}
    quality:
      - type: custom
        engine: report-builder
        severity: warning
        implementation: {kind: notAfter, columns: [dag], date: asOf}
"""
HEADER = "id,hemlig,dag,slag\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "workspace.yaml").touch()
    (tmp_path / "data_contracts" / "prov").mkdir(parents=True)
    (tmp_path / "data_contracts" / "prov" / "1.0.0.yaml").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


def validate(workspace: Path, rows: str, *options: str) -> Result:
    file = workspace / "rader.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    command = ["validate", str(file), "--contract", "prov@1.0.0", "--workspace", str(workspace), *options]
    return CliRunner().invoke(app, command)


WARNED = "1,h,2024-02-01,a\n"
WRONG = "1,h,2024-01-01,a\n1,h\x07,i dag,c\n2,h,2024-03-01,b\n"


@pytest.mark.parametrize(
    ("rows", "fail_on", "code"),
    [(WARNED, "error", 0), (WARNED, "warning", 1), (WRONG, "error", 1), (WRONG, "never", 0)],
)
def test_the_exit_code_follows_the_severity(workspace: Path, rows: str, fail_on: str, code: int) -> None:
    assert validate(workspace, rows, "--as-of", "2024-01-31", "--fail-on", fail_on).exit_code == code


def test_junit_has_a_case_for_every_rule(workspace: Path) -> None:
    suite = ElementTree.fromstring(validate(workspace, WRONG, "--as-of", "2024-01-31", "--format", "junit").stdout)[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "3", "0")
    failures = {str(case.get("classname")): case.find("failure") for case in suite}
    assert failures["rader.after-the-extract"] is None
    told = failures["rader.not-a-date"]
    assert told is not None
    assert told.get("message") == "dag is not a date in row 3."
    (warned,) = suite.findall(".//system-out")
    assert str(warned.text).startswith("warning: ")
    strict = validate(workspace, WRONG, "--as-of", "2024-01-31", "--format", "junit", "--fail-on", "warning")
    assert ElementTree.fromstring(strict.stdout)[0].get("failures") == "4"


def test_junit_tells_of_rules_that_were_not_tried(workspace: Path) -> None:
    suite = ElementTree.fromstring(validate(workspace, WARNED, "--format", "junit").stdout)[0]
    assert [s.get("message") for s in suite.findall(".//skipped")] == ["The date of the extract was not given."]


def test_sarif_points_at_the_rows(workspace: Path) -> None:
    run = json.loads(validate(workspace, WRONG, "--format", "sarif").stdout)["runs"][0]
    results = {r["ruleId"]: r for r in run["results"]}
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(results)
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == code for code, r in results.items())
    (place,) = results["not-a-date"]["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 3}
    assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("/rader.csv")
    assert {r["level"] for r in results.values()} == {"error"}
    (also,) = results["unique"]["relatedLocations"]
    assert (also["id"], also["physicalLocation"]["region"]["startLine"]) == (1, 3)


def test_every_row_at_fault_is_written_and_nothing_sensitive(workspace: Path) -> None:
    rows = "".join(f"{i},hemlig-{i},x,a\n" for i in range(50)) + "0,h,,b\n"
    out = workspace / "fel.csv"
    assert validate(workspace, rows, "--rows-to", str(out)).exit_code == 1
    text = out.read_text(encoding="utf-8-sig")
    assert "hemlig-" not in text
    found = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [int(r["rad"]) for r in found if r["regel"] == "not-a-date"] == list(range(2, 52))
    assert [r["rad"] for r in found if r["regel"] == "unique"] == ["2", "52"]
    assert found[0] | {"vad": ""} == {
        "regel": "unique", "grad": "fel", "kolumn": "id", "rad": "2", "vad": "", "id": "0", "hemlig": "•••", "dag": "x",
        "slag": "a",
    }  # fmt: skip
    assert found[0]["vad"] == "Varje värde i kolumnen id ska förekomma en gång."


def test_rows_that_cannot_be_written(workspace: Path) -> None:
    with pytest.raises(Exception, match="cannot be written"):
        result = validate(workspace, WARNED, "--rows-to", str(workspace / "ingen" / "fel.csv"))
        raise result.exception or AssertionError
