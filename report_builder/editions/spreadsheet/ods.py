"""The data annex as an OpenDocument spreadsheet (ODF 1.3), written with lxml.

The form is small, and the library that writes it took a minute and a half for twenty thousand cells.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree

from report_builder.editions.spreadsheet.package import zipped
from report_builder.editions.spreadsheet.sheets import AnnexSheet, SheetCell, Workbook

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = {
    "office": f"{_OASIS}office:1.0",
    "table": f"{_OASIS}table:1.0",
    "text": f"{_OASIS}text:1.0",
    "style": f"{_OASIS}style:1.0",
    "number": f"{_OASIS}datastyle:1.0",
    "fo": f"{_OASIS}xsl-fo-compatible:1.0",
    "meta": f"{_OASIS}meta:1.0",
    "config": f"{_OASIS}config:1.0",
    "manifest": f"{_OASIS}manifest:1.0",
    "svg": f"{_OASIS}svg-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
_MOST_DECIMALS = 6
_CHARACTER = 0.24
"""The width of a character in centimetres."""


def ods(book: Workbook) -> bytes:
    """The workbook as ODS; the same book gives the same bytes."""
    parts = {
        "content.xml": _content(book),
        "styles.xml": _styles(book),
        "meta.xml": _meta(book),
        "settings.xml": _settings(book),
    }
    files = {name: _serialised(root) for name, root in parts.items()}
    files["META-INF/manifest.xml"] = _serialised(_manifest(parts))
    return zipped({"mimetype": MEDIA_TYPE.encode(), **files}, first="mimetype")


def _serialised(root: Any) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _el(name: str, *children: Any, text: str = "", **attributes: str) -> Any:
    """An element; ``office__value_type`` in ``attributes`` stands for ``office:value-type``."""
    found = {_name(key.replace("__", ":").replace("_", "-")): value for key, value in attributes.items()}
    element = etree.Element(_name(name), found, nsmap=_NAMESPACES)
    element.text = text or None
    element.extend(children)
    return element


def _content(book: Workbook) -> Any:
    automatic = _el("office:automatic-styles", *_number_styles(), *_column_styles(book))
    sheets = [_sheet(sheet) for sheet in book.sheets]
    ranges = _el("table:database-ranges", *(_range(sheet) for sheet in book.sheets if sheet.heads))
    body = _el("office:body", _el("office:spreadsheet", *sheets, ranges))
    return _el("office:document-content", automatic, body, office__version="1.3")


def _number_styles() -> list[Any]:
    found = []
    for decimals in range(_MOST_DECIMALS + 1):
        digits = _el(
            "number:number", number__decimal_places=str(decimals), number__min_decimal_places=str(decimals),
            number__min_integer_digits="1", number__grouping="true",
        )  # fmt: skip
        found.append(_el("number:number-style", digits, style__name=f"n{decimals}"))
        cell = _el(
            "style:style", _el("style:paragraph-properties", fo__text_align="end"), style__name=f"number{decimals}",
            style__family="table-cell", style__parent_style_name="Default", style__data_style_name=f"n{decimals}",
        )  # fmt: skip
        found.append(cell)
    return found


def _column_styles(book: Workbook) -> list[Any]:
    widths = sorted({width for sheet in book.sheets for width in sheet.widths})
    return [
        _el(
            "style:style", _el("style:table-column-properties", style__column_width=f"{width * _CHARACTER:.2f}cm"),
            style__name=f"width{width}", style__family="table-column",
        )
        for width in widths
    ]  # fmt: skip


def _sheet(sheet: AnnexSheet) -> Any:
    columns = [_el("table:table-column", table__style_name=f"width{width}") for width in sheet.widths]
    rows = [_row([SheetCell(value=sheet.title)], style="Heading_20_1")]
    rows += [_row([SheetCell(value=line)], style="Default" if sheet.heads else "Wrapped") for line in sheet.lines]
    if sheet.heads:
        head = _row([SheetCell(value=head) for head in sheet.heads], style="Head")
        rows.append(_el("table:table-header-rows", head))
        rows += [_row(cells, style="Wrapped") for cells in sheet.rows]
    return _el("table:table", *columns, *rows, table__name=sheet.name)


def _row(cells: list[SheetCell] | tuple[SheetCell, ...], *, style: str) -> Any:
    return _el("table:table-row", *(_cell(cell, style) for cell in cells))


def _cell(cell: SheetCell, style: str) -> Any:
    if isinstance(cell.value, Decimal):
        return _el(
            "table:table-cell", _el("text:p", text=f"{cell.value:f}"), office__value_type="float",
            office__value=f"{cell.value:f}", table__style_name=f"number{min(cell.decimals, _MOST_DECIMALS)}",
        )  # fmt: skip
    words = _el("text:p", text="" if cell.to else cell.value)
    if cell.to:
        link = _el("text:a", text=cell.value, xlink__href=f"#'{cell.to}'.A1", xlink__type="simple")
        words.append(link)
    return _el("table:table-cell", words, office__value_type="string", table__style_name=style)


def _range(sheet: AnnexSheet) -> Any:
    """The marked table of a sheet, with a row of heads and no filters."""
    top = sheet.top + 1
    last = f"{_letters(len(sheet.heads))}{top + max(1, len(sheet.rows))}"
    address = f"'{sheet.name}'.A{top}:'{sheet.name}'.{last}"
    return _el(
        "table:database-range", table__name=sheet.table, table__contains_header="true",
        table__display_filter_buttons="false", table__target_range_address=address,
    )  # fmt: skip


def _letters(column: int) -> str:
    """The letters of a column, counted from 1: A … Z, AA …"""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _styles(book: Workbook) -> Any:
    language, _, country = book.language.partition("-")
    face = _el("style:font-face", style__name="Arial", style__font_family_generic="swiss", svg__font_family="Arial")
    default = _el(
        "style:style", _el("style:table-cell-properties", style__vertical_align="top"),
        _el("style:text-properties", style__font_name="Arial", fo__font_size="12pt", fo__language=language,
            fo__country=country or "none"),
        style__name="Default", style__family="table-cell",
    )  # fmt: skip
    wrapped = _cell_style("Wrapped", _el("style:table-cell-properties", fo__wrap_option="wrap"))
    head = _cell_style(
        "Head", _el("style:table-cell-properties", fo__wrap_option="wrap"),
        _el("style:text-properties", fo__font_weight="bold"),
    )  # fmt: skip
    title = _cell_style("Heading_20_1", _el("style:text-properties", fo__font_weight="bold", fo__font_size="16pt"))
    title.set(_name("style:display-name"), "Heading 1")
    styles = _el("office:styles", default, wrapped, head, title)
    return _el("office:document-styles", _el("office:font-face-decls", face), styles, office__version="1.3")


def _cell_style(name: str, *properties: Any) -> Any:
    return _el(
        "style:style", *properties, style__name=name, style__family="table-cell", style__parent_style_name="Default"
    )


def _meta(book: Workbook) -> Any:
    day = f"{book.created}T00:00:00"
    return _el(
        "office:document-meta",
        _el(
            "office:meta",
            _el("dc:title", text=book.title),
            _el("dc:creator", text=book.author),
            _el("dc:language", text=book.language),
            _el("meta:creation-date", text=day),
            _el("dc:date", text=day),
        ),
        office__version="1.3",
    )  # fmt: skip


def _settings(book: Workbook) -> Any:
    """Which heads stay in view, and that the first sheet is shown first."""
    maps = [_view(sheet) for sheet in book.sheets if sheet.heads]
    views = _el(
        "config:config-item-map-entry",
        _item("ViewId", "string", "view1"),
        _el("config:config-item-map-named", *maps, config__name="Tables"),
        _item("ActiveTable", "string", book.sheets[0].name),
    )
    indexed = _el("config:config-item-map-indexed", views, config__name="Views")
    group = _el("config:config-item-set", indexed, config__name="ooo:view-settings")
    return _el("office:document-settings", _el("office:settings", group), office__version="1.3")


def _view(sheet: AnnexSheet) -> Any:
    top, left = sheet.top + 1, 1 if len(sheet.heads) > 2 else 0
    items = [
        _item("HorizontalSplitMode", "short", "2" if left else "0"),
        _item("VerticalSplitMode", "short", "2"),
        _item("HorizontalSplitPosition", "int", str(left)),
        _item("VerticalSplitPosition", "int", str(top)),
        _item("ActiveSplitRange", "short", "3" if left else "2"),
        _item("PositionBottom", "int", str(top)),
    ]
    return _el("config:config-item-map-entry", *items, config__name=sheet.name)


def _item(name: str, kind: str, value: str) -> Any:
    return _el("config:config-item", text=value, config__name=name, config__type=kind)


def _manifest(parts: dict[str, Any]) -> Any:
    entries = [("/", MEDIA_TYPE), *((name, "text/xml") for name in sorted(parts))]
    return _el(
        "manifest:manifest",
        *(_el("manifest:file-entry", manifest__full_path=path, manifest__media_type=kind) for path, kind in entries),
        manifest__version="1.3",
    )
