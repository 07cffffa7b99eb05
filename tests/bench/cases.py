"""A file of cases with planted faults of ten kinds, as CSV and as Parquet, with its contract: the same at every run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

EACH = 20
"""Faults of each kind."""
DELIMITER = ";"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: the column that it spoils, the SQL that spoils it, the code that it should be found under."""

    name: str
    column: str
    sql: str
    code: str
    typed: bool = True
    """Whether a file whose columns have types can hold the fault."""


KINDS = (
    Kind(
        "repeated id", "arende_id", "'IVO-' || (2020 + (i - 1) % 6) || '-' || lpad((i - 1)::varchar, 8, '0')", "unique"
    ),
    Kind("unknown case type", "arendeslag", "'okänt'", "unknown-value"),
    Kind("no unit", "enhet", "NULL", "required"),
    Kind("not a date", "registrerad", "'i går'", "not-a-date", typed=False),
    Kind("decided before registered", "beslutad", "'2019-12-31'", "date-order"),
    Kind("dispatched before decided", "expedierad", "'2019-12-30'", "date-order"),
    Kind("negative", "handlingar", "'-1'", "out-of-range"),
    Kind("over a hundred", "andel", "'101'", "out-of-range"),
    Kind("wrong pattern", "kommun", "'12A4'", "wrong-pattern"),
    Kind("too long", "anmarkning", "repeat('å', 61)", "wrong-length"),
)
_TYPES = {
    **dict.fromkeys(("registrerad", "beslutad", "expedierad"), "date"),
    **dict.fromkeys(("handlingar", "remisser", "andel"), "integer"),
    "avgift": "decimal(10, 2)",
}
_COLUMNS = {
    "arende_id": "'IVO-' || (2020 + i % 6) || '-' || lpad(i::varchar, 8, '0')",
    "arendeslag": "['psl', 'hsp', 'tillstand', 'lex-maria', 'lex-sarah', 'ej-verkstallda', 'frekvenstillsyn', "
    "'egeninitierad'][1 + i % 8]",
    "enhet": "['Enhet nord', 'Enhet syd', 'Enhet väst', 'Enhet öst', 'Enhet sydväst, Malmö'][1 + (i * 7) % 5]",
    "lan": "lpad((1 + (i * 13) % 25)::varchar, 2, '0')",
    "kommun": "lpad((100 + (i * 31) % 2484)::varchar, 4, '0')",
    "kanal": "['webb', 'brev', 'telefon', 'e-post'][1 + (i * 3) % 4]",
    "registrerad": "(DATE '2020-01-01' + ((i * 37) % 2100)::int)::varchar",
    "beslutad": "(DATE '2020-01-01' + ((i * 37) % 2100 + (i * 11) % 200)::int)::varchar",
    "expedierad": "(DATE '2020-01-01' + ((i * 37) % 2100 + (i * 11) % 200 + i % 9)::int)::varchar",
    "handlingar": "((i * 17) % 40)::varchar",
    "remisser": "((i * 19) % 8)::varchar",
    "avgift": "(((i * 23) % 100000) / 100)::decimal(10, 2)::varchar",
    "andel": "((i * 29) % 101)::varchar",
    "handlaggare": "CASE WHEN i % 3 > 0 THEN 'Handläggare ' || (i % 300) END",
    "anmarkning": "CASE WHEN i % 5 > 0 THEN 'Ärendet rör ordinarie tillsyn nr ' || (i % 1000) END",
}


def planted(rows: int, typed: bool) -> dict[Kind, list[int]]:
    """The rows of each kind of fault, numbered as a spreadsheet numbers them; each in a row of its own."""
    kinds = [k for k in KINDS if k.typed or not typed]
    step = rows // (len(KINDS) * EACH)
    return {k: [2 + (f * len(KINDS) + KINDS.index(k)) * step + step // 2 for f in range(EACH)] for k in kinds}


def write(path: Path, rows: int, typed: bool) -> None:
    """Write ``rows`` cases to ``path``, CSV or Parquet by its name; ``typed`` leaves out what types cannot hold."""
    import duckdb

    faults = planted(rows, typed)
    cells = []
    for name, plain in _COLUMNS.items():
        kinds = [k for k in faults if k.column == name]
        spoilt = "".join(f"WHEN i IN ({', '.join(str(n - 2) for n in faults[k])}) THEN {k.sql} " for k in kinds)
        text = f"CASE {spoilt}ELSE {plain} END" if spoilt else plain
        cells.append(f"({text})::{_TYPES.get(name, 'varchar') if path.suffix == '.parquet' else 'varchar'} AS {name}")
    form = f"FORMAT csv, HEADER, DELIMITER '{DELIMITER}'" if path.suffix == ".csv" else "FORMAT parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {', '.join(cells)} FROM range({rows}) t(i)) TO '{path}' ({form})")


def contract(version: str, order: str, server: str = "") -> str:
    """The contract: 21 rules. ``order`` says how the two rules between columns are written: ``form`` or ``sql``."""
    between = {
        "form": "\n".join(
            "      - {type: custom, engine: report-builder, description: Dagarna kommer i följd., "
            f"implementation: {{kind: order, columns: [{a}, {b}]}}}}"
            for a, b in (("registrerad", "beslutad"), ("beslutad", "expedierad"))
        ),
        "sql": "\n".join(
            "      - {type: sql, description: Dagarna kommer i följd., mustBe: 0, "
            f'query: "SELECT COUNT(*) FROM arenden WHERE {b} < {a}"}}'
            for a, b in (("registrerad", "beslutad"), ("beslutad", "expedierad"))
        ),
    }[order]
    return _CONTRACT.format(version=version, between=between, server=server)


_CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: stor
version: {version}
status: draft
{server}customProperties:
  - {{property: delimiter, value: ";"}}
schema:
  - name: arenden
    logicalType: object
    physicalType: table
    properties:
      - {{name: arende_id, logicalType: string, physicalType: varchar, required: true, unique: true}}
      - name: arendeslag
        logicalType: string
        physicalType: varchar
        required: true
        quality:
          - metric: invalidValues
            mustBe: 0
            arguments:
              validValues:
                [psl, hsp, tillstand, lex-maria, lex-sarah, ej-verkstallda, frekvenstillsyn, egeninitierad]
      - {{name: enhet, logicalType: string, physicalType: varchar, required: true}}
      - {{name: lan, logicalType: string, physicalType: varchar}}
      - name: kommun
        logicalType: string
        physicalType: varchar
        required: true
        logicalTypeOptions: {{pattern: "^[0-9]{{4}}$"}}
      - {{name: kanal, logicalType: string, physicalType: varchar, required: true}}
      - {{name: registrerad, logicalType: date, physicalType: date, required: true}}
      - {{name: beslutad, logicalType: date, physicalType: date}}
      - {{name: expedierad, logicalType: date, physicalType: date}}
      - {{name: handlingar, logicalType: integer, physicalType: integer, logicalTypeOptions: {{minimum: 0}}}}
      - {{name: remisser, logicalType: integer, physicalType: integer}}
      - {{name: avgift, logicalType: number, physicalType: "decimal(10,2)"}}
      - {{name: andel, logicalType: integer, physicalType: integer, logicalTypeOptions: {{maximum: 100}}}}
      - {{name: handlaggare, logicalType: string, physicalType: varchar}}
      - {{name: anmarkning, logicalType: string, physicalType: varchar, logicalTypeOptions: {{maxLength: 60}}}}
    quality:
{between}
"""
