"""A release as something to be compared with another: as its output has it, or as it has just been written."""

from __future__ import annotations

from collections.abc import Iterable

from report_builder.document import nodes as n
from report_builder.facts.fact import FactSet
from report_builder.output.folder import undisturbed
from report_builder.output.stamp import stamp, still_true
from report_builder.packages.bundles import OutputFiles
from report_builder.packages.manifest import InputFile, InputRecord, sha256
from report_builder.revisions import version
from report_builder.workspace.workspace import Release, Workspace


def as_built(workspace: Workspace, release_id: str) -> version.Version | None:
    """The release as its output folder has it, if that is what a build would give today; else nothing."""
    folder = workspace.output_dir(release_id)
    with undisturbed(folder):
        if still_true(workspace.root, folder, stamp(workspace.root)) is None:
            return None
        return version.read_version(folder, workspace.shown(folder))


def version_of_release(
    release: Release, document: n.Document, facts: FactSet, inputs: Iterable[InputFile]
) -> version.Version:
    """A release that has been written but not built."""
    own = [i for i in inputs if i.role not in ("previous", "previous-metrics")]
    paths = {i.name: i.path for i in own}
    found = tuple(
        InputRecord(role=i.role, version=i.version, file=i.name, sha256=sha256(i.path.read_bytes())) for i in own
    )
    return version.Version(
        name=release.id,
        release=release.id,
        status=release.status,
        document=document,
        facts=facts,
        inputs=found,
        program={},
        files=OutputFiles(name=release.id, contents={}),
        finder=lambda entry: paths[entry.file].read_bytes() if entry.file in paths else None,
    )
