"""Waiting for files to be saved: folders are looked through at a short interval, and nothing is asked of the system.

A look takes only what the file system knows of each file (times, size, place on the disk), never what the file says.
An editor that writes another file and gives it the name, deletes and writes again, or saves twice is seen each time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

INTERVAL = 0.15
"""Seconds between two looks while nothing happens."""

_STILL = 0.05
"""So long, in seconds, nothing may have happened before a change is told: an editor may write twice, or bit by bit."""
_PATIENCE = 1.0
"""After so many seconds a change is told even if more is being written."""

State = tuple[int, int, int, int]
"""When a file was last written and last touched in any way (ns), its size in bytes, and its number on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Files that were written, came or went, sorted; ``noticed`` is when, by :func:`time.perf_counter`."""

    paths: tuple[Path, ...]
    noticed: float


class Watch:
    """What happens to the files of some folders from now on.

    ``counts`` says by its name whether a file matters.
    """

    def __init__(self, folders: Sequence[Path], counts: Callable[[str], bool] = lambda _: True) -> None:
        self._folders = tuple(str(folder) for folder in folders)
        self._counts = counts
        self._elsewhere: frozenset[str] = frozenset()
        self._seen = self._look()

    def elsewhere(self, paths: Iterable[Path]) -> None:
        """From now on these files are watched too, and no others outside the folders."""
        inside = tuple(f"{folder}{os.sep}" for folder in self._folders)
        self._elsewhere = frozenset(path for path in map(str, paths) if not path.startswith(inside))
        self._seen = dict(_states(self._elsewhere)) | {p: s for p, s in self._seen.items() if p.startswith(inside)}

    def wait(self, stop: Event) -> Saved | None:
        """Wait until something was saved and has been still for a moment; ``None`` as soon as ``stop`` is set."""
        while not stop.is_set():
            now = self._look()
            if now != self._seen:
                noticed = time.perf_counter()
                before, self._seen = self._seen, self._when_still(now, noticed + _PATIENCE)
                if paths := tuple(_differing(before, self._seen)):  # a file may come and go in that moment
                    return Saved(paths=paths, noticed=noticed)
            stop.wait(INTERVAL)
        return None

    def _when_still(self, now: Mapping[str, State], until: float) -> Mapping[str, State]:
        while True:
            time.sleep(_STILL)
            later = self._look()
            if later == now or time.perf_counter() > until:
                return later
            now = later

    def _look(self) -> Mapping[str, State]:
        found = dict(_states(self._elsewhere))
        for folder in self._folders:
            found.update(_files(folder, self._counts))
        return found


def _differing(before: Mapping[str, State], now: Mapping[str, State]) -> Iterator[Path]:
    yield from (Path(p) for p in sorted(before.keys() | now.keys()) if before.get(p) != now.get(p))


def _files(folder: str, counts: Callable[[str], bool]) -> Iterator[tuple[str, State]]:
    """Every file below ``folder``; one that vanishes while it is looked for is not there."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, counts)
            elif counts(entry.name):
                yield entry.path, _state(entry.stat())
        except OSError:
            continue


def _states(paths: Iterable[str]) -> Iterator[tuple[str, State]]:
    for path in paths:
        try:
            yield path, _state(os.stat(path))  # noqa: PTH116 -- several times a second
        except OSError:
            continue


def _state(stat: os.stat_result) -> State:
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino
