"""The style template: a Word file as one XML text (Flat OPC), which Word opens and saves like any other document.

As text it can be read and compared in the version history, and communications can still change every style in Word.
Its words are thrown away; its styles, lists, page size and margins are kept.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from report_builder.catalogue import LANGUAGE, gettext, shipped
from report_builder.editions.ooxml import Xml, copied, el, join
from report_builder.editions.word.styles import Style, required
from report_builder.problems import Place, Problem, ReportError, nearest

FILE = Path("word", "report.xml")
"""Where the template stands in the editions' folder."""

_PLACE = Place(file=f"templates/editions/{FILE.as_posix()}")

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Page size and margins in twentieths of a point, upright or lying."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    header: int
    footer: int
    landscape: bool = False

    @property
    def text_width(self) -> int:
        """How wide a line of text is."""
        return self.width - self.left - self.right

    def lying(self) -> Page:
        """The same paper turned a quarter, the top margin still above the text."""
        return replace(self, width=self.height, height=self.width, landscape=True)

    def section(self, *references: Xml, title_page: bool = False) -> Xml:
        """The properties of a section with pages like this one; ``references`` are its headers and footers."""
        return el(
            "w:sectPr",
            *references,
            el("w:pgSz", w=self.width, h=self.height, orient="landscape" if self.landscape else None),
            el(
                "w:pgMar",
                top=self.top,
                right=self.right,
                bottom=self.bottom,
                left=self.left,
                header=self.header,
                footer=self.footer,
                gutter=0,
            ),
            *((el("w:titlePg"),) if title_page else ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTemplate:
    """An opened template: python-docx's document without words, style ids by the names of
    :mod:`styles`, and the page."""

    document: Any
    styles: Mapping[str, str]
    page: Page

    def header_cell(self) -> Xml:
        """What the table style says of a cell in the first row, for a second header row, which Word may leave plain."""
        found = self._style(Style.TABLE).xpath("w:tblStylePr[@w:type='firstRow']/w:tcPr/*")
        return join(*(copied(child) for child in found))

    def series(self, style: str) -> int:
        """The list that paragraphs of this style are numbered by."""
        return int(self._style(style).xpath("w:pPr/w:numPr/w:numId/@w:val")[0])

    def model(self, series: int) -> int:
        """The definition behind a list: its signs and indents."""
        return int(self.lists.xpath(f"w:num[@w:numId='{series}']/w:abstractNumId/@w:val")[0])

    @property
    def lists(self) -> Any:
        """The root of the template's list definitions."""
        return self.document.part.numbering_part.element

    def _style(self, name: str) -> Any:
        return self.document.styles.element.get_by_id(self.styles[name])


def open_template(path: Path) -> WordTemplate:
    """Open the template at ``path``.

    Raises:
        ReportError: the file is missing, is no Word file saved as XML, lacks a style, or has no page size.

    """
    import docx

    try:
        document = docx.Document(io.BytesIO(_zipped(path)))
    except (KeyError, ValueError) as e:
        raise _no_template(f"a part is missing or of the wrong kind ({e})") from e
    named = {style.name: style.style_id for style in document.styles}
    styles = _known_names(named)
    missing = [style for style in required() if style not in styles]
    if missing:
        raise ReportError([_missing_style(style, named) for style in missing])
    return WordTemplate(document=document, styles=styles, page=_page(document))


def _known_names(styles: dict[str, str]) -> dict[str, str]:
    """Style ids by the names of :mod:`styles`, from style ids by the names that the template has.

    Those are the reader's, or as they were shipped, or the English ones. Word does not tell capital letters in a
    built-in style's name apart.
    """
    folded = {name.casefold(): style_id for name, style_id in styles.items()}
    shipped_words = shipped(LANGUAGE)
    found = {}
    for style in required():
        known = (name.casefold() for name in (gettext(style), shipped_words.one(style), style))
        if (name := next((name for name in known if name in folded), None)) is not None:
            found[style] = folded[name]
    return found


def _missing_style(style: str, found: Iterable[str]) -> Problem:
    name = gettext(style)
    hint = nearest(name, found) or "Add it to the template in Word and save the file as a Word XML document."
    message = f"The Word template has no style named {name}."
    return Problem(code="missing-style", message=message, place=_PLACE, value=name, hint=hint)


def _page(document: Any) -> Page:
    sections = document.sections
    if not len(sections) or sections[-1].page_width is None:
        message = "The Word template has no page size."
        raise ReportError(Problem(code="no-page-size", message=message, place=_PLACE))
    section = sections[-1]
    return Page(
        width=section.page_width.twips,
        height=section.page_height.twips,
        top=section.top_margin.twips,
        right=section.right_margin.twips,
        bottom=section.bottom_margin.twips,
        left=section.left_margin.twips,
        header=section.header_distance.twips,
        footer=section.footer_distance.twips,
    )


def _zipped(path: Path) -> bytes:
    """The template as the zip package that python-docx reads."""
    parts = dict(_parts(path))
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>'
        for name, (kind, _) in parts.items()
        if kind != _RELATIONSHIPS
    )
    types = (
        f'<Types xmlns="{_CONTENT_TYPES}"><Default Extension="rels" ContentType="{_RELATIONSHIPS}"/>{overrides}</Types>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        package.writestr("[Content_Types].xml", types)
        for name, (_, data) in parts.items():
            package.writestr(name.removeprefix("/"), data)
    return buffer.getvalue()


def _parts(path: Path) -> Iterator[tuple[str, tuple[str, bytes]]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
        if root.tag != f"{_PKG}package":
            raise _no_template(f"its root element is {root.tag}")
        for part in root:
            yield part.get(f"{_PKG}name"), (part.get(f"{_PKG}contentType"), _content(part[0]))
    except FileNotFoundError as e:
        message = "The Word template does not exist."
        raise ReportError(Problem(code="file-missing", message=message, place=_PLACE)) from e
    except (etree.XMLSyntaxError, binascii.Error, IndexError) as e:
        raise _no_template(str(e)) from e


def _content(data: Any) -> bytes:
    from lxml import etree

    if data.tag == f"{_PKG}binaryData":
        return base64.b64decode(data.text or "", validate=False)
    return bytes(etree.tostring(data[0], encoding="UTF-8", standalone=True))


def _no_template(why: str) -> ReportError:
    hint = "Open the template in Word and save it as a Word XML document (*.xml)."
    message = f"The Word template is no Word file saved as XML: {why}."
    return ReportError(Problem(code="bad-word-template", message=message, place=_PLACE, hint=hint))
