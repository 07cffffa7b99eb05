"""Times of comparing: two versions of 40, 80 and 160 pages, the page for reviewers, and the redline beside the edition.

A built release is taken for 40 pages and repeated under new ids for 80 and 160. In the other version every tenth
paragraph has another word, every tenth figure another value, and one chapter is moved. What grows with the size, and
not with its square, takes about twice the time of half the pages; both are run by turns, so that the ratio holds on a
busy machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from clock import Timing, compare, table

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.document.walk import transformed
from report_builder.editions import EDITIONS, Resources
from report_builder.editions.style_files import SHIPPED
from report_builder.facts.fact import Fact, FactSet
from report_builder.revisions.compare import compare_versions
from report_builder.revisions.comparison_page import comparison_page
from report_builder.revisions.redline.redline import redline
from report_builder.revisions.version import Version, read_version

PROJECT = Path(__file__).resolve().parents[2]
PARTS = (1, 2, 4)
PAGES = 40


def main() -> None:
    """Measure, print the table, and write the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", default="delredovisning/2026-02", help="a release that has been built")
    parser.add_argument("--repeat", type=int, default=3, help="times each step is run; the median is shown")
    parser.add_argument("--out", type=Path, default=PROJECT / "output" / "bench-compare.json")
    options = parser.parse_args()
    folder = PROJECT / "output" / options.release
    if not folder.is_dir():
        sys.exit(f"Build it first: report-builder build {options.release}")
    versions = [_repeated(read_version(folder), parts) for parts in PARTS]
    pairs = [(old, _edited(old)) for old in versions]
    timings = [
        compare_versions("read one version", lambda: read_version(folder), repeat=options.repeat),
        *pages(pairs, options.repeat),
        *redlines(pairs, options.repeat),
    ]
    print(table(timings))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([t.as_dict() for t in timings], ensure_ascii=False, indent=1) + "\n", "utf-8")


def pages(pairs: list[tuple[Version, Version]], repeat: int) -> Iterator[Timing]:
    """Comparing and writing the page for reviewers, each size beside half of it."""
    steps = [lambda old=old, new=new: comparison_page(compare_versions(old, new)) for old, new in pairs]
    for i, (parts, step) in enumerate(zip(PARTS, steps, strict=True)):
        stage = f"{PAGES * parts} pages: compare, write the page"
        half = {"peer": "half the pages", "peer_step": steps[i - 1]} if i else {}
        yield compare(stage, step, repeat=repeat, **half)


def redlines(pairs: list[tuple[Version, Version]], repeat: int) -> Iterator[Timing]:
    """The redline beside the Word edition that it is made from, charts drawn, and each size beside half of it."""
    resources = Resources(folder=SHIPPED)
    files = [tuple(EDITIONS["docx"](v.document, resources) for v in pair) for pair in pairs]
    steps = [
        lambda old=old, new=new: redline(old, new, author="Bench", date="2026-01-01T00:00:00Z") for old, new in files
    ]
    for parts, step, (_, new) in zip(PARTS, steps, pairs, strict=True):
        yield compare(
            f"{PAGES * parts} pages: redline",
            step,
            repeat=repeat,
            peer="the Word edition",
            peer_step=lambda new=new: EDITIONS["docx"](new.document, resources),
        )
    for i in (1, 2):
        stage = f"{PAGES * PARTS[i]} pages: redline"
        yield compare(stage, steps[i], repeat=repeat, peer="half the pages", peer_step=steps[i - 1])


def _repeated(version: Version, parts: int) -> Version:
    """The version's document and facts ``parts`` times over, every id and every paragraph told apart by its part."""
    blocks: list[n.Block] = []
    facts: list[Fact] = []
    for part in range(parts):
        mark = f"-del{part}" if part else ""

        def change(node: Any, mark: str = mark) -> Any:
            if isinstance(node, n.Heading | n.Table | n.Figure | n.Footnote):
                return dataclasses.replace(node, id=node.id + mark)
            if isinstance(node, n.CrossRef):
                return dataclasses.replace(node, target=node.target + mark)
            if isinstance(node, n.FactValue):
                return dataclasses.replace(node, fact_id=_marked(node.fact_id, mark))
            if isinstance(node, n.Paragraph) and mark:
                return dataclasses.replace(node, content=(*node.content, n.Text(text=f" Del {mark}.")))
            return node

        blocks += [transformed(b, change) for b in version.document.blocks if not _appendix(b) or not part]
        facts += [dataclasses.replace(f, id=_marked(f.id, mark)) for f in version.facts]
    document = resolve(_without_dead_ends(dataclasses.replace(version.document, blocks=tuple(blocks))))
    return dataclasses.replace(version, document=document, facts=FactSet(facts))


def _appendix(block: n.Block) -> bool:
    return isinstance(block, n.Heading) and block.scheme == "appendix"


def _marked(fact_id: str, mark: str) -> str:
    """The id with its case type told apart."""
    measure, statistic, case_type, rest = fact_id.split(".", 3)
    return f"{measure}.{statistic}.{case_type}{mark}.{rest}"


def _without_dead_ends(document: n.Document) -> n.Document:
    known = {b.id for b in document.blocks if isinstance(b, n.Heading | n.Table | n.Figure)}

    def change(node: Any) -> Any:
        return n.Text(text="ovan") if isinstance(node, n.CrossRef) and node.target not in known else node

    return transformed(document, change)


def _edited(version: Version) -> Version:
    """Another word in every tenth paragraph, another value of every tenth fact, a chapter moved to the end."""
    new_values = {
        f.id: dataclasses.replace(f, value=f.value + 1) for i, f in enumerate(version.facts) if i % 10 == 0 and f.value
    }
    count = 0

    def change(node: Any) -> Any:
        nonlocal count
        if isinstance(node, n.Paragraph):
            count += 1
            if count % 10 == 0:
                return dataclasses.replace(node, content=(n.Text(text="Numera gäller detta. "), *node.content))
        if isinstance(node, n.FactValue) and node.fact_id in new_values:
            return dataclasses.replace(node, text=f"{Decimal(new_values[node.fact_id].value or 0):.0f}")
        return node

    blocks = [transformed(b, change) for b in version.document.blocks]
    starts = [i for i, b in enumerate(blocks) if isinstance(b, n.Heading) and b.level == 1 and b.scheme == "chapter"]
    blocks = [
        *blocks[: starts[1]],
        *blocks[starts[2] : starts[-1]],
        *blocks[starts[1] : starts[2]],
        *blocks[starts[-1] :],
    ]
    document = resolve(dataclasses.replace(version.document, blocks=tuple(blocks)))
    facts = FactSet([new_values.get(f.id, f) for f in version.facts])
    return dataclasses.replace(version, document=document, facts=facts)


if __name__ == "__main__":
    main()
