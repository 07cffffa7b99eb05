"""Files that are saved, seen by looking: in real folders, in every way that an editor saves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Timer

import pytest

from report_builder.workspace.watch import Watch
from report_builder.workspace.workspace import is_content


def waited(watch: Watch) -> list[str]:
    """The names of the files that are told of next."""
    found = watch.wait(Event())
    assert found is not None
    return [path.name for path in found.paths]


def _renames(folder: Path) -> None:
    (folder / "b").write_text("new", encoding="utf-8")
    (folder / "b").replace(folder / "a")


def _deletes_and_writes(folder: Path) -> None:
    (folder / "a").unlink()
    (folder / "a").write_text("old", encoding="utf-8")


WAYS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "written": (lambda folder: (folder / "a").write_text("new", encoding="utf-8"), ["a"]),
    "renamed": (_renames, ["a"]),
    "deleted": (lambda folder: (folder / "a").unlink(), ["a"]),
    "deleted and written": (_deletes_and_writes, ["a"]),
    "new": (lambda folder: (folder / "below" / "c").write_text("", encoding="utf-8"), ["c"]),
    "folder renamed": (lambda folder: (folder / "below").rename(folder / "above"), ["d", "d"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_saving_is_seen(tmp_path: Path, way: str) -> None:
    (tmp_path / "below").mkdir()
    for name in ("a", "below/d"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    save, names = WAYS[way]
    watch = Watch([tmp_path])
    save(tmp_path)
    assert waited(watch) == names


def test_what_is_saved_bit_by_bit_is_told_once(tmp_path: Path) -> None:
    watch = Watch([tmp_path])
    for i in range(4):
        Timer(0.03 * i, (tmp_path / f"{i}").touch).start()
    assert waited(watch) == ["0", "1", "2", "3"]


def test_what_lies_elsewhere_is_watched_when_named(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out" / "data.csv"
    inside.mkdir()
    outside.parent.mkdir()
    outside.write_text("1", encoding="utf-8")
    watch = Watch([inside])
    watch.elsewhere([outside, inside / "a"])
    outside.write_text("12", encoding="utf-8")
    assert waited(watch) == ["data.csv"]
    (inside / "a").touch()
    assert waited(watch) == ["a"]


def test_an_editors_own_files_do_not_count(tmp_path: Path) -> None:
    watch = Watch([tmp_path], is_content)
    for name in (".text.md.swp", ".text.md.swx", "text.md~", ".#text.md", "#text.md#", "4913", ".DS_Store"):
        (tmp_path / name).touch()
    (tmp_path / "text.md").touch()
    (tmp_path / "text.swift").touch()
    assert waited(watch) == ["text.md", "text.swift"]


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = Event()
    Timer(0.1, stop.set).start()
    assert Watch([tmp_path, tmp_path / "no such folder"]).wait(stop) is None
