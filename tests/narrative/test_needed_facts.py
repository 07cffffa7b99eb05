"""What a template says it needs: the release gives it, the prose uses it, and uses nothing else."""

import pytest
from scenes import Scene

TEMPLATE = "templates/delredovisning/v1/template.yaml"
LISTED = "  - arendebalans.antal\n"


def _line(scene: Scene, words: str) -> str:
    lines = (scene.root / TEMPLATE).read_text(encoding="utf-8").splitlines()
    return f"{TEMPLATE}:{next(i for i, line in enumerate(lines, 1) if words in line)}"


def test_a_fact_that_no_method_gives_stops(scene: Scene) -> None:
    scene.edit(TEMPLATE, LISTED, f"{LISTED}  - arendebalans.anntal\n")
    found = {p.code: p for p in scene.faults()}
    assert str(found["unprovided-fact"].place) == _line(scene, "anntal")
    assert "arendebalans.antal" in found["unprovided-fact"].hint
    done = scene.desk.run("check")
    assert done.returncode == 1
    assert "unprovided-fact" in done.stderr


def test_a_fact_that_is_used_and_not_listed_stops_where_it_is_used(scene: Scene) -> None:
    scene.edit(TEMPLATE, LISTED, "")
    (fault,) = scene.faults()
    assert (fault.code, fault.value) == ("unlisted-fact", "arendebalans.antal")
    assert fault.place is not None
    assert fault.place.file.startswith("templates/delredovisning/v1/")


@pytest.mark.parametrize(("new", "codes"), [("  - arendebalans.*\n", []), ("", [])])
def test_a_pattern_stands_for_all_of_a_measure(scene: Scene, new: str, codes: list[str]) -> None:
    scene.edit(TEMPLATE, LISTED, new or LISTED)
    assert [p.code for p in scene.warnings() if p.code.endswith("-fact")] == codes


def test_a_fact_that_is_listed_and_not_used_warns(scene: Scene) -> None:
    scene.edit(TEMPLATE, LISTED, f"{LISTED}  - publicerat.handlaggningstid-p75\n")
    (warning,) = [p for p in scene.warnings() if p.code == "unused-fact"]
    assert str(warning.place) == _line(scene, "p75")
