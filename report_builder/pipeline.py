"""The whole path, from metric files to a finished output folder, readable from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report_builder.output.plan import Plan, inputs_of, own_inputs_of, read_plan
from report_builder.output.rendering import records, render_editions
from report_builder.periods import Period
from report_builder.problems import Problem, raise_errors, whole
from report_builder.workspace.workspace import DeliveryPin

if TYPE_CHECKING:
    from report_builder.contracts.check import CheckResult
    from report_builder.contracts.context import DeliveryContext
    from report_builder.deliveries.acceptance import Weighed
    from report_builder.deliveries.delivery import Delivery
    from report_builder.document.nodes import Block, Document
    from report_builder.facts.fact import FactSet
    from report_builder.methods.release_facts import Account
    from report_builder.methods.tally import MethodTally
    from report_builder.narrative.compose import Composition, News
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
    account: Account
    weighed: Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A release made in memory: its document and facts, every file of its output by name, and the warnings."""

    composition: Composition
    account: Account
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
    return Made(composition=composition, account=basis.account, files=files, warnings=warnings)


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
    return Made(composition=composition, account=basis.account, files=files, warnings=warnings)


def measurements_of(plan: Plan, progress: Progress = lambda _: None) -> Measurements:
    """The deliveries of ``plan`` checked and measured: as they were kept, else now.

    Raises:
        ReportError: the deliveries do not meet their contracts, or as :func:`account_for`.

    """
    from report_builder.methods.compute import notices
    from report_builder.output.kept_measurements import Measurements, measured_or
    from report_builder.output.rendering import validation_pages

    def measure() -> Measurements:
        progress("Checking the deliveries against their contracts")
        checks = check_deliveries(plan)
        deliveries = accepted(checks)
        progress("Computing the facts")
        account = account_for(plan, deliveries)
        noticed = notices(plan.methods, deliveries, account.tallies)
        return Measurements(deliveries=deliveries, account=account, noticed=noticed, pages=validation_pages(checks))

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
    """The facts of a release; see :func:`account_for`."""
    return account_for(plan, deliveries).facts


def account_for(plan: Plan, deliveries: Sequence[Delivery]) -> Account:
    """The facts of a release with every change of method and every revision accounted for.

    Raises:
        ReportError: a method cannot be applied, the stock–flow identity does not hold somewhere, a change has no
            common period to be bridged in, or a published value is otherwise now and nothing says why.

    """
    from report_builder.methods.release_facts import Ground, account

    periods = plan.release.periods
    ground = Ground(
        deliveries=deliveries,
        case_types=tuple(c.id for c in plan.case_types),
        years=periods.years,
        total=plan.settings.total.id,
        tertial=periods.tertial,
    )
    with plan.words():
        return account(plan.methods, plan.past, ground, plan.release.id)


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
        ReportError: the deliveries do not meet their contracts, or as :func:`account_for`.

    """
    return _basis_from(plan, measurements_of(plan))


def _basis_from(plan: Plan, measured: Measurements) -> Basis:
    weighed = _weighed(plan, measured.deliveries, measured.noticed)
    return Basis(plan=plan, deliveries=measured.deliveries, account=measured.account, weighed=weighed)


def _basis(plan: Plan, deliveries: Sequence[Delivery], account: Account) -> Basis:
    weighed = remarks(plan, deliveries, account.tallies)
    return Basis(plan=plan, deliveries=tuple(deliveries), account=account, weighed=weighed)


def write(plan: Plan, deliveries: Sequence[Delivery], account: Account) -> Composition:
    """The resolved document of a release; raises as :func:`write_from`."""
    return write_from(_basis(plan, deliveries, account))


def write_from(basis: Basis, before: Callable[[Plan], Version] | None = None) -> Composition:
    """The resolved document of a release.

    ``before`` gives the release that it is told against, where it is told against one; else it is found.

    Raises:
        ReportError: every fault of template and content.

    """
    plan = basis.plan

    def news(document: Document, facts: FactSet) -> tuple[Block, ...]:
        from report_builder.output.whats_new import since

        return since((before or before_of)(plan), _version(plan, document, facts))

    return _composed(basis, news if plan.told_against else None)


def before_of(plan: Plan) -> Version:
    """The release that this one is told against: as it was kept or built, else written again.

    Raises:
        ReportError: its data or its content is at fault.

    """
    from report_builder.output.earlier_release import kept_or

    earlier = read_plan(plan.workspace, plan.told_against)
    return kept_or(earlier, lambda: built_before(plan) or untold(basis_of(earlier)))


def built_before(plan: Plan) -> Version | None:
    """The release that this one is told against as its output has it; nothing where that is not up to date."""
    from report_builder.output.whats_new import as_built

    return as_built(plan.workspace, plan.told_against)


def untold(basis: Basis) -> Version:
    """A release as it is compared with the next: written, without what is new in it. Raises as :func:`write_from`."""
    written = _composed(basis)
    return _version(basis.plan, written.document, written.facts)


def _version(plan: Plan, document: Document, facts: FactSet) -> Version:
    from report_builder.output.whats_new import as_written

    return as_written(plan.release, document, facts, tuple(own_inputs_of(plan)))


def _composed(basis: Basis, news: News | None = None) -> Composition:
    from report_builder.narrative.compose import compose

    plan = basis.plan
    with plan.words():
        return compose(
            workspace=plan.workspace,
            release=plan.release,
            settings=plan.settings,
            case_types=plan.case_types,
            template=plan.template,
            account=basis.account,
            past=plan.past,
            methods=plan.methods,
            deliveries=basis.deliveries,
            remarks=basis.weighed.remarks,
            news=news,
        )
