"""Two reports of a series: what only follows from a new period is told apart from what somebody has changed."""

from __future__ import annotations

import dataclasses

import pytest
from reference import p, t
from series import FIRST, YEARS, version

from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.methods.revision import RevisionCounts
from report_builder.revisions.compare import compare_versions
from report_builder.revisions.comparison import Comparison, DifferenceKind, Layer, ReportDifference
from report_builder.revisions.tokens import text_tokens
from report_builder.revisions.version import Version
from report_builder.revisions.whats_new import point_text, whats_new_blocks, whats_new_points
from report_builder.swedish import time_words as times


def judged(comparison: Comparison) -> list[ReportDifference]:
    return [c for c in comparison.changes if not c.rolled]


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        (FIRST, version("t2", ("2025-T2", "2026-T2")), "T1 2025 och T1 2026", "T2 2025 och T2 2026"),
        (YEARS, version("2025", ("2023", "2024", "2025")), "2022", "2025"),
        (YEARS, version("2026", ("2023", "2024", "2025", "2026")), "2022", "2025 och 2026"),
    ],
)
def test_columns_that_roll_forward_are_told_once(old: Version, new: Version, before: str, after: str) -> None:
    if old is YEARS:  # the value of a year that both have is the same in both
        new = with_values_of(old, new)
    found = compare_versions(old, new)
    assert [c.title for c in judged(found)] == []
    table = next(c for c in found.of(Layer.TABLES))
    told = [words.replace("\N{NO-BREAK SPACE}", " ") for words in (table.old, table.new)]
    assert (table.kind, *told) == (DifferenceKind.ROLLED, before, after)
    assert {c.what for c in found.of(Layer.WORDING, Layer.STRUCTURE)} == {"paragraph", "table"}
    assert all(r.cause.value == "new-period" for c in found.of(Layer.FIGURES) for r in c.reasons)


def with_values_of(old: Version, new: Version) -> Version:
    periods = tuple(dict.fromkeys(f.period.name for f in new.facts))
    values = {f.id: int(f.value or 0) for f in old.facts if f.id in new.facts}
    return version(new.name, periods, values=values)


def test_a_past_figure_that_moved_stands_out_among_the_new_periods() -> None:
    new = version("2025", ("2023", "2024", "2025"), values={"balans.antal.b.2023": 999})
    found = judged(compare_versions(YEARS, new))
    revised = next(c for c in found if c.key == "balans.antal.b.2023")
    assert (revised.kind, revised.old, revised.new) == (DifferenceKind.CHANGED, "201", "999")
    cells = [cell for c in found if c.layer is Layer.TABLES for cell in c.cells if cell.row == "B"]
    assert ("2023", "201", "999") in [(c.column, c.old, c.new) for c in cells]


def test_a_reworded_sentence_stands_out_among_the_new_periods() -> None:
    new = version("t2", ("2025-T2", "2026-T2"), prose="Balansen har få orsaker.")
    assert [(c.layer, c.kind) for c in judged(compare_versions(FIRST, new))] == [
        (Layer.WORDING, DifferenceKind.CHANGED)
    ]


def test_between_two_builds_of_one_period_another_year_is_another_word() -> None:
    one, other = (version("t1", ("2025-T1", "2026-T1"), prose=f"Arbetet började {year}.") for year in (2023, 2024))
    change = next(c for c in compare_versions(one, other).changes)
    assert (change.kind, [p.op for p in change.pieces]) == (DifferenceKind.CHANGED, ["same", "gone", "new", "same"])


def test_the_new_period_is_the_first_news() -> None:
    new = version("t2", ("2025-T2", "2026-T2"))
    first, *_ = whats_new_points(compare_versions(FIRST, new), RevisionCounts())
    assert point_text(first) == "Rapporten omfattar nu även andra tertialet 2025 och andra tertialet 2026."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Den 31 augusti 2026 och den 1 maj.", ["31 augusti 2026", "1 maj"]),
        ("under första tertialet 2026, fjärde kvartalet", ["första tertialet 2026", "fjärde kvartalet"]),
        ("T2 2026, kv 3 2025, 2026-T1, 2025-12-31, maj 2026", ["T2 2026", "kv 3 2025", "2026-T1", "2025-12-31",
                                                               "maj 2026"]),
        ("lagen (2010:659), S2025/02147, 12 § och 2 024 ärenden", []),
        ("år 2025 och 2026.", ["2025", "2026"]),
    ],
)  # fmt: skip
def test_words_for_periods_are_known(text: str, named: list[str]) -> None:
    assert [part for part, kind in times.split(text) if kind] == named
    assert "".join(part for part, _ in times.split(text)) == text
    assert "".join(token.text for token in text_tokens(text, rolled=True)) == text


def _marked(found: Version, *marks: str) -> Version:
    meta = dataclasses.replace(found.document.meta, marks=marks, title=f"Rapport med {' '.join(marks) or 'utfall'}")
    return dataclasses.replace(found, document=dataclasses.replace(found.document, meta=meta))


def test_no_title_is_named_that_bears_a_mark_which_the_new_report_may_not_say() -> None:
    """A section about the example data is gone with it: the gate refuses the word, so the news counts and names not."""
    old = _marked(version("t1", ("2025-T1", "2026-T1")), "Exempeldata")
    extra = n.Heading(id="extra", level=1, content=t("Om exempeldata"))
    blocks = (*old.document.blocks, extra, p("Allt är påhittat."))
    old = dataclasses.replace(old, document=dataclasses.replace(old.document, blocks=blocks))
    new = _marked(version("t2", ("2025-T2", "2026-T2")))
    said = [point_text(point) for point in whats_new_points(compare_versions(old, new), RevisionCounts())]
    assert "1 avsnitt har utgått." in said
    blocks = whats_new_blocks(compare_versions(old, new), RevisionCounts())
    words = " ".join(node.text for block in blocks for node in walk(block) if isinstance(node, n.Text))
    assert "exempel" not in words.casefold()
    also_made_up = compare_versions(old, _marked(new, "Exempeldata"))
    still = [point_text(point) for point in whats_new_points(also_made_up, RevisionCounts())]
    assert "Avsnittet ”Om exempeldata” har utgått." in still
