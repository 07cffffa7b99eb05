"""Template versions: locked when released, compared with each other; old prose is read again before it is used."""

from __future__ import annotations

import shutil

from scenes import Scene
from workspaces import RELEASE

V1 = "templates/delredovisning/v1"
RELEASE_FILE = f"content/{RELEASE}/release.yaml"


def lock(scene: Scene) -> None:
    scene.edit(RELEASE_FILE, "status: draft", "status: final")
    done = scene.desk.run("templates", "lock", "delredovisning@v1", "--release", RELEASE)
    assert done.returncode == 0, done.stderr


def test_a_locked_version_may_not_be_edited(scene: Scene) -> None:
    assert "unlocked-template" not in [p.code for p in scene.warnings()]
    lock(scene)
    assert scene.desk.run("check").returncode == 0
    path = scene.root / V1 / "10-risker.md.j2"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # another system's line ends are no edit
    swap = path.with_name(".10-risker.md.j2.swp")
    swap.write_bytes(b"b0VIM \xe5\x00")  # nor is what an editor keeps for itself while somebody reads the file
    assert scene.desk.run("check").returncode == 0
    swap.unlink()
    scene.add(f"{V1}/10-risker.md.j2", "Ett stycke till.")
    (scene.root / V1 / "ny.md.j2").write_text("x", encoding="utf-8")
    (scene.root / V1 / "93-begrepp.md.j2").unlink()
    done = scene.desk.run("check")
    assert done.returncode == 1
    for name in ("10-risker.md.j2: ", "ny.md.j2: ", "93-begrepp.md.j2: "):
        assert f"{V1}/{name}" in done.stderr
    assert done.stderr.count("released-template") >= 3


def test_only_a_final_release_s_template_is_locked_and_only_once(scene: Scene) -> None:
    draft = scene.desk.run("templates", "lock", "delredovisning@v1", "--release", RELEASE)
    assert draft.returncode == 1
    assert "is a draft" in draft.stderr
    scene.edit(RELEASE_FILE, "status: draft", "status: final")
    assert "unlocked-template" in [p.code for p in scene.warnings()]
    scene.edit(RELEASE_FILE, "status: final", "status: draft")
    lock(scene)
    again = scene.desk.run("templates", "lock", "delredovisning@v1", "--release", RELEASE)
    assert "locked already" in again.stderr


def test_what_moved_between_two_versions(scene: Scene) -> None:
    shutil.copytree(scene.root / V1, scene.root / "templates/delredovisning/v2")
    v2 = "templates/delredovisning/v2/template.yaml"
    scene.edit(v2, "version: v1", "version: v2")
    risks = "  - {id: risker, file: 10-risker.md.j2}\n"
    scene.edit(v2, risks, "")
    scene.edit(v2, "  - {id: mal,", f"{risks}  - {{id: mal,")
    scene.edit(v2, "  - {id: bakgrund, file: 03-bakgrund.md.j2}\n", "")
    scene.edit(v2, "corner: Mått", "corner: Nyckeltal")
    scene.edit(v2, "registers: [arendeslag, ", "registers: [")
    scene.add("templates/delredovisning/v2/01-uppdraget.md.j2", "En ny mening.")
    done = scene.desk.run("templates", "diff", "delredovisning@v1", "delredovisning@v2")
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert "section bakgrund: removed" in said
    assert "section risker: moved to after genomforande" in said
    assert "table tab-samlat: corner: Mått → Nyckeltal" in said
    assert "registers: arendeslag is no longer needed" in said
    assert "prose of uppdraget: 2 lines added, 0 removed" in said
    assert "    +En ny mening." in said
    assert not [line for line in said if line.startswith("section") and "bedomning" in line]


def test_old_prose_is_reviewed_before_a_final_report(scene: Scene) -> None:
    done = scene.desk.run("new", "delredovisning/2027-02", "--from", RELEASE)
    assert done.returncode == 0, done.stderr
    rolled = (scene.root / "content/delredovisning/2027-02/release.yaml").read_text(encoding="utf-8")
    assert 'years: ["2024", "2025", "2026"]' in rolled
    assert "as_of: FYLL-I" in rolled
    review = "review:\n  inledande-kommentar: to-review\n  kommentar-till-datakvalitet: to-review\n"
    assert rolled.endswith(review)
    scene.add(RELEASE_FILE, review)
    assert [p.code for p in scene.warnings() if p.code == "to-review"] == ["to-review"] * 2
    scene.edit(RELEASE_FILE, "status: draft", "status: final")
    faults = [p for p in scene.faults() if p.code == "to-review"]
    assert {str(p.place).partition(":")[0] for p in faults} == {RELEASE_FILE}
    scene.edit(RELEASE_FILE, "inledande-kommentar: to-review", "inledande-kommentar: reviewed")
    scene.edit(RELEASE_FILE, "datakvalitet: to-review", "datakvalitet: reviewed")
    assert "to-review" not in [p.code for p in scene.warnings()]


def test_a_review_of_what_is_not_there(scene: Scene) -> None:
    scene.add(RELEASE_FILE, "review:\n  saknas: reviewed")
    assert "unknown-section" in [p.code for p in scene.faults()]
