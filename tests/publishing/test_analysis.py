"""Facts as an analyst reads them: computed from a workspace, and read from a build, a bundle and its ZIP."""

from __future__ import annotations

import doctest
import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from finals import PROJECT, REPORT, Issue

import report_builder as rb
from report_builder.facts.fact import Fact, ObsStatus, difference, relative_change
from report_builder.facts.frame import FRAME_COLUMNS, as_frame
from report_builder.periods import Period


def fact(period: str, value: str | None, vintage: str = "", **more: object) -> Fact:
    given = {"statistic": "antal", "case_type": "alla", "unit": "antal", "decimals": 0, "method": "balans@v2", **more}
    number = None if value is None else Decimal(value)
    return Fact(
        id=f"balans.antal.alla.{period}{vintage}", measure="balans", period=Period(period), value=number, **given
    )


def test_values_and_changes_are_told_apart() -> None:
    later, earlier = fact("2025-T1", "12"), fact("2024-T1", "10", example=True)
    kept = fact("2024-T1", "9", "@v1", method="balans@v1", status=ObsStatus.DEFINITION_DIFFERS)
    frame = as_frame([earlier, kept, later, difference(later, earlier), relative_change(later, earlier)])
    assert list(frame.kind) == ["value", "value", "value", "difference", "relative_change"]
    assert list(frame.against) == ["", "", "", "2024-T1", "2024-T1"]
    assert list(frame.vintage) == ["", "v1", "", "", ""]
    assert list(frame.value) == [10, 9, 12, 2, 20]
    assert list(frame.unit) == ["antal", "antal", "antal", "antal", "procent"]
    assert list(frame.obs_status) == ["A", "D", "A", "A", "A"]
    assert list(frame.example) == [True, False, False, True, True]
    assert list(frame.method) == ["balans@v2", "balans@v1", "balans@v2", "balans@v2", "balans@v2"]


@pytest.mark.parametrize(
    ("name", "kind", "first", "last"),
    [
        ("2024", "year", "2024-01-01", "2024-12-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2015-01-01/2015-11-30", "range", "2015-01-01", "2015-11-30"),
        ("0001-01-01", "day", "0001-01-01", "0001-01-01"),
    ],
)
def test_periods_have_their_days(name: str, kind: str, first: str, last: str) -> None:
    (row,) = as_frame([fact(name, "1")]).itertuples()
    assert (row.period, row.period_kind) == (name, kind)
    assert (row.period_start.date().isoformat(), row.period_end.date().isoformat()) == (first, last)


def test_a_withheld_value_is_no_number_and_a_frame_of_nothing_has_its_types() -> None:
    frame = as_frame([fact("2025", None, status=ObsStatus.SUPPRESSED)])
    assert frame.value.isna().all()
    assert frame["count"].isna().all()
    empty = as_frame([])
    assert list(empty.columns) == list(FRAME_COLUMNS)
    assert (empty.dtypes == frame.dtypes).all()


def test_one_report_is_the_same_wherever_it_is_read(issue: Issue) -> None:
    computed = rb.open_workspace(issue.desk.root).facts(REPORT)
    published = rb.read_facts(issue.folder)
    assert not published.example.any()
    pd.testing.assert_frame_equal(published, rb.read_facts(str(issue.archive)))
    common = published.index.intersection(computed.index)
    assert len(common) == len(computed) > 3000
    pd.testing.assert_frame_equal(published.loc[common], computed.loc[common])


def test_the_example_of_the_documentation_runs(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(issue.desk.root)
    flags = doctest.NORMALIZE_WHITESPACE
    text = (PROJECT / "docs" / "analysis.md").read_text(encoding="utf-8")
    example = doctest.DocTestParser().get_doctest(text, {}, "analysis.md", "docs/analysis.md", 0)
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=flags).run(example, out=said.append)
    assert found.attempted > 10
    assert not found.failed, "".join(said)


def test_what_is_no_report_is_refused_in_words(issue: Issue, tmp_path: Path) -> None:
    with pytest.raises(rb.ReportError, match="not a workspace"):
        rb.open_workspace(tmp_path)
    with pytest.raises(rb.ReportError, match="no release delredovisning/2026-09"):
        rb.open_workspace(issue.desk.root).facts("delredovisning/2026-09")
    with pytest.raises(rb.ReportError, match="no version of a report"):
        rb.read_facts(tmp_path)
    damaged = tmp_path / "bundle"
    shutil.copytree(issue.folder, damaged)
    facts = (damaged / "facts.csv").read_text(encoding="utf-8")
    (damaged / "facts.csv").write_text(facts.replace(",185,", ",158,"), encoding="utf-8")
    with pytest.raises(rb.ReportError, match="not the one that was published"):
        rb.read_facts(damaged)
