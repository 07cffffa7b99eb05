"""Noise: one thing is changed at a time, and a comparison tells that and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutations import MUTATIONS, PAGE, Tried, counted, page

from report_builder.revisions.comparison import Comparison


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Comparison]:
    """Every mutation, compared with the version before it."""
    bench = Tried(tmp_path_factory.mktemp("mutations"))
    return {mutation.name: bench.compared(mutation, i) for i, mutation in enumerate(MUTATIONS)}


def test_only_what_was_changed_is_told(tried: dict[str, Comparison]) -> None:
    unclean = {m.name: counted(tried[m.name]) for m in MUTATIONS if not m.clean(tried[m.name])}
    assert not unclean


def test_the_published_table_is_what_was_found(tried: dict[str, Comparison]) -> None:
    assert Path(PAGE).read_text(encoding="utf-8") == page([(m, tried[m.name]) for m in MUTATIONS])


def test_every_changed_figure_leads_to_its_reason(tried: dict[str, Comparison]) -> None:
    for comparison in tried.values():
        known = {change.id for change in comparison.changes}
        for change in comparison.changes:
            assert change.what != "fact" or change.reasons
            assert all(link in known for reason in change.reasons for link in reason.links)
