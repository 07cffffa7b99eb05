"""Whether a build would give what lies there already: a stamp of everything that a build can read, kept beside it.

The stamp is taken of whole folders, without reading any file for what it says. A file more than a release needs only
means that it is built once more, to the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from report_builder.packages.manifest import DEPENDENCIES, sha256

_FOLDERS = ("content", "data_contracts", "templates")
_PROGRAM = Path(__file__).resolve().parents[1]


def stamp(root: Path) -> str:
    """The stamp of the workspace ``root`` and of this program, its Python and the packages that have a say."""
    digest = hashlib.sha256()
    for words in _lines(root):
        digest.update(words.encode() + b"\n")
    return digest.hexdigest()


def _lines(root: Path) -> Iterator[str]:
    yield sys.version
    for name in DEPENDENCIES:
        yield f"{name} {version(name)}"
    for folder in (*(root / name for name in _FOLDERS), _PROGRAM):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            yield f"{path.relative_to(folder.parent).as_posix()} {sha256(path.read_bytes())}"


def keep(folder: Path, taken: str) -> None:
    """Note that the output ``folder`` was built under the stamp ``taken``.

    Where that cannot be written the next build only does its work again: an older note is of another manifest.
    """
    with suppress(OSError):
        content = {"stamp": taken, "manifest": sha256((folder / "manifest.json").read_bytes())}
        _file(folder).write_text(json.dumps(content) + "\n", encoding="utf-8")


def still_true(root: Path, folder: Path, taken: str) -> tuple[str, ...] | None:
    """The files of the output ``folder``, if it was built under the stamp ``taken`` and is whole; else nothing.

    What it was made of outside the folders of a stamp (a release may name metric files that lie anywhere) is held
    against its manifest.
    """
    try:
        kept = json.loads(_file(folder).read_text(encoding="utf-8"))
        manifest = (folder / "manifest.json").read_bytes()
        if kept != {"stamp": taken, "manifest": sha256(manifest)}:
            return None
        records = json.loads(manifest)
        listed = {entry["file"]: entry["sha256"] for entry in records["outputs"]}
        found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        intact = all(sha256((folder / name).read_bytes()) == digest for name, digest in listed.items())
        intact &= all(sha256(path.read_bytes()) == digest for path, digest in _elsewhere(root, records["inputs"]))
    except (OSError, ValueError):
        return None
    names = {*listed, "manifest.json"}
    return tuple(sorted(names)) if intact and found == names else None


def _elsewhere(root: Path, inputs: Sequence[Mapping[str, str]]) -> Iterator[tuple[Path, str]]:
    """The inputs of a manifest that no stamp covers, with their checksums."""
    for entry in inputs:
        path = (root / entry["file"]).resolve()
        if not any(path.is_relative_to((root / name).resolve()) for name in _FOLDERS):
            yield path, entry["sha256"]


def _file(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.stamp")
