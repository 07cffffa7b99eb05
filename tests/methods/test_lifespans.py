"""Case types over time: nothing outside their time, and a split, a merge or a new id compared as a whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from report_builder import swedish
from report_builder.facts.fact import Fact, FactSet, ObsStatus, Provenance, fact_id
from report_builder.methods.lifespans import WHOLE, Lifespan, within_lifespans
from report_builder.periods import Period
from report_builder.problems import ReportError
from report_builder.workspace.workspace import Settings, Workspace

DAY, EVE = date(2025, 7, 1), date(2025, 6, 30)
ENDED = Lifespan(until=EVE)


def fact(case_type: str, period: str, value: int | None, statistic: str = "inkomna", unit: str = swedish.COUNT) -> Fact:
    return Fact(
        id=fact_id("floden", statistic, case_type, Period(period)), measure="floden", statistic=statistic,
        case_type=case_type, period=Period(period), value=None if value is None else Decimal(value), unit=unit,
        decimals=0, method="floden@v1", status=ObsStatus.NORMAL if value is not None else ObsStatus.SUPPRESSED,
        provenance=Provenance(count=value),
    )  # fmt: skip


def came(*names: str) -> Lifespan:
    return Lifespan(since=DAY, successor_of=names)


FACTS = FactSet(
    fact(case_type, period, value)
    for case_type, values in {"a": (100, 60, 1), "b": (0, 30, 50), "c": (0, 25, 45)}.items()
    for period, value in zip(("2024", "2025", "2026"), values, strict=True)
)


def values(facts: FactSet, case_type: str, suffix: str = "") -> list[Decimal | None]:
    found = [facts.get(f"floden.inkomna.{case_type}.{period}{suffix}") for period in ("2024", "2025", "2026")]
    return [f.value if f is not None else Decimal(-1) for f in found]


def test_a_type_has_no_value_before_it_begins_and_after_it_ends() -> None:
    found = within_lifespans(FACTS, {"a": ENDED, "b": came("a"), "c": came("a")})
    assert values(found, "a") == [100, 60, None]
    assert values(found, "b") == [None, 30, 50]
    gone = found.require("floden.inkomna.a.2026")
    assert (gone.status, gone.provenance.count) == (ObsStatus.MISSING, None)


def test_a_split_is_compared_as_a_whole_and_a_part_of_it_not_at_all() -> None:
    found = within_lifespans(FACTS, {"a": ENDED, "b": came("a"), "c": came("a")})
    assert values(found, "a", WHOLE) == [100, 115, 96]
    assert values(found, "b", WHOLE) == [None, None, -1]
    assert found.require(f"floden.inkomna.a.2026{WHOLE}").provenance.derived_from == tuple(
        f"floden.inkomna.{name}.2026" for name in "abc"
    )


def test_a_merge_is_compared_with_all_that_it_came_from() -> None:
    found = within_lifespans(FACTS, {"a": ENDED, "b": ENDED, "c": came("a", "b")})
    assert values(found, "c") == [None, 25, 45]
    assert values(found, "c", WHOLE) == [100, 115, 96]
    assert values(found, "a", WHOLE) == [-1, None, None]


def test_a_new_id_is_the_same_type() -> None:
    found = within_lifespans(FACTS, {"a": ENDED, "b": came("a"), "c": Lifespan()})
    assert values(found, "a", WHOLE) == values(found, "b", WHOLE) == [100, 90, 51]
    assert values(found, "c") == [0, 25, 45]
    assert values(found, "c", WHOLE) == [-1, -1, -1]


def test_a_withheld_part_leaves_no_whole() -> None:
    facts = FactSet([*(f for f in FACTS if f.id != "floden.inkomna.c.2026"), fact("c", "2026", None)])
    found = within_lifespans(facts, {"a": ENDED, "b": came("a"), "c": came("a")})
    assert values(found, "a", WHOLE) == [100, 115, None]


def test_a_median_is_never_added() -> None:
    medians = FactSet([fact("a", "2024", 80, "median", "dagar"), fact("b", "2024", 70, "median", "dagar")])
    found = within_lifespans(medians, {"a": ENDED, "b": came("a")})
    assert [f.id for f in found] == [f.id for f in medians]
    assert found.require("floden.median.b.2024").value is None


@pytest.mark.parametrize(
    ("period", "outside", "across"),
    [("2025-06-30", True, False), ("2025-07-01", False, False), ("2025-Q2", True, False), ("2025-Q3", False, False),
     ("2025", False, True), ("2024", True, False), ("2026", False, False)],
)  # fmt: skip
def test_the_first_day_belongs_to_the_type(period: str, outside: bool, across: bool) -> None:
    span = Lifespan(since=DAY)
    assert (span.outside(Period(period)), span.across(Period(period))) == (outside, across)
    ended = Lifespan(until=date(2025, 7, 1))
    assert ended.outside(Period("2025-07-02")) and not ended.outside(Period("2025-07-01"))


REGISTER = """rows:
  - {id: a, name: A, short: A, until: 2025-06-30}
  - {id: b, name: B, short: B, from: 2025-07-01, successor_of: [a]}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("", "", 0),
        ("[a]", "[c]", 3),
        ("[a]", "[b]", 3),
        ("from: 2025-07-01", "from: 2025-06-30", 3),
        (", until: 2025-06-30", "", 3),
        ("from: 2025-07-01, ", "", 3),
        ("successor_of: [a]", "until: 2025-06-01", 3),
    ],
)
def test_the_register_says_when_and_from_what(tmp_path: Path, old: str, new: str, line: int) -> None:
    path = tmp_path / "content/registers/slag.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(REGISTER.replace(old, new) if old else REGISTER, encoding="utf-8")
    settings = Settings.model_construct(case_type_register="slag")
    if not line:
        assert Workspace(tmp_path).case_types(settings)[1].since == DAY
        return
    with pytest.raises(ReportError) as caught:
        Workspace(tmp_path).case_types(settings)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (problem.code, problem.place.line) == ("case-type-time", line)
    assert problem.hint
