"""Documents of trouble: whatever sits at the edge of what a report may hold, for every edition to be tried with.

``readable`` must become a report in which nothing is lost or cut off. ``REFUSED`` are documents that an edition must
answer with a clear problem instead of a file that nobody can read.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from reference import inline, note, p, reference_meta, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve

LONG_WORD = "prioriteringsordningsförändringskonsekvensutredning" * 4
"""A word of two hundred letters."""

GREEK = "Ελένη Παπαδοπούλου"
ARABIC = "فاطمة الزهراء"
EMOJI = "\N{WHITE HEAVY CHECK MARK}"
NOTES = 300
ROWS = 2_000


def report(*blocks: n.Block) -> n.Document:
    """A resolved report of one chapter with these blocks."""
    return resolve(n.Document(meta=reference_meta(), blocks=(chapter("trassel", "Trassel"), *blocks)))


def chapter(chapter_id: str, title: str, level: int = 1) -> n.Heading:
    """A heading."""
    return n.Heading(id=chapter_id, level=level, content=t(title))


def table(table_id: str, headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...], **more: Any) -> n.Table:
    """A table with words in its first column and numbers in the others."""
    return n.Table(
        id=table_id,
        caption=t(f"Tabellen {table_id}"),
        columns=tuple(
            n.Column(id=f"k{i}", header=t(header), align="number" if i else "text", width=1 if i else 4)
            for i, header in enumerate(headers)
        ),
        rows=tuple(n.Row(cells=tuple(t(cell) for cell in row)) for row in rows),
        **more,
    )


def figure(figure_id: str, values: tuple[float, ...]) -> n.Figure:
    """A column chart of these values."""
    points = [{"ar": str(2020 + i), "antal": value} for i, value in enumerate(values)]
    rows = tuple((point["ar"], str(point["antal"])) for point in points) or (("2020", ".."),)
    return n.Figure(
        id=figure_id,
        caption=t(f"Diagrammet {figure_id}"),
        alt=f"Stapeldiagram med {len(values)} värden.",
        spec={
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "data": {"values": points},
            "width": 400,
            "height": 160,
            "mark": "bar",
            "encoding": {
                "x": {"field": "ar", "type": "nominal", "axis": {"title": None}},
                "y": {"field": "antal", "type": "quantitative", "axis": {"title": "Antal"}},
            },
            "config": {"font": "Source Sans 3"},
        },
        data=table(f"{figure_id}-data", ("År", "Antal"), rows),
    )


def readable() -> n.Document:
    """Trouble that must come out readable: long words, long tables, many notes, other scripts, empty chapters."""
    return report(
        p(f"Ett ord på tvåhundra bokstäver: {LONG_WORD}. Handläggaren heter {GREEK}."),
        table("langa-ord", ("Ärendeslag", "Antal"), ((LONG_WORD, "1"), ("Kort", "123\N{NO-BREAK SPACE}456"))),
        table("lang", ("Ärende", "Dagar"), tuple((f"Ärende {i}", str(i)) for i in range(1, ROWS + 1))),
        chapter("noter", "Många noter"),
        *(p(f"Stycke {i} med en not", note(f"t{i}", f"Noten med nummer {i}."), ".") for i in range(1, NOTES + 1)),
        chapter("tomt", "Ett tomt kapitel"),
        chapter("tomt-avsnitt", "Ett tomt avsnitt", 2),
        chapter("diagram", "Diagram"),
        figure("en-punkt", (7.0,)),
        figure("bara-nollor", (0.0, 0.0, 0.0)),
        table("tom", ("Ärendeslag", "Antal"), ()),
        n.BulletList(items=((p(LONG_WORD),), (p(n.Strong(content=inline("Fet", note("fet", "I fetstil."))), "."),))),
    )


def forty_columns() -> n.Document:
    """A table that no page can hold."""
    headers = ("Ärendeslag", *(f"{1980 + i}" for i in range(40)))
    return report(table("fyrtio", headers, (("Klagomål", *("12\N{NO-BREAK SPACE}345",) * 40),), wide=True))


def emoji() -> n.Document:
    """A character that the report's font does not have."""
    return report(p(f"Klart {EMOJI}."))


def arabic() -> n.Document:
    """A name in a script that the report's font does not have."""
    return report(p(f"Anmälaren {ARABIC} har fått besked."))


def empty_chart() -> n.Document:
    """A chart without a single value."""
    return report(figure("inga-varden", ()))


def chart_without_words() -> n.Document:
    """A chart that says nothing to those who cannot see it."""
    return report(dataclasses.replace(figure("tyst", (1.0,)), alt=""))


REFUSED = {
    "table-too-wide": forty_columns,
    "missing-alt": chart_without_words,
    "empty-chart": empty_chart,
}
"""The code of the problem → the document that every edition must refuse."""
