"""JSON schemas of every YAML file of a workspace, and settings by which VS Code completes and checks while one writes.

The schemas are made from the models that read the files, so that an editor and ``check`` ask for the same fields. What
a schema cannot say (an id that must exist elsewhere) only ``check`` finds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.workspace.workspace import CaseTypeRegister, Release, Settings, Workspace

if TYPE_CHECKING:
    from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = ".vscode/schemas"
"""Where the schemas are written, in the workspace."""

_SETTINGS, _EXTENSIONS = ".vscode/settings.json", ".vscode/extensions.json"
_EXTENSION = "redhat.vscode-yaml"
"""The extension of VS Code that reads YAML by a schema."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlKind:
    """A kind of YAML file: its name, the files of a workspace that are of it (as globs), and how its schema is made."""

    name: str
    files: tuple[str, ...]
    make: Callable[[], Json]

    def schema(self) -> Json:
        """The JSON schema of the files."""
        return {"$schema": DIALECT, **_any_of(self.make()), "title": f"report-builder: {self.name}"}


def _any_of(value: Any) -> Any:
    """``value`` with ``anyOf`` where alternatives are told apart by code: a value may fit several of them in form."""
    if isinstance(value, list):
        return [_any_of(item) for item in value]
    if not isinstance(value, dict):
        return value
    by_code = "oneOf" in value and "discriminator" not in value
    return {"anyOf" if by_code and key == "oneOf" else key: _any_of(item) for key, item in value.items()}


def kinds(workspace: Workspace) -> tuple[YamlKind, ...]:
    """Every kind of YAML file that the workspace may hold; which registers are of which kind, it says itself."""
    return tuple(_kinds(workspace))


def _kinds(workspace: Workspace) -> Iterator[YamlKind]:
    from report_builder.contracts.odcs.odcs import ContractFile
    from report_builder.example.calibration import Calibration
    from report_builder.methods.change import CHANGE_REGISTER, ChangeRegister
    from report_builder.methods.examples import ExamplesModel
    from report_builder.methods.revision import REVISION_REGISTER, RevisionRegister
    from report_builder.narrative.chapters.coverage import CoverageRegister
    from report_builder.narrative.chapters.goals import REGISTER as GOALS
    from report_builder.narrative.chapters.goals import GoalsModel
    from report_builder.narrative.checks.language import LanguageModel
    from report_builder.narrative.template import TemplateModel

    yield _of_model("workspace", Settings, "content/workspace.yaml")
    yield _of_model("release", Release, "content/*/*/release.yaml")
    versions = ("content/methods/*/v[0-9].yaml", "content/methods/*/v[0-9][0-9].yaml")
    yield YamlKind(name="method", files=versions, make=_method_schema)
    yield _of_model("examples", ExamplesModel, "content/methods/*/*.exempel.yaml")
    yield _of_model("template", TemplateModel, "templates/*/v[0-9]*/template.yaml")
    yield _of_model("contract", ContractFile, "data_contracts/*/*.yaml")
    yield _of_model("case-types", CaseTypeRegister, f"content/registers/{_case_type_register(workspace)}.yaml")
    yield _of_model("goals", GoalsModel, *_register_files(GOALS))
    yield _of_model("method-changes", ChangeRegister, CHANGE_REGISTER)
    yield _of_model("revisions", RevisionRegister, REVISION_REGISTER)
    coverage = sorted({name for name in _coverage_registers(workspace)})
    yield _of_model("coverage", CoverageRegister, *(file for name in coverage for file in _register_files(name)))
    yield YamlKind(name="register", files=_register_files("*"), make=_register_schema)
    yield _of_model("language", LanguageModel, "content/language/*.yaml")
    yield _of_model("calibration", Calibration, "content/exempeldata/*.yaml")


def _of_model(name: str, model: type[BaseModel], *files: str) -> YamlKind:
    return YamlKind(name=name, files=files, make=model.model_json_schema)


def _register_files(name: str) -> tuple[str, ...]:
    return f"content/registers/{name}.yaml", f"content/*/*/registers/{name}.yaml"


