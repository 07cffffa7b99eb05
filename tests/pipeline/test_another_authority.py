"""The whole path on a real permit log, in a workspace of another authority: no Python, nothing of the product's own."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from workspaces import PROJECT, Desk

WORKSPACE = PROJECT / "tests" / "workspaces" / "tillstand"
RELEASE = "lagesrapport/2011"


@pytest.fixture
def permits(tmp_path: Path, shared_data: Path) -> Desk:
    root = tmp_path / "workspace"
    shutil.copytree(WORKSPACE, root)
    metrics = root / "content" / RELEASE / "metrics"
    metrics.mkdir()
    for name in ("tillstand_arenden.csv", "tillstand_uppehall.csv"):
        shutil.copyfile(shared_data / name, metrics / name)
    return Desk(root)


@pytest.mark.shared
def test_a_real_log_becomes_a_report(permits: Desk) -> None:
    done = permits.run("build", RELEASE)
    assert done.returncode == 0, done.stderr
    output = permits.root / "output" / RELEASE
    assert {p.suffix for p in output.iterdir()} >= {".pdf", ".docx", ".html"}
    with (output / "facts.csv").open(encoding="utf-8") as file:
        facts = {row["id"]: row["value"] for row in csv.DictReader(file)}
    log = permits.root / "content" / RELEASE / "metrics" / "tillstand_arenden.csv"
    with log.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    came_in = [r for r in rows if r["registrerad"].startswith("2011")]
    wrong = [r for r in came_in if r["beslutad"] and max(r["beslutad"], r["expedierad"] or "") < r["registrerad"]]
    assert int(facts["arendefloden.inkomna.alla.2011"]) == len(came_in) - len(wrong)
    done = permits.run("trace", RELEASE, "arendebalans.antal.alla.2011-12-31", "--rows", "1")
    assert done.returncode == 0, done.stderr
    assert "tillstand@1.0.0" in done.stdout
    assert "EXAMPLE" not in done.stdout
    assert date.fromisoformat(done.stdout.split("start ")[1][:10]) <= date(2011, 12, 31)
