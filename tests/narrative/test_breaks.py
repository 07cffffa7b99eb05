"""A break is seen where it lies: a line in a chart, letters in a table, no line across what cannot be compared."""

import dataclasses
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from scenes import STYLE

from report_builder.catalogue import gettext
from report_builder.document.walk import plain_text
from report_builder.editions import images
from report_builder.editions.style_files import SHIPPED
from report_builder.facts.fact import Fact, ObsStatus, fact_id
from report_builder.methods.change import ChangeRecord, Changes
from report_builder.narrative import tables
from report_builder.narrative.axes import AxisItem, Step
from report_builder.narrative.book import Book, Coordinates
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.breaks import breaks_in
from report_builder.narrative.charts.specification import specification
from report_builder.narrative.template import TableModel
from report_builder.periods import Period

YEARS = ["2016", "2017", "2018", "2019"]
QUARTERS = [f"{year}-Q{i}" for year in ("2017", "2018") for i in (1, 2, 3, 4)]


def _change(**more):
    given = {"id": "a", "measure": "tid", "from_version": "v1", "to_version": "v2", "what": "w", "why": "y",
             "valid_from": date(2018, 1, 1), "decided_by": "d", "decided": date(2017, 1, 1), "diarienummer": "n",
             "comparability": "bridged", "effect": "e", "advice": "a"}  # fmt: skip
    return ChangeRecord(**(given | more))


LAW = _change(to_version="v1", comparability="broken", case_types=("psl",))


def _facts(periods, case_type="psl", method="tid@v2", population="", early_method=""):
    for i, name in enumerate(periods):
        period = Period(name)
        early = period.end < date(2018, 1, 1)
        first = not early and i > 0 and Period(periods[i - 1]).end < date(2018, 1, 1)
        breaks = first and bool(population or early_method)
        status = ObsStatus.BREAK if breaks else ObsStatus.NORMAL
        yield Fact(
            id=fact_id("tid", "median", case_type, period), measure="tid", statistic="median", case_type=case_type,
            period=period, value=Decimal(100 + 7 * i), unit="dagar", decimals=0,
            method=(early_method if early else "") or method, status=status,
            population=population if early else "",
        )  # fmt: skip


def _series(*case_types, **more):
    periods = more.pop("periods", YEARS)
    return [Series(label=c, facts=tuple(_facts(periods, c, **more))) for c in case_types]


def _steps(periods):
    return [Step(label=p, at=Coordinates(period=Period(p))) for p in periods]


def test_a_changed_method_is_a_line_where_no_version_counts_the_whole_series():
    changes = Changes(rows=(_change(),))
    (found,) = breaks_in(_series("psl", "lex", early_method="tid@v1"), changes)
    assert (found.at, found.series, found.apart) == (2, ("psl", "lex"), True)
    assert "den 1\N{NO-BREAK SPACE}januari\N{NO-BREAK SPACE}2018" in found.note
    assert breaks_in(_series("psl"), changes) == (), "a series that one version counts has no break"
    assert breaks_in(_series("psl", method="tid@v1"), changes) == ()
    assert breaks_in(_series("psl", periods=YEARS[2:]), changes) == ()


def test_a_law_breaks_the_series_of_its_own_case_type_alone_and_no_line_is_drawn_across():
    series = _series("psl", method="tid@v1", population="före a")
    series += _series("lex", method="tid@v1")
    (found,) = breaks_in(series, Changes(rows=(LAW,)))
    assert (found.series, found.apart, found.words) == (("psl",), True, "Brott i serien")
    spec = specification("line", _steps(YEARS), series, "Dagar", STYLE, breaks=[found])
    stretches = {(r["series"], r["x"]): r["stretch"] for r in _rows(spec) if "stretch" in r}
    assert [stretches["psl", year] for year in YEARS] == [0, 0, 1, 1]
    assert {stretches["lex", year] for year in YEARS} == {0}


def _rows(node):
    """Every object that a specification holds, wherever it lies: the rows of its data among them."""
    if isinstance(node, dict):
        return [node, *(row for child in node.values() for row in _rows(child))]
    return [row for child in node for row in _rows(child)] if isinstance(node, list) else []


@pytest.mark.parametrize("kind", ["line", "bar", "stacked_bar", "small_multiples"])
@pytest.mark.parametrize("periods", [YEARS, QUARTERS], ids=["years", "quarters"])
def test_the_line_is_drawn_in_every_kind_along_time(kind, periods, project):
    series = _series("psl", "lex", periods=periods, early_method="tid@v1")
    breaks = breaks_in(series, Changes(rows=(_change(),)))
    fonts = SHIPPED / "fonts"
    plain, marked = (
        images.svg(specification(kind, _steps(periods), series, "Dagar", STYLE, breaks=found), fonts).decode()
        for found in ((), breaks)
    )
    assert 'stroke-dasharray="4,4"' not in plain
    assert marked.count('stroke-dasharray="4,4"') == (2 if kind == "small_multiples" else 1)
    assert ("Ny metod" in marked) == (kind != "small_multiples")


class _Facts(Book):
    """A book of given facts, without a release."""

    def __init__(self, facts):
        self._known = {f.id: f for f in facts}
        self.case_types = ()
        self.fitted, self.changed = {"tid.andel"}, {"tid"}
        self.settings = SimpleNamespace(total=SimpleNamespace(id="alla", short="Samtliga"))
        self.periods = SimpleNamespace(named=Period)

    def find(self, at):
        return self._known.get(at.fact_id)

    def fact(self, at):
        return self._known[at.fact_id]


def _table(facts, periods):
    columns = tuple(AxisItem(period=p) for p in periods)
    model = TableModel(caption="c", corner="h", rows=(AxisItem(case_type="psl"),), columns=columns)
    under = Coordinates(measure="tid.median")
    return tables.fact_table(model, _Facts(facts), under, table_id="t", caption=(), notes=(), source=())


def test_a_table_that_crosses_the_break_marks_the_first_value_after_it_and_explains_the_letter():
    table = _table(list(_facts(YEARS, early_method="tid@v1")), YEARS)
    assert [plain_text(cell) for cell in table.rows[0].cells[1:]] == ["100", "107", "114\N{NO-BREAK SPACE}B", "121"]
    assert [plain_text(note)[:2] for note in table.notes] == ["B "]


def test_a_value_has_its_mark_where_nothing_from_before_the_break_stands_beside_it_too():
    table = _table(list(_facts(YEARS, early_method="tid@v1")), YEARS[2:3])
    assert plain_text(table.rows[0].cells[1]) == "114\N{NO-BREAK SPACE}B"


def test_a_table_of_recomputed_values_marks_nothing_and_says_that_older_reports_have_others():
    table = _table(list(_facts(YEARS)), YEARS)
    assert [plain_text(cell) for cell in table.rows[0].cells[1:]] == ["100", "107", "114", "121"]
    assert [plain_text(note) for note in table.notes] == [gettext(tables.AFTER)]


def test_shares_that_are_fitted_to_100_say_so():
    facts = [dataclasses.replace(f, statistic="andel", id=f.id.replace("median", "andel")) for f in _facts(["2019"])]
    book = _Facts(facts)
    assert list(tables.fitted_note(facts, book)) == ["Andelarna är avrundade så att de tillsammans blir 100 procent."]
    assert list(tables.fitted_note(list(_facts(["2019"])), book)) == []
