"""What a workspace words differently from the program: gettext catalogues that its templates share, by version.

``shared: v1`` in ``template.yaml`` pins the folder ``templates/shared/v1``. Its ``.po`` files have the form of those in
``report_builder/locale``: ``msgid`` is the program's English message, ``msgstr`` what this authority says. A file
``words.en.po`` is for reports in English, one without a language in its name for those in the workspace's own.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

from report_builder.catalogue import LANGUAGE, Key, read_messages, shipped
from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.workspace.workspace import Workspace, is_content
from report_builder.workspace.yamlfile import YamlFile

Wordings = Mapping[Key, str | tuple[str, ...]]


def shared_files(folder: Path) -> tuple[Path, ...]:
    """The catalogues of a shared version, in the order of their names."""
    return tuple(sorted(p for p in folder.glob("*.po") if is_content(p.name)))


def read_wordings(workspace: Workspace, version: str, language: str, file: YamlFile) -> Wordings:
    """The wordings of the shared ``version`` for a ``language``; none where the template pins no version.

    Raises:
        ReportError: there is no such version, a file is no catalogue, or a wording is of no message of the program,
            names a place that the message has not, or is there twice. All of them are told at once.

    """
    if not version:
        return {}
    folder = workspace.root / "templates" / "shared" / version
    files = [path for path in shared_files(folder) if _language(path) in ("", language)]
    if not files:
        known = sorted({path.parent.name for path in folder.parent.glob("v*/*.po")})
        message = f"There are no shared words {version}: {workspace.shown(folder)} has no catalogue."
        hint = nearest(version, known) or f"Shared versions here: {', '.join(known) or 'none'}."
        raise ReportError(Problem(code="unknown-shared", message=message, place=file.place("shared"), hint=hint))
    wordings: dict[Key, str | tuple[str, ...]] = {}
    problems: list[Problem] = []
    for path in files:
        try:
            found = _read(path, workspace.shown(path), language)
        except ReportError as e:
            problems += e.problems
            continue
        problems += _faults(found, wordings, path, workspace.shown(path))
        wordings |= found
    if problems:
        raise ReportError(problems)
    return wordings


def _language(path: Path) -> str:
    """``en`` of ``words.en.po``; nothing where the name says none."""
    return Path(path.stem).suffix.removeprefix(".")


_ENTRY = re.compile(r'(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s*)?"(?:[^"\\]|\\.)*"')
"""A line of a catalogue that is no comment: perhaps a keyword, and text in quotes that end."""


def _read(path: Path, name: str, language: str) -> dict[Key, str | tuple[str, ...]]:
    from babel.messages.pofile import PoFileError

    hint = "Open it in Poedit, or compare it with a catalogue in report_builder/locale."
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):  # Babel itself lets a quote that does not end take a letter with it
            if line.strip() and not line.startswith("#") and not _ENTRY.fullmatch(line.strip()):
                message, place = f"This is no line of a catalogue: {line.strip()[:60]}", Place(file=name, line=number)
                raise ReportError(Problem(code="bad-catalogue", message=message, place=place, hint=hint))
        return read_messages(path, language)
    except PoFileError as e:
        message, place = f"The file is no catalogue: {e}.", Place(file=name, line=(e.lineno or 0) + 1)
    except UnicodeDecodeError:
        message, place, hint = "The file is not UTF-8.", Place(file=name), "Save the file as UTF-8."
    except (ValueError, LookupError) as e:  # Babel's words of a header that is no header
        message, place = f"The file is no catalogue: {e}.", Place(file=name, line=1)
    raise ReportError(Problem(code="bad-catalogue", message=message, place=place, hint=hint))


def _faults(found: Wordings, before: Wordings, path: Path, name: str) -> Iterator[Problem]:
    known = shipped(LANGUAGE).wordings
    for (context, message), wording in found.items():
        place = Place(file=name, line=_line(path, message))
        said = f"{message!r} in the context {context!r}" if context else repr(message)
        if (context, message) not in known:
            hint = nearest(message, (text for _, text in known)) or "Copy msgid and msgctxt from report_builder/locale."
            yield Problem(code="unknown-message", message=f"The program says nowhere {said}.", place=place, hint=hint)
            continue
        if (context, message) in before:
            yield Problem(code="duplicate-id", message=f"{said} has two wordings.", place=place, hint="Keep one.")
        allowed = _places(message).union(*map(_places, _forms(known[context, message])))
        for form in _forms(wording):
            try:
                strangers = _places(form) - allowed
            except ValueError as e:
                hint = "Write the places as {name}, as the message does."
                yield Problem(code="bad-wording", message=f"{form!r}: {e}.", place=place, hint=hint)
                continue
            if strangers:
                fault = f"The wording of {said} has the place {{{min(strangers)}}}, which the message has not."
                hint = f"Its places are {', '.join(f'{{{p}}}' for p in sorted(allowed)) or 'none'}."
                yield Problem(code="bad-wording", message=fault, place=place, hint=hint)


def _forms(wording: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wording,) if isinstance(wording, str) else wording


def _places(words: str) -> set[str]:
    """The named places of a wording. Raises ValueError where a brace is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def _line(path: Path, message: str) -> int:
    """The line on which a message begins in a catalogue; the first where it is broken over several."""
    opening = message[:60].replace("\\", "\\\\").replace('"', '\\"')
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((i for i, line in enumerate(lines, 1) if opening in line), 1)
