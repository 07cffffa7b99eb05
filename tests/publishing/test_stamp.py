"""When a build may be left undone: nothing that it could read has changed, and its output is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from report_builder.output.folder import replace_folder
from report_builder.output.stamp import keep, stamp, still_true
from report_builder.packages.manifest import InputFile, write_manifest


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name in ("content/slag/1/release.yaml", "data_contracts/a/1.yaml", "templates/slag/v1/a.md.j2"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("a", encoding="utf-8")
    folder = tmp_path / "output" / "slag" / "1"
    files = {"a.pdf": b"1", "validation/a.html": b"2"}
    inputs = []
    for name in ("metrics/a.csv", "content/slag/1/../../../metrics/b.csv"):
        path = tmp_path / "metrics" / name[-5:]
        path.parent.mkdir(exist_ok=True)
        path.write_text("a", encoding="utf-8")
        inputs.append(InputFile(role="metrics", version="a@1", name=name, path=path))
    replace_folder(folder, {**files, "manifest.json": write_manifest("slag/1", "draft", inputs, files)})
    keep(folder, stamp(tmp_path))
    return tmp_path


def current(workspace: Path) -> tuple[str, ...] | None:
    return still_true(workspace, workspace / "output" / "slag" / "1", stamp(workspace))


def test_an_untouched_workspace_is_left(workspace: Path) -> None:
    assert current(workspace) == ("a.pdf", "manifest.json", "validation/a.html")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a section is rewritten": lambda w: (w / "content/slag/1/release.yaml").write_text("b"),
    "a contract is added": lambda w: (w / "data_contracts/a/2.yaml").write_text("b"),
    "a template is moved": lambda w: (w / "templates/slag/v1/a.md.j2").rename(w / "templates/slag/v1/b.md.j2"),
    "a metric file that lies elsewhere is rewritten": lambda w: (w / "metrics/a.csv").write_text("b"),
    "one that is named by a way out of the folders is": lambda w: (w / "metrics/b.csv").write_text("b"),
    "a metric file that lies elsewhere is gone": lambda w: (w / "metrics/a.csv").unlink(),
    "an output is edited": lambda w: (w / "output/slag/1/a.pdf").write_bytes(b"3"),
    "an output is removed": lambda w: (w / "output/slag/1/validation/a.html").unlink(),
    "a file lies beside the outputs": lambda w: (w / "output/slag/1/b.pdf").write_bytes(b"3"),
    "the manifest is edited": lambda w: (w / "output/slag/1/manifest.json").write_text("{}"),
    "the stamp is spoiled": lambda w: (w / "output/slag/.1.stamp").write_text("{"),
    "the stamp is gone": lambda w: (w / "output/slag/.1.stamp").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_is_built_again_when(change: Callable[[Path], object], workspace: Path) -> None:
    change(workspace)
    assert current(workspace) is None


def test_it_is_built_again_with_another_program(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from report_builder.output import stamp as module

    (workspace / "program").mkdir()
    (workspace / "program" / "a.py").write_text("pass")
    monkeypatch.setattr(module, "_PROGRAM", workspace / "program")
    assert current(workspace) is None
