"""A new workspace from a starter: an authority, its colours and what it divides figures by, with an example to build.

A starter is a folder of ``report_builder/starters`` with a workspace in it. A sign between ``%%`` is filled in, with an
answer (``%%authority%%``) or a made-up figure. A line with a sign about a category is repeated for each of them.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from report_builder.editions.style_files import FONTS, own_folder
from report_builder.problems import Place, Problem, ReportError, nearest, raise_errors
from report_builder.workspace.yamlfile import Model, read

STARTERS_FOLDER = Path(__file__).resolve().parents[1] / "starters"


class Starter(Model):
    """A starter of ``starters.yaml``: its folders, one on top of the other, and the release that can be built at once.

    ``calibration`` is the file that example cases are made from, where there are any.
    """

    name: str
    about: str
    folders: tuple[str, ...]
    release: str
    categories: tuple[str, ...]
    calibration: str = ""


class StartersFile(Model):
    """``starters.yaml``."""

    starters: tuple[Starter, ...]


_SIGN = re.compile(r"%%([a-z_]+)(?::(\d+))?%%")
_OF_A_CATEGORY = {"id", "name", "name_text", "text", "n", "near"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a new workspace is told; ``font`` is a folder of TrueType files, or nothing for the program's own font."""

    authority: str
    short: str
    web: str
    primary: str
    accent: str
    categories: tuple[str, ...]
    font: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A new workspace: its folder, how many files it has, and the release that can be built."""

    folder: Path
    files: int
    release: str


def starters() -> tuple[Starter, ...]:
    """The starters of this package."""
    path = STARTERS_FOLDER / "starters.yaml"
    return read(path, path.name, StartersFile)[0].starters


def starter_named(name: str) -> Starter:
    """The starter called ``name``; a name may be written without its dots and rings.

    Raises:
        ReportError: there is no such starter.

    """
    known = {starter.name: starter for starter in starters()}
    for starter in known.values():
        if identifier(name) == identifier(starter.name):
            return starter
    hint = nearest(name, known) or f"There are: {', '.join(known)}."
    raise ReportError(Problem(code="unknown-starter", message=f"There is no starter {name}.", value=name, hint=hint))


def init(folder: Path, starter: Starter, answers: Answers) -> Started:
    """Make a workspace in ``folder``, which is new or empty.

    Raises:
        ReportError: the folder holds something, or an answer does not fit; nothing is written.

    """
    raise_errors([*_folder_faults(folder), *_faults(answers)])
    layers = [STARTERS_FOLDER / layer for layer in starter.folders]
    files = {name: data for layer in layers for name, data in _filled(layer, answers)}
    if answers.font is not None:
        home = own_folder(folder) / FONTS
        files |= {(home / p.name).relative_to(folder).as_posix(): p.read_bytes() for p in _fonts(answers.font)}
    _write(folder, files)
    made = _example_cases(folder, starter) if starter.calibration else 0
    return Started(folder=folder, files=len(files) + made, release=starter.release)


def _example_cases(folder: Path, starter: Starter) -> int:
    """Make the metric files of the release from the starter's calibration; how many there are."""
    from report_builder.example import generate

    metrics = folder / "content" / starter.release / "metrics"
    return len(generate(folder / starter.calibration, metrics).files)


