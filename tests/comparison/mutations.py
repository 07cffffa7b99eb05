"""One change to a release at a time, and what a comparison must say about it: that, and nothing else.

Run as a program, this writes ``docs/comparison.md`` again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from versions import PROJECT, RELEASE, Builder, Desk, copy_of, small_workspace

from report_builder.revisions.compare import compare_versions
from report_builder.revisions.comparison import Comparison, DifferenceCause, Layer
from report_builder.revisions.version import Version, read_version

PAGE = PROJECT / "docs" / "comparison.md"
TEMPLATE = "templates/delredovisning/v1"
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A change, in words and as done to a workspace, and how many changes of what each layer must tell.

    ``expected`` reads ``layer: count kind what``; a layer that is not named must be silent. ``holds`` is asked instead
    where a change rightly touches many figures.
    """

    name: str
    do: Callable[[Desk], None]
    expected: tuple[str, ...] = ()
    holds: Callable[[Comparison], bool] | None = None

    def clean(self, comparison: Comparison) -> bool:
        """Whether the comparison tells this change and nothing else."""
        if self.holds is not None:
            return self.holds(comparison)
        return sorted(counted(comparison)) == sorted(self.expected)


def edited(file: str, old: str, new: str) -> Callable[[Desk], None]:
    return lambda desk: desk.edit(file, old, new)


def rebuilt(_: Desk) -> None:
    """Nothing."""


def section_moved(desk: Desk) -> None:
    path = desk.root / TEMPLATE / "11-samlad-bedomning.md.j2"
    before, rest = path.read_text(encoding="utf-8").split("{#bedomning-rapportering}")
    one, other = rest.split("{#bedomning-slutredovisning}")
    moved = f"{before}{{#bedomning-slutredovisning}}{other.rstrip()}\n\n{{#bedomning-rapportering}}{one}"
    path.write_text(moved.rstrip() + "\n", encoding="utf-8")


def chapter_moved(desk: Desk) -> None:
    path = desk.root / TEMPLATE / "template.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if "id: risker" in line)
    lines[at - 1], lines[at] = lines[at], lines[at - 1]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def paragraph_moved(desk: Desk) -> None:
    path = desk.root / TEMPLATE / "11-samlad-bedomning.md.j2"
    parts = path.read_text(encoding="utf-8").split("\n\n")
    at = next(i for i, part in enumerate(parts) if part.startswith("Den viktigaste slutsatsen"))
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    path.write_text("\n\n".join(parts), encoding="utf-8")


def reflowed(desk: Desk) -> None:
    """Other line breaks in the source, and a no-break space where a space stood."""
    desk.edit(f"{TEMPLATE}/11-samlad-bedomning.md.j2", "någon snabb lösning på", f"någon{NBSP}snabb\nlösning på")


def one_case(desk: Desk) -> None:
    """A case that was open is closed on the second last day of 2025."""
    path = desk.metrics / "arenden.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if ";psl;" in line and line.endswith(";;;;;"))
    lines[at] = lines[at].replace(";;;;;", ";2025-12-30;2025-12-30;;;")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def new_method(desk: Desk) -> None:
    """The median of a case's time stops at the decision instead of the dispatch."""
    folder = desk.root / "content/methods/handlaggningstid"
    for suffix in (".yaml", ".md"):
        text = (folder / f"v1{suffix}").read_text(encoding="utf-8")
        (folder / f"v2{suffix}").write_text(text, encoding="utf-8")
    file = "content/methods/handlaggningstid/v2.yaml"
    desk.edit(file, "version: v1", "version: v2")
    desk.edit(file, "valid_from: 2026-01-01", "valid_from: 2026-02-01")
    desk.edit(file, "stop: [beslut, expediering] ", "stop: [beslut] ")
    desk.edit("content/registers/metodforandringar.yaml", "valid_from: 2026-05-01", "valid_from: 2026-02-01")
    desk.edit(f"content/{RELEASE}/release.yaml", "handlaggningstid: v1", "handlaggningstid: v2")


def year_dropped(desk: Desk) -> None:
    """The report covers two years where it covered three."""
    desk.edit(f"content/{RELEASE}/release.yaml", 'years: ["2023", "2024", "2025"]', 'years: ["2024", "2025"]')


def rows_exchanged(desk: Desk) -> None:
    """The first two rows of a register change places."""
    path = desk.root / "content/registers/risker.yaml"
    head, first, second, *rest = path.read_text(encoding="utf-8").split("  - id: ")
    path.write_text("  - id: ".join([head, second, first, *rest]), encoding="utf-8")


