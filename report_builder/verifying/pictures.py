"""The pictures of an edition held against those of the edition that was built."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from report_builder.problems import Problem
from report_builder.verifying.edition_passages import EditionPicture
from report_builder.verifying.read_html import html_pictures
from report_builder.verifying.read_pdf import pdf_pictures
from report_builder.verifying.read_word import word_pictures
from report_builder.verifying.wording import at_place, short

_READERS: Mapping[str, Callable[[bytes, str], Iterator[EditionPicture]]] = {
    ".docx": word_pictures,
    ".html": html_pictures,
    ".pdf": pdf_pictures,
}
_HINT = "Look at it beside the report's. A program may have made pictures smaller when it saved the file."


def picture_problems(name: str, data: bytes, built: bytes) -> Iterator[Problem]:
    """Pictures of the edition ``name`` that are not those of the one that was ``built``, and pictures that it lacks.

    Raises:
        ReportError: one of the two cannot be read.

    """
    reader = _READERS[Path(name).suffix]
    found, wanted = tuple(reader(data, name)), tuple(reader(built, name))
    drawn = {picture.drawn for picture in wanted}
    of_alt: dict[str, set[bytes]] = {}
    for picture in wanted:
        of_alt.setdefault(picture.alt, set()).add(picture.drawn)
    for picture in found:
        if picture.drawn not in of_alt.get(picture.alt, drawn):
            what = f" of {short(picture.alt)!r}" if picture.alt else ""
            message = f"the picture{what} is not the one that was built"
            yield at_place(name, picture.place, "other-picture", message, _HINT)
    yield from _lost(name, found, wanted)


def _lost(name: str, found: Sequence[EditionPicture], wanted: Sequence[EditionPicture]) -> Iterator[Problem]:
    alts, drawn = {p.alt for p in found if p.alt}, {p.drawn for p in found}
    for picture in wanted:
        if picture.drawn not in drawn and picture.alt not in alts:
            what = f" of {short(picture.alt)!r}" if picture.alt else ""
            yield at_place(name, picture.place, "lost-picture", f"the picture{what} is gone")
