"""The command line: verbs and exit codes. What is done lies in the rooms below.

Exit codes: 0 done, 1 the input or the content is at fault, 2 wrong usage, 3 our fault. ``compare`` answers as diff
does: 0 no difference, 1 different, 2 the versions cannot be compared (or wrong usage), 3 our fault.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from report_builder.cli.log import log_end, log_fault, start_log
from report_builder.cli.options import HERE, ReleaseArgument, WorkspaceOption, shown_path, workspace_in
from report_builder.cli.preview import preview
from report_builder.cli.publishing import publish, rebuild, verify
from report_builder.cli.setup import doctor, init, schema
from report_builder.cli.supervisor import supervise
from report_builder.cli.versions import contracts_app, methods_app, templates_app
from report_builder.problems import ReportError
from report_builder.verbs.validate import FailOn

app = typer.Typer(
    name="report-builder",
    help="Builds an authority's periodic reports: every number traceable, every method change shown.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the help as plain text: to load what draws boxes around it takes longer than all else
)
app.add_typer(templates_app, name="templates")
app.add_typer(methods_app, name="methods")
app.add_typer(contracts_app, name="contracts")
for verb in (preview, publish, verify, rebuild, init, doctor, schema):
    app.command()(verb)


def _print_version(wanted: bool) -> None:
    if wanted:
        from report_builder import __version__

        typer.echo(f"report-builder {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", callback=_print_version, is_eager=True)
    ] = False,
    log: Annotated[
        Path | None, typer.Option("--log", metavar="FILE", help="Add what is done, and every problem, to this file.")
    ] = None,
) -> None:
    """What may stand before a verb."""
    if log is not None:
        start_log(log)


_DAY = ["%Y-%m-%d"]


class OutputFormat(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class ValidationFormat(StrEnum):
    """How the answer of ``validate`` is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    JUNIT = "junit"
    SARIF = "sarif"


@app.command()
def build(
    release: ReleaseArgument,
    workspace: WorkspaceOption = HERE,
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing has changed.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="The same, without what earlier builds have kept.")] = False,
    only: Annotated[
        str,
        typer.Option("--only", metavar="pdf,word,html,annex", help="Only these, in a folder of their own."),
    ] = "",
) -> None:
    """Build a release as PDF, Word and HTML, with its facts and manifest."""
    from report_builder.cli.terminal import print_problems, progress
    from report_builder.verbs import build as verb

    with progress() as step:
        built = verb.build(workspace_in(workspace), release, step, force=force, fresh=fresh, only=_editions(only))
    print_problems(built.warnings)
    if built.unchanged:
        word, remark = "Unchanged", " Nothing that it is made of has changed; --force builds it anyway."
    else:
        word, remark = "Built", ""
    typer.echo(f"{word} {built.release} in {shown_path(built.folder)}: {', '.join(built.editions)}.{remark}")


_EXTENSIONS = {"pdf": "pdf", "word": "docx", "html": "html", "annex": "xlsx"}
"""What an edition is called on the command line → its extension."""


