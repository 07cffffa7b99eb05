"""The whole path, from metric files to a finished output folder, readable from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report_builder.output.plan import Plan, inputs_of, own_inputs_of, read_plan
from report_builder.output.rendering import records, render_editions
from report_builder.periods import Period
from report_builder.problems import Problem, ReportError, raise_errors, whole
from report_builder.workspace.workspace import DeliveryPin, Release

if TYPE_CHECKING:
    from report_builder.contracts.check import CheckResult
    from report_builder.contracts.context import DeliveryContext
    from report_builder.deliveries.acceptance import Weighed
    from report_builder.deliveries.delivery import Delivery
    from report_builder.document.nodes import Document
    from report_builder.facts.fact import FactSet
    from report_builder.methods.release_facts import ReleaseFacts
    from report_builder.methods.revision import Revisions
    from report_builder.methods.revision_groups import RevisionGroup
    from report_builder.methods.tally import MethodTally
    from report_builder.narrative.compose import Composition, Draft
    from report_builder.output.kept_measurements import Measurements
    from report_builder.revisions.version import Version

Progress = Callable[[str], None]
"""Told, in a few words, what is about to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a document is written from: the plan, its deliveries, their facts, and what was remarked on them.

    None of the last three depends on a word of prose.
    """

    plan: Plan
    deliveries: tuple[Delivery, ...]
    measured: ReleaseFacts
    weighed: Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A release made in memory: its document and facts, every file of its output by name, and the warnings."""

    composition: Composition
    files: Mapping[str, bytes]
    warnings: tuple[Problem, ...]


def make(plan: Plan, progress: Progress = lambda _: None) -> Made:
    """Everything that a build writes; nothing is written.

    Raises:
        ReportError: the data or the content of the release is at fault.

    """
    from report_builder.editions.pdf_process import PdfProcess
    from report_builder.packages.manifest import write_manifest

    with plan.words(), PdfProcess() as pdf_process:
        measured = measurements_of(plan, progress)
        basis = _basis_from(plan, measured)
        progress("Writing the document")
        composition = write_from(basis)
        beside = records(plan, composition, measured.pages)
        files = beside | render_editions(plan, composition, beside["facts.csv"], progress, pdf_process)
    files["manifest.json"] = write_manifest(plan.release.id, plan.release.status, inputs_of(plan), files)
    warnings = (*basis.weighed.to_tell, *composition.warnings)
    return Made(composition=composition, files=files, warnings=warnings)


def make_editions(plan: Plan, only: Collection[str], progress: Progress = lambda _: None) -> Made:
    """The editions ``only`` (by extension) as :func:`make` makes them, and no other file; raises as that does."""
    from report_builder.editions import needs_pages
    from report_builder.editions.pdf_process import PdfProcess
    from report_builder.facts.factfile import facts_csv

    with PdfProcess() if needs_pages(only) else nullcontext() as pdf_process:
        progress("Reading the deliveries and their facts")
        basis = basis_of(plan)
        progress("Writing the document")
        composition = write_from(basis)
        facts = facts_csv(composition.facts).encode()
        files = render_editions(plan, composition, facts, progress, pdf_process, only)
    warnings = (*basis.weighed.to_tell, *composition.warnings)
    return Made(composition=composition, files=files, warnings=warnings)


def measurements_of(plan: Plan, progress: Progress = lambda _: None) -> Measurements:
    """The deliveries of ``plan`` checked and measured: as they were kept, else now.

    Raises:
        ReportError: the deliveries do not meet their contracts, or as :func:`release_facts_of`.

    """
    from report_builder.methods.compute import notices
    from report_builder.output.kept_measurements import Measurements, measured_or
    from report_builder.output.rendering import validation_pages

    def measure() -> Measurements:
        progress("Checking the deliveries against their contracts")
        checks = check_deliveries(plan)
        deliveries = accepted(checks)
        progress("Computing the facts")
        found = release_facts_of(plan, deliveries)
        noticed = notices(plan.methods, deliveries, found.tallies)
        pages = validation_pages(checks)
        return Measurements(deliveries=deliveries, release_facts=found, noticed=noticed, pages=pages)

    with plan.words():
        return measured_or(plan, measure)


def check_deliveries(plan: Plan) -> dict[str, CheckResult]:
    """Each delivery of the release against its contract, by dataset."""
    from report_builder.contracts.check import check_delivery

    results = {}
    for pin in plan.release.deliveries:
        files = {name: plan.metric_file(pin.dataset, name) for name in pin.files}
        results[pin.dataset] = check_delivery(
            plan.contracts[pin.dataset],
            files,
            example=pin.example,
            shown_as={name: plan.workspace.shown(path) for name, path in files.items()},
            around=delivery_context(plan, pin),
        )
    return results


