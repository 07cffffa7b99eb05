"""Waiting for files to be saved: folders are looked through at a short interval, and nothing is asked of the system.

A look takes only what the file system knows of each file (times, size, place on the disk), never what the file says.
An editor that writes another file and gives it the name, deletes and writes anew, or saves twice is seen each time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

INTERVAL = 0.1
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
        self._folders = tuple(folders)
        self._counts = counts
        self._elsewhere: frozenset[Path] = frozenset()
        self._seen = self._look()

    def elsewhere(self, paths: Iterable[Path]) -> None:
        """From now on these files are watched too, and no others outside the folders."""
        self._elsewhere = frozenset(paths)
        known = dict(_states(self._elsewhere))
        inside = {path: state for path, state in self._seen.items() if self._is_inside(path)}
        self._seen = known | inside

    def _is_inside(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self._folders)

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

    def _when_still(self, now: Mapping[Path, State], until: float) -> Mapping[Path, State]:
        while True:
            time.sleep(_STILL)
            later = self._look()
            if later == now or time.perf_counter() > until:
                return later
            now = later

    def _look(self) -> Mapping[Path, State]:
        paths = {Path(found): state for folder in self._folders for found, state in _files(str(folder), self._counts)}
        return dict(_states(self._elsewhere)) | paths


def _differing(before: Mapping[Path, State], now: Mapping[Path, State]) -> Iterator[Path]:
    yield from sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


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


def _states(paths: Iterable[Path]) -> Iterator[tuple[Path, State]]:
    for path in paths:
        try:
            yield path, _state(path.stat())
        except OSError:
            continue


def _state(stat: os.stat_result) -> State:
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino
