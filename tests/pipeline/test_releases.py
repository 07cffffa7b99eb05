"""Every release of the project: its PDF conforms by two judges, and carries what it is made of."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader
from workspaces import PROJECT, RELEASE, Desk

from report_builder.verifying import conformance

sys.path.insert(0, str(PROJECT / "tests" / "judges"))

CONTENT = PROJECT / "content"
RELEASES = sorted(p.parent.relative_to(CONTENT).as_posix() for p in CONTENT.glob("*/*/release.yaml"))


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pdf(release: str, build: Callable[[str], Desk]) -> Path:
    return build(release).root / "output" / release / f"{release.replace('/', '-')}.pdf"


def test_there_are_releases() -> None:
    assert RELEASE in RELEASES


def test_its_pdf_conforms(pdf: Path) -> None:
    data = pdf.read_bytes()
    assert conformance.profiles(data) == ("ua1", "3a")
    assert list(conformance.faults(data, pdf.name)) == []


@pytest.mark.judge("verapdf")
def test_every_pdf_conforms_by_verapdf(build: Callable[[str], Desk]) -> None:
    import verapdf

    made = [build(r).root / "output" / r / f"{r.replace('/', '-')}.pdf" for r in RELEASES]
    verdicts = verapdf.ask(made, ("ua1", "3a"))
    assert len(verdicts) == 2 * len(RELEASES)
    assert [(v.profile, v.rules) for v in verdicts if not v.conforms or v.rules] == []


def test_its_pdf_carries_facts_and_methods(release: str, pdf: Path) -> None:
    settings = yaml.safe_load((PROJECT / "content" / release / "release.yaml").read_text(encoding="utf-8"))
    methods = {
        f"{m}-{v}.yaml": (PROJECT / "content" / "methods" / m / f"{v}.yaml").read_bytes()
        for m, v in settings["methods"].items()
    }
    expected = {"facts.csv": (pdf.parent / "facts.csv").read_bytes(), **methods}
    reader = PdfReader(pdf)
    assert {name: contents[0] for name, contents in reader.attachments.items()} == expected
    assert len(list(csv.DictReader(io.StringIO(expected["facts.csv"].decode())))) > 500
    date = "D:" + str(settings["created"]).replace("-", "")
    associated = [file.get_object() for file in reader.trailer["/Root"]["/AF"]]
    assert [str(file["/UF"]) for file in associated] == sorted(expected)
    for file in associated:
        assert file["/AFRelationship"] == ("/Data" if file["/UF"] == "facts.csv" else "/Supplement")
        assert file["/Desc"]
        parameters = file["/EF"]["/F"]["/Params"]
        assert parameters["/Size"] == len(expected[file["/UF"]])
        assert parameters.raw_get("/ModDate").startswith(date)
        assert parameters.raw_get("/CreationDate").startswith(date)


def test_an_unchanged_release_is_left_as_it_lies(build: Callable[[str], Desk]) -> None:
    desk = build(RELEASE)
    before = {p: p.stat().st_mtime_ns for p in desk.output.rglob("*")}
    done = desk.run("build", RELEASE)
    assert done.stdout.startswith(f"Unchanged {RELEASE}")
    assert {p: p.stat().st_mtime_ns for p in desk.output.rglob("*")} == before
