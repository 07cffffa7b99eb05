"""SQL that was made of a contract's rules, kept for the next check by the same contract.

To load Ibis and have it compile every rule takes longer than to run them on a small file, and gives the same SQL each
time. What is kept belongs to the contract, to what it is held against, to the types of the file's columns, to the
versions of what made it and to the very files of this package: where one of them differs, nothing kept is used. Only a
check by itself keeps anything; a build compiles every rule. Where and how: :mod:`report_builder.workspace.cache`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from report_builder.workspace.cache import NO_CACHE, Cache

_MAKERS = ("ibis-framework", "sqlglot", "duckdb")
_KIND = "rules"


@dataclass(slots=True)
class Kept:
    """Statements by name; where ``cache`` keeps nothing, nothing is kept beyond this check."""

    cache: Cache = NO_CACHE
    entry: str = ""
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
        if self.cache.folder is None:
            return make()
        key = hashlib.sha256(
            "\n".join((name, *(f"{table}: {schema}" for table, schema in self._given.items()))).encode()
        ).hexdigest()
        if key not in self._statements:
            self._statements[key] = make()
            self._new = True
        return self._statements[key]

    def save(self) -> None:
        """Keep what is new. Where that cannot be done, the next check makes it all again."""
        if self.cache.folder is not None and self._new:
            self.cache.put(_KIND, self.entry, json.dumps(self._statements, indent=0, sort_keys=True).encode())
            self.cache.tidy()


def kept_in(cache: Cache, *of: object) -> Kept:
    """What ``cache`` holds of checks by the same contract and all else that it is held against (``of``)."""
    if cache.folder is None:
        return Kept()
    entry = hashlib.sha256(f"{_makers()} {of!r}".encode()).hexdigest()
    return Kept(cache, entry, _statements(cache.get(_KIND, entry)))


def _statements(content: bytes | None) -> dict[str, str]:
    """The statements of an entry; none where there is no entry, or no such one."""
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    whole = isinstance(found, dict) and all(isinstance(sql, str) for sql in found.values())
    return found if whole else {}


@cache
def _makers() -> str:
    """The versions and the files that decide how a rule is compiled."""
    digest = hashlib.sha256("\n".join(f"{maker} {version(maker)}" for maker in _MAKERS).encode())
    contracts = Path(__file__).parents[1]
    for source in sorted(contracts.rglob("*.py")):
        digest.update(f"\n{source.relative_to(contracts).as_posix()}\n".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()
