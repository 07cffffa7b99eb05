"""Inputs for the front doors, each made from a seed: files of every kind, sound or damaged, and the command for them.

``sound`` are files that a reader outside the program reads too; what the two read must be the same.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import mutations

COLUMNS = ("id", "enhet_å", "dag", "stund", "klocka", "n", "x", "ja")
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: alla
name: Alla typer
version: 1.0.0
status: active
customProperties:
  - {property: delimiter, value: ";"}
  - {property: encoding, value: utf-8}
  - {property: decimalSeparator, value: ","}
  - {property: groupSeparator, value: " "}
schema:
  - name: alla
    properties:
      - {name: id, logicalType: string, required: true, unique: true}
      - {name: enhet_å, logicalType: string, logicalTypeOptions: {maxLength: 40}}
      - {name: dag, logicalType: date, logicalTypeOptions: {minimum: "1990-01-01"}}
      - {name: stund, logicalType: timestamp}
      - {name: klocka, logicalType: time}
      - {name: n, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 1000000}}
      - {name: x, logicalType: number, physicalType: "DECIMAL(18,4)"}
      - {name: ja, logicalType: boolean}
    quality:
      - {metric: rowCount, mustBeGreaterThan: 0}
      - {type: sql, description: D., query: "SELECT count(DISTINCT enhet_å) FROM alla", mustBeLessThan: 1000}
      - type: custom
        engine: report-builder
        description: D.
        implementation: {kind: requires, column: stund, requires: [dag]}
slaProperties:
  - {property: freshness, value: 365, unit: d, element: alla.dag}
"""
SETTINGS = """\
authority: {name: Myndigheten, short: M, web: m.se, primary: "#003366", accent: "#aa5500"}
marks: {draft: Utkast, example: Exempel}
mark_explanation: m
citation_advice: [c]
count_noun: [ärende, ärenden]
total: {id: alla, name: Alla, short: Alla}
limits: {seconds: 30, memory: 1024}
"""
_FORMATS = ("text", "json", "html", "junit", "sarif")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A command with its files in place; ``sound`` is a file that another reader is asked about too."""

    kind: str
    arguments: Sequence[str]
    folder: Path
    sound: Path | None = None


class Maker:
    """Makes inputs in ``home``; ``built`` is a folder with the output of a build, for what reads one."""

    def __init__(self, home: Path, seed: str, built: Path | None = None) -> None:
        self.home = home
        self.seed = seed
        self.built = built
        self.workspace = home / "workspace"
        write_workspace(self.workspace, CONTRACT)

    def make(self, number: int) -> Input:
        """The input with this number."""
        chance = random.Random(f"{self.seed}/{number}")
        kinds = [kind for kind in KINDS if self.built is not None or kind not in OF_A_BUILD]
        kind = chance.choices(kinds, [KINDS[kind][0] for kind in kinds])[0]
        folder = self.home / str(number)
        folder.mkdir()
        return KINDS[kind][1](self, chance, folder)

    def validate(self, kind: str, chance: random.Random, path: Path, sound: Path | None = None) -> Input:
        """The check of a metric file, in any of the formats."""
        arguments = ["validate", str(path), "-c", "alla@1.0.0", "-w", str(self.workspace)]
        arguments += ["--format", chance.choice(_FORMATS)]
        arguments += ["--as-of", chance.choice(("2025-12-31", "0001-01-01", "9999-12-31"))] * chance.choice((0, 1))
        arguments += ["--rows-to", str(path.with_name("rows.csv"))] * chance.choice((0, 0, 1))
        return Input(kind=kind, arguments=arguments, folder=path.parent, sound=sound)


def write_workspace(root: Path, contract: str, settings: str = SETTINGS) -> None:
    """A workspace with one contract."""
    (root / "content").mkdir(parents=True)
    (root / "data_contracts" / "alla").mkdir(parents=True)
    (root / "content" / "workspace.yaml").write_text(settings, encoding="utf-8")
    (root / "data_contracts" / "alla" / "1.0.0.yaml").write_text(contract, encoding="utf-8")


# --- tables of values


def value(chance: random.Random, column: str) -> Any:
    """A value of the column, or nothing."""
    day = date(1990, 1, 1) + timedelta(chance.randrange(13_000))
    hour = time(chance.randrange(24), chance.randrange(60))
    odd = chance.random() < 0.1
    units = ("Väst", "Syd å", 'sa "nej"', "a;b", "x\ny", "𝔸bc", *((" kant", chance.choice(mutations.WORDS)) * 5 * odd))
    values = {
        "id": f"a{chance.randrange(10**6)}",
        "enhet_å": chance.choice(units),
        "dag": day,
        "stund": datetime.combine(day, hour),
        "klocka": hour,
        "n": chance.choice((-1, 2**63 - 1) if odd else (0, 1, chance.randrange(10**6))),
        "x": Decimal(chance.randrange(-(10**9), 10**9)).scaleb(-chance.choice((0, 1, 2, 4))),
    }
    return None if column != "id" and chance.random() < 0.1 else values.get(column, chance.random() < 0.5)


def table(chance: random.Random) -> tuple[list[str], list[list[Any]]]:
    """A header and rows."""
    header = list(COLUMNS)
    if chance.random() < 0.15:
        chance.shuffle(header)
    if chance.random() < 0.07:
        header.append(chance.choice(("extra", "", "id", "Dag")))
    if chance.random() < 0.07:
        header.remove(chance.choice(COLUMNS))
    rows = [[value(chance, column) for column in header] for _ in range(chance.choice((0, 1, 2, 5, 20)))]
    return header, rows


def as_text(cell: Any) -> str:
    """A value as a Swedish CSV file has it."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case datetime():
            return cell.isoformat(sep=" ")
        case time():
            return cell.isoformat("minutes")
        case _:
            return str(cell)


