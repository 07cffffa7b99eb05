"""A workspace of a test's own, and the program run in it as a person would run it."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
RELEASE = "delredovisning/2026-02"
HEADER = "arende_id;arendeslag;enhet;registrerad;beslutad;expedierad;aterupptagen;nytt_beslut;ny_expediering"


@dataclass(frozen=True)
class Desk:
    """A workspace on disk, and the program run in it as a person would."""

    root: Path

    @property
    def release(self) -> Path:
        return self.root / "content" / RELEASE

    @property
    def metrics(self) -> Path:
        return self.release / "metrics"

    @property
    def output(self) -> Path:
        return self.root / "output" / RELEASE

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run report-builder here; nothing of it may be a traceback."""
        command = [sys.executable, "-m", "report_builder.cli", *arguments, "--workspace", str(self.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.root)
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return done

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace ``old`` by ``new`` in a file of the workspace; it must stand there."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def small_delivery() -> str:
    """Three hundred cases over all case types, 2021 to 2025, with one of every odd course among them."""
    rng = random.Random(7)
    kinds = ("psl", "hsp", "tillstand", "lex-maria", "lex-sarah", "ej-verkstallda", "frekvenstillsyn", "egeninitierad")
    lines = [HEADER]
    for i in range(1, 301):
        start = date(2022, 1, 1) + timedelta(rng.randrange(1430))
        decided = start + timedelta(rng.randrange(5, 700))
        sent = decided + timedelta(rng.randrange(0, 9))
        again = sent + timedelta(40) if i % 50 == 0 else None
        row = [f"T-{i:04d}", kinds[i % 8], "Avdelning nord", start, decided, sent, again, None, None]
        shown = [x if not isinstance(x, date) else (x.isoformat() if x <= date(2025, 12, 31) else "") for x in row]
        if not shown[5]:
            shown[6:] = ["", "", ""]
        if not shown[4]:
            shown[5:] = ["", "", "", ""]
        lines.append(";".join(str(x or "") for x in shown))
    return "\n".join(lines) + "\n"


def small_workspace(root: Path) -> Desk:
    """The project's contracts, methods, registers and templates over a small delivery, and its first release alone."""
    ignored = shutil.ignore_patterns("arenden.csv", "uppehall.csv", "periodisk-rapport", "slutredovisning", "ledger")
    for folder in ("content", "data_contracts", "templates"):
        shutil.copytree(PROJECT / folder, root / folder, ignore=ignored)
    found = Desk(root)
    (found.metrics / "arenden.csv").write_text(small_delivery(), encoding="utf-8")
    (found.metrics / "uppehall.csv").write_text(
        "arende_id;orsak;fran;till\nT-0001;yttrande;2024-01-08;2024-02-01\nT-0002;komplettering;2025-11-03;\n",
        encoding="utf-8",
    )
    pin = "    as_of: 2025-12-31\n"
    reason = "reason: Uttaget är påhittat och litet., by: Enhetschefen, date: 2026-02-01"
    rules = ("arendeslag-varje-kvartal", "stale", "period-without-rows")
    accepted = "".join(f"      - {{rule: {rule}, {reason}}}\n" for rule in rules)
    found.edit(f"content/{RELEASE}/release.yaml", pin, f"{pin}    accepted:\n{accepted}")
    return found
