"""Deliveries made in a test: rows as a person writes them, as the typed tables that a method reads."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import ibis

from report_builder.delivery import Delivery
from report_builder.facts import SourceFile
from report_builder.methods import load_methods

ROOT = Path(__file__).parents[2]
EVENTS = ("registrerad", "beslutad", "expedierad", "aterupptagen", "nytt_beslut", "ny_expediering")
METHODS = load_methods(ROOT, {"handlaggningstid": "v1", "arendebalans": "v1", "arendefloden": "v1"})
REPORTED = load_methods(ROOT, {"publicerat": "v1"})
_CASES = {"_row": "int64", "arende_id": "string", "arendeslag": "string", **dict.fromkeys(EVENTS, "date")}
_SOURCE = SourceFile(file="content/delredovisning/2026-02/metrics/arenden.csv", sha256="0" * 64, rows=0)


def day(text: str | date | None) -> date | None:
    """A date as YAML or CSV gives it."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text) if text else None


def cases(rows: Iterable[Mapping[str, object]]) -> Delivery:
    """Cases numbered from row 2; an event that is not given has not happened, and the case type is ``psl``."""
    table = [
        {
            "_row": i,
            "arende_id": f"EX-{i}",
            "arendeslag": row.get("arendeslag", "psl"),
            **{e: day(row.get(e)) for e in EVENTS},
        }
        for i, row in enumerate(rows, start=2)
    ]
    return delivery("arenden", "arenden", table, _CASES, example=True)


def delivery(
    dataset: str, name: str, rows: list[dict[str, object]], schema: dict[str, str], *, example: bool = False
) -> Delivery:
    """A delivery of one schema object."""
    columns = {column: [row[column] for row in rows] for column in schema}
    table = ibis.memtable(_frame(columns, schema))
    return Delivery(dataset=dataset, version="1.0.0", tables={name: table}, sources={name: _SOURCE}, example=example)


def _frame(columns: dict[str, list[object]], schema: dict[str, str]):
    import pyarrow as pa

    kinds = {"int64": pa.int64(), "string": pa.string(), "date": pa.date32(), "decimal": pa.decimal128(18, 4)}
    return pa.table({name: pa.array(values, type=kinds[schema[name]]) for name, values in columns.items()})