# --- files


def csv_text(chance: random.Random, delimiter: str = ";") -> str:
    header, rows = table(chance)
    newline = chance.choice(("\n", "\n", "\r\n"))
    quoted = chance.choice((0.0, 0.1, 1.0))
    lines = [header, *([as_text(cell) for cell in row] for row in rows)]
    for _ in range(chance.choice((0, 0, 0, 0, 1, 2))):
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(([], [""], ["a"], [""] * len(header), ["x"] * 12)))
    written = [delimiter.join(_field(chance, field, delimiter, quoted) for field in line) for line in lines]
    return newline.join(written) + chance.choice((newline, "", newline * 3))


def _field(chance: random.Random, field: str, delimiter: str, quoted: float) -> str:
    if any(sign in field for sign in ('"', "\n", "\r", delimiter)) or chance.random() < quoted:
        return '"' + field.replace('"', '""') + '"'
    return field


def csv_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    path = folder / chance.choice(("a.csv", "a.csv", "a.txt", "A.CSV"))
    data = csv_text(chance, chance.choice((";", ";", ";", ",", "\t"))).encode("utf-8", "surrogatepass")
    if chance.random() < 0.5:
        data = mutations.damaged(chance, data, mutations.TEXT)
    path.write_bytes(data)
    return maker.validate("csv", chance, path, sound=path)


def json_lines(chance: random.Random) -> bytes:
    header, rows = table(chance)
    lines = []
    for row in rows:
        record = {name: _json(cell) for name, cell in zip(header, row, strict=True)}
        for name in [n for n in record if chance.random() < 0.05]:
            del record[name]
        lines.append(json.dumps(record, ensure_ascii=chance.random() < 0.5))
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def _json(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)
    return cell if cell is None or isinstance(cell, bool | int) else as_text(cell)


def json_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    path, data = folder / "a.jsonl", json_lines(chance)
    if chance.random() < 0.5:
        data = mutations.damaged(chance, data, mutations.TEXT)
    path.write_bytes(data)
    return maker.validate("json lines", chance, path, sound=path)


