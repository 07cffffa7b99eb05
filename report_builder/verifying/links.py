"""Links inside a finished edition: each leads to a place that is there."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from report_builder.packages.word import FOOTNOTES_PART, open_word
from report_builder.packages.word import W as _W
from report_builder.problems import Place, Problem


def dead_links(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Every link of the editions in ``files`` (name → bytes) that leads nowhere inside its own file."""
    for name, data in sorted(files.items()):
        kind = name.rpartition(".")[2] if "/" not in name else ""
        found = {"html": _in_html, "docx": _in_word, "pdf": _in_pdf}.get(kind, lambda *_: ())(data, name)
        for target in dict.fromkeys(found):
            message = f"A link leads to {target}, and the file has no such place."
            hint = "Correct the reference in the template or the section that holds it, and build again."
            yield Problem(code="dead-link", message=message, place=Place(file=name), hint=hint, value=target)


def _in_html(data: bytes, _: str) -> Iterator[str]:
    from lxml import html

    tree = html.document_fromstring(data)
    places = {str(value) for value in tree.xpath("//@id | //a/@name")}
    for target in (str(value) for value in tree.xpath("//@href[starts-with(., '#')]")):
        if target[1:] not in places and target != "#":
            yield target


def _in_word(data: bytes, name: str) -> Iterator[str]:
    package = open_word(data, name)
    trees = [tree for part in (package.main, FOOTNOTES_PART) if (tree := package.tree(part)) is not None]
    places = {str(mark.get(f"{_W}name")) for tree in trees for mark in tree.iter(f"{_W}bookmarkStart")}
    for tree in trees:
        for link in tree.iter(f"{_W}hyperlink"):
            target = link.get(f"{_W}anchor")
            if target is not None and target not in places:
                yield str(target)
        for code in tree.iter(f"{_W}instrText"):
            words = (code.text or "").split()
            if len(words) > 1 and words[0] in ("REF", "PAGEREF") and words[1] not in places:
                yield words[1]


def _in_pdf(data: bytes, _: str) -> Iterator[str]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    places = set(reader.named_destinations)
    for page in reader.pages:
        for reference in page.get("/Annots") or ():
            target: Any = reference.get_object()
            action = target.get("/A")
            goal = action.get_object().get("/D") if action is not None else target.get("/Dest")
            if isinstance(goal, str) and goal not in places:
                yield str(goal)
