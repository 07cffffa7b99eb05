"""A Word file as its parts: read from a zip, taken over piece by piece into another, written the same each time."""

from __future__ import annotations

import hashlib
import io
import posixpath
import zipfile
from typing import Any

from lxml import etree

from report_builder.packages.word import (
    FOOTNOTES_PART,
    MAIN_PART,
    RELATIONSHIPS,
    R,
    W,
    open_word,
    parse_part,
    relations_part,
    target_part,
)
from report_builder.problems import Place, Problem, ReportError

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_STAMP = (1980, 1, 1, 0, 0, 0)
_PICTURE_NUMBER = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

_LISTS, _STYLES = "word/numbering.xml", "word/styles.xml"


class Parts:
    """The parts of a Word file, to be changed; XML parts are parsed when they are first asked for.

    Raises:
        ReportError: the file is no Word file, or a part that is asked for is missing or damaged.

    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.files = dict(open_word(data, name).parts)
        self._trees: dict[str, Any] = {}

    def tree(self, name: str) -> Any:
        """The root of an XML part."""
        if name not in self._trees:
            if name not in self.files:
                message = f"The file has no part {name}."
                raise ReportError(Problem(code="damaged-file", message=message, place=Place(file=self.name)))
            self._trees[name] = parse_part(self.files[name], name, Place(file=self.name))
        return self._trees[name]

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """The relations of a part: id → (type, target, whether it lies outside the file)."""
        name = relations_part(part)
        if name not in self.files:
            return {}
        return {
            r.get("Id"): (r.get("Type"), r.get("Target"), r.get("TargetMode") == "External") for r in self.tree(name)
        }

    def blob(self, part: str, relation: str) -> bytes:
        """The bytes of the part that a relation leads to; empty where it leads out of the file."""
        found = self.relations(part).get(relation)
        return b"" if found is None or found[2] else self.files.get(target_part(part, found[1]), b"")

    def relate(self, part: str, kind: str, target: str, *, external: bool) -> str:
        """A new relation of a part."""
        name = relations_part(part)
        if name not in self.files:
            self.files[name] = b""
            self._trees[name] = etree.Element(f"{RELATIONSHIPS}Relationships", nsmap={None: RELATIONSHIPS[1:-1]})
        root = self.tree(name)
        number = 1 + max((int(r.get("Id").lstrip("rId") or 0) for r in root), default=0)
        entry = etree.SubElement(root, f"{RELATIONSHIPS}Relationship", Id=f"rId{number}", Type=kind, Target=target)
        if external:
            entry.set("TargetMode", "External")
        return f"rId{number}"

    def add(self, name: str, data: bytes, like: Parts, original: str) -> None:
        """A new part of the same content type as ``original`` has in ``like``."""
        self.files[name] = data
        types = self.tree("[Content_Types].xml")
        kind = next(
            (e.get("ContentType") for e in like.tree("[Content_Types].xml") if e.get("PartName") == f"/{original}"),
            None,
        )
        if kind is not None:
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=kind)

    def saved(self) -> bytes:
        """The file's bytes: entries in order, no time and no machine in them."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
            for name in sorted(self.files, key=lambda name: (name != "[Content_Types].xml", name)):
                entry = zipfile.ZipInfo(name, _STAMP)
                entry.create_system, entry.external_attr = 0, 0o600 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                tree = self._trees.get(name)
                data = self.files[name] if tree is None else etree.tostring(tree, encoding="UTF-8", standalone=True)
                package.writestr(entry, data)
        return out.getvalue()


