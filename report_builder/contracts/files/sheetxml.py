"""What a worksheet's XML says that its values do not: hidden rows, merged cells, formulas. One pass, in pieces."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

_CHUNK = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="[A-Z]+([0-9]+):[A-Z]+([0-9]+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(slots=True, kw_only=True)
class SheetMarks:
    """``hidden`` counts hidden rows, ``merged`` has the first and the last row of each merged range."""

    hidden: int = 0
    merged: list[tuple[int, int]] = field(default_factory=list)
    formulas: bool = False


def sheet_marks(path: Path, part: str) -> SheetMarks:
    """Look through the worksheet ``part`` of the workbook ``path``; raises what :mod:`zipfile` raises."""
    marks = SheetMarks()
    with zipfile.ZipFile(path) as archive, archive.open(part.removeprefix("/")) as xml:
        rest = b""
        while chunk := xml.read(_CHUNK):
            whole, opening, rest = (rest + chunk).rpartition(b"<")
            rest = opening + rest
            _look(whole, marks)
        _look(rest, marks)
    return marks


def _look(xml: bytes, marks: SheetMarks) -> None:
    marks.hidden += len(_HIDDEN.findall(xml))
    marks.merged += [(int(first), int(last)) for first, last in _MERGED.findall(xml)]
    marks.formulas = marks.formulas or _FORMULA.search(xml) is not None
