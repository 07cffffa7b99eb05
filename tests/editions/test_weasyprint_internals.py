"""WeasyPrint's inside: one room depends on it, for one version, puts everything back, and a page explains it all."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pydyf
import pytest
import weasyprint.pdf
from weasyprint.layout import inline
from weasyprint.pdf.stream import Stream
from weasyprint.text.line_break import Layout

import report_builder
from report_builder.editions import Resources
from report_builder.editions.elements import el
from report_builder.editions.pdf import render
from report_builder.editions.weasyprint_internals.layout import line_breaks_before_elements, parsed, shared_lines
from report_builder.editions.weasyprint_internals.replacing import KNOWN
from report_builder.editions.weasyprint_internals.writing import clear_stream_ends, own_tags
from report_builder.problems import ReportError

ROOM = "editions/weasyprint_internals/"
PUBLIC = {
    "weasyprint": {"CSS", "urls"},
    "weasyprint.text.fonts": {"FontConfiguration"},
}
"""What WeasyPrint's own documentation offers and other modules use of it."""

REPLACED: dict[str, tuple[Any, str]] = {
    "weasyprint.layout.inline.split_first_line": (inline, "split_first_line"),
    "weasyprint.pdf.stream.Stream.marked": (Stream, "marked"),
    "weasyprint.pdf.add_tags": (weasyprint.pdf, "add_tags"),
    "weasyprint.text.line_break.Layout.setup": (Layout, "setup"),
    "weasyprint.text.line_break.Layout.deactivate": (Layout, "deactivate"),
    "weasyprint.text.line_break.Layout.reactivate": (Layout, "reactivate"),
    "pydyf.Stream.data": (pydyf.Stream, "data"),
}

BLOCKS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "line_breaks_before_elements": line_breaks_before_elements,
    "shared_lines": shared_lines,
    "own_tags": lambda: own_tags({}, lambda _: None, lambda *_: None),
    "clear_stream_ends": clear_stream_ends,
}
"""Every context manager of the room that replaces something."""


def in_place() -> dict[str, Any]:
    return {name: vars(owner)[attribute] for name, (owner, attribute) in REPLACED.items()}


def page() -> str:
    path = Path(__file__).resolve().parents[2] / "docs" / "upgrading-weasyprint.md"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("block", BLOCKS)
def test_what_is_replaced_is_put_back_even_after_a_fault(block: str) -> None:
    before = in_place()
    with pytest.raises(KeyError), BLOCKS[block]():
        assert in_place() != before
        raise KeyError
    assert in_place() == before


@pytest.mark.parametrize("library", KNOWN)
@pytest.mark.parametrize("block", BLOCKS)
def test_another_version_is_refused_before_anything_is_replaced(
    block: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_place()
    monkeypatch.setitem(KNOWN, library, "0.1")
    with pytest.raises(ReportError) as caught, BLOCKS[block]():
        pytest.fail("went on with another version")
    assert in_place() == before
    assert [problem.code for problem in caught.value.problems] == ["unknown-renderer"]
    assert "docs/upgrading-weasyprint.md" in caught.value.problems[0].hint


def test_a_tree_is_not_taken_as_parsed_by_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KNOWN, "weasyprint", "0.1")
    with pytest.raises(ReportError):
        parsed(el("html"), None)


def test_a_whole_pdf_leaves_the_libraries_as_they_were(resources: Resources, small_document: Any) -> None:
    before = in_place()
    assert render(small_document, resources).startswith(b"%PDF")
    assert in_place() == before


def test_no_other_room_knows_the_inside() -> None:
    engine = Path(report_builder.__file__).parent
    for path in sorted(engine.rglob("*.py")):
        if (name := path.relative_to(engine).as_posix()).startswith(ROOM):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                inside = [a.name for a in node.names if a.name.startswith("weasyprint.")]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "weasyprint":
                inside = [a.name for a in node.names if a.name not in PUBLIC.get(node.module or "", ())]
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "weasyprint":
                inside = [node.attr] if node.attr not in PUBLIC["weasyprint"] else []
            else:
                continue
            assert not inside, f"{name}, line {node.lineno}, uses {inside} of WeasyPrint"


def test_the_page_names_every_replacement_and_a_test_that_exists() -> None:
    text = page()
    for name in (*REPLACED, *(f"{library} {version}" for library, version in KNOWN.items())):
        assert name in text, f"docs/upgrading-weasyprint.md does not name {name}"
    tests = Path(__file__).resolve().parents[1]
    named = re.findall(r"`(\w+/test_\w+\.py)::(test_\w+)`", text)
    assert len(named) >= len(REPLACED)
    for file, test in named:
        assert f"def {test}(" in (tests / file).read_text(encoding="utf-8"), f"there is no {test} in {file}"