def parquet_bytes(chance: random.Random) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    header, rows = table(chance)
    columns, names = [], []
    for position, name in enumerate(header):
        cells = [row[position] for row in rows]
        kinds = TYPES.get(name, ("string",))
        kind = chance.choice(kinds) if chance.random() < 0.7 else kinds[0]
        columns.append(_array(cells, kind))
        names.append(name or "tom")
    written = io.BytesIO()
    arranged = pa.Table.from_arrays(columns, names=names)
    pq.write_table(
        arranged,
        written,
        compression=chance.choice(("snappy", "zstd", "none", "gzip")),
        use_dictionary=chance.random() < 0.5,
        version=chance.choice(("1.0", "2.6")),
        data_page_version=chance.choice(("1.0", "2.0")),
        row_group_size=chance.choice((1, 3, 1000)),
    )
    return written.getvalue()


TYPES: dict[str, tuple[Any, ...]] = {
    "id": ("string", "large_string", "binary", "dictionary"),
    "dag": ("date32", "date64", "timestamp[us]", "timestamp[ms, tz=Europe/Stockholm]", "string"),
    "stund": ("timestamp[us]", "timestamp[ns]", "timestamp[s]", "timestamp[us, tz=UTC]", "date32", "string"),
    "klocka": ("time64[us]", "time32[ms]", "string"),
    "n": ("int64", "int8", "uint64", "double", "float", "decimal(38,0)", "string"),
    "x": ("decimal(18,4)", "decimal(6,5)", "decimal(38,9)", "decimal256(60,6)", "double", "float", "int32", "string"),
    "ja": ("bool", "int8", "string"),
}


def _array(cells: list[Any], kind: str) -> Any:
    import pyarrow as pa

    texts = pa.array([None if c is None else as_text(c) for c in cells], pa.string())
    if kind == "dictionary":
        return texts.dictionary_encode()
    if kind in {"string", "large_string", "binary"}:
        return texts.cast(kind)
    try:
        return _typed(cells, kind)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return texts


def _typed(cells: list[Any], kind: str) -> Any:
    import pyarrow as pa

    name, _, arguments = kind.strip(")]").replace("(", "[").partition("[")
    if name.startswith("decimal"):
        digits, places = map(int, arguments.split(","))
        return pa.array(cells, (pa.decimal256 if name == "decimal256" else pa.decimal128)(digits, places))
    if name == "timestamp" and "tz" in arguments:
        unit, zone = arguments.split(", tz=")
        return pa.array(cells, pa.timestamp(unit)).cast(pa.timestamp(unit, zone))
    if name in {"double", "float"}:
        cells = [None if c is None else float(c) for c in cells]
    return pa.array(cells, kind)


def parquet_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    path, data = folder / "a.parquet", parquet_bytes(chance)
    sound = chance.random() < 0.3
    path.write_bytes(data if sound else mutations.damaged(chance, data))
    return maker.validate("parquet", chance, path, sound=path if sound else None)


