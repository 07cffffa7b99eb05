"""The files of the delivery before, read by the contract of this one, for rules that compare the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.engines.duckdb_engine import Engine
from report_builder.contracts.files.readers import read_file
from report_builder.contracts.odcs.contract import Contract, FileContract
from report_builder.contracts.odcs.custom_rules import RowCountChange
from report_builder.contracts.odcs.quality import OwnRule
from report_builder.contracts.rules.groups import before_name
from report_builder.contracts.rules.rules import Frame, frame_of


def earlier_frames(engine: Engine, contract: Contract, around: DeliveryContext) -> dict[str, Frame]:
    """The files before, by object, of those objects that a rule compares; one that does not serve is left out."""
    return dict(_frames(engine, contract, around))


def compared(contract: Contract) -> frozenset[str]:
    """The objects that some rule compares with the delivery before."""
    return frozenset(file.name for file in contract.files if any(_changes(file)))


def _frames(engine: Engine, contract: Contract, around: DeliveryContext) -> Iterator[tuple[str, Frame]]:
    for file in contract.files:
        path = around.earlier.files.get(file.name) if around.earlier is not None else None
        needed = {column for form in _changes(file) for column in _columns(form)}
        if path is None or not any(_changes(file)):
            continue
        sheet = read_file(replace(file, name=before_name(file.name)), path, path.name)
        frame = frame_of(engine, sheet) if needed <= set(sheet.present) else None
        if frame is not None:
            yield file.name, frame


def _changes(file: FileContract) -> Iterator[RowCountChange]:
    for declared in file.quality:
        if isinstance(declared.rule, OwnRule) and isinstance(declared.rule.implementation, RowCountChange):
            yield declared.rule.implementation


def _columns(form: RowCountChange) -> tuple[str, ...]:
    return (*form.by, form.period.column) if form.period else form.by
