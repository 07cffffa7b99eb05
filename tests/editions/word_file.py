"""A Word file opened for the tests: its parts, its words in reading order, and the numbers Word would count out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import docx
from lxml import etree

from report_builder.editions.ooxml import NAMESPACES, w

MAIN = "word/document.xml"
NOTES = "word/footnotes.xml"


class WordFile:
    """The bytes of a Word file, looked at as parts and as python-docx sees them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.document = docx.Document(io.BytesIO(data))

    @cached_property
    def trees(self) -> dict[str, Any]:
        """Every XML part, parsed."""
        return {name: etree.fromstring(data) for name, data in self.parts.items() if name.endswith((".xml", ".rels"))}

    @property
    def body(self) -> Any:
        """The text's own element."""
        return self.trees[MAIN][0]

    @property
    def stories(self) -> dict[str, Any]:
        """The parts that a reader reads: text, notes, heads and feet."""
        return {
            n: t for n, t in self.trees.items() if n in (MAIN, NOTES) or n.startswith(("word/header", "word/footer"))
        }

    @cached_property
    def style_names(self) -> dict[str, str]:
        """Style names as the file has them, by id."""
        return {style.style_id: style.element.name_val for style in self.document.styles}

    def find(self, path: str) -> list[Any]:
        """What an XPath finds in the text."""
        return list(self.body.xpath(path, namespaces=NAMESPACES))

    def style(self, paragraph: Any) -> str:
        """The name of a paragraph's style."""
        return self.style_names[paragraph.find(f"{w('pPr')}/{w('pStyle')}").get(w("val"))]

    def paragraphs(self, *styles: str) -> list[Any]:
        """The paragraphs of the text in one of the styles, tables' own too."""
        return [p for p in self.body.iter(w("p")) if self.style(p) in styles]

    def reading(self) -> list[str]:
        """The words of every paragraph in reading order, with the notes' marks left out."""
        return [words(p) for p in self.body.iter(w("p")) if words(p)]

    def controls(self) -> Iterator[tuple[str, str, str]]:
        """Every number: tag, words, lock ("" where there is none)."""
        for story in self.stories.values():
            for control in story.iter(w("sdt")):
                properties = control.find(w("sdtPr"))
                tag = properties.find(w("tag"))
                if tag is not None:
                    lock = properties.find(w("lock"))
                    yield tag.get(w("val")), words(control), "" if lock is None else lock.get(w("val"))

    def counted(self) -> list[str]:
        """The label that Word counts out for every heading that belongs to a list, in reading order, "" for others."""
        return list(_Lists(self).count_out(self.headings()))

    def headings(self) -> list[Any]:
        """The paragraphs that Word takes for headings: those whose style has an outline level."""
        return [p for p in self.body.iter(w("p")) if self.inherited(p, "outlineLvl") is not None]

    def inherited(self, paragraph: Any, name: str) -> Any:
        """The first element ``name`` among the properties of the paragraph's style and of those that it rests on."""
        styles = {s.get(w("styleId")): s for s in self.trees["word/styles.xml"].iter(w("style"))}
        style_id = paragraph.find(f"{w('pPr')}/{w('pStyle')}").get(w("val"))
        while style_id is not None:
            found = styles[style_id].find(f"{w('pPr')}/{w(name)}")
            if found is not None:
                return found
            based = styles[style_id].find(w("basedOn"))
            style_id = None if based is None else based.get(w("val"))
        return None


class _Lists:
    """Word's counting of headings, from the list definitions alone."""

    def __init__(self, file: WordFile) -> None:
        self.file = file
        numbering = file.trees["word/numbering.xml"]
        self.models = {a.get(w("abstractNumId")): a for a in numbering.iter(w("abstractNum"))}
        self.series = {
            num.get(w("numId")): num.find(w("abstractNumId")).get(w("val")) for num in numbering.iter(w("num"))
        }
        self.counts: dict[str, list[int]] = {}

    def count_out(self, paragraphs: list[Any]) -> Iterator[str]:
        for paragraph in paragraphs:
            place = self.file.inherited(paragraph, "numPr")
            series = "0" if place is None else place.find(w("numId")).get(w("val"))
            if series == "0":
                yield ""
                continue
            at = place.find(w("ilvl"))
            level = 0 if at is None else int(at.get(w("val")))
            counts = self.counts.setdefault(self.series[series], [0] * 9)
            counts[level] += 1
            counts[level + 1 :] = [0] * (8 - level)
            yield self._label(self.models[self.series[series]], level, counts)

    def _label(self, model: Any, level: int, counts: list[int]) -> str:
        levels = {int(each.get(w("ilvl"))): each for each in model.iter(w("lvl"))}
        label = levels[level].find(w("lvlText")).get(w("val"))
        for i, count in enumerate(counts[: level + 1]):
            form = levels[i].find(w("numFmt")).get(w("val"))
            label = label.replace(f"%{i + 1}", chr(64 + count) if form == "upperLetter" else str(count))
        return str(label)


def words(element: Any) -> str:
    """The words in an element as a reader sees them: no instructions of fields, tabs as spaces."""
    pieces = []
    for node in element.iter(w("t"), w("tab"), w("softHyphen")):
        if node.tag == w("t"):
            pieces.append(node.text or "")
        elif node.tag == w("tab") and node.getparent().tag == w("r"):
            pieces.append("\t")
    return "".join(pieces)
