"""What a worksheet's XML says: read as XML, so that neither a comment nor another order of attributes misleads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml.etree import XMLSyntaxError

from report_builder.contracts.files.sheetxml import Range, SheetMarks, sheet_marks

NAMESPACES = [
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
]


def marks(tmp_path: Path, content: str, namespace: str = NAMESPACES[0]) -> SheetMarks:
    path = tmp_path / "book.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sheet.xml", f'<worksheet xmlns="{namespace}">{content}</worksheet>')
    return sheet_marks(path, "/sheet.xml")


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_rows_cells_and_ranges(tmp_path: Path, namespace: str) -> None:
    found = marks(
        tmp_path,
        """<sheetData>
        <row r="2" hidden="1"><c r="A2"><v>1</v></c></row>
        <row hidden='true' r="4"/>
        <row r="5" hidden="0"><c r="B5"><f>1+1</f></c><c r="C5"><f>A1</f><v>2</v></c></row>
        <row><c><v>1</v></c><c><f\t>A2</f><v></v></c><c t="str"><f>""</f><v></v></c></row>
        </sheetData><mergeCells><mergeCell  ref='B2:D7'/><mergeCell ref="$A$9"/></mergeCells>""",
        namespace,
    )
    assert found.hidden == [2, 4]
    assert found.uncalculated == [(5, 2), (6, 2)]
    assert found.merged == [Range(2, 7, 2, 4), Range(9, 9, 1, 1)]


def test_what_stands_in_a_comment_or_a_text_marks_nothing(tmp_path: Path) -> None:
    found = marks(
        tmp_path,
        """<sheetData><!-- <row hidden="1"/><mergeCell ref="A1:A2"/> -->
        <row r="1"><c t="inlineStr"><is><t><![CDATA[<row hidden="1"> <f>]]></t></is></c></row></sheetData>""",
    )
    assert found == SheetMarks()


def test_an_entity_is_not_resolved(tmp_path: Path) -> None:
    path = tmp_path / "book.zip"
    (tmp_path / "secret").write_text("<row hidden='1'/>", "utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "sheet.xml",
            f'<!DOCTYPE w [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><w>&e;<row r="1"/></w>',
        )
    assert sheet_marks(path, "sheet.xml") == SheetMarks()


def test_what_is_no_xml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(XMLSyntaxError):
        marks(tmp_path, "<row>")
