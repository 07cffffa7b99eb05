"""A workspace from a starter is checked and built at once, by the wheel alone; what does not fit is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from report_builder.cli.main import app
from report_builder.editions.style_files import SHIPPED
from report_builder.problems import ReportError
from report_builder.verbs.init import Answers, init, starter_named, starters
from report_builder.workspace.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[2]
ANSWERS = Answers(
    authority='Provlänets "myndighet": tillsyn & råd', short="PLM", web="www.example.se", primary="#1a6b3c",
    accent="#5b2a83", categories=("Näring: tillstånd & tillsyn", "Åldringar, övrigt", "Ja", "2024"),
)  # fmt: skip
NAMES = [starter.name for starter in starters()]


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_workspace_is_without_fault_whatever_the_categories_are_called(tmp_path: Path, name: str) -> None:
    started = init(tmp_path / "new", starter_named(name), ANSWERS)
    workspace = Workspace(started.folder)
    settings = workspace.settings()
    assert settings.authority.name == ANSWERS.authority
    assert [case_type.name for case_type in workspace.case_types(settings)] == list(ANSWERS.categories)
    assert not [p for p in started.folder.rglob("*") if p.is_file() and "%%" in p.read_text(encoding="utf-8")]
    code, words = said("check", "--workspace", str(started.folder))
    assert code == 0, words
    code, words = said("preview", started.release, "--once", "--workspace", str(started.folder))
    assert code == 0, words
    page = next(started.folder.glob("output/*/.*.preview.html")).read_text(encoding="utf-8")
    assert "Näring: tillstånd &amp; tillsyn" in page
    assert "Exempeldata" in page


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    starter = starter_named("handlaggningstider")
    one, other = (init(tmp_path / name, starter, ANSWERS).folder for name in ("one", "other"))
    names = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_totals_are_the_sums_of_their_parts(tmp_path: Path) -> None:
    folder = init(tmp_path / "new", starter_named("uppfoljning"), ANSWERS).folder
    lines = (folder / "content/uppfoljning/2025/metrics/uppgifter.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(";") for line in lines if ";insatser;" in line and line.startswith("2025")]
    figures = {row[2]: int(row[4]) for row in rows}
    assert figures.pop("Alla områden") == sum(figures.values())
    assert len(figures) == len(ANSWERS.categories)


def test_the_wheel_alone_makes_and_builds_a_workspace(tmp_path: Path) -> None:
    """In an environment with the packages that the program asks for, and the wheel; not with the project's folder."""
    source, home = tmp_path / "source", tmp_path / "environment"
    source.mkdir()
    shutil.copytree(PROJECT / "report_builder", source / "report_builder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(PROJECT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    alone = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    wheel = [*pip, "wheel", str(source), "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run(wheel, check=True, env=alone)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True, env=alone)
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    (built,) = tmp_path.glob("report_builder-*.whl")
    install = [
        *pip,
        "--python",
        str(home / "bin" / "python"),
        "install",
        "--no-deps",
        "--no-index",
        "--force-reinstall",
    ]
    subprocess.run([*install, str(built)], check=True, env=alone)

    def run(*arguments: str) -> str:
        command = [str(home / "bin" / "report-builder"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=alone)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = [str(home / "bin" / "python"), "-c", "import report_builder; print(report_builder.__file__)"]
    found = subprocess.run(where, capture_output=True, text=True, check=True, cwd=tmp_path, env=alone).stdout
    assert Path(found.strip()).is_relative_to(home)
    assert "Reports can be built here." in run("doctor")
    told = run("init", "ny", "--starter", "uppföljning", "--authority", "Provlänet", "--category", "Natur")
    assert told.splitlines()[-1] == "Build it: report-builder build uppfoljning/2025 --workspace ny"
    run("build", "uppfoljning/2025", "--workspace", "ny")
    output = tmp_path / "ny" / "output" / "uppfoljning" / "2025"
    assert {"uppfoljning-2025.pdf", "uppfoljning-2025.docx", "uppfoljning-2025.html"} <= {
        path.name for path in output.iterdir()
    }
    assert "0 errors" not in run("verify", str(output))


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        init(tmp_path, starter_named("allman"), ANSWERS)
    assert [p.code for p in refused.value.problems] == ["folder-not-empty"]
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(ReportError, match="a file of this name"):
        init(tmp_path / "mine.txt", starter_named("allman"), ANSWERS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"primary": "green"}, "bad-colour"),
        ({"accent": "#12345"}, "bad-colour"),
        ({"authority": " "}, "bad-answer"),
        ({"short": "A\nB"}, "bad-answer"),
        ({"categories": ()}, "no-category"),
        ({"categories": ("Vård", "vard")}, "duplicate-id"),
        ({"categories": ("Alla",)}, "duplicate-id"),
        ({"categories": ("!!",)}, "bad-category"),
        ({"categories": ("a;b",)}, "bad-category"),
        ({"font": Path("no such folder")}, "missing-font"),
    ],
)
def test_an_answer_that_does_not_fit_leaves_no_folder(tmp_path: Path, change: dict[str, object], code: str) -> None:
    import dataclasses

    with pytest.raises(ReportError) as refused:
        init(tmp_path / "new", starter_named("allman"), dataclasses.replace(ANSWERS, **change))
    assert [p.code for p in refused.value.problems] == [code]
    assert not (tmp_path / "new").exists()


def test_an_unknown_starter_is_told_with_those_there_are() -> None:
    with pytest.raises(ReportError) as refused:
        starter_named("almän")
    (problem,) = refused.value.problems
    assert (problem.code, "allman" in problem.hint) == ("unknown-starter", True)


def test_a_font_of_its_own_comes_along(tmp_path: Path) -> None:
    import dataclasses

    folder = init(
        tmp_path / "new", starter_named("allman"), dataclasses.replace(ANSWERS, font=SHIPPED / "fonts")
    ).folder
    assert len(list((folder / "templates" / "editions" / "fonts").glob("*.ttf"))) == 6


@pytest.mark.parametrize("name", NAMES)
def test_the_editor_knows_every_yaml_file_of_a_starter(tmp_path: Path, name: str) -> None:
    from jsonschema import Draft202012Validator
    from test_schema import as_an_editor_reads_it, of_kind

    from report_builder.verbs.schema import kinds

    folder = init(tmp_path / "new", starter_named(name), ANSWERS).folder
    schemas = {kind.name: kind.schema() for kind in kinds(Workspace(folder))}
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder).as_posix()
        validator = Draft202012Validator(schemas[of_kind(folder, relative)])
        assert not [e.message for e in validator.iter_errors(as_an_editor_reads_it(path))], relative
    assert (
        yaml.safe_load((folder / "content" / "workspace.yaml").read_text(encoding="utf-8"))["authority"]["short"]
        == "PLM"
    )
