"""Folders for what a run needs only while it goes on; those of a run that was killed are cleared away by the next."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from report_builder.workspace.locks import locked

_PREFIX = "report-builder-"
_LOCK = ".in-use"
_BEING_MADE = 60.0
"""So many seconds a folder may lie there without a lock: another run may be about to take it."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder that only this user can read, in the system's temporary folder; it is gone after the block.

    Raises OSError where it cannot be made.
    """
    _clear_leftovers(Path(tempfile.gettempdir()))
    made = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder = made / "files"
    try:
        with locked(made / _LOCK):
            folder.mkdir()
            yield folder
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _clear_leftovers(temporary: Path) -> None:
    """Remove the folders of runs that have ended without removing them; a folder of somebody else's is let be."""
    for made in temporary.glob(f"{_PREFIX}*"):
        try:
            seen = made.lstat()
            mine = not hasattr(os, "getuid") or seen.st_uid == os.getuid()
            if not mine or not made.is_dir() or made.is_symlink():
                continue
            if not (made / _LOCK).exists():
                abandoned = time.time() - seen.st_mtime > _BEING_MADE
            else:
                with locked(made / _LOCK) as abandoned:
                    pass
            if abandoned:
                shutil.rmtree(made, ignore_errors=True)
        except OSError:  # another run is removing it
            continue
