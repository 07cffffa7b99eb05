"""An output folder or a published bundle, opened: its files, each held to the manifest, and of a bundle its seals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.packages.archive import is_bundle, read_files
from report_builder.packages.manifest import MANIFEST, InputRecord, Manifest, read_manifest, sha256
from report_builder.packages.signature import signature_problems
from report_builder.packages.sums import checksum_problems
from report_builder.problems import Place, Problem, ReportError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

INPUTS = "inputs"
"""The folder of a bundle in which its inputs lie, by their names in the workspace."""

_NEEDED = ("document.json", "facts.csv", MANIFEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFiles:
    """The files of an output or a bundle called ``name``, each checked against its checksum when it is read.

    ``sums`` are the checksums that the manifest names; a file that it does not name is read as it is.
    """

    name: str
    contents: Mapping[str, bytes]
    sums: Mapping[str, str] = field(default_factory=dict)

    def copy_of(self, entry: InputRecord) -> bytes | None:
        """The copy of an input that lies in a bundle, if one does."""
        file = f"{INPUTS}/{entry.file}"
        return self.read(file) if file in self.contents else None

    def read(self, file: str) -> bytes:
        """The bytes of a file. Raises ReportError where it is missing or is not the one that the manifest names."""
        place = Place(file=f"{self.name}/{file}")
        if file not in self.contents:
            hint = "Name a folder or a bundle that a build has written, or build the release again."
            raise ReportError(Problem(code="file-missing", message=f"There is no {file}.", place=place, hint=hint))
        data = self.contents[file]
        if file in self.sums and sha256(data) != self.sums[file]:
            message = "The file is not the one that the build wrote: its checksum differs from the manifest's."
            hint = "Fetch the version again from where it is kept, or build it again."
            raise ReportError(Problem(code="damaged", message=message, place=place, hint=hint))
        return data


def open_output(path: Path, shown: str = "") -> tuple[OutputFiles, Manifest]:
    """The output folder or the bundle (folder or ZIP) at ``path``, called ``shown`` in problems, with its manifest.

    A bundle is opened only if it is what was published: its seal, its checksums and its signature, if it has one.

    Raises:
        ReportError: something is missing, damaged, changed since it was published, or of a form that is not read here.

    """
    shown = shown or str(path)
    contents = read_files(path, shown)
    if is_bundle(contents) and (broken := tuple(seal_problems(contents, None))):
        raise ReportError(broken)
    return output_of(contents, shown)


def output_of(contents: Mapping[str, bytes], shown: str) -> tuple[OutputFiles, Manifest]:
    """The output that ``contents`` (name → bytes) make; raises as :func:`open_output`."""
    missing = [file for file in _NEEDED if file not in contents]
    if missing:
        hint = "Name an output folder such as output/<kind>/<release>, or a published bundle."
        are = "is" if len(missing) == 1 else "are"
        message = f"This is no version of a report: {', '.join(missing)} {are} missing."
        raise ReportError(Problem(code="no-version", message=message, place=Place(file=shown), hint=hint))
    manifest = read_manifest(contents[MANIFEST], Place(file=f"{shown}/{MANIFEST}"))
    return OutputFiles(name=shown, contents=contents, sums=manifest.sums), manifest


def seal_problems(files: Mapping[str, bytes], key: Ed25519PublicKey | None) -> Iterator[Problem]:
    """What is wrong with the checksums and the signature of a bundle; where ``key`` is given, it must have signed.

    Raises:
        ReportError: there is no list of checksums to go by.

    """
    yield from signature_problems(files, key)
    yield from checksum_problems(files)
