"""A figure that was published as 1 132 and is 1 131 half a year later: through the ledger, unclassed and classed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from workspaces import RELEASE, Desk, small_workspace

from report_builder import pipeline
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.facts.fact import ObsStatus
from report_builder.output.plan import read_plan
from report_builder.workspace.workspace import Workspace

REGISTER = "content/registers/revideringar.yaml"
FACT = "publicerat.inkomna.lex-sarah.2022"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A release whose ledger was written before the later figure came."""
    found = small_workspace(tmp_path_factory.mktemp("revisions"))
    published = found.metrics / "ivo_publicerade_uppgifter.csv"
    whole = published.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    published.write_text("".join(line for line in lines if "reviderad uppgift" not in line), encoding="utf-8")
    done = found.run("ledger", RELEASE)
    assert done.returncode == 0, done.stderr
    written = found.root / "content/ledger" / f"{RELEASE}.csv"
    written.rename(written.with_name("2026-01.csv"))
    published.write_text(whole, encoding="utf-8")
    return found


def test_unclassed_it_stops_the_build_and_says_what_to_write(desk: Desk) -> None:
    done = desk.run("build", RELEASE)
    assert done.returncode == 1
    assert f"{FACT} was 1132 and is 1131" in done.stderr
    assert "unclassed-revision" in done.stderr
    assert f"Add to {REGISTER}" in done.stderr
    assert not desk.output.exists()


@pytest.mark.parametrize(("kind", "words"), [("data-revision", "Ändrade uppgifter"), ("correction", "Rättelse")])
def test_classed_it_is_told(desk: Desk, kind: str, words: str) -> None:
    row = (
        f"  - {{id: lex-sarah-2022, release: {RELEASE}, kind: {kind}, facts: [{FACT}], why: Källan har räknats om.}}\n"
    )
    register = desk.root / REGISTER
    kept = register.read_text(encoding="utf-8")
    register.write_text(kept + row, encoding="utf-8")
    try:
        plan = read_plan(Workspace(desk.root), RELEASE)
        deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
        account = pipeline.account_for(plan, deliveries)
        document = pipeline.write(plan, deliveries, account).document
    finally:
        register.write_text(kept, encoding="utf-8")
    (revision,) = account.revisions
    assert (revision.fact.id, revision.kind) == (FACT, kind)
    assert (revision.before, revision.now) == (Decimal(1132), Decimal(1131))
    assert revision.published_in == "delredovisning/2026-01"
    assert account.facts.require(f"{FACT}@2023-06-07").status is ObsStatus.DEFINITION_DIFFERS
    (table,) = [b for b in document.blocks if isinstance(b, n.Table) and b.id == "tab-revideringar"]
    printed = [plain_text(cell) for row in table.rows for cell in row.cells]
    assert printed == ["Inkomna ärenden", "Lex Sarah", "2022", "1\u00a0132", "1\u00a0131", words]
    assert [plain_text(note) for note in table.notes] == [f"{words}: Källan har räknats om."]
