"""Editing a Word file as reviewers do: tracking or not, and with comments, in the elements that Word writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from report_builder.editions.ooxml import w

WHO, WHEN = "Enhetschef", "2026-02-20T10:15:00Z"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


class Desk:
    """A Word file on a reviewer's desk."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.document = etree.fromstring(self.parts["word/document.xml"])
        self.notes = etree.fromstring(self.parts["word/footnotes.xml"])
        self.comments: list[str] = []

    def save(self) -> bytes:
        """The file as bytes."""
        parts = {**self.parts, "word/document.xml": etree.tostring(self.document)}
        parts["word/footnotes.xml"] = etree.tostring(self.notes)
        if self.comments:
            self._add_comments(parts)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, part in parts.items():
                package.writestr(name, part)
        return buffer.getvalue()

    def paragraph(self, words: str) -> Any:
        """The first paragraph that holds ``words``."""
        for story in (self.document, self.notes):
            for paragraph in story.iter(w("p")):
                if words in "".join(t.text or "" for t in paragraph.iter(w("t"))):
                    return paragraph
        raise AssertionError(f"no paragraph says {words!r}")

    def type_over(self, old: str, new: str) -> None:
        """Exchange words in a run without tracking."""
        text = self._text(old)
        text.text = text.text.replace(old, new, 1)

    def track(self, old: str, new: str, who: str = WHO) -> None:
        """Strike out ``old`` and put in ``new``, tracked, cutting the run in pieces as Word does."""
        text = self._text(old)
        run = text.getparent()
        before, _, after = text.text.partition(old)
        pieces = [self._run(run, before)] if before else []
        pieces.append(self._tracked("del", who, self._run(run, old, struck=True)))
        if new:
            pieces.append(self._tracked("ins", who, self._run(run, new)))
        if after:
            pieces.append(self._run(run, after))
        for piece in pieces:
            run.addprevious(piece)
        run.getparent().remove(run)

    def strike_paragraph(self, words: str) -> None:
        """Strike out a whole paragraph and its end, tracked; controls stay around what is struck out."""
        paragraph = self.paragraph(words)
        for run in list(paragraph.iter(w("r"))):
            for text in run.findall(w("t")):
                text.tag = w("delText")
            mark = self._tracked("del", WHO)
            run.addprevious(mark)
            mark.append(run)
        self._end(paragraph, "del")

    def add_paragraph(self, behind: str, words: str) -> None:
        """Put in a new paragraph, tracked: the cursor at the end of a paragraph, Enter, and words."""
        paragraph = self.paragraph(behind)
        new = etree.Element(w("p"))
        new.append(deepcopy(paragraph.find(w("pPr"))))
        run = etree.Element(w("r"))
        text = etree.SubElement(run, w("t"))
        text.text = words
        new.append(self._tracked("ins", WHO, run))
        paragraph.addnext(new)
        self._end(paragraph, "ins")

    def join(self, words: str) -> None:
        """Strike out the end of a paragraph, so that the next one follows in it."""
        self._end(self.paragraph(words), "del")

    def retype_fact(self, tag: str, new: str, *, tracked: bool = True) -> None:
        """Write another number in a fact's control."""
        control = next(self._controls(tag))
        text = next(control.iter(w("t")))
        if tracked:
            self.track_in(text, new)
        else:
            text.text = new

    def track_in(self, text: Any, new: str) -> None:
        """Exchange the whole of a run, tracked."""
        run = text.getparent()
        run.addprevious(self._tracked("del", WHO, self._run(run, text.text, struck=True)))
        run.addprevious(self._tracked("ins", WHO, self._run(run, new)))
        run.getparent().remove(run)

    def drop_controls(self) -> None:
        """Take the control of every number away and keep its words, as programs that do not know them do."""
        for story in (self.document, self.notes):
            for control in [c for c in story.iter(w("sdt")) if c.find(f"{w('sdtPr')}/{w('tag')}") is not None]:
                for child in list(control.find(w("sdtContent"))):
                    control.addprevious(child)
                control.getparent().remove(control)

    def comment(self, words: str, said: str) -> None:
        """Tie a comment to the run that holds ``words``."""
        number = len(self.comments)
        run = self._text(words).getparent()
        run.addprevious(etree.Element(w("commentRangeStart"), {w("id"): str(number)}))
        mark = etree.Element(w("r"))
        etree.SubElement(mark, w("commentReference"), {w("id"): str(number)})
        run.addnext(mark)
        run.addnext(etree.Element(w("commentRangeEnd"), {w("id"): str(number)}))
        self.comments.append(
            f'<w:comment w:id="{number}" w:author="{WHO}" w:date="{WHEN}" w:initials="E">'
            f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:comment>"
        )

    def _controls(self, tag: str) -> Iterator[Any]:
        for control in self.document.iter(w("sdt")):
            found = control.find(f"{w('sdtPr')}/{w('tag')}")
            if found is not None and found.get(w("val")) == tag:
                yield control

    def _text(self, words: str) -> Any:
        for story in (self.document, self.notes):
            for text in story.iter(w("t")):
                if words in (text.text or ""):
                    return text
        raise AssertionError(f"no run says {words!r}")

    def _run(self, model: Any, words: str, *, struck: bool = False) -> Any:
        run = etree.Element(w("r"))
        look = model.find(w("rPr"))
        if look is not None:
            run.append(deepcopy(look))
        text = etree.SubElement(run, w("delText" if struck else "t"))
        text.text = words
        return run

    def _tracked(self, kind: str, who: str, *content: Any) -> Any:
        mark = etree.Element(w(kind), {w("id"): "9", w("author"): who, w("date"): WHEN})
        mark.extend(content)
        return mark

    def _end(self, paragraph: Any, kind: str) -> None:
        etree.SubElement(paragraph.find(w("pPr")), w("rPr")).append(self._tracked(kind, WHO))

    def _add_comments(self, parts: dict[str, bytes]) -> None:
        declared = f'xmlns:w="{w("")[1:-1]}"'
        parts["word/comments.xml"] = f"<w:comments {declared}>{''.join(self.comments)}</w:comments>".encode()
        relation = f'<Relationship Id="rC" Type="{_OFFICE}/comments" Target="comments.xml"/>'
        self._insert(parts, "word/_rels/document.xml.rels", relation, "</Relationships>")
        self._insert(
            parts, "[Content_Types].xml", f'<Override PartName="/word/comments.xml" ContentType="{_KIND}"/>', "</Types>"
        )

    def _insert(self, parts: dict[str, bytes], name: str, text: str, before: str) -> None:
        parts[name] = parts[name].replace(before.encode(), f"{text}{before}".encode())
