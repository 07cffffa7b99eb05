"""A build gives the same bytes in whatever surroundings: time zone, language, rights of new files, seed of hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from workspaces import PROJECT, RELEASE, small_workspace

from report_builder.editions.style_files import SHIPPED

SURROUNDINGS = {
    "west": (0o077, {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
    "east": (0o022, {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"}),
}
PNG_OF_A_DAY = """
import sys
from datetime import date
from pathlib import Path
from report_builder.editions.images import svg
values = [{"dag": day, "n": n} for n, day in enumerate(("2025-01-01", "2025-12-31", "2026-03-29"))]
axis = {"format": "%Y-%m-%d", "values": [1767139200000], "labelOverlap": False}
encoding = {"x": {"field": "dag", "type": "temporal", "axis": axis}, "y": {"field": "n", "type": "quantitative"}}
spec = {"data": {"values": values}, "mark": "point", "encoding": encoding}
sys.stdout.buffer.write(svg(spec, Path(sys.argv[1])))
"""


def with_(environment: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT), **environment}


def test_the_days_of_a_chart_are_those_of_its_data() -> None:
    command = [sys.executable, "-c", PNG_OF_A_DAY, str(SHIPPED / "fonts")]
    drawn = {
        subprocess.run(command, env=with_(environment), capture_output=True, check=True).stdout
        for _, environment in SURROUNDINGS.values()
    }
    assert len(drawn) == 1
    assert b">2025-12-31<" in drawn.pop()


def outputs(workspace: Path, *arguments: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """What the command writes below ``output``, in each of the surroundings, by name; nothing is kept between them."""
    written = []
    for name, (umask, environment) in SURROUNDINGS.items():
        root = workspace.with_name(name)
        shutil.copytree(workspace, root)
        command = [sys.executable, "-m", "report_builder.cli", *arguments, "--workspace", str(root)]
        caches = {"XDG_CACHE_HOME": str(root.with_name(f"{name}-cache"))}
        done = subprocess.run(
            command, env=with_(environment | caches), umask=umask, cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = (p for p in (root / "output").rglob("*") if p.is_file())
        written.append({p.relative_to(root).as_posix(): p.read_bytes() for p in found})
    west, east = written
    return west, east


def test_a_build_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(PROJECT / "tests" / "workspaces" / "arsrapport", workspace)
    west, east = outputs(workspace, "build", "arsrapport/2025")
    assert {".pdf", ".docx", ".html", ".json", ".csv"} <= {Path(name).suffix for name in west}
    assert [name for name in sorted({*west, *east}) if west.get(name) != east.get(name)] == []


def test_a_page_with_every_chart_is_the_same_everywhere(tmp_path: Path) -> None:
    west, east = outputs(small_workspace(tmp_path / "workspace").root, "preview", RELEASE, "--once")
    assert west["output/delredovisning/.2026-02.preview.html"].count(b"data:image/svg+xml") > 10
    assert [name for name in sorted({*west, *east}) if west.get(name) != east.get(name)] == []


@pytest.fixture(autouse=True)
def _zones_are_here() -> None:
    """Without the system's list of zones every zone would be UTC, and nothing would be tried."""
    assert Path("/usr/share/zoneinfo/Pacific/Kiritimati").exists()
