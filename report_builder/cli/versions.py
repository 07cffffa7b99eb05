"""Verbs about versions: of narrative templates, of measurement methods and of data contracts."""

from __future__ import annotations

from typing import Annotated

import typer

from report_builder.cli.options import HERE, ReleaseArgument, WorkspaceOption, shown_path, workspace_in

templates_app = typer.Typer(help="Compare template versions, and lock a released one.", no_args_is_help=True)
methods_app = typer.Typer(help="Method versions: what they are and how they differ.", no_args_is_help=True)
contracts_app = typer.Typer(help="Data contracts: how their versions differ.", no_args_is_help=True)

MethodArgument = Annotated[str, typer.Argument(metavar="MEASURE@VERSION", help="For example measure@v1.")]


@templates_app.command("diff")
def templates_diff(
    old: Annotated[str, typer.Argument(metavar="KIND@VERSION")],
    new: Annotated[str, typer.Argument(metavar="KIND@VERSION")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Show what moved between two versions: sections, tables, figures, needs, and prose line by line."""
    from report_builder.narrative.template import load_template
    from report_builder.narrative.template_diff import template_differences

    place = workspace_in(workspace)
    lines = tuple(template_differences(load_template(place, old), load_template(place, new)))
    for line in lines or (f"{old} and {new} say the same.",):
        typer.echo(line)


@templates_app.command("lock")
def templates_lock(
    template: Annotated[str, typer.Argument(metavar="KIND@VERSION")],
    release: Annotated[str, typer.Option("--release", help="The final release that it was released with.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Lock a template version: from now on no file of it may be edited."""
    from report_builder.narrative.template_lock import lock as write_lock

    typer.echo(f"Locked {template}: {shown_path(write_lock(workspace_in(workspace), template, release))}.")


@methods_app.command("list")
def methods_list(workspace: WorkspaceOption = HERE) -> None:
    """Every version of every measure, with its fingerprint and the releases that used it."""
    from report_builder.cli.terminal import print_table
    from report_builder.verbs import methods as method_verbs

    headers = ("measure", "version", "valid from", "fingerprint", "released with")
    print_table(headers, method_verbs.listed(workspace_in(workspace)))


@methods_app.command("show")
def methods_show(method: MethodArgument, workspace: WorkspaceOption = HERE) -> None:
    """What a version says, and everything that decides its values."""
    from report_builder.cli.terminal import print_table
    from report_builder.verbs import methods as method_verbs

    print_table(("field", "value"), method_verbs.shown(workspace_in(workspace), method))


@methods_app.command("diff")
def methods_diff(old: MethodArgument, new: MethodArgument, workspace: WorkspaceOption = HERE) -> None:
    """What decides the values and differs between two versions."""
    from report_builder.cli.terminal import print_table
    from report_builder.verbs import methods as method_verbs

    print_table(("field", old, new), method_verbs.differing(workspace_in(workspace), old, new))


@methods_app.command("examples")
def methods_examples(method: MethodArgument, workspace: WorkspaceOption = HERE) -> None:
    """Run the worked examples of a version: what stands on paper, and what the engine answers."""
    from report_builder.cli.terminal import print_table
    from report_builder.problems import raise_errors
    from report_builder.verbs import methods as method_verbs

    rows, problems = method_verbs.rehearsed(workspace_in(workspace), method)
    print_table(("example", "fact", "on paper", "by the engine"), rows)
    raise_errors(problems)


@methods_app.command("bridge")
def methods_bridge(
    release: ReleaseArgument,
    workspace: WorkspaceOption = HERE,
    like: Annotated[str, typer.Option("--like", help="Only facts whose id holds this.", metavar="TEXT")] = "",
) -> None:
    """What a release's changes of method do to its figures: both versions on the same cases."""
    from report_builder.cli.terminal import print_table
    from report_builder.verbs import methods as method_verbs

    headers = ("fact", "old version", "new version", "difference", "per cent")
    print_table(headers, method_verbs.bridged(workspace_in(workspace), release, like))


@contracts_app.command("diff")
def contracts_diff(
    old: Annotated[str, typer.Argument(metavar="DATASET@VERSION")],
    new: Annotated[str, typer.Argument(metavar="DATASET@VERSION")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Tell two versions of a contract apart: what breaks those who read the data, what is added, what changed."""
    from report_builder.cli.terminal import print_table
    from report_builder.contracts.odcs.evolution import contract_differences
    from report_builder.verbs import validate as validation

    place = workspace_in(workspace)
    found = contract_differences(validation.contract_named(place, old), validation.contract_named(place, new))
    if found:
        print_table(("class", "where", "what"), [(d.kind.value, d.where, d.what) for d in found])
    else:
        typer.echo(f"{old} and {new} ask for the same.")
