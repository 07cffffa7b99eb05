"""The house, as a test: imports go down only, the engine knows no authority, and the tree names no machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
ENGINE = PROJECT / "report_builder"

LAYERS = (
    {"cli"},
    {"verbs"},
    {"pipeline", "verifying"},
    {"publishing"},
    {"output"},
    {"narrative", "editions", "revisions"},
    {"contracts", "methods", "example"},
    {"deliveries"},
    {"facts"},
    {"document", "workspace", "packages"},
    {"swedish"},
    {"allowance", "catalogue", "problems", "periods", "spreadsheet"},
)
"""Rooms, from the door down. A room imports from the layers below its own and from nothing else ..."""

NEIGHBOURS = {("periods", "problems"), ("allowance", "problems")}
"""... but for these: the first room of a pair may use the second, which lies in the same layer."""

BESIDE_THE_ROOMS = {"pipeline", "allowance", "periods", "problems", "spreadsheet", "catalogue"}
"""The only modules that lie in no room: the path itself, and what every room may use."""

HEAVY = {
    "altair",
    "cryptography",
    "docx",
    "duckdb",
    "fontTools",
    "ibis",
    "lxml",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
} | {
    "pydyf",
    "pypdf",
    "vl_convert",
    "weasyprint",
}
OUTERMOST = "cli.main"
"""Whatever goes wrong unforeseen becomes exit code 3 here, and nowhere else is a broad ``except`` allowed."""

AUTHORITYS_WORDS = re.compile(
    r"\bivo\b|inspektionen|\bpsl\b|\bhsp\b|lex[ _-]?sarah|lex[ _-]?maria|till?st[aå]nd|patients[aä]kerhet"
    r"|frekvenstillsyn|ej[ _-]verkst[aä]llda|egeninitierad|delredovisning|slutredovisning|periodisk rapport",
    re.IGNORECASE,
)
REGISTRY_HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|(deb|security)\.debian\.org")
MACHINE_PATHS = re.compile(r"(?<![\w./~-])/(home|Users|root|work|tmp|opt)/\w|[A-Z]:\\\\?Users")


def module_name(path: Path) -> str:
    """``report_builder/document/nodes.py`` as ``document.nodes``; the package itself as the empty string."""
    parts = path.relative_to(ENGINE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(ENGINE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def room(module: str) -> str:
    """The room that a module belongs to: the first part of its name."""
    return module.partition(".")[0]


def imported(node: ast.AST, importer: str) -> Iterator[str]:
    """Full names of what an import statement imports; ``from a import b`` is ``a.b`` where b is a module of ours."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{importer}: relative import on line {node.lineno}"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner.removeprefix("report_builder.") in MODULES else str(node.module)


def engine_imports(importer: str) -> set[str]:
    """Modules of the engine that ``importer`` names anywhere: at the top, inside functions, for type checking."""
    names = {name for node in ast.walk(TREES[importer]) for name in imported(node, importer)}
    inside = {name.removeprefix("report_builder.") for name in names if name.startswith("report_builder.")}
    return {name for name in inside if name in MODULES} - {importer}


def imports_when_loaded(importer: str) -> set[str]:
    """Full names that are imported as soon as ``importer`` is: not in functions, not for type checking."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(TREES[importer].body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        found.update(imported(node, importer))
        waiting.extend(ast.iter_child_nodes(node))
    return found


def loaded_with(start: str) -> set[str]:
    """Modules of the engine that are loaded when ``start`` is, the packages around them too."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module in found or module not in MODULES:
            continue
        found.add(module)
        names = (n.removeprefix("report_builder.") for n in imports_when_loaded(module))
        waiting.extend(names)
        waiting.append(module.rpartition(".")[0])
    return found


@pytest.mark.parametrize("module", [name for name in MODULES if name])
def test_imports_go_down(module: str) -> None:
    height = {name: -i for i, names in enumerate(LAYERS) for name in names}
    assert room(module) in height, f"the room {room(module)} has no place in LAYERS"
    for other in sorted({room(name) for name in engine_imports(module)} - {room(module), ""}):
        downward = height[other] < height[room(module)]
        assert downward or (room(module), other) in NEIGHBOURS, f"{module} imports {other}: upward or sideways"


def test_nothing_but_rooms_and_what_all_rooms_use() -> None:
    assert {name for name in MODULES if name and MODULES[name].parent == ENGINE} == BESIDE_THE_ROOMS


def test_no_circle() -> None:
    graph = {module: engine_imports(module) for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as e:
        pytest.fail(f"a circle of imports: {' → '.join(reversed(e.args[1]))}")


def test_help_loads_nothing_heavy() -> None:
    for module in sorted(loaded_with("cli.main")):
        heavy = {name.partition(".")[0] for name in imports_when_loaded(module)} & HEAVY
        assert not heavy, f"{module} imports {heavy} at its top and is loaded by the command line"


def test_help_as_run_loads_nothing_heavy() -> None:
    code = (
        "import atexit, sys; from report_builder.cli.main import main; sys.argv = ['report-builder', '--help']\n"
        f"atexit.register(lambda: print('loaded:', *sorted({HEAVY!r} & set(sys.modules))))\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.splitlines()[-1].strip() == "loaded:"
    assert "build" in done.stdout


@pytest.mark.parametrize("module", MODULES)
def test_the_engine_knows_no_authority(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").splitlines()
    found = [f"line {n}: {line.strip()}" for n, line in enumerate(lines, 1) if AUTHORITYS_WORDS.search(line)]
    assert not found, "words of the workspace in the engine:\n" + "\n".join(found)


@pytest.mark.parametrize("module", MODULES)
def test_no_fault_is_caught_that_is_not_named(module: str) -> None:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ExceptHandler):
            caught = "everything" if node.type is None else ast.unparse(node.type)
            broad = re.search(r"\b(everything|Exception|BaseException)\b", caught)
            assert not broad or module == OUTERMOST, f"{module}, line {node.lineno}: except {caught}"


def tracked_files() -> list[Path]:
    """Files under version control that still stand in the tree."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT).stdout
    return [path for name in listed.split("\0") if name and (path := PROJECT / name).is_file()]


def test_the_tree_names_no_registry_and_no_machine() -> None:
    found = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
            if REGISTRY_HOSTS.search(line) or MACHINE_PATHS.search(line):
                found.append(f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:120]}")
    assert not found, "\n".join(found)


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(PROJECT))
        for path in tracked_files()
        if path.suffix == ".py" and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent
