"""A preview as a person has it in a terminal, timed from the saving of a section to the page that shows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clock import Step

_FOLDERS = ("content", "data_contracts", "templates")
_LONGEST = 120.0
"""Seconds after which something must be wrong."""


def workspace_copy(project: Path, root: Path) -> Path:
    """The project's workspace once more, to be written in."""
    for folder in _FOLDERS:
        shutil.copytree(project / folder, root / folder)
    return root


@contextmanager
def section_saved(program: str, root: Path, release: str) -> Iterator[Step]:
    """A step that adds a paragraph to a section of ``release`` and waits until the running preview shows it."""
    kind, _, name = release.partition("/")
    page = root / "output" / kind / f".{name}.preview.html"
    section = min((root / "content" / release / "sections").glob("*.md"))
    command, nowhere = [program, "preview", release, "--workspace", str(root)], subprocess.DEVNULL
    running = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
    saved = 0

    def until(words: str) -> None:
        begun = time.monotonic()
        while not page.is_file() or words not in page.read_text(encoding="utf-8"):
            if running.poll() is not None or time.monotonic() - begun > _LONGEST:
                sys.exit(f"the preview of {release} did not write its page")
            time.sleep(0.005)

    def save() -> None:
        nonlocal saved
        saved += 1
        words = f"Nytt stycke{' igen' * saved}."
        section.write_text(f"{section.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")
        until(words)

    try:
        until("</html>")
        save()  # once beforehand: a preview is seldom at its first change
        yield save
    finally:
        running.kill()
        running.wait()
