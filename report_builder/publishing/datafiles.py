"""Tables and figures as files of their own: numbers as CSV, charts as SVG and PNG with their alternative texts."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.swedish import MINUS, NBSP

if TYPE_CHECKING:
    from report_builder.editions.images import Charts

_SVG = "http://www.w3.org/2000/svg"
_SCALE = 2.0
"""Pixels of a PNG to one of the SVG: sharp on a screen that doubles them."""

_PNG_START = 8
_PNG_HEADER = 25


def table_files(document: n.Document) -> dict[str, bytes]:
    """Every table as ``tables/<id>.csv``, with a list of them and one file that holds each cell with its fact."""
    found = [node for node in walk(document) if isinstance(node, n.Table)]
    files = {f"tables/{table.id}.csv": _grid(table) for table in found}
    rows = ((t.id, t.number, plain_text(t.caption), f"{t.id}.csv") for t in found)
    files["tables/index.csv"] = _csv(("id", "number", "caption", "file"), rows)
    header = ("table", "row", "column", "text", "value", "fact")
    files["tables/cells.csv"] = _csv(header, (line for table in found for line in _cells(table)))
    return files


def figures(document: n.Document) -> dict[str, bytes]:
    """The numbers of every figure as ``figures/<id>.csv``, with a list of the figures and their alternative texts."""
    found = list(_figures(document))
    files = {f"figures/{figure.id}.csv": _grid(figure.data) for figure in found}
    header = ("id", "number", "caption", "alternative_text", "svg", "png", "data")
    rows = ((f.id, f.number, plain_text(f.caption), f.alt, f"{f.id}.svg", f"{f.id}.png", f"{f.id}.csv") for f in found)
    files["figures/index.csv"] = _csv(header, rows)
    return files


def pictures(document: n.Document, charts: Charts) -> dict[str, bytes]:
    """Every chart as ``figures/<id>.svg`` and ``.png``, the caption and the alternative text inside both.

    Raises:
        ReportError: a chart cannot be drawn.

    """
    files = {}
    for figure in _figures(document):
        files[f"figures/{figure.id}.svg"] = _described_svg(charts.svg(figure), figure)
        files[f"figures/{figure.id}.png"] = _described_png(charts.png(figure, _SCALE), figure)
    return files


def _figures(document: n.Document) -> Iterator[n.Figure]:
    return (node for node in walk(document) if isinstance(node, n.Figure))


def _grid(table: n.Table) -> bytes:
    """The table as it is printed, numbers with a decimal point and nothing between the digits."""
    groups = [title for title, span in table.groups for _ in range(span)] or [""] * len(table.columns)
    headers = (plain_text(column.header) for column in table.columns)
    header = [f"{group}: {words}" if group else words for group, words in zip(groups, headers, strict=True)]
    return _csv(header, ([_plain(cell) for cell in row.cells] for row in table.rows))


def _cells(table: n.Table) -> Iterator[Sequence[str]]:
    headers = [plain_text(column.header) for column in table.columns]
    for row in table.rows:
        for header, cell in list(zip(headers, row.cells, strict=True))[1:]:
            facts = " ".join(item.fact_id for item in cell if isinstance(item, n.FactValue))
            value = _number(plain_text(cell))
            shown = "" if value is None else f"{value:f}"
            yield table.id, plain_text(row.cells[0]), header, plain_text(cell), shown, facts


def _plain(cell: tuple[n.Inline, ...]) -> str:
    text = plain_text(cell)
    value = _number(text)
    return text if value is None else f"{value:f}"


def _number(text: str) -> Decimal | None:
    """The number that a cell prints and nothing else, or ``None``; a year and a percentage are numbers too."""
    bare = text.removesuffix("%").replace(NBSP, "").replace(MINUS, "-").replace(",", ".").strip()
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def _described_svg(drawn: bytes, figure: n.Figure) -> bytes:
    root = ElementTree.fromstring(drawn)  # noqa: S314 -- drawn by ourselves
    for position, (name, words) in enumerate((("title", plain_text(figure.caption)), ("desc", figure.alt))):
        element = ElementTree.Element(f"{{{_SVG}}}{name}")
        element.text = words
        root.insert(position, element)
    root.set("role", "img")
    root.set("lang", "sv")
    ElementTree.register_namespace("", _SVG)
    return bytes(ElementTree.tostring(root, encoding="utf-8"))


def _described_png(drawn: bytes, figure: n.Figure) -> bytes:
    """The picture with the words as text inside, behind its header, where a PNG carries them."""
    head, rest = drawn[: _PNG_START + _PNG_HEADER], drawn[_PNG_START + _PNG_HEADER :]
    return head + _text("Title", plain_text(figure.caption)) + _text("Description", figure.alt) + rest


def _text(keyword: str, words: str) -> bytes:
    content = b"iTXt" + keyword.encode("ascii") + b"\0\0\0sv\0\0" + words.encode("utf-8")
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
