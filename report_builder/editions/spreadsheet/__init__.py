"""The data annex as spreadsheets, XLSX and ODS: every table and every figure's data, one to a sheet.

They follow the British Analysis Function's guidance "Releasing statistics in spreadsheets": a cover, a list of
contents, a sheet of notes, one marked table to a sheet with one row of unique heads, no merged and no empty cells,
numbers as numbers, units and flags in words. Two departures: heads stay in view when one scrolls, and a table's units
and notes stand in one line above it, so that little else does.
"""

from report_builder.editions.spreadsheet.ods import ods
from report_builder.editions.spreadsheet.sheets import Workbook, workbook
from report_builder.editions.spreadsheet.xlsx import xlsx

__all__ = ["Workbook", "ods", "workbook", "xlsx"]
