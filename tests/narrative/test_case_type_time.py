"""A case type that becomes another: the report prints no value outside its time, and the change of the whole."""

from __future__ import annotations

import dataclasses
from datetime import date

from scenes import Scene

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.methods.lifespans import Lifespan, within_lifespans

SPANS = {
    "ej-verkstallda": Lifespan(until=date(2024, 12, 31)),
    "frekvenstillsyn": Lifespan(since=date(2025, 1, 1), successor_of=("ej-verkstallda",)),
}


def test_neither_says_that_everything_or_nothing_came_in(scene: Scene) -> None:
    facts = within_lifespans(scene.account.facts, SPANS)
    account = dataclasses.replace(scene.account, facts=facts)
    document = dataclasses.replace(scene, account=account).compose().document
    (table,) = [b for b in document.blocks if isinstance(b, n.Table) and b.id == "tab-inkomna"]
    rows = {plain_text(row.cells[0]): [plain_text(cell) for cell in row.cells[1:]] for row in table.rows}
    old, new = rows["Ej verkställda beslut"], rows["Frekvenstillsyn"]
    assert old[2] == new[0] == new[1] == ".."
    assert ".." not in (old[0], old[1], new[2])
    whole = [facts.require(f"arendefloden.inkomna.frekvenstillsyn.{year}@helhet").value for year in (2024, 2025)]
    assert None not in whole
    assert old[3] == new[3]
    assert any("jämförs som helhet" in plain_text(note) for note in table.notes)