def _editions(text: str) -> tuple[str, ...]:
    """The extensions of the editions that ``--only`` names; wrong usage where it names another."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in _EXTENSIONS]:
        raise typer.BadParameter(f"there is no edition {', '.join(unknown)}; write some of {','.join(_EXTENSIONS)}")
    return tuple(_EXTENSIONS[name] for name in dict.fromkeys(names))


@app.command()
def validate(
    file: Annotated[Path, typer.Argument(help="A metric file: CSV, XLSX, Parquet or JSON lines, ZIP or gzip of one.")],
    contract: Annotated[str, typer.Option("--contract", "-c", metavar="DATASET@VERSION", help="Contract to meet.")],
    workspace: WorkspaceOption = HERE,
    schema_object: Annotated[str, typer.Option("--object", help="Which file of the dataset; else by its header.")] = "",
    form: Annotated[ValidationFormat, typer.Option("--format", help="Where not text: written to standard output.")] = (
        ValidationFormat.TEXT
    ),
    as_of: Annotated[datetime | None, typer.Option("--as-of", help="Last day that it covers.", formats=_DAY)] = None,
    since: Annotated[datetime | None, typer.Option("--since", help="First day that it covers.", formats=_DAY)] = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="File of the delivery before.", metavar="FILE")
    ] = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="Least severity that gives exit code 1.")] = FailOn.ERROR,
    rows_to: Annotated[
        Path | None, typer.Option("--rows-to", help="CSV file for every row at fault.", metavar="FILE")
    ] = None,
) -> None:
    """Check one metric file against its data contract."""
    from report_builder.cli.terminal import print_problems
    from report_builder.verbs import validate as validation

    first, last = (day.date() if day else None for day in (since, as_of))
    place = workspace_in(workspace)
    days = {"since": first, "as_of": last}
    answer = validation.validate(
        place, file, contract, schema_object, **days, previous=previous, fail_on=fail_on, rows_to=rows_to
    )
    if form is ValidationFormat.TEXT:
        for note in answer.notes:
            typer.echo(f"note  {note}", err=True)
        print_problems(answer.problems, outcome="")
        typer.echo(answer.summary)
    else:
        written = {
            ValidationFormat.HTML: answer.html,
            ValidationFormat.JSON: answer.json,
            ValidationFormat.JUNIT: answer.junit,
            ValidationFormat.SARIF: answer.sarif,
        }
        typer.echo(written[form](), nl=False)
    if not answer.accepted:
        raise typer.Exit(1)


@app.command("import-review")
def import_review(
    file: Annotated[Path, typer.Argument(metavar="FILE.docx", help="The Word edition as it came back.")],
    workspace: WorkspaceOption = HERE,
    release: Annotated[str, typer.Option("--release", metavar="RELEASE", help="Else as the file says.")] = "",
    form: Annotated[OutputFormat, typer.Option("--format", help="Where not text: written to standard output.")] = (
        OutputFormat.TEXT
    ),
) -> None:
    """List the comments and changes in a reviewed Word file; nothing is changed in the content."""
    from report_builder.cli.terminal import print_problems
    from report_builder.verbs import import_review as reviewing

    reading = reviewing.import_review(workspace_in(workspace), file, release)
    print_problems(reading.warnings)
    forms = {OutputFormat.TEXT: reading.text, OutputFormat.JSON: reading.json, OutputFormat.HTML: reading.html}
    typer.echo(forms[form]())


@app.command()
def facts(
    release: ReleaseArgument,
    workspace: WorkspaceOption = HERE,
    like: Annotated[str, typer.Option("--like", help="Only facts whose id holds this.", metavar="TEXT")] = "",
) -> None:
    """List the facts of a release, computed again from its metric files."""
    from report_builder.cli.terminal import print_table
    from report_builder.verbs.facts import computed

    found = computed(workspace_in(workspace), release)
    headers = ("fact", "value", "unit", "status", "method", "example")
    rows = (
        (f.id, "" if f.value is None else f"{f.value.normalize():f}", f.unit, f.status.value, f.method,
         "example" if f.example else "")
        for f in found
        if like in f.id
    )  # fmt: skip
    print_table(headers, rows)


@app.command()
def trace(
    release: ReleaseArgument,
    fact_id: Annotated[str, typer.Argument(metavar="FACT_ID", help="A fact's id, or a figure as it is printed.")],
    workspace: WorkspaceOption = HERE,
    rows: Annotated[int, typer.Option("--rows", help="How many of the fact's rows to show.", min=0)] = 10,
) -> None:
    """Tell where a number comes from: places in the report, method, contract, file, rows."""
    from report_builder.verbs import trace as tracing

    for line in tracing.trace(workspace_in(workspace), release, fact_id, rows):
        typer.echo(line)


@app.command()
def new(
    release: ReleaseArgument,
    source: Annotated[str, typer.Option("--from", metavar="RELEASE", help="The release to start from.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Start a release from an earlier one, and list what is left to write."""
    from report_builder.verbs import new as rollforward

    for line in rollforward.start(workspace_in(workspace), release, source):
        typer.echo(line)


