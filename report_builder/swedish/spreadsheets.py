"""What a Swedish spreadsheet shows where a formula has no answer, and what people write in one."""

from typing import Final

ERROR_VALUES: Final = (
    "#REFERENS!", "#SAKNAS!", "#SKÄRNING!", "#DIVISION/0!", "#VÄRDEFEL!", "#NAMN?", "#OGILTIGT!", "#FÄLT!",
)  # fmt: skip
"""Where a formula has no answer."""
MISSING_WORDS: Final = ("saknas", "uppgift saknas", "ej aktuellt", "okänt")
"""Where a figure or a day is missing, in small letters."""
TOTAL_WORDS: Final = ("summa", "totalt", "total", "totalsumma", "delsumma", "slutsumma")
"""What a row that adds up the others is called, in small letters."""
