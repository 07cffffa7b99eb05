"""The documents of trouble as PDF: every word on the page and in its own place, every note where it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2
import pytest
import trouble

from report_builder.editions import EDITIONS, Resources
from report_builder.editions.pdf import render
from report_builder.problems import ReportError
from report_builder.verifying import conformance

MM = 72 / 25.4
LEFT, RIGHT = 26 * MM, (210 - 24) * MM
TOP, FOOT = (297 - 30) * MM, 27 * MM
Line = tuple[float, float, float, float, str]


@pytest.fixture(scope="module")
def data(resources: Resources) -> bytes:
    return render(trouble.readable(), resources)


@pytest.fixture(scope="module")
def pages(data: bytes) -> list[list[Line]]:
    """The pieces of text on each page behind the contents, as (left, bottom, right, top, words) in points."""
    document = pypdfium2.PdfDocument(data)
    return [list(_pieces(page)) for page in list(document)[3:]]


def _pieces(page: pypdfium2.PdfPage) -> Iterator[Line]:
    text = page.get_textpage()
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        yield left, bottom, right, top, text.get_text_bounded(left, bottom, right, top)


def within(piece: Line) -> bool:
    """Whether a piece stands in the text's own part of the page, not in its head or foot."""
    return piece[1] > FOOT - 1 and piece[3] < TOP + 1


def test_nothing_is_lost(pages: list[list[Line]]) -> None:
    said = re.sub(r"[-\s\N{WORD JOINER}\ufffe]|\x02", "", "".join(piece[4] for page in pages for piece in page))
    assert said.count(trouble.LONG_WORD) == 3
    assert re.sub(r"\s", "", trouble.GREEK) in said
    assert [i for i in range(1, trouble.ROWS + 1) if f"Ärende{i}{i}" not in said] == []
    assert [i for i in range(1, trouble.NOTES + 1) if f"Notenmednummer{i}." not in said] == []


def test_no_word_leaves_the_page_or_runs_into_another(pages: list[list[Line]]) -> None:
    clipped, crossing = [], []
    for page in pages:
        clipped += [piece for piece in page if piece[0] < LEFT - 1 or piece[2] > RIGHT + 1]
        inside = sorted((piece for piece in page if within(piece)), key=lambda piece: (-round(piece[1]), piece[0]))
        for one, other in pairwise(inside):
            if round(one[1]) == round(other[1]) and one[2] > other[0] + 0.5:
                crossing.append((one, other))
    assert (clipped, crossing) == ([], [])


def test_a_note_stands_on_the_page_that_calls_it_however_many_there_are(pages: list[list[Line]]) -> None:
    called = 0
    for page in pages:
        said = " ".join(piece[4] for piece in page)
        calls = re.findall(r"Stycke\s(\d+)\smed", said)
        assert re.findall(r"Noten\smed\snummer\s(\d+)\.", said) == calls
        called += len(calls)
    assert called == trouble.NOTES


def test_its_judge_accepts_it_rows_and_all(data: bytes) -> None:
    assert list(conformance.faults(data, "trouble.pdf")) == []


@pytest.mark.parametrize("script", [trouble.emoji, trouble.arabic])
def test_letters_that_the_font_lacks_are_named(script: object, resources: Resources) -> None:
    with pytest.raises(ReportError) as raised:
        render(script(), resources)  # type: ignore[operator]
    assert {problem.code for problem in raised.value.problems} == {"missing-glyph"}
    assert all(problem.hint for problem in raised.value.problems)


@pytest.mark.parametrize("code", trouble.REFUSED)
def test_what_nobody_could_read_is_refused(code: str, resources: Resources) -> None:
    with pytest.raises(ReportError) as raised:
        EDITIONS["pdf"](trouble.REFUSED[code](), resources)
    assert [problem.code for problem in raised.value.problems] == [code]
    assert raised.value.problems[0].hint
