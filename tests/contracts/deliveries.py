"""A small delivery of cases and waits that meets its contract, for tests to spoil."""

from __future__ import annotations

CASES_HEADER = [
    "arende_id", "arendeslag", "enhet", "registrerad", "beslutad", "expedierad", "aterupptagen", "nytt_beslut",
    "ny_expediering",
]  # fmt: skip
WAITS_HEADER = ["arende_id", "orsak", "fran", "till"]
CASES = [
    ["EX-1", "psl", "Enhet nord", "2024-01-10", "2024-03-01", "2024-03-02", "", "", ""],
    ["EX-2", "lex-maria", "Enhet syd", "2024-02-01", "", "", "", "", ""],
    ["EX-3", "hsp", "Enhet väst", "2024-02-01", "2024-02-20", "2024-02-21", "2024-03-01", "2024-04-01", "2024-04-02"],
]
WAITS = [["EX-1", "yttrande", "2024-01-20", "2024-01-25"], ["EX-2", "komplettering", "2024-02-10", ""]]
