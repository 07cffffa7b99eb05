"""Bad input: file, row, column, value, rule and what to do; all of it at once; nothing built, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import RELEASE, Desk

ARENDEN = f"content/{RELEASE}/metrics/arenden.csv"


def lines(desk: Desk) -> list[str]:
    return (desk.root / ARENDEN).read_text(encoding="utf-8").splitlines()


def put(desk: Desk, rows: list[str], encoding: str = "utf-8") -> None:
    (desk.root / ARENDEN).write_text("\n".join(rows) + "\n", encoding=encoding)


def refused(desk: Desk) -> str:
    """What a refused build says. The output of an earlier build stays as it was."""
    desk.output.mkdir(parents=True)
    (desk.output / "kept.txt").write_text("kept", encoding="utf-8")
    done = desk.run("build", RELEASE)
    assert done.returncode == 1, done.stderr
    assert [p.name for p in desk.output.iterdir()] == ["kept.txt"]
    lock = f".{desk.output.name}.building"  # of the run; who reads the folder does not see it
    assert {p.name for p in desk.output.parent.iterdir()} - {lock} == {desk.output.name}
    return done.stderr


def test_every_fault_of_a_delivery_at_once(desk: Desk) -> None:
    rows = lines(desk)
    rows[5] = rows[5].replace(rows[5].split(";")[1], "okant-slag")
    cells = rows[7].split(";")
    cells[4] = "2020-01-01"
    rows[7] = ";".join(cells)
    rows[9] = rows[8]
    cells = rows[11].split(";")
    cells[3] = "igår"
    rows[11] = ";".join(cells)
    put(desk, rows)
    said = refused(desk)
    for place, value in (
        (f"{ARENDEN}, row 6, column arendeslag", "okant-slag"),
        (f"{ARENDEN}, row 8", "2020-01-01"),
        (f"{ARENDEN}, row 10, column arende_id", rows[8].split(";")[0]),
        (f"{ARENDEN}, row 12, column registrerad", "igår"),
    ):
        (told,) = [line for line in said.splitlines() if place in line]
        assert value in told


def test_a_missing_column(desk: Desk) -> None:
    rows = lines(desk)
    rows[0] = rows[0].replace("registrerad", "reg_datum")
    put(desk, rows)
    said = refused(desk)
    assert ARENDEN in said
    assert "registrerad" in said
    assert "reg_datum" in said


@pytest.mark.parametrize("content", [b"", b"\n", b"arende_id;arendeslag\n"])
def test_an_empty_file(desk: Desk, content: bytes) -> None:
    (desk.root / ARENDEN).write_bytes(content)
    assert ARENDEN in refused(desk)


def test_a_wrong_encoding(desk: Desk) -> None:
    rows = lines(desk)
    rows[3] = rows[3].replace("Avdelning nord", "Avdelning sjö")
    put(desk, rows, "cp1252")
    said = refused(desk)
    assert f"{ARENDEN}, row 4" in said
    assert "UTF-8" in said


def test_a_fact_that_does_not_exist(desk: Desk) -> None:
    name = "templates/delredovisning/v1/00-sammanfattning.md.j2"
    path = desk.root / name
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "\n{{ number('arendebalans.antl', 'alla', P.latest_end) }}\n", encoding="utf-8")
    said = refused(desk)
    assert f"{name}:{len(before.splitlines()) + 2}" in said
    assert "arendebalans.antal.alla.2025-12-31" in said


def test_a_typed_figure(desk: Desk) -> None:
    name = "templates/delredovisning/v1/01-uppdraget.md.j2"
    path = desk.root / name
    path.write_text(path.read_text(encoding="utf-8") + "\nDet kom in 312 ärenden.\n", encoding="utf-8")
    assert "typed-digit" in refused(desk)


def test_broken_yaml_names_file_and_line(desk: Desk) -> None:
    desk.edit("content/registers/risker.yaml", "rows:", "rows: [")
    said = refused(desk)
    assert "content/registers/risker.yaml:" in said
    assert "broken-yaml" in said


def test_pins_that_do_not_exist_are_told_together(desk: Desk) -> None:
    release = f"content/{RELEASE}/release.yaml"
    desk.edit(release, "template: delredovisning@v1", "template: delredovisning@v9")
    desk.edit(release, "arendebalans: v1", "arendebalans: v7")
    desk.edit(release, "contract: 1.0.0", "contract: 4.5.6")
    said = refused(desk)
    for pin in ("delredovisning@v9", "v7", "4.5.6"):
        assert pin in said
    assert "delredovisning@v1" in said  # what there is


def test_a_metric_file_outside_the_workspace(desk: Desk) -> None:
    desk.edit(f"content/{RELEASE}/release.yaml", "metrics/uppehall.csv", "../../../../uppehall.csv")
    assert "outside the workspace" in refused(desk)


def test_an_unknown_field_and_an_unknown_release(desk: Desk) -> None:
    desk.edit(f"content/{RELEASE}/release.yaml", "status: draft", "status: draft\nfarg: blå")
    assert "unknown-field" in refused(desk)
    done = desk.run("build", "delredovisning/2026-03")
    assert done.returncode == 1
    assert RELEASE in done.stderr


def test_wrong_usage_is_2(desk: Desk) -> None:
    assert desk.run("build").returncode == 2
    assert desk.run("bygg", RELEASE).returncode == 2


def test_no_workspace_is_told(tmp_path: Path) -> None:
    done = Desk(tmp_path).run("check")
    assert done.returncode == 1
    assert "content/workspace.yaml" in done.stderr
