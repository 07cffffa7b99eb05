"""What the verbs of the command line share: options, and the workspace that they work in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from report_builder.workspace.workspace import Workspace

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder with templates/, content/ and data_contracts/.", metavar="DIR")
]
HERE = Path()


def _releases(context: typer.Context, incomplete: str) -> list[str]:
    """The releases of the workspace, for a shell that completes."""
    from report_builder.workspace.workspace import Workspace

    root = Path(context.params.get("workspace") or HERE)
    return [release for release in Workspace(root.resolve()).releases() if release.startswith(incomplete)]


ReleaseArgument = Annotated[
    str,
    typer.Argument(help="<kind>/<release>, as the folders under content are named.", autocompletion=_releases),
]


def workspace_in(folder: Path) -> Workspace:
    """The workspace in ``folder``, with what a run that was cut off left put right.

    Raises:
        ReportError: the folder is no workspace.

    """
    from report_builder.allowance import allow
    from report_builder.output.folder import put_right
    from report_builder.publishing.journal import recover
    from report_builder.workspace.cache import user_cache
    from report_builder.workspace.workspace import require_workspace

    found = replace(require_workspace(folder), cache=user_cache())
    recover(found.root)
    put_right(found.root / "output")
    allow(found.limits())
    return found


def shown_path(path: Path) -> str:
    """``path`` relative to where the user stands, where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
