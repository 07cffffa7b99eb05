"""Workspaces for the tests of the whole path."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import Desk, small_workspace


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A fresh workspace with the small delivery."""
    return small_workspace(tmp_path / "workspace")
