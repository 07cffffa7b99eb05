"""The PDF made in another process, while this one makes the other editions: it takes most of a build's time.

Start it early: it imports what it needs while the report is still being written. The two exchange pickled tuples over
pipes, and nothing but this program writes there.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from report_builder.document.nodes import Document
from report_builder.editions.resources import Resources
from report_builder.problems import ReportError
from report_builder.workspace.scratch import scratch_folder

_PACKAGES = str(Path(__file__).resolve().parents[2])


class PdfProcess:
    """A process that makes one PDF; leaving the ``with`` block ends it, finished or not, and removes its files."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._complaints = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 -- in an exit stack
        scratch = self._open.enter_context(scratch_folder())  # what the process leaves there when it is ended goes too
        path = os.pathsep.join(filter(None, (_PACKAGES, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "report_builder.editions.pdf_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(scratch)},
        )

    def __enter__(self) -> PdfProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._open.close()

    def start(self, document: Document, resources: Resources) -> None:
        """Begin; charts that ``resources`` has drawn are not drawn again."""
        try:
            _send(self._process.stdin, (document, resources))
        except BrokenPipeError as e:
            raise self._ended() from e

    def heading_pages(self) -> Mapping[str, int]:
        """The page of each heading, as soon as the pages are laid out; raises what the PDF edition raises."""
        pages: Mapping[str, int] = self._answer()
        return pages

    def pdf(self) -> bytes:
        """The finished file; ask for the pages first. Raises what the PDF edition raises."""
        data: bytes = self._answer()
        return data

    def _answer(self) -> Any:
        try:
            kind, content = pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 -- our own process
        except EOFError as e:
            raise self._ended() from e
        if kind == "problems":
            raise ReportError(content)
        return content

    def _ended(self) -> RuntimeError:
        self._process.wait()
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip()
        last = said if os.environ.get("REPORT_BUILDER_DEBUG") else said.rpartition("\n")[2]
        return RuntimeError(f"the process that makes the PDF ended early (code {self._process.returncode}): {last}")


def main() -> None:
    """Make the PDF of the document that comes in on standard input."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    import weasyprint  # noqa: F401 -- while there is nothing else to do

    from report_builder.editions import pdf, pdf_tags  # noqa: F401

    try:
        document, resources = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the process that started this one
    except EOFError:  # the build ended before there was a document
        return
    try:
        made = pdf.paged(document, resources, laid_out=lambda pages: _send(answers, ("pages", pages)))
        _send(answers, ("pdf", made.data))
    except ReportError as e:
        _send(answers, ("problems", e.problems))


def _send(to: BinaryIO | Any, content: object) -> None:
    pickle.dump(content, to, protocol=pickle.HIGHEST_PROTOCOL)
    to.flush()


if __name__ == "__main__":
    main()
