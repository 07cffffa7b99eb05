"""ZIP and gzip: the one file that an archive holds, unpacked beside nothing and with a bound on its size."""

from __future__ import annotations

import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from report_builder.allowance import allowed
from report_builder.contracts.words import Words, words
from report_builder.workspace.scratch import scratch_folder

ARCHIVES = frozenset({".zip", ".gz"})
_MOST_BYTES = 1 << 33
"""No metric file is larger unpacked; a small archive may unfold to less (see :mod:`report_builder.allowance`)."""
_CHUNK = 1 << 20
BROKEN_ARCHIVE = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError,
    RuntimeError, ValueError, OverflowError,
)  # fmt: skip
"""What the readers of archives raise where an archive is cut off, spoilt, encrypted or packed in an unknown way."""
_CUT = words("The archive cannot be unpacked: it is cut off, damaged or locked with a password.")
_TOO_LARGE = words("The archive is too large when unpacked.")


class _Packed(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """The file to read: the delivered one, or what its archive held (``note`` says so); ``fault`` is why there is none.

    The path of what an archive held is good only inside the ``with`` of :func:`unpacked`.
    """

    path: Path
    note: Words | None = None
    fault: Words | None = None


@contextmanager
def unpacked(path: Path, readable: frozenset[str]) -> Iterator[Unpacked]:
    """``path`` itself, or the file in the archive that it is; ``readable`` are the suffixes that there are readers for.

    Raises OSError where the file cannot be opened.
    """
    suffix = path.suffix.casefold()
    if suffix not in ARCHIVES:
        yield Unpacked(path=path)
        return
    with scratch_folder() as folder:
        yield _unpack_zip(path, folder, readable) if suffix == ".zip" else _unpack_gzip(path, folder)


def _unpack_gzip(path: Path, folder: Path) -> Unpacked:
    target = folder / path.stem
    try:
        with gzip.open(path) as packed:
            return _copied(packed, path.stem, path, target)
    except BROKEN_ARCHIVE:
        return Unpacked(path=path, fault=_CUT)


def _unpack_zip(path: Path, folder: Path, readable: frozenset[str]) -> Unpacked:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if _is_content(n, readable)]
            if len(names) != 1:
                found = ", ".join(names) or "-"
                fault = words(
                    "The archive should hold one file to read and holds {count}: {names}.",
                    count=len(names), names=found,
                )  # fmt: skip
                return Unpacked(path=path, fault=fault)
            with archive.open(names[0]) as packed:
                return _copied(packed, names[0], path, folder / f"content{PurePosixPath(names[0]).suffix}")
    except BROKEN_ARCHIVE:
        return Unpacked(path=path, fault=_CUT)


def _is_content(name: str, readable: frozenset[str]) -> bool:
    """Whether an entry is a file to read, and not a folder or what a Mac adds of its own."""
    inner = PurePosixPath(name)
    hidden = inner.name.startswith(".") or inner.parts[:1] == ("__MACOSX",)
    return not hidden and not name.endswith("/") and inner.suffix.casefold() in readable


def _copied(packed: _Packed, name: str, path: Path, target: Path) -> Unpacked:
    """The file that stands in the archive at ``path``, unpacked to ``target``."""
    most = min(_MOST_BYTES, allowed().for_data(path.stat().st_size).memory)
    size = 0
    with target.open("wb") as out:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > most:
                return Unpacked(path=target, fault=_TOO_LARGE)
            out.write(chunk)
    return Unpacked(path=target, note=words("{name} was unpacked.", name=name))
