"""YAML files: every fault with its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_builder.problems import Problem, ReportError
from report_builder.workspace.yamlfile import Model, parse, read


class Inner(Model):
    size: int


class Outer(Model):
    name: str
    parts: tuple[Inner, ...]


def faults(tmp_path: Path, text: str) -> list[Problem]:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as e:
        read(path, "content/a.yaml", Outer)
    return list(e.value.problems)


def test_every_fault_at_once_with_its_line(tmp_path: Path) -> None:
    found = faults(tmp_path, "nmae: x\nparts:\n  - size: 1\n  - size: stor\n    colour: blue\n")
    assert {(p.code, p.place.line if p.place else 0) for p in found} == {
        ("missing-field", 1),
        ("unknown-field", 1),
        ("bad-value", 4),
        ("unknown-field", 5),
    }


def test_broken_yaml_names_file_and_line(tmp_path: Path) -> None:
    (problem,) = faults(tmp_path, 'name: "x\nparts: [\n')
    assert (problem.code, problem.place and problem.place.file) == ("broken-yaml", "content/a.yaml")
    assert problem.place is not None
    assert problem.place.line


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty-file"), ("name: x\nname: y\nparts: []\n", "duplicate-key"), ("a: &a\n  b: *a\n", "too-deep")],
)
def test_other_faults(tmp_path: Path, text: str, code: str) -> None:
    assert [p.code for p in faults(tmp_path, text)] == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="does not exist"):
        parse(tmp_path / "none.yaml", "none.yaml")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=40))
def test_any_file_gives_data_or_problems(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    try:
        read(path, "a.yaml", Outer)
    except ReportError as e:
        assert all(p.place and p.message for p in e.problems)
