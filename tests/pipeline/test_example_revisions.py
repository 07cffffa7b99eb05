"""The example releases recounted from their finished files alone: what differs from the report before, and the marks.

Nothing here asks the program for what it found: facts are read as CSV, the document as JSON, the edition as HTML.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from workspaces import Desk

CHAIN = (
    "delredovisning/2026-02",
    "periodisk-rapport/2026-t1",
    "periodisk-rapport/2026-t2",
    "slutredovisning/2027-02",
)
PAIRS = list(pairwise(CHAIN))
Build = Callable[[str], Desk]
Facts = dict[str, dict[str, str]]


def output(build: Build, release: str) -> Path:
    return build(release).root / "output" / release


def facts_of(folder: Path) -> Facts:
    with (folder / "facts.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from nodes(child)


def printed_in(folder: Path) -> dict[str, list[str]]:
    """Every fact that the document prints, with each of its printings."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in nodes(json.loads((folder / "document.json").read_text(encoding="utf-8"))):
        if "fact_id" in node:
            found[node["fact_id"]].append(node["text"])
    return dict(found)


def as_printed(row: dict[str, str]) -> tuple[str, str]:
    if not row["value"]:
        return row["obs_status"], row["unit"]
    step = Decimal(1).scaleb(-int(row["decimals"]))
    return str(Decimal(row["value"]).quantize(step, rounding=ROUND_HALF_UP) + 0), row["unit"]


