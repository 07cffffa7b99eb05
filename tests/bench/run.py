"""`make bench`: how long the stages of a build and a validation take, each beside a floor or a peer of the same run.

Seconds depend on the machine and on what else it does; the ratios say more. Whole processes are timed where starting
is part of what a user waits for; the stages are timed in a process that is warm.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import forty
import peers
import watched
from clock import Goal, Step, Timing, compare, process, table

from report_builder import pipeline
from report_builder.document.nodes import Document
from report_builder.editions import EDITIONS, Resources, render_all
from report_builder.editions.style_files import SHIPPED
from report_builder.output.plan import Plan, inputs_of, read_plan
from report_builder.workspace.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
PROGRAM = str(Path(PYTHON).with_name("report-builder"))
COLD = {"delredovisning/2026-02": 10.0, "periodisk-rapport/2026-t2": 12.0}
AFTER_A_WORD = {"delredovisning/2026-02": 4.0, "periodisk-rapport/2026-t2": 6.0}
"""Goals in seconds of wall: a build with nothing kept, and one after a word was changed."""
PLANTED = 200
"""Faults in the large file that is validated."""


def main() -> None:
    """Time everything, print the table, write the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", default="delredovisning/2026-02")
    parser.add_argument("--repeat", type=int, default=3, help="times each step is run; the median is shown")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large file that is validated")
    parser.add_argument("--out", type=Path, default=PROJECT / "output" / "bench.json")
    options = parser.parse_args()
    plan = read_plan(Workspace(PROJECT), options.release)
    with tempfile.TemporaryDirectory() as scratch:
        timings = [
            *processes(options.release, options.repeat),
            *after_a_word(options.release, options.repeat, Path(scratch)),
            *preview(options.release, options.repeat, Path(scratch)),
            *stages(plan, options.repeat),
            *editions(plan, options.repeat, Path(scratch)),
            *forty_pages(SHIPPED, options.repeat, Path(scratch)),
            *large_file(plan, options.repeat, options.rows, Path(scratch)),
        ]
    print(table(timings))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([t.as_dict() for t in timings], ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"Wrote {options.out.relative_to(PROJECT)}")


def processes(release: str, repeat: int) -> Iterator[Timing]:
    """What a user waits for, from the first key to the prompt."""
    start = process(PYTHON, "-c", "pass")
    yield compare(
        "report-builder --help", process(PROGRAM, "--help"), repeat=repeat, peer="an empty Python", peer_step=start,
        goal=Goal(seconds=0.25),
    )  # fmt: skip
    build = process(PROGRAM, "build", release, "--workspace", str(PROJECT))
    anyway = process(PROGRAM, "build", release, "--workspace", str(PROJECT), "--fresh")
    imports = process(PYTHON, "-c", "import weasyprint, altair, ibis, duckdb, pandas, docx")
    yield compare(
        f"report-builder build {release}, nothing kept", anyway, repeat=1, peer="importing what it uses",
        peer_step=imports, goal=Goal(seconds=COLD.get(release, 10.0)),
    )  # fmt: skip
    build()
    yield compare(
        "the same, nothing changed", build, repeat=repeat, peer="an empty Python", peer_step=start,
        goal=Goal(seconds=0.3),
    )  # fmt: skip


def after_a_word(release: str, repeat: int, scratch: Path) -> Iterator[Timing]:
    """What an author waits for who has changed one word in a section: the web page, and all editions."""
    root = watched.workspace_copy(PROJECT, scratch / "word")
    section = min((root / "content" / release / "sections").glob("*.md"))
    words, number = section.read_text(encoding="utf-8"), count()

    def changed(*options: str) -> Step:
        run = process(PROGRAM, "build", release, "--workspace", str(root), *options)

        def step() -> None:
            section.write_text(f"{words.rstrip()} Ordet {chr(97 + next(number) % 26) * 3}.\n", encoding="utf-8")
            run()

        return step

    changed()()  # the build before
    page, whole = changed("--only", "html"), changed()
    yield compare("HTML after one changed word, as a process", page, repeat=repeat, goal=Goal(seconds=0.7))
    goal = Goal(seconds=AFTER_A_WORD.get(release, 4.0))
    yield compare("all editions after one changed word", whole, repeat=repeat, goal=goal)


