"""A bundle's files, to a ZIP and back: the same files give the same bytes, and no byte of it can change unseen.

The comment at the end of the ZIP seals what stands before it with its SHA-256: the checksums of the single files say
nothing of the bytes between them.
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

from report_builder.problems import Place, Problem, ReportError

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP can tell of; every file has it, since the clock has no say."""

_END = 22
"""Bytes of the record at a ZIP's end, the comment left out."""

_SEAL = 64
_MOST = 4 * 1024**3
"""No bundle is larger unpacked; what claims to be is not unpacked at all."""


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files in a ZIP under ``folder/``, by name, sealed in the comment."""
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


def read(path: Path) -> dict[str, bytes]:
    """Every file of the folder or ZIP at ``path``, by its name inside.

    Raises:
        ReportError: there is nothing there, a name leads out of it, it holds links, or the ZIP is not as it was packed.

    """
    try:
        return _folder(path) if path.is_dir() else unpacked(path.read_bytes(), str(path))
    except FileNotFoundError as e:
        hint = "Name the folder or the ZIP that was published, or the output of a build."
        raise _refused("no-output", path, "There is no such folder or file.", hint) from e
    except OSError as e:
        raise _refused("cannot-read", path, f"It cannot be read: {e.strerror or e}.") from e


def _folder(path: Path) -> dict[str, bytes]:
    found = sorted(path.rglob("*"))
    links = [p.relative_to(path).as_posix() for p in found if p.is_symlink()]
    if links:
        hint = "Fetch the bundle anew: files in it are files, and never point elsewhere."
        raise _refused("link-in-bundle", path, f"It holds links: {', '.join(links)}.", hint)
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in found if p.is_file()}


def unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """The files of a packed bundle by name, its own folder taken off; ``name`` is what people call it.

    Raises:
        ReportError: as :func:`read`.

    """
    hint = "Fetch the bundle anew from where it is kept, and do not pack it with another program."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            for fault in _unsafe(entries):
                raise _refused("unsafe-path", name, fault, "Do not unpack this file. " + hint)
            if len(archive.comment) != _SEAL or archive.comment != _seal(data):
                message = "The ZIP is not as it was packed: its seal and its bytes differ."
                raise _refused("broken-seal", name, message, hint)
            if sum(e.file_size for e in entries) > _MOST:
                raise _refused("too-large", name, "The ZIP claims to hold more than any bundle does.", hint)
            files = {e.filename: archive.read(e) for e in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, KeyError) as e:
        raise _refused("damaged", name, f"The file is no bundle, or it is damaged: {e}.", hint) from e
    tops = {PurePosixPath(file).parts[0] for file in files}
    if len(tops) != 1 or any("/" not in file for file in files):
        raise _refused("damaged", name, "The ZIP does not hold one folder with everything in it.", hint)
    return {file.partition("/")[2]: content for file, content in files.items()}


def _unsafe(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What makes a ZIP dangerous to unpack: names that climb out, links, and one name twice."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not is_inside(name):
            yield f"The path {name!r} climbs out of the ZIP."
        elif kind not in (0, stat.S_IFREG):
            yield f"{name} is no plain file."
        elif name in seen:
            yield f"{name} stands twice."
        seen.add(name)


def is_inside(name: str) -> bool:
    """Whether a name stays in the folder that it is unpacked to, on every system."""
    parts = name.split("/")
    plain = "\\" not in name and "\0" not in name and not re.match(r"[A-Za-z]:", name)
    return plain and all(part not in ("", ".", "..") for part in parts)


def _refused(code: str, path: Path | str, message: str, hint: str = "") -> ReportError:
    return ReportError(Problem(code=code, message=message, place=Place(file=str(path)), hint=hint))
