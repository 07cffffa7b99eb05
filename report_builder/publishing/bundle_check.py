"""A bundle held against itself: what is in it is what was published, and what it tells twice it tells alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from report_builder.document import nodes as n
from report_builder.facts import factfile
from report_builder.output.manifest import sha256
from report_builder.problems import Place, Problem
from report_builder.publishing import datafiles, signature, sums
from report_builder.publishing.bundle import INPUTS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

UNLISTED = frozenset({"manifest.json", sums.NAME, sums.SIGNATURE})
"""The files of a bundle that its manifest does not name: they are about it."""


def is_bundle(files: Mapping[str, bytes]) -> bool:
    """Whether the files are those of a bundle, and not the output of a build; a spoilt one counts as one."""
    return bool(files.keys() & {sums.NAME, sums.SIGNATURE}) or b'"bundle":' in files.get("manifest.json", b"")


def seals(files: Mapping[str, bytes], key: Ed25519PublicKey | None) -> Iterator[Problem]:
    """What is wrong with checksums and signature.

    Raises:
        ReportError: there is no list of checksums to go by.

    """
    yield from signature.problems(files, key)
    yield from sums.problems(files)


def inner(files: Mapping[str, bytes], document: n.Document) -> Iterator[Problem]:
    """Where the files of a bundle do not agree with one another: inputs, tables, figures and the open data.

    Raises:
        ReportError: the facts cannot be read.

    """
    manifest = json.loads(files["manifest.json"])
    yield from _inputs(files, manifest["inputs"])
    facts = factfile.parse_facts(files["facts.csv"], "facts.csv")
    told = datafiles.tables(document) | datafiles.figures(document)
    told["facts.sdmx.csv"] = factfile.sdmx_csv(facts, document.meta.authority.short).encode("utf-8")
    for name, data in told.items():
        if name not in files:
            message = "The document has this table or figure, and the bundle does not hold it as a file."
            yield Problem(code="file-missing", message=message, place=Place(file=name))
        elif files[name] != data:
            message = "The file does not say what the document and the facts say."
            yield Problem(code="wrong-figure", message=message, place=Place(file=name))


def _inputs(files: Mapping[str, bytes], inputs: list[dict[str, Any]]) -> Iterator[Problem]:
    for entry in inputs:
        name = f"{INPUTS}/{entry['file']}"
        if entry.get("kept") and (name not in files or sha256(files[name]) != entry["sha256"]):
            message = "The input is not the one that the report was built from."
            yield Problem(code="checksum", message=message, place=Place(file=name))
