"""What `doctor` says of a sound computer, and of one where a part is missing."""

from __future__ import annotations

import builtins
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from report_builder import swedish
from report_builder.cli.main import app
from report_builder.editions.style_files import SHIPPED
from report_builder.verbs import doctor
from report_builder.workspace.workspace import Workspace


def found(name: str, workspace: Workspace | None = None) -> doctor.CheckedPart:
    return next(f for f in doctor.findings(workspace) if f.name == name)


def test_here_reports_can_be_built(project: Path) -> None:
    said = CliRunner().invoke(app, ["doctor", "--workspace", str(project)])
    assert said.exit_code == 0, said.stdout
    assert "ok      Pango: loaded by WeasyPrint" in said.stdout
    assert "ok      fonts: the program's: Source Sans 3" in said.stdout
    assert said.stdout.splitlines()[-1] == "Reports can be built here."


def test_without_a_workspace_the_computer_is_looked_at_alone(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["doctor", "--workspace", str(tmp_path)])
    assert said.exit_code == 0
    assert "fonts: the program's" in said.stdout


def test_a_missing_part_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=doctor._LEAST_FREE - 1))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    said = CliRunner().invoke(app, ["doctor", "--workspace", str(tmp_path)])
    assert said.exit_code == 1
    lines = said.stdout.splitlines()
    assert any(line.startswith("missing disk: 0.5 GB free") for line in lines)
    assert "        Delete old output folders, or build on another disk." in lines
    assert any(line.startswith("without LibreOffice: not found") for line in lines)
    assert lines[-1] == "Reports cannot be built here until what is missing is there."


def refusing(name: str, error: Exception) -> Callable[..., Any]:
    real = builtins.__import__

    def imported(wanted: str, *rest: Any, **more: Any) -> Any:
        if wanted == name:
            raise error
        return real(wanted, *rest, **more)

    return imported


@pytest.mark.parametrize(
    "error", [OSError("cannot load library 'libpango-1.0-0'\nat length"), ImportError("no module")]
)
def test_without_pango_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(builtins, "__import__", refusing("weasyprint", error))
    finding = found("Pango")
    assert (finding.well, finding.required, finding.found) == (False, True, str(error).splitlines()[0])
    assert "libpango-1.0-0" in finding.mend


def test_the_workspaces_own_font_is_looked_at(tmp_path: Path) -> None:
    fonts = tmp_path / "templates" / "editions" / "fonts"
    shutil.copytree(SHIPPED / "fonts", fonts)
    assert found("fonts", Workspace(tmp_path)).found == "the workspace's: Source Sans 3"


def test_a_font_file_that_is_none_is_named(tmp_path: Path) -> None:
    fonts = tmp_path / "templates" / "editions" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "broken.ttf").write_bytes(b"no font")
    finding = found("fonts", Workspace(tmp_path))
    assert not finding.well
    assert "fonts/broken.ttf: The file is no TrueType font" in finding.found
    assert str(fonts) in finding.mend


def test_a_font_without_swedish_letters_is_told(tmp_path: Path) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    fonts = tmp_path / "templates" / "editions" / "fonts"
    fonts.mkdir(parents=True)
    with TTFont(SHIPPED / "fonts" / "SourceSans3-Regular.ttf") as font:
        cutter = subset.Subsetter()
        cutter.populate(text=swedish.LETTERS.replace("å", "").replace("−", ""))
        cutter.subset(font)
        font.save(fonts / "Half-Regular.ttf")
    finding = found("fonts", Workspace(tmp_path))
    assert (finding.well, finding.found[-2:]) == (False, "å−")


def test_a_package_of_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.0" if name == "weasyprint" else real(name))
    finding = found("packages")
    assert not finding.well
    assert finding.found.startswith("weasyprint is 1.0, wanted is ==")


def test_a_folder_for_temporary_files_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    finding = found("temporary files")
    assert (finding.well, finding.found) == (False, "No space left on device")
