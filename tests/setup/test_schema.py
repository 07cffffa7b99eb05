"""JSON schemas of the YAML files: what reads well fits them, what does not is refused, and VS Code is told of them."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from report_builder.cli.main import app
from report_builder.verbs.schema import kinds, schema_of, write_schemas
from report_builder.workspace.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[2]
WORKSPACES = [PROJECT, *sorted((PROJECT / "tests" / "workspaces").glob("*/"))]


def as_an_editor_reads_it(path: Path) -> Any:
    """The file as JSON has it: days are text, and so is every key."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own name)
            first: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:timestamp"]
            for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)))


def of_kind(root: Path, name: str) -> str:
    """The kinds whose globs a file matches; of two, the one that is not any register."""
    found = [
        k.name
        for k in kinds(Workspace(root))
        if any(fnmatch(name, glob) and same_depth(name, glob) for glob in k.files)
    ]
    return next((kind for kind in found if kind != "register"), found[0] if found else "")


def same_depth(name: str, glob: str) -> bool:
    return name.count("/") == glob.count("/")


FILES = [
    (root, path.relative_to(root).as_posix())
    for root in WORKSPACES
    for folder in ("content", "data_contracts", "templates")
    for path in sorted((root / folder).rglob("*.yaml"))
    if path.name != "released.yaml"
]


@pytest.mark.parametrize(("root", "name"), FILES, ids=[f"{root.name}/{name}" for root, name in FILES])
def test_every_yaml_file_of_every_workspace_fits_its_schema(root: Path, name: str) -> None:
    kind = of_kind(root, name)
    assert kind, f"no schema for {name}"
    schema = json.loads(schema_of(Workspace(root), kind))
    Draft202012Validator.check_schema(schema)
    found = list(Draft202012Validator(schema).iter_errors(as_an_editor_reads_it(root / name)))
    assert not found, [f"{e.json_path}: {e.message}" for e in found[:5]]


@pytest.mark.parametrize(
    ("kind", "name", "old", "new"),
    [
        ("release", "content/delredovisning/2026-02/release.yaml", "status: draft", "status: done"),
        ("release", "content/delredovisning/2026-02/release.yaml", "methods:", "methodes:"),
        ("workspace", "content/workspace.yaml", '"#00559b"', "blue"),
        ("method", "content/methods/handlaggningstid/v1.yaml", "kind: median", "kind: mean_of_all"),
        ("method", "content/methods/arendebalans/v1.yaml", "family: stock", "family: stocks"),
        ("contract", "data_contracts/arenden/1.1.0.yaml", "logicalType: date", "logicalTyp: date"),
        ("template", "templates/delredovisning/v1/template.yaml", "caption:", "captions:"),
        ("goals", "content/registers/mal.yaml", "datum: 2029-12-31", "datun: 2029-12-31"),
        ("case-types", "content/registers/arendeslag.yaml", "- id: psl", "- id: PSL"),
    ],
)
def test_a_slip_is_found(tmp_path: Path, kind: str, name: str, old: str, new: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert old in text
    slipped = tmp_path / "file.yaml"
    slipped.write_text(text.replace(old, new, 1), encoding="utf-8")
    schema = json.loads(schema_of(Workspace(PROJECT), kind))
    assert not Draft202012Validator(schema).is_valid(as_an_editor_reads_it(slipped))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "workspace.yaml").write_text("case_type_register: omraden\n", encoding="utf-8")
    return Workspace(tmp_path)


def test_settings_name_the_schema_of_each_file_and_keep_what_was_there(workspace: Workspace) -> None:
    settings = workspace.root / ".vscode" / "settings.json"
    settings.parent.mkdir()
    mine = {"editor.rulers": [120], "yaml.schemas": {"mine.json": "*.yml", "./.vscode/schemas/gone.json": "x.yaml"}}
    settings.write_text(json.dumps(mine), encoding="utf-8")
    written = write_schemas(workspace)
    assert {*write_schemas(workspace), ".vscode/extensions.json"} == {*written}
    said = json.loads(settings.read_text(encoding="utf-8"))
    assert said["editor.rulers"] == [120]
    assert said["yaml.schemas"].pop("mine.json") == "*.yml"
    assert {f"./{name}" for name in written if "/schemas/" in name} >= said["yaml.schemas"].keys()
    assert said["yaml.schemas"]["./.vscode/schemas/release.json"] == ["content/*/*/release.yaml"]
    assert (workspace.root / ".vscode" / "extensions.json").is_file()


@pytest.mark.parametrize("text", ["{ // mine\n}", "[]", '{"yaml.schemas": []}'])
def test_settings_that_cannot_be_added_to_stay_as_they_are(workspace: Workspace, text: str) -> None:
    settings = workspace.root / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(text, encoding="utf-8")
    said = CliRunner().invoke(app, ["schema", "--workspace", str(workspace.root)])
    assert said.exit_code != 0
    (problem,) = said.exception.problems
    assert (problem.code, str(problem.place)) == ("bad-settings", ".vscode/settings.json")
    assert settings.read_text(encoding="utf-8") == text
    assert not (settings.parent / "schemas").exists()


def test_the_register_of_case_types_is_the_one_that_the_workspace_names(workspace: Workspace) -> None:
    root = PROJECT / "tests" / "workspaces" / "arsrapport"
    found = {k.name: k.files for k in kinds(Workspace(root))}
    assert found["case-types"] == ("content/registers/omraden.yaml",)
    broken = {k.name: k.files for k in kinds(workspace)}
    assert broken["case-types"] == ("content/registers/arendeslag.yaml",)


def test_one_schema_is_printed_and_an_unknown_one_is_refused() -> None:
    said = CliRunner().invoke(app, ["schema", "release", "--workspace", str(PROJECT)])
    assert json.loads(said.stdout)["title"] == "report-builder: release"
    refused = CliRunner().invoke(app, ["schema", "relase", "--workspace", str(PROJECT)])
    assert [(p.code, "release" in p.hint) for p in refused.exception.problems] == [("unknown-schema", True)]
