"""A contract file made into a :class:`Contract`, with every fault of it at once.

The files are ``data_contracts/<dataset>/<version>.yaml``: the contract's ``id`` is the dataset and its ``version`` the
file's name. Two kinds of thing that the standard has no field for stand under ``customProperties``:

- of the contract or of a schema object (the object's wins), how its file is written:
  ``delimiter`` (one character; default comma), ``encoding`` (utf-8, windows-1252 or iso-8859-1; default utf-8),
  ``decimalSeparator`` (point or comma; default point), ``groupSeparator`` (between groups of digits; default none, a
  space stands for every kind of space), ``sheet`` (the worksheet of a workbook; default its only one) and
  ``headerRow`` (the row of the column names in a workbook; default 1);
- of a quality rule, ``hint``: what the supplier is to do about it, in Swedish.

A quality rule's ``description`` is shown to the supplier, so it is in Swedish. ``classification`` of a column other
than ``public`` and ``internal`` keeps its values out of every message and report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from report_builder.contracts.odcs.columns import column_of
from report_builder.contracts.odcs.consistency import declared_rule, reference_of
from report_builder.contracts.odcs.contract import (
    Contact,
    Contract,
    ContractColumn,
    DeclaredRule,
    Dialect,
    FileContract,
    QualityRule,
    Reference,
)
from report_builder.contracts.odcs.odcs import ContractFile
from report_builder.contracts.odcs.quality import CustomProperty, LibraryRule, Scalar
from report_builder.contracts.odcs.schema import Relationship, SchemaObject
from report_builder.contracts.rules.service import promise_of
from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.workspace.yamlfile import YamlFile, read

_ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1")
_DIALECT = ("delimiter", "encoding", "decimalSeparator", "groupSeparator", "sheet", "headerRow")
_SPACE = " "


def contract_versions(workspace_root: Path) -> dict[str, tuple[str, ...]]:
    """Every dataset of the workspace that has contracts, with its versions, lowest first."""
    found: dict[str, list[str]] = {}
    for path in sorted((workspace_root / "data_contracts").glob("*/*.yaml")):
        found.setdefault(path.parent.name, []).append(path.stem)
    return {dataset: tuple(sorted(versions, key=_version_key)) for dataset, versions in found.items()}


def load_contract(workspace_root: Path, dataset: str, version: str) -> Contract:
    """The contract of ``dataset`` in ``version``.

    Raises:
        ReportError: there is no such dataset or version, or the file does not fit; every fault, with its line.

    """
    known = contract_versions(workspace_root)
    if dataset not in known:
        hint = nearest(dataset, known) or f"Datasets with a contract: {', '.join(known) or 'none'}."
        message = f"There is no contract for a dataset called {dataset}."
        raise ReportError(_fault("unknown-dataset", message, Place(file="data_contracts"), hint))
    if version not in known[dataset]:
        hint = f"Versions of {dataset}: {', '.join(known[dataset])}."
        message = f"There is no version {version} of the contract for {dataset}."
        raise ReportError(_fault("unknown-version", message, Place(file=f"data_contracts/{dataset}"), hint))
    shown = f"data_contracts/{dataset}/{version}.yaml"
    model, file = read(workspace_root / shown, shown, ContractFile)
    return _contract(model, file, dataset, version)


def _contract(model: ContractFile, file: YamlFile, dataset: str, version: str) -> Contract:
    problems = [*_identity_faults(model, file, dataset, version)]
    base = _dialect(Dialect(), model.custom_properties, file.place("customProperties"), problems)
    objects = {o.name: o for o in model.schema_}
    files = [_file(o, i, base, objects, file, problems) for i, o in enumerate(model.schema_)]
    promises = [promise_of(p, objects, file.place("slaProperties", i)) for i, p in enumerate(model.sla_properties)]
    problems += [fault for _, faults in promises for fault in faults]
    if problems:
        raise ReportError(problems)
    return Contract(
        dataset=dataset,
        version=version,
        status=model.status,
        title=model.name or dataset,
        purpose=model.description.purpose or "",
        file=file.name,
        files=tuple(files),
        promises=tuple(promise for promise, _ in promises),
        contacts=tuple(
            Contact(channel=s.channel, url=s.url or "", description=s.description or "") for s in model.support
        ),
        owner=(model.team.name or "") if model.team is not None else "",
    )


def _identity_faults(model: ContractFile, file: YamlFile, dataset: str, version: str) -> Iterator[Problem]:
    if model.id != dataset:
        message = f"The contract's id is {model.id}, but its folder is {dataset}."
        yield _fault("wrong-folder", message, file.place("id"), "Let the id be the folder's name.")
    if model.version != version:
        message = f"The contract says version {model.version}, but its file is named {version}.yaml."
        yield _fault("wrong-version", message, file.place("version"), "Let the version be the file's name.")
    if not model.schema_:
        yield _fault("missing-field", "The schema holds no object.", file.place("schema"), "Add one for each file.")
    names: set[str] = set()
    for i, declared in enumerate(model.schema_):
        if not declared.properties:
            message = f"{declared.name} has no properties."
            yield _fault("missing-field", message, file.place("schema", i), "Add one for each column.")
        if declared.name.casefold() in names or declared.name.startswith("_"):
            message = f"{declared.name} cannot be the name of an object: it is taken, or begins with an underscore."
            yield _fault("bad-name", message, file.place("schema", i, "name"))
        names.add(declared.name.casefold())


def _file(
    declared: SchemaObject,
    index: int,
    base: Dialect,
    objects: Mapping[str, SchemaObject],
    file: YamlFile,
    problems: list[Problem],
) -> FileContract:
    here = ("schema", index)
    place = file.place(*here)
    columns: list[ContractColumn] = []
    for j, prop in enumerate(declared.properties):
        column, faults = column_of(prop, file.place(*here, "properties", j))
        problems += faults
        columns += [column] if column is not None else []
    problems += _repeated(columns)
    dialect = _dialect(base, declared.custom_properties, place, problems)
    return FileContract(
        name=declared.name,
        title=declared.business_name or declared.name,
        description=declared.description or "",
        granularity=declared.data_granularity_description or "",
        dialect=dialect,
        columns=tuple(columns),
        references=tuple(_references(declared, here, objects, file, problems)),
        quality=tuple(_quality(declared, here, {c.name: c for c in columns}, objects, file, problems)),
        place=place,
    )


def _repeated(columns: list[ContractColumn]) -> Iterator[Problem]:
    for what in ("name", "header"):
        seen: set[str] = set()
        for column in columns:
            word = str(getattr(column, what))
            if word.casefold() in seen:
                yield _fault(
                    "duplicate-column", f"The {what} {word} is given twice.", column.place, "Rename one of them."
                )
            seen.add(word.casefold())


def _references(
    declared: SchemaObject,
    here: tuple[str, int],
    objects: Mapping[str, SchemaObject],
    file: YamlFile,
    problems: list[Problem],
) -> Iterator[Reference]:
    found: list[tuple[tuple[str, str | None], Relationship, Place]] = [
        ((declared.name, None), r, file.place(*here, "relationships", k)) for k, r in enumerate(declared.relationships)
    ]
    for j, prop in enumerate(declared.properties):
        for k, relationship in enumerate(prop.relationships):
            place = file.place(*here, "properties", j, "relationships", k)
            found.append(((declared.name, prop.name), relationship, place))
    for own, relationship, place in found:
        reference, faults = reference_of(relationship, own, objects, place)
        problems += faults
        if reference is not None:
            yield reference


def _quality(
    declared: SchemaObject,
    here: tuple[str, int],
    columns: Mapping[str, ContractColumn],
    objects: Mapping[str, SchemaObject],
    file: YamlFile,
    problems: list[Problem],
) -> Iterator[DeclaredRule]:
    names = (declared.name, *(o for o in objects if o != declared.name))
    found: list[tuple[str | None, QualityRule, Place]] = [
        (None, rule, file.place(*here, "quality", k)) for k, rule in enumerate(declared.quality)
    ]
    for j, prop in enumerate(declared.properties):
        if prop.name in columns:
            places = (file.place(*here, "properties", j, "quality", k) for k in range(len(prop.quality)))
            found += [(prop.name, rule, place) for rule, place in zip(prop.quality, places, strict=True)]
            if prop.enum:
                place = file.place(*here, "properties", j, "enum")
                found.append((prop.name, _enumeration(tuple(v.value for v in prop.enum)), place))
    for column, rule, place in found:
        made, faults = declared_rule(rule, column, columns, names, place)
        problems += faults
        yield made


def _enumeration(values: tuple[Scalar, ...]) -> LibraryRule:
    """The rule that a list of values stands for."""
    return LibraryRule.model_validate({"metric": "invalidValues", "arguments": {"validValues": values}, "mustBe": 0})


def _dialect(base: Dialect, customs: tuple[CustomProperty, ...], place: Place, problems: list[Problem]) -> Dialect:
    said: dict[str, Any] = {}
    for custom in customs:
        if custom.property not in _DIALECT:
            hint = nearest(custom.property, _DIALECT) or f"Known are: {', '.join(_DIALECT)}."
            problems.append(_fault("unknown-custom-property", f"{custom.property} means nothing here.", place, hint))
        else:
            said[custom.property] = custom.value
    problems += _dialect_faults(said, place)
    decimal = str(said.get("decimalSeparator", base.decimal))
    group = str(said.get("groupSeparator", base.group))
    if group and group == decimal:
        problems.append(_fault("bad-value", "The decimal separator also separates groups of digits.", place))
    return Dialect(
        delimiter=str(said.get("delimiter", base.delimiter)),
        encoding=str(said.get("encoding", base.encoding)).casefold(),
        decimal=decimal,
        group=group,
        sheet=said.get("sheet", base.sheet),
        header_row=int(said["headerRow"]) if str(said.get("headerRow", "")).isdecimal() else base.header_row,
    )


def _dialect_faults(said: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    delimiter = said.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n\0':
        hint = 'Write one character; a tab is "\\t" within double quotes.'
        yield _fault("bad-value", f"delimiter is {delimiter!r}.", place, hint)
    if str(said.get("encoding", "utf-8")).casefold() not in _ENCODINGS:
        yield _fault("bad-value", f"encoding is {said['encoding']!r}.", place, f"Known are: {', '.join(_ENCODINGS)}.")
    if said.get("decimalSeparator", ".") not in {".", ","}:
        yield _fault("bad-value", f"decimalSeparator is {said['decimalSeparator']!r}.", place, "Write . or ,")
    if said.get("groupSeparator", "") not in {"", ".", ",", _SPACE, "'"}:
        yield _fault("bad-value", f"groupSeparator is {said['groupSeparator']!r}.", place, "Write a space, . or ,")
    if not isinstance(said.get("sheet", ""), str):
        yield _fault("bad-value", f"sheet is {said['sheet']!r}.", place, "Write the name of the worksheet.")
    row = said.get("headerRow", 1)
    if isinstance(row, bool) or not isinstance(row, int) or row < 1:
        yield _fault("bad-value", f"headerRow is {row!r}.", place, "Write the number of the row.")


def _version_key(version: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.split("."))


def _fault(code: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(code=code, message=message, place=place, hint=hint)
