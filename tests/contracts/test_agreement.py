"""datacontract-cli takes the same contracts and comes to the same verdict."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from report_builder.contracts.check import check_file
from report_builder.contracts.odcs.load import load_contract

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("CONTRACT_JUDGES", PROJECT / ".judges" / "contracts")) / "bin" / "datacontract"
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: prov
version: 1.0.0
status: draft
servers:
  - {{server: local, type: local, path: "{path}", format: csv, delimiter: ","}}
schema:
  - name: rader
    logicalType: object
    physicalType: table
    properties:
      - {{name: id, logicalType: string, physicalType: varchar, required: true, unique: true}}
      - {{name: antal, logicalType: integer, physicalType: integer, logicalTypeOptions: {{minimum: 0, maximum: 10}}}}
      - name: slag
        logicalType: string
        physicalType: varchar
        logicalTypeOptions: {{pattern: "^[a-c]$", maxLength: 1}}
        quality:
          - {{metric: invalidValues, mustBeLessOrEqualTo: 1, arguments: {{validValues: [a, b]}}}}
    quality:
      - {{metric: rowCount, mustBeBetween: [2, 3]}}
      - {{type: sql, description: Inte flera nollor., mustBeLessThan: 2,
         query: "SELECT COUNT(*) FROM rader WHERE antal = 0"}}
"""
DELIVERIES = {
    "good, every bound touched": ("x,0,a\ny,10,b\nz,5,c\n", True),
    "too few rows": ("x,0,a\n", False),
    "too many rows": ("x,1,a\ny,2,b\nz,3,a\nw,4,a\n", False),
    "above the maximum": ("x,0,a\ny,11,b\n", False),
    "repeated": ("x,0,a\nx,1,b\n", False),
    "empty": (",0,a\nx,1,b\n", False),
    "two unknown values": ("x,0,c\ny,1,c\n", False),
    "off the pattern": ("x,0,d\ny,1,a\n", False),
    "two noughts": ("x,0,a\ny,0,a\n", False),
}


def verdict(*arguments: str) -> bool:
    done = subprocess.run([str(PROGRAM), *arguments], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode == 0


@pytest.mark.judge("contracts")
@pytest.mark.parametrize("path", sorted(PROJECT.glob("data_contracts/*/*.yaml")), ids=lambda p: p.parent.name)
def test_it_finds_nothing_wrong_with_our_contracts(path: Path) -> None:
    assert verdict("lint", str(path))


@pytest.mark.judge("contracts")
@pytest.mark.parametrize(("rows", "good"), DELIVERIES.values(), ids=DELIVERIES)
def test_it_comes_to_our_verdict(tmp_path: Path, rows: str, good: bool) -> None:
    data = tmp_path / "rader.csv"
    data.write_text("id,antal,slag\n" + rows, encoding="utf-8")
    path = tmp_path / "data_contracts" / "prov" / "1.0.0.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(CONTRACT.format(path=data), encoding="utf-8")
    result = check_file(load_contract(tmp_path, "prov", "1.0.0"), data)
    assert (not result.errors) == good
    assert verdict("test", str(path)) == good
