"""Print how much of each room the tests ran: of its statements, and of its branches.

usage: python .ci/coverage.py FILE, where FILE is what ``slipcover --branch --json`` wrote. Only what ran in the tests'
own processes counts; a command that a test starts as a user would is a process of its own and is not seen.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

COUNTS = ("covered_lines", "missing_lines", "covered_branches", "missing_branches")


def _share(covered: int, missing: int) -> str:
    return f"{100 * covered / (covered + missing):5.1f} %" if covered + missing else "      –"


def _line(name: str, counts: dict[str, int]) -> str:
    statements = _share(counts["covered_lines"], counts["missing_lines"])
    branches = _share(counts["covered_branches"], counts["missing_branches"])
    return f"  {name:<24} {statements:>10} {branches:>10}"


def main(path: str) -> None:
    """Print a line for each room, and one for all."""
    rooms: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for name, told in json.loads(Path(path).read_text(encoding="utf-8"))["files"].items():
        parts = Path(name).parts
        room = parts[1] if len(parts) > 2 else "(beside the rooms)"
        for key in COUNTS:
            rooms[room][key] += told["summary"][key]
    print(f"\n  {'coverage':<24} {'statements':>10} {'branches':>10}")
    for room in sorted(rooms):
        print(_line(room, rooms[room]))
    print(_line("all", {key: sum(counts[key] for counts in rooms.values()) for key in COUNTS}))


if __name__ == "__main__":
    main(sys.argv[1])