def delivery_context(plan: Plan, pin: DeliveryPin) -> DeliveryContext:
    """What the release says of one of its deliveries, and the same dataset in the release before it."""
    from report_builder.contracts.context import DeliveryContext, Earlier

    before = plan.before
    then = next((d for d in before.deliveries if d.dataset == pin.dataset), None) if before is not None else None
    earlier = None
    if before is not None and then is not None:
        folder = plan.workspace.release_dir(before.id)
        files = {name: folder / file for name, file in then.files.items()}
        since = Period(before.periods.years[0]).start
        earlier = Earlier(name=before.id, files=files, since=since, as_of=then.as_of)
    return DeliveryContext(
        since=Period(plan.release.periods.years[0]).start,
        as_of=pin.as_of,
        received=pin.received,
        absent=pin.absent,
        earlier=earlier,
    )


def accepted(checks: Mapping[str, CheckResult]) -> tuple[Delivery, ...]:
    """The deliveries, if all of them met their contracts.

    Raises:
        ReportError: every fault of every delivery.

    """
    raise_errors(p for check in checks.values() for p in check.problems)
    return tuple(whole(check.delivery) for check in checks.values())


def measure(plan: Plan, deliveries: Sequence[Delivery]) -> FactSet:
    """The facts of a release that are measured; see :func:`release_facts_of`."""
    return release_facts_of(plan, deliveries).facts


class UnexplainedRevisionError(ReportError):
    """Published values print differently now, and no record says why: ``groups`` are the values by their cause."""

    def __init__(self, problems: Iterable[Problem], groups: Sequence[RevisionGroup]) -> None:
        super().__init__(problems)
        self.groups = tuple(groups)


def release_facts_of(plan: Plan, deliveries: Sequence[Delivery]) -> ReleaseFacts:
    """The facts of a release, with every change of method bridged.

    Raises:
        ReportError: a method cannot be applied, the stock–flow identity does not hold somewhere, or a change has no
            common period to be bridged in.

    """
    from report_builder.methods.lifespans import Lifespan
    from report_builder.methods.release_facts import FactSources, release_facts

    periods = plan.release.periods
    sources = FactSources(
        deliveries=deliveries,
        case_types=tuple(c.id for c in plan.case_types),
        years=periods.years,
        total=plan.settings.total.id,
        tertial=periods.tertial,
        lifespans={c.id: Lifespan(since=c.since, until=c.until, successor_of=c.successor_of) for c in plan.case_types},
        provisional={d.dataset: d.provisional_from for d in plan.release.deliveries if d.provisional_from},
    )
    with plan.words():
        return release_facts(plan.methods, plan.past, sources)


def revisions_of(plan: Plan, facts: FactSet, printed: Collection[str] = ()) -> Revisions:
    """The published values that print differently now; ``printed`` are the ids of the facts that the report prints."""
    from report_builder.methods.revision import find_revisions

    return find_revisions(plan.past.before, facts, plan.past.changes, plan.past.records, printed)


def _explained(plan: Plan, revisions: Revisions) -> None:
    """Raise UnexplainedRevisionError where a record is missing, with the cases that lie behind each value."""
    from report_builder.methods.revision_groups import Extracts, group_by_cause, unexplained_problems

    if not revisions.unexplained:
        return
    extracts = Extracts(
        then={d.dataset: d for d in _earlier_deliveries(plan)},
        now={d.dataset: d for d in accepted(check_deliveries(plan))},  # those that were kept have no rows
        method=plan.past.method,
        case_types=tuple(c.id for c in plan.case_types),
        total=plan.settings.total.id,
    )
    groups = group_by_cause(revisions.unexplained, extracts)
    raise UnexplainedRevisionError(unexplained_problems(groups, plan.release.id, revisions.published_in), groups)


def _earlier_deliveries(plan: Plan) -> tuple[Delivery, ...]:
    """The deliveries of the release before; none where they are no longer kept, or no longer meet their contract."""
    before = plan.past.before
    if before is None or before.release not in plan.workspace.releases():
        return ()
    try:
        return accepted(check_deliveries(read_plan(plan.workspace, before.release)))
    except ReportError:  # it is of today's release that faults are told
        return ()


def remarks(plan: Plan, deliveries: Sequence[Delivery], tallies: Mapping[str, MethodTally] | None = None) -> Weighed:
    """The warnings of contracts and methods, with what the release says of them."""
    from report_builder.methods.compute import notices

    return _weighed(plan, deliveries, notices(plan.methods, deliveries, tallies))


