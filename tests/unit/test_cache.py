"""The user's cache: what was kept comes back or is lost, and is never something else."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.workspace import cache
from report_builder.workspace.cache import NO_CACHE, Cache, key, user_cache

NAME = "a" * 64
cache.program()  # reads the program once, so that no example of a property does
parts = st.lists(st.one_of(st.text(), st.binary(), st.dictionaries(st.text(), st.text())), max_size=4)


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    return Cache(folder)


def entry(kept: Cache, kind: str = "charts", name: str = NAME) -> Path:
    assert kept.folder is not None
    return kept.folder / kind / name


def store(path: Path, content: bytes) -> None:
    """The bytes in a file that is closed to others, as entries are."""
    path.write_bytes(content)
    path.chmod(0o600)


def test_what_was_kept_comes_back(kept: Cache) -> None:
    kept.put("charts", NAME, b"<svg/>")
    kept.put("facts", NAME, b"")
    assert kept.get("charts", NAME) == b"<svg/>"
    assert kept.get("facts", NAME) == b""
    assert kept.get("charts", "b" * 64) is None


def test_an_entry_with_any_byte_altered_is_not_found(kept: Cache) -> None:
    kept.put("charts", NAME, b"<svg/>")
    whole = entry(kept).read_bytes()
    for i in range(len(whole)):
        store(entry(kept), whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :])
        assert kept.get("charts", NAME) is None
        assert not entry(kept).exists()
    for i in range(len(whole)):
        store(entry(kept), whole[:i])
        assert kept.get("charts", NAME) is None


def test_an_entry_under_another_name_or_kind_is_not_found(kept: Cache) -> None:
    kept.put("charts", NAME, b"<svg/>")
    entry(kept).rename(entry(kept, name="b" * 64))
    assert kept.get("charts", "b" * 64) is None
    kept.put("charts", NAME, b"<svg/>")
    entry(kept, "facts").parent.mkdir(mode=0o700)
    entry(kept).rename(entry(kept, "facts"))
    assert kept.get("facts", NAME) is None


def test_only_the_user_may_read(kept: Cache) -> None:
    kept.put("charts", NAME, b"<svg/>")
    assert stat.S_IMODE(entry(kept).stat().st_mode) == 0o600
    assert stat.S_IMODE(entry(kept).parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("which", ["cache", "charts"])
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o722])
def test_a_folder_that_others_can_write_to_is_left_alone(kept: Cache, which: str, mode: int) -> None:
    kept.put("charts", NAME, b"<svg/>")
    folder = entry(kept).parent if which == "charts" else entry(kept).parent.parent
    folder.chmod(mode)
    assert kept.get("charts", NAME) is None
    entry(kept).unlink()
    kept.put("charts", NAME, b"<svg/>")
    assert not entry(kept).exists()


@pytest.mark.parametrize("mode", [0o750, 0o705])
def test_a_folder_that_others_can_read_is_closed_to_them(kept: Cache, mode: int) -> None:
    kept.put("charts", NAME, b"<svg/>")
    entry(kept).parent.chmod(mode)
    assert kept.get("charts", NAME) == b"<svg/>"
    assert stat.S_IMODE(entry(kept).parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_an_entry_that_is_open_to_others_is_written_again(kept: Cache, mode: int) -> None:
    kept.put("charts", NAME, b"<svg/>")
    entry(kept).chmod(mode)
    assert kept.get("charts", NAME) is None
    kept.put("charts", NAME, b"<svg/>")
    assert kept.get("charts", NAME) == b"<svg/>"


def test_what_another_user_owns_is_left_alone(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.put("charts", NAME, b"<svg/>")
    owner = entry(kept).stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert kept.get("charts", NAME) is None


@pytest.mark.parametrize("which", ["entry", "kind"])
def test_a_link_is_not_followed(kept: Cache, tmp_path: Path, which: str) -> None:
    kept.put("charts", NAME, b"<svg/>")
    path = entry(kept) if which == "entry" else entry(kept).parent
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert kept.get("charts", NAME) is None


def test_the_users_folder_is_made_for_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    found = user_cache()
    assert found.folder == tmp_path / "caches" / "report-builder"
    assert stat.S_IMODE(found.folder.stat().st_mode) == 0o700
    found.folder.chmod(0o755)
    assert stat.S_IMODE(user_cache().folder.stat().st_mode) == 0o700  # type: ignore[union-attr]


def test_a_user_without_a_folder_for_it_has_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "caches").write_text("a file stands in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert user_cache() == NO_CACHE
    NO_CACHE.put("charts", NAME, b"<svg/>")
    assert NO_CACHE.get("charts", NAME) is None


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert user_cache() == NO_CACHE


def test_a_folder_that_leads_elsewhere_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "report-builder").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == NO_CACHE


def test_it_can_be_deleted_at_any_time(kept: Cache) -> None:
    kept.put("charts", NAME, b"<svg/>")
    assert kept.folder is not None
    entry(kept).unlink()
    entry(kept).parent.rmdir()
    kept.folder.rmdir()
    assert kept.get("charts", NAME) is None
    kept.put("charts", NAME, b"<svg/>")
    kept.tidy()


def test_its_size_is_bounded_and_what_was_used_last_stays(kept: Cache) -> None:
    for i, name in enumerate("abcd"):
        kept.put("charts", name * 64, bytes(1000))
        os.utime(entry(kept, name=name * 64), (i, i))
    assert kept.get("charts", "a" * 64) is not None  # used now
    kept.tidy(most=2500)
    left = {name for name in "abcd" if kept.get("charts", name * 64) is not None}
    assert left == {"a", "d"}


def test_what_a_killed_run_left_unfinished_goes(kept: Cache) -> None:
    kept.put("charts", NAME, b"<svg/>")
    for name, when in (("old.1.new", 0.0), ("young.1.new", None)):
        path = entry(kept, name=name)
        path.write_bytes(b"half")
        if when is not None:
            os.utime(path, (when, when))
    kept.tidy()
    assert sorted(p.name for p in entry(kept).parent.iterdir()) == [NAME, "young.1.new"]


def test_an_entry_beyond_bounds_is_not_kept(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST_ENTRY", 3)
    kept.put("charts", NAME, b"1234")
    assert kept.get("charts", NAME) is None


def test_several_at_once_see_a_whole_entry_or_none(kept: Cache) -> None:
    contents = [bytes([i]) * 200_000 for i in range(8)]

    def write_and_read(content: bytes) -> bool:
        kept.put("charts", NAME, content)
        return kept.get("charts", NAME) in {None, *contents}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write_and_read, contents * 5))


@given(parts, parts)
def test_different_parts_have_different_keys(one: list[str | bytes], other: list[str | bytes]) -> None:
    assert (key(*one) == key(*other)) == (list(map(_typed, one)) == list(map(_typed, other)))


def _typed(part: object) -> tuple[str, object]:
    return type(part).__name__, part


def test_a_path_stands_for_what_its_file_holds(tmp_path: Path) -> None:
    file, same, other = (tmp_path / name for name in ("a", "b", "c"))
    assert key(file) == key(same) != key(b"none")
    file.write_bytes(b"x")
    same.write_bytes(b"x")
    other.write_bytes(b"y")
    assert key(file) == key(same) != key(other)
    assert key(file) != key(b"x")


def test_another_program_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key("x")
    monkeypatch.setattr(cache, "program", lambda: "another")
    assert key("x") != before