def workbook_bytes(chance: random.Random) -> bytes:
    import openpyxl

    header, rows = table(chance)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = chance.choice(("alla", "Blad1"))
    sheet.append(header)
    for row in rows:
        sheet.append([_xlsx(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _xlsx(cell: Any) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(cell, str):
        kept = ILLEGAL_CHARACTERS_RE.sub("", cell).replace("\uffff", "")
        return f" {kept}" if kept.startswith("=") else kept
    return float(cell) if isinstance(cell, Decimal) else cell


_IN_A_SHEET: tuple[tuple[bytes, bytes], ...] = (
    (b'<row r="2"', b'<row r="2000000000"'), (b'<row r="2"', b'<row r="-1"'), (b'<row r="2"', b'<row r="1048577"'),
    (b'<row r="2"', b'<row r="2" hidden="1"'), (b'r="A2"', b'r="XFD2"'), (b'r="A2"', b'r="ZZZ2"'),
    (b'r="A2"', b'r="ZZZZ2"'), (b'r="A2"', b'r=""'), (b'r="A2"', b""), (b't="n"', b't="s"'), (b't="n"', b't="e"'),
    (b't="n"', b't="d"'), (b"<v>", b"<f>1+1</f><v>"), (b"<v>", b"<f\t/><v>1e999"), (b"<v>", b"<v>-"),
    (b"<sheetData>", b"<sheetData>" * 3), (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
    (b"<t>", b"<t>_x000D_"), (b"<t>", b"<t>&#9;"),
    (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:B9999999"/></mergeCells>'),
    (b"</sheetData>", b"<row/>" * 20_000 + b"</sheetData>"), (b's="1"', b's="999"'),
    (b"</row>", b"</row><row></row>"),
)  # fmt: skip


def workbook_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    path, data = folder / "a.xlsx", workbook_bytes(chance)
    way = chance.random()
    if way < 0.3:
        path.write_bytes(data)
        return maker.validate("workbook", chance, path, sound=path)
    if way < 0.5:
        path.write_bytes(mutations.damaged(chance, data))
    else:
        path.write_bytes(_repacked(chance, data, _IN_A_SHEET if way < 0.8 else ()))
    return maker.validate("workbook", chance, path)


def _repacked(chance: random.Random, data: bytes, replacements: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A ZIP with one part changed: by some of the ``replacements``, or damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    if replacements:
        name = next(name for name in parts if name.endswith("sheet1.xml"))
        for old, new in chance.sample(replacements, chance.choice((1, 1, 2))):
            parts[name] = parts[name].replace(old, new, chance.choice((1, -1)))
    else:
        name = chance.choice(sorted(parts))
        parts[name] = mutations.damaged(chance, parts[name], mutations.TEXT)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return written.getvalue()


def archive_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    inner, data = chance.choice((
        ("a.csv", csv_text(chance).encode("utf-8", "surrogatepass")), ("a.jsonl", json_lines(chance)),
        ("a.parquet", parquet_bytes(chance)), ("a.xlsx", workbook_bytes(chance)), ("a.csv", b"0;" * 5_000_000),
    ))  # fmt: skip
    if chance.random() < 0.3:
        path, packed = folder / f"{inner}.gz", gzip.compress(data)
    else:
        path, written = folder / "a.zip", io.BytesIO()
        ways = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
        with zipfile.ZipFile(written, "w", chance.choice(ways)) as archive:
            for name in (inner, *chance.choice(((), (), ("__MACOSX/._a",), ("b.csv",), ("../c.csv",), ("d/",)))):
                archive.writestr(name, data)
        packed = written.getvalue()
    path.write_bytes(packed if chance.random() < 0.3 else mutations.damaged(chance, packed))
    return maker.validate("archive", chance, path)


# --- what people write in a workspace


_IN_YAML = (
    "[" * 5000, "{a: " * 2000, "- " * 5000, "&a [*a]", "*nobody", "!!python/name:os.system ''", "!!int x",
    "!!float ''", "!!timestamp x", "!!binary ä", "? [a]\n: b", ".inf", "-.inf", ".nan", "1.0e+400", "1" * 5000, "0o8",
    "0b", "1_000", "~", "2025-99-99", "yes", "'", '"', "|", ">", "<<: *a", "{}", "[]", "null", "\t", "\x00",
    "%YAML 9.9", "---", "...", "@", "`", '"\\0"', '"\\ud800"', "-1", "0", "1.0e+60", "9999-12-31", "0001-01-01",
    "SELECT 1/0", "SELECT 'inf'::DOUBLE", "SELECT (" * 500, "SELECT len(range(10))",
    "SELECT * FROM read_csv('/etc/passwd')", "{kind: order, columns: [dag]}", "[[[[]]]]",
)  # fmt: skip


def yaml_text(chance: random.Random, text: str) -> bytes:
    """A YAML file with values, keys or lines changed, or damaged."""
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(lines))
        key, colon, rest = lines[at].partition(": ")
        match chance.randrange(5):
            case 0 if colon:
                lines[at] = f"{key}: {chance.choice(_IN_YAML)}"
            case 1 if colon:
                fields = rest.split(", ")
                fields[chance.randrange(len(fields))] = (
                    f"{fields[0].partition(':')[0].strip('{ ')}: {chance.choice(_IN_YAML)}"
                )
                lines[at] = f"{key}: {', '.join(fields)}"
            case 2:
                del lines[at]
                lines = lines or [""]
            case 3:
                lines.insert(at, lines[chance.randrange(len(lines))])
            case _:
                lines[at] = lines[at].replace(chance.choice((" ", ":", "{", "}", ",", '"')), chance.choice(_IN_YAML), 1)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    return mutations.damaged(chance, data, mutations.TEXT) if chance.random() < 0.2 else data


def contract_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    root, path = folder / "workspace", folder / "a.csv"
    write_workspace(root, "")
    (root / "data_contracts" / "alla" / "1.0.0.yaml").write_bytes(yaml_text(chance, CONTRACT))
    path.write_text(csv_text(chance), encoding="utf-8", errors="surrogatepass", newline="")
    verb = chance.choice((["validate", str(path), "-c", "alla@1.0.0", "--as-of", "2025-12-31"], ["check"],
                          ["contracts", "diff", "alla@0.9.0", "alla@1.0.0"]))  # fmt: skip
    (root / "data_contracts" / "alla" / "0.9.0.yaml").write_text(CONTRACT.replace("1.0.0", "0.9.0"), encoding="utf-8")
    return Input(kind="contract", arguments=[*verb, "-w", str(root)], folder=folder)


def settings_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    root = folder / "workspace"
    write_workspace(root, CONTRACT)
    (root / "content" / "workspace.yaml").write_bytes(yaml_text(chance, SETTINGS))
    return Input(kind="settings", arguments=["check", "-w", str(root)], folder=folder)


# --- what a build has written


def review_file(maker: Maker, chance: random.Random, folder: Path) -> Input:
    assert maker.built is not None
    path = folder / "a.docx"
    data = next(maker.built.glob("*.docx")).read_bytes()
    path.write_bytes(mutations.damaged(chance, data) if chance.random() < 0.5 else _repacked(chance, data, ()))
    return Input(kind="word file", arguments=["import-review", str(path), "-w", str(maker.workspace)], folder=folder)


def output_folder(maker: Maker, chance: random.Random, folder: Path) -> Input:
    import hashlib

    assert maker.built is not None
    copy = folder / "output"
    shutil.copytree(maker.built, copy)
    name = chance.choice(("document.json", "facts.csv", "manifest.json", "manifest.json"))
    data = (copy / name).read_bytes()
    changed = _json_changed(chance, data) if name.endswith(".json") and chance.random() < 0.6 else None
    changed = changed or mutations.damaged(chance, data, mutations.TEXT)
    (copy / name).write_bytes(changed)
    if name != "manifest.json" and chance.random() < 0.8:
        manifest = json.loads((copy / "manifest.json").read_bytes())
        for entry in manifest["outputs"]:
            if entry["file"] == name:
                entry["sha256"] = hashlib.sha256(changed).hexdigest()
        (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    arguments = ["compare", str(maker.built), str(copy), "-w", str(maker.workspace)]
    if chance.random() < 0.2:
        arguments = ["verify", str(copy)]
    return Input(kind="output", arguments=arguments, folder=folder)


def _json_changed(chance: random.Random, data: bytes) -> bytes:
    """The JSON with one thing in it replaced by another, or left out."""
    content = json.loads(data)
    at: Any = content
    while True:
        keys: list[Any] = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return data
        key = chance.choice(keys)
        if isinstance(at[key], dict | list) and at[key] and chance.random() < 0.85:
            at = at[key]
            continue
        if chance.random() < 0.3:
            del at[key]
        else:
            odd = (
                None,
                True,
                -1,
                10**30,
                1e308,
                float("nan"),
                "",
                "a",
                "../../a",
                "\x00",
                [],
                {},
                [[]],
                {"a": 1},
                "\ud800",
            )
            at[key] = chance.choice(odd)
        return json.dumps(content).encode("utf-8", "surrogatepass")


Make = Callable[[Maker, random.Random, Path], Input]
KINDS: dict[str, tuple[int, Make]] = {
    "csv": (30, csv_file),
    "json lines": (12, json_file),
    "parquet": (18, parquet_file),
    "workbook": (14, workbook_file),
    "archive": (6, archive_file),
    "contract": (12, contract_file),
    "settings": (3, settings_file),
    "word file": (3, review_file),
    "output": (2, output_folder),
}
"""How often each kind is made, and how."""
OF_A_BUILD = frozenset({"word file", "output"})
