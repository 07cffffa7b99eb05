"""What builds keep for each other: it changes no byte, whatever is done to it, and belongs to what it was made of."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from workspaces import PROJECT, RELEASE, Desk, small_workspace

from report_builder import pipeline
from report_builder.facts.fact import Fact, FactSet, fact_id
from report_builder.methods.release_facts import ReleaseFacts
from report_builder.methods.tally import MethodTally, Tally
from report_builder.narrative.axes import Step
from report_builder.narrative.book import Coordinates
from report_builder.narrative.charts.alt_text import Series
from report_builder.narrative.charts.specification import specification
from report_builder.narrative.charts.style import style_of
from report_builder.output import rendering
from report_builder.output.earlier_release import kept_or
from report_builder.output.kept_measurements import Measurements, measured_or
from report_builder.output.plan import Plan, own_inputs_of, read_plan
from report_builder.periods import Period
from report_builder.revisions.version import Version
from report_builder.verbs.build import build
from report_builder.workspace.cache import Cache
from report_builder.workspace.workspace import AuthorityModel, Workspace

NOTHING = Measurements(deliveries=(), release_facts=ReleaseFacts(facts=FactSet([])), noticed=(), pages={})
STYLE = style_of(AuthorityModel(name="A", short="A", web="a.se", primary="#00559b", accent="#a8440a"))
PAGE = f"{RELEASE.replace('/', '-')}.html"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A cache folder."""
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o700)
    return folder


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def only_html(desk: Desk, kept: Path, *, fresh: bool = False) -> bytes:
    build(Workspace(desk.root, cache=Cache(kept)), RELEASE, only=["html"], fresh=fresh)
    return (desk.output.with_name("2026-02.only") / PAGE).read_bytes()


def test_one_edition_alone_has_the_bytes_of_a_build_and_lies_beside_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    done = desk.run("build", RELEASE, "--only", "html,epub")
    assert done.returncode == 2
    assert "epub" in done.stderr
    done = desk.run("build", RELEASE, "--only", "html")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in desk.output.with_name("2026-02.only").iterdir()] == [PAGE]
    assert not desk.output.exists()
    assert entries(tmp_path / "caches" / "report-builder")
    plan = read_plan(Workspace(desk.root), RELEASE)
    document = pipeline.write_from(pipeline.basis_of(plan)).document
    assert (desk.output.with_name("2026-02.only") / PAGE).read_bytes() == rendering.html(plan, document)


def test_altered_swapped_and_lost_entries_change_no_byte_and_a_fresh_build_uses_none(desk: Desk, kept: Path) -> None:
    page = only_html(desk, kept, fresh=True)
    assert not entries(kept)
    assert only_html(desk, kept) == page
    whole = entries(kept)
    assert {path.parent.name for path in whole} >= {"charts", "fonts", "measurements", "specifications"}
    for path in whole:
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    for folder in (path for path in kept.iterdir() if path.is_dir()):
        first, *others = entries(folder)
        if others:
            others[0].write_bytes(first.read_bytes())
    assert only_html(desk, kept) == page
    before = {path: path.read_bytes() for path in entries(kept)}
    assert only_html(desk, kept, fresh=True) == page
    assert {path: path.read_bytes() for path in entries(kept)} == before


def written(desk: Desk, calls: list[str], kept: Path) -> Version:
    plan = read_plan(Workspace(desk.root, cache=Cache(kept)), RELEASE)

    def write() -> Version:
        calls.append(plan.release.id)
        return pipeline.version_to_compare(pipeline.basis_of(plan))

    return kept_or(plan, write)


def test_a_release_is_kept_under_all_that_it_is_written_from(desk: Desk, kept: Path) -> None:
    calls: list[str] = []
    first = written(desk, calls, kept)
    again = written(desk, calls, kept)
    assert calls == [RELEASE]
    assert again.document == first.document
    assert again.inputs == first.inputs
    values = {fact.id: (fact.value, fact.status, fact.unit, fact.method) for fact in first.facts}
    assert {fact.id: (fact.value, fact.status, fact.unit, fact.method) for fact in again.facts} == values
    (desk.root / "content" / "remark.txt").write_text("not an input", encoding="utf-8")
    written(desk, calls, kept)
    assert calls == [RELEASE]
    for number, entry in enumerate(own_inputs_of(read_plan(Workspace(desk.root), RELEASE)), start=2):
        if entry.path.suffix in {".md", ".yaml"} and entry.path.is_relative_to(desk.root / "content"):
            entry.path.write_text(f"{entry.path.read_text(encoding='utf-8')}\n", encoding="utf-8")
            written(desk, calls, kept)
            assert len(calls) == 2, f"{entry.name} changed and the kept release was used, number {number}"
            break


