"""The verb that shows the HTML edition while it is being written."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from report_builder.cli.options import HERE, ReleaseArgument, WorkspaceOption, shown_path, workspace_in

if TYPE_CHECKING:
    from report_builder.verbs.preview import Preview, Round

_NAMED = 2
"""So many changed files are named; of more, the rest are counted."""


def preview(
    release: ReleaseArgument,
    workspace: WorkspaceOption = HERE,
    once: Annotated[bool, typer.Option("--once", help="Write the page and end, without waiting for changes.")] = False,
) -> None:
    """Write only the HTML edition, and again as soon as a file is saved that it is made of; Ctrl-C ends it."""
    from report_builder.cli.terminal import print_problems
    from report_builder.verbs.preview import Preview, rounds, write_page

    place = workspace_in(workspace)
    shown = Preview(place, release)
    if once:
        page, warnings = shown.page()
        write_page(shown.file, page)
        print_problems(warnings)
        typer.echo(f"Wrote {shown_path(shown.file)}.")
        return
    if not (place.release_dir(release) / "release.yaml").is_file():
        place.release(release)  # says what is wrong with the name: that is not mended by saving a file
    outlived = False
    with _until_interrupted() as stop:
        typer.echo(f"Reading {release} and what it pins …", err=True)
        for done in rounds(shown, stop):
            print_problems(done.problems, outcome="")
            typer.echo(_told(done, shown))
            outlived = done.outlived
            gc.collect()  # while nobody waits for it
    if outlived:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 -- this very command once more
    typer.echo("Stopped.")


def _told(done: Round, preview: Preview) -> str:
    """A line about a round: what was saved, what came of it, and in what time."""
    page = shown_path(preview.file)
    if not done.changed:
        if done.at_fault:
            return f"{_kept(preview)}. Waiting for a file to be saved; Ctrl-C ends."
        return f"Wrote {page} in {done.seconds:.2f} s. Waiting for a file to be saved; Ctrl-C ends."
    names = [preview.workspace.shown(path) for path in done.changed]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    saved = f"{', '.join(names[:_NAMED])}{more}"
    if done.outlived:
        return f"{saved}: starting again, for fonts are taken in once."
    if done.at_fault:
        came = f"at fault. {_kept(preview)}"
    else:
        came = "page written" if done.written else "the page says the same"
    return f"{saved}: {came} ({done.seconds:.2f} s)"


def _kept(preview: Preview) -> str:
    return "The last good page stays" if preview.file.is_file() else "There is no page yet"


@contextmanager
def _until_interrupted() -> Iterator[Event]:
    """An event that Ctrl-C sets, so that what is under way is ended in order; a second Ctrl-C ends it at once."""
    stop = Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupt(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, before)
