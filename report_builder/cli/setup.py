"""Verbs for whoever sets things up: a new workspace, the computer, the editor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from report_builder.cli.options import HERE, WorkspaceOption, workspace_in

if TYPE_CHECKING:
    from report_builder.workspace.workspace import Workspace


def doctor(workspace: WorkspaceOption = HERE) -> None:
    """Check that this computer has what the program needs, and say what to do about what is missing."""
    from report_builder.verbs.doctor import findings

    sound = True
    for finding in findings(_perhaps(workspace)):
        mark = "ok     " if finding.well else "missing" if finding.required else "without"
        typer.echo(f"{mark} {finding.name}: {finding.found}")
        if not finding.well:
            typer.echo(f"        {finding.mend}")
        sound &= finding.well or not finding.required
    typer.echo(
        "Reports can be built here." if sound else "Reports cannot be built here until what is missing is there."
    )
    if not sound:
        raise typer.Exit(1)


def _perhaps(folder: Path) -> Workspace | None:
    """The workspace in ``folder``, if it is one."""
    from report_builder.workspace.workspace import Workspace

    root = folder.resolve()
    return Workspace(root) if (root / "content" / "workspace.yaml").is_file() else None


def schema(
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="Only print the schema of this kind of file.")] = "",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write JSON schemas of every YAML file, and settings by which VS Code completes and checks by them."""
    from report_builder.verbs import schema as schemas

    place = workspace_in(workspace)
    if kind:
        typer.echo(schemas.schema_of(place, kind), nl=False)
        return
    for name in schemas.write_schemas(place):
        typer.echo(f"Wrote {name}")
