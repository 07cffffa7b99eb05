"""Putting several files and folders in place as one: after a crash at any point, all of them are there or none is.

Everything is first written beside where it is to be, and on the disk. Then the journal says "move"; from that moment
the new state holds, and whoever comes next finishes what was cut off. Before it, whoever comes next clears away what
was written. :func:`recover` is run whenever a workspace is opened.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.locks import locked

PUBLISHED = "output/published"
"""The folder of a workspace in which bundles lie."""

_JOURNAL = f"{PUBLISHED}/.journal.json"
_LOCK = f"{PUBLISHED}/.lock"
_STAGE, _MOVE = "stage", "move"

Content = bytes | Mapping[str, bytes]
"""A file's bytes, or a folder's files by name."""

OnStep = Callable[[str], None]
"""Told of each step when it has been taken; a test that stops here stops where a crash would."""


def commit(root: Path, targets: Mapping[str, Content], step: OnStep = lambda _: None) -> None:
    """Put ``targets`` (path below ``root`` → content) in place, all of them or none.

    A file takes the place of one that is there; a folder never does.

    Raises:
        ReportError: something cannot be written, a folder is there already, or another run is publishing.

    """
    with _alone(root):
        _recover(root)
        standing = [t for t, content in targets.items() if not isinstance(content, bytes) and (root / t).exists()]
        if standing:
            hint = "What has been published stays as it is; the next version gets a folder of its own."
            message = "There is something here already."
            raise ReportError(Problem(code="stands", message=message, place=Place(file=standing[0]), hint=hint))
        moves = [(_beside(target), target) for target in sorted(targets)]
        try:
            _note(root, _STAGE, moves)
            step("noted")
            for staged, target in moves:
                _write(root / staged, targets[target], step)
            _note(root, _MOVE, moves)
        except OSError as e:
            _forget(root, moves)
            raise _cannot(root, e) from e
        step("journal")
        try:
            _finish(root, moves, step)
        except OSError as e:
            raise _cannot(root, e, "It has been published; the next command of report-builder finishes it.") from e


def recover(root: Path) -> None:
    """Finish or clear away what a run that was cut off has left; nothing where none was, or where one is running."""
    if (root / _JOURNAL).is_file():
        try:
            with _alone(root):
                _recover(root)
        except ReportError as e:
            if any(p.code != "busy" for p in e.problems):
                raise


def _recover(root: Path) -> None:
    path = root / _JOURNAL
    try:
        if path.is_file():
            noted = json.loads(path.read_text(encoding="utf-8"))
            moves = [(staged, target) for staged, target in noted["moves"]]
            if noted["state"] == _MOVE:
                _finish(root, moves)
            else:
                _forget(root, moves)
    except OSError as e:
        raise _cannot(root, e, "An earlier publication was cut off and cannot be finished yet.") from e
    except (ValueError, KeyError, TypeError) as e:
        message = f"The journal of an earlier publication cannot be read: {e}."
        hint = "Look at what lies beside it, and remove the journal when output/published is as it should be."
        raise ReportError(Problem(code="bad-journal", message=message, place=Place(file=_JOURNAL), hint=hint)) from e


def _note(root: Path, state: str, moves: list[tuple[str, str]]) -> None:
    """Write the journal: the old one or the new one is there, never half of one."""
    path = root / _JOURNAL
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    _put(new, (json.dumps({"state": state, "moves": moves}) + "\n").encode("utf-8"))
    new.replace(path)
    _settle(path.parent)


def _write(path: Path, content: Content, step: OnStep) -> None:
    files = {"": content} if isinstance(content, bytes) else content
    for name, data in sorted(files.items()):
        place = path / name if name else path
        place.parent.mkdir(parents=True, exist_ok=True)
        _put(place, data)
        step(f"wrote {path.name}/{name}".rstrip("/"))
    for folder in {place.parent for name in files for place in [path / name if name else path]}:
        _settle(folder)


def _put(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _finish(root: Path, moves: list[tuple[str, str]], step: OnStep = lambda _: None) -> None:
    for staged, target in moves:
        if (root / staged).exists():
            (root / staged).replace(root / target)
            _settle((root / target).parent)
        step(f"moved {target}")
    (root / _JOURNAL).unlink()
    _settle((root / _JOURNAL).parent)
    step("done")


def _forget(root: Path, moves: list[tuple[str, str]]) -> None:
    for staged, _ in moves:
        path = root / staged
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    journal = root / _JOURNAL
    journal.unlink(missing_ok=True)
    journal.with_name(f"{journal.name}.new").unlink(missing_ok=True)


def _beside(target: str) -> str:
    """Where ``target`` is written first: in the same folder, so that the move is a mere change of name."""
    folder, _, name = target.rpartition("/")
    return f"{folder}/.{name}.staged"


def _settle(folder: Path) -> None:
    """See that the folder's list of names is on the disk; systems that cannot be asked for it are not."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the workspace's lock of publishing; a crash lets go of it."""
    with ExitStack() as stack:
        try:
            mine = stack.enter_context(locked(root / _LOCK))
        except OSError as e:
            raise _cannot(root, e) from e
        if not mine:
            message = "Another run of report-builder is publishing in this workspace."
            hint = "Wait until it is done, and try again."
            raise ReportError(Problem(code="busy", message=message, place=Place(file=PUBLISHED), hint=hint))
        yield


def _cannot(
    root: Path, error: OSError, more: str = "Nothing has been published, and nothing has changed."
) -> ReportError:
    where = str(error.filename or root / PUBLISHED)
    message = f"It cannot be written: {error.strerror or error}. {more}"
    hint = "See that there is room on the disk and that you may write there."
    return ReportError(Problem(code="cannot-write", message=message, place=Place(file=where), hint=hint))