def _weighed(plan: Plan, deliveries: Sequence[Delivery], noticed: Iterable[Problem]) -> Weighed:
    from report_builder.deliveries.acceptance import weigh

    found = (*(warning for delivery in deliveries for warning in delivery.warnings), *noticed)
    return weigh(found, deliveries, plan.release, plan.file)


def basis_of(plan: Plan) -> Basis:
    """What the document of ``plan`` is written from, read and computed.

    Raises:
        ReportError: the deliveries do not meet their contracts, or as :func:`release_facts_of`.

    """
    return _basis_from(plan, measurements_of(plan))


def _basis_from(plan: Plan, measured: Measurements) -> Basis:
    weighed = _weighed(plan, measured.deliveries, measured.noticed)
    return Basis(plan=plan, deliveries=measured.deliveries, measured=measured.release_facts, weighed=weighed)


def _basis(plan: Plan, deliveries: Sequence[Delivery], measured: ReleaseFacts) -> Basis:
    weighed = remarks(plan, deliveries, measured.tallies)
    return Basis(plan=plan, deliveries=tuple(deliveries), measured=measured, weighed=weighed)


def write(plan: Plan, deliveries: Sequence[Delivery], measured: ReleaseFacts) -> Composition:
    """The resolved document of a release; raises as :func:`write_from`."""
    return write_from(_basis(plan, deliveries, measured))


Before = Callable[["Plan"], "Version"]
"""Gives the release that a plan's report is compared with."""


def write_from(basis: Basis, before: Before | None = None) -> Composition:
    """The resolved document of a release: drafted, compared with what was published, and filled in.

    ``before`` gives the release that it is compared with, where it is compared with one; else it is found.

    Raises:
        ReportError: every fault of template and content.
        UnexplainedRevisionError: a published value prints differently now, and nothing says why.

    """
    return whats_new(basis, _draft(basis), before or version_before)


def whats_new(basis: Basis, draft: Draft, before: Before) -> Composition:
    """The stage "what is new": the draft with what was revised, and what else is new since the report before.

    Raises as :func:`write_from`.
    """
    from report_builder.narrative.slots import WHATS_NEW
    from report_builder.revisions.compare import compare_versions
    from report_builder.revisions.whats_new import first_of_its_kind, whats_new_blocks

    plan = basis.plan
    with plan.words():
        revisions = _revised(basis, draft)
        written = draft.composition(revisions)
        if not plan.template.model.whats_new:
            return written
        if plan.compared_with:
            now = _version(plan, written.document, written.facts)
            blocks = whats_new_blocks(compare_versions(before(plan), now), revisions.counts)
        else:
            blocks = first_of_its_kind(revisions.counts, _title(plan.before))
        return draft.composition(revisions, {WHATS_NEW: blocks})


def _revised(basis: Basis, draft: Draft) -> Revisions:
    """The list of revised values: what the report prints of it is what its chapters print, and what it lists itself."""
    revisions = revisions_of(basis.plan, draft.facts, draft.printed)
    _explained(basis.plan, revisions)
    return revisions_of(basis.plan, draft.facts, draft.printed | draft.listed(revisions))


def _title(release: Release | None) -> str:
    """What a report of another kind is called where it is named."""
    return f"”{release.subtitle or release.title}”" if release is not None else ""


def version_before(plan: Plan) -> Version:
    """The release that this one is compared with: from its output if that is up to date, else written again.

    Raises:
        ReportError: its data or its content is at fault.

    """
    from report_builder.output.earlier_release import kept_or

    earlier = read_plan(plan.workspace, plan.compared_with)
    return kept_or(earlier, lambda: built_before(plan) or version_to_compare(basis_of(earlier)))


def built_before(plan: Plan) -> Version | None:
    """The release that this one is compared with as its output has it; nothing where that is not up to date."""
    from report_builder.output.versions import as_built

    return as_built(plan.workspace, plan.compared_with)


def version_to_compare(basis: Basis) -> Version:
    """A release as the next one is compared with it: without what is new in it. Raises as :func:`write_from`."""
    draft = _draft(basis)
    with basis.plan.words():
        written = draft.composition(_revised(basis, draft))
    return _version(basis.plan, written.document, written.facts)


def _version(plan: Plan, document: Document, facts: FactSet) -> Version:
    from report_builder.output.versions import version_of_release

    return version_of_release(plan.release, document, facts, tuple(own_inputs_of(plan)))


def _draft(basis: Basis) -> Draft:
    from report_builder.narrative.compose import draft

    plan = basis.plan
    with plan.words():
        return draft(
            workspace=plan.workspace,
            release=plan.release,
            settings=plan.settings,
            case_types=plan.case_types,
            template=plan.template,
            measured=basis.measured,
            past=plan.past,
            methods=plan.methods,
            deliveries=basis.deliveries,
            remarks=basis.weighed.remarks,
        )
