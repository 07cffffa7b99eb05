"""A manifest of any shape is a manifest or is told to be none; its paths stay in the folder that it describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.packages.manifest import InputFile, Manifest, read_manifest, write_manifest
from report_builder.problems import Place, ReportError

PLACE = Place(file="manifest.json")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("manifest") / "a.csv"
    path.write_bytes(b"a")
    inputs = [InputFile(role="metrics", version="a@1", name="content/a/../a.csv", path=path)]
    content: dict[str, Any] = json.loads(write_manifest("slag/1", "final", inputs, {"a.pdf": b"1"}))
    about = {"name": "slag-1-v1", "version": 1, "published": "2026-01-01", "compared_with": None, "about": {}}
    return {**content, "bundle": about}


def read(content: object) -> Manifest | str:
    """The manifest, or the code of the fault."""
    try:
        return read_manifest(json.dumps(content).encode(), PLACE)
    except ReportError as e:
        (problem,) = e.problems
        assert problem.hint
        return problem.code


def places(content: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to everything in the content."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [at, *(way for key, value in inner for way in places(value, (*at, key)))]


def put(content: Any, way: tuple[str | int, ...], value: object) -> Any:
    if not way:
        return value
    copy = dict(content) if isinstance(content, dict) else list(content)
    copy[way[0]] = put(content[way[0]], way[1:], value)
    return copy


def test_what_was_written_is_read(manifest: dict[str, Any]) -> None:
    found = read(manifest)
    assert isinstance(found, Manifest)
    assert found.bundle is not None
    assert found.sums.keys() == {"a.pdf"}


@given(data=st.data())
def test_anything_in_any_place_is_read_or_refused(manifest: dict[str, Any], data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(places(manifest)))
    found = read(put(manifest, way, data.draw(JSON)))
    assert isinstance(found, Manifest) or found in {"bad-manifest", "unknown-format", "unsafe-path"}


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[" * 100_000, b"null", b'"a"', b"[]", b"{}", b"NaN", b'{"format": 1}']
)
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(ReportError):
        read_manifest(data, PLACE)


@pytest.mark.parametrize("file", ["../a", "a/../../b", "/etc/passwd", "..", "C:/a", "a\\..\\..\\b", "a/\0"])
@pytest.mark.parametrize("where", ["inputs", "outputs"])
def test_a_path_that_leads_out_is_refused(manifest: dict[str, Any], where: str, file: str) -> None:
    assert read(put(manifest, (where, 0, "file"), file)) == "unsafe-path"


def test_a_bundle_on_the_disk_is_refused_too(manifest: dict[str, Any], tmp_path: Path) -> None:
    from report_builder.packages.bundles import open_output

    for name in ("document.json", "facts.csv"):
        (tmp_path / name).write_bytes(b"")
    content = {k: v for k, v in put(manifest, ("inputs", 0, "file"), "../../a").items() if k != "bundle"}
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReportError, match="leads out of the folder"):
        open_output(tmp_path)
