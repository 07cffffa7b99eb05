"""What a written document becomes: its editions, and the records that lie beside them in an output folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from report_builder.catalogue import current, gettext
from report_builder.output.plan import Plan

if TYPE_CHECKING:
    from report_builder.contracts.check import CheckResult
    from report_builder.document.nodes import Document
    from report_builder.editions.attachments import Attachment
    from report_builder.editions.pdf_process import PdfProcess
    from report_builder.editions.resources import Resources
    from report_builder.narrative.compose import Composition


def render_editions(
    plan: Plan,
    composition: Composition,
    facts: bytes,
    progress: Callable[[str], None] = lambda _: None,
    pdf_process: PdfProcess | None = None,
    only: Collection[str] = (),
) -> dict[str, bytes]:
    """The editions of a report, by file name; ``facts`` is the fact file that travels inside the PDF.

    Where ``only`` names some (by extension), those and no others are made; ``xlsx`` stands for the data annex.
    """
    from report_builder.editions import EDITIONS, render_all

    attachments = carried(plan, facts) if plan.settings.archive == "pdf/a-3a" else ()
    resources = _resources(plan, attachments)
    stem = f"{plan.release.kind}-{plan.release.release}"

    def rendering(extension: str) -> None:
        progress(f"Rendering {stem}.{extension}")

    files = render_all(composition.document, resources, rendering, pdf_process, only or EDITIONS)
    if not only or "xlsx" in only:
        files |= spreadsheets(composition, rendering)
    return {f"{stem}.{extension}": data for extension, data in files.items()}


def spreadsheets(composition: Composition, progress: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    """The data annex as spreadsheets, by file name extension."""
    from report_builder.editions.spreadsheet import ods, workbook, xlsx

    progress("xlsx")
    book = workbook(composition.document, {fact.id: fact for fact in composition.facts})
    data = xlsx(book)
    progress("ods")
    return {"xlsx": data, "ods": ods(book)}


def html(plan: Plan, document: Document) -> bytes:
    """The HTML edition alone, as :func:`render_editions` makes it. Raises ReportError as the edition does."""
    from report_builder.editions import EDITIONS

    return EDITIONS["html"](document, _resources(plan))


def _resources(plan: Plan, attachments: tuple[Attachment, ...] = ()) -> Resources:
    from report_builder.editions import Resources
    from report_builder.editions.style_files import own_folder

    return Resources(
        folder=own_folder(plan.workspace.root),
        attachments=attachments,
        cache=plan.workspace.cache,
        language=current().language,
    )


def carried(plan: Plan, facts: bytes) -> tuple[Attachment, ...]:
    """What travels inside the PDF: the facts, and the definition of every method that they are measured by."""
    from report_builder.editions.attachments import Attachment

    described = gettext("The report's figures as a comma-separated file")
    found = [Attachment(name="facts.csv", media_type="text/csv", relation="Data", description=described, data=facts)]
    for measure, version in plan.release.methods.items():
        path = plan.workspace.root / "content" / "methods" / measure / f"{version}.yaml"
        found.append(
            Attachment(
                name=f"{measure}-{version}.yaml",
                media_type="application/yaml",
                relation="Supplement",
                description=gettext(
                    "The measurement method {measure}, version {version}", measure=measure, version=version
                ),
                data=path.read_bytes(),
            )
        )
    return tuple(found)


def records(plan: Plan, composition: Composition, pages: Mapping[str, str]) -> dict[str, bytes]:
    """What lies beside the editions: the document as JSON, the facts, and the validation ``pages`` by dataset."""
    from report_builder.document import store
    from report_builder.facts import factfile
    from report_builder.methods.revision_list import REVISION_FILE, revisions_csv

    files = {"document.json": store.dumps(composition.document), "facts.csv": factfile.facts_csv(composition.facts)}
    files[REVISION_FILE] = revisions_csv(composition.revisions)
    files["facts.sdmx.csv"] = factfile.sdmx_csv(composition.facts, plan.settings.authority.short)
    files |= {f"validation/{dataset}.html": page for dataset, page in pages.items()}
    return {name: text.encode("utf-8") for name, text in files.items()}


def validation_pages(checks: Mapping[str, CheckResult]) -> dict[str, str]:
    """What the contracts had to say, a page for each dataset."""
    from report_builder.contracts.report import html_report

    return {dataset: html_report(check) for dataset, check in checks.items()}
