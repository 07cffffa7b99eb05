"""What the tests of revisions share: the reference document as a built release, and its Word edition."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "editions"))

from reference import reference_document

from report_builder.document import store
from report_builder.editions import Resources
from report_builder.editions.style_files import SHIPPED
from report_builder.editions.word import render
from report_builder.workspace.workspace import Workspace

RELEASE = "delredovisning/2026-02"


@pytest.fixture(scope="session")
def word_bytes(project: Path) -> bytes:
    """The reference document's Word edition."""
    return render(reference_document(), Resources(folder=SHIPPED))


@pytest.fixture
def workspace(project: Path, tmp_path: Path) -> Workspace:
    """A workspace whose release has been built as the reference document."""
    root = tmp_path / "workspace"
    folder = project / "content" / RELEASE
    (root / "content" / RELEASE).mkdir(parents=True)
    shutil.copy(folder / "release.yaml", root / "content" / RELEASE)
    shutil.copy(project / "content" / "workspace.yaml", root / "content")
    output = root / "output" / RELEASE
    output.mkdir(parents=True)
    (output / "document.json").write_text(store.dumps(reference_document()), encoding="utf-8")
    return Workspace(root)
