"""Columns of words share a line so that rows are short, and a figure's data stays on an upright page where it fits."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.narrative.proportions import fits_upright, proportioned
from report_builder.narrative.tables import data_table

LINE = 92


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], align: str = "text") -> n.Table:
    return n.Table(
        id="t",
        caption=(),
        columns=tuple(
            n.Column(id=f"k{i}", header=(n.Text(text=h),), align=align if i else "text")  # type: ignore[arg-type]
            for i, h in enumerate(headers)
        ),
        rows=tuple(n.Row(cells=tuple((n.Text(text=cell),) for cell in row)) for row in rows),
    )


def height(found: n.Table, widths: Sequence[float]) -> int:
    cells = [[len(plain_text(cell)) for cell in row.cells] for row in found.rows]
    return sum(max(ceil(n_ / (w - 3)) for n_, w in zip(row, widths, strict=True)) for row in cells)


def widths(found: n.Table) -> list[int]:
    return [column.width for column in found.columns]


LONG = "Uppgifterna i ärendesystemet räcker inte till för att mäta på samma sätt i alla ärendeslag"


def test_long_text_gets_the_room_that_short_words_leave() -> None:
    rows = [(LONG, "Medel", "Stor", "Ingen förändring sedan den förra rapporten")] * 5
    found = proportioned(table(("Risk", "Sannolikhet", "Konsekvens", "Vad som har hänt"), rows))
    risk, likely, severe, event = widths(found)
    assert risk > event > likely
    assert likely >= len("Sannolikhet") + 3
    assert severe >= len("Konsekvens") + 3
    assert sum(widths(found)) <= LINE
    assert height(found, widths(found)) < height(found, [LINE / 4] * 4)


def test_columns_whose_cells_all_have_a_line_are_not_stretched() -> None:
    found = proportioned(table(("Mått", "Version"), [("Tid", "1"), ("Balans", "2")]))
    assert sum(widths(found)) < LINE
    assert all(width >= 7 for width in widths(found))


def test_a_narrow_line_still_gives_every_column_its_longest_word() -> None:
    words = [f"{'x' * 14}"] * 7
    assert min(widths(proportioned(table(words, [words])))) >= 16


def test_figures_lie_on_an_upright_page_as_long_as_they_fit() -> None:
    names = ["Ärendeslag", *(f"kv {q} {y}" for y in (2023, 2024, 2025) for q in (1, 2, 3, 4))]
    few = table(names, [("Klagomål", *["639"] * 12)], "number")
    assert fits_upright(few)
    assert not fits_upright(table(names, [("Klagomål", *["1 234 639"] * 12)], "number"))


def test_only_data_that_does_not_fit_turns_the_page() -> None:
    names = ["Tidpunkt", *(f"Ärendeslag{'et' * 4} {i}" for i in range(9))]
    figure = n.Figure(
        id="f", caption=(), alt="a", spec={}, data=table(names, [("2025", *["1"] * 9)], "number"), notes=()
    )
    assert data_table(figure).wide
    short = n.Figure(
        id="f", caption=(), alt="a", spec={}, data=table(["Tid", *"abcdefghi"], [("2025", *["1"] * 9)], "number")
    )
    assert not data_table(short).wide
