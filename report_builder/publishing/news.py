"""What is new since the report before, told by comparing that one, as it was built, with the one being written."""

from __future__ import annotations

from collections.abc import Iterable

from report_builder.document import nodes as n
from report_builder.facts import FactSet
from report_builder.problems import Place, Problem, ReportError
from report_builder.publishing.manifest import Input, sha256
from report_builder.revisions import news, version
from report_builder.revisions.compare import compare
from report_builder.workspace import Release, Workspace


def since_previous(
    workspace: Workspace, release: Release, document: n.Document, facts: FactSet, inputs: Iterable[Input]
) -> tuple[n.Block, ...]:
    """What is new in ``document`` since the release that ``release`` names as its previous one.

    Raises:
        ReportError: the previous release has not been built, is damaged, or is of another kind.

    """
    folder = workspace.output_dir(release.previous)
    if not folder.is_dir():
        message = f"The template tells what is new since {release.previous}, but that release has not been built."
        hint = f"Run first: report-builder build {release.previous}."
        place = Place(file=f"content/{release.id}/release.yaml")
        raise ReportError(Problem(code="previous-not-built", message=message, place=place, hint=hint))
    before = version.read_version(folder, workspace.shown(folder))
    found = tuple(
        version.Input(role=i.role, version=i.version, file=i.name, sha256=sha256(i.path.read_bytes())) for i in inputs
    )
    after = version.Version(
        name=release.id,
        release=release.id,
        status=release.status,
        document=document,
        facts=facts,
        inputs=found,
        program=before.program,  # another program that says the same is no news to a reader
        files=version.Files(release.id, {}),
    )
    return news.blocks(compare(before, after))
