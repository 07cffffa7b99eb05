"""Contact sheets: the pages of a PDF as small pictures in rows, for a person to look at and for a test to compare.

``python tests/editions/contact.py`` (``make pictures``) makes the checked-in sheets again: one of the reference
document, which the test holds the pages against, and one of a built release, for readers; and the README's picture.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2
from PIL import Image

PROJECT = Path(__file__).resolve().parents[2]
REFERENCE = Path(__file__).with_name("pictures") / "reference.png"
FOR_READERS = PROJECT / "docs" / "images" / "contact-sheet.png"
FIRST_PAGE = PROJECT / "docs" / "images" / "first-page.png"
WIDTH, COLUMNS = 200, 5
_SHOWN_FIRST, _FIRST_WIDTH = ("Figur 8.", "Figur C1."), 520
"""What stands on the pages that the README shows beside the cover."""
_FOR_READERS_WIDTH, _FOR_READERS_COLUMNS = 180, 10
_GAP, _BEHIND, _GREYS, _COLOURS = 4, 150, 16, 64


def pages(data: bytes, width: int = WIDTH) -> list[Image.Image]:
    """Every page of a PDF in colour, so that an upright A4 page is ``width`` pixels wide."""
    scale = width / (210 / 25.4 * 72)
    return [page.render(scale=scale).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(data)]


def sheet(shown: list[Image.Image], columns: int) -> Image.Image:
    """The pages in rows of ``columns``, each in a cell as large as the largest of them."""
    width, height = (max(getattr(page, side) for page in shown) + _GAP for side in ("width", "height"))
    rows = -(-len(shown) // columns)
    laid = Image.new("RGB", (columns * width, rows * height), (_BEHIND,) * 3)
    for i, page in enumerate(shown):
        laid.paste(page, (i % columns * width, i // columns * height))
    return laid


def reference_sheet(data: bytes) -> Image.Image:
    """The reference document's pages in a few greys."""
    return sheet(pages(data), COLUMNS).convert("L").quantize(_GREYS)


def first_page(data: bytes) -> Image.Image:
    """The cover and the pages that a README shows, side by side."""
    words = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    wanted = [0, *(next(i for i, text in enumerate(words) if sign in text) for sign in _SHOWN_FIRST)]
    large = pages(data, 4 * _FIRST_WIDTH)  # PDFium cuts the first letter of some small text; made smaller it is whole
    return sheet([large[i].reduce(4) for i in wanted], len(wanted))


def main() -> None:
    """Make the sheets and the README's picture; the release is the first argument."""
    from reference import reference_document

    from report_builder.editions import Resources
    from report_builder.editions.pdf import render
    from report_builder.editions.style_files import SHIPPED

    REFERENCE.parent.mkdir(exist_ok=True)
    resources = Resources(folder=SHIPPED)
    reference_sheet(render(reference_document(), resources)).save(REFERENCE, optimize=True)
    release = sys.argv[1]
    built = PROJECT / "output" / release / f"{release.replace('/', '-')}.pdf"
    upright = [page for page in pages(built.read_bytes(), _FOR_READERS_WIDTH) if page.width < page.height]
    first_page(built.read_bytes()).quantize(_COLOURS).save(FIRST_PAGE, optimize=True)
    sheet(upright, _FOR_READERS_COLUMNS).quantize(_COLOURS).save(FOR_READERS, optimize=True)


if __name__ == "__main__":
    main()
