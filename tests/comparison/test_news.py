"""What is new since the last report: a template puts it in, and the cover note tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutations import one_case
from versions import RELEASE, Builder, Desk, copy_of

from report_builder.document import store
from report_builder.document.walk import plain_text
from report_builder.problems import ReportError
from report_builder.revisions.compare import compare
from report_builder.revisions.news import cover_note
from report_builder.revisions.version import read_version

NEXT = "delredovisning/2026-06"


@pytest.fixture
def following(desk: Desk, tmp_path: Path) -> Desk:
    """A workspace with a release that follows the first, whose template tells what is new."""
    found = copy_of(desk, tmp_path / "workspace")
    folder = found.root / "content" / NEXT
    for path in found.release.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(found.release)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    found.edit(f"content/{NEXT}/sections/inledande-kommentar.md", "på det nya sättet", "på ett annat sätt")
    release = (folder / "release.yaml").read_text(encoding="utf-8").replace("release: 2026-02", "release: 2026-06")
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


def test_a_template_tells_what_is_new(following: Desk, builder: Builder, tmp_path: Path) -> None:
    with pytest.raises(ReportError) as refused:
        builder.version(following, tmp_path / "early", NEXT)
    assert [p.code for p in refused.value.problems] == ["previous-not-built"]
    builder.version(following, following.output)
    document = store.load(builder.version(following, tmp_path / "next", NEXT) / "document.json")
    at = next(i for i, b in enumerate(document.blocks) if getattr(b, "id", "") == "bedomning-nytt")
    opening, points = document.blocks[at + 1 : at + 3]
    assert "nytt sedan den förra rapporten" in plain_text(opening.content)
    told = [plain_text(block.content) for item in points.items for block in item]
    assert any(point.startswith("Texten har ändrats på ") for point in told)


def test_the_cover_note_is_a_draft_with_blanks(desk: Desk, first: Path, builder: Builder, tmp_path: Path) -> None:
    other = copy_of(desk, tmp_path / "workspace")
    one_case(other)
    before, after = read_version(first), read_version(builder.version(other, tmp_path / "second"))
    note = cover_note(compare(before, after), after)
    assert note.splitlines()[1] == "MISSIV (utkast)"
    assert "Mottagare: [fyll i]" in note
    assert "42 tidigare redovisade siffror har räknats om" in note
    assert "får inte lämnas i detta skick" in note
