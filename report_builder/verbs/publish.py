"""Publishing a release: through the gate, into a bundle, with the ledger in the same step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.output.plan import Plan, inputs_of, read_plan
from report_builder.problems import Place, Problem, ReportError, Severity
from report_builder.workspace.workspace import Release, Workspace

if TYPE_CHECKING:
    from report_builder.pipeline import Made, Progress
    from report_builder.publishing.journal import Content
    from report_builder.verifying.gate import GateCondition


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A release at the gate: every condition, and what was made of the release if it could be made."""

    release: Release
    conditions: tuple[GateCondition, ...]
    plan: Plan | None = None
    made: Made | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands in the way."""
        from report_builder.verifying.gate import gate_failures

        return gate_failures(self.conditions)

    @property
    def passed(self) -> bool:
        """Whether every condition is met."""
        return self.made is not None and all(condition.met for condition in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A published version: where it lies, and what lies elsewhere."""

    folder: Path
    archive: Path
    ledger: Path
    files: int
    withheld: tuple[str, ...]
    fingerprint: str


def take_to_gate(workspace: Workspace, release_id: str, progress: Progress) -> Checked:
    """Take a release to the gate: make it, and look at everything that it must be. Nothing is written.

    Raises:
        ReportError: there is no such release, or its file does not fit.

    """
    from report_builder import pipeline
    from report_builder.verifying import gate

    release, file = workspace.release(release_id)
    conditions = list(gate.on_paper(workspace, release, file))
    plan, made = None, None
    problems: tuple[Problem, ...] = ()
    try:
        progress("Reading the release and what it pins")
        plan = read_plan(workspace, release_id)
        conditions.append(gate.on_examples(plan.examples))
        made = pipeline.make(plan, progress)
    except ReportError as e:
        problems = e.problems
    name = "the report can be made: contracts, methods, changes, revisions and demands are accounted for"
    conditions.append(
        gate.GateCondition(name=name, problems=tuple(p for p in problems if p.severity is Severity.ERROR))
    )
    shown = made or _as_draft(plan, progress)
    if plan is None or shown is None:
        conditions.append(gate.on_warnings(p for p in problems if p.severity is Severity.WARNING))
        rest = "marks, language, links, accessibility, archive and figures (looked at when the report can be made)"
        conditions.append(gate.GateCondition(name=rest, unknown=True))
        return Checked(release=release, conditions=tuple(conditions))
    conditions.append(gate.on_warnings(shown.warnings))
    progress("Reading the finished files back")
    conditions += _on_made(plan, shown)
    return Checked(release=release, conditions=tuple(conditions), plan=plan, made=made)


def _as_draft(plan: Plan | None, progress: Progress) -> Made | None:
    """What a release that cannot be final would be as a draft: the rest of the gate has something to look at then."""
    from report_builder import pipeline

    if plan is None or plan.release.status != "final":
        return None
    progress("It cannot be final yet: looking at the rest of it as a draft")
    draft = replace(plan, release=plan.release.model_copy(update={"status": "draft"}))
    try:
        return pipeline.make(draft, progress)
    except ReportError:  # its problems are listed already
        return None


def _on_made(plan: Plan, made: Made) -> list[GateCondition]:
    from report_builder.verifying import gate
    from report_builder.verifying.verify import read_back

    place = Place(file=f"content/{plan.release.id}/release.yaml")
    composition = made.composition
    on_document = gate.on_document(composition.document, composition.facts, plan.settings, place, plan.release.status)
    return [*on_document, *gate.on_files(made.files, read_back(made.files, plan.release.id))]


