"""SQL that was made of a contract's rules, kept for the next check by the same contract.

To load Ibis and have it compile every rule takes longer than to run them on a small file, and gives the same SQL each
time. What is kept belongs to the contract, to what it is held against, to the types of the file's columns, to the
versions of what made it and to the very files of this package: where one of them differs, nothing kept is used. Only a
check by itself keeps anything; a build compiles every rule.

What is kept decides what a check finds, so it lies where nobody but the user can write: in a folder of the user's own
cache that others can neither read nor change, with a checksum in each entry. A folder or an entry that is another's,
or open to others, is left alone, and an entry that is damaged is made again without a word.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

_MAKERS = ("ibis-framework", "sqlglot", "duckdb")
_MOST_FILES = 50
_MOST_BYTES = 1 << 24
"""No contract has so many rules that their SQL is larger."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SUFFIX = ".sql"


@dataclass(slots=True)
class Kept:
    """Statements by name; without a ``file`` nothing is kept beyond this check."""

    file: Path | None = None
    _statements: dict[str, str] = field(default_factory=dict)
    _given: dict[str, str] = field(default_factory=dict)
    _new: bool = False

    def given(self, table: str, schema: str) -> None:
        """Tell of a table that statements from now on may read."""
        self._given[table] = schema

    def withdrawn(self, table: str) -> None:
        """Tell that no statement from now on reads a table."""
        del self._given[table]

    def sql(self, name: str, make: Callable[[], str]) -> str:
        """The statement called ``name`` on the tables given so far: kept, or made now."""
        if self.file is None:
            return make()
        key = hashlib.sha256(
            "\n".join((name, *(f"{table}: {schema}" for table, schema in self._given.items()))).encode()
        ).hexdigest()
        if key not in self._statements:
            self._statements[key] = make()
            self._new = True
        return self._statements[key]

    def save(self) -> None:
        """Keep what is new. A folder that cannot be written to is no fault: the next check makes it all again."""
        if self.file is None or not self._new:
            return
        with suppress(OSError):
            if _own_folder(self.file.parent):
                _write(self.file, json.dumps(self._statements, indent=0, sort_keys=True).encode())
                _forget_the_oldest(self.file.parent)


def user_folder() -> Path | None:
    """Where this user's statements are kept, or None where the user has no place for such things."""
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("report-builder", appauthor=False) / "rules"
    except RuntimeError:  # a user without a home, as services run
        return None
    return folder if folder.is_absolute() else None


def kept_in(folder: Path, *of: object) -> Kept:
    """What ``folder`` keeps of checks by the same contract and all else that it is held against (``of``)."""
    digest = hashlib.sha256(f"{_makers()} {of!r}".encode())
    file = folder / f"{digest.hexdigest()}{_SUFFIX}"
    try:
        return Kept(file, _read(file) if _own_folder(folder) else {})
    except (OSError, ValueError):
        return Kept(file)


@cache
def _makers() -> str:
    """The versions and the files that decide how a rule is compiled."""
    digest = hashlib.sha256("\n".join(f"{maker} {version(maker)}" for maker in _MAKERS).encode())
    contracts = Path(__file__).parents[1]
    for source in sorted(contracts.rglob("*.py")):
        digest.update(f"\n{source.relative_to(contracts).as_posix()}\n".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _own_folder(folder: Path) -> bool:
    """Whether ``folder`` is this user's alone, made where it is not there. Raises OSError where it cannot be made."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and _own(found)


def _own(found: os.stat_result) -> bool:
    """Whether a file or folder is this user's and closed to others; on Windows the profile's own folder sees to it."""
    return os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS)


def _read(file: Path) -> dict[str, str]:
    """The statements of an entry. Raises OSError where there is none, ValueError where it is not as it was written."""
    with os.fdopen(os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as entry:
        found = os.fstat(entry.fileno())
        if not stat.S_ISREG(found.st_mode) or not _own(found) or found.st_size > _MOST_BYTES:
            raise ValueError("not an entry of this user's")
        checksum, _, content = entry.read(_MOST_BYTES).partition(b"\n")
    if checksum != hashlib.sha256(content).hexdigest().encode():
        raise ValueError("a damaged entry")
    statements = json.loads(content)
    if not isinstance(statements, dict) or not all(isinstance(sql, str) for sql in statements.values()):
        raise ValueError("not the statements of rules")
    return statements


def _write(file: Path, content: bytes) -> None:
    """An entry, whole or not at all: two checks may end at once."""
    handle, name = tempfile.mkstemp(dir=file.parent)  # readable to this user alone
    whole = Path(name)
    try:
        with os.fdopen(handle, "wb") as entry:
            entry.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        whole.replace(file)
    except OSError:
        whole.unlink(missing_ok=True)
        raise


def _forget_the_oldest(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda f: f.lstat().st_mtime_ns)  # and what a killed check left
    for file in files[:-_MOST_FILES]:
        file.unlink(missing_ok=True)
