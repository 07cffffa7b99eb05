"""The preview: the page of a build, made alone, and again in a running process as files are saved in every way."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from workspaces import PROJECT, RELEASE, Desk, small_workspace

from report_builder import pipeline
from report_builder.editions import EDITIONS, Resources
from report_builder.editions.style_files import SHIPPED
from report_builder.output.plan import read_plan
from report_builder.verbs.preview import Preview
from report_builder.workspace.workspace import Workspace

SECTION = f"content/{RELEASE}/sections/inledande-kommentar.md"
TEMPLATE = "templates/delredovisning/v1/02-genomforande.md.j2"
RELEASES = sorted(
    p.parent.relative_to(PROJECT / "content").as_posix() for p in PROJECT.glob("content/*/*/release.yaml")
)
TERMS = "content/registers/begrepp.yaml"
CASE_TYPES = "content/registers/arendeslag.yaml"
METRICS = f"content/{RELEASE}/metrics/arenden.csv"
DECLARED = "templates/delredovisning/v1/template.yaml"
PATIENCE = 1800
"""Seconds after which the program is taken to hang; on a busy machine a page takes minutes."""


class Running:
    """``report-builder preview`` at a desk, as a person has it in a terminal."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page = desk.root / "output" / "delredovisning" / ".2026-02.preview.html"
        command = [sys.executable, "-m", "report_builder.cli", "preview", RELEASE, "--workspace", str(desk.root)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=desk.root
        )
        assert self._process.stdout is not None
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip())

    def until(self, *words: str) -> list[str]:
        """What is said up to a line that holds any of ``words``."""
        said: list[str] = []
        while not any(word in (said or [""])[-1] for word in words):
            try:
                said.append(self._lines.get(timeout=PATIENCE))
            except queue.Empty:
                pytest.fail(f"waited for {words}, and heard {said}")
        return said

    def after(self, change: Callable[[], object]) -> list[str]:
        """Make a change; what is said of it, up to the line that tells how long it took."""
        change()
        return self.until(" s)")

    @property
    def silent(self) -> bool:
        """Whether nothing more has been said."""
        return self._lines.empty()

    def end(self) -> tuple[int, list[str]]:
        """Press Ctrl-C; the exit code and what was still said."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(PATIENCE)
        return code, self.until("Stopped.")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def now(desk: Desk) -> bytes:
    """The HTML edition of the desk's files as they are, from nothing: no fact, no chart, no page is kept."""
    basis = pipeline.basis_of(read_plan(Workspace(desk.root), RELEASE))
    document = pipeline.write_from(basis).document
    return EDITIONS["html"](document, Resources(folder=desk.root / "templates" / "editions"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    found = Running(small_workspace(tmp_path_factory.mktemp("preview") / "workspace"))
    try:
        said = found.until("Ctrl-C ends.")
        assert re.search(r"Wrote output/delredovisning/\.2026-02\.preview\.html in \d+\.\d\d s\.", said[-1])
        yield found
    finally:
        found.kill()


@pytest.fixture
def section(running: Running) -> Iterator[Path]:
    """A section; it is as it was afterwards."""
    path = running.desk.root / SECTION
    kept = path.read_bytes()
    yield path
    if not path.is_file() or path.read_bytes() != kept:
        running.after(lambda: path.write_bytes(kept))


def add(path: Path, words: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")


# --- the page is that of a build


@pytest.mark.parametrize("release", RELEASES)
def test_it_is_the_page_of_a_build(build: Callable[[str], Desk], release: str) -> None:
    desk = build(release)
    shown = Preview(Workspace(desk.root), release)
    whole = (desk.root / "output" / release / f"{release.replace('/', '-')}.html").read_bytes()
    assert shown.page()[0] == whole
    shown.forget([desk.root / "content" / release / "sections" / "any.md"])
    assert shown.page()[0] == whole  # of what was kept


def test_once(built: Desk) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.output.rglob("*")}
    done = built.run("preview", RELEASE, "--once")
    assert (done.returncode, done.stdout) == (0, "Wrote output/delredovisning/.2026-02.preview.html.\n")
    written = built.output.with_name(".2026-02.preview.html").read_bytes()
    assert written == (built.output / "delredovisning-2026-02.html").read_bytes()
    assert {path: path.stat().st_mtime_ns for path in built.output.rglob("*")} == before


def _adds(name: str, words: str) -> Callable[[Desk], object]:
    return lambda desk: add(desk.root / name, words)


def _says(name: str, old: str, new: str) -> Callable[[Desk], object]:
    return lambda desk: desk.edit(name, old, new)


def _takes_a_register_of_its_own(desk: Desk) -> None:
    (desk.release / "registers").mkdir()
    rows = (desk.root / TERMS).read_text(encoding="utf-8").replace("betydelse: ", "betydelse: Här ", 1)
    (desk.release / "registers" / "begrepp.yaml").write_text(rows, encoding="utf-8")


def _has_a_style_of_its_own(desk: Desk) -> None:
    """A style sheet of the workspace's own goes before the package's."""
    shipped = (SHIPPED / "screen.css").read_text(encoding="utf-8")
    own = desk.root / "templates" / "editions" / "screen.css"
    own.parent.mkdir(parents=True)
    own.write_text(f"{shipped}p {{ color: inherit }}\n", encoding="utf-8")


CHANGES: dict[str, tuple[str, Callable[[Desk], object]]] = {
    "section": (SECTION, _adds(SECTION, "Mediantiden var [handlaggningstid.median alla latest]{.value}.")),
    "template": (TEMPLATE, _adds(TEMPLATE, "Det tog {{ value('handlaggningstid.median', total.id, P.latest) }}.")),
    "template.yaml": ("template.yaml", _says(DECLARED, "caption: ", "caption: Ny ")),
    "register": (TERMS, _says(TERMS, "betydelse: ", "betydelse: Just ")),
    "release": (RELEASE, _says(f"content/{RELEASE}/release.yaml", "title: ", "title: Om ")),
    "metric file": ("arenden.csv", _says(METRICS, "T-0004;lex-sarah", "T-0004;psl")),
    "method": ("v1.md", _adds("content/methods/handlaggningstid/v1.md", "Ett stycke till.")),
    "style sheet": ("screen.css", _has_a_style_of_its_own),
    "own register": (f"{RELEASE}/registers", _takes_a_register_of_its_own),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_gives_the_page_of_the_files_as_they_are(running: Running, what: str) -> None:
    name, change = CHANGES[what]
    before = running.page.read_bytes()
    (line,) = running.after(lambda: change(running.desk))
    assert re.fullmatch(r"\S+: page written \(\d+\.\d\d s\)", line)
    assert name in line
    assert running.page.read_bytes() == now(running.desk) != before


# --- faults


FAULTS = {
    "typed digits": (SECTION, "Under året kom 17 ärenden.", ("typed-digit", SECTION, ".cite")),
    "no such fact": (SECTION, "[handlaggningstid.medan alla latest]{.value}", ("no fact", SECTION, "Did you mean")),
    "broken Jinja": (TEMPLATE, "{% if %}", ("template-syntax", TEMPLATE)),
    "broken YAML": (CASE_TYPES, "  - {id: x", ("broken-yaml", f"{CASE_TYPES}:", "Check indentation")),
    "no UTF-8": (TEMPLATE, "\udce5", (TEMPLATE, "utf-8")),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_told_and_the_last_good_page_stays(running: Running, what: str) -> None:
    name, words, told = FAULTS[what]
    path, page = running.desk.root / name, running.page.read_bytes()
    kept = path.read_bytes()
    said = running.after(lambda: path.write_bytes(kept + f"\n{words}\n".encode("utf-8", "surrogateescape")))
    assert re.fullmatch(rf"{name}: at fault\. The last good page stays \(\d+\.\d\d s\)", said[-1])
    assert all(word in "\n".join(said[:-1]) for word in told), said
    assert running.page.read_bytes() == page
    (line,) = running.after(lambda: path.write_bytes(kept))
    assert "the page says the same" in line
    assert running.page.read_bytes() == page


def test_a_warning_is_told_once(running: Running, section: Path) -> None:
    said = running.after(lambda: add(section, "Ärendena ökade under hela året."))
    assert any(line.startswith("warning") for line in said)
    (line,) = running.after(lambda: add(section, "Ett stycke till."))
    assert "page written" in line


# --- ways of saving


def test_saved_by_rename(running: Running, section: Path) -> None:
    other = section.with_name("inledande-kommentar.md~new~")
    other.write_text(f"{section.read_text(encoding='utf-8')}\nSparad under ett annat namn.\n", encoding="utf-8")
    (line,) = running.after(lambda: other.replace(section))
    assert line.startswith(f"{SECTION}: page written")
    assert "Sparad under ett annat namn." in running.page.read_text(encoding="utf-8")


def test_deleted_and_written_anew(running: Running, section: Path) -> None:
    kept = section.read_text(encoding="utf-8")
    said = running.after(section.unlink)
    assert "The release lacks its section inledande-kommentar" in "\n".join(said)
    running.after(lambda: section.write_text(f"{kept}\nSkriven på nytt.\n", encoding="utf-8"))
    assert "Skriven på nytt." in running.page.read_text(encoding="utf-8")


def test_deleted_and_written_anew_at_once(running: Running, section: Path) -> None:
    kept = section.read_text(encoding="utf-8")

    def save() -> None:
        section.unlink()
        time.sleep(0.02)
        section.write_text(f"{kept}\nSkriven på en gång.\n", encoding="utf-8")

    running.after(save)
    while "Skriven på en gång." not in running.page.read_text(encoding="utf-8"):
        running.until(" s)")


def test_half_written_at_first(running: Running, section: Path) -> None:
    words = "År efter år: [handlaggningstid.median alla latest]{.value}."
    whole = f"{section.read_text(encoding='utf-8')}\n{words}\n".encode()
    half = whole[: whole.index(b"[handl") + 20]

    def save() -> None:
        with section.open("wb") as file:
            file.write(half)
            file.flush()
            time.sleep(0.4)
            file.write(whole[len(half) :])

    running.after(save)
    while 'År efter år: <span class="fact"' not in running.page.read_text(encoding="utf-8"):
        running.until(" s)")


def test_saved_twice_while_a_page_is_made(running: Running, section: Path) -> None:
    add(section, "Sparad en gång.")
    time.sleep(0.3)
    add(section, "Sparad två gånger.")
    running.until(" s)")
    while "Sparad två gånger." not in running.page.read_text(encoding="utf-8"):
        running.until(" s)")


def test_an_editors_own_files_are_no_change(running: Running, section: Path) -> None:
    root = running.desk.root
    own = [root / SECTION.replace("inledande", ".inledande").replace(".md", ".md.swp"), root / f"{TEMPLATE}~"]
    own.append((root / TEMPLATE).with_name(".02-genomforande.md.j2.swp"))
    for path in own:
        path.write_bytes(b"b0VIM \xe5\x00")
    time.sleep(0.5)
    assert running.silent
    running.after(lambda: add(section, "Skriven i en redigerare."))
    assert "Skriven i en redigerare." in running.page.read_text(encoding="utf-8")
    for path in own:
        path.unlink()


# --- beginning and end


def test_it_begins_at_fault_takes_in_a_font_and_ends_in_order(desk: Desk) -> None:
    section = desk.root / SECTION
    kept = section.read_bytes()
    add(section, "Under året kom 17 ärenden.")
    shutil.copytree(SHIPPED / "fonts", desk.root / "templates/editions/fonts")
    found = Running(desk)
    try:
        assert found.until("Ctrl-C ends.")[-1].startswith("There is no page yet.")
        assert not found.page.exists()
        assert "page written" in found.after(lambda: section.write_bytes(kept))[-1]
        font = next((desk.root / "templates/editions/fonts").glob("*.ttf"))
        os.utime(font)
        assert font.name in found.until("starting again")[-1]
        assert "Wrote" in found.until("Ctrl-C ends.")[-1]
        code, said = found.end()
        assert (code, said) == (0, ["Stopped."])
    finally:
        found.kill()
    assert found.page.read_bytes() == now(desk)
    assert [p.name for p in found.page.parent.iterdir() if p.name.endswith(".preview.html")] == [found.page.name]
    assert not desk.output.exists()


def test_a_release_that_is_not_there_is_not_waited_for(desk: Desk) -> None:
    done = desk.run("preview", "delredovisning/2026-03")
    assert done.returncode == 1
    assert "There is no release delredovisning/2026-03" in done.stderr


def test_once_at_fault(desk: Desk) -> None:
    add(desk.root / SECTION, "Under året kom 17 ärenden.")
    done = desk.run("preview", RELEASE, "--once")
    assert done.returncode == 1
    assert "typed-digit" in done.stderr
    assert not (desk.root / "output").exists()
