"""The data annex as spreadsheets: by the guidance's items that a program can check, and read back cell by cell."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from reference import reference_document

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.editions.spreadsheet import Workbook, ods, workbook, xlsx
from report_builder.facts.fact import Fact, ObsStatus
from report_builder.periods import Period
from report_builder.verifying.read_spreadsheet import read_ods, sheets_of_xlsx, spreadsheet_problems

FORMATS = {"a.xlsx": xlsx, "a.ods": ods}


def fact(name: str, value: str | None, unit: str = "antal", **more: object) -> Fact:
    given = None if value is None else Decimal(value)
    return Fact(
        id=f"m.s.{name}.2025", measure="m", statistic="s", case_type=name, period=Period("2025"), value=given,
        unit=unit, decimals=more.pop("decimals", 0), method="m@v1", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def words(text: str) -> tuple[n.Inline, ...]:
    return (n.Text(text=text),)


def printed(fact: Fact, text: str) -> tuple[n.Inline, ...]:
    return (n.FactValue(fact_id=fact.id, text=text),)


MANY = fact("many", "12676.4")
DAYS = fact("days", "168.5", "dagar", decimals=1, status=ObsStatus.BREAK)
NONE = fact("none", None, status=ObsStatus.MISSING)
SMALL = fact("small", "3", status=ObsStatus.SUPPRESSED)
FACTS = {f.id: f for f in (MANY, DAYS, NONE, SMALL)}


def a_table(**more: object) -> n.Table:
    head = (n.Column(id="a", header=words("Mått")), n.Column(id="b", header=words("2025"), align="number"))
    rows = (
        n.Row(cells=(words("=SUMMA(A1)"), printed(MANY, "12\u00a0676"))),
        n.Row(cells=(words("Median"), printed(DAYS, "168,5\u00a0B"))),
        n.Row(cells=(words("Saknas"), printed(NONE, ".."))),
        n.Row(cells=(words("Skyddas"), printed(SMALL, "x"))),
    )
    fields = {"id": "tab", "caption": words("Läget"), "columns": head, "rows": rows, "notes": (words("En not."),)}
    return n.Table(**{**fields, **more})  # type: ignore[arg-type]


def book(*tables: n.Table, facts: dict[str, Fact] = FACTS) -> Workbook:
    return workbook(resolve(n.Document(meta=reference_document().meta, blocks=tables)), facts)


@pytest.fixture(scope="module")
def whole() -> Workbook:
    return workbook(reference_document(), {})


def test_numbers_are_numbers_with_their_units_and_flags() -> None:
    sheet = book(a_table()).sheets[-1]
    assert sheet.heads == ("Mått", "Enhet", "2025", "2025, flagga")
    cells = [tuple(cell.value for cell in row) for row in sheet.rows]
    assert cells == [
        ("=SUMMA(A1)", "antal", Decimal(12676), "A"),
        ("Median", "dagar", Decimal("168.5"), "B"),
        ("Saknas", "antal", "..", "M"),
        ("Skyddas", "antal", "x", "Q"),
    ]
    assert sheet.lines == ("Anmärkningar på bladet Anmärkningar: 1.",)


def test_one_unit_is_said_once_and_units_by_column_in_the_heads() -> None:
    rows = (n.Row(cells=(words("Alla"), printed(MANY, "12\u00a0676"), printed(MANY, "12\u00a0676"))),)
    columns = tuple(n.Column(id=i, header=words(i)) for i in ("a", "b", "c"))
    same = book(a_table(columns=columns, rows=rows)).sheets[-1]
    assert same.heads == ("a", "b", "c")
    assert same.lines[0].startswith("Enhet: antal.")
    rows = (n.Row(cells=(words("Alla"), printed(MANY, "12\u00a0676"), printed(DAYS, "168,5"))),)
    apart = book(a_table(columns=columns, rows=rows)).sheets[-1]
    assert apart.heads == ("a", "b (antal)", "c (dagar)")


def test_heads_differ_and_groups_stand_in_them() -> None:
    columns = tuple(n.Column(id=str(i), header=words("2025" if i else "")) for i in range(5))
    rows = (n.Row(cells=tuple(words(str(i)) for i in range(5))),)
    groups = (("", 1), ("Median", 2), ("Medel", 2))
    heads = book(a_table(columns=columns, rows=rows, groups=groups)).sheets[-1].heads
    assert heads == ("Rubrik", "Median: 2025", "Median: 2025 (2)", "Medel: 2025", "Medel: 2025 (2)")


def test_a_figure_has_its_data_on_a_sheet_when_no_table_has_it(whole: Workbook) -> None:
    figures = [b for b in reference_document().blocks if isinstance(b, n.Figure)]
    names = [sheet.name for sheet in whole.sheets]
    tables = [b for b in reference_document().blocks if isinstance(b, n.Table)]
    held = {t.id for t in tables}
    alone = [f"Figur {f.number}" for f in figures if not held & {f.data.id, f"{f.id}-data"}]
    assert [name for name in names if name.startswith("Figur ")] == alone
    assert [name for name in names if name.startswith("Tabell ")] == [f"Tabell {t.number}" for t in tables]


def test_the_workbook_keeps_to_the_guidance(whole: Workbook) -> None:
    made = load_workbook(io.BytesIO(xlsx(whole)))
    assert made.properties.title == whole.title
    assert made.properties.creator == whole.author
    assert len(set(made.sheetnames)) == len(made.sheetnames)
    assert max(map(len, made.sheetnames)) <= 31
    tables = [table for sheet in made.worksheets for table in sheet.tables.values()]
    assert len({table.displayName for table in tables}) == len(tables)
    for sheet, ours in zip(made.worksheets, whole.sheets, strict=True):
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value == ours.title
        assert sheet["A1"].font.bold
        assert not any(d.hidden for d in (*sheet.column_dimensions.values(), *sheet.row_dimensions.values()))
        assert not sheet._images
        assert not sheet._charts
        assert len(sheet.tables) == bool(ours.heads)
        for table in sheet.tables.values():
            cells = sheet[table.ref]
            heads = [cell.value for cell in cells[0]]
            assert all(isinstance(head, str) and head for head in heads)
            assert len(set(heads)) == len(heads)
            assert all(cell.value not in (None, "") for row in cells for cell in row)
            assert all(
                cell.alignment.wrap_text
                for row in cells
                for cell in row
                if isinstance(cell.value, str)
                if not cell.hyperlink
            )
            assert table.autoFilter is None
            assert sheet.freeze_panes == cells[1][1 if len(heads) > 2 else 0].coordinate
        assert all(cell.font.size >= 12 and cell.font.name == "Arial" for row in sheet for cell in row if cell.value)
        assert not any(cell.data_type == "f" for row in sheet for cell in row)
    links = {cell.hyperlink.location for row in made["Innehåll"] for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in made.sheetnames if name.startswith(("Tabell", "Figur"))}


@pytest.mark.parametrize("name", FORMATS)
def test_words_are_never_a_formula(name: str) -> None:
    made = FORMATS[name](book(a_table()))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert not any(
            b"<f>" in package.read(entry) or b"table:formula" in package.read(entry) for entry in package.namelist()
        )


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_book_gives_the_same_bytes_without_the_clock(name: str, whole: Workbook) -> None:
    made = FORMATS[name](whole)
    assert FORMATS[name](whole) == made
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = b"".join(package.read(entry) for entry in package.namelist()).decode()
    today = date.today().isoformat()
    assert whole.created == today or today not in text


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_read_back(name: str, whole: Workbook) -> None:
    for each in (whole, book(a_table())):
        assert list(spreadsheet_problems(FORMATS[name](each), name, each)) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_changed_cell_is_named(name: str) -> None:
    right = book(a_table())
    wrong = dict(FACTS) | {MANY.id: dataclasses.replace(MANY, value=Decimal(12677))}
    (problem,) = spreadsheet_problems(FORMATS[name](book(a_table(), facts=wrong)), name, right)
    assert problem.code == "wrong-figure"
    assert "Sheet 'Tabell 1', row 4, column 3: '12677' stands where the report has '12676'" in problem.message


@settings(deadline=None, max_examples=40)
@given(
    values=st.lists(st.decimals(-(10**9), 10**9, places=3, allow_nan=False), min_size=1, max_size=6),
    label=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=20),
)
def test_any_values_and_words_come_back(values: list[Decimal], label: str) -> None:
    facts = {f.id: f for f in (fact(f"f{i}", str(v), decimals=2) for i, v in enumerate(values))}
    rows = tuple(n.Row(cells=(words(f"{label}{i}"), printed(f, "0"))) for i, f in enumerate(facts.values()))
    made = book(a_table(rows=rows), facts=facts)
    for name, write in FORMATS.items():
        assert list(spreadsheet_problems(write(made), name, made)) == []
    for found in (sheets_of_xlsx(xlsx(made), "a.xlsx"), read_ods(ods(made), "a.ods")):
        said = [row[1] for row in found["Tabell 1"][3:]]
        assert [abs(a - v) <= Decimal("0.005") for a, v in zip(said, values, strict=True)] == [True] * len(values)
