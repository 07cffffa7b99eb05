"""Pages are filled: no page but a chapter's or an appendix's last is more than a third empty, and few are near it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image
from workspaces import PROJECT, Desk

from report_builder.workspace.workspace import Workspace

RELEASES = Workspace(PROJECT).releases()
MOST, MOST_ON_AVERAGE = 1 / 3, 0.13
FRONT_MATTER = 2
"""Cover and imprint have an order of their own."""

_PER_MM = 30 / 25.4
_EDGES = (28, 26)
"""Millimetres at the top and at the foot of a page that hold its running head and its number."""

_WHITE = 235
_TOP_OF_PAGE = 690
"""A chapter whose heading stands higher than this (points from the foot of the paper) begins a page."""


def empty(page: Image.Image) -> float:
    """The largest empty band of the page, as a share of the height that text may take: above notes or at the foot."""
    top, foot = (round(edge * _PER_MM) for edge in _EDGES)
    text = page.crop((0, top, page.width, page.height - foot))
    narrow = text.point(lambda shade: 255 * (shade < _WHITE)).resize((1, text.height), Image.Resampling.BOX)
    inked = [bool(shade) for shade in narrow.tobytes()]
    return max((len(list(rows)) for ink, rows in groupby(inked) if not ink), default=0) / len(inked)


def shares(pdf: Path) -> dict[int, float]:
    """Page (from 1) → how empty it is, but for front matter and the last page of a chapter or an appendix."""
    pages = [page.render(scale=30 / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    reader = pypdf.PdfReader(pdf)
    starts = {
        reader.get_destination_page_number(entry)
        for entry in reader.outline
        if not isinstance(entry, list) and float(entry.top or 0) > _TOP_OF_PAGE
    }
    last = {start - 1 for start in starts} | {len(pages) - 1}
    return {i + 1: empty(page) for i, page in enumerate(pages) if i >= FRONT_MATTER and i not in last}


@pytest.mark.parametrize("release", RELEASES)
def test_no_page_within_a_chapter_is_more_than_a_third_empty(release: str, build: Callable[[str], Desk]) -> None:
    """A table or chart that has to wait for the next page leaves its room to what is said before it."""
    found = shares(build(release).root / "output" / release / f"{release.replace('/', '-')}.pdf")
    assert len(found) >= 8
    assert {page: round(share, 2) for page, share in found.items() if share > MOST} == {}
    assert sum(found.values()) / len(found) < MOST_ON_AVERAGE


def test_white_is_seen_at_the_foot_and_above_notes() -> None:
    page = Image.new("L", (248, 351), 255)
    assert empty(page) == 1
    page.paste(0, (30, 33, 200, 180))
    assert 0.45 < empty(page) < 0.55
    page.paste(0, (30, 300, 200, 320))
    assert 0.35 < empty(page) < 0.45
