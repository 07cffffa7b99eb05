"""Calibration to files: the cases of every queue, numbered and written as a semicolon-separated extract."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from report_builder.example.calibration import Calibration
from report_builder.example.queue import Case, Stage, simulate
from report_builder.workspace.yamlfile import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written: the files, the number of cases in all and per case type, the number of waiting intervals."""

    files: tuple[Path, ...]
    cases: int
    per_case_type: tuple[tuple[str, int], ...]
    waiting_intervals: int


def generate(calibration: Path, out_dir: Path, *, as_of: date | None = None, first_day: date | None = None) -> Summary:
    """Write the case file and the waiting file of ``calibration`` into ``out_dir``; the same input, the same bytes.

    ``as_of`` is the day of the extract and ``first_day`` the day from which it tells (both as the calibration says,
    if not given). A case stands the same in every extract, save for what has happened between them.

    Raises:
        ReportError: the calibration does not fit its shape, with the lines at fault.

    """
    plan, _ = read(calibration, calibration.name, Calibration)
    last_day, start = as_of or plan.last_day, first_day or plan.first_day
    everything = [
        case.known_on(last_day)
        for case_type in plan.case_types
        for case in simulate(case_type, list(_stages(plan, case_type.id, last_day)))
        if case.registered <= last_day
    ]
    everything.sort(key=lambda case: case.registered)  # stable: equal days keep the order of the case types
    numbered = [(name, case) for name, case in _number(everything, plan.id_prefix) if not case.closed_before(start)]
    cases = [case for _, case in numbered]
    out_dir.mkdir(parents=True, exist_ok=True)
    case_file, waiting_file = out_dir / plan.case_file, out_dir / plan.waiting_file
    _write(case_file, list(plan.case_columns.model_dump().values()), _case_rows(numbered))
    waits = list(_waiting_rows(numbered))
    _write(waiting_file, list(plan.waiting_columns.model_dump().values()), waits)
    counts = Counter(case.case_type for case in cases)
    return Summary(
        files=(case_file, waiting_file),
        cases=len(cases),
        per_case_type=tuple((t.id, counts[t.id]) for t in plan.case_types),
        waiting_intervals=len(waits),
    )


def _stages(plan: Calibration, case_type: str, last_day: date) -> Iterator[Stage]:
    """The days that the calibration names, and after them each year by itself."""
    stage = Stage(plan.last_day, Random(f"{plan.seed}:{case_type}"))  # noqa: S311
    yield stage
    while stage.last_day < last_day:
        year = (stage.last_day + timedelta(days=1)).year
        stage = Stage(date(year, 12, 31), Random(f"{plan.seed}:{case_type}:{year}"))  # noqa: S311
        yield stage


def _number(cases: Iterable[Case], prefix: str) -> Iterable[tuple[str, Case]]:
    """Each case with an id that nobody takes for a real one: prefix, year of registration, running number."""
    used: Counter[int] = Counter()
    for case in cases:
        used[case.registered.year] += 1
        yield f"{prefix}-{case.registered.year}-{used[case.registered.year]:06d}", case


def _case_rows(numbered: Iterable[tuple[str, Case]]) -> Iterable[Sequence[str]]:
    for name, case in numbered:
        rounds = (case.decided, case.dispatched, case.reopened, case.decided_again, case.dispatched_again)
        yield [name, case.case_type, case.unit, case.registered.isoformat(), *map(_iso, rounds)]


def _waiting_rows(numbered: Iterable[tuple[str, Case]]) -> Iterable[Sequence[str]]:
    for name, case in numbered:
        for wait in case.waits:
            yield [name, wait.cause, wait.first_day.isoformat(), _iso(wait.last_day)]


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
