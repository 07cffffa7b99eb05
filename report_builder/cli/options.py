"""What the verbs of the command line share: options, and the workspace that they work in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from report_builder.problems import ReportError

if TYPE_CHECKING:
    from report_builder.workspace.workspace import Workspace

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder with templates/, content/ and data_contracts/.", metavar="DIR")
]
ReleaseArgument = Annotated[str, typer.Argument(help="<kind>/<release>, as the folders under content are named.")]
HERE = Path()


def open_workspace(folder: Path) -> Workspace:
    """The workspace in ``folder``, a publication that was cut off put right; raises ReportError where it is none."""
    from report_builder.problems import Place, Problem
    from report_builder.publishing.journal import recover
    from report_builder.workspace.workspace import Workspace

    root = folder.resolve()
    if not (root / "content" / "workspace.yaml").is_file():
        message = "This folder is not a workspace: content/workspace.yaml is missing."
        hint = "Go to the workspace, or name it with --workspace DIR."
        raise ReportError(Problem(code="no-workspace", message=message, place=Place(file=str(folder)), hint=hint))
    recover(root)
    return Workspace(root)


def shown_path(path: Path) -> str:
    """``path`` relative to where the user stands, where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
