"""The HTML edition alone, made again as its files are saved: what a change cannot have touched is kept.

Facts hang on data, contracts, methods, registers and release files, and on no word of prose. So a change of sections or
of templates leaves them, and any other has everything read again. A page has the bytes that a build gives it.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from report_builder import pipeline
from report_builder.editions.style_files import FONTS, own_folder
from report_builder.narrative.template import load_template
from report_builder.output import rendering
from report_builder.output.folder import replace_file
from report_builder.output.plan import Plan, read_plan
from report_builder.problems import Place, Problem, ReportError
from report_builder.workspace.watch import Saved, Watch
from report_builder.workspace.workspace import Workspace, is_content

if TYPE_CHECKING:
    from report_builder.pipeline import Basis
    from report_builder.revisions.version import Version

_WATCHED = ("content", "data_contracts", "templates")
_ATTEMPTS, _PAUSE = 3, 0.1
"""How often, and how many seconds apart, a page is tried whose files come and go while they are read."""


class Preview:
    """The page of one release, with what it was made of."""

    def __init__(self, workspace: Workspace, release_id: str) -> None:
        self.workspace = workspace
        self._release = release_id
        self._bases: dict[str, Basis] = {}
        self._before: Version | None = None
        self._looked = False
        self.file = workspace.beside_output(release_id, "preview.html")
        """Where the page is written: beside the output folder, which holds whole builds alone."""
        self.fonts = own_folder(workspace.root) / FONTS
        """What the drawing program and the caches of a process take in once: another font asks for another process."""

    def forget(self, changed: Sequence[Path]) -> None:
        """Drop what the files that ``changed`` may have touched."""
        below = [self.workspace.shown(path).split("/") for path in changed]
        own = ["content", *self._release.split("/"), "sections"]
        if not all(parts[:-1] == own for parts in below):
            self._before = None
        if not all(_is_prose(parts) for parts in below):
            self._bases.clear()

    def page(self) -> tuple[bytes, tuple[Problem, ...]]:
        """The page as a build would make it now, and the warnings.

        Raises:
            ReportError: every fault of the release, its data and its content.

        """
        basis = self._basis(self._release)
        composition = pipeline.write_from(basis, self._version_before)
        page = rendering.html(basis.plan, composition.document)
        return page, (*basis.weighed.to_tell, *composition.warnings)

    def _basis(self, release_id: str) -> Basis:
        """What the release is written from: its template as it stands now, the rest as it was read."""
        found = self._bases.get(release_id)
        if found is None:
            found = pipeline.basis_of(read_plan(self.workspace, release_id))
            self._bases[release_id] = found
            return found
        template = load_template(self.workspace, found.plan.release.template)
        return dataclasses.replace(found, plan=dataclasses.replace(found.plan, template=template))

    def _version_before(self, plan: Plan) -> Version:
        if self._before is None:
            first, self._looked = not self._looked, True
            built = pipeline.built_before(plan) if first else None  # no output is up to date once a file has changed
            self._before = built or pipeline.version_to_compare(self._basis(plan.compared_with))
        return self._before

    def elsewhere(self) -> Iterator[Path]:
        """Files that the release is made of and that need not lie in the folders of a workspace.

        What is at fault in a release's file, or in the settings, is told by :meth:`page`.
        """
        release_id = self._release
        for _ in range(3):  # the release before is compared with, and its deliveries with those before them
            try:
                release, _file = self.workspace.release(release_id)
            except (ReportError, OSError):
                break
            folder = self.workspace.release_dir(release_id)
            yield from (folder / name for pin in release.deliveries for name in pin.files.values())
            release_id = release.previous
        try:
            logotype = self.workspace.settings().authority.logotype
        except (ReportError, OSError):
            return
        if logotype:
            yield self.workspace.root / logotype


def _is_prose(parts: Sequence[str]) -> bool:
    """Whether a file of the workspace says only how a report is worded and looks."""
    return parts[0] == "templates" or (parts[0] == "content" and len(parts) == 5 and parts[3] == "sections")


def write_page(file: Path, page: bytes) -> bool:
    """Write the page whole or not at all; false where it says already what it is to say."""
    if file.is_file() and file.read_bytes() == page:
        return False
    replace_file(file, page)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a change, or of the beginning: ``changed`` is empty then.

    ``problems`` holds every fault, and of the warnings those that the round before did not have; ``seconds`` is the
    time from when the change was noticed until the page was written. ``written`` is false where it stayed as it was.
    ``outlived`` says that this process has taken in for good what is another now, and that a new one has to go on.
    """

    changed: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()
    at_fault: bool = False
    written: bool = False
    outlived: bool = False
    seconds: float = 0.0


def rounds(preview: Preview, stop: Event) -> Iterator[Round]:
    """Write the page, and again whenever something is saved that it may be made of, until ``stop`` is set."""
    watch = Watch([preview.workspace.root / name for name in _WATCHED], is_content)
    saved: Saved | None = Saved(paths=(), noticed=time.perf_counter())
    told: frozenset[Problem] = frozenset()
    while saved is not None:
        if any(path.is_relative_to(preview.fonts) for path in saved.paths):
            yield Round(changed=saved.paths, outlived=True)
            return
        preview.forget(saved.paths)
        watch.elsewhere(preview.elsewhere())
        try:
            page, warnings = _tried(preview)
            written = write_page(preview.file, page)
            new = tuple(w for w in warnings if w not in told)
            told = frozenset(warnings)
            done = Round(changed=saved.paths, problems=new, written=written)
        except ReportError as e:
            done = Round(changed=saved.paths, problems=e.problems, at_fault=True)
        yield dataclasses.replace(done, seconds=time.perf_counter() - saved.noticed)
        saved = watch.wait(stop)


def _tried(preview: Preview) -> tuple[bytes, tuple[Problem, ...]]:
    """The page; files that come and go while they are read, or are half written, are given a moment."""
    from duckdb import Error as DataError

    for _ in range(_ATTEMPTS - 1):
        try:
            return preview.page()
        except (OSError, UnicodeDecodeError, DataError):
            time.sleep(_PAUSE)
    try:
        return preview.page()
    except (OSError, UnicodeDecodeError, DataError) as e:
        place = Place(file=preview.workspace.shown(Path(e.filename))) if isinstance(e, OSError) and e.filename else None
        message = f"A file cannot be read: {e}."
        hint = "See that it is there and may be read; text is saved as UTF-8."
        raise ReportError(Problem(code="unreadable", message=message, place=place, hint=hint)) from e