def publish(
    workspace: Workspace, release_id: str, progress: Progress, *, key: Path | None = None, deliveries: bool = False
) -> Publication:
    """Publish a release: the bundle, its ZIP and the ledger, all of them or none.

    ``key`` is a file with the private key to sign with; ``deliveries`` puts every metric file into the bundle.

    Raises:
        ReportError: everything that stands in the way at the gate, or something cannot be written.

    """
    from report_builder.packages import signature
    from report_builder.packages.sums import SIGNATURE, SUMS
    from report_builder.publishing import bundle, journal
    from report_builder.verbs.rebuild import bundle_of

    signing = signature.private_key(key) if key is not None else None
    checked = take_to_gate(workspace, release_id, progress)
    if not checked.passed or checked.plan is None or checked.made is None:
        raise ReportError(checked.problems)
    progress("Packing the bundle")
    plan = checked.plan
    kept_back = kept_in_house(plan) if not deliveries else frozenset()
    files = bundle_of(plan, checked.made, kept_back)
    if signing is not None:
        files[SIGNATURE] = signature.sign(files[SUMS], signing)
    _prove(files, workspace, progress)
    targets = _targets(plan, checked.made, files)
    progress("Publishing")
    journal.commit(workspace.root, targets)
    home = workspace.root / bundle.HOME
    return Publication(
        folder=home / plan.release.bundle,
        archive=home / f"{plan.release.bundle}.zip",
        ledger=workspace.root / f"content/ledger/{release_id}.csv",
        files=len(files),
        withheld=tuple(sorted(kept_back)),
        fingerprint=signature.key_fingerprint(files),
    )


def _prove(files: Mapping[str, bytes], workspace: Workspace, progress: Progress) -> None:
    """Build the release again from its bundle alone, in an empty folder; metric files that stay in the house are lent.

    Raises:
        ReportError: it cannot be built from what the bundle holds, or something else comes out.

    """
    from report_builder.verbs.rebuild import rebuild_files

    progress("Building the bundle again, from nothing but itself")
    hint = "The bundle must hold all that the report is made of. Nothing was published; report this as a fault."
    try:
        done = rebuild_files(files, workspace.root, lambda _: None)
    except ReportError as e:
        message = "The report cannot be built again from its bundle alone, for the reasons that follow."
        raise ReportError((Problem(code="not-rebuilt", message=message, hint=hint), *e.problems)) from e
    if done.differing:
        message = f"Built again from its bundle alone, the report differs in {', '.join(done.differing)}."
        raise ReportError(Problem(code="not-rebuilt", message=message, hint=hint))


def kept_in_house(plan: Plan) -> frozenset[str]:
    """The inputs of a release that stay in the house."""
    from report_builder.publishing import bundle

    return bundle.withheld_inputs(tuple(inputs_of(plan)), plan.contracts, plan.release)


def _around(plan: Plan, files: Mapping[str, bytes], packed: int) -> dict[str, bytes]:
    """What lies beside the bundles and describes them all, by name: the page of the series, the catalogue of data."""
    from report_builder.packages.manifest import MANIFEST, read_manifest
    from report_builder.publishing import bundle, opendata, series

    place, release = plan.workspace.root / bundle.HOME, plan.release
    mine = (place / release.bundle, read_manifest(files[MANIFEST], Place(file=MANIFEST)))
    every = sorted((*bundle.published_bundles(plan.workspace), mine), key=lambda entry: bundle.order_of(entry[1]))
    sizes, described = {release.bundle: packed}, []
    for folder, _ in every:
        archive, description = folder.with_name(f"{folder.name}.zip"), folder / opendata.DESCRIPTION
        if archive.is_file():
            sizes[folder.name] = archive.stat().st_size
        if folder.name == release.bundle:
            described += [files[opendata.DESCRIPTION]] if opendata.DESCRIPTION in files else []
        elif description.is_file():
            described.append(description.read_bytes())
    of_kind = [manifest for _, manifest in every if manifest.release.partition("/")[0] == release.kind]
    with plan.words():
        page = series.series_page(of_kind, sizes, plan.settings.authority.primary)
        return {f"{release.kind}.html": page, **opendata.catalogue(described)}


def _targets(plan: Plan, made: Made, files: Mapping[str, bytes]) -> dict[str, Content]:
    """What publishing puts in place, by path below the workspace."""
    from report_builder.facts import ledger
    from report_builder.methods.fingerprint import method_fingerprint
    from report_builder.packages import archive
    from report_builder.publishing import bundle

    name = plan.release.bundle
    prints = {m.id: method_fingerprint(m) for versions in plan.past.history.values() for m in versions}
    packed = archive.pack(files, name)
    return {
        f"{bundle.HOME}/{name}": files,
        f"{bundle.HOME}/{name}.zip": packed,
        **{f"{bundle.HOME}/{file}": data for file, data in _around(plan, files, len(packed)).items()},
        f"{ledger.LEDGER_FOLDER}/{plan.release.id}.csv": ledger.ledger_csv(made.composition.facts, prints).encode(
            "utf-8"
        ),
    }
