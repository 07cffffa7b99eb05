"""What is kept between runs in the user's own cache folder: entries that can be lost at any time and never be wrong.

An entry is found by the SHA-256 of everything that it was computed from (:func:`key`), this program and the packages
that it uses among it, and so belongs to no workspace and no release. It carries a checksum of its key and its content:
one that was cut short, altered or moved to another name is not found. Whoever asks for an entry has to be able to
compute it: a run without any cache gives the same answers, later.

A checksum does not stop somebody who counts it again, so the owner and the mode decide whom to trust: a folder or an
entry that is another user's, that others can write to, or that is a link is not used. Whoever can write as the user can
change the program too.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LARGEST_FOLDER = 512 * 1024 * 1024
"""Bytes that all entries may take together; beyond that the ones that were not used for longest go."""

LARGEST_ENTRY = 64 * 1024 * 1024
"""A larger entry is not kept."""

_AN_HOUR = 3600.0
_CHECKSUM = hashlib.sha256().digest_size
_PACKAGE = Path(__file__).resolve().parents[1]
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK | getattr(os, "O_BINARY", 0)
_OLD = os.O_RDONLY | _NO_LINK | getattr(os, "O_BINARY", 0)

PACKAGES = (
    "altair", "babel", "brotli", "duckdb", "fonttools", "ibis-framework", "jinja2", "markdown-it-py", "mdit-py-plugins",
    "openpyxl", "pyarrow", "pydantic", "pyyaml", "sqlglot", "vl-convert-python",
)  # fmt: skip
"""The packages that have a say in what is kept."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Entries by kind and key in ``folder``; without a folder nothing is found and nothing kept.

    A folder that others could write to is taken for no folder.
    """

    folder: Path | None = None

    def get(self, kind: str, name: str) -> bytes | None:
        """The entry of that kind and key; nothing where there is none, or none that is as it was written."""
        if self.folder is None:
            return None
        path = self.folder / kind / name
        try:
            stored = _read(path) if _is_ours(self.folder) and _is_ours(path.parent) else None
            if stored is None:
                return None
            content = stored[_CHECKSUM:]
            if stored[:_CHECKSUM] != _checksum(kind, name, content):
                path.unlink()
                return None
            os.utime(path)  # it was used now: others go first when room is needed
        except OSError:
            return None
        return content

    def put(self, kind: str, name: str, content: bytes) -> None:
        """Keep an entry. Where that cannot be done, a full disk for instance, it is not kept, and that is no fault."""
        if self.folder is None or len(content) > LARGEST_ENTRY or not _is_ours(self.folder):
            return
        path = self.folder / kind / name
        unfinished = path.with_name(f"{name}.{os.getpid()}.new")
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if not _is_ours(path.parent):
                return
            with os.fdopen(os.open(unfinished, _NEW, 0o600), "wb") as file:
                file.write(_checksum(kind, name, content))
                file.write(content)
            unfinished.replace(path)  # another run that keeps the same writes the same
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def tidy(self, most: int = LARGEST_FOLDER) -> None:
        """Let the folder hold no more than ``most`` bytes, and nothing unfinished that is older than an hour."""
        found = sorted(_files(self.folder)) if self.folder is not None else []
        total = sum(size for _, size, _ in found)
        for used, size, path in found:
            abandoned = path.suffix == ".new" and time.time() - used > _AN_HOUR
            if total > most or abandoned:
                with suppress(OSError):
                    path.unlink()
                    total -= size


NO_CACHE = Cache()
"""Finds nothing and keeps nothing."""


def user_cache() -> Cache:
    """The cache of the user who runs the program; one that keeps nothing where the user has no folder for it."""
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("report-builder", appauthor=False)
        if not folder.is_absolute():
            return NO_CACHE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a disk that cannot be written to; a user without a home, as services run
        return NO_CACHE
    return Cache(folder) if _is_ours(folder) else NO_CACHE


def key(*parts: str | bytes | Path | Mapping[str, str]) -> str:
    """The name of what is computed from ``parts`` by this program: 64 hexadecimal digits.

    A path stands for the content of its file, and for its absence where there is none; names of files are not part of
    it unless they are given as text.
    """
    digest = hashlib.sha256(program().encode())
    for part in parts:
        for piece in _pieces(part):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()


@cache
def program() -> str:
    """A checksum of this program's own files, its Python, and the packages that have a say in what is kept."""
    from importlib.metadata import version

    digest = hashlib.sha256(f"{sys.version} {sys.platform}".encode())
    for name in PACKAGES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in sorted(p for p in _PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()} ".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _pieces(part: str | bytes | Path | Mapping[str, str]) -> Iterator[bytes]:
    """``part`` as bytes, with what kind of part it is in front: a text is never taken for a file's content."""
    if isinstance(part, Path):
        yield b"file"
        try:
            with part.open("rb") as file:
                yield hashlib.file_digest(file, "sha256").digest()
        except FileNotFoundError:
            yield b"none"
    elif isinstance(part, Mapping):
        yield f"mapping of {len(part)}".encode()
        for name, value in sorted(part.items()):
            yield name.encode()
            yield value.encode()
    else:
        yield b"text" if isinstance(part, str) else b"bytes"
        yield part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part


def _checksum(kind: str, name: str, content: bytes) -> bytes:
    return hashlib.sha256(f"{kind}/{name}/".encode() + content).digest()


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each file of the cache was used last, its size, and the file."""
    for path in folder.glob("*/*"):
        with suppress(OSError):
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode):
                yield seen.st_mtime, seen.st_size, path


def _read(path: Path) -> bytes | None:
    """What an entry of this user's holds; nothing where it is no such file. Raises OSError where there is none."""
    with os.fdopen(os.open(path, _OLD), "rb") as file:
        seen = os.fstat(file.fileno())
        if not stat.S_ISREG(seen.st_mode) or not _is_private(seen) or seen.st_size > LARGEST_ENTRY + _CHECKSUM:
            return None
        return file.read(LARGEST_ENTRY + _CHECKSUM)


def _is_private(seen: os.stat_result) -> bool:
    """Whether it is this user's and closed to others; on Windows the profile's own folder sees to it."""
    return os.name == "nt" or (seen.st_uid == os.geteuid() and not seen.st_mode & _OTHERS)


def _is_ours(folder: Path) -> bool:
    """Whether the folder is this user's alone; one that others can only read is closed to them."""
    try:
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode):
            return False
        if not _is_private(seen) and seen.st_uid == os.geteuid() and not seen.st_mode & _OTHERS_WRITE:
            folder.chmod(0o700)
            seen = folder.lstat()
    except OSError:
        return False
    return _is_private(seen)
