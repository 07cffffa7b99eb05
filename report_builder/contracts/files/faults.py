"""Faults of a file as such, before any rule of the contract can be tried: each with what holds, what was found, and
what to do, in English and in Swedish.
"""

from __future__ import annotations

from dataclasses import dataclass

from report_builder.contracts.files.scan import ByteFault
from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.result import WITHHELD, FailingRow, Finding, Words
from report_builder.problems import nearest
from report_builder.swedish import listing, number

_DELIMITERS = {
    ",": Words("commas", "kommatecken"),
    ";": Words("semicolons", "semikolon"),
    "\t": Words("tabs", "tabbar"),
    "|": Words("bars", "lodstreck"),
}
_READABLE = Words("The file can be read.", "Filen ska gå att läsa.")
_HAS_COLUMNS = Words(
    "The file has exactly the contract's columns.", "Filen ska ha just de kolumner som kontraktet anger."
)
_ONE_FIELD_A_COLUMN = Words("Every row has one field for each column.", "Varje rad ska ha ett fält för varje kolumn.")
RAGGED = "wrong-number-of-fields"
"""Code of the fault that a row has more or fewer fields than the header."""
ROWS_SET_ASIDE = frozenset({"stray-quote", RAGGED, "line-too-long"})
"""Codes of faults that keep rows from being read."""


def rows_en(count: int) -> str:
    """``1 row``, ``12 rows``."""
    return f"{count} row{'' if count == 1 else 's'}"


def rows_sv(count: int) -> str:
    """``1 rad``, ``12 rader``."""
    return f"{number(count)} {'rad' if count == 1 else 'rader'}"


