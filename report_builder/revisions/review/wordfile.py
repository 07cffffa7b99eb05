"""A reviewed Word file: the parts that a reviewer's words stand in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report_builder.packages.word import W, WordPackage, read_word_file
from report_builder.problems import Place, Problem, ReportError

_PROPERTIES = "docProps/custom.xml"


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


def read_reviewed(path: Path) -> WordFile:
    """The Word file at ``path``.

    Raises:
        ReportError: the file does not exist, is no Word file, is damaged, unpacks to far too much, or has no words.

    """
    package = read_word_file(path)
    body = package.tree(package.main).find(f"{W}body")
    if not any(text.text for text in body.iter(f"{W}t", f"{W}delText")):
        hint = "See that it is the file that was reviewed."
        place = Place(file=package.name)
        raise ReportError(Problem(code="no-content", message="The file holds no words.", place=place, hint=hint))
    return WordFile(
        body=body,
        notes=package.related("footnotes"),
        comments=package.related("comments"),
        threads=package.related("commentsExtended"),
        properties=custom_properties(package),
    )


def custom_properties(package: WordPackage) -> dict[str, str]:
    """The custom properties of a Word file, by name. Raises ReportError where the part is damaged."""
    tree = package.tree(_PROPERTIES)
    if tree is None:
        return {}
    return {str(item.get("name")): "".join(item.itertext()) for item in tree if item.get("name")}