def identifier(name: str) -> str:
    """The id of a category by its name: a–z, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _folder_faults(folder: Path) -> Iterator[Problem]:
    if folder.is_dir() and (first := next(iter(sorted(folder.iterdir())), None)) is not None:
        message = f"The folder is not empty: it holds {first.name}."
        hint = "Name a folder that does not exist yet, or an empty one."
        yield Problem(code="folder-not-empty", message=message, place=Place(file=str(folder)), hint=hint)
    elif folder.exists() and not folder.is_dir():
        message = "There is a file of this name."
        yield Problem(code="not-a-folder", message=message, place=Place(file=str(folder)), hint="Name another folder.")


def _faults(answers: Answers) -> Iterator[Problem]:
    for option, value in (("--authority", answers.authority), ("--short", answers.short), ("--web", answers.web)):
        if not value.strip() or not value.isprintable():
            message = f"{option} is empty, or holds something other than text."
            yield Problem(code="bad-answer", message=message, value=value, hint="Write it on one line.")
    for option, value in (("--primary", answers.primary), ("--accent", answers.accent)):
        if not _COLOUR.fullmatch(value):
            hint = "Write # and six hexadecimal digits, such as #1a6b3c."
            yield Problem(code="bad-colour", message=f"{option} is no colour.", value=value, hint=hint)
    yield from _category_faults(answers.categories)
    if answers.font is not None and not _fonts(answers.font):
        message = "The folder of --font holds no TrueType file."
        hint = "Name a folder with the font's .ttf files: regular, italic, semibold or bold."
        yield Problem(code="missing-font", message=message, place=Place(file=str(answers.font)), hint=hint)


def _category_faults(categories: Sequence[str]) -> Iterator[Problem]:
    if not categories:
        message = "There is no category."
        yield Problem(code="no-category", message=message, hint="Give at least one: --category NAME.")
    seen: dict[str, str] = {"alla": "the total"}
    for name in categories:
        key = identifier(name)
        if not key or not name.isprintable() or ";" in name or '"' in name:
            hint = "Write letters and digits, on one line, without semicolon and quotation mark."
            yield Problem(
                code="bad-category", message="A category has no name that can be used.", value=name, hint=hint
            )
        elif key in seen:
            message = f"{name} and {seen[key]} get the same id, {key}."
            yield Problem(code="duplicate-id", message=message, value=name, hint="Give one of them another name.")
        seen.setdefault(key, name)


def _fonts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.ttf"))


def _filled(layer: Path, answers: Answers) -> Iterator[tuple[str, bytes]]:
    for path in sorted(p for p in layer.rglob("*") if p.is_file()):
        lines = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join(done for line in lines for done in _lines(line, answers))
        yield path.relative_to(layer).as_posix(), f"{text}\n".encode()


def _lines(line: str, answers: Answers) -> Iterator[str]:
    """The line filled in, once for each category where it has a sign about one."""
    about_one = any(found[1] in _OF_A_CATEGORY for found in _SIGN.finditer(line))
    for i, name in enumerate(answers.categories if about_one else ("",)):
        yield _SIGN.sub(lambda found, i=i, name=name: _word(found[1], int(found[2] or 0), i, name, answers), line)  # type: ignore[misc]


def _word(sign: str, base: int, i: int, name: str, answers: Answers) -> str:
    """What stands for a sign: text in a YAML file is quoted as JSON, which YAML reads."""
    ids = ", ".join(json.dumps(identifier(category)) for category in answers.categories)
    plain = {"name_text": name, "authority_text": answers.authority, "ids": ids}
    quoted = {"id": identifier(name), "name": name, "text": name[:1].lower() + name[1:]}
    quoted |= {"authority": answers.authority, "short": answers.short, "web": answers.web}
    quoted |= {"primary": answers.primary, "accent": answers.accent}
    if sign in plain:
        return plain[sign]
    if sign in quoted:
        return json.dumps(quoted[sign], ensure_ascii=False)
    figures: dict[str, Callable[[], int]] = {
        "n": lambda: _made_up(base, i),
        "near": lambda: base + (3 * i) % 7 - 3,
        "sum": lambda: sum(_made_up(base, k) for k in range(len(answers.categories))),
    }
    return str(figures[sign]())


def _made_up(base: int, i: int) -> int:
    """A figure for category number ``i`` that differs from its neighbours'."""
    return max(1, base * (10 - 2 * (i % 4)) // 10 + i)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file, or take away what was written."""
    was_there = folder.is_dir()
    try:
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (folder / "output").mkdir()
    except OSError as e:
        for below in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(below, ignore_errors=True)
        if folder.is_dir() and not was_there:
            folder.rmdir()
        message = f"The workspace cannot be written: {e.strerror or e}."
        hint = "Check that you may write there, and that there is room on the disk."
        raise ReportError(
            Problem(code="cannot-write", message=message, place=Place(file=str(folder)), hint=hint)
        ) from e
