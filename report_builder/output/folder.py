"""An output folder: written whole or not at all, by one run at a time, and read while nobody replaces it.

Beside the folder ``<name>`` are two locks: ``.<name>.building`` of the run that builds it, and ``.<name>.lock``, held
for the moment that it takes to replace it. ``.<name>.new`` and ``.<name>.old`` are there only while that goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.locks import locked

PATIENCE = 300.0
"""Seconds to wait for another run that builds the same release."""

_A_MOMENT = 60.0
"""Seconds to wait for another run that is putting its files in place."""


@contextmanager
def building(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Be the only run that builds into ``folder``; ``waiting`` is called once if another has to be waited for.

    Raises:
        ReportError: another run is still building after :data:`PATIENCE` seconds, or nothing can be written here.

    """
    with ExitStack() as stack:
        if not _entered(stack, folder, "building", 0):
            waiting()
            if not _entered(stack, folder, "building", PATIENCE):
                raise _busy(folder)
        yield


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put ``files`` (name → bytes) in ``folder`` in place of what was there.

    They are written to a folder beside it first and moved there when all are written, so that a fault on the way, a
    full disk for example, leaves the old folder as it was. A run that is killed between the two moves leaves the old
    folder under another name, and :func:`put_right` gives it back its own.

    Raises:
        ReportError: the files cannot be written.

    """
    with ExitStack() as stack:
        if not _entered(stack, folder, "lock", _A_MOMENT):
            raise _busy(folder)
        try:
            _put_right(folder)
            _write(folder, files)
        except OSError as e:
            with suppress(OSError):
                _put_right(folder)
            raise _cannot_write(folder, e) from e


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    new, old = _beside(folder, "new"), _beside(folder, "old")
    for name, data in sorted(files.items()):
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def replace_file(path: Path, data: bytes) -> None:
    """Put a file with these bytes at ``path``: the old one or the new one is there, never half of one.

    Raises:
        ReportError: it cannot be written.

    """
    new = _beside(path, "new")
    with ExitStack() as stack:
        if not _entered(stack, path, "lock", _A_MOMENT):
            raise _busy(path)
        try:
            new.write_bytes(data)
            new.replace(path)
        except OSError as e:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise _cannot_write(path, e) from e


@contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Let nobody replace ``folder`` while it is read. Without a lock, or the right to take it, it is read as it is."""
    lock = _beside(folder, "lock")
    with ExitStack() as stack:
        if lock.is_file():
            with suppress(OSError):
                stack.enter_context(locked(lock, _A_MOMENT))
        yield


def put_right(output: Path) -> None:
    """Finish or clear away what runs that were cut off have left below ``output``; what is in use is let be."""
    for leftover in sorted(output.glob("*/.*.new")) + sorted(output.glob("*/.*.old")):
        folder = leftover.with_name(leftover.stem.removeprefix("."))
        try:
            with locked(_beside(folder, "lock")) as mine:
                if mine:
                    _put_right(folder)
        except OSError:  # it cannot be written here, so nothing can be put right
            continue


def _put_right(folder: Path) -> None:
    new, old = _beside(folder, "new"), _beside(folder, "old")
    if old.exists() and not folder.exists():  # the moves were cut off in the middle
        old.rename(folder)
    for leftover in (new, old):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _entered(stack: ExitStack, folder: Path, what: str, patience: float) -> bool:
    """Whether the lock was taken until the end of ``stack``. Raises ReportError where there can be none."""
    try:
        return stack.enter_context(locked(_beside(folder, what), patience))
    except OSError as e:
        raise _cannot_write(folder, e) from e


def _cannot_write(folder: Path, error: OSError) -> ReportError:
    hint = "See that there is room on the disk and that you may write here; close files that are open in Word."
    message = f"The output cannot be written: {error.strerror or error}."
    return ReportError(Problem(code="cannot-write", message=message, place=Place(file=str(folder)), hint=hint))


def _busy(folder: Path) -> ReportError:
    message = "Another run of report-builder is building this release."
    hint = "Wait until it is done, and try again."
    return ReportError(Problem(code="busy", message=message, place=Place(file=str(folder)), hint=hint))


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name.removeprefix('.')}.{what}")
