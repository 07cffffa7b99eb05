"""JSON lines as text: one object a line, its numbers as they were written; rows are numbered from 1, as the lines."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.parquetfile import NO_HEADER
from report_builder.contracts.files.scan import LONGEST_LINE
from report_builder.contracts.files.sheet import Cells, Sheet, match, store
from report_builder.contracts.result import Finding
from report_builder.contracts.words import Words, words

JSON_LINES = frozenset({".jsonl", ".ndjson"})
_SEARCHED_LINES = 20
_LONGEST_NUMBER = 40
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json_lines(path: Path, faults: FileFaults) -> Sheet:
    """Read JSON lines as text. Raises OSError where the file cannot be opened."""
    contract = faults.contract
    reader = _LineReader(faults=faults)
    with path.open("rb") as file:
        records = list(reader.records(file))
    headers = tuple(reader.names)
    if not headers:
        finding = faults.empty() if not reader.findings else None
        found = (*reader.findings, *([finding] if finding else []))
        return Sheet(contract=contract, shown=faults.shown, findings=found)
    matched = match(headers, faults)
    rows = ((number, _cells(record, headers)) for number, record in records)
    table = store(rows, matched)
    return Sheet(
        contract=contract,
        shown=faults.shown,
        headers=headers,
        present=tuple(matched.positions),
        table=table,
        findings=(*reader.findings, *matched.findings),
        notes=(NO_HEADER,),
    )


def json_headers(path: Path) -> tuple[str, ...]:
    """The names in the first lines of a file of JSON lines; empty where they are none. Raises OSError."""
    names: dict[str, None] = {}
    with path.open("rb") as file:
        for line, _ in zip(file, range(_SEARCHED_LINES), strict=False):
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            names |= dict.fromkeys(record) if isinstance(record, dict) else {}
    return tuple(names)


def _cells(record: dict[str, str | None], headers: tuple[str, ...]) -> Cells:
    return [record.get(name) for name in headers]


@dataclass(slots=True)
class _LineReader:
    """Reads line by line; ``names`` gathers every name in the order they come, ``findings`` what is no record."""

    faults: FileFaults
    names: dict[str, None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _wrong: int = 0
    _first: tuple[int, Words] | None = None

    def records(self, file: BinaryIO) -> Iterator[tuple[int, dict[str, str | None]]]:
        """Each line's number and record. When they run out, ``findings`` is complete."""
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                self.findings.append(self.faults.long_line(number))
                break
            record = self._record(number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)
            if record:
                self.names |= dict.fromkeys(record)
                yield number, record
        if self._first is not None:
            row, reason = self._first
            self.findings.append(_no_record(self.faults, row, reason, self._wrong))

    def _record(self, number: int, line: bytes) -> dict[str, str | None]:
        if not line.strip():
            return {}
        try:
            text = line.decode()
            record = json.loads(text, parse_float=_float, parse_int=str, parse_constant=str, object_pairs_hook=_once)
            if _SURROGATE.search(text):  # "\\ud800" is half of a letter: no text has it
                json.dumps(record, ensure_ascii=False).encode()
        except UnicodeError:
            return self._refuse(number, words("it is not text in UTF-8"))
        except (ValueError, RecursionError):
            return self._refuse(number, words("it is not one JSON object"))
        if not isinstance(record, dict):
            return self._refuse(number, words("it is not one JSON object"))
        if any(isinstance(value, dict | list) for value in record.values()):
            return self._refuse(number, words("it nests lists or objects"))
        return {name: self._text(value) for name, value in record.items()}

    def _text(self, value: Any) -> str | None:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, _Float):
            return value.replace(".", self.faults.contract.dialect.decimal)
        return None if value is None else str(value) or None

    def _refuse(self, number: int, reason: Words) -> dict[str, str | None]:
        self._wrong += 1
        self._first = self._first or (number, reason)
        return {}


class _Float(str):
    """A number with a decimal point, as it was written."""

    __slots__ = ()


def _float(text: str) -> _Float:
    """The number with all its digits: ``1e-05`` is how some programs write what others write as ``0.00001``."""
    if "e" not in text.casefold():
        return _Float(text)
    number = Decimal(text)
    return _Float(f"{number:f}" if abs(number.adjusted()) < _LONGEST_NUMBER else text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a name is given twice")
    return record


def _no_record(faults: FileFaults, row: int, reason: Words, count: int) -> Finding:
    return faults.finding(
        "not-a-record",
        words("Every line is one JSON object with plain values, each name once."),
        words(
            "Lines that cannot be read: {count}. The first is line {row}: {reason}.",
            count=count, row=row, reason=reason,
        ),
        words("Write the file again."),
        row=row,
        count=count,
    )  # fmt: skip
