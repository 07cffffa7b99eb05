"""Verbs for whoever sets things up: a new workspace, the computer, the editor."""

from __future__ import annotations

import sys
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


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    starter: Annotated[str, typer.Option("--starter", help="handlaggningstider, uppföljning or allman.")] = "",
    authority: Annotated[str, typer.Option("--authority", help="The authority's name.")] = "",
    short: Annotated[str, typer.Option("--short", help="Its short name.")] = "",
    web: Annotated[str, typer.Option("--web", help="Its web address.")] = "",
    primary: Annotated[str, typer.Option("--primary", help="Its colour, as #1d4f7c.")] = "",
    accent: Annotated[str, typer.Option("--accent", help="Its second colour.")] = "",
    category: Annotated[
        list[str] | None, typer.Option("--category", help="What figures are divided by; once for each.")
    ] = None,
    font: Annotated[
        Path | None, typer.Option("--font", metavar="FOLDER", help="TrueType files in place of the program's font.")
    ] = None,
) -> None:
    """Make a workspace with an example that can be built at once. On a terminal, what is not given is asked for."""
    from report_builder.verbs import init as begin

    chosen = begin.starter_named(
        starter or _asked(f"Starter ({', '.join(s.name for s in begin.starters())})", "allman")
    )
    usual = ", ".join(chosen.categories)
    given = category or _asked("Categories that figures are divided by, with commas between", usual).split(",")
    answers = begin.Answers(
        authority=authority or _asked("Authority", "Exempelmyndigheten"),
        short=short or _asked("Short name", "EM"),
        web=web or _asked("Web address", "www.example.se"),
        primary=primary or _asked("Colour", "#1d4f7c"),
        accent=accent or _asked("Second colour", "#8a3d0c"),
        categories=tuple(name.strip() for name in given if name.strip()),
        font=font,
    )
    started = begin.init(folder, chosen, answers)
    typer.echo(f"Made a workspace of {started.files} files in {folder}. All figures in it are made up.")
    typer.echo(f"Build it: report-builder build {started.release} --workspace {folder}")


def _asked(question: str, usual: str) -> str:
    """The answer of the person at the terminal; the usual one where there is none."""
    return str(typer.prompt(question, default=usual)) if sys.stdin.isatty() else usual
