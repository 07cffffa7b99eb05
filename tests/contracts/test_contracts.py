"""Contract files: those of the project meet the standard, and whatever is wrong with one is named with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from report_builder.contracts.odcs.contract import Contract, LogicalType
from report_builder.contracts.odcs.load import contract_versions, load_contract
from report_builder.problems import ReportError

PROJECT = Path(__file__).resolve().parents[2]
CONTRACT_FILES = sorted(
    [*PROJECT.glob("data_contracts/*/*.yaml"), *PROJECT.glob("tests/workspaces/*/data_contracts/*/*.yaml")]
)
ROWS = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: fran, logicalType: date}
      - {name: tal, logicalType: number}
"""


def faults(contract_of: Callable[..., Contract], schema: str, top: str = "") -> list[tuple[str, int | None]]:
    with pytest.raises(ReportError) as caught:
        contract_of(schema, top)
    assert all(p.place is not None and p.place.file == "data_contracts/prov/1.0.0.yaml" for p in caught.value.problems)
    return [(p.code, p.place.line) for p in caught.value.problems if p.place]


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda p: p.parent.name)
def test_the_contracts_meet_the_standards_own_schema(path: Path) -> None:
    schema = json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    jsonschema.Draft201909Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda p: p.parent.name)
def test_the_contracts_load(path: Path) -> None:
    contract = load_contract(path.parents[2], path.parent.name, path.stem)
    assert contract.id == f"{path.parent.name}@{path.stem}"
    assert contract.files


def test_a_contract_is_what_its_file_says(project: Path) -> None:
    contract = load_contract(project, "arenden", "1.0.0")
    cases, waits = contract.files
    assert (contract.title, contract.owner) == ("Ärenden och uppehåll", "Verksamhetsuppföljningen")
    assert (cases.dialect.delimiter, cases.dialect.encoding, cases.key) == (";", "utf-8", ("arende_id",))
    assert cases.column("registrerad").type is LogicalType.DATE
    assert cases.column("registrerad").required
    assert not cases.column("beslutad").required
    (reference,) = waits.references
    assert (reference.columns, reference.to, reference.to_columns) == (("arende_id",), "arenden", ("arende_id",))


def test_versions_stand_lowest_first(tmp_path: Path) -> None:
    folder = tmp_path / "data_contracts" / "prov"
    folder.mkdir(parents=True)
    for version in ("1.10.0", "1.2.0", "2.0.0"):
        (folder / f"{version}.yaml").touch()
    assert contract_versions(tmp_path) == {"prov": ("1.2.0", "1.10.0", "2.0.0")}


@pytest.mark.parametrize(
    ("dataset", "version", "code", "hint"),
    [
        ("arende", "1.0.0", "unknown-dataset", "Did you mean arenden?"),
        ("arenden", "1.0", "unknown-version", "Versions of arenden: 1.0.0, 1.1.0."),
        ("arenden", "../arenden/1.0.0", "unknown-version", "Versions of arenden: 1.0.0, 1.1.0."),
    ],
)
def test_a_contract_that_does_not_exist(project: Path, dataset: str, version: str, code: str, hint: str) -> None:
    with pytest.raises(ReportError) as caught:
        load_contract(project, dataset, version)
    assert [(p.code, p.hint) for p in caught.value.problems] == [(code, hint)]


