"""What a report says of itself is what it is: period words, file names and dates held against the release's periods."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from finals import Desk, project
from hypothesis import given
from hypothesis import strategies as st

from report_builder.output.plan import read_plan
from report_builder.problems import Problem, ReportError
from report_builder.swedish.period_words import OwnPeriods, foreign_periods, tertial_words
from report_builder.workspace.workspace import Workspace

SECOND = OwnPeriods(years=(2024, 2025), tertial=(2026, 2), days=frozenset({date(2026, 8, 31), date(2026, 9, 25)}))
YEARS = OwnPeriods(years=(2023, 2024, 2025), days=frozenset({date(2025, 12, 31), date(2026, 2, 27)}))
T2 = "periodisk-rapport/2026-t2"
FILE = f"content/{T2}/release.yaml"


@pytest.mark.parametrize(
    "words",
    [
        "andra tertialet 2026", "Andra\u00a0tertialet", "tertial 2", "Tertialrapport 2 2026", "T2 2026", "2026-T2",
        "maj–augusti 2026", "januari–augusti", "första och andra tertialet 2026", "Tertial II", "2024–2026", "2024–25",
        "31 augusti 2026", "september 2026", "S2025/02147", "2010:659", "Tertialrapport", "2026", "2:a tertialet",
    ],
)  # fmt: skip
def test_its_own_period_may_be_named(words: str) -> None:
    assert foreign_periods(f"Rapport om handläggning, {words}", SECOND) == ()


@pytest.mark.parametrize(
    "words",
    [
        "tredje tertialet 2026", "första tertialet", "andra tertialet 2025", "sista tertialet", "tertial 3", "T1 2026",
        "2026-T3", "2026t3", "III tertialet", "tertial tre", "3:e tertialet", "tertialet", "förra tertialet 2026",
        "tertial\u00adet 3", "ＴＥＲＴＩＡＬ 3", "september–december 2026", "maj–augusti 2025", "januari 2026", "2025",
        "2023–2025", "helåret 2026", "fjärde kvartalet", "Q2 2026", "halvårsrapport", "hösten 2026", "1 maj 2025",
        "andra och tredje tertialet", "i fjol", "2026-12-31",
    ],
)  # fmt: skip
def test_another_period_is_found_however_it_is_written(words: str) -> None:
    assert foreign_periods(f"Rapport om handläggning, {words}", SECOND), words


def test_a_yearly_report_names_its_years() -> None:
    for words in ("2025", "2023–2025", "helåret 2025", "januari–december 2025", "februari 2026", "31 december 2025"):
        assert foreign_periods(words, YEARS) == (), words
    for words in ("2024", "2026", "2023–2024", "tredje tertialet 2025", "januari–augusti 2025", "december 2026"):
        assert foreign_periods(words, YEARS), words


@given(
    said=st.tuples(st.integers(2019, 2031), st.integers(1, 3)),
    is_=st.tuples(st.integers(2019, 2031), st.integers(1, 3)),
)
def test_only_the_tertial_itself_goes_by_its_name(said: tuple[int, int], is_: tuple[int, int]) -> None:
    words = f"Rapport, {['första', 'andra', 'tredje'][said[1] - 1]} tertialet {said[0]}"
    own = OwnPeriods(years=(is_[0] - 1,), tertial=is_)
    assert bool(foreign_periods(words, own)) == (said != is_)
    renamed = tertial_words(words, OwnPeriods(years=(said[0] - 1,), tertial=said), own)
    assert foreign_periods(renamed, own) == ()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return project(tmp_path_factory.mktemp("identity") / "workspace")


def faults_of(desk: Desk, text: str) -> list[Problem]:
    """What is wrong with the release when its file says ``text``."""
    path = desk.root / FILE
    before = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    try:
        read_plan(Workspace(desk.root), T2)
    except ReportError as e:
        return list(e.problems)
    finally:
        path.write_text(before, encoding="utf-8")
    return []


def told(desk: Desk, old: str, new: str) -> list[tuple[str, int, str]]:
    """Code, line and value of what is wrong when ``old`` is replaced by ``new`` in the file."""
    text = (desk.root / FILE).read_text(encoding="utf-8")
    assert re.search(old, text)
    found = faults_of(desk, re.sub(old, new, text))
    return [(p.code, p.place.line or 0 if p.place else 0, p.value or "") for p in found]


def test_the_third_tertial_is_not_published_as_the_second(desk: Desk) -> None:
    assert faults_of(desk, (desk.root / FILE).read_text(encoding="utf-8")) == []
    found = told(desk, "2026-T2", "2026-T3")
    assert ("other-period", 6, "andra tertialet 2026") in found  # the subtitle
    assert ("other-period", 7, "andra tertialet 2026") in found  # the running title
    assert ("other-period", 3, "2026-t2") in found  # the name, which is that of every file
    found = told(desk, "andra tertialet", "tredje tertialet")
    assert [(code, line) for code, line, _ in found] == [("other-period", 6), ("other-period", 7)]


def test_dates_in_an_order_that_cannot_be(desk: Desk) -> None:
    assert told(desk, "received: 2026-09-07", "received: 2026-08-30")[0][:2] == ("date-order", 22)
    assert told(desk, "published: 2026-09-25", "published: 2026-09-01")[0][:2] == ("date-order", 22)


def test_what_is_left_to_fill_in_is_named_with_its_line(desk: Desk) -> None:
    assert told(desk, "as_of: .*", "as_of: FYLL-I") == [("fill-in", 21, "")]
    assert told(desk, "decided_by|status: draft", "status: FYLL-I") == [("fill-in", 4, "")]


def test_the_month_of_a_release_is_the_one_it_is_published_in(desk: Desk) -> None:
    from report_builder.workspace.identity import period_problems

    release, file = Workspace(desk.root).release("delredovisning/2026-02")
    assert list(period_problems(release, file)) == []
    later = release.model_copy(update={"published": date(2026, 3, 27)})
    assert [p.value for p in period_problems(later, file)] == ["2026-02"]


def test_a_new_release_keeps_nothing_of_the_old_period_unsaid(desk: Desk) -> None:
    done = desk.run("new", "periodisk-rapport/2026-t3", "--from", T2)
    assert done.returncode == 0, done.stderr
    text = (desk.root / "content/periodisk-rapport/2026-t3/release.yaml").read_text(encoding="utf-8")
    assert text.count("tredje tertialet 2026") == 2
    assert "tertial: 2026-T3" in text
    assert "received: FYLL-I" in text
    for line in ("published: fill in (was 2026-09-25)", "deliveries.0.received: fill in (was 2026-09-07)",
                 "periods.tertial: moved from 2026-T2 to 2026-T3", "kept as they were"):  # fmt: skip
        assert line in done.stdout
    refused = desk.run("build", "periodisk-rapport/2026-t3")
    assert refused.returncode == 1
    assert "release.yaml:22: deliveries.0.received is still to be filled in" in " ".join(refused.stderr.split())


def test_what_was_accepted_of_an_old_delivery_is_left_behind(desk: Desk, tmp_path: Path) -> None:
    done = desk.run("new", "delredovisning/2027-02", "--from", "delredovisning/2026-02")
    assert done.returncode == 0, done.stderr
    text = (desk.root / "content/delredovisning/2027-02/release.yaml").read_text(encoding="utf-8")
    assert "accepted" not in text
    assert "uppgifter: metrics/ivo_publicerade_uppgifter.csv" in text
    assert "deliveries.1.accepted.0.rule: left behind (was no-period)" in done.stdout
