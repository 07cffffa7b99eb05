"""Locks between runs of the program: one file each, let go by the system the moment the run that holds it ends.

The lock is the system's (``flock``, or a locked byte on Windows) and not that the file is there: a file is left behind
by every run, and a run that is killed holds nothing.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSES = (0.001, 0.05)
"""Seconds between two attempts to take a lock that another run holds: at first, and after a while."""


_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""What a network disk answers that has no locks: a run goes on without, for it could not go on at all with."""


@contextmanager
def locked(path: Path, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock of the file ``path`` for the block; false where another run held it for ``patience`` seconds.

    Raises OSError where the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        until, pause = time.monotonic() + patience, _PAUSES[0]
        while not (mine := _take(handle)) and time.monotonic() < until:
            time.sleep(pause)
            pause = min(2 * pause, _PAUSES[1])
        yield mine
    finally:
        os.close(handle)  # and with it the lock


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as e:
            if e.errno not in _NO_LOCKS:
                raise
        return True
