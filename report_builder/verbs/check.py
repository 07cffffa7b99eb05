"""Checking a workspace as a whole, without building anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.problems import Problem, ReportError, Severity
from report_builder.workspace.workspace import Workspace

if TYPE_CHECKING:
    from report_builder.output.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceVerdict:
    """What was looked at, and what was found."""

    problems: tuple[Problem, ...]
    looked_at: tuple[str, ...]

    @property
    def faulty(self) -> bool:
        """Whether anything found is an error."""
        return any(p.severity is Severity.ERROR for p in self.problems)

    @property
    def summary(self) -> str:
        """One line for the terminal."""
        if self.faulty:
            return "The workspace has faults."
        return f"The workspace is in order: {', '.join(self.looked_at)}."


def check(workspace: Workspace) -> WorkspaceVerdict:
    """Read every contract, method, template, register and release of the workspace."""
    from report_builder.contracts.odcs.evolution import release_faults
    from report_builder.narrative.checks import needed_facts
    from report_builder.output.plan import read_plan
    from report_builder.problems import Gather

    gather = Gather()
    settings = gather(workspace.settings)
    if settings is not None:
        gather(lambda: workspace.case_types(settings))
    root = workspace.root
    contracts = sorted((root / "data_contracts").glob("*/*.yaml"))
    for path in contracts:
        gather(lambda path=path: _contract(root, path))  # type: ignore[misc]
    gather.add(release_faults(root))
    methods = sorted(p for p in (root / "content" / "methods").glob("*/v*.yaml") if "." not in p.stem)
    for path in methods:
        gather(lambda path=path: _method(root, path))  # type: ignore[misc]
    templates = sorted((root / "templates").glob("*/v*/template.yaml"))
    for path in templates:
        gather.add(gather(lambda path=path: _template(workspace, path)) or ())  # type: ignore[misc]
    registers = sorted((root / "content" / "registers").glob("*.yaml"))
    for path in registers:
        gather(lambda path=path: workspace.register(path.stem))  # type: ignore[misc]
    for release in workspace.releases():
        for path in sorted((workspace.release_dir(release) / "registers").glob("*.yaml")):
            gather(lambda path=path, release=release: workspace.register(path.stem, release))  # type: ignore[misc]
        plan = gather(lambda release=release: read_plan(workspace, release))  # type: ignore[misc]
        if plan is not None:
            gather.add(gather(lambda plan=plan: _reviews(plan)) or ())  # type: ignore[misc]
            gather.add(
                needed_facts.needed_fact_problems(
                    plan.template, plan.methods, {p.parent.name for p in methods}, workspace
                )
            )
        gather.add(_sections(workspace, release))
    gather.add(gather(lambda: tuple(_language(workspace))) or ())
    counts = {
        "contract": contracts, "method version": methods, "template": templates, "register": registers,
        "release": workspace.releases(),
    }  # fmt: skip
    looked_at = tuple(f"{len(found)} {name}{'' if len(found) == 1 else 's'}" for name, found in counts.items())
    return WorkspaceVerdict(problems=tuple(gather.problems), looked_at=looked_at)


def _reviews(plan: Plan) -> tuple[Problem, ...]:
    """Rows of registers that lack an owner, and for a draft those that nobody has looked at since."""
    from report_builder.narrative.checks.ownership import review_problems

    found = review_problems(plan.workspace, plan.release, plan.template.model.registers)
    return tuple(p for p in found if plan.release.status == "draft" or p.severity is Severity.ERROR)


def _contract(root: Path, path: Path) -> None:
    from report_builder.contracts.odcs.load import load_contract

    load_contract(root, path.parent.name, path.stem)


def _method(root: Path, path: Path) -> None:
    """Read one version among the other measures' newest (a method may name their statistics), and its examples."""
    from report_builder.methods.examples import load_examples
    from report_builder.methods.load import load_methods, versions

    measures = {p.parent.name for p in (root / "content" / "methods").glob("*/v*.yaml")}
    pins = {measure: versions(root, measure)[-1] for measure in sorted(measures)}
    try:
        load_examples(root, load_methods(root, {**pins, path.parent.name: path.stem})[path.parent.name])
    except ReportError as e:
        own = path.relative_to(root).with_suffix("").as_posix()
        problems = [p for p in e.problems if p.place is not None and p.place.file.startswith(own)]
        if problems:
            raise ReportError(problems) from e


def _language(workspace: Workspace) -> Iterator[Problem]:
    """Remarks on the language of templates that may still be edited, and of the sections of drafts."""
    from report_builder.narrative.checks.language import definitions, load_language
    from report_builder.narrative.checks.prose_check import without_expressions
    from report_builder.narrative.template_lock import is_locked

    language = load_language(workspace)
    if language is None:
        return
    for folder in sorted(p.parent for p in (workspace.root / "templates").glob("*/v*/template.yaml")):
        if not is_locked(folder):
            files = sorted(folder.glob("*.md.j2"))
            texts = [without_expressions(path.read_text(encoding="utf-8")) for path in files]
            defined = frozenset(short for text in texts for short in definitions(text))
            for path, text in zip(files, texts, strict=True):
                yield from language.remarks(text, workspace.shown(path), defined)
    for path in sorted((workspace.root / "content").glob("*/*/sections/*.md")):
        yield from language.remarks(path.read_text(encoding="utf-8"), workspace.shown(path))


def _sections(workspace: Workspace, release_id: str) -> Iterator[Problem]:
    from report_builder.narrative.checks import prose_check

    for path in sorted((workspace.release_dir(release_id) / "sections").glob("*.md")):
        yield from prose_check.section_problems(path, workspace)


def _template(workspace: Workspace, path: Path) -> tuple[Problem, ...]:
    from report_builder.narrative.chapters.coverage import load_demands
    from report_builder.narrative.checks import prose_check
    from report_builder.narrative.fill import Filler
    from report_builder.narrative.template import load_template

    template = load_template(workspace, f"{path.parent.parent.name}@{path.parent.name}")
    filler = Filler(template.folder, workspace.shown)
    syntax = [p for prose in sorted(template.folder.glob("*.j2")) for p in filler.syntax(prose.name)]
    if syntax:
        raise ReportError(syntax)
    if template.model.coverage:
        load_demands(workspace, template.model.coverage)
    return tuple(prose_check.template_problems(template, workspace))
