"""Faults of a file as such, before any rule of the contract can be tried: each with what holds, what was found, and
what to do, in English and in Swedish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from report_builder.allowance import Exceeded, ExceededError
from report_builder.contracts.files.scan import ByteFault
from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.result import NUMBERED_ROWS, WITHHELD, FailingRow, Finding
from report_builder.contracts.words import Words, quoted, words
from report_builder.problems import Severity

_DELIMITERS = {
    ",": words("commas"),
    ";": words("semicolons"),
    "\t": words("tabs"),
    "|": words("bars"),
}
_TELLS_DELIMITER = "sep="
_READABLE = words("The file can be read.")
_HAS_COLUMNS = words("The file has exactly the contract's columns.")
_ONE_FIELD_A_COLUMN = words("Every row has one field for each column.")
RAGGED = "wrong-number-of-fields"
"""Code of the fault that a row has more or fewer fields than the header."""
TOTAL_ROW = "total-row"
"""Code of the fault that a row adds up the others."""
ROWS_SET_ASIDE = frozenset({"stray-quote", RAGGED, TOTAL_ROW, "line-too-long"})
"""Codes of faults that keep rows from being read."""


def rows_of(count: int) -> Words:
    """``1 row``, ``12 rows``."""
    return words("{count} row", "{count} rows", count=count)


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
            words("The delivery holds a file for {name}.", name=name),
            words("There is no file for {name}.", name=name),
            words("Deliver the file, or correct its name."),
        )

    def unreadable(self, reason: str) -> Finding:
        """The operating system refuses."""
        return self.finding(
            "file-unreadable",
            _READABLE,
            words("The file cannot be opened: {reason}.", reason=reason),
            words("Close it in other programs and check who may read it."),
        )

    def beyond_limits(self, error: ExceededError) -> Finding:
        """Reading the file takes more than it may, or breaks the reader."""
        found = {
            Exceeded.TIME: words(
                "Reading the file takes more than {seconds} seconds.", seconds=round(error.allowance.seconds)
            ),
            Exceeded.MEMORY: words(
                "Reading the file takes more than {megabytes} MB of memory.", megabytes=error.allowance.memory >> 20
            ),
            Exceeded.CRASH: words("The file is damaged: the program that reads it broke down."),
        }[error.reason]
        return self.finding("beyond-limits", _READABLE, found, words("Open the file in the program that wrote it, see "
                            "that it holds what it should, and save it again."))  # fmt: skip

    def unknown_format(self, suffix: str) -> Finding:
        """A file of a kind that there is no reader for."""
        return self.finding(
            "unknown-format",
            words("The file is CSV, XLSX, Parquet or JSON lines, as it is or packed with ZIP or gzip."),
            words("The name ends in {suffix}.", suffix=suffix) if suffix else words("The name ends in nothing."),
            words("Save it as CSV or XLSX, with the name to match."),
        )

    def is_workbook(self) -> Finding:
        """A workbook under a text file's name."""
        return self.finding(
            "unknown-format",
            words("A file whose name ends in .csv is text."),
            words("The file is a workbook or an archive, not text."),
            words("Name it .xlsx, or save it as CSV."),
        )

    def empty(self) -> Finding:
        """Nothing stands in the file."""
        return self.finding(
            "empty-file",
            words("The file has a header and rows."),
            words("The file is empty."),
            words("See whether the right file was sent, and whether the extract was cut off."),
        )

    def no_rows(self) -> Finding:
        """A header, and nothing below it."""
        return self.finding(
            "no-rows",
            words("The file has rows below its header."),
            words("The file has a header only."),
            words(
                "See in the source system whether there should be rows. If there are none to deliver, the contract has "
                "to allow an empty file (rowCount)."
            ),
        )

    def bytes_at_fault(self, fault: ByteFault, headers: tuple[str, ...]) -> Finding:
        """A byte that the contract's encoding does not have, a NUL, or UTF-16; ``headers`` are the file's own."""
        wanted = self.contract.dialect.encoding.upper()
        rule = words("The file is text in {encoding}.", encoding=wanted)
        hint = words(
            "Save the file as {encoding}; in Excel, choose “CSV UTF-8 (comma delimited)” when saving as.",
            encoding=wanted,
        )
        if fault.code == "utf-16":
            return self.finding("wrong-encoding", rule, words("The file is text in UTF-16."), hint, row=1)
        row = fault.line_number
        if fault.code == "nul-byte":
            found = words("Byte {offset} (row {row}) is a NUL: this is not text.", offset=fault.offset, row=row)
            return self.finding("nul-byte", rule, found, words("Save the file as text (CSV)."), row=row)
        byte = fault.line[fault.column]
        field, header = self._field(fault, headers)
        found = words(
            "Byte {offset} (row {row}) is 0x{byte}, which is not {encoding}. "
            "Read as Windows-1252 the field is “{field}”.",
            offset=fault.offset, row=row, byte=f"{byte:02X}", encoding=wanted, field=field,
        )  # fmt: skip
        return self.finding(
            "wrong-encoding", rule, found, hint, row=row, headers=(header,) if header else (), value=field
        )

    def wrong_delimiter(self, found: str, row: int) -> Finding:
        """The header, on ``row``, splits at another delimiter than the contract's."""
        wanted = self._delimiter(self.contract.dialect.delimiter)
        return self.finding(
            "wrong-delimiter",
            words("Fields are separated by {delimiter}.", delimiter=wanted),
            words("The header is separated by {delimiter}.", delimiter=self._delimiter(found)),
            words("Save the file with {delimiter} between the fields.", delimiter=wanted),
            row=row,
        )

    def missing_column(self, header: str, meant: str, row: int) -> Finding:
        """A column of the contract that the header lacks; ``meant`` is the header that may be meant for it, if any."""
        return self.finding(
            "missing-column",
            _HAS_COLUMNS,
            words("The column {header} is missing; the file has a column {meant}.", header=header, meant=meant)
            if meant
            else words("The column {header} is missing.", header=header),
            words("Rename the column {near} to {header}, if it is that one.", near=meant, header=header)
            if meant
            else words("Add the column; its cells may be empty where the contract allows it."),
            row=row,
            headers=(header,),
        )

    def misspelt_column(self, header: str, name: str, row: int) -> Finding:
        """A column whose name differs from the contract's in capitals, spaces or dots over letters; it was read."""
        return self.finding(
            "misspelt-column",
            _HAS_COLUMNS,
            words("The column {name} is called “{header}” in the file.", name=name, header=header),
            words("Rename it to {name}. The column was checked all the same.", name=name),
            row=row,
            headers=(name,),
            value=header,
        )

    def other_columns(self, missing: Sequence[Finding], others: Sequence[Finding], headers: Sequence[str]) -> Finding:
        """Most of the contract's columns are not there: the file is hardly the one that is meant."""
        first = next((finding.row for finding in missing), None)
        return replace(
            self.finding(
                "other-columns",
                _HAS_COLUMNS,
                words("The file lacks {missing} of the {count} columns of {object}.", missing=len(missing),
                      count=len(self.contract.columns), object=self.contract.name),
                words("See whether it is the right file; its columns are: {columns}.", columns=", ".join(headers)),
                row=first,
            ),
            consequences=(*missing, *others),
        )  # fmt: skip

    def swallowed_rows(self, header: str, rows: Sequence[int]) -> Finding:
        """A quotation mark that is closed only in a later row: what stands between is one text."""
        return self.finding(
            "swallowed-rows",
            words("No quoted text holds whole rows."),
            words("A quoted text in {header} holds the rows below it in {rows}, first in row {row}.", header=header,
                  rows=rows_of(len(rows)), row=rows[0]),
            words("Correct row {row}: its quotation mark is closed some rows further down, and those rows were not "
                  "read.", row=rows[0]),
            row=rows[0],
            headers=(header,),
            count=len(rows),
            numbers=rows,
        )  # fmt: skip

    def nameless_column(self, position: int, row: int) -> Finding:
        """A column that holds something and has no name; ``position`` is counted from 1, ``row`` its first cell's."""
        return self.finding(
            "unexpected-column",
            _HAS_COLUMNS,
            words("Column {position} of the file has no name, but a value in row {row}.", position=position, row=row),
            words("Remove the column, or give it its name."),
            row=row,
        )

    def unexpected_column(self, header: str, position: int, row: int) -> Finding:
        """A column that the contract does not know; ``position`` is counted from 1."""
        name = header or f"({position})"
        return self.finding(
            "unexpected-column",
            _HAS_COLUMNS,
            words("The contract has no column {name} (number {position} in the file).", name=name, position=position),
            words("Remove the column, or correct its name."),
            row=row,
            headers=(name,),
            value=header,
        )

    def header_further_down(self, row: int, above: Sequence[Sequence[str]]) -> Finding:
        """The columns' names stand below something else, which was passed over: ``above`` are the cells of it."""
        filled = [[cell for cell in cells if cell.strip()] for cells in above]
        if not any(filled):
            found = words("The header stands on row {row}, below empty rows.", row=row)
        elif all(not cells or cells[0].casefold().startswith(_TELLS_DELIMITER) for cells in filled):
            found = words("The header stands on row {row}, below a row that names the delimiter.", row=row)
        else:
            found = words("The header stands on row {row}; what stands above it was not read.", row=row)
        return self.finding(
            "header-not-first",
            words("The header is the first row of the file."),
            found,
            words("Remove the rows above row {row}.", row=row),
            severity=Severity.WARNING,
            row=row,
        )

    def repeated_column(self, header: str, row: int) -> Finding:
        """A header that occurs twice; the first is read."""
        return self.finding(
            "duplicate-column",
            _HAS_COLUMNS,
            words("The column {header} occurs twice.", header=header),
            words("Remove one of them."),
            row=row,
            headers=(header,),
            value=header,
        )

    def ragged(self, rows: tuple[FailingRow, ...], count: int, width: int, found: int) -> Finding:
        """Rows with more or fewer fields than the header."""
        return self.finding(
            RAGGED,
            _ONE_FIELD_A_COLUMN,
            words(
                "{count} row without {width} fields; row {row} has {found}.",
                "{count} rows without {width} fields; row {row} has {found}.",
                count=count, width=width, row=rows[0].row, found=found,
            ),
            words(
                "A delimiter inside a text needs double quotes around the text; a missing field needs its delimiter."
            ),
            row=rows[0].row,
            count=count,
            rows=rows,
        )  # fmt: skip

    def stray_quote(self, row: int, closed: bool) -> Finding:
        """A quotation mark that never ends (``closed`` False), or that ends before its field does."""
        found = (
            words("A quoted text on row {row} goes on after its closing mark.", row=row)
            if closed
            else words("The quotation mark on row {row} is never closed.", row=row)
        )
        return self.finding(
            "stray-quote",
            words("A field that begins with a quotation mark ends with one."),
            found,
            words(
                "Correct row {row}: a quotation mark inside a quoted text is written twice. "
                "Rows below it were not checked.",
                row=row,
            ),
            row=row,
        )

    def long_line(self, row: int) -> Finding:
        """A line without end."""
        return self.finding(
            "line-too-long",
            _ONE_FIELD_A_COLUMN,
            words("Row {row} is longer than a row can be.", row=row),
            words("Check the line breaks of the file; rows below were not checked."),
            row=row,
        )

    def broken_workbook(self, reason: Words) -> Finding:
        """A workbook that cannot be read."""
        return self.finding(
            "broken-workbook",
            words("The file is a workbook (XLSX) that opens without a password."),
            reason,
            words("Open the file in Excel and save it again as XLSX, without a password."),
        )

    def which_sheet(self, sheets: tuple[str, ...]) -> Finding:
        """The worksheet that the contract names is not there, or it names none and there are several."""
        wanted = self.contract.dialect.sheet or self.contract.name
        return self.finding(
            "unknown-sheet",
            words("The workbook has a sheet called {sheet}, or only one sheet.", sheet=wanted),
            words("Its sheets are: {sheets}.", sheets=sheets),
            words("Remove the other sheets, or call the sheet {sheet}.", sheet=wanted),
        )

    def scaled_cells(self, header: str, rows: Sequence[int]) -> Finding:
        """Numbers that are shown in thousands or millions: whether the shown or the stored one is meant is not told."""
        return self.finding(
            "scaled-cells",
            words("The cells of {header} show the numbers that they hold.", header=header),
            words("{header} shows numbers in thousands in {rows}, first in row {row}.", header=header,
                  rows=rows_of(len(rows)), row=rows[0]),
            words("Choose a number format without thousands, and write the numbers in the unit of the contract."),
            row=rows[0],
            headers=(header,),
            count=len(rows),
            numbers=rows,
        )  # fmt: skip

    def no_cached_value(self, row: int, header: str, count: int) -> Finding:
        """Formulas whose result was not saved."""
        return self.finding(
            "formula-without-value",
            words("Every formula has its result saved."),
            words("Formulas without a result: {count}; the first is on row {row}.", count=count, row=row),
            words("Open the workbook in Excel, let it calculate, and save; or replace formulas by values."),
            row=row,
            headers=(header,),
            count=count,
        )

    def merged_cells(self, rows: Sequence[int], headers: tuple[str, ...], count: int) -> Finding:
        """Cells that were merged below the header: the value may be meant for all of them, or for the first alone.

        ``rows`` are those that have a part of such a cell, in ``headers``; ``count`` is the number of merged ranges.
        """
        return self.finding(
            "merged-cells",
            words("No cells below the header are merged."),
            words(
                "Merged ranges: {count}; the first is on row {row}. The value can be meant for all of its cells, or "
                "for the first alone.",
                count=count, row=rows[0],
            ),
            words("Split the cells and write each value in its own cell."),
            row=rows[0],
            headers=headers,
            count=count,
            numbers=rows,
        )  # fmt: skip

    def date_cells(self, header: str, rows: Sequence[int], severity: Severity) -> Finding:
        """Cells of a column of text that are dates in the workbook, as it makes of a text such as 1-2."""
        return self.finding(
            "text-became-date",
            words("{column} holds text, as it was written.", column=header),
            words("{column} holds dates in {rows}, first in row {row}.", column=header, rows=rows_of(len(rows)),
                  row=rows[0]),
            words("A spreadsheet makes dates of texts such as 1-2. Format the column as text before the values are "
                  "put in, and take them from the source system again."),
            severity=severity,
            row=rows[0],
            headers=(header,),
            count=len(rows),
            numbers=rows,
        )  # fmt: skip

    def total_rows(self, rows: Sequence[FailingRow], word: str, header: str) -> Finding:
        """Rows that add up the others; ``word`` is how the first of them is called, in the column ``header``."""
        found = words(
            "Row {row} is a total (“{word}”), no record; it was not read.",
            "{count} rows are totals, no records, the first in row {row} (“{word}”); they were not read.",
            count=len(rows), row=rows[0].row, word=word,
        )  # fmt: skip
        return self.finding(
            TOTAL_ROW,
            words("Every row is a record; no row adds up the others."),
            found,
            words("Remove the total from the file; the report adds up by itself."),
            row=rows[0].row,
            headers=(header,),
            count=len(rows),
            rows=tuple(rows),
            numbers=[r.row for r in rows],
        )

    def _field(self, fault: ByteFault, headers: tuple[str, ...]) -> tuple[str, str]:
        """The field around a byte, read as Windows-1252, and the header of its column if that can be told."""
        mark = self.contract.dialect.delimiter.encode()
        position = fault.line[: fault.column].count(mark)
        header = headers[position] if fault.line_number > 1 and position < len(headers) else ""
        if fault.line_number > 1 and any(c.sensitive for c in self.contract.columns):
            return WITHHELD, header
        return fault.line.split(mark)[position].decode("windows-1252", "replace").strip('"')[:80], header

    def _delimiter(self, mark: str) -> Words:
        return _DELIMITERS.get(mark, quoted(f"“{mark}”", f"”{mark}”"))

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
        numbers: Sequence[int] = (),
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """A fault of the file: ``rule`` is what holds, ``fault`` what was found, ``hint`` what to do."""
        return Finding(
            code=code, object=self.contract.name, file=self.shown, rule=rule, fault=fault, hint=hint, row=row,
            headers=headers, value=value, count=count, rows=rows, numbers=tuple(numbers[:NUMBERED_ROWS]),
            severity=severity,
        )  # fmt: skip
