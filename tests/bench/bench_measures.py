"""`make bench`: all measures of a release from a million cases, beside the same figures by SQL written by hand.

By itself: ``python tests/bench/bench_measures.py [cases]``. Twelve case types, ten years, 120 month ends. Seconds are
those of the CPU, so that what else the machine does counts little. Half of the cases and half of the years tell what
the cost grows with.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import ibis

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import SourceFile
from report_builder.methods import compute, load_methods

ROOT = Path(__file__).parents[2]
OUT = ROOT / "output" / "bench-measures.json"
YEARS = [str(y) for y in range(2014, 2024)]
TYPES = [f"slag-{i}" for i in range(12)]
PINS = dict.fromkeys(("handlaggningstid", "arendebalans", "arendefloden"), "v1")
MAKE = """
CREATE TABLE arenden AS
SELECT i + 2 AS _row, 'A' || i AS arende_id, 'slag-' || (hash(i) % 12) AS arendeslag,
       r AS registrerad,
       CASE WHEN r + d < DATE '2024-01-01' THEN r + d END AS beslutad,
       CASE WHEN r + d + 2 < DATE '2024-01-01' THEN r + d + 2 END AS expedierad,
       CASE WHEN i % 40 = 0 AND r + d + 32 < DATE '2024-01-01' THEN r + d + 32 END AS aterupptagen,
       CASE WHEN i % 40 = 0 AND r + d + 92 < DATE '2024-01-01' THEN r + d + 92 END AS nytt_beslut,
       CASE WHEN i % 40 = 0 AND r + d + 95 < DATE '2024-01-01' THEN r + d + 95 END AS ny_expediering
FROM (SELECT i, DATE '2013-01-01' + (hash(i * 7 + 1) % 4000)::INT AS r,
             (10 - 260 * ln((1 + hash(i * 13 + 5) % 9999) / 10000.0))::INT AS d FROM range({cases}) t(i))
"""
IN_ORDER = """
  registrerad IS NOT NULL
  AND (expedierad IS NULL OR (beslutad IS NOT NULL AND greatest(beslutad, expedierad) >= registrerad))
  AND (aterupptagen IS NULL OR (expedierad IS NOT NULL AND aterupptagen >= greatest(beslutad, expedierad)))
  AND (ny_expediering IS NULL OR (nytt_beslut IS NOT NULL AND greatest(nytt_beslut, ny_expediering) >= aterupptagen))
"""
TIMES = f"""
WITH t AS (
  SELECT arendeslag, stop, stop - registrerad AS dagar, stop <= registrerad + INTERVAL 6 MONTH AS inom,
         stop <= registrerad + INTERVAL 12 MONTH AS ung FROM (
    SELECT *, CASE WHEN aterupptagen IS NULL THEN expedierad ELSE ny_expediering END AS stop FROM arenden
    WHERE {IN_ORDER})
  WHERE stop BETWEEN DATE '2014-01-01' AND DATE '2023-12-31')
SELECT arendeslag, year(stop) AS ar, quarter(stop) AS kvartal, count(*), median(dagar), quantile_cont(dagar, 0.9),
       avg(dagar), 100.0 * sum(inom::INT) / count(*), sum(ung::INT), sum(dagar) FILTER (ung)
FROM t GROUP BY GROUPING SETS ((arendeslag, ar, kvartal), (arendeslag, ar), (ar, kvartal), (ar))
"""
FLOWS = f"""
WITH e AS (
  SELECT arendeslag, 'in' AS slag, registrerad AS dag FROM arenden WHERE {IN_ORDER}
  UNION ALL SELECT arendeslag, 'ut', expedierad FROM arenden WHERE {IN_ORDER}
  UNION ALL SELECT arendeslag, 'ut', ny_expediering FROM arenden WHERE {IN_ORDER}
  UNION ALL SELECT arendeslag, 'igen', aterupptagen FROM arenden WHERE {IN_ORDER})
SELECT arendeslag, slag, year(dag) AS ar, quarter(dag) AS kvartal, count(*) FROM e
WHERE dag BETWEEN DATE '2014-01-01' AND DATE '2023-12-31'
GROUP BY GROUPING SETS ((arendeslag, slag, ar, kvartal), (arendeslag, slag, ar), (slag, ar, kvartal), (slag, ar))
"""
STOCKS = f"""
WITH o AS (
  SELECT arendeslag, registrerad AS start, registrerad AS oppen, expedierad AS stangd FROM arenden WHERE {IN_ORDER}
  UNION ALL SELECT arendeslag, registrerad, aterupptagen, ny_expediering FROM arenden
  WHERE aterupptagen IS NOT NULL AND {IN_ORDER}),
b AS (
  SELECT arendeslag, m, stangd,
         greatest(oppen, (start + to_months(m))::DATE + CASE WHEN m = 0 THEN 0 ELSE 1 END) AS fran
  FROM o, (VALUES (0), (6), (12), (24)) g(m)),
h AS (
  SELECT arendeslag, m, date_trunc('month', fran) AS manad, count(*) AS n FROM b WHERE stangd IS NULL OR fran < stangd
  GROUP BY ALL
  UNION ALL
  SELECT arendeslag, m, date_trunc('month', stangd), -count(*) FROM b WHERE fran < stangd GROUP BY ALL)
SELECT arendeslag, m, manad, sum(sum(n)) OVER (PARTITION BY arendeslag, m ORDER BY manad) FROM h
GROUP BY GROUPING SETS ((arendeslag, m, manad), (m, manad))
"""


def main(cases: int) -> dict[str, Any]:
    """Medians of five runs of each in seconds of CPU, taken in turns, printed and written as JSON."""
    con = ibis.duckdb.connect()
    con.raw_sql(MAKE.format(cases=cases))
    whole, half = (
        _delivery(con.table("arenden"), cases),
        _delivery(con.table("arenden").filter(ibis._._row % 2 == 0), cases),
    )
    methods = load_methods(ROOT, PINS)
    steps: dict[str, Callable[[], Any]] = {
        "ours": lambda: compute(methods, [whole], TYPES, YEARS),
        "sql": lambda: [con.raw_sql(sql).fetchall() for sql in (TIMES, FLOWS, STOCKS)],
        "ours, half of the cases": lambda: compute(methods, [half], TYPES, YEARS),
        "ours, half of the years": lambda: compute(methods, [whole], TYPES, YEARS[:5]),
    }
    runs: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(5):
        for name, run in steps.items():
            runs[name].append(_seconds(run))
    found: dict[str, Any] = {name: round(statistics.median(times), 3) for name, times in runs.items()}
    found |= {"cases": cases, "facts": len(compute(methods, [whole], TYPES, YEARS))}
    found["ratio"] = round(found["ours"] / found["sql"], 2)
    for name, value in found.items():
        print(f"{name:26} {value}")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def _delivery(table: ibis.Table, rows: int) -> Delivery:
    source = SourceFile(file="arenden.csv", sha256="0" * 64, rows=rows)
    tables, sources = {"arenden": table}, {"arenden": source}
    return Delivery(dataset="arenden", version="1.0.0", tables=tables, sources=sources, as_of=date(2023, 12, 31))


def _seconds(run: Callable[[], Any]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
