"""What the commission demands, and where the report answers: the coverage matrix and its gaps.

A demand names, for each kind of report, the headings that answer it. The matrix is laid out while the prose is filled
and settled when the whole document stands: only then is it known which headings there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.document.walk import transformed, walk
from report_builder.narrative.fill import plain_data
from report_builder.problems import Problem, Severity, nearest
from report_builder.workspace.workspace import Release, Workspace
from report_builder.workspace.yamlfile import Model, YamlFile, read

TABLE_ID = "tab-uppdraget"


class Demand(Model):
    """A row of the register. ``avsnitt`` names headings by kind of report, ``senare`` where a later answer is given."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    krav: str
    grund: str
    avsnitt: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    senare: dict[str, str] = Field(default_factory=dict)
    kommentar: str = ""

    def concerns(self, kind: str) -> bool:
        """Whether a report of this kind has to say something about the demand."""
        return kind in self.avsnitt or kind in self.senare


class CoverageRegister(Model):
    """The register of what the commission demands."""

    rows: tuple[Demand, ...] = Field(min_length=1)


def load_demands(workspace: Workspace, register: str, release_id: str = "") -> tuple[tuple[Demand, ...], YamlFile]:
    """The register of demands (the release's own, if it has one). Raises ReportError where a row does not fit."""
    path = workspace.register_path(register, release_id)
    model, file = read(path, workspace.shown(path), CoverageRegister)
    return model.rows, file


def matrix(demands: Sequence[Demand], kind: str, caption: str) -> n.Table:
    """The demands that concern this kind of report, each with references to what answers it."""
    headers = (
        ("krav", gettext("The commission requires"), 7),
        ("svar", gettext("Answered in"), 5),
        ("kommentar", gettext("Comment"), 6),
    )
    rows = (
        n.Row(cells=(plain_data(demand.krav), _answers(demand, kind), plain_data(demand.kommentar)))
        for demand in demands
        if demand.concerns(kind)
    )
    return n.Table(
        id=TABLE_ID,
        caption=plain_data(caption),
        columns=tuple(n.Column(id=name, header=plain_data(label), width=width) for name, label, width in headers),
        rows=tuple(rows),
    )


def _answers(demand: Demand, kind: str) -> tuple[n.Inline, ...]:
    found: list[n.Inline] = []
    for target in demand.avsnitt.get(kind, ()):
        found += [n.Text(text=", "), n.CrossRef(target=target)] if found else [n.CrossRef(target=target)]
    return tuple(found) or plain_data(demand.senare.get(kind) or gettext("Not answered yet"))


def settle(blocks: tuple[n.Block, ...]) -> tuple[n.Block, ...]:
    """The blocks with the matrix's references to headings that do not exist taken out; :func:`gaps` describes them."""
    known = {node.id for node in walk(blocks) if isinstance(node, n.Heading)}

    def kept(node: Any) -> Any:
        if not isinstance(node, n.Table) or node.id != TABLE_ID:
            return node
        rows = tuple(
            dataclasses.replace(r, cells=(r.cells[0], _known(r.cells[1], known), *r.cells[2:])) for r in node.rows
        )
        return dataclasses.replace(node, rows=rows)

    return transformed(blocks, kept)


def _known(content: tuple[n.Inline, ...], known: set[str]) -> tuple[n.Inline, ...]:
    references = [i for i in content if isinstance(i, n.CrossRef)]
    if not references:
        return content
    left: list[n.Inline] = []
    for reference in references:
        if reference.target in known:
            left += [n.Text(text=", "), reference] if left else [reference]
    return tuple(left) or plain_data(gettext("Not answered yet"))


def gaps(demands: Sequence[Demand], file: YamlFile, release: Release, blocks: tuple[n.Block, ...]) -> Iterator[Problem]:
    """Demands that no heading of the report answers: errors in a final release, warnings in a draft."""
    severity = Severity.ERROR if release.status == "final" else Severity.WARNING
    known = {node.id for node in walk(blocks) if isinstance(node, n.Heading)}
    for i, demand in enumerate(demands):
        if release.kind not in demand.avsnitt:
            continue
        named = demand.avsnitt[release.kind]
        place = file.place("rows", i, "avsnitt", release.kind)
        for target in named:
            if target not in known:
                message = f"The demand {demand.id} is answered under {target}, and the report has no such heading."
                hint = nearest(target, known)
                yield Problem(code="coverage-gap", message=message, place=place, hint=hint, severity=severity)
        if not named:
            message = f"The report answers the demand {demand.id} nowhere: {demand.krav}."
            hint = "Name the headings that answer it, or say under senare where the answer will be given."
            yield Problem(code="coverage-gap", message=message, place=place, hint=hint, severity=severity)
