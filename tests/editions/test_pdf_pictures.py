"""The reference document's pages look as they did when somebody last looked at them."""

from __future__ import annotations

from contact import COLUMNS, REFERENCE, pages, reference_sheet, sheet
from PIL import Image, ImageChops, ImageStat

MOST = 2.0
"""How many of 255 shades a part of a page may differ by on average: letters drawn a little otherwise stay below it."""

_CELLS = 3
"""Each page is compared in so many parts across and down, so that a fault in one corner is not thinned out."""


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the part of the sheet that differs most."""
    apart = ImageChops.difference(one.convert("L"), other.convert("L"))
    wide, high = apart.width // (COLUMNS * _CELLS), apart.height // (_rows(apart) * _CELLS)
    parts = (
        apart.crop((x, y, x + wide, y + high))
        for x in range(0, apart.width - wide + 1, wide)
        for y in range(0, apart.height - high + 1, high)
    )
    return max(ImageStat.Stat(part).mean[0] for part in parts)


def _rows(laid: Image.Image) -> int:
    return max(1, round(laid.height / (laid.width / COLUMNS)))


def test_the_pages_look_as_they_did(pdf_bytes: bytes) -> None:
    """After a wanted change: ``make pictures``, look at the sheet, and commit it."""
    kept, made = Image.open(REFERENCE), reference_sheet(pdf_bytes)
    assert kept.size == made.size, "another number of pages: make pictures, and look"
    assert difference(kept, made) < MOST, "the pages look otherwise: make pictures, and look"


def test_a_moved_table_is_seen(pdf_bytes: bytes) -> None:
    shown = pages(pdf_bytes)
    before = sheet(shown, COLUMNS)
    moved = Image.new("RGB", shown[5].size, "white")
    moved.paste(shown[5], (0, 6))
    assert difference(before, sheet([*shown[:5], moved, *shown[6:]], COLUMNS)) > MOST
