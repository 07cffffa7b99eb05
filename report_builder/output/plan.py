"""A release with everything that it pins, found and read whole before anything is computed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.catalogue import Catalogue, using
from report_builder.editions.style_files import FONTS, SHIPPED, font_folder, own_folder, style_files
from report_builder.packages.manifest import InputFile
from report_builder.problems import Gather, Problem, ReportError, whole
from report_builder.workspace.identity import period_problems
from report_builder.workspace.workspace import CaseType, DeliveryPin, Release, Settings, Workspace
from report_builder.workspace.yamlfile import parse

if TYPE_CHECKING:
    from report_builder.contracts.odcs.contract import Contract
    from report_builder.methods.history import Past
    from report_builder.methods.method import Method
    from report_builder.narrative.checks.example_marks import ExampleMarks
    from report_builder.narrative.template import Template
    from report_builder.workspace.yamlfile import YamlFile

PAST_REGISTERS = ("content/registers/metodforandringar.yaml", "content/registers/revideringar.yaml")
"""What people have decided and told of changed methods and changed figures, where there is anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A release with everything that it pins, read and found whole. Nothing has been computed yet."""

    workspace: Workspace
    release: Release
    file: YamlFile
    settings: Settings
    case_types: tuple[CaseType, ...]
    contracts: Mapping[str, Contract]
    methods: Mapping[str, Method]
    past: Past
    template: Template
    before: Release | None = None
    """The release that this one names as the one before it."""

    @property
    def compared_with(self) -> str:
        """The earlier release of the same kind that the report is compared with; empty where there is none."""
        previous = self.release.previous
        same_kind = previous.partition("/")[0] == self.release.kind
        return previous if self.template.model.whats_new and same_kind else ""

    @property
    def examples(self) -> ExampleMarks:
        """What the release rests on that is made up; raises as :func:`example_marks`."""
        from report_builder.narrative.checks.example_marks import example_marks

        return example_marks(self.workspace, self.release, self.template, self.methods, self.past)

    def words(self) -> AbstractContextManager[Catalogue]:
        """Within this block readers get the report's language, with what its authority words differently."""
        return using(self.settings.language, self.template.wordings)

    def input(self, role: str, version: str, path: Path) -> InputFile:
        """``path`` as an input that the manifest lists, by its shortest name in the workspace."""
        name = self.workspace.shown(Path(os.path.normpath(path)))
        return InputFile(role=role, version=version, name=name, path=path)

    def metric_file(self, dataset: str, name: str) -> Path:
        """The file that the release delivers for an object of a dataset."""
        pin = next(d for d in self.release.deliveries if d.dataset == dataset)
        return self.workspace.release_dir(self.release.id) / pin.files[name]


def read_plan(workspace: Workspace, release_id: str) -> Plan:
    """The release and everything that it pins.

    Raises:
        ReportError: every fault in them, all at once.

    """
    from report_builder.contracts.odcs.load import load_contract
    from report_builder.methods.history import read_past
    from report_builder.methods.load import load_methods
    from report_builder.narrative.template import load_template

    release, file = workspace.release(release_id)
    gather = Gather()
    settings = gather(workspace.settings)
    case_types = gather(lambda: workspace.case_types(settings)) if settings else None
    contracts = {
        pin.dataset: gather(lambda pin=pin: load_contract(workspace.root, pin.dataset, pin.contract))  # type: ignore[misc]
        for pin in release.deliveries
    }
    methods = gather(lambda: load_methods(workspace.root, release.methods))
    past = gather(lambda: read_past(workspace.root, release_id, release.previous, methods, file)) if methods else None
    template = gather(lambda: load_template(workspace, release.template))
    before = gather(lambda: _before(workspace, release))
    gather.add(period_problems(release, file))
    if settings is not None:
        gather(lambda: _look_for_font(workspace, settings))
    gather.add(_missing_files(workspace, release, file))
    gather.done()
    return Plan(
        workspace=workspace,
        release=release,
        file=file,
        settings=whole(settings),
        case_types=whole(case_types),
        contracts={name: whole(contract) for name, contract in contracts.items()},
        methods=whole(methods),
        past=whole(past),
        template=whole(template),
        before=before,
    )


def _before(workspace: Workspace, release: Release) -> Release | None:
    return workspace.release(release.previous)[0] if release.previous in workspace.releases() else None


def _look_for_font(workspace: Workspace, settings: Settings) -> None:
    """Nothing, if the font that the settings name is there; the program's own needs no looking for."""
    own = own_folder(workspace.root)
    if not settings.authority.font and font_folder(own) == SHIPPED / FONTS:
        return
    from report_builder.editions.fonts import family_of

    try:
        family_of(font_folder(own), settings.authority.font)
    except ReportError as e:
        path = workspace.root / "content" / "workspace.yaml"
        place = parse(path, workspace.shown(path)).place("authority", "font")
        raise ReportError([replace(p, place=p.place or place) for p in e.problems]) from e


def inputs_of(plan: Plan) -> Iterator[InputFile]:
    """Everything that decides what a release says and how it looks."""
    yield from _sorted({*own_inputs_of(plan), *_compared_with(plan)})


def own_inputs_of(plan: Plan) -> Iterator[InputFile]:
    """The same without what only the report before is made of."""
    yield from _sorted({*_pinned(plan), *_written(plan)})