def preview(release: str, repeat: int, scratch: Path) -> Iterator[Timing]:
    """What an author waits for: the page alone, from the start and after a section was saved."""
    root = watched.workspace_copy(PROJECT, scratch / "preview")
    build = process(PROGRAM, "build", release, "--workspace", str(root), "--force")
    once = process(PROGRAM, "preview", release, "--workspace", str(root), "--once")
    once()  # draws the charts, as an earlier build has
    yield compare("HTML alone, from the start", once, repeat=repeat, peer="the whole build", peer_step=build)
    with watched.section_saved(PROGRAM, root, release) as save:
        yield compare(
            "HTML after one changed section, previewed", save, repeat=repeat, peer="the whole build", peer_step=build,
            goal=Goal(seconds=0.7),
        )  # fmt: skip


def stages(plan: Plan, repeat: int) -> Iterator[Timing]:
    """The stages before any edition."""
    inputs = [entry.path for entry in inputs_of(plan)]
    files = [path for path in inputs if path.suffix == ".yaml"]
    yield compare(
        "read the release and its pins",
        lambda: read_plan(plan.workspace, plan.release.id),
        repeat=repeat,
        peer="parsing the same YAML",
        peer_step=lambda: peers.parse_yaml(files),
    )
    metrics = [path for path in inputs if path.suffix == ".csv"]
    yield compare(
        "check the deliveries",
        lambda: pipeline.check_deliveries(plan),
        repeat=repeat,
        peer="DuckDB scans them as text",
        peer_step=lambda: peers.scan_as_text(metrics),
    )
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    yield compare(
        "compute the facts",
        lambda: pipeline.measure(plan, deliveries),
        repeat=repeat,
        peer="durations alone, one DuckDB query",
        peer_step=lambda: peers.measure_by_hand(max(metrics, key=lambda path: path.stat().st_size)),
    )
    account = pipeline.release_facts_of(plan, deliveries)
    prose = [path for path in inputs if path.name.endswith((".md.j2", ".md"))]
    yield compare(
        "write the document, not for the first time",
        lambda: pipeline.write(plan, deliveries, account),
        repeat=repeat,
        peer="parsing its prose, unfilled",
        peer_step=lambda: peers.parse_markdown(prose),
    )


def editions(plan: Plan, repeat: int, scratch: Path) -> Iterator[Timing]:
    """The editions, with the charts drawn beforehand: they are drawn once for all three."""
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    document = pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries)).document
    folder = SHIPPED
    resources = Resources(folder=folder)
    yield compare(
        "draw the charts and make HTML", lambda: EDITIONS["html"](document, Resources(folder=folder)), repeat=1
    )
    yield compare("HTML, charts drawn", lambda: EDITIONS["html"](document, resources), repeat=repeat)
    html = peers.print_html(document, resources)
    yield compare(
        "PDF",
        lambda: EDITIONS["pdf"](document, resources),
        repeat=repeat,
        peer="plain WeasyPrint, the same pages",
        peer_step=lambda: peers.plain_weasyprint(html, folder / "print.css"),
    )
    yield word("Word", document, resources, repeat, scratch)


