"""SQL that was made of a contract's rules, kept for the next check by the same contract.

To load Ibis and have it compile every rule takes longer than to run them on a small file, and gives the same SQL each
time. What is kept belongs to the contract, to what it is held against, to the types of the file's columns, to the
versions of what made it and to the very files of this package: where one of them differs, nothing kept is used. Only a
check by itself keeps anything; a build compiles every rule anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

_MAKERS = ("ibis-framework", "sqlglot", "duckdb")
_MOST_FILES = 50


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
            self.file.parent.mkdir(parents=True, exist_ok=True)
            whole = self.file.with_suffix(f".{os.getpid()}")  # two checks may end at once
            whole.write_text(json.dumps(self._statements, indent=0, sort_keys=True), "utf-8")
            whole.replace(self.file)
            _forget_the_oldest(self.file.parent)


def kept_in(folder: Path, *of: object) -> Kept:
    """What ``folder`` keeps of checks by the same contract and all else that it is held against (``of``)."""
    digest = hashlib.sha256(repr(of).encode())
    for maker in _MAKERS:
        digest.update(f"{maker} {version(maker)}\n".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        seen = source.stat()
        digest.update(f"{source.name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    file = folder / f"{digest.hexdigest()}.json"
    try:
        statements = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return Kept(file)
    whole = isinstance(statements, dict) and all(isinstance(sql, str) for sql in statements.values())
    return Kept(file, statements if whole else {})


def _forget_the_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda f: f.stat().st_mtime_ns)
    for file in files[:-_MOST_FILES]:
        file.unlink()
