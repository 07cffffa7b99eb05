"""How the program talks on a terminal: problems, progress, tables. Plain lines where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from report_builder.cli.log import log_problems, log_step
from report_builder.problems import Problem, Severity

if TYPE_CHECKING:
    from report_builder.pipeline import Progress


_Line = list[tuple[str, str]]
"""Pieces of text, each with its style."""


def print_problems(problems: Iterable[Problem], outcome: str = "; nothing was built") -> None:
    """Each problem on standard error: place, message, rule, and what to do; last how many errors, and ``outcome``."""
    found = tuple(problems)
    log_problems(found)
    errors = sum(p.severity is Severity.ERROR for p in found)
    last: _Line = [(f"{errors} error{'s' if errors > 1 else ''}{outcome}.", "bold")]
    lines = [*(line for p in found for line in _lines(p)), *([last] if errors else [])]
    if not sys.stderr.isatty():
        for line in lines:
            print("".join(text for text, _ in line), file=sys.stderr)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for line in lines:
        console.print(Text.assemble(*line))


def _lines(problem: Problem) -> Iterator[_Line]:
    error = problem.severity is Severity.ERROR
    line: _Line = [("error  ", "bold red") if error else ("warning  ", "bold yellow")]
    if problem.place is not None:
        line.append((f"{problem.place}: ", "bold"))
    line.append((problem.message, ""))
    if problem.value is not None and problem.value not in problem.message:
        line.append((f" It says {problem.value!r}.", ""))
    if problem.count > 1 and (many := f"{problem.count:,}".replace(",", "\N{NO-BREAK SPACE}")) not in problem.message:
        line.append((f" ({many} rows)", ""))
    yield [*line, (f"  [{problem.code}]", "dim")]
    if problem.hint:
        yield [(f"       {problem.hint}", "cyan")]
    if problem.follows:
        yield [(f"       Goes away with it: {'; '.join(problem.follows)}", "dim")]


@contextmanager
def progress() -> Iterator[Progress]:
    """A function that shows the step under way: a spinner on a terminal, a line a step elsewhere."""
    if not sys.stderr.isatty():
        yield _plain_step
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Starting") as status:

        def show(step: str) -> None:
            log_step(step)
            status.update(f"{step} …")

        yield show


def _plain_step(step: str) -> None:
    log_step(step)
    print(f"{step} …", file=sys.stderr, flush=True)


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on standard output: drawn on a terminal, tab-separated elsewhere so that other programs can read it."""
    if not sys.stdout.isatty():
        print("\t".join(headers))
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*headers, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