class Adoption:
    """Takes elements of one file over into another: pictures, links, notes, lists and styles follow them."""

    def __init__(self, old: Parts, new: Parts) -> None:
        self.old, self.new = old, new
        self._relations: dict[tuple[str, str], str] = {}
        self._notes: dict[str, str] = {}
        self._lists: dict[str, str] = {}
        self._styles = _styles(old), {name: number for number, name in _styles(new).items()}
        self._bookmarks = {b.get(f"{W}name") for b in new.tree(MAIN_PART).iter(f"{W}bookmarkStart")}
        self._blobs = {
            hashlib.sha256(d).digest(): name for name, d in new.files.items() if name.startswith("word/media/")
        }
        self._next = 100000

    def fresh(self) -> str:
        """A number that nothing in either file has."""
        self._next += 1
        return str(self._next)

    def take(self, element: Any, part: str) -> Any:
        """``element`` of ``part`` of the old file, made to fit into the new one."""
        kept: set[str] = set()
        for node in list(element.iter()):
            if node.tag in (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"):
                self._style(node)
            elif node.tag == f"{W}numId":
                node.set(f"{W}val", self._list(node.get(f"{W}val")))
            elif node.tag == f"{W}footnoteReference":
                node.set(f"{W}id", self._note(node.get(f"{W}id")))
            elif node.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
                self._bookmark(node, kept)
            elif node.tag == f"{W}sectPr":
                node.getparent().remove(node)
            elif node.tag == _PICTURE_NUMBER:
                node.set("id", self.fresh())
            for name in (f"{R}embed", f"{R}id"):
                if node.get(name):
                    node.set(name, self._relation(part, node.get(name)))
        return element

    def _style(self, node: Any) -> None:
        name = self._styles[0].get(node.get(f"{W}val"), "")
        if name in self._styles[1]:
            node.set(f"{W}val", self._styles[1][name])
        else:
            node.getparent().remove(node)

    def _bookmark(self, node: Any, kept: set[str]) -> None:
        if node.tag == f"{W}bookmarkStart":
            if node.get(f"{W}name") in self._bookmarks:
                node.getparent().remove(node)
                return
            self._bookmarks.add(node.get(f"{W}name"))
            kept.add(node.get(f"{W}id"))
        elif node.get(f"{W}id") not in kept:
            node.getparent().remove(node)
            return
        node.set(f"{W}id", f"9{node.get(f'{W}id')}")

    def _relation(self, part: str, relation: str) -> str:
        key = (part, relation)
        if key not in self._relations and relation in (known := self.old.relations(part)):
            kind, target, external = known[relation]
            if not external:
                target = self._media(part, target_part(part, target))
            self._relations[key] = self.new.relate(part, kind, target, external=external)
        return self._relations.get(key, relation)

    def _media(self, part: str, name: str) -> str:
        data = self.old.files[name]
        digest = hashlib.sha256(data).digest()
        if digest not in self._blobs:
            stem, dot, extension = name.rpartition("/")[2].rpartition(".")
            self._blobs[digest] = f"word/media/earlier-{stem}{dot}{extension}"
            self.new.add(self._blobs[digest], data, self.old, name)
        return posixpath.relpath(self._blobs[digest], posixpath.dirname(part))

    def _note(self, number: str) -> str:
        if number not in self._notes:
            note = next(n for n in self.old.tree(FOOTNOTES_PART) if n.get(f"{W}id") == number)
            root = self.new.tree(FOOTNOTES_PART)
            self._notes[number] = str(1 + max(int(n.get(f"{W}id")) for n in root))
            copied = self.take(_copy(note), FOOTNOTES_PART)
            copied.set(f"{W}id", self._notes[number])
            root.append(copied)
        return self._notes[number]

    def _list(self, number: str) -> str:
        """A list of its own in the old file stays a list of its own; one of the template's is the same in both."""
        if number not in self._lists:
            old, root = self.old.tree(_LISTS), self.new.tree(_LISTS)
            found = next((e for e in old.iter(f"{W}num") if e.get(f"{W}numId") == number), None)
            if found is None or found.find(f"{W}lvlOverride") is None:
                self._lists[number] = number
            else:
                last = [e for e in root if e.tag == f"{W}num"][-1]
                copied = _copy(found)
                self._lists[number] = str(1 + max(int(e.get(f"{W}numId")) for e in root.iter(f"{W}num")))
                copied.set(f"{W}numId", self._lists[number])
                last.addnext(copied)
        return self._lists[number]


def _copy(element: Any) -> Any:
    return etree.fromstring(etree.tostring(element))


def _styles(parts: Parts) -> dict[str, str]:
    found = parts.tree(_STYLES).iter(f"{W}style")
    return {s.get(f"{W}styleId"): s.find(f"{W}name").get(f"{W}val") for s in found}