def test_the_file_is_where_it_says(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "data_contracts" / "fall"
    folder.mkdir(parents=True)
    text = (project / "data_contracts" / "arenden" / "1.0.0.yaml").read_text(encoding="utf-8")
    (folder / "1.1.0.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        load_contract(tmp_path, "fall", "1.1.0")
    assert [p.code for p in caught.value.problems] == ["wrong-folder", "wrong-version"]


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        (ROWS + "    qualty: []\n", [("unknown-field", 14)]),
        (ROWS.replace("string}", "string, requierd: true}"), [("unknown-field", 11)]),
        (ROWS.replace("string}", "text}"), [("bad-value", 11)]),
        (ROWS.replace("string}", "array}"), [("unsupported-type", 11)]),
        (ROWS.replace("name: id,", "name: fran,"), [("duplicate-column", 12), ("duplicate-column", 12)]),
        (ROWS.replace("name: id,", "name: _id,"), [("bad-name", 11)]),
        (ROWS.replace("string}", "string, logicalTypeOptions: {pattern: '['}}"), [("bad-pattern", 11)]),
        (ROWS.replace("string}", "string, logicalTypeOptions: {minimum: 1}}"), [("unsupported-option", 11)]),
        (ROWS.replace("date}", "date, logicalTypeOptions: {minimum: snart}}"), [("bad-value", 12)]),
        (ROWS.replace("date}", "date, logicalTypeOptions: {format: 'd MMM yy'}}"), [("unsupported-option", 12)]),
        (ROWS.replace("string}", "string, relationships: [{to: rad.id}]}"), [("unknown-object", 11)]),
        (ROWS.replace("string}", "string, relationships: [{to: rader.ider}]}"), [("unknown-column", 11)]),
        (ROWS.replace("string}", "string, quality: [{metric: rowCount, mustBe: 0}]}"), [("misplaced-rule", 11)]),
        (ROWS.replace("string}", "string, quality: [{metric: invalidValues, mustBe: 0}]}"), [("bad-arguments", 11)]),
        (ROWS.replace("string}", "string, quality: [{metric: nullValues}]}"), [("bad-value", 11)]),
        (ROWS + "    quality: [{metric: rowCount, mustBe: 1, mustBeLessThan: 2}]\n", [("bad-value", 14)]),
        (ROWS + "    quality: [{metric: rowCount, mustBe: många}]\n", [("bad-value", 14)]),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(
    contract_of: Callable[..., Contract], schema: str, found: list[tuple[str, int]]
) -> None:
    assert faults(contract_of, schema) == found


@pytest.mark.parametrize(
    ("implementation", "code"),
    [
        ("{kind: order, columns: [fran, till]}", "unknown-column"),
        ("{kind: order, columns: [fran, tal]}", "bad-arguments"),
        ("{kind: order, columns: [id, fran]}", "bad-arguments"),
        ("{kind: order, columns: [fran]}", "bad-value"),
        ("{kind: ordning, columns: [fran]}", "bad-value"),
        ("{kind: order, columms: [fran, till], columns: [fran, fran]}", "unknown-field"),
        ("{kind: notAfter, columns: [fran], date: idag}", "bad-value"),
        ("{kind: balance, plus: [id], equals: tal}", "bad-arguments"),
        ("{kind: requires, column: id, requires: []}", "bad-value"),
    ],
)
def test_a_fault_in_a_rule_between_columns(
    contract_of: Callable[..., Contract], implementation: str, code: str
) -> None:
    rule = f"    quality:\n      - {{type: custom, engine: report-builder, implementation: {implementation}}}\n"
    found = faults(contract_of, ROWS + rule)
    assert code in {c for c, _ in found}
    assert {line for _, line in found} == {15}


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM rader",
        "COPY rader TO 'ut.csv'",
        "SELECT COUNT(*) FROM rader; DROP TABLE rader",
        "SELECT COUNT(*) FROM read_csv('annan.csv')",
        "SELECT COUNT(*) FROM 'annan.csv'",
        "SELECT COUNT(*) FROM annan",
        "SELECT COUNT(*) FROM information_schema.tables",
        "SELECT COUNT(*) FROM {object} WHERE id IN (SELECT content FROM read_text('annan.csv'))",
        "WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT COUNT(*) FROM x",
        "SELECT COUNT(*) INTO y FROM rader",
        "INSTALL httpfs",
        "ATTACH 'annan.db'",
        "PRAGMA database_list",
        "inte sql (",
    ],
)
def test_a_sql_rule_that_reaches_out_is_refused(contract_of: Callable[..., Contract], query: str) -> None:
    rule = f'    quality:\n      - {{type: sql, description: Nej., query: "{query}", mustBe: 0}}\n'
    assert faults(contract_of, ROWS + rule) == [("refused-query", 15)]


def test_a_sql_rule_needs_words(contract_of: Callable[..., Contract]) -> None:
    rule = "    quality:\n      - {type: sql, query: SELECT COUNT(*) FROM rader, mustBe: 0}\n"
    assert faults(contract_of, ROWS + rule) == [("missing-description", 15)]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("delimeter", "';'", "unknown-custom-property"),
        ("delimiter", "';;'", "bad-value"),
        ("encoding", "ebcdic", "bad-value"),
        ("decimalSeparator", "';'", "bad-value"),
        ("headerRow", "0", "bad-value"),
    ],
)
def test_a_fault_in_how_the_file_is_written(
    contract_of: Callable[..., Contract], name: str, value: str, code: str
) -> None:
    top = f"customProperties:\n  - {{property: {name}, value: {value}}}"
    assert faults(contract_of, ROWS, top) == [(code, 6)]


def test_what_the_standard_knows_and_the_engine_does_not_act_on_is_kept(contract_of: Callable[..., Contract]) -> None:
    servers = "servers: [{server: s, type: local, path: x, format: csv}]"
    top = f"tenant: x\nprice: {{priceAmount: 0}}\nroles: [{{role: läsare}}]\n{servers}"
    schema = ROWS.replace("string}", "string, tags: [a], criticalDataElement: true, examples: [1, x]}")
    rule = "    quality:\n      - {type: custom, engine: soda, description: Soda., implementation: 'x: 1'}\n"
    assert contract_of(schema + rule, top).files[0].quality[0].rule.description == "Soda."


def test_a_contract_that_refers_to_itself(tmp_path: Path) -> None:
    folder = tmp_path / "data_contracts" / "prov"
    folder.mkdir(parents=True)
    (folder / "1.0.0.yaml").write_text("schema: &a\n  - name: x\n    properties: *a\n", encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        load_contract(tmp_path, "prov", "1.0.0")
    assert [p.code for p in caught.value.problems] == ["too-deep"]
