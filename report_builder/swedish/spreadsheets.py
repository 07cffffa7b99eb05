"""What a Swedish spreadsheet shows where a formula has no answer."""

from typing import Final

ERROR_VALUES: Final = (
    "#REFERENS!", "#SAKNAS!", "#SKÄRNING!", "#DIVISION/0!", "#VÄRDEFEL!", "#NAMN?", "#OGILTIGT!", "#FÄLT!",
)  # fmt: skip
