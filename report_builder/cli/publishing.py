"""The commands about what leaves the house: publishing, reading back, building again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from report_builder.cli.options import HERE, ReleaseArgument, WorkspaceOption, shown_path, workspace_in
from report_builder.problems import ReportError

BundleArgument = Annotated[Path, typer.Argument(help="A published folder or its ZIP.", metavar="BUNDLE")]


def publish(
    release: ReleaseArgument,
    workspace: WorkspaceOption = HERE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what the gate asks for, and what fails.")
    ] = False,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Sign with this private key (Ed25519, PEM).")
    ] = None,
    with_deliveries: Annotated[
        bool, typer.Option("--with-deliveries", help="Put every metric file in, for a bundle that stays in the house.")
    ] = False,
) -> None:
    """Publish a final release: through the gate, into a bundle that can be checked and built again."""
    from report_builder.cli.terminal import print_problems, progress
    from report_builder.verbs import publish as publication

    place = workspace_in(workspace)
    if dry_run:
        with progress() as step:
            checked = publication.take_to_gate(place, release, step)
        for condition in checked.conditions:
            mark = "ok " if condition.met else "?  " if condition.unknown else "no "
            typer.echo(f"{mark} {condition.name}")
        print_problems(checked.problems, outcome=" before it can be published")
        if not checked.passed:
            raise typer.Exit(1)
        typer.echo(f"{release} can be published as {checked.release.bundle}.")
        return
    try:
        with progress() as step:
            done = publication.publish(place, release, step, key=key, deliveries=with_deliveries)
    except ReportError as e:
        print_problems(e.problems, outcome="; nothing was published")
        raise typer.Exit(1) from e
    typer.echo(f"Published {shown_path(done.folder)} ({done.files} files) and {done.archive.name}.")
    typer.echo(f"Recorded in {shown_path(done.ledger)}: commit it.")
    typer.echo(f"Signed with the key {done.fingerprint}." if done.fingerprint else "Not signed: no --key was given.")
    for name in done.withheld:
        typer.echo(f"Left out, since its contract does not call all of it public: {name}")


def verify(
    output: Annotated[
        Path,
        typer.Argument(
            help="A folder that a build made, a published bundle or its ZIP, or one PDF, Word or HTML file."
        ),
    ],
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="The publisher's public key (PEM): it must have signed."),
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Read a finished PDF, Word and HTML back and match every number to its fact; of a bundle, check every byte.

    A single file is held against the report in the workspace that it is an edition of.
    """
    from report_builder.cli.terminal import print_problems
    from report_builder.packages.signature import public_key
    from report_builder.verifying.returned import is_edition, verify_returned
    from report_builder.verifying.verify import verify as read_back

    if is_edition(output) and key is None:
        found = verify_returned(output, workspace.resolve())
    else:
        found = read_back(output, public_key(key) if key is not None else None)
    print_problems(found.problems, outcome="")
    typer.echo(found.summary)
    if found.problems:
        raise typer.Exit(1)


def rebuild(bundle: BundleArgument, workspace: WorkspaceOption = HERE) -> None:
    """Build a bundle again from the inputs that it holds, and say whether the same comes out.

    What was left out of the bundle is taken from the workspace, if the very same file is there.
    """
    from report_builder.cli.terminal import progress
    from report_builder.verbs import rebuild as rebuilding

    with progress() as step:
        done = rebuilding.rebuild(bundle, workspace.resolve(), step)
    for line in done.lines():
        typer.echo(line)
    if done.differing:
        raise typer.Exit(1)
