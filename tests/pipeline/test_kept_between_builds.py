"""What builds keep for each other: it changes no byte, whatever is done to it, and belongs to what it was made of."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from workspaces import RELEASE, Desk

from report_builder import pipeline
from report_builder.output import rendering
from report_builder.output.earlier_release import kept_or
from report_builder.output.plan import own_inputs_of, read_plan
from report_builder.revisions.version import Version
from report_builder.verbs.build import build
from report_builder.workspace.cache import Cache
from report_builder.workspace.workspace import Workspace

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
    assert {path.parent.name for path in whole} >= {"charts", "fonts"}
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
        return pipeline.untold(pipeline.basis_of(plan))

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
    pipeline.untold(pipeline.basis_of(dataclasses.replace(plan)))
    read = {Path(name).resolve() for name in opened if name}
    assert {path for path in read if path.is_relative_to(desk.root)} <= inputs