def rests_on_the_periods(comparison: Comparison) -> bool:
    """Figures, tables and charts differ in nothing but the periods that they are about.

    How many rows each method counted is about all periods together.
    """
    followed = comparison.of(Layer.FIGURES, Layer.TABLES, Layer.CHARTS)
    rows = ("datakvalitet.raknade.", "datakvalitet.utanfor.", "tab-kvalitet-metoder")
    return any(c.rolled for c in followed) and all(c.rolled or c.key.startswith(rows) for c in followed)


def rests_on_the_case(comparison: Comparison) -> bool:
    """Only figures of the case's own type and of all, for periods that hold the day when it was closed or follow it.

    How much of the delivery is filled in is about no type of case.
    """
    facts = comparison.of(Layer.FIGURES)
    return bool(facts) and all(
        (f.key.startswith("datakvalitet.") or f.key.split(".")[2] in ("psl", "alla"))
        and f.key.split(".")[3].startswith("2025")
        and [r.cause for r in f.reasons] == [DifferenceCause.DATA_REVISION]
        and f.reasons[0].links == ("deliveries-metrics-arenden.csv",)
        for f in facts
    )


def rests_on_the_method(comparison: Comparison) -> bool:
    """Only figures of the measure whose method was exchanged, and of the rows it counted, each for that reason."""
    facts = comparison.of(Layer.FIGURES)
    rows = tuple(f"datakvalitet.{what}.handlaggningstid." for what in ("raknade", "utanfor"))
    return bool(facts) and all(
        f.key.startswith(("handlaggningstid.", *rows))
        and f.reasons[0].cause is DifferenceCause.METHOD_CHANGE
        and f.reasons[0].links == ("methods-method-handlaggningstid",)
        for f in facts
    )


LAST = f"{TEMPLATE}/11-samlad-bedomning.md.j2"
PUBLISHED = f"content/{RELEASE}/metrics/ivo_publicerade_uppgifter.csv"
TEMPLATE_CHANGED = "templates: 1 changed template"