def words_of(folder: Path) -> str:
    (edition,) = folder.glob("*.html")
    return " ".join(html.fromstring(edition.read_bytes()).text_content().split())


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_report_says_as_many_changed_values_as_a_recount_finds(build: Build, before: str, after: str) -> None:
    then, now = facts_of(output(build, before)), facts_of(output(build, after))
    printed = printed_in(output(build, after))
    common = then.keys() & now.keys()
    changed = {name for name in common if as_printed(then[name]) != as_printed(now[name])}
    on_paper = changed & printed.keys()
    below = {n for n in common & printed.keys() if n not in changed and then[n]["value"] != now[n]["value"]}
    assert on_paper, "an example without a revision would not show that the report tells of any"
    with (output(build, after) / "revisions.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    by_sort = {d: {r["fact"] for r in listed if r["differs"] == d} for d in ("value", "decimals", "mark")}
    assert by_sort["value"] == changed
    assert {r["fact"] for r in listed if r["differs"] == "value" and r["printed"] == "true"} == on_paper
    assert by_sort["decimals"] == below
    said = words_of(output(build, after))
    sentences = re.findall(
        r"(\d[\d\s]*) av rapportens värden skiljer sig från de\w+ i (?:den förra rapporten|”[^”]+”)", said
    )
    assert sentences, "the report is silent"
    assert {number(count) for count in sentences} == {len(on_paper)}
    for words, found in (
        ("bara finns i rapportens datafiler", changed - on_paper),
        ("decimaler som inte skrivs", below),
    ):
        told = re.findall(rf"(\d[\d\s]*) värden?(?:, som| skiljer sig bara i) {words}", said)
        assert {number(count) for count in told} == ({len(found)} if found else set())
    assert "nget av rapportens värden skiljer sig" not in said


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_table_of_changed_values_says_when_it_selects(build: Build, before: str, after: str) -> None:
    del before
    document = json.loads((output(build, after) / "document.json").read_text(encoding="utf-8"))
    (table,) = [node for node in nodes(document) if node.get("id") == "tab-revideringar" and "rows" in node]
    rows = len(table["rows"])
    with (output(build, after) / "revisions.csv").open(encoding="utf-8", newline="") as file:
        every = sum(r["differs"] == "value" and r["printed"] == "true" for r in csv.DictReader(file))
    notes = " ".join(node["text"] for node in nodes(table["notes"]) if "text" in node)
    assert (f"Tabellen visar {rows} av de {every} värdena" in notes) == (rows < every)


def test_the_cover_note_says_what_the_report_says(build: Build, tmp_path: Path) -> None:
    before, after = CHAIN[1:3]
    desk = build(before)
    folders = [str(output(build, release)) for release in (before, after)]
    done = desk.run("compare", *folders, "--cover-note", str(tmp_path / "missiv.txt"))
    assert done.returncode == 1, done.stderr
    note = " ".join((tmp_path / "missiv.txt").read_text(encoding="utf-8").split())
    said = words_of(output(build, after))
    for pattern in (r"\d+ av rapportens värden skiljer sig.*?\.", r"\d+ värden skiljer sig bara i decimaler.*?\."):
        (noted,), told = set(re.findall(pattern, note)), set(re.findall(pattern, said))
        assert told == {noted}


@pytest.mark.parametrize("release", CHAIN[2:])
def test_values_are_followed_from_release_to_release(build: Build, release: str) -> None:
    document = json.loads((output(build, release) / "document.json").read_text(encoding="utf-8"))
    (table,) = [node for node in nodes(document) if node.get("id") == "tab-revideringstriangel" and "rows" in node]
    (figure,) = [node for node in nodes(document) if node.get("id") == "fig-revideringstriangel" and "spec" in node]
    releases = CHAIN[: CHAIN.index(release) + 1]
    assert len(table["columns"]) == 3 + len(releases)
    every = [facts_of(output(build, one)) for one in releases]
    moved = 0
    for row in table["rows"]:
        (fact,) = [node["fact_id"] for node in nodes(row["cells"][-1]) if "fact_id" in node]
        cells = ["".join(n["text"] for n in nodes(cell) if "text" in n) for cell in row["cells"][3:]]
        for cell, facts in zip(cells, every, strict=True):
            told = re.sub(r"[\s%\u00a0DEBP]", "", cell).replace("\u2212", "-").replace(",", ".")
            assert told == (as_printed(facts[fact])[0] if fact in facts else "..")
        moved += len(set(cells) - {".."}) > 1
    assert moved
    assert len(figure["data"]["rows"]) == len(releases)


# --- marks

MARKED = {"B", "D", "E", "F", "P"}


@pytest.mark.parametrize("release", CHAIN)
def test_marks_have_the_meaning_that_sdmx_gives_them(build: Build, release: str) -> None:
    facts = facts_of(output(build, release))
    series: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for name, row in facts.items():
        mark = row["obs_status"]
        if not row["value"]:
            assert mark in {"M", "Q"}, name
            continue
        assert mark in MARKED | {"A"}, name
        projected = row["statistic"].startswith("framskriven-")
        assert (mark == "F") == projected, name
        estimated = name.endswith("@lankad") or (row["measure"] == "tid-med-oppna" and row["statistic"] != "antal")
        assert (mark == "E") == (estimated and mark != "B"), name
        kept = re.search(r"(?<!~)@", name) and "~" not in name and not name.endswith("@lankad")
        assert mark != "D" or kept, name
        assert mark != "P", "no delivery of the examples is said to be provisional"
        if "@" not in name and "~" not in name and not projected:
            length = len(row["period"]), "T" in row["period"], "Q" in row["period"]
            series[(row["measure"], row["statistic"], row["case_type"], *map(str, length))].append(row)
    for rows in series.values():
        methods = [row["method"] for row in sorted(rows, key=lambda row: row["period"])]
        breaks = sum(row["obs_status"] == "B" for row in rows)
        if len(set(methods)) > 1:
            assert breaks
        elif rows[0]["measure"] != "publicerat":  # a series that one version counts: only a new law can break it
            assert not breaks, rows[0]["id"]


@pytest.mark.parametrize("release", CHAIN)
def test_a_value_has_one_mark_wherever_a_table_prints_it(build: Build, release: str) -> None:
    facts = facts_of(output(build, release))
    document = json.loads((output(build, release) / "document.json").read_text(encoding="utf-8"))
    tables = [node for node in nodes(document) if "rows" in node and "columns" in node]
    marks: Counter[str] = Counter()
    for table in tables:
        cells = [found for row in table["rows"] for found in row["cells"]]
        for node, cell in ((n, one) for one in cells for n in nodes(one) if "fact_id" in n):
            row = facts[node["fact_id"]]
            mark = row["obs_status"] if row["obs_status"] in MARKED and "~" not in row["id"] else ""
            words = "".join(n["text"] for n in nodes(cell) if "text" in n)  # the ends of an interval share their mark
            found = re.search(r"\u00a0([A-Z])$", words)
            assert (found[1] if found else "") == (mark if row["value"] else ""), (table["id"], node)
            marks[mark] += 1
        legend = {node["text"][0] for node in nodes(table["notes"]) if re.match(r"[BDEFP] ", node.get("text", ""))}
        used = {
            m[1] for n in nodes(table["rows"]) if (m := re.search(r"\d[\s%\u00a0]*\u00a0([A-Z])$", n.get("text", "")))
        }
        assert used <= legend, table["id"]
    assert marks["E"] or release == CHAIN[0]


def test_the_first_value_after_the_new_law_is_the_break(build: Build) -> None:
    facts = facts_of(output(build, CHAIN[0]))
    inflow = {r["period"]: r["obs_status"] for r in facts.values() if r["id"].startswith("publicerat.inkomna.psl.")}
    assert "B" in inflow.values()
    first = min(period for period, mark in inflow.items() if mark == "B")
    assert first >= "2018"
    assert {mark for period, mark in inflow.items() if period < first and "@" not in period} <= {"A", "D"}