@dataclass(frozen=True, slots=True)
class FileFaults:
    """Makes the findings of one file: ``contract`` is what it should meet, ``shown`` its name as people know it."""

    contract: FileContract
    shown: str

    def missing(self) -> Finding:
        """The contract expects a file that was not given, or that does not exist."""
        name = self.contract.name
        return self.finding(
            "file-missing",
            Words(f"The delivery holds a file for {name}.", f"Leveransen ska innehålla en fil för {name}."),
            Words(f"There is no file for {name}.", f"Det finns ingen fil för {name}."),
            Words("Deliver the file, or correct its name.", "Lämna filen, eller rätta filnamnet."),
        )

    def unreadable(self, reason: str) -> Finding:
        """The operating system refuses."""
        return self.finding(
            "file-unreadable",
            _READABLE,
            Words(f"The file cannot be opened: {reason}.", "Filen går inte att öppna."),
            Words("Close it in other programs and check who may read it.",
                  "Stäng filen i andra program och se efter vem som får läsa den."),
        )  # fmt: skip

    def unknown_format(self, suffix: str) -> Finding:
        """A file of a kind that there is no reader for."""
        return self.finding(
            "unknown-format",
            Words("The file is CSV, XLSX, Parquet or JSON lines, as it is or packed with ZIP or gzip.",
                  "Filen ska vara CSV, XLSX, Parquet eller JSON-rader, som den är eller packad med ZIP eller gzip."),
            Words(f"The name ends in {suffix or 'nothing'}.", f"Filnamnet slutar på {suffix or 'ingenting'}."),
            Words(
                "Save it as CSV or XLSX, with the name to match.", "Spara filen som CSV eller XLSX med rätt filändelse."
            ),
        )  # fmt: skip

    def is_workbook(self) -> Finding:
        """A workbook under a text file's name."""
        return self.finding(
            "unknown-format",
            Words("A file whose name ends in .csv is text.", "En fil som heter .csv ska vara text."),
            Words(
                "The file is a workbook or an archive, not text.", "Filen är en arbetsbok eller ett arkiv, inte text."
            ),
            Words("Name it .xlsx, or save it as CSV.", "Döp om filen till .xlsx, eller spara den som CSV."),
        )

    def empty(self) -> Finding:
        """Nothing stands in the file."""
        return self.finding(
            "empty-file",
            Words("The file has a header and rows.", "Filen ska ha en rubrikrad och rader."),
            Words("The file is empty.", "Filen är tom."),
            Words("Take the extract anew.", "Gör om uttaget."),
        )

    def no_rows(self) -> Finding:
        """A header, and nothing below it."""
        return self.finding(
            "no-rows",
            Words("The file has rows below its header.", "Filen ska ha rader under rubrikraden."),
            Words("The file has a header only.", "Filen har bara en rubrikrad."),
            Words(
                "Take the extract anew. If there is nothing to deliver, the contract has to allow it (rowCount).",
                "Gör om uttaget. Om det inte finns något att lämna behöver kontraktet tillåta en tom fil (rowCount).",
            ),
        )

    def bytes_at_fault(self, fault: ByteFault, headers: tuple[str, ...]) -> Finding:
        """A byte that the contract's encoding does not have, a NUL, or UTF-16; ``headers`` are the file's own."""
        wanted = self.contract.dialect.encoding.upper()
        rule = Words(f"The file is text in {wanted}.", f"Filen ska vara text i {wanted}.")
        hint = Words(
            f"Save the file as {wanted}; in Excel, choose “CSV UTF-8 (comma delimited)” when saving as.",
            f"Spara filen som {wanted}. I Excel väljer du Spara som och filformatet CSV UTF-8.",
        )
        if fault.code == "utf-16":
            found = Words("The file is text in UTF-16.", "Filen är text i UTF-16.")
            return self.finding("wrong-encoding", rule, found, hint, row=1)
        row = fault.line_number
        if fault.code == "nul-byte":
            found = Words(
                f"Byte {fault.offset} (row {row}) is a NUL: this is not text.",
                f"Byte {number(fault.offset)} (rad {number(row)}) är noll: filen är inte text.",
            )
            hint = Words("Take the extract anew as text.", "Gör om uttaget som text.")
            return self.finding("nul-byte", rule, found, hint, row=row)
        byte = fault.line[fault.column]
        field, header = self._field(fault, headers)
        found = Words(
            f"Byte {fault.offset} (row {row}) is 0x{byte:02X}, which is not {wanted}. "
            f"Read as Windows-1252 the field is “{field}”.",
            f"Byte {number(fault.offset)} (rad {number(row)}) är 0x{byte:02X} och hör inte hemma i {wanted}. "
            f"Läst som Windows-1252 står det ”{field}” i fältet.",
        )
        return self.finding(
            "wrong-encoding", rule, found, hint, row=row, headers=(header,) if header else (), value=field
        )

    def wrong_delimiter(self, found: str) -> Finding:
        """The header splits at another delimiter than the contract's."""
        wanted = self._delimiter(self.contract.dialect.delimiter)
        other = self._delimiter(found)
        return self.finding(
            "wrong-delimiter",
            Words(f"Fields are separated by {wanted.en}.", f"Fälten ska skiljas åt med {wanted.sv}."),
            Words(f"The header is separated by {other.en}.", f"I rubrikraden skiljs fälten åt med {other.sv}."),
            Words(f"Save the file with {wanted.en} between the fields.", f"Spara filen med {wanted.sv} mellan fälten."),
            row=1,
        )

    def missing_column(self, header: str, unknown: tuple[str, ...], row: int) -> Finding:
        """A column of the contract that the header lacks; ``unknown`` are headers that the contract lacks."""
        near = nearest(header, unknown, 1)
        word = near.removeprefix("Did you mean ").removesuffix("?")
        return self.finding(
            "missing-column",
            _HAS_COLUMNS,
            Words(f"The column {header} is missing.", f"Kolumnen {header} saknas."),
            Words(f"Rename the column {word} to {header}.", f"Byt namn på kolumnen {word} till {header}.")
            if near
            else Words("Add the column; its cells may be empty where the contract allows it.",
                       "Lägg till kolumnen. Cellerna får vara tomma där kontraktet tillåter det."),
            row=row,
            headers=(header,),
        )  # fmt: skip

    def unexpected_column(self, header: str, position: int, row: int) -> Finding:
        """A column that the contract does not know; ``position`` is counted from 1."""
        name = header or f"({position})"
        return self.finding(
            "unexpected-column",
            _HAS_COLUMNS,
            Words(f"The contract has no column {name} (number {position} in the file).",
                  f"Kontraktet har ingen kolumn {name} (nummer {position} i filen)."),
            Words("Remove the column, or correct its name.", "Ta bort kolumnen, eller rätta namnet."),
            row=row,
            headers=(name,),
            value=header,
        )  # fmt: skip

    def repeated_column(self, header: str, row: int) -> Finding:
        """A header that stands twice; the first is read."""
        return self.finding(
            "duplicate-column",
            _HAS_COLUMNS,
            Words(f"The column {header} stands twice.", f"Kolumnen {header} finns två gånger."),
            Words("Remove one of them.", "Ta bort den ena."),
            row=row,
            headers=(header,),
            value=header,
        )

    def ragged(self, rows: tuple[FailingRow, ...], count: int, width: int, found: int) -> Finding:
        """Rows with more or fewer fields than the header."""
        return self.finding(
            RAGGED,
            _ONE_FIELD_A_COLUMN,
            Words(f"{rows_en(count)} without {width} fields; row {rows[0].row} has {found}.",
                  f"{rows_sv(count)} har inte {width} fält. Rad {number(rows[0].row)} har {found}."),
            Words("A delimiter inside a text needs double quotes around the text; a missing field needs its delimiter.",
                  "Ett skiljetecken inne i en text kräver citattecken runt texten. "
                  "Ett fält som fattas behöver sitt skiljetecken."),
            row=rows[0].row,
            count=count,
            rows=rows,
        )  # fmt: skip

    def stray_quote(self, row: int, closed: bool) -> Finding:
        """A quotation mark that never ends (``closed`` False), or that ends before its field does."""
        found = (
            Words(f"A quoted text on row {row} goes on after its closing mark.",
                  f"På rad {number(row)} fortsätter en text efter det avslutande citattecknet.")
            if closed
            else Words(f"The quotation mark on row {row} is never closed.",
                       f"Citattecknet på rad {number(row)} avslutas aldrig.")
        )  # fmt: skip
        return self.finding(
            "stray-quote",
            Words("A field that begins with a quotation mark ends with one.",
                  "Ett fält som börjar med citattecken ska sluta med ett."),
            found,
            Words(f"Correct row {row}: a quotation mark inside a quoted text is written twice. "
                  "Rows below it were not checked.",
                  f"Rätta rad {number(row)}: ett citattecken inne i en citerad text skrivs dubbelt. "
                  "Raderna nedanför är inte kontrollerade."),
            row=row,
        )  # fmt: skip

    def long_line(self, row: int) -> Finding:
        """A line without end."""
        return self.finding(
            "line-too-long",
            _ONE_FIELD_A_COLUMN,
            Words(f"Row {row} is longer than a row can be.", f"Rad {number(row)} är längre än en rad kan vara."),
            Words("Check the line breaks of the file; rows below were not checked.",
                  "Se över filens radbrytningar. Raderna nedanför är inte kontrollerade."),
            row=row,
        )  # fmt: skip

    def broken_workbook(self, reason: Words) -> Finding:
        """A workbook that cannot be read."""
        return self.finding(
            "broken-workbook",
            Words("The file is a workbook (XLSX) that opens without a password.",
                  "Filen ska vara en arbetsbok (XLSX) som går att öppna utan lösenord."),
            reason,
            Words("Open the file in Excel and save it anew as XLSX, without a password.",
                  "Öppna filen i Excel och spara den på nytt som XLSX, utan lösenord."),
        )  # fmt: skip

    def which_sheet(self, sheets: tuple[str, ...]) -> Finding:
        """The worksheet that the contract names is not there, or it names none and there are several."""
        wanted = self.contract.dialect.sheet
        return self.finding(
            "unknown-sheet",
            Words(f"The workbook has a sheet called {wanted or self.contract.name}, or only one sheet.",
                  f"Arbetsboken ska ha ett blad som heter {wanted or self.contract.name}, eller bara ett blad."),
            Words(f"Its sheets are: {', '.join(sheets)}.", f"Bladen heter {listing(sheets)}."),
            Words(f"Rename the sheet, or call it {self.contract.name}.",
                  f"Ta bort de andra bladen, eller döp bladet till {wanted or self.contract.name}."),
        )  # fmt: skip

    def no_cached_value(self, row: int, header: str, count: int) -> Finding:
        """Formulas whose result was not saved."""
        return self.finding(
            "formula-without-value",
            Words("Every formula has its result saved.", "Varje formel ska ha sitt resultat sparat."),
            Words(f"Formulas without a result: {count}; the first is on row {row}.",
                  f"Formler utan resultat: {number(count)}. Den första finns på rad {number(row)}."),
            Words("Open the workbook in Excel, let it calculate, and save; or replace formulas by values.",
                  "Öppna arbetsboken i Excel, låt den räkna om och spara. Eller ersätt formlerna med värden."),
            row=row,
            headers=(header,),
            count=count,
        )  # fmt: skip

    def merged_cells(self, row: int, count: int) -> Finding:
        """Cells that were merged below the header: the value may be meant for all of them, or for the first alone."""
        return self.finding(
            "merged-cells",
            Words("No cells below the header are merged.", "Inga celler under rubrikraden ska vara sammanfogade."),
            Words(f"Merged ranges: {count}; the first is on row {row}. The value can be meant for all of its cells, or "
                  "for the first alone.",
                  f"Sammanfogade områden: {number(count)}. Det första börjar på rad {number(row)}. Värdet kan "
                  "gälla alla celler i området eller bara den första."),
            Words("Split the cells and write each value in its own cell.",
                  "Dela cellerna och skriv värdet i varje cell som det gäller."),
            row=row,
            count=count,
        )  # fmt: skip

    def _field(self, fault: ByteFault, headers: tuple[str, ...]) -> tuple[str, str]:
        """The field around a byte, read as Windows-1252, and the header of its column if that can be told."""
        mark = self.contract.dialect.delimiter.encode()
        position = fault.line[: fault.column].count(mark)
        header = headers[position] if fault.line_number > 1 and position < len(headers) else ""
        if fault.line_number > 1 and any(c.sensitive for c in self.contract.columns):
            return WITHHELD, header
        return fault.line.split(mark)[position].decode("windows-1252", "replace").strip('"')[:80], header

    def _delimiter(self, mark: str) -> Words:
        return _DELIMITERS.get(mark, Words(f"“{mark}”", f"”{mark}”"))

    def finding(
        self,
        code: str,
        rule: Words,
        fault: Words,
        hint: Words,
        *,
        row: int | None = None,
        headers: tuple[str, ...] = (),
        value: str | None = None,
        count: int = 1,
        rows: tuple[FailingRow, ...] = (),
    ) -> Finding:
        """A fault of the file: ``rule`` is what holds, ``fault`` what was found, ``hint`` what to do."""
        return Finding(
            code=code, object=self.contract.name, file=self.shown, rule=rule, fault=fault, hint=hint, row=row,
            headers=headers, value=value, count=count, rows=rows,
        )  # fmt: skip
