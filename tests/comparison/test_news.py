"""What is new since the last report: a template puts it in, and the cover note tells it, as text and in Word."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from mutations import one_case
from versions import RELEASE, Builder, Desk, copy_of

from report_builder import pipeline
from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.walk import plain_text
from report_builder.editions import EDITIONS, Resources
from report_builder.editions.style_files import SHIPPED
from report_builder.output.plan import read_plan
from report_builder.revisions.compare import compare_versions
from report_builder.revisions.cover_note import Note, as_text, as_word, draft
from report_builder.revisions.version import read_version
from report_builder.verbs.preview import Preview
from report_builder.workspace.workspace import Workspace

NEXT = "delredovisning/2026-06"


@pytest.fixture(scope="module")
def following(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace with a release that follows the first, whose template tells what is new."""
    found = copy_of(desk, tmp_path_factory.mktemp("following") / "workspace")
    folder = found.root / "content" / NEXT
    for path in found.release.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(found.release)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    found.edit(f"content/{NEXT}/sections/inledande-kommentar.md", "på det nya sättet", "på ett annat sätt")
    (folder / "registers").mkdir(exist_ok=True)
    (folder / "registers/atgarder.yaml").write_bytes((found.root / "content/registers/atgarder.yaml").read_bytes())
    found.edit(f"content/{NEXT}/registers/atgarder.yaml", "datum: 2026-09-30", "datum: 2026-10-31")
    release = (folder / "release.yaml").read_text(encoding="utf-8").replace("release: 2026-02", "release: 2026-06")
    release = release.replace("published: 2026-02-27", "published: 2026-06-26")
    (folder / "release.yaml").write_text(f"{release}previous: {RELEASE}\n", encoding="utf-8")
    found.edit("templates/delredovisning/v1/template.yaml", "language: sv", "language: sv\nwhats_new: true")
    found.edit(
        "templates/delredovisning/v1/11-samlad-bedomning.md.j2",
        "{#bedomning-rapportering}",
        "{#bedomning-nytt}\n## Nytt i rapporten\n\n{{ whats_new() }}\n\n{#bedomning-rapportering}",
    )
    done = found.run("ledger", RELEASE)
    assert done.returncode == 0, done.stderr
    return found


def news_of(folder: Path) -> list[str]:
    document = store.load(folder / "document.json")
    at = next(i for i, b in enumerate(document.blocks) if getattr(b, "id", "") == "bedomning-nytt")
    opening, *rest = document.blocks[at + 1 : at + 3]
    points = [plain_text(b.content) for r in rest if isinstance(r, n.BulletList) for item in r.items for b in item]
    return [plain_text(opening.content), *points]


@pytest.fixture(scope="module")
def told(following: Desk, builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The following release, written where nothing has been built before."""
    return builder.version(following, tmp_path_factory.mktemp("told") / "next", NEXT)


def test_a_template_tells_what_is_new(told: Path) -> None:
    opening, *points = news_of(told)
    assert opening.startswith("Det här är nytt jämfört med den förra rapporten, ")
    nothing, changed = points
    assert nothing == "Inget av rapportens värden skiljer sig från dem i den förra rapporten."
    assert changed == "I databilagan har 1 tabell fått ändrat innehåll."
    named = {entry["role"] for entry in json.loads((told / "manifest.json").read_text(encoding="utf-8"))["inputs"]}
    assert "previous" in named


def test_what_is_new_does_not_rest_on_what_lies_in_the_output(
    told: Path, following: Desk, builder: Builder, tmp_path: Path
) -> None:
    stale = builder.version(following, following.output)
    (stale / "facts.csv").write_text("", encoding="utf-8")
    again = builder.version(following, tmp_path / "beside", NEXT)
    assert (again / "document.json").read_bytes() == (told / "document.json").read_bytes()
    assert news_of(stale) == [
        "Det här är den första rapporten av sitt slag. Det finns alltså ingen tidigare sådan att jämföra med."
    ]


@pytest.fixture(scope="module")
def note(desk: Desk, first: Path, builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Note:
    folder = tmp_path_factory.mktemp("note")
    other = copy_of(desk, folder / "workspace")
    one_case(other)
    before, after = read_version(first), read_version(builder.version(other, folder / "second"))
    return draft(compare_versions(before, after), after)


def test_the_cover_note_is_a_draft_with_blanks(note: Note) -> None:
    text = as_text(note)
    assert text.splitlines()[1] == "MISSIV (UTKAST)"
    assert "Mottagare: [fyll i]" in text
    assert re.search(r"\d+ av rapportens värden skiljer sig .* därför att underlaget", text)
    assert "får inte lämnas i detta skick" in text


def test_the_cover_note_in_word_says_the_same_in_swedish(note: Note) -> None:
    data = as_word(note, "2026-02-13")
    assert data == as_word(note, "2026-02-13")
    document = Document(io.BytesIO(data))
    said = [p.text for p in document.paragraphs]
    assert [p.text for p in document.paragraphs if p.style.name == "List Bullet"] == list(note.points)
    for line in (note.sender, note.title, note.handing_over, note.warning, note.heading, note.decision):
        assert line in said
    assert "Mottagare: [fyll i]" in said
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"sv-SE"}


def test_a_preview_keeps_the_report_before_as_long_as_it_is_as_it_was(following: Desk, tmp_path: Path) -> None:
    """In the order of what is kept: after a template all that was written, after its own section the one before."""
    desk = copy_of(following, tmp_path / "workspace")
    before = f"content/{RELEASE}/sections/inledande-kommentar.md"
    shown = Preview(Workspace(desk.root), NEXT)
    pages = [shown.page()[0]]
    for name, old, new in (
        ("templates/delredovisning/v1/02-genomforande.md.j2", "\n\n", "\n\nEtt stycke till.\n\n"),
        (f"content/{NEXT}/sections/inledande-kommentar.md", "på ett annat sätt", "på ett tredje sätt"),
        (before, "på det nya sättet", "på det nya sättet.\n\n{#utgar}\n## Något som utgår\n\nDet stod bara förut"),
    ):
        desk.edit(name, old, new)
        shown.forget([desk.root / name])
        pages.append(shown.page()[0])
    assert len(set(pages)) == len(pages)
    assert "Något som utgår" in pages[-1].decode()
    basis = pipeline.basis_of(read_plan(Workspace(desk.root), NEXT))
    document = pipeline.write_from(basis).document
    assert pages[-1] == EDITIONS["html"](document, Resources(folder=SHIPPED))
