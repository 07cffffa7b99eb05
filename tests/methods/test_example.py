"""The example extract: what the generator makes of the committed calibration, and what every extract must obey."""

import csv
from datetime import date
from pathlib import Path

import pytest

from report_builder.example import generate
from report_builder.problems import ReportError

ROOT = Path(__file__).parents[2]
CALIBRATION = ROOT / "content/exempeldata/kalibrering.yaml"
METRICS = ROOT / "content/delredovisning/2026-02/metrics"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("example")
    return out, generate(CALIBRATION, out)


@pytest.fixture(scope="module")
def cases():
    with (METRICS / "arenden.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("name", ["arenden.csv", "uppehall.csv"])
def test_committed_files_are_what_the_generator_makes(made, name):
    assert (made[0] / name).read_bytes() == (METRICS / name).read_bytes()


def test_summary_counts_what_was_written(made, cases):
    summary = made[1]
    assert summary.cases == len(cases) == sum(n for _, n in summary.per_case_type) > 20_000
    assert len(summary.per_case_type) == 8


def test_events_follow_each_other_and_end_with_the_extract(cases):
    events = ("registrerad", "beslutad", "expedierad", "aterupptagen", "nytt_beslut", "ny_expediering")
    for case in cases:
        days = [case[e] for e in events]
        known = [d for d in days if d]
        assert days[: len(known)] == known == sorted(known), case
        assert known[-1] <= "2025-12-31"
        assert all(date.fromisoformat(d).weekday() < 5 for d in known), case


def test_the_uncommon_cases_are_there(cases):
    assert any(c["ny_expediering"] for c in cases)
    assert any(c["aterupptagen"] and not c["nytt_beslut"] for c in cases)
    assert any(c["expedierad"] > c["beslutad"] > "" for c in cases)
    assert any(c["beslutad"] and not c["expedierad"] for c in cases)
    with (METRICS / "uppehall.csv").open(encoding="utf-8") as file:
        waits = list(csv.DictReader(file, delimiter=";"))
    assert any(not w["till"] for w in waits)
    assert {w["arende_id"] for w in waits} <= {c["arende_id"] for c in cases}
    decided = {c["arende_id"]: c["beslutad"] for c in cases}
    assert not any(decided[w["arende_id"]] and (w["till"] or "9") > decided[w["arende_id"]] for w in waits)


def test_another_seed_makes_another_extract(tmp_path, made):
    text = CALIBRATION.read_text(encoding="utf-8").replace("seed: 20260228", "seed: 1")
    (tmp_path / "k.yaml").write_text(text, encoding="utf-8")
    generate(tmp_path / "k.yaml", tmp_path)
    assert (tmp_path / "arenden.csv").read_bytes() != (METRICS / "arenden.csv").read_bytes()


def test_a_parameter_without_a_ground_is_refused_with_its_line(tmp_path):
    lines = CALIBRATION.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.strip().startswith("source:"))
    (tmp_path / "k.yaml").write_text("".join(lines[:at] + lines[at + 1 :]), encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        generate(tmp_path / "k.yaml", tmp_path)
    (problem,) = caught.value.problems
    assert "source" in problem.message
    assert lines[problem.place.line - 1].strip() == "inflow:"
