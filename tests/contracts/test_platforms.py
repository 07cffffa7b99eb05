"""What is not there on every system is not needed."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest

from report_builder.contracts.files.scan import scan


def test_a_file_is_looked_through_where_memory_cannot_be_advised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n1;2\n")
    seen = scan(path, ";")
    monkeypatch.delattr(mmap, "MADV_DONTNEED")  # Windows
    assert scan(path, ";") == seen
