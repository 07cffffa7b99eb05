"""The files of a folder or a ZIP, read with bounds; and a bundle's files packed so that no byte can change unseen.

The comment at the end of the ZIP of a bundle seals what stands before it with its SHA-256: the checksums of the single
files say nothing of the bytes between them.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from report_builder.allowance import regular, watched
from report_builder.packages.manifest import MANIFEST
from report_builder.packages.sums import SIGNATURE, SUMS
from report_builder.problems import Place, Problem, ReportError

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP can hold; every file has it, so that the bytes do not depend on the clock."""

COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How files in a ZIP may be compressed: as this program, Word and common programs do it."""

_SEAL = 64
_MOST = 4 * 1024**3
_MOST_FILES = 50_000
"""No bundle is larger unpacked, or has more files; what claims to be is not unpacked at all."""

_FETCH = "Fetch the bundle again from where it is kept, and do not pack it with another program."


def pack(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files in a ZIP under ``folder/``, by name, sealed in the comment: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name], compresslevel=9)
        archive.comment = b"0" * _SEAL  # its length is among the bytes that are sealed
    data = buffer.getvalue()
    return data[:-_SEAL] + _seal(data)


def _seal(data: bytes) -> bytes:
    return hashlib.sha256(data[:-_SEAL]).hexdigest().encode()


def is_bundle(files: Mapping[str, bytes]) -> bool:
    """Whether the files are those of a bundle, and not the output of a build; a damaged bundle counts as one."""
    return bool(files.keys() & {SUMS, SIGNATURE}) or b'"bundle":' in files.get(MANIFEST, b"")


def read_files(path: Path, shown: str = "") -> dict[str, bytes]:
    """Every file of the folder or ZIP at ``path``, by its name inside; ``shown`` is what people call it.

    Raises:
        ReportError: there is nothing there, a name leads out of it, it holds links, or the ZIP is damaged.

    """
    shown = shown or str(path)
    try:
        with watched(shown):
            return _folder(path, shown) if path.is_dir() else unpack(regular(path).read_bytes(), shown)
    except FileNotFoundError as e:
        hint = "Name the folder or the ZIP that was published, or the output of a build."
        raise _refused("no-output", shown, "There is no such folder or file.", hint) from e
    except OSError as e:
        raise _refused("cannot-read", shown, f"It cannot be read: {e.strerror or e}.") from e


def _folder(path: Path, shown: str) -> dict[str, bytes]:
    found = sorted(path.rglob("*"))
    links = [p.relative_to(path).as_posix() for p in found if p.is_symlink()]
    if links:
        hint = "Fetch the bundle again: files in it are files, and never point elsewhere."
        raise _refused("link-in-bundle", shown, f"It holds links: {', '.join(links)}.", hint)
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in found if p.is_file()}


def unpack(data: bytes, name: str) -> dict[str, bytes]:
    """The files of a ZIP by name, the folder that holds them all taken off; ``name`` is what people call the ZIP.

    The ZIP of a bundle must be as :func:`pack` made it. A folder that a build wrote may be packed by any program.

    Raises:
        ReportError: as :func:`read_files`.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_folder(entry)]
            for fault in _unsafe(entries):
                raise _refused("unsafe-path", name, fault, "Do not unpack this file. " + _FETCH)
            if sum(e.file_size for e in entries) > _MOST or len(entries) > _MOST_FILES:
                raise _refused("too-large", name, "The ZIP claims to hold more than any bundle does.", _FETCH)
            if odd := [e.filename for e in entries if e.compress_type not in COMPRESSIONS]:
                raise _refused("damaged", name, f"{odd[0]} is compressed in a way that no bundle uses.", _FETCH)
            comment = archive.comment
            files = {e.filename: archive.read(e) for e in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, KeyError) as e:
        raise _refused("damaged", name, f"The file is no bundle, or it is damaged: {e}.", _FETCH) from e
    if (comment or _is_sealed(files)) and comment != _seal(data):
        message = "The ZIP is not as it was packed: its seal and its bytes differ."
        raise _refused("broken-seal", name, message, _FETCH)
    return _without_top(files)


def _is_sealed(files: Mapping[str, bytes]) -> bool:
    """Whether the ZIP must have a seal: it holds what only a bundle holds, in whatever folder."""
    last = {name.rpartition("/")[2]: data for name, data in files.items()}
    return is_bundle(last)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.orig_filename.endswith("/") and not entry.file_size and is_inside(entry.orig_filename[:-1])


def _without_top(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their names in the one folder that holds all of them, where there is one."""
    tops = {PurePosixPath(file).parts[0] for file in files}
    if len(tops) != 1 or any("/" not in file for file in files):
        return dict(files)
    return {file.partition("/")[2]: content for file, content in files.items()}


def _unsafe(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What makes a ZIP dangerous to unpack: names that lead out of it, links, and two files of one name."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not is_inside(name):
            yield f"The path {name!r} leads out of the ZIP."
        elif kind not in (0, stat.S_IFREG):
            yield f"{name} is no plain file."
        elif name in seen:
            yield f"{name} is there more than once."
        seen.add(name)


def is_inside(name: str) -> bool:
    """Whether a name stays in the folder that it is unpacked to, on every system."""
    parts = name.split("/")
    plain = "\\" not in name and "\0" not in name and not re.match(r"[A-Za-z]:", name)
    return plain and all(part not in ("", ".", "..") for part in parts)


def _refused(code: str, shown: str, message: str, hint: str = "") -> ReportError:
    return ReportError(Problem(code=code, message=message, place=Place(file=shown), hint=hint))
