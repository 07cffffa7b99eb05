"""Print the share of mutants that a test noticed, and end with 1 where it is under the goal.

Reads what ``mutmut export-cicd-stats`` wrote. A mutant that no test runs at all counts as one that was not noticed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

GOAL = 90


def main() -> int:
    """The exit code: 0 where the goal is met."""
    stats = json.loads(Path("mutants/mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    noticed = stats["killed"] + stats["timeout"] + stats.get("caught_by_type_check", 0)
    tried = noticed + stats["survived"] + stats["no_tests"] + stats["suspicious"] + stats.get("segfault", 0)
    if not tried:
        print("No mutant was tried.")
        return 1
    share = 100 * noticed / tried
    print(f"{noticed} of {tried} mutants were noticed: {share:.1f} per cent (the goal is {GOAL})")
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
