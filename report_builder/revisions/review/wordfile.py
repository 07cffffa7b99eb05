"""A Word file from outside, opened with care: parts by name, and clear words about a file that is none of ours."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report_builder.problems import Place, Problem, ReportError
from report_builder.revisions.redline.wordparts import W

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"

_MOST_ENTRIES = 5_000
_LARGEST_PART = 64 * 1024 * 1024
_LARGEST_FILE = 256 * 1024 * 1024
"""The most that a part, and all parts together, may hold when they are unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFile:
    """The parts of a Word file that words stand in, parsed; an absent part is ``None``.

    ``properties`` are the further properties of the file, by name.
    """

    body: Any
    notes: Any
    comments: Any
    threads: Any
    properties: dict[str, str]


def read_word_file(path: Path) -> WordFile:
    """Open a Word file.

    Raises:
        ReportError: the file does not exist, is none that Word saves today, is damaged, or unpacks to far too much.

    """
    place = Place(file=path.name)
    try:
        with zipfile.ZipFile(path) as package:
            _check_size(package, place)
            return _parts(package, place)
    except FileNotFoundError as e:
        raise _fault("file-missing", "The file does not exist.", place) from e
    except zipfile.BadZipFile as e:
        raise _no_word_file(path, place) from e
    except (zlib.error, EOFError, NotImplementedError, RuntimeError) as e:
        raise _fault("damaged-file", f"The file is damaged and cannot be unpacked: {e}.", place) from e
    except OSError as e:
        raise _fault("cannot-read", f"The file cannot be read: {e.strerror or e}.", place) from e


def _check_size(package: zipfile.ZipFile, place: Place) -> None:
    sizes = [entry.file_size for entry in package.infolist()]
    if len(sizes) > _MOST_ENTRIES or sum(sizes) > _LARGEST_FILE:
        message = f"The file unpacks to {sum(sizes) // 1_000_000} MB in {len(sizes)} parts, far more than a report."
        raise _fault("too-large", message, place)


def _parts(package: zipfile.ZipFile, place: Place) -> WordFile:
    main = _target(package, "_rels/.rels", "officeDocument", place)
    if main is None or not main.startswith("word/"):
        raise _fault("not-a-word-file", "The file is an Office or zip file, but no Word document.", place)
    document = _parsed(package, main, place)
    if document is None or document.tag.startswith(_STRICT):
        hint = "Open it in Word and save it as a Word document (*.docx), not as Strict Open XML."
        raise _fault("not-a-word-file", "The file holds no text in Word's ordinary form.", place, hint)
    body = document.find(f"{W}body")
    if body is None or not any(text.text for text in body.iter(f"{W}t", f"{W}delText")):
        raise _fault("no-content", "The file holds no words.", place, "See that it is the file that was reviewed.")
    folder, _, name = main.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    found = {
        kind: _parsed(package, target, place)
        for kind in ("footnotes", "comments", "commentsExtended")
        if (target := _target(package, relations, kind, place)) is not None
    }
    return WordFile(
        body=body,
        notes=found.get("footnotes"),
        comments=found.get("comments"),
        threads=found.get("commentsExtended"),
        properties=_properties(_parsed(package, "docProps/custom.xml", place)),
    )


def _target(package: zipfile.ZipFile, relations: str, kind: str, place: Place) -> str | None:
    """The name of the part that the first relation of ``kind`` leads to."""
    tree = _parsed(package, relations, place)
    folder = relations.replace("_rels/", "").rpartition("/")[0]
    for relation in () if tree is None else tree.iter(f"{_RELATIONSHIPS}Relationship"):
        if relation.get("Type", "").rpartition("/")[2] == kind and relation.get("TargetMode") != "External":
            target = str(relation.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
    return None


def _parsed(package: zipfile.ZipFile, name: str, place: Place) -> Any:
    from lxml import etree

    if name not in package.namelist():
        return None
    with package.open(name) as part:
        data = part.read(_LARGEST_PART + 1)  # what the directory says of a part's size may be a lie
    if len(data) > _LARGEST_PART:
        raise _fault("too-large", f"The part {name} unpacks to more than a report can hold.", place)
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as e:
        raise _fault("damaged-file", f"The part {name} is damaged: {e}.", place) from e


def _properties(tree: Any) -> dict[str, str]:
    if tree is None:
        return {}
    return {str(item.get("name")): "".join(item.itertext()) for item in tree if item.get("name")}


def _no_word_file(path: Path, place: Place) -> ReportError:
    with path.open("rb") as file:
        old = file.read(4) == _OLD_OFFICE
    if old:
        message = "The file is locked with a password, or saved in the form of Word 2003 or earlier."
        return _fault("not-a-word-file", message, place, "Open it in Word and save it as *.docx without a password.")
    return _fault("not-a-word-file", "The file is no Word document, or only a part of one.", place)


def _fault(code: str, message: str, place: Place, hint: str = "") -> ReportError:
    hint = hint or "Take the file that was reviewed, saved as a Word document (*.docx)."
    return ReportError(Problem(code=code, message=message, place=place, hint=hint))
