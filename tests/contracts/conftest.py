"""Contracts and files made for a test: the project's contracts, small ones of a test's own, files of every kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.odcs.load import load_contract

FRAME = """\
apiVersion: v3.1.0
kind: DataContract
id: prov
version: 1.0.0
status: draft
{top}
schema:
{schema}
"""


@pytest.fixture(scope="session")
def cases_contract(project: Path) -> Contract:
    """The contract of cases and waits."""
    return load_contract(project, "arenden", "1.0.0")


@pytest.fixture
def contract_of(tmp_path: Path) -> Callable[..., Contract]:
    """Makes a contract from the YAML of its schema, and of what stands above it."""

    def make(schema: str, top: str = "") -> Contract:
        folder = tmp_path / "data_contracts" / "prov"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "1.0.0.yaml").write_text(FRAME.format(top=top, schema=schema), encoding="utf-8")
        return load_contract(tmp_path, "prov", "1.0.0")

    return make


@pytest.fixture
def csv_of(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file, fields as they are given."""

    def write(
        name: str, header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ";", encoding: str = "utf-8"
    ) -> Path:
        path = tmp_path / name
        lines = [delimiter.join(fields) for fields in (header, *rows)]
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return path

    return write


@pytest.fixture
def xlsx_of(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook: a mapping from sheet to rows of values."""

    def write(name: str, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return write
