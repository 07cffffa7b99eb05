"""The manifest: everything that went into a build and came out of it, by SHA-256 and version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from report_builder import __version__

FORMAT = 1
"""Version of the manifest's form."""

DEPENDENCIES = (
    "altair", "babel", "duckdb", "ibis-framework", "jinja2", "markdown-it-py", "mdit-py-plugins", "openpyxl",
    "pandas", "pydantic", "pydyf", "pyphen", "python-docx", "pyyaml", "vl-convert-python", "weasyprint",
)  # fmt: skip
"""The packages that have a say in what the outputs hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file that decides an output: its role, the version it is pinned as, and its name in the workspace."""

    role: str
    version: str
    name: str
    path: Path


def manifest(release: str, status: str, inputs: Iterable[Input], outputs: Mapping[str, bytes]) -> bytes:
    """The manifest as JSON with sorted keys; it names every output but itself."""
    from importlib.metadata import version

    content = {
        "format": FORMAT,
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


def sha256(data: bytes) -> str:
    """The checksum as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
