"""The files that the project ships, and a real permit log, against their contracts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from report_builder.contracts.check import check_delivery
from report_builder.contracts.odcs.load import load_contract

METRICS = Path("content/delredovisning/2026-02/metrics")


def test_the_example_extract_meets_its_contract(project: Path) -> None:
    files = {name: project / METRICS / f"{name}.csv" for name in ("arenden", "uppehall")}
    result = check_delivery(load_contract(project, "arenden", "1.0.0"), files, example=True, as_of=date(2025, 12, 31))
    assert result.problems == ()
    assert result.delivery is not None
    assert result.delivery.example
    assert result.delivery.sources["arenden"].rows > 20_000


def test_the_published_figures_meet_theirs(project: Path) -> None:
    file = project / METRICS / "ivo_publicerade_uppgifter.csv"
    result = check_delivery(load_contract(project, "publicerade-uppgifter", "1.0.0"), {"uppgifter": file})
    assert result.problems == ()
    assert result.delivery is not None
    table = result.delivery.tables["uppgifter"]
    rows = {r["_row"]: r for r in table.to_pyarrow().to_pylist()}
    assert (rows[8]["varde"], rows[8]["enhet"]) == (Decimal("6.0000"), "månader")
    assert (rows[2]["period_start"], rows[2]["varde"]) == (date(2015, 1, 1), Decimal("2696.0000"))
    assert any(r["period_start"] is None for r in rows.values())


@pytest.mark.shared
def test_the_permit_log_is_taken_with_its_flaws_told(project: Path, shared_data: Path) -> None:
    contract = load_contract(project / "tests" / "workspaces" / "tillstand", "tillstand", "1.0.0")
    files = {name: shared_data / f"tillstand_{name}.csv" for name in ("arenden", "uppehall")}
    result = check_delivery(contract, files)
    assert result.delivery is not None
    assert {n: s.rows for n, s in result.delivery.sources.items()} == {"arenden": 1434, "uppehall": 15}
    told = [(p.code, p.place.row, p.count) for p in result.delivery.warnings if p.place]
    assert told == [("date-order", 331, 2), ("required-with", 835, 1)]