MUTATIONS = (
    Mutation(name="The same input is built again", do=rebuilt),
    Mutation(
        name="A no-break space and other line breaks in the source",
        do=reflowed,
        expected=(TEMPLATE_CHANGED,),
    ),
    Mutation(
        name="One word of the template's prose",
        do=edited(LAST, "snabb lösning", "enkel lösning"),
        expected=("wording: 1 changed paragraph", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="One word of the release's own text",
        do=edited(f"content/{RELEASE}/sections/inledande-kommentar.md", "på det nya sättet", "på ett nytt sätt"),
        expected=("wording: 1 changed paragraph", "content: 1 changed section"),
    ),
    Mutation(
        name="A paragraph is added",
        do=edited(LAST, "Den viktigaste slutsatsen", "Arbetet fortsätter.\n\nDen viktigaste slutsatsen"),
        expected=("wording: 1 added paragraph", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="An item of a list is removed",
        do=edited(LAST, "- vilka risker som kan påverka utvecklingen\n", ""),
        expected=("wording: 1 removed item", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A paragraph changes place with the next",
        do=paragraph_moved,
        expected=("structure: 1 moved paragraph", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A section is moved",
        do=section_moved,
        expected=("structure: 1 moved section", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A chapter is moved, and all numbers after it change",
        do=chapter_moved,
        expected=("structure: 1 moved section", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A section is added, and those after it get other numbers",
        do=edited(LAST, "{#bedomning-samlad}", "{#bedomning-kort}\n## I korthet\n\nKort sagt.\n\n{#bedomning-samlad}"),
        expected=("structure: 1 added section", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A section gets another heading",
        do=edited(LAST, "## Fortsatt rapportering", "## Rapporteringen framöver"),
        expected=("structure: 1 renamed section", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A table gets another caption",
        do=edited(f"{TEMPLATE}/template.yaml", "Mediantid per ärendeslag och år", "Median per ärendeslag och år"),
        expected=("structure: 1 renamed table", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="A column of a table gets another header",
        do=edited(f"{TEMPLATE}/template.yaml", "label: Balans vid årets slut, m", "label: Öppna vid årets slut, m"),
        expected=("tables: 1 renamed column", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="One cell of a register that a table shows",
        do=edited("content/registers/atgarder.yaml", "datum: 2026-09-30", "datum: 2026-10-31"),
        expected=("tables: 1 changed table", "registers: 1 changed register"),
    ),
    Mutation(
        name="One published number",
        do=edited(PUBLISHED, ";1191;", ";1192;"),
        expected=(
            "figures: 1 changed fact",
            "wording: 1 changed item",  # the list of sources names the checksum of the file
            "tables: 1 changed table",
            "deliveries: 1 changed metrics",
        ),
    ),
    Mutation(
        name="One word of a footnote",
        do=edited(f"{TEMPLATE}/01-uppdraget.md.j2", "Ärenden från tiden dessförinnan", "Ärenden från tiden före dess"),
        expected=("wording: 1 changed note", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="Two rows of a register change places",
        do=rows_exchanged,
        expected=("tables: 2 moved row", "registers: 1 changed register"),
    ),
    Mutation(
        name="A figure gets another caption, and with it its text alternative and the table of its data",
        do=edited(f"{TEMPLATE}/template.yaml", "varje kvartals slut, samtliga", "kvartalets slut, samtliga"),
        expected=(
            "wording: 1 changed alternative",
            "structure: 1 renamed figure",
            "structure: 1 renamed table",
            TEMPLATE_CHANGED,
        ),
    ),
    Mutation(
        name="A chart is drawn higher",
        do=edited(f"{TEMPLATE}/template.yaml", "height: 160", "height: 170"),
        expected=("charts: 1 changed look", TEMPLATE_CHANGED),
    ),
    Mutation(
        name="The subtitle on the cover",
        do=edited(f"content/{RELEASE}/release.yaml", "subtitle: ", "subtitle: Kort "),
        expected=("wording: 1 changed field", "content: 1 changed release"),
    ),
    Mutation(name="The report covers one year less", do=year_dropped, holds=rests_on_the_periods),
    Mutation(name="One case is closed", do=one_case, holds=rests_on_the_case),
    Mutation(name="Another version of a method is pinned", do=new_method, holds=rests_on_the_method),
    Mutation(
        name="The description of a data contract",
        do=edited("data_contracts/arenden/1.1.0.yaml", "description:", "# Ägare: se ovan.\ndescription:"),
        expected=("contracts: 1 changed contract",),
    ),
)


def counted(comparison: Comparison) -> tuple[str, ...]:
    """How many changes of each kind each layer tells."""
    found: dict[tuple[str, str, str], int] = {}
    for change in comparison.changes:
        key = (change.layer.value, change.kind.value, change.what)
        found[key] = found.get(key, 0) + 1
    return tuple(f"{layer}: {count} {kind} {what}" for (layer, kind, what), count in found.items())


class Tried:
    """Mutations tried on one workspace, each against the same first version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = small_workspace(folder / "first")
        self.builder = Builder()
        self.first = read_version(self.builder.version(self.desk, folder / "versions" / "first"), "first")

    def mutated(self, mutation: Mutation, number: int) -> Version:
        desk = copy_of(self.desk, self.folder / f"workspace-{number}")
        mutation.do(desk)
        return read_version(self.builder.version(desk, self.folder / "versions" / str(number)), mutation.name)

    def compared(self, mutation: Mutation, number: int) -> Comparison:
        return compare_versions(self.first, self.mutated(mutation, number))


def page(rows: list[tuple[Mutation, Comparison]]) -> str:
    """The table of mutations and what was told of each, as Markdown."""
    lines = [
        "# What a comparison tells",
        "",
        "`report-builder compare OLD NEW` is tried on a release in which one thing at a time is changed. A change must",
        "be told in the layers that it touches, and nothing else may be. This table is made by the test that checks it",
        "(`tests/comparison/mutations.py`); a change to a file is always told too, under the layer of that file.",
        "",
        "| What was changed | What the comparison tells |",
        "|---|---|",
    ]
    for mutation, comparison in rows:
        lines.append(f"| {mutation.name} | {'; '.join(counted(comparison)) or 'no difference'} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        tried = Tried(Path(folder))
        rows = [(mutation, tried.compared(mutation, i)) for i, mutation in enumerate(MUTATIONS)]
        for mutation, comparison in rows:
            if not mutation.clean(comparison):
                sys.exit(f"{mutation.name}: {counted(comparison)}")
    PAGE.write_text(page(rows), encoding="utf-8")
    print(page(rows), file=sys.stdout)


if __name__ == "__main__":
    main()
