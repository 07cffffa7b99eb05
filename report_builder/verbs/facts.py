"""The facts of a release: for the command line, and as a DataFrame for analysts (``report_builder.open_workspace``)."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from report_builder.facts.fact import FactSet
    from report_builder.workspace.workspace import Workspace


def computed(workspace: Workspace, release_id: str) -> FactSet:
    """The facts of a release, computed from its metric files.

    Raises:
        ReportError: the release, its data or its content is at fault.

    """
    from report_builder import pipeline
    from report_builder.output.plan import read_plan

    plan = read_plan(workspace, release_id)
    return pipeline.measure(plan, pipeline.accepted(pipeline.check_deliveries(plan)))


@dataclass(frozen=True, slots=True)
class AnalystWorkspace:
    """A workspace as an analyst uses it: nothing in it is ever written."""

    root: Path

    @property
    def releases(self) -> tuple[str, ...]:
        """Every release, as ``<kind>/<release>``."""
        return self._workspace.releases()

    def facts(self, release: str) -> pd.DataFrame:
        """The facts of a release, computed from its metric files: one row a fact, its id as index.

        The columns are those of :func:`report_builder.facts.frame.as_frame`.

        Raises:
            ReportError: there is no such release, or its data or its content is at fault.

        """
        from report_builder.facts.frame import as_frame

        return as_frame(computed(self._workspace, release))

    @property
    def _workspace(self) -> Workspace:
        from report_builder.workspace.workspace import Workspace

        return Workspace(self.root)


def open_workspace(folder: str | PathLike[str] = ".") -> AnalystWorkspace:
    """The workspace in ``folder``.

    Raises:
        ReportError: the folder is no workspace.

    """
    from report_builder.workspace.workspace import require_workspace

    return AnalystWorkspace(require_workspace(Path(folder)).root)


def read_facts(path: str | PathLike[str]) -> pd.DataFrame:
    """The facts of a finished report, from an output folder, or from a published bundle as a folder or a ZIP file.

    The columns are those of :func:`report_builder.facts.frame.as_frame`.

    Raises:
        ReportError: there is no report at ``path``, or a file of it is not the one that was built.

    """
    from report_builder.facts.frame import as_frame
    from report_builder.revisions.version import read_version

    return as_frame(read_version(Path(path)).facts)
