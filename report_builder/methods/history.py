"""What a release is held against: all versions of its measures, recorded changes, and what was published before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from report_builder.facts import ledger
from report_builder.facts.ledger import Ledger
from report_builder.methods.change import Changes, gate, load_changes, load_history
from report_builder.methods.method import Method
from report_builder.methods.revision import RevisionRecord, load_revision_records
from report_builder.problems import raise_errors
from report_builder.workspace.workspace import Workspace
from report_builder.workspace.yamlfile import YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """``history`` has every version of each pinned measure, first to last.

    ``published`` are the ledgers of the releases before, each named as the one before it by the next, the latest last.
    ``records`` say why values print differently in the release itself, and ``record_files`` hold them.
    """

    history: Mapping[str, tuple[Method, ...]]
    changes: Changes
    published: tuple[Ledger, ...] = ()
    records: tuple[RevisionRecord, ...] = ()
    record_files: tuple[YamlFile, ...] = ()

    @property
    def before(self) -> Ledger | None:
        """What the release before published."""
        return self.published[-1] if self.published else None

    def until(self, method: Method) -> tuple[Method, ...]:
        """The versions of a measure from the first one to ``method``: what was known when the release was written."""
        versions = self.history.get(method.measure, (method,))
        known = [m.version for m in versions]
        return tuple(versions[: known.index(method.version) + 1])

    def method(self, method_id: str) -> Method:
        """The version ``<measure>@<version>``; raises KeyError where the workspace has no such version."""
        measure, _, version = method_id.partition("@")
        found = [m for m in self.history.get(measure, ()) if m.version == version]
        if not found:
            raise KeyError(method_id)
        return found[0]


def read_past(
    root: Path, release_id: str, previous: str, methods: Mapping[str, Method], release_file: YamlFile
) -> Past:
    """What ``release_id`` is held against, with the gate passed.

    Raises:
        ReportError: faults of registers, versions or ledgers; a version that was edited after its release; a version
            that took another's place without a change record.

    """
    history = load_history(root, methods)
    changes = load_changes(root, history)
    published = tuple(_chain(root, release_id, previous))
    before = published[-1] if published else None
    ledgers = [ledger.read_ledger(root, r) for r in ledger.releases_with_ledger(root)]
    raise_errors(gate(methods, history, changes, before, ledgers, release_file))
    records, files = load_revision_records(root, release_id)
    return Past(history=history, changes=changes, published=published, records=records, record_files=files)


def _chain(root: Path, release_id: str, previous: str) -> list[Ledger]:
    """The ledgers of the releases before, oldest first; it ends where one names a release that left no ledger.

    Raises:
        ReportError: as :func:`report_builder.facts.ledger.previous_ledger` for the release itself, or the file of an
            earlier release does not fit.

    """
    found: list[Ledger] = []
    at = ledger.previous_ledger(root, release_id, previous)
    workspace, known = Workspace(root), ledger.releases_with_ledger(root)
    while at is not None and at.release not in {release_id, *(one.release for one in found)}:
        found.append(at)
        named = workspace.release(at.release)[0].previous if at.release in workspace.releases() else ""
        at = None if named and named not in known else ledger.previous_ledger(root, at.release, named)
    return found[::-1]