def _case_type_register(workspace: Workspace) -> str:
    """The name of the register of case types; the usual one as long as the settings are at fault."""
    try:
        return workspace.settings().case_type_register
    except ReportError:
        return str(Settings.model_fields["case_type_register"].default)


def _coverage_registers(workspace: Workspace) -> Iterator[str]:
    from report_builder.workspace.yamlfile import parse

    for path in sorted(workspace.root.glob("templates/*/*/template.yaml")):
        try:
            data = parse(path, workspace.shown(path)).data
        except ReportError:  # `check` says what is wrong with it
            continue
        if isinstance(data, dict) and isinstance(name := data.get("coverage"), str) and name:
            yield name


def _method_schema() -> Json:
    """One of the families, told apart by the field ``family``."""
    from pydantic.json_schema import models_json_schema

    from report_builder.methods.method import FAMILIES

    of_model, definitions = models_json_schema([(model, "validation") for model in FAMILIES.values()])
    branches = [of_model[model, "validation"] for model in FAMILIES.values()]
    pointers = {name: branch["$ref"] for name, branch in zip(FAMILIES, branches, strict=True)}
    told_apart = {"propertyName": "family", "mapping": pointers}
    return {"type": "object", "oneOf": branches, "discriminator": told_apart, **definitions}


def _register_schema() -> Json:
    """A register of the workspace's own: rows of any fields, and which of them hold owner and review."""
    from report_builder.narrative.checks.ownership import OwnedModel

    rows = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
    return {
        "type": "object",
        "properties": {"owned": OwnedModel.model_json_schema(), "rows": rows},
        "required": ["rows"],
    }


def schema_of(workspace: Workspace, name: str) -> str:
    """The JSON schema of the kind of file called ``name``.

    Raises:
        ReportError: there is no such kind.

    """
    known = {kind.name: kind for kind in kinds(workspace)}
    if name not in known:
        hint = nearest(name, known) or f"There are: {', '.join(known)}."
        raise ReportError(Problem(code="unknown-schema", message=f"There is no schema {name}.", hint=hint, value=name))
    return _text(known[name].schema())


def write_schemas(workspace: Workspace) -> tuple[str, ...]:
    """Write every schema and the settings for VS Code; the names of the files, in the workspace.

    Settings that are there are kept, but for which schema belongs to which file.

    Raises:
        ReportError: the settings that are there are no plain JSON, or a file cannot be written.

    """
    every = kinds(workspace)
    files = {f"{FOLDER}/{kind.name}.json": _text(kind.schema()) for kind in every}
    belongs = {f"./{FOLDER}/{kind.name}.json": list(kind.files) for kind in every if kind.files}
    files[_SETTINGS] = _text(_with_schemas(_read_settings(workspace.root / _SETTINGS), belongs))
    if not (workspace.root / _EXTENSIONS).exists():
        files[_EXTENSIONS] = _text({"recommendations": [_EXTENSION]})
    for name, text in files.items():
        _write(workspace.root / name, name, text)
    return tuple(sorted(files))


def _read_settings(path: Path) -> Json:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise _unreadable(str(e)) from e
    if not isinstance(found, dict) or not isinstance(found.get("yaml.schemas", {}), dict):
        raise _unreadable("it is not an object with yaml.schemas as an object")
    return found


def _unreadable(why: str) -> ReportError:
    message = f"The settings of VS Code cannot be added to: {why}."
    hint = "Take comments and trailing commas out of the file, or move it away; then run schema again."
    return ReportError(Problem(code="bad-settings", message=message, place=Place(file=_SETTINGS), hint=hint))


def _with_schemas(settings: Json, belongs: Mapping[str, list[str]]) -> Json:
    """The settings with our schemas in place of those that an earlier version of the program wrote."""
    others = {k: v for k, v in settings.get("yaml.schemas", {}).items() if not k.startswith(f"./{FOLDER}/")}
    return {**settings, "yaml.schemas": {**others, **belongs}}


def _write(path: Path, name: str, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as e:
        message = f"The file cannot be written: {e.strerror or e}."
        hint = "Check that you may write in the workspace."
        raise ReportError(Problem(code="cannot-write", message=message, place=Place(file=name), hint=hint)) from e


def _text(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
