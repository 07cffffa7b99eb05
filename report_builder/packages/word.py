"""A Word file opened with bounds: its parts by name, its XML read by a parser that follows nothing out of the file.

Office Open XML is a ZIP of parts that name one another by relations (ISO/IEC 29500-2). No part may have a document type
declaration there, so that one with entities to be expanded is refused and not read.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report_builder.allowance import regular, watched
from report_builder.packages.archive import COMPRESSIONS
from report_builder.problems import Place, Problem, ReportError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

MAIN_PART, FOOTNOTES_PART = "word/document.xml", "word/footnotes.xml"
"""Where Word, and this program, put the text and the footnotes."""

_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"

_MOST_PARTS = 5_000
_LARGEST_PART = 64 * 1024 * 1024
_LARGEST_FILE = 256 * 1024 * 1024
"""The most that a part, and all parts together, may hold when they are unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation of a part: its kind (the last word of its type), its target as a part's name or an outside address."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """``footnotes``, ``comments``, ``image`` …"""
        return self.type.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPackage:
    """A Word file called ``name``: its parts (name → bytes) and the name of the part that holds the text."""

    name: str
    parts: Mapping[str, bytes]
    main: str

    def tree(self, part: str) -> Any:
        """The root of an XML part, parsed again at each call; ``None`` where there is no such part.

        Raises:
            ReportError: the part is no well-formed XML, or has a document type declaration.

        """
        return _parsed(self.parts, part, Place(file=self.name)) if part in self.parts else None

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part, by id. Raises as :meth:`tree`."""
        return {relation.id: relation for relation in _relations(self.parts, part, Place(file=self.name))}

    def related(self, kind: str) -> Any:
        """The root of the first part that the text has such a relation to, or ``None``. Raises as :meth:`tree`."""
        found = (r.target for r in self.relations(self.main).values() if r.kind == kind and not r.external)
        return self.tree(next(found, ""))


def read_word_file(path: Path) -> WordPackage:
    """The Word file at ``path``.

    Raises:
        ReportError: there is none, it cannot be read, or as :func:`open_word`.

    """
    place = Place(file=path.name)
    try:
        if regular(path).stat().st_size > _LARGEST_FILE:
            raise _fault("too-large", "The file is far larger than a report.", place)
        data = path.read_bytes()
    except FileNotFoundError as e:
        raise _fault("file-missing", "The file does not exist.", place) from e
    except OSError as e:
        raise _fault("cannot-read", f"The file cannot be read: {e.strerror or e}.", place) from e
    return open_word(data, path.name)


def open_word(data: bytes, name: str) -> WordPackage:
    """The Word file in ``data``, called ``name`` in problems.

    Raises:
        ReportError: it is no file that Word saves today, is damaged, or unpacks to far too much.

    """
    place = Place(file=name)
    try:
        with watched(name), zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = _unpacked(package, place)
    except zipfile.BadZipFile as e:
        raise _no_word_file(data, place) from e
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, OSError) as e:
        raise _fault("damaged-file", f"The file is damaged and cannot be unpacked: {e}.", place) from e
    start = (r.target for r in _relations(parts, "", place) if r.kind == "officeDocument" and not r.external)
    main = next(start, "")
    if not main.startswith("word/"):
        raise _fault("not-a-word-file", "The file is an Office or zip file, but no Word document.", place)
    root = _parsed(parts, main, place) if main in parts else None
    if root is None or root.tag.startswith(_STRICT):
        hint = "Open it in Word and save it as a Word document (*.docx), not as Strict Open XML."
        raise _fault("not-a-word-file", "The file holds no text in Word's ordinary form.", place, hint)
    if root.find(f"{W}body") is None:
        raise _fault("no-content", "The file holds no text.", place)
    return WordPackage(name=name, parts=parts, main=main)


def _unpacked(package: zipfile.ZipFile, place: Place) -> dict[str, bytes]:
    entries = package.infolist()
    claimed = sum(entry.file_size for entry in entries)
    if odd := [e.filename for e in entries if e.compress_type not in COMPRESSIONS]:
        raise _fault("damaged-file", f"The part {odd[0]} is compressed in a way that Word does not use.", place)
    if len(entries) > _MOST_PARTS or claimed > _LARGEST_FILE:
        message = f"The file unpacks to {claimed // 1_000_000} MB in {len(entries)} parts, far more than a report."
        raise _fault("too-large", message, place)
    parts, read = {}, 0
    for entry in entries:
        with package.open(entry) as part:
            data = part.read(_LARGEST_PART + 1)  # what the directory says of a part's size may be false
        read += len(data)
        if len(data) > _LARGEST_PART or read > _LARGEST_FILE:
            message = f"The part {entry.filename} unpacks to more than a report can hold."
            raise _fault("too-large", message, place)
        parts[entry.filename] = data
    return parts


def parse_part(data: bytes, part: str, place: Place) -> Any:
    """The root of the XML in ``data``; ``part`` is its name in the file at ``place``. Raises as :meth:`tree`."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise _fault("damaged-file", f"The part {part} is damaged: {e}.", place) from e
    if root.getroottree().docinfo.doctype:
        message = f"The part {part} has a document type declaration, which no part of a Word file may have."
        raise _fault("damaged-file", message, place)
    return root


def _parsed(parts: Mapping[str, bytes], part: str, place: Place) -> Any:
    return parse_part(parts[part], part, place)


def relations_part(part: str) -> str:
    """The name of the part that holds the relations of ``part``; of the file itself where ``part`` is empty."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def target_part(part: str, target: str) -> str:
    """The part that a relation of ``part`` leads to: its target may be written from the root or from the part."""
    return (
        target.lstrip("/")
        if target.startswith("/")
        else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
    )


def _relations(parts: Mapping[str, bytes], part: str, place: Place) -> Iterator[Relation]:
    name = relations_part(part)
    if name not in parts:
        return
    for entry in _parsed(parts, name, place).iter(f"{RELATIONSHIPS}Relationship"):
        external = entry.get("TargetMode") == "External"
        target = str(entry.get("Target", ""))
        yield Relation(
            id=str(entry.get("Id", "")),
            type=str(entry.get("Type", "")),
            target=target if external else target_part(part, target),
            external=external,
        )


def _no_word_file(data: bytes, place: Place) -> ReportError:
    if data.startswith(_OLD_OFFICE):
        message = "The file is locked with a password, or saved in the form of Word 2003 or earlier."
        return _fault("not-a-word-file", message, place, "Open it in Word and save it as *.docx without a password.")
    return _fault("not-a-word-file", "The file is no Word document, or only a part of one.", place)


def _fault(code: str, message: str, place: Place, hint: str = "") -> ReportError:
    hint = hint or "Take the file that was sent out or returned, saved as a Word document (*.docx)."
    return ReportError(Problem(code=code, message=message, place=place, hint=hint))
