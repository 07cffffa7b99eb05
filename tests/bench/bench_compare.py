"""Times of comparing: two versions of 40, 80 and 160 pages, the page for reviewers, and the redline beside the edition.

Usage: python tests/bench/bench_compare.py [FOLDER], where FOLDER is the output of a built release; it is taken for 40
pages and repeated under new ids for 80 and 160. In the other version every tenth paragraph has another word, every
tenth figure another value, and one chapter is moved.
"""

from __future__ import annotations

import dataclasses
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from clock import Timing, compare, table

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.document.walk import rebuild
from report_builder.editions import EDITIONS, Resources
from report_builder.facts import Fact, FactSet
from report_builder.revisions.compare import compare as compare_versions
from report_builder.revisions.page import page
from report_builder.revisions.redline import redline
from report_builder.revisions.version import Version, read_version

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "output" / "delredovisning" / "2026-02"
PARTS = (1, 2, 4)


def main() -> None:
    """Measure and print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    once = read_version(folder)
    timings: list[Timing] = [compare("read one version", lambda: read_version(folder), repeat=3)]
    for parts in PARTS:
        old = _repeated(once, parts)
        new = _edited(old)
        timings.append(
            compare(f"{40 * parts} pages: compare, write the page", lambda o=old, e=new: page(compare_versions(o, e)),
                    repeat=3)
        )  # fmt: skip
    timings.append(_redline(once))
    print(table(timings))


def _redline(once: Version) -> Timing:
    resources = Resources(folder=PROJECT / "templates" / "editions")
    edited = _edited(once).document
    old, new = (EDITIONS["docx"](document, resources) for document in (once.document, edited))
    return compare(
        "40 pages: redline",
        lambda: redline(old, new, author="Bench", date="2026-01-01T00:00:00Z"),
        repeat=3,
        peer="the Word edition, charts drawn",
        peer_step=lambda: EDITIONS["docx"](edited, resources),
    )


def _repeated(version: Version, parts: int) -> Version:
    """The version's document and facts ``parts`` times over, every id and every paragraph told apart by its part."""
    blocks: list[n.Block] = []
    facts: list[Fact] = []
    for part in range(parts):
        mark = f"-{part}" if part else ""

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

        blocks += [rebuild(b, change) for b in version.document.blocks if not _appendix(b) or not part]
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

    return rebuild(document, change)


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

    blocks = [rebuild(b, change) for b in version.document.blocks]
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
