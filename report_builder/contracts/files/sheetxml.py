"""What a worksheet's XML says that its values do not: hidden rows, merged cells, formulas whose result is not there.

One pass with the XML parser, a row at a time; nothing outside the sheet is fetched, and no entity is resolved.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TRUE = frozenset({"1", "true"})
_CELL = re.compile(r"\$?([A-Z]+)\$?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Range:
    """Cells side by side: their first and last row and column, counted from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(slots=True, kw_only=True)
class SheetMarks:
    """``hidden`` are hidden rows, ``merged`` the cells of each merged range.

    ``uncalculated`` are formulas that have no result, as (row, column), both counted from 1.
    """

    hidden: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)


def sheet_marks(path: Path, part: str) -> SheetMarks:
    """Look through the worksheet ``part`` of the workbook ``path``.

    Raises:
        lxml.etree.XMLSyntaxError: the part is no XML. What :mod:`zipfile` raises goes through too.

    """
    from lxml import etree

    marks = SheetMarks()
    row, formulas = 0, []
    with zipfile.ZipFile(path) as archive, archive.open(part.removeprefix("/")) as xml:
        tags = ("{*}row", "{*}f", "{*}mergeCell")
        for _, element in etree.iterparse(xml, tag=tags, resolve_entities=False, no_network=True, load_dtd=False):
            match etree.QName(element).localname:
                case "f":
                    formulas.append(element.getparent())
                case "row":
                    row = int(element.get("r") or row + 1)
                    if element.get("hidden") in _TRUE:
                        marks.hidden.append(row)
                    marks.uncalculated += [(row, _column(cell)) for cell in formulas if not _has_value(cell)]
                    formulas.clear()
                    _let_go(element)
                case _:
                    marks.merged += _range_of(element.get("ref", ""))
    return marks


def _has_value(cell: Any) -> bool:
    """Whether a cell has a result; an empty text is one, where the cell says that its result is text."""
    value = cell.find("{*}v")
    return value is not None and (bool(value.text) or cell.get("t") == "str")


def _column(cell: Any) -> int:
    """The number of a cell's column; one that does not say its name follows on the cell before it."""
    from openpyxl.utils import column_index_from_string

    found = _CELL.fullmatch(cell.get("r", ""))
    return int(column_index_from_string(found.group(1)) if found else cell.getparent().index(cell) + 1)


def _range_of(range_of_cells: str) -> list[Range]:
    """The rows and columns of ``B2:D7``."""
    from openpyxl.utils import column_index_from_string

    corners = [found for corner in range_of_cells.split(":") if (found := _CELL.fullmatch(corner))]
    if not corners:
        return []
    columns = [int(column_index_from_string(corner.group(1))) for corner in (corners[0], corners[-1])]
    return [Range(int(corners[0].group(2)), int(corners[-1].group(2)), *columns)]


def _let_go(row: Any) -> None:
    """Let a row leave memory, with what the parser keeps of the rows before it."""
    row.clear()
    while row.getprevious() is not None:
        del row.getparent()[0]