def test_a_kept_release_that_cannot_be_read_is_written_again(desk: Desk, kept: Path) -> None:
    calls: list[str] = []
    first = written(desk, calls, kept)
    (path,) = entries(kept / "releases")
    for content in (b"", b"[]", b'{"document": "{}", "facts": ""}', b'{"document": 1}'):
        Cache(kept).put("releases", path.name, content)
        plan = read_plan(Workspace(desk.root, cache=Cache(kept)), RELEASE)
        assert kept_or(plan, lambda: first) is first


_OPENED: list[str] = []
_WATCHING = False


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _WATCHING and event == "open" and isinstance(arguments[0], str):
        _OPENED.append(arguments[0])


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The files that Python opens while the test runs."""
    global _WATCHING  # noqa: PLW0603 -- an audit hook stays for good, so it is switched
    if not _OPENED:
        sys.addaudithook(_note)
        _OPENED.append("")
    _WATCHING = True
    yield _OPENED
    _WATCHING = False


def test_a_document_is_written_from_its_inputs_and_no_other_file(desk: Desk, opened: list[str]) -> None:
    """Else an entry could be found under a key that does not hold all that it was made of."""
    plan = read_plan(Workspace(desk.root), RELEASE)
    inputs = {entry.path.resolve() for entry in own_inputs_of(plan)}
    opened.clear()
    pipeline.version_to_compare(pipeline.basis_of(dataclasses.replace(plan)))
    read = {Path(name).resolve() for name in opened if name}
    assert {path for path in read if path.is_relative_to(desk.root)} <= inputs


def never() -> Measurements:
    raise AssertionError("it was measured again")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Measurements]:
    """The plan and the measurements of a release with a bridge over a change."""
    desk = small_workspace(tmp_path_factory.mktemp("measured") / "workspace")
    overlay = PROJECT / "tests" / "workspaces" / "metodbyte" / "content"
    shutil.copytree(overlay, desk.root / "content", dirs_exist_ok=True)
    desk.edit(f"content/{RELEASE}/release.yaml", "handlaggningstid: v1", "handlaggningstid: v2")
    plan = read_plan(Workspace(desk.root), RELEASE)
    return plan, pipeline.measurements_of(plan)


def with_cache(plan: Plan, kept: Path) -> Plan:
    return dataclasses.replace(plan, workspace=Workspace(plan.workspace.root, cache=Cache(kept)))


def test_kept_measurements_are_those_that_were_computed(measured: tuple[Plan, Measurements], kept: Path) -> None:
    plan, first = with_cache(measured[0], kept), measured[1]
    assert measured_or(plan, lambda: first) is first
    again = measured_or(plan, never)
    assert again.deliveries == tuple(dataclasses.replace(delivery, tables={}) for delivery in first.deliveries)
    assert any(group.counts for delivery in again.deliveries for file in delivery.quality for group in file.groups)
    assert list(again.release_facts.facts) == list(first.release_facts.facts)
    assert first.release_facts.bridges
    assert again.release_facts.bridges == first.release_facts.bridges
    assert again.release_facts.tallies == first.release_facts.tallies
    assert list(again.release_facts.tallies) == list(first.release_facts.tallies)
    assert again.release_facts.tallies["handlaggningstid"].whole["psl"].outside["unheard of"] == 0
    assert (again.noticed, again.pages) == (first.noticed, first.pages)


@pytest.mark.parametrize("value", [None, "arende"])
def test_a_tally_comes_back_with_values_that_nothing_lists(desk: Desk, kept: Path, value: str | None) -> None:
    plan = read_plan(Workspace(desk.root, cache=Cache(kept)), RELEASE)
    tally = Tally(rows=3, unlisted=2)
    tally.outside["chosen"] = 1
    of = MethodTally(whole={"psl": tally}, parts={"": {"psl": tally}}, unlisted={value: (2, 7)}, no_part={"": (1, 9)})
    found = dataclasses.replace(NOTHING.release_facts, tallies={"m": of})
    measured_or(plan, lambda: dataclasses.replace(NOTHING, release_facts=found))
    assert measured_or(plan, never).release_facts.tallies == {"m": of}


def test_kept_measurements_are_lost_when_they_cannot_be_read(measured: tuple[Plan, Measurements], kept: Path) -> None:
    plan, first = with_cache(measured[0], kept), measured[1]
    measured_or(plan, lambda: first)
    (path,) = entries(kept / "measurements")
    whole = Cache(kept).get("measurements", path.name)
    assert whole is not None
    strange = whole.replace(first.release_facts.bridges[0].change.id.encode(), b"unheard-of")
    for content in (b"", b"[]", b"{}", whole[:-1], whole.replace(b'"facts":[', b'"facts":[7,', 1), strange, b"\xff"):
        Cache(kept).put("measurements", path.name, content)
        assert measured_or(plan, lambda: first) is first
    assert Cache(kept).get("measurements", path.name) == whole


def test_measurements_are_kept_under_all_that_they_are_made_of_and_no_prose(desk: Desk, kept: Path) -> None:
    """Each file is changed by itself: the measurements of before are used where it is prose, and nowhere else."""
    plan = read_plan(Workspace(desk.root, cache=Cache(kept)), RELEASE)

    def computed() -> bool:
        calls: list[int] = []
        measured_or(plan, lambda: calls.append(1) or NOTHING)
        return bool(calls)

    assert computed()
    assert not computed()
    seen = set()
    for entry in own_inputs_of(plan):
        if entry.path.is_relative_to(desk.root):
            whole = entry.path.read_bytes()
            entry.path.write_bytes(whole + b"\n")
            assert computed() == (entry.role not in {"section", "template", "edition"}), entry.name
            entry.path.write_bytes(whole)
            seen.add(entry.role)
    assert {"release", "workspace", "contract", "metrics", "method", "register", "section", "template"} <= seen
    assert not computed()


def test_wordings_of_the_authority_are_part_of_what_is_kept(desk: Desk, kept: Path) -> None:
    """Validation pages and remarks are worded by them."""
    plan = read_plan(Workspace(desk.root, cache=Cache(kept)), RELEASE)
    measured_or(plan, lambda: NOTHING)
    template = dataclasses.replace(plan.template, wordings={("", "Example data"): "Provdata"})
    calls: list[int] = []
    measured_or(dataclasses.replace(plan, template=template), lambda: calls.append(1) or NOTHING)
    assert calls


def test_a_kept_chart_is_the_one_that_was_worked_out(kept: Path) -> None:
    years = [Period(str(year)) for year in (2023, 2024, 2025)]
    steps = [Step(label=year.name, at=Coordinates(period=year)) for year in years]
    facts = tuple(
        Fact(id=fact_id("m", "s", "c", year), measure="m", statistic="s", case_type="c", period=year, value=value,
             unit="antal", decimals=0, method="m@v1")
        for year, value in zip(years, (Decimal("1.5"), None, Decimal(3)), strict=True)
    )  # fmt: skip
    series = [Series(label="Ärenden", facts=facts)]
    new = specification("line", steps, series, "Antal", STYLE)
    assert specification("line", steps, series, "Antal", STYLE, cache=Cache(kept)) == new
    (path,) = entries(kept)
    roads = (Cache(kept.joinpath(*("..", kept.name) * n)) for n in range(1, 9))  # this process knows none of them yet
    again = specification("line", steps, series, "Antal", STYLE, cache=next(roads))
    assert json.dumps(again) == json.dumps(new), "the order of the parts is part of an output"
    for content in (b"[]", b"", b"{", b"7", b"\xff"):
        Cache(kept).put("specifications", path.name, content)
        assert specification("line", steps, series, "Antal", STYLE, cache=next(roads)) == new
    specification("line", steps, series, "Dagar", STYLE, cache=Cache(kept))
    assert len(entries(kept)) == 2
