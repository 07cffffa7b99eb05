"""A version of a report, read from where a build left it: an output folder, or a published bundle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.facts import factfile
from report_builder.facts.fact import FactSet
from report_builder.methods.revision import RevisionCounts
from report_builder.methods.revision_list import REVISION_FILE, parse_revision_counts
from report_builder.packages.bundles import OutputFiles, open_output, output_of
from report_builder.packages.manifest import InputRecord, Manifest, sha256

Finder = Callable[[InputRecord], bytes | None]
"""Looks up an input of a build by its name and checksum; ``None`` where nobody has kept it."""


def _nowhere(_: InputRecord) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a report: its document, its facts, and what it was made of.

    ``files`` opens the other files of the version (the editions) by name, ``finder`` what the version was made of.
    """

    name: str
    release: str
    status: str
    document: n.Document
    facts: FactSet
    inputs: tuple[InputRecord, ...]
    program: Mapping[str, str]
    files: OutputFiles = field(repr=False, compare=False)
    finder: Finder = field(default=_nowhere, repr=False, compare=False)

    def content(self, entry: InputRecord) -> bytes | None:
        """What stood in an input, from the version itself or from where inputs are kept; never another file's bytes."""
        for data in (self.files.copy_of(entry), self.finder(entry)):
            if data is not None and sha256(data) == entry.sha256:
                return data
        return None

    def revised(self) -> RevisionCounts:
        """How many published values are not the same in the version, by its own list; none where it has no list.

        Raises:
            ReportError: the list is not the one that was written, or none at all.

        """
        if REVISION_FILE not in self.files.contents:
            return RevisionCounts()
        return parse_revision_counts(self.files.read(REVISION_FILE), REVISION_FILE)

    def edition(self, extension: str) -> bytes:
        """The edition with this file name extension.

        Raises:
            ReportError: the version holds none, or it is not the file that the manifest names.

        """
        name = f"{self.release.replace('/', '-')}.{extension}"
        return self.files.read(name)


def read_version(path: Path, name: str = "", finder: Finder = _nowhere) -> Version:
    """The version in the output folder or the bundle at ``path``, called ``name`` in problems.

    ``finder`` looks up what the version was made of where it holds no copy of it.

    Raises:
        ReportError: something is missing, damaged, changed since it was published, or of a newer form.

    """
    return _version(open_output(path, name), finder)


def version_of(files: Mapping[str, bytes], name: str, finder: Finder = _nowhere) -> Version:
    """The version that ``files`` (name → bytes) make, called ``name``; raises as :func:`read_version`."""
    return _version(output_of(files, name), finder)


def _version(opened: tuple[OutputFiles, Manifest], finder: Finder) -> Version:
    files, manifest = opened
    return Version(
        name=files.name,
        release=manifest.release,
        status=manifest.status,
        document=store.loads(files.read("document.json"), f"{files.name}/document.json"),
        facts=factfile.parse_facts(files.read("facts.csv"), f"{files.name}/facts.csv"),
        inputs=manifest.inputs,
        program=manifest.program.versions,
        files=files,
        finder=finder,
    )
