"""Words that readers see lie in catalogues: none is Swedish in Python, none is missing, none is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.catalogue import LANGUAGE, gettext, ngettext, read_messages, shipped, using

ENGINE = Path(__file__).resolve().parents[1] / "report_builder"
MODULES = {path.relative_to(ENGINE).as_posix(): path for path in sorted(ENGINE.rglob("*.py"))}
CALLS = {"gettext", "ngettext", "msgid", "words"}
"""Functions whose first argument is a message; ``ngettext`` and ``words`` may have the plural as their second."""

SWEDISH = re.compile(
    r"[åäöÅÄÖ]|\b(och|är|som|för|med|det|inte|till|från|av|eller|antal|andel|dagar|tabell|figur|medel|ska|rad|rader)\b"
)
IS_SWEDISH = "swedish/"
"""The room about the Swedish language itself: its numbers, dates and grammar."""

IS_AN_ID = re.compile(r"[a-z0-9]*(-[a-z0-9]+)+-?|rader")
"""The id of a fact, a table or a column: lower case and hyphens, never words that a reader meets; one is a word."""

STILL_IN_PYTHON = {
    "cli/",
    "example/",
    "facts/claims.py",
    "workspace/",
}
"""Rooms whose words have not moved to the catalogue yet."""


def messages() -> Iterator[tuple[str, str, str]]:
    """Context, message and module of everything that is said through the catalogue."""
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                context = next((k.value for k in node.keywords if k.arg == "context"), None)
                yield (ast.literal_eval(context) if context is not None else ""), first.value, module


def places(words: str) -> set[str]:
    """The named places of a message."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(tuple(STILL_IN_PYTHON))])
def test_no_swedish_stands_in_python(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [
        f"line {node.lineno}: {node.value[:80]!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        if not module.startswith(IS_SWEDISH) and SWEDISH.search(node.value) and not IS_AN_ID.fullmatch(node.value)
    ]
    assert not found, f"{module} has words that nobody can edit without Python:\n" + "\n".join(found)


def test_every_message_has_its_wording_and_every_wording_its_message() -> None:
    used = {(context, message) for context, message, _ in messages()}
    known = set(shipped(LANGUAGE).wordings)
    assert not used - known, "messages without a Swedish wording"
    assert not known - used, "wordings that nothing says"


def test_no_message_is_worded_twice() -> None:
    seen: dict[tuple[str, str], str] = {}
    for path in sorted((ENGINE / "locale" / LANGUAGE).glob("*.po")):
        for key in read_messages(path, LANGUAGE):
            assert key not in seen, f"{key} stands in {path.name} and {seen[key]}"
            seen[key] = path.name


def test_a_wording_fills_the_places_of_its_message() -> None:
    for (_, message), wording in shipped(LANGUAGE).wordings.items():
        for form in (wording,) if isinstance(wording, str) else wording:
            assert places(form) <= places(message) or isinstance(wording, tuple), f"{message!r}: {form!r}"


@given(st.text(), st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers()))
def test_a_message_without_a_wording_is_said_as_it_is(text: str, values: dict[str, int]) -> None:
    message = text.replace("{", "").replace("}", "") + "".join(f"{{{name}}}" for name in values)
    with using("en"):
        assert gettext(message, **values) == text.replace("{", "").replace("}", "") + "".join(map(str, values.values()))


def test_a_workspace_words_a_message_differently() -> None:
    own: dict[tuple[str, str], str | tuple[str, ...]] = {
        ("", "{count} row"): ("{count} post", "{count} poster"),
        ("head", "row"): "post",
    }
    with using(LANGUAGE, own):
        assert ngettext("{count} row", "{count} rows", 1, count=1) == "1 post"
        assert ngettext("{count} row", "{count} rows", 2, count=2) == "2 poster"
        assert gettext("row", context="head") == "post"
        assert gettext("row") == "row"