@app.command()
def check(workspace: WorkspaceOption = HERE) -> None:
    """Check the workspace: every contract, method, template, register and release."""
    from report_builder.cli.terminal import print_problems
    from report_builder.verbs import check as workspace_check

    found = workspace_check.check(workspace_in(workspace))
    print_problems(found.problems, outcome="")
    typer.echo(found.summary)
    if found.faulty:
        raise typer.Exit(1)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Output folder, bundle, RELEASE@REV, or RELEASE as built.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    workspace: WorkspaceOption = HERE,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page for reviewers.")] = None,
    word: Annotated[
        Path | None, typer.Option("--word", metavar="FILE", help="Write Word with tracked changes.")
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every change as JSON.")] = None,
    cover_note: Annotated[
        Path | None,
        typer.Option("--cover-note", metavar="FILE", help="Draft a missiv: Word if *.docx, else text."),
    ] = None,
    pages: Annotated[
        Path | None, typer.Option("--pages", metavar="FILE", help="Write the PDFs' pages side by side.")
    ] = None,
) -> None:
    """Tell what changed between two versions of a report, in which layer, and why.

    Exit codes are those of diff: 0 no difference, 1 different, 2 the versions cannot be compared.
    """
    from report_builder.cli.terminal import print_problems, progress
    from report_builder.revisions.terminal_text import terminal_lines
    from report_builder.verbs import compare as comparison

    outputs = comparison.Outputs(page=html, word=word, json=json, cover_note=cover_note, pages=pages)
    try:
        with progress() as step:
            found = comparison.compare(workspace.resolve(), old, new, outputs, step)
    except ReportError as e:
        print_problems(e.problems)
        raise typer.Exit(2) from e
    for line in terminal_lines(found):
        typer.echo(line)
    if found.changes:
        raise typer.Exit(1)


@app.command("ledger")
def record_ledger(release: ReleaseArgument, workspace: WorkspaceOption = HERE) -> None:
    """Write down what a release publishes, for later releases to be held against."""
    from report_builder.verbs import methods as method_verbs

    typer.echo(f"Recorded in {method_verbs.recorded(workspace_in(workspace), release)}.")


@app.command("example-data")
def example_data(
    calibration: Annotated[Path, typer.Argument(help="The YAML file that the generator is calibrated by.")],
    folder: Annotated[Path, typer.Argument(help="Where the made-up metric files go.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Day of the extract.", metavar="YYYY-MM-DD")] = "",
    first_day: Annotated[str, typer.Option("--from", help="Day it tells from.", metavar="YYYY-MM-DD")] = "",
) -> None:
    """Make example metric files from a calibration; the same file gives the same bytes."""
    from report_builder.example import generate

    typer.echo(str(generate(calibration, folder, as_of=_day(as_of), first_day=_day(first_day))))


def _day(text: str) -> Any:
    """The date that an option gives, or ``None``; what is no date is wrong usage."""
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError as e:
        raise typer.BadParameter(f"{text} is not a date; write 2026-04-30") from e


_COLLECT_SELDOM = (100_000, 50, 100)
"""A run makes large trees and ends soon: looking for garbage among them took a seventh of a build."""


def main() -> None:
    """Run the program; a fault of ours ends with exit code 3 and no half output."""
    gc.set_threshold(*_COLLECT_SELDOM)
    supervise(_work)


def _work() -> NoReturn:
    code = _run()
    log_end(code)
    _leave(code)


def _run() -> int:
    try:
        app()
    except SystemExit as e:  # Typer itself ends wrong usage with 2, and an interrupted run with 1
        return e.code if isinstance(e.code, int) else int(e.code is not None)
    except ReportError as e:
        from report_builder.cli.terminal import print_problems

        print_problems(e.problems)
        return 1
    except OSError as e:
        if e.errno not in _OF_THE_SYSTEM:
            return _our_fault(e)
        typer.echo(_not_ours(e), err=True)
        return 1
    except Exception as e:  # noqa: BLE001 (the outermost edge: everything else that goes wrong is our fault)
        return _our_fault(e)
    return 0


_OF_THE_SYSTEM = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
    }
)
"""Why a file cannot be read or written that neither the program nor the content can help: a full disk, no right to."""


def _not_ours(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return (
        f"The system refuses to read or write{where}: {error.strerror}.\n"
        "See that there is room on the disk (and in the folder for temporary files) and that you have the right to."
    )


def _leave(code: int) -> NoReturn:
    """End at once: to take apart all that a run has loaded takes longer than most answers."""
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError as e:
        typer.echo(f"Not all could be written to standard output: {e.strerror}.", err=True)
        code = code or 1
    sys.stderr.flush()
    os._exit(code)


def _our_fault(error: Exception) -> int:
    import traceback

    log_fault(error)
    if os.environ.get("REPORT_BUILDER_DEBUG"):
        traceback.print_exception(error)
    typer.echo(
        f"This is a fault in report-builder, not in your files: {type(error).__name__}: {error}\n"
        "Nothing was built. Run again with REPORT_BUILDER_DEBUG=1 and send us what it prints.",
        err=True,
    )
    return 3


if __name__ == "__main__":
    main()
