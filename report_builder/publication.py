"""Publishing a release: through the gate, into a bundle, with the ledger in the same step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.plan import Plan, inputs_of, read_plan
from report_builder.problems import Place, Problem, ReportError, Severity
from report_builder.workspace import Release, Workspace

if TYPE_CHECKING:
    from report_builder.pipeline import Made, Progress
    from report_builder.publishing.gate import Condition
    from report_builder.publishing.journal import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A release at the gate: every condition, and what was made of the release if it could be made."""

    release: Release
    conditions: tuple[Condition, ...]
    plan: Plan | None = None
    made: Made | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands in the way."""
        from report_builder.publishing.gate import failures

        return failures(self.conditions)

    @property
    def passed(self) -> bool:
        """Whether every condition is met."""
        return self.made is not None and all(condition.met for condition in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published version: where it lies, and what lies elsewhere."""

    folder: Path
    archive: Path
    ledger: Path
    files: int
    withheld: tuple[str, ...]
    fingerprint: str


def check(workspace: Workspace, release_id: str, progress: Progress) -> Checked:
    """Take a release to the gate: make it, and look at everything that it must be. Nothing is written.

    Raises:
        ReportError: there is no such release, or its file does not fit.

    """
    from report_builder import pipeline
    from report_builder.publishing import gate

    release, file = workspace.release(release_id)
    conditions = list(gate.on_paper(workspace, release, file))
    plan, made = None, None
    problems: tuple[Problem, ...] = ()
    try:
        progress("Reading the release and what it pins")
        plan = read_plan(workspace, release_id)
        made = pipeline.make(plan, progress)
    except ReportError as e:
        problems = e.problems
    name = "the report can be made: contracts, methods, changes, revisions and demands are accounted for"
    conditions.append(gate.Condition(name=name, problems=tuple(p for p in problems if p.severity is Severity.ERROR)))
    if plan is None or made is None:
        conditions.append(gate.on_warnings(p for p in problems if p.severity is Severity.WARNING))
        rest = "marks, language, links, accessibility, archive and figures (looked at when the report can be made)"
        conditions.append(gate.Condition(name=rest, unknown=True))
        return Checked(release=release, conditions=tuple(conditions))
    conditions.append(gate.on_warnings(made.warnings))
    progress("Reading the finished files back")
    conditions += _on_made(plan, made)
    return Checked(release=release, conditions=tuple(conditions), plan=plan, made=made)


def _on_made(plan: Plan, made: Made) -> list[Condition]:
    from report_builder.publishing import gate
    from report_builder.publishing.verify import read_back

    place = Place(file=f"content/{plan.release.id}/release.yaml")
    composition = made.composition
    on_document = gate.on_document(composition.document, composition.facts, plan.settings, place)
    return [*on_document, *gate.on_files(made.files, read_back(made.files, plan.release.id))]


def publish(
    workspace: Workspace, release_id: str, progress: Progress, *, key: Path | None = None, deliveries: bool = False
) -> Published:
    """Publish a release: the bundle, its ZIP and the ledger, all of them or none.

    ``key`` is a file with the private key to sign with; ``deliveries`` puts every metric file into the bundle.

    Raises:
        ReportError: everything that stands in the way at the gate, or something cannot be written.

    """
    from report_builder.publishing import bundle, journal, signature, sums

    signing = signature.private_key(key) if key is not None else None
    checked = check(workspace, release_id, progress)
    if not checked.passed or checked.plan is None or checked.made is None:
        raise ReportError(checked.problems)
    progress("Packing the bundle")
    plan = checked.plan
    kept_back = withheld(plan) if not deliveries else frozenset()
    files = bundle_of(plan, checked.made, kept_back)
    if signing is not None:
        files[sums.SIGNATURE] = signature.signed(files[sums.NAME], signing)
    targets = _targets(plan, checked.made, files)
    progress("Publishing")
    journal.commit(workspace.root, targets)
    home = workspace.root / bundle.HOME
    return Published(
        folder=home / plan.release.bundle,
        archive=home / f"{plan.release.bundle}.zip",
        ledger=workspace.root / f"content/ledger/{release_id}.csv",
        files=len(files),
        withheld=tuple(sorted(kept_back)),
        fingerprint=signature.fingerprint(files),
    )


def withheld(plan: Plan) -> frozenset[str]:
    """The inputs of a release that stay in the house."""
    from report_builder.publishing import bundle

    return bundle.withheld(tuple(inputs_of(plan)), plan.contracts, plan.release)


def bundle_of(plan: Plan, made: Made, kept_back: frozenset[str]) -> dict[str, bytes]:
    """Every file of the bundle that a release makes, unsigned."""
    from report_builder.editions.images import Charts
    from report_builder.publishing import bundle
    from report_builder.publishing.landing import Front

    workspace, release, shown = plan.workspace, plan.release, plan.template.model.landing
    material = bundle.Material(
        release=release,
        document=made.composition.document,
        facts=made.composition.facts,
        built=made.files,
        inputs=tuple(inputs_of(plan)),
        withheld=kept_back,
        charts=Charts(workspace.root / "templates" / "editions" / "fonts"),
        front=Front(summary=shown.summary, key_figures=shown.key_figures, figures=shown.figures),
        history=plan.past.history,
        open_data=plan.settings.open_data,
        before=bundle.last_before(workspace, release),
    )
    return bundle.contents(material)


def _series(plan: Plan, manifest: bytes, packed: int) -> bytes:
    """The page of the kind's series, with the version that is being published."""
    import json

    from report_builder.publishing import bundle, series

    earlier = list(bundle.published(plan.workspace, plan.release.kind))
    archives = {folder.name: folder.with_name(f"{folder.name}.zip") for folder, _ in earlier}
    sizes = {name: path.stat().st_size for name, path in archives.items() if path.is_file()}
    manifests = [content for _, content in earlier] + [json.loads(manifest)]
    in_order = sorted(manifests, key=lambda m: (m["release"], m["bundle"]["version"]))
    return series.page(in_order, {**sizes, plan.release.bundle: packed}, plan.settings.authority.primary)


def _targets(plan: Plan, made: Made, files: Mapping[str, bytes]) -> dict[str, Content]:
    """What publishing puts in place, by path below the workspace."""
    from report_builder import ledger
    from report_builder.methods.fingerprint import fingerprint
    from report_builder.publishing import archive, bundle

    name = plan.release.bundle
    prints = {m.id: fingerprint(m) for versions in plan.past.history.values() for m in versions}
    packed = archive.packed(files, name)
    return {
        f"{bundle.HOME}/{name}": files,
        f"{bundle.HOME}/{name}.zip": packed,
        f"{bundle.HOME}/{plan.release.kind}.html": _series(plan, files["manifest.json"], len(packed)),
        f"{ledger.FOLDER}/{plan.release.id}.csv": ledger.dumps(made.account.facts, prints).encode("utf-8"),
    }
