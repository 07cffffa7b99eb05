"""A bundle held against itself: what it says in two places is the same in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from report_builder.document import nodes as n
from report_builder.facts import factfile
from report_builder.packages.bundles import INPUTS
from report_builder.packages.manifest import MANIFEST, InputRecord, read_manifest, sha256
from report_builder.problems import Place, Problem
from report_builder.publishing import datafiles


def inner_problems(files: Mapping[str, bytes], document: n.Document) -> Iterator[Problem]:
    """Where the files of a bundle do not agree with one another: inputs, tables, figures and the open data.

    Raises:
        ReportError: the manifest or the facts cannot be read.

    """
    manifest = read_manifest(files[MANIFEST], Place(file=MANIFEST))
    yield from _inputs(files, manifest.inputs)
    facts = factfile.parse_facts(files["facts.csv"], "facts.csv")
    wanted = datafiles.table_files(document) | datafiles.figures(document)
    wanted["facts.sdmx.csv"] = factfile.sdmx_csv(facts, document.meta.authority.short).encode("utf-8")
    for name, data in wanted.items():
        if name not in files:
            message = "The document has this table or figure, and the bundle does not hold it as a file."
            yield Problem(code="file-missing", message=message, place=Place(file=name))
        elif files[name] != data:
            message = "The file does not say what the document and the facts say."
            yield Problem(code="wrong-figure", message=message, place=Place(file=name))


def _inputs(files: Mapping[str, bytes], inputs: tuple[InputRecord, ...]) -> Iterator[Problem]:
    for entry in inputs:
        name = f"{INPUTS}/{entry.file}"
        if entry.kept and (name not in files or sha256(files[name]) != entry.sha256):
            message = "The input is not the one that the report was built from."
            yield Problem(code="checksum", message=message, place=Place(file=name))