def forty_pages(folder: Path, repeat: int, scratch: Path) -> Iterator[Timing]:
    """12 000 words, 25 tables, 15 charts and 40 notes, the charts drawn: each edition beside other renderers."""
    document, resources = forty.forty_pages(), Resources(folder=folder)
    html = peers.print_html(document, resources)
    for name in EDITIONS:
        EDITIONS[name](document, resources)  # draws the charts as each needs them
    steps: dict[str, Step] = {
        "PDF": lambda: EDITIONS["pdf"](document, resources),
        "PDF, Word and HTML one after the other": lambda: [EDITIONS[name](document, resources) for name in EDITIONS],
        "PDF, Word and HTML as a build makes them": lambda: render_all(document, resources),
    }
    for stage, step in steps.items():
        yield compare(
            f"forty pages: {stage}",
            step,
            repeat=repeat,
            peer="plain tagged WeasyPrint, the same HTML",
            peer_step=lambda: peers.plain_weasyprint(html, folder / "print.css"),
            goal=Goal(ratio=0.75 if stage == "PDF" else 1.0),
        )
    page = scratch / "forty.html"
    page.write_bytes(EDITIONS["html"](document, resources))
    if (python := peers.other_renderers()) is not None:
        rival = process(str(python), str(Path(__file__).with_name("typst_rival.py")), str(page), str(scratch / "typst"))
        yield compare(
            "forty pages: PDF",
            steps["PDF"],
            repeat=repeat,
            peer="pandoc and Typst",
            peer_step=rival,
            goal=Goal(ratio=1.5),
        )
    yield word("forty pages: Word", document, resources, repeat, scratch)


def word(stage: str, document: Document, resources: Resources, repeat: int, scratch: Path) -> Timing:
    """The Word edition beside pandoc, or beside bare python-docx where there is no pandoc."""
    EDITIONS["docx"](document, resources)  # draws the charts as it needs them
    peer, peer_step = "bare python-docx, words and tables", lambda: peers.plain_word(document)
    if (python := peers.other_renderers()) is not None:
        page = scratch / "report.html"
        page.write_bytes(EDITIONS["html"](document, resources))
        rival = (str(Path(__file__).with_name("pandoc_rival.py")), str(page), str(scratch / "report.docx"))
        peer, peer_step = "pandoc, from the HTML", process(str(python), *rival)
    else:
        print("There is no pandoc here: `.ci/install renderers` brings it.", file=sys.stderr)
    return compare(
        stage, lambda: EDITIONS["docx"](document, resources), repeat=repeat, peer=peer, peer_step=peer_step
    )  # fmt: skip


def large_file(plan: Plan, repeat: int, rows: int, scratch: Path) -> Iterator[Timing]:
    """Validation of a file of ``rows`` rows: the release's largest delivery, repeated under new ids, faults planted."""
    from report_builder.contracts.check import check_file

    pin, name, path = max(
        ((pin, name, plan.metric_file(pin.dataset, name)) for pin in plan.release.deliveries for name in pin.files),
        key=lambda found: found[2].stat().st_size,
    )
    large = scratch / path.name
    _repeat_rows(path, large, rows)
    contract = plan.contracts[pin.dataset]
    found = sum(problem.count for problem in check_file(contract, large, name).problems)
    if found < PLANTED:
        sys.exit(f"{found} of {PLANTED} planted faults were found: this time would be the time of something else")
    yield compare(
        f"validate {rows} rows, {PLANTED} wrong ({large.stat().st_size / 1e6:.0f} MB)",
        lambda: check_file(contract, large, name),
        repeat=repeat,
        peer="DuckDB scans it as text",
        peer_step=lambda: peers.scan_as_text([large]),
    )


def _repeat_rows(source: Path, target: Path, rows: int) -> None:
    """Write ``source`` to ``target`` until it has ``rows`` rows: the first column made unique, some seconds wrong."""
    with source.open(encoding="utf-8", newline="") as file:
        header, *body = csv.reader(file, delimiter=";")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        for number in range(rows):
            first, second, *rest = body[number % len(body)]
            wrong = number % (rows // PLANTED) == 0
            writer.writerow([f"{first}-{number // len(body)}", "inget av de kända" if wrong else second, *rest])


if __name__ == "__main__":
    main()
