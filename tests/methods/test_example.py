"""The example extract: what the generator makes of the committed calibration, and what every extract must obey."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from report_builder.example import generate
from report_builder.problems import ReportError

ROOT = Path(__file__).parents[2]
CALIBRATION = ROOT / "content/exempeldata/kalibrering.yaml"
METRICS = ROOT / "content/delredovisning/2026-02/metrics"
LATER = {
    date(2026, 4, 30): ROOT / "content/periodisk-rapport/2026-t1/metrics",
    date(2026, 8, 31): ROOT / "content/periodisk-rapport/2026-t2/metrics",
    date(2026, 12, 31): ROOT / "content/slutredovisning/2027-02/metrics",
}
FROM = date(2024, 1, 1)
"""The later extracts leave out what was over when this day began."""
EVENTS = ("registrerad", "beslutad", "expedierad", "aterupptagen", "nytt_beslut", "ny_expediering")


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
    for case in cases:
        days = [case[e] for e in EVENTS]
        known = [d for d in days if d]
        assert days[: len(known)] == known == sorted(known), case
        assert known[-1] <= "2025-12-31"
        assert all(date.fromisoformat(d).weekday() < 5 for d in known), case


@pytest.mark.parametrize(("as_of", "folder"), LATER.items())
def test_later_extracts_are_what_the_generator_makes(tmp_path, as_of, folder):
    generate(CALIBRATION, tmp_path, as_of=as_of, first_day=FROM)
    for name in ("arenden.csv", "uppehall.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_case_stands_the_same_in_every_extract_save_for_what_has_happened_since():
    extracts = {date(2025, 12, 31): METRICS, **LATER}
    for (day, folder), (_, later) in pairwise(extracts.items()):
        before, after = _read(folder / "arenden.csv"), _read(later / "arenden.csv")
        for name, case in before.items():
            if name not in after:
                assert max(case[e] for e in EVENTS) < FROM.isoformat(), name
                continue
            now = after[name]
            assert (case["arendeslag"], case["enhet"]) == (now["arendeslag"], now["enhet"])
            for event in EVENTS:
                assert case[event] == now[event] or (not case[event] and now[event] > day.isoformat()), name
        for name in after.keys() - before.keys():
            new = after[name]
            reopened = new["expedierad"] and new["expedierad"] < FROM.isoformat() and new["aterupptagen"]
            assert max(new["registrerad"], reopened or "") > day.isoformat(), name


def test_a_wait_stands_the_same_in_every_extract():
    extracts = {date(2025, 12, 31): METRICS, **LATER}
    for (day, folder), (_, later) in pairwise(extracts.items()):
        known = _waits(folder)
        for key, end in _waits(later).items():
            if key[2] <= day.isoformat() and key in known:
                assert known[key] == end or (not known[key] and (not end or end > day.isoformat())), key


def _read(path):
    with path.open(encoding="utf-8") as file:
        return {row["arende_id"]: row for row in csv.DictReader(file, delimiter=";")}


def _waits(folder):
    with (folder / "uppehall.csv").open(encoding="utf-8") as file:
        return {(w["arende_id"], w["orsak"], w["fran"]): w["till"] for w in csv.DictReader(file, delimiter=";")}


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
