"""The documentation speaks of what is there: links, files, verbs, options, targets of the Makefile, hooks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
import yaml

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("docs/decisions/*.md")])
TODAY = [path for path in DOCUMENTS if path.parent.name != "decisions" and path.name != "CHANGELOG.md"]
"""What describes the program as it is; a decision or a changelog describes its own day."""

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:report_builder|tests|docs|\.ci|content|templates|data_contracts)/[\w./-]*\w")
_NOT_YET = ("content/delredovisning/2026-08", "content/ledger", "templates/editions", "templates/shared")
"""Places that a reader is told to make."""


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(PROJECT).as_posix() for path in paths]


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = [a or b for a, b in _LINK.findall(text)]
    inside = [t.partition("#")[0] for t in targets if not re.match(r"[a-z]+:|#", t)]
    assert not [t for t in inside if not (document.parent / t).exists()]


@pytest.mark.parametrize("document", TODAY, ids=names(TODAY))
def test_files_that_are_named_exist(document: Path) -> None:
    named = [word for code in _CODE.findall(document.read_text(encoding="utf-8")) for word in code.split()]
    paths = {word for word in named if _PATH.fullmatch(word.rstrip("/")) and not word.startswith(_NOT_YET)}
    assert not sorted(p for p in paths if not (PROJECT / p).exists())


def commands() -> dict[str, set[str]]:
    """Every verb of the command line, and of its groups, with its options."""
    from report_builder.cli.main import app

    program = typer.main.get_command(app)
    found = {"": {name for p in program.params for name in p.opts}}
    for name, verb in program.commands.items():
        below = getattr(verb, "commands", {})
        found[name] = {option for p in verb.params for option in p.opts}
        found |= {f"{name} {n}": {option for p in v.params for option in p.opts} for n, v in below.items()}
    return found


KNOWN = commands()


def test_the_readme_names_every_verb() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `")]
    named = {word.split()[0] for row in rows for word in _CODE.findall(row.split("|")[1])}
    assert {verb for verb in KNOWN if verb and " " not in verb} <= named


@pytest.mark.parametrize("document", TODAY, ids=names(TODAY))
def test_commands_are_written_as_they_are_called(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for line in re.findall(r"report-builder ([^`\n|#]+)", text):
        words = re.sub(r"^(--log|--workspace) \S+ ", "", line.strip()).split()
        if not words or not re.fullmatch(r"[a-z-]+", words[0]) or words[0].startswith("--"):
            continue
        verb = next((v for v in (" ".join(words[:2]), words[0]) if v in KNOWN), None)
        if verb is None and not re.match(r"[a-z]", words[0]):
            continue
        assert verb is not None, f"{document.name}: report-builder {line}"
        options = {word for word in words if word.startswith("--") and len(word) > 2}
        assert not {o.rstrip(".,:;)") for o in options} - KNOWN[verb], f"{document.name}: report-builder {line}"


def test_targets_of_the_makefile_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in TODAY:
        used = {
            code.split()[1] for code in _CODE.findall(document.read_text(encoding="utf-8")) if code.startswith("make ")
        }
        assert used <= targets, document.name


def test_hooks_are_programs_of_this_project() -> None:
    config = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        assert hook["entry"].startswith((".venv/bin/python -m ", ".venv/bin/report-builder ")), hook["id"]
        named = [word for word in hook["entry"].split() if word.startswith("tests/")]
        assert all((PROJECT / name).exists() for name in named), hook["id"]
        re.compile(hook.get("files", ""))
