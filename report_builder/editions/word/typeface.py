"""The report's font inside the file: whoever opens it sees the letters, and the pages, that it was made with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from report_builder.editions.ooxml import NAMESPACES, w
from report_builder.editions.word.draft import Draft

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_SCRAMBLED = 32
"""Word asks that the first bytes of an embedded font are scrambled, so that nobody lifts it out by accident."""

_PLACES = {(0, 0): "embedRegular", (1, 0): "embedBold", (0, 1): "embedItalic", (1, 1): "embedBoldItalic"}
"""Bold and italic, as a font file says of itself → the element that embeds it, in the schema's order."""

_MAY_BE_EMBEDDED = (0, 8)
"""Licence bits of a font file: it may be installed, or embedded where the text is edited."""


def set_in(draft: Draft, family: str) -> None:
    """Have the styles say ``family`` wherever they say the font that the template's text is set in."""
    from docx.oxml import parse_xml

    styles = draft.template.document.styles.element
    ascii_name = w("ascii")
    before = next((fonts.get(ascii_name) for fonts in styles.iter(w("rFonts")) if fonts.get(ascii_name)), family)
    if before == family:
        return
    _rename(styles, before, family)
    for kind in ("fontTable", "theme"):
        part = draft.body.part_related_by(f"{_OFFICE}/{kind}")
        tree = parse_xml(part.blob)
        for font in [font for font in tree.iter(w("font")) if font.get(w("name")) == before]:
            for told in [child for child in font if child.tag in (w("panose1"), w("sig"))]:
                font.remove(told)  # they are about the letters of the other font
        _rename(tree, before, family)
        part._blob = _serialised(tree)


def _rename(tree: Any, before: str, family: str) -> None:
    for element in tree.iter():
        for name, value in element.items():
            if value == before:
                element.set(name, family)


def embed_fonts(draft: Draft, folder: Path) -> None:
    """Embed the fonts of ``folder`` that the template's font table names and whose licence allows it."""
    from docx.oxml import parse_xml

    table = draft.body.part_related_by(f"{_OFFICE}/fontTable")
    tree = parse_xml(table.blob)
    files = sorted(_files(folder), key=lambda found: list(_PLACES.values()).index(found[1]))
    embedded = 0
    for font in tree.iter(w("font")):
        for family, place, path in files:
            if family == font.get(w("name")):
                embedded += 1
                _add(font, place, path.read_bytes(), f"/word/fonts/font{embedded}.odttf", table)
    if embedded:
        table._blob = _serialised(tree)
        _ask_word_to_keep_them(draft.template.document.settings.element)


def _files(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Family, place and path of every font file that may be embedded."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    for path in sorted(folder.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            style = font["head"].macStyle
            if font["OS/2"].fsType & 0xF in _MAY_BE_EMBEDDED:
                yield str(font["name"].getDebugName(1)), _PLACES[style & 1, style >> 1 & 1], path


def _add(font: Any, place: str, data: bytes, name: str, table: Any) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    digest = hashlib.sha256(data).digest()[:16]
    relation = table.relate_to(Part(PackURI(name), _KIND, _scrambled(data, digest), table.package), f"{_OFFICE}/font")
    key = digest.hex().upper()
    written = font.makeelement(w(place), nsmap={"r": NAMESPACES["r"]})  # or a prefix that other packages decide
    written.set(f"{{{NAMESPACES['r']}}}id", relation)
    written.set(w("fontKey"), f"{{{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}}}")
    font.append(written)


def _scrambled(data: bytes, digest: bytes) -> bytes:
    """``data`` with its first bytes mixed with the key, last byte of the key first."""
    key = digest[::-1] * 2
    return bytes(a ^ b for a, b in zip(data, key[:_SCRAMBLED], strict=False)) + data[_SCRAMBLED:]


def _ask_word_to_keep_them(settings: Any) -> None:
    settings.find(w("zoom")).addnext(settings.makeelement(w("embedTrueTypeFonts")))


def _serialised(element: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(element, encoding="UTF-8", standalone=True))
