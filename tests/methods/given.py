"""Deliveries made in a test: rows as a person writes them, as the typed tables that a method reads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import yaml

from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import SourceFile
from report_builder.methods import Method, load_methods

ROOT = Path(__file__).parents[2]
EVENTS = ("registrerad", "beslutad", "expedierad", "aterupptagen", "nytt_beslut", "ny_expediering")
METHODS = load_methods(ROOT, {"handlaggningstid": "v1", "arendebalans": "v1", "arendefloden": "v1"})
REPORTED = load_methods(ROOT, {"publicerat": "v1"})
_CASES = {"_row": "int64", "arende_id": "string", "arendeslag": "string", **dict.fromkeys(EVENTS, "date")}
_WAITS = {"_row": "int64", "arende_id": "string", "orsak": "string", "fran": "date", "till": "date"}
WAITING = {"object": "uppehall", "case_id": "arende_id", "cause": "orsak", "start": "fran", "end": "till"}
_SOURCE = SourceFile(file="content/delredovisning/2026-02/metrics/arenden.csv", sha256="0" * 64, rows=0)


def day(text: str | date | None) -> date | None:
    """A date as YAML or CSV gives it."""
    if isinstance(text, date):
        return text
    return date.fromisoformat(text) if text else None


def cases(
    rows: Iterable[Mapping[str, object]], waits: Iterable[Mapping[str, object]] = (), as_of: date | None = None
) -> Delivery:
    """Cases numbered from row 2; an event that is not given has not happened, and the case type is ``psl``.

    A wait names its case by number from 1 (``arende``), its ``orsak``, ``fran`` and perhaps ``till``.
    """
    table = [
        {
            "_row": i,
            "arende_id": f"EX-{i}",
            "arendeslag": row.get("arendeslag", "psl"),
            **{e: day(row.get(e)) for e in EVENTS},
        }
        for i, row in enumerate(rows, start=2)
    ]
    made = delivery("arenden", "arenden", table, _CASES, example=True)
    waiting = [
        {
            "_row": i,
            "arende_id": f"EX-{int(str(wait['arende'])) + 1}",
            "orsak": wait.get("orsak", "yttrande"),
            "fran": day(wait["fran"]),
            "till": day(wait.get("till")),
        }
        for i, wait in enumerate(waits, start=2)
    ]
    more = delivery("arenden", "uppehall", waiting, _WAITS)
    tables, sources = made.tables | more.tables, made.sources | more.sources
    return replace(made, tables=tables, sources=sources, as_of=as_of)


def variant(rules: Mapping[str, Any], measures: Iterable[str] = tuple(METHODS)) -> dict[str, Method]:
    """The methods of the workspace with ``rules`` in place of their own, read from files as an analyst writes them."""
    with TemporaryDirectory() as folder:
        for measure in measures:
            written = yaml.safe_load((ROOT / f"content/methods/{measure}/v1.yaml").read_text(encoding="utf-8"))
            known = {"clock", "source", *type(METHODS[measure].rules).model_fields}
            path = Path(folder) / f"content/methods/{measure}/{rules.get('version', 'v1')}.yaml"
            path.parent.mkdir(parents=True)
            merged = _merged(written, {k: v for k, v in rules.items() if k in known})
            merged["source"].setdefault("waiting", WAITING)
            path.write_text(yaml.safe_dump(merged, allow_unicode=True, sort_keys=False), encoding="utf-8")
            path.with_suffix(".md").write_text("Provmetod.", encoding="utf-8")
        return load_methods(Path(folder), dict.fromkeys(measures, rules.get("version", "v1")))


def _merged(under: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in over.items():
        both[key] = _merged(both[key], value) if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


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
