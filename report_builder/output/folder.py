"""Writing an output folder whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from report_builder.problems import Place, Problem, ReportError


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put ``files`` (name → bytes) in ``folder`` in place of what was there.

    They are written to a folder beside it first and moved there when all are written, so that a fault on the way, a
    full disk for example, leaves the old folder as it was.

    Raises:
        ReportError: the files cannot be written.

    """
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    try:
        if old.exists() and not folder.exists():  # an earlier move was cut off in the middle
            old.rename(folder)
        for leftover in (new, old):
            if leftover.exists():
                shutil.rmtree(leftover)
        for name, data in sorted(files.items()):
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        if old.exists():
            shutil.rmtree(old)
    except OSError as e:
        hint = "See that there is room on the disk and that you may write here; close files that are open in Word."
        message = f"The output cannot be written: {e.strerror or e}."
        raise ReportError(
            Problem(code="cannot-write", message=message, place=Place(file=str(folder)), hint=hint)
        ) from e
