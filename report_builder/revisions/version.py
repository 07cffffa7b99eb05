"""A version of a report, read from where a build left it: an output folder, or a zip file with the same files in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.facts import factfile
from report_builder.facts.fact import FactSet
from report_builder.problems import Place, Problem, ReportError

MANIFEST_FORMAT = 1
"""The form of manifest that is read here."""

_LARGEST_BUNDLE = 1_000_000_000
_NEEDED = ("document.json", "facts.csv", "manifest.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """A file that decided an output, as the manifest has it."""

    role: str
    version: str
    file: str
    sha256: str


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
    files: Files = field(repr=False, compare=False)
    finder: Finder = field(default=_nowhere, repr=False, compare=False)

    def content(self, entry: InputRecord) -> bytes | None:
        """What stood in an input, from the version itself or from where inputs are kept; never another file's bytes."""
        for data in (self.files.kept(entry), self.finder(entry)):
            if data is not None and hashlib.sha256(data).hexdigest() == entry.sha256:
                return data
        return None

    def edition(self, extension: str) -> bytes:
        """The edition with this file name extension.

        Raises:
            ReportError: the version holds none, or it is not the file that the manifest tells of.

        """
        name = f"{self.release.replace('/', '-')}.{extension}"
        return self.files.read(name)


class Files:
    """The files of a version by name, each checked against the manifest's checksum when it is read."""

    def __init__(self, name: str, contents: Mapping[str, Path] | Mapping[str, bytes]) -> None:
        self._name = name
        self._contents = contents
        self.sums: dict[str, str] = {}

    def kept(self, entry: InputRecord) -> bytes | None:
        """The copy of an input that lies among the files, if one does."""
        for name in self._contents:
            if name == entry.file or name.endswith(f"/{entry.file}"):
                return self.read(name)
        return None

    def read(self, file: str) -> bytes:
        """The bytes of a file. Raises ReportError where it is missing, cannot be read, or is not the one written."""
        place = Place(file=f"{self._name}/{file}")
        if file not in self._contents:
            hint = "Name a folder or a bundle that a build has written, or build the release again."
            raise ReportError(Problem(code="file-missing", message=f"There is no {file}.", place=place, hint=hint))
        found = self._contents[file]
        try:
            data = found if isinstance(found, bytes) else found.read_bytes()
        except OSError as e:
            message = f"The file cannot be read: {e.strerror or e}."
            raise ReportError(Problem(code="cannot-read", message=message, place=place)) from e
        expected = self.sums.get(file)
        if expected is not None and hashlib.sha256(data).hexdigest() != expected:
            message = "The file is not the one that the build wrote: its checksum differs from the manifest's."
            hint = "Fetch the version anew from where it is kept, or build it again."
            raise ReportError(Problem(code="damaged", message=message, place=place, hint=hint))
        return data


def read_version(path: Path, name: str = "", finder: Finder = _nowhere) -> Version:
    """The version in the folder or zip file at ``path``, called ``name`` in problems.

    ``finder`` looks up what the version was made of where it holds no copy of it.

    Raises:
        ReportError: something is missing, damaged, or of a newer form than this program knows.

    """
    shown = name or str(path)
    return _version(_files(path, shown), shown, finder)


def version_of(files: Mapping[str, bytes], name: str, finder: Finder = _nowhere) -> Version:
    """The version that ``files`` (name → bytes) make, called ``name``; raises as :func:`read_version`."""
    return _version(Files(name, files), name, finder)


def _version(files: Files, shown: str, finder: Finder) -> Version:
    missing = [f for f in _NEEDED if f not in files._contents]
    if missing:
        hint = "Name an output folder such as output/<kind>/<release>, a bundle, or RELEASE@REV."
        message = (
            f"This is no version of a report: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
        )
        raise ReportError(Problem(code="no-version", message=message, place=Place(file=shown), hint=hint))
    manifest = _manifest(files, shown)
    files.sums = {entry["file"]: entry["sha256"] for entry in manifest["outputs"]}
    document = store.loads(files.read("document.json"), f"{shown}/document.json")
    facts = factfile.parse_facts(files.read("facts.csv"), f"{shown}/facts.csv")
    program = manifest["program"]
    return Version(
        name=shown,
        release=manifest["release"],
        status=manifest["status"],
        document=document,
        facts=facts,
        inputs=tuple(
            InputRecord(role=i["role"], version=i["version"], file=i["file"], sha256=i["sha256"])
            for i in manifest["inputs"]
        ),
        program={program["name"]: program["version"], **program["dependencies"]},
        files=files,
        finder=finder,
    )


def _files(path: Path, shown: str) -> Files:
    if path.is_dir():
        return Files(shown, {p.relative_to(path).as_posix(): p for p in sorted(path.rglob("*")) if p.is_file()})
    place = Place(file=shown)
    if not path.exists():
        hint = "Build the release first, or correct the name."
        raise ReportError(
            Problem(code="no-version", message="There is no such folder or file.", place=place, hint=hint)
        )
    try:
        with zipfile.ZipFile(path) as bundle:
            _check_entries(bundle, place)
            names = [i.filename for i in bundle.infolist() if not i.is_dir()]
            manifest = min((PurePosixPath(f) for f in names if PurePosixPath(f).name == "manifest.json"), default=None,
                           key=lambda p: len(p.parts))  # fmt: skip
            top = "" if manifest is None or len(manifest.parts) == 1 else f"{manifest.parent}/"
            return Files(shown, {f.removeprefix(top): bundle.read(f) for f in names if f.startswith(top)})
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as e:
        hint = "Fetch the bundle anew from where it is kept."
        message = f"The file is no bundle, or it is damaged: {e}."
        raise ReportError(Problem(code="damaged", message=message, place=place, hint=hint)) from e


def _check_entries(bundle: zipfile.ZipFile, place: Place) -> None:
    """Refuse a bundle that no build has written: paths that lead out of it, or far more in it than a report."""
    for entry in bundle.infolist():
        parts = PurePosixPath(entry.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in entry.filename:
            message = f"The bundle holds a path that leads out of it: {entry.filename}."
            raise ReportError(Problem(code="unsafe-path", message=message, place=place, hint="Do not use it."))
    size = sum(entry.file_size for entry in bundle.infolist())
    if size > _LARGEST_BUNDLE:
        message = f"The bundle unpacks to {size // 1_000_000} MB, far more than a report."
        raise ReportError(Problem(code="too-large", message=message, place=place, hint="Do not use it."))


def _manifest(files: Files, shown: str) -> dict[str, Any]:
    place = Place(file=f"{shown}/manifest.json")
    try:
        content: dict[str, Any] = json.loads(files.read("manifest.json"))
        found = content["format"]
        _ = content["release"], content["status"], content["program"]["version"], content["program"]["name"]
        _ = content["program"]["dependencies"].items()
        _ = [(e["file"], e["sha256"]) for e in (*content["inputs"], *content["outputs"])]
        _ = [(e["role"], e["version"]) for e in content["inputs"]]
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        message = f"The file is no manifest of a build: {e}."
        raise ReportError(Problem(code="bad-manifest", message=message, place=place)) from e
    if found != MANIFEST_FORMAT:
        hint = "Use the version of the program that wrote it, or a newer one."
        message = f"The manifest has format {found}; this program reads format {MANIFEST_FORMAT}."
        raise ReportError(Problem(code="unknown-format", message=message, place=place, hint=hint))
    return content
