"""The manifest: everything that went into a build and came out of it, by SHA-256 and version; written and read here."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from report_builder import __version__
from report_builder.problems import Place, Problem, ReportError

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
"""Version of the manifest's form: the one that is written, and the only one that is read."""

DEPENDENCIES = (
    "altair", "babel", "duckdb", "ibis-framework", "jinja2", "markdown-it-py", "mdit-py-plugins", "openpyxl",
    "pandas", "pydantic", "pydyf", "pyphen", "python-docx", "pyyaml", "vl-convert-python", "weasyprint",
)  # fmt: skip
"""The packages that have a say in what the outputs hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that decides an output: its role, the version it is pinned as, its name in the workspace, where it is."""

    role: str
    version: str
    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """An input as the manifest lists it; ``kept`` says whether a bundle holds a copy of it."""

    role: str
    version: str
    file: str
    sha256: str
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputEntry:
    """An output as the manifest lists it; ``size`` in bytes, 0 where the manifest of a build leaves it out."""

    file: str
    sha256: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program that built the output; ``python`` is empty in the manifest of a mere build."""

    name: str
    version: str
    dependencies: Mapping[str, str]
    python: str = ""

    @property
    def versions(self) -> dict[str, str]:
        """The program and its dependencies, name → version."""
        return {self.name: self.version, **self.dependencies}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEntry:
    """What the manifest of a published bundle says of it: name, version, day, and what the page of its series needs."""

    name: str
    version: int
    published: str
    compared_with: str | None
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest that has been read; ``bundle`` is there for what was published."""

    release: str
    status: str
    program: Program
    inputs: tuple[InputRecord, ...]
    outputs: tuple[OutputEntry, ...]
    bundle: BundleEntry | None = field(default=None)

    @property
    def sums(self) -> dict[str, str]:
        """The checksum of every output, by name."""
        return {entry.file: entry.sha256 for entry in self.outputs}


def bundle_entry(manifest: Manifest) -> BundleEntry:
    """What a manifest says of its bundle. Raises ReportError where it is the manifest of a mere build."""
    if manifest.bundle is None:
        message = f"The manifest is that of a build of {manifest.release}, not of a published bundle."
        raise ReportError(Problem(code="bad-manifest", message=message, place=Place(file=MANIFEST)))
    return manifest.bundle


def write_manifest(release: str, status: str, inputs: Iterable[InputFile], outputs: Mapping[str, bytes]) -> bytes:
    """The manifest of a build as JSON with sorted keys; it names every output but itself."""
    from importlib.metadata import version

    content = {
        "format": MANIFEST_FORMAT,
        "release": release,
        "status": status,
        "program": {
            "name": "report_builder",
            "version": __version__,
            "dependencies": {name: version(name) for name in DEPENDENCIES},
        },
        "inputs": [
            {"role": i.role, "version": i.version, "file": i.name, "sha256": sha256(i.path.read_bytes())}
            for i in inputs
        ],
        "outputs": [{"file": name, "sha256": sha256(data)} for name, data in sorted(outputs.items())],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def read_manifest(data: bytes, place: Place) -> Manifest:
    """The manifest in ``data``.

    Raises:
        ReportError: it is no manifest, or of a form that this program does not read.

    """
    try:
        content = json.loads(data)
        found = content["format"]
        if found == MANIFEST_FORMAT:
            return _inside(_manifest(content), place)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as e:
        message = f"The file is no manifest of a build: {type(e).__name__}: {e}."
        hint = "Fetch the folder or the bundle again from where it is kept, or build it again."
        raise ReportError(Problem(code="bad-manifest", message=message, place=place, hint=hint)) from e
    hint = "Use the version of the program that wrote it, or a newer one."
    message = f"The manifest has format {found}; this program reads format {MANIFEST_FORMAT}."
    raise ReportError(Problem(code="unknown-format", message=message, place=place, hint=hint))


def _inside(manifest: Manifest, place: Place) -> Manifest:
    """The manifest, if no path in it leads out of the folder that it describes."""
    for file in (*(i.file for i in manifest.inputs), *(o.file for o in manifest.outputs)):
        path = posixpath.normpath(file)
        if path.startswith(("/", "..")) or "\\" in path or "\0" in path or re.match("[A-Za-z]:", path):
            message = f"The path {file!r} leads out of the folder."
            hint = "Do not use it: this program writes no such manifest."
            raise ReportError(Problem(code="unsafe-path", message=message, place=place, hint=hint))
    return manifest


def _manifest(content: Mapping[str, Any]) -> Manifest:
    program = content["program"]
    return Manifest(
        release=_text(content["release"]),
        status=_text(content["status"]),
        program=Program(
            name=_text(program["name"]),
            version=_text(program["version"]),
            dependencies={_text(name): _text(version) for name, version in program["dependencies"].items()},
            python=_text(program.get("python", "")),
        ),
        inputs=tuple(
            InputRecord(
                role=_text(e["role"]),
                version=_text(e["version"]),
                file=_text(e["file"]),
                sha256=_text(e["sha256"]),
                kept=e.get("kept") is True,
            )
            for e in content["inputs"]
        ),
        outputs=tuple(
            OutputEntry(file=_text(e["file"]), sha256=_text(e["sha256"]), size=int(e.get("bytes", 0)))
            for e in content["outputs"]
        ),
        bundle=_bundle(content["bundle"]) if content.get("bundle") is not None else None,
    )


def _bundle(content: Mapping[str, Any]) -> BundleEntry:
    before = content["compared_with"]
    return BundleEntry(
        name=_text(content["name"]),
        version=int(content["version"]),
        published=_text(content["published"]),
        compared_with=None if before is None else _text(before),
        about=dict(content["about"].items()),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def sha256(data: bytes) -> str:
    """The checksum as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
