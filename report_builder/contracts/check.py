"""Files held against their contract: what the pipeline asks for a delivery, and the command line for a single file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from report_builder.contracts.causes import folded
from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.engines.duckdb_engine import Engine, connect
from report_builder.contracts.evaluate import Evaluated, evaluate
from report_builder.contracts.failing import write_rows
from report_builder.contracts.files.digest import Digest
from report_builder.contracts.files.faults import ROWS_SET_ASIDE, FileFaults
from report_builder.contracts.files.readers import headers_of, read_file
from report_builder.contracts.files.sheet import ROW, Sheet, raw_name
from report_builder.contracts.odcs.contract import Contract, FileContract
from report_builder.contracts.previous_delivery import earlier_frames
from report_builder.contracts.quality import qualities
from report_builder.contracts.result import CheckResult, FileSummary, Finding
from report_builder.contracts.rules.compile import rules_of
from report_builder.contracts.rules.groups import before_name
from report_builder.contracts.rules.rules import Frame, frame_of
from report_builder.contracts.rules.sql_cache import kept_in
from report_builder.contracts.words import words
from report_builder.deliveries.delivery import Delivery
from report_builder.facts.fact import SourceFile
from report_builder.problems import Place, Problem, ReportError, Severity, nearest
from report_builder.workspace.cache import NO_CACHE, Cache

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["CheckResult", "check_delivery", "check_file"]

_NOTHING = DeliveryContext()


def check_delivery(
    contract: Contract,
    files: Mapping[str, Path],
    *,
    example: bool = False,
    as_of: date | None = None,
    shown_as: Mapping[str, str] | None = None,
    around: DeliveryContext = _NOTHING,
) -> CheckResult:
    """Hold a delivery against its contract: every rule on every file, all faults at once.

    ``files`` has a path for each object of the contract, ``shown_as`` how people know them (default: the paths).
    ``as_of`` is the date of the extract; ``around`` has what else the delivery is held against. The delivery's tables
    live in a database of their own in this process.

    Raises:
        ReportError: ``files`` names an object that the contract does not have.

    """
    import pyarrow as pa

    known = [f.name for f in contract.files]
    strangers = [_unknown_object(contract, name) for name in files if name not in known]
    if strangers:
        raise ReportError(strangers)
    shown = {name: (shown_as or {}).get(name, str(path)) for name, path in files.items()}
    given = {
        file.name: (file, files[file.name], shown[file.name], None) for file in contract.files if file.name in files
    }
    engine, read = _connected_and_read(given, partial(connect, handing_on=True))
    sheets = {file.name: read[file.name] if file.name in read else _not_given(file) for file in contract.files}
    result = _check(engine, contract, sheets, _with(around, as_of), deliver=True, example=example)
    # The cells as text are needed no more, and a build goes on for long: they leave memory now.
    del sheets, read
    pa.default_memory_pool().release_unused()
    return result


def check_file(
    contract: Contract,
    path: Path,
    object_name: str | None = None,
    *,
    as_of: date | None = None,
    shown_as: str | None = None,
    rows_to: TextIO | None = None,
    around: DeliveryContext = _NOTHING,
    cache: Cache = NO_CACHE,
    digest: Digest | None = None,
) -> CheckResult:
    """Hold one file against its part of the contract; rules that need another file are skipped and say so.

    ``object_name`` is the part; without it, the part whose columns the file has. No delivery comes of it. Every row at
    fault is written to ``rows_to`` as CSV. What the rules are compiled to stays in ``cache`` for the next check.
    ``digest`` is the file's SHA-256, if that was begun earlier.

    Raises:
        ReportError: there is no such object.

    """
    if object_name is not None and object_name not in {f.name for f in contract.files}:
        raise ReportError(_unknown_object(contract, object_name))
    shown = shown_as or str(path)
    file = _object_by_header(contract, path, shown) if object_name is None else contract.object(object_name)
    if file is None:
        return _of_no_object(contract, shown)
    around = _with(around, as_of)
    given = {file.name: (file, path, shown, digest)}
    engine, sheets = _connected_and_read(given, lambda: connect(kept_in(cache, contract, around)))
    result = _check(engine, contract, sheets, around, rows_to=rows_to)
    engine.kept.save()
    return result


def _with(around: DeliveryContext, as_of: date | None) -> DeliveryContext:
    return around if as_of is None else replace(around, as_of=as_of)


def _connected_and_read(
    given: Mapping[str, tuple[FileContract, Path, str, Digest | None]], connected: Callable[[], Engine]
) -> tuple[Engine, dict[str, Sheet]]:
    """An engine, and the files (contract, path, name to show, SHA-256), read while the engine is made ready."""
    with ThreadPoolExecutor(max_workers=1) as reading:
        sheets = {name: reading.submit(read_file, *file) for name, file in given.items()}
        engine = connected()
        return engine, {name: sheet.result() for name, sheet in sheets.items()}


def _not_given(file: FileContract) -> Sheet:
    return Sheet(contract=file, shown=file.name, findings=(FileFaults(file, file.name).missing(),))


def _check(
    engine: Engine,
    contract: Contract,
    sheets: Mapping[str, Sheet],
    around: DeliveryContext,
    *,
    deliver: bool = False,
    rows_to: TextIO | None = None,
    example: bool = False,
) -> CheckResult:
    engine.lock()
    frames = {name: frame for name, sheet in sheets.items() if (frame := frame_of(engine, sheet)) is not None}
    earlier = earlier_frames(engine, contract, around)
    rules = rules_of(contract, around, earlier)
    evaluated = evaluate(engine, contract, rules, frames, {before_name(name): f for name, f in earlier.items()})
    findings = [f for sheet in sheets.values() for f in sheet.findings]
    findings += _empty_files(sheets, evaluated)
    findings += [o.finding for o in evaluated.outcomes if o.finding is not None]
    told, outcomes = folded(findings, evaluated.outcomes)
    taken = deliver and len(sheets) == len(contract.files) and not any(f.severity is Severity.ERROR for f in findings)
    delivery = None
    if taken:
        quality = qualities(engine, frames, rules, evaluated, around)
        delivery = _delivery(engine, contract, frames, evaluated, told)
        delivery = replace(delivery, example=example, quality=quality)
        delivery = replace(delivery, since=around.since, as_of=around.as_of, received=around.received)
    if rows_to is not None:
        by_rule = {id(o.finding): r for o, r in zip(evaluated.outcomes, rules, strict=True) if o.finding is not None}
        write_rows(engine, evaluated.frames, [(f, by_rule.get(id(f))) for f in findings], rows_to)
    if delivery is None:
        engine.close()
    return CheckResult(
        contract=contract,
        files=tuple(_summary(sheet, evaluated.rows.get(name, 0)) for name, sheet in sheets.items()),
        findings=told,
        outcomes=outcomes,
        delivery=delivery,
    )


def _empty_files(sheets: Mapping[str, Sheet], evaluated: Evaluated) -> list[Finding]:
    """Files without rows, unless the contract says how many there must be, or rows were set aside with a reason."""
    settled = {o.object for o in evaluated.outcomes if o.code == "row-count"}
    settled |= {name for name, sheet in sheets.items() if any(f.code in ROWS_SET_ASIDE for f in sheet.findings)}
    empty = [name for name, rows in evaluated.rows.items() if rows == 0 and name not in settled]
    return [FileFaults(sheets[name].contract, sheets[name].shown).no_rows() for name in empty]


def _delivery(
    engine: Engine,
    contract: Contract,
    frames: Mapping[str, Frame],
    evaluated: Evaluated,
    findings: Sequence[Finding],
) -> Delivery:
    """The delivery: its tables are the values, computed here; the text that they came from is let go."""
    tables, sources = {}, {}
    for name, frame in frames.items():
        sheet = frame.sheet
        tables[name] = engine.settle(name, partial(_values, frame))
        engine.forget(raw_name(sheet.contract))
        sources[name] = SourceFile(file=sheet.shown, sha256=sheet.sha256, rows=evaluated.rows[name])
    return Delivery(
        dataset=contract.dataset,
        version=contract.version,
        tables=tables,
        sources=sources,
        warnings=tuple(replace(f.problem, sentence=f.said.sv) for f in findings),
    )


def _values(frame: Frame) -> ir.Table:
    return frame.table.select(ROW, *(c.name for c in frame.sheet.contract.columns))


def _summary(sheet: Sheet, rows: int) -> FileSummary:
    return FileSummary(
        object=sheet.contract.name,
        title=sheet.contract.title,
        file=sheet.shown,
        sha256=sheet.sha256,
        rows=rows,
        headers=sheet.headers,
        notes=sheet.notes,
    )


def _unknown_object(contract: Contract, name: str) -> Problem:
    known = [f.name for f in contract.files]
    hint = nearest(name, known) or f"Its objects are: {', '.join(known)}."
    message = f"The contract {contract.id} has no object {name}."
    return Problem(code="unknown-object", message=message, place=Place(file=contract.file), value=name, hint=hint)


def _object_by_header(contract: Contract, path: Path, shown: str) -> FileContract | None:
    """The object whose columns a file has; of several that share some, the one that fits best, None where none does.

    A file that cannot be read is given the first object: what is wrong with it is the same for all of them.
    """
    if len(contract.files) == 1:
        return contract.files[0]
    shares = []
    for file in contract.files:
        found, wanted = set(headers_of(file, path)), {c.header for c in file.columns}
        shares.append((len(found & wanted) / len(found | wanted), file))
    best = max(share for share, _ in shares)
    fitting = [file for share, file in shares if share == best]
    if best > 0 and len(fitting) == 1:
        return fitting[0]
    if best == 0 and read_file(contract.files[0], path, shown).table is None:
        return contract.files[0]
    return None


def _of_no_object(contract: Contract, shown: str) -> CheckResult:
    """The answer where a file cannot be held against anything: its columns fit several objects, or none."""
    columns = "; ".join(f"{f.name} ({', '.join(c.header for c in f.columns)})" for f in contract.files)
    finding = Finding(
        code="ambiguous-object",
        object="",
        file=shown,
        rule=words("The columns of a file tell which object of the contract it is."),
        fault=words("The columns of {file} do not tell which object of {contract} it is.", file=shown,
                    contract=contract.id),
        hint=words("Say which one: {objects}.", objects=columns),
        row=1,
    )  # fmt: skip
    summary = FileSummary(object="", title=contract.title, file=shown, sha256="", rows=0, headers=())
    return CheckResult(contract=contract, files=(summary,), findings=(finding,), outcomes=(), delivery=None)
