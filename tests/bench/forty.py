"""A report of about forty pages, the same every time: 12 000 words, 25 tables, 15 charts, 40 footnotes; all made up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "editions"))
from reference import note, p, reference_meta, row, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve

WORDS, TABLES, CHARTS, NOTES = 12_000, 25, 15, 40
_CHAPTERS, _SECTIONS = 10, 3
_PARAGRAPHS = 160
_IN_A_PARAGRAPH = WORDS // _PARAGRAPHS
_WORDS_OF_IT = """
ärendet beslutet handläggningstiden myndigheten avdelningen uppföljningen tillsynen redovisningen
anmälan under över efter innan och men att som har är blir från till med för i på av om de det den
en ett året kvartalet månaden dagar beslutade öppna avslutade inkomna färre fler längre kortare
tillståndsprövningen handläggningsordningen ansvar verksamhetsutvecklingen ärendebalansen
prioriteringsordningen personal kompletteringar regeringen vården omsorgen klagomål barn unga lagen
underlag metod tidsserie medianen kapacitet inflöde balans mål riktvärde arbete rutin stöd
"""
_VOCABULARY = tuple(_WORDS_OF_IT.split())


def forty_pages() -> n.Document:
    """The resolved document."""
    return resolve(n.Document(meta=reference_meta(), blocks=tuple(_blocks(Random(40)))))  # the seed fixes the text


def _blocks(random: Random) -> Iterator[n.Block]:
    paragraphs, tables, charts, notes = (count() for _ in range(4))
    per_section = _PARAGRAPHS // (_CHAPTERS * _SECTIONS) + 1
    for chapter in range(_CHAPTERS):
        yield n.Heading(id=f"kap-{chapter}", level=1, content=t(_sentence(random, 4).rstrip(".")))
        for section in range(_SECTIONS):
            yield n.Heading(id=f"avsnitt-{chapter}-{section}", level=2, content=t(_sentence(random, 3).rstrip(".")))
            for _ in range(per_section):
                if next(paragraphs) < _PARAGRAPHS:
                    number = next(notes)
                    ends = [note(f"{number}", _sentence(random, 12))] if number % 4 == 0 and number < 4 * NOTES else []
                    yield p(_words(random, _IN_A_PARAGRAPH), *ends)
            if (number := next(tables)) < TABLES:
                yield _table(random, number)
            if section < 2 and (number := next(charts)) < CHARTS:
                yield _figure(random, number)


def _words(random: Random, many: int) -> str:
    sentences = []
    while many > 0:
        length = min(many, random.randint(9, 19))
        sentences.append(_sentence(random, length))
        many -= length
    return " ".join(sentences)


def _sentence(random: Random, words: int) -> str:
    return " ".join(random.choices(_VOCABULARY, k=words)).capitalize() + "."


def _table(random: Random, number: int) -> n.Table:
    years = ("2021", "2022", "2023", "2024", "2025")
    return n.Table(
        id=f"tab-{number}",
        caption=t(_sentence(random, 6)),
        columns=(
            n.Column(id="slag", header=t("Ärendeslag"), width=4),
            *(n.Column(id=f"k{year}", header=t(year), align="number") for year in years),
        ),
        rows=tuple(
            row(random.choice(_VOCABULARY).capitalize(), *(t(str(random.randint(10, 9999))) for _ in years))
            for _ in range(9)
        ),
        notes=(t(_sentence(random, 9)),),
        source=t("Påhittade tal."),
    )


def _figure(random: Random, number: int) -> n.Figure:
    names = ("Inkomna", "Avslutade")
    values = [
        {"ar": str(2010 + year), "serie": name, "antal": random.randint(100, 999)}
        for name in names
        for year in range(16)
    ]
    rows = tuple(row(f"{v['ar']}, {v['serie']}", t(str(v["antal"]))) for v in values)
    columns = (n.Column(id="ar", header=t("År")), n.Column(id="antal", header=t("Antal"), align="number"))
    return n.Figure(
        id=f"fig-{number}",
        caption=t(_sentence(random, 6)),
        alt=f"Linjediagram med två serier av påhittade tal, det {number + 1}:a av {CHARTS}.",
        spec=_spec(values),
        data=n.Table(id=f"fig-{number}-data", caption=t("Påhittade tal"), columns=columns, rows=rows),
        source=t("Påhittade tal."),
    )


def _spec(values: list[dict[str, object]]) -> dict[str, object]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "width": 480,
        "height": 170,
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "ar", "type": "nominal", "axis": {"title": None, "labelAngle": 0}},
            "y": {"field": "antal", "type": "quantitative", "axis": {"title": "Antal"}},
            "color": {"field": "serie", "type": "nominal", "legend": {"orient": "top", "title": None}},
        },
        "config": {"font": "Source Sans 3"},
    }
