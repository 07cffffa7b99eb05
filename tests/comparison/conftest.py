"""What the tests of comparisons share: the reference document as two versions, and a small release built twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from versions import PROJECT, Builder, Desk, small_workspace

from report_builder.editions import Resources
from report_builder.editions.style_files import SHIPPED

sys.path.insert(0, str(PROJECT / "tests" / "editions"))


@pytest.fixture(scope="session")
def resources() -> Resources:
    """The project's own templates; charts are drawn once for all tests."""
    return Resources(folder=SHIPPED)


@pytest.fixture(scope="session")
def builder() -> Builder:
    """Builds versions; what rests on the same data is computed once."""
    return Builder()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace with the small delivery, for tests that copy it before they change it."""
    return small_workspace(tmp_path_factory.mktemp("first") / "workspace")


@pytest.fixture(scope="session")
def first(desk: Desk, builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the first version."""
    return builder.version(desk, tmp_path_factory.mktemp("versions") / "first")