def _sorted(found: set[InputFile]) -> list[InputFile]:
    return sorted(found, key=lambda entry: (entry.role, entry.name))


def _pinned(plan: Plan) -> Iterator[InputFile]:
    """Metric files, contracts, methods and the template: what has a version of its own."""
    root, release = plan.workspace.root, plan.release
    for pin in release.deliveries:
        version = f"{pin.dataset}@{pin.contract}"
        yield plan.input("contract", version, root / "data_contracts" / pin.dataset / f"{pin.contract}.yaml")
        for name in pin.files:
            yield plan.input("metrics", version, plan.metric_file(pin.dataset, name))
        yield from _compared(plan, pin)
    for method in (m for pinned in plan.methods.values() for m in plan.past.until(pinned)):  # the report describes them
        for path in (root / "content" / "methods" / method.measure).glob(f"{method.version}.*"):
            yield plan.input("method", method.id, path)
    yield from _referenced(plan)
    for published in plan.past.published:
        yield plan.input("ledger", published.release, root / published.file)
    for path in plan.template.files():
        yield plan.input("template", release.template, path)


def _referenced(plan: Plan) -> Iterator[InputFile]:
    """Method versions that the release does not use, and that must be there to read what it is made of.

    The register of changes is one for all releases and names versions of every measure; a version is read beside the
    others of its measure.
    """
    used = {m.id for pinned in plan.methods.values() for m in plan.past.until(pinned)}
    named = {(m.measure, m.version) for versions in plan.past.history.values() for m in versions}
    named |= {(c.measure, version) for c in plan.past.changes.rows for version in (c.from_version, c.to_version)}
    for measure, version in sorted(named):
        if f"{measure}@{version}" not in used:
            for path in (plan.workspace.root / "content" / "methods" / measure).glob(f"{version}.*"):
                yield plan.input("referenced", f"{measure}@{version}", path)


def _compared_with(plan: Plan) -> Iterator[InputFile]:
    """What the report is made of that this one tells what is new since."""
    if plan.compared_with:
        for entry in own_inputs_of(read_plan(plan.workspace, plan.compared_with)):
            if entry.role != "edition":
                role = "previous-metrics" if entry.role in ("metrics", "previous-metrics") else "previous"
                yield replace(entry, role=role, version=plan.compared_with)


def _compared(plan: Plan, pin: DeliveryPin) -> Iterator[InputFile]:
    """The files of the release before that a delivery is compared with."""
    from report_builder.contracts.previous_delivery import compared

    before = plan.before.deliveries if plan.before is not None else ()
    for then in (d for d in before if d.dataset == pin.dataset):
        for name in sorted(compared(plan.contracts[pin.dataset]) & then.files.keys()):
            path = plan.workspace.release_dir(plan.release.previous) / then.files[name]
            if path.is_file():
                yield plan.input("previous", plan.release.previous, path)


def _written(plan: Plan) -> Iterator[InputFile]:
    """The release's own file and sections, registers, settings, and the look of the editions."""
    from report_builder.methods.revision import OWN_REGISTER

    root, folder = plan.workspace.root, plan.workspace.release_dir(plan.release.id)
    coverage = [plan.template.model.coverage] if plan.template.model.coverage else []
    yield plan.input("release", plan.release.release, folder / "release.yaml")
    # each says which release came before it, and the last since when a register must have been reviewed
    for name in dict.fromkeys((plan.release.previous, *(published.release for published in plan.past.published))):
        before = plan.workspace.release_dir(name) / "release.yaml"
        if name and before.is_file():
            yield plan.input("previous", name, before)
    yield plan.input("workspace", "", root / "content" / "workspace.yaml")
    for name in sorted({*plan.template.model.registers, plan.settings.case_type_register, *coverage}):
        yield plan.input("register", "", plan.workspace.register_path(name, plan.release.id))
    yield plan.input("register", "", plan.workspace.register_path(plan.settings.case_type_register))
    if plan.settings.authority.logotype:
        yield plan.input("edition", "", root / plan.settings.authority.logotype)
    past = (*(root / file for file in PAST_REGISTERS), folder / OWN_REGISTER)
    for path in (one for one in past if one.is_file()):
        yield plan.input("register", "", path)
    for name in plan.template.model.free_sections:
        if (section := folder / "sections" / f"{name}.md").is_file():
            yield plan.input("section", "", section)
    for name, path in style_files(own_folder(root)).items():
        yield InputFile(role="edition", version="", name=plan.workspace.shown(own_folder(root) / name), path=path)


def _missing_files(workspace: Workspace, release: Release, file: YamlFile) -> Iterator[Problem]:
    for i, pin in enumerate(release.deliveries):
        for name, relative in pin.files.items():
            path = workspace.release_dir(release.id) / relative
            if not path.resolve().is_relative_to(workspace.root.resolve()):
                message = f"The metric file {relative} lies outside the workspace."
                hint = "Put the file in the release's metrics folder."
            elif not path.is_file():
                message = f"The metric file {workspace.shown(path)} does not exist."
                hint = "Put the file there, or correct its name."
            else:
                continue
            place = file.place("deliveries", i, "files", name)
            yield Problem(code="file-missing", message=message, place=place, hint=hint)
