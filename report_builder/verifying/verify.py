"""A finished output or bundle read back: the manifest's files, and every figure in them its fact's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.names import fact_tag
from report_builder.document.parts import printed
from report_builder.document.walk import walk
from report_builder.editions.spreadsheet import workbook
from report_builder.editions.word.accessibility import accessibility
from report_builder.facts.claims import Claim, claims_of, disagreement, numbers_in
from report_builder.facts.fact import FactSet
from report_builder.facts.factfile import parse_facts
from report_builder.packages.archive import is_bundle, read_files
from report_builder.packages.bundles import seal_problems
from report_builder.packages.manifest import MANIFEST, read_manifest, sha256
from report_builder.packages.signature import key_fingerprint
from report_builder.packages.sums import SIGNATURE, SUMS
from report_builder.problems import Place, Problem, ReportError
from report_builder.publishing.bundle_check import inner_problems
from report_builder.verifying import conformance
from report_builder.verifying.edition_passages import (
    EditionPassage,
    Expected,
    expected_passages,
    folded,
    has_figure,
    is_frame,
    masked,
    printed_frame,
)
from report_builder.verifying.read_html import html_passages
from report_builder.verifying.read_pdf import pdf_passages
from report_builder.verifying.read_spreadsheet import spreadsheet_problems
from report_builder.verifying.read_word import word_passages
from report_builder.verifying.wording import at_place, headings_of, is_entry, short, word_problems

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

READERS: Mapping[str, Callable[[bytes, str], Iterator[EditionPassage]]] = {
    ".docx": word_passages,
    ".html": html_passages,
    ".pdf": pdf_passages,
}
"""How the passages of an edition are read, by the end of its name."""

_NEEDED = (MANIFEST, "document.json", "facts.csv")
_UNLISTED = frozenset({MANIFEST, SUMS, SIGNATURE})
"""The files of a bundle that its manifest does not list: they are about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was read back, and what is wrong with it."""

    problems: tuple[Problem, ...]
    claims: int
    read: tuple[tuple[str, int], ...]
    judged: bool
    sealed: str = ""
    against: str = ""
    """The folder that a single file was held against."""

    @property
    def summary(self) -> str:
        """One line for the terminal."""
        files = ", ".join(f"{name} ({count} {_pieces(name)})" for name, count in self.read)
        if self.against:
            says = "does not say" if self.problems else "says"
            return f"The file {says} what the report says. Read back: {files}; held against {self.against}."
        if self.problems and not self.read:
            return "The bundle is not the one that was published; what it says was not read."
        if self.problems:
            return f"The output does not say what its facts say. Read back: {files}."
        judged = "The PDF conforms." if self.judged else "The PDF was not judged: page-validation is not installed."
        return f"{self.sealed}Every figure is its fact's: {self.claims} claims, read back in {files}. {judged}"


def _pieces(name: str) -> str:
    return "sheets" if name.endswith((".xlsx", ".ods")) else "passages"


def verify(path: Path, key: Ed25519PublicKey | None = None) -> Verified:
    """Read the output or the bundle at ``path`` back and hold it against its manifest and its facts.

    A bundle, folder or ZIP, must be what was published besides; where ``key`` is given, by whoever has that key.

    Raises:
        ReportError: it is no output of a build and no bundle, or a file in it cannot be read at all.

    """
    files = read_files(path)
    if not is_bundle(files):
        if key is None:
            return read_back(files, str(path))
        message = "This is the output of a build: only a published bundle is signed."
        raise ReportError(Problem(code="not-signed", message=message, place=Place(file=str(path))))
    broken = tuple(seal_problems(files, key))
    if broken:
        return Verified(problems=broken, claims=0, read=(), judged=False)
    found = read_back(files, str(path))
    inner = tuple(inner_problems(files, store.loads(files["document.json"], "document.json")))
    return dataclasses.replace(found, problems=(*found.problems, *inner), sealed=_sealed(files))


def _sealed(files: Mapping[str, bytes]) -> str:
    print_ = key_fingerprint(files)
    by = f"signed with the key {print_}" if print_ else "not signed"
    return f"The bundle is whole ({len(files)} files, {by}). "


def read_back(files: Mapping[str, bytes], shown: str) -> Verified:
    """Hold the files of an output (name → bytes) against their manifest and their facts; raises as :func:`verify`."""
    missing = [name for name in _NEEDED if name not in files]
    if missing:
        hint = "Name the folder that a build made, such as output/<kind>/<release>, or a published bundle."
        message = f"This is not the output of a build: {', '.join(missing)} is missing."
        raise ReportError(Problem(code="no-output", message=message, place=Place(file=shown), hint=hint))
    problems = list(_checksums(files))
    try:
        document = store.loads(files["document.json"], "document.json")
        facts = parse_facts(files["facts.csv"], "facts.csv")
    except ReportError as e:
        raise ReportError((*problems, *e.problems)) from e
    claims: list[Claim] = list(claims_of(document, facts.get))
    problems += [_broken(claim) for claim in claims if claim.fault]
    read: list[tuple[str, int]] = []
    for name in sorted(f for f in files if f.endswith((".xlsx", ".ods")) and "/" not in f):
        book = workbook(document, {fact.id: fact for fact in facts})
        problems += spreadsheet_problems(files[name], name, book)
        read.append((name, len(book.sheets)))
    for name, data in sorted(files.items()):
        if Path(name).suffix in READERS and "/" not in name:
            found = tuple(READERS[Path(name).suffix](data, name))
            problems += edition_problems(name, data, found, document, facts)
            read.append((name, len(found)))
    judged = conformance.judge_is_here()
    return Verified(problems=tuple(problems), claims=len(claims), read=tuple(read), judged=judged)


def edition_problems(
    name: str, data: bytes, found: tuple[EditionPassage, ...], document: n.Document, facts: FactSet
) -> Iterator[Problem]:
    """Whatever of an edition, whose passages have been ``found``, is not what the document and its facts say."""
    yield from _edition(name, found, document, facts)
    yield from _without_running_words(name, found, document)
    if name.endswith(".docx"):
        yield from accessibility(data, name)
    if name.endswith(".pdf") and conformance.judge_is_here():
        yield from conformance.faults(data, name)


def _without_running_words(name: str, found: tuple[EditionPassage, ...], document: n.Document) -> Iterator[Problem]:
    """The title and the marks that run above every page, where no running head says them."""
    heads = [folded(p.text) for p in found if p.place.startswith("in the running head")]
    if not name.endswith((".docx", ".pdf")):
        return
    for words in (document.meta.running_title, *document.meta.marks):
        lacking = not heads or any(folded(words) not in head for head in heads) if name.endswith(".docx") else False
        if lacking or not any(folded(words) in head for head in heads):
            yield at_place(name, "in the running head", "lost-words", f"the report says {words!r}, the file does not")


def _checksums(files: Mapping[str, bytes]) -> Iterator[Problem]:
    listed = read_manifest(files[MANIFEST], Place(file=MANIFEST)).sums
    for name, digest in sorted(listed.items()):
        if name not in files:
            message = "The manifest lists the file, and it is not here."
            yield Problem(code="file-missing", message=message, place=Place(file=name))
        elif sha256(files[name]) != digest:
            message = "The file is not the one that was built: its checksum differs from the manifest's."
            hint = "What differs in figures is listed below, if anything does. Build again to get the file back."
            yield Problem(code="checksum", message=message, place=Place(file=name), hint=hint)
    for name in sorted(set(files) - set(listed) - _UNLISTED):
        message = "The file is not in the manifest."
        yield Problem(code="extra-file", message=message, place=Place(file=name), hint="Move it out of the folder.")


def _broken(claim: Claim) -> Problem:
    message = f"{claim.place}: {claim.words!r}: {claim.fault}."
    return Problem(code="unresolved-claim", message=message, place=Place(file="document.json"), value=claim.words)


def _edition(name: str, found: tuple[EditionPassage, ...], document: n.Document, facts: FactSet) -> Iterator[Problem]:
    shown = shown_in(name, document)
    tags = {fact_tag(fact_id): fact_id for fact_id in (v.fact_id for v in walk(document) if isinstance(v, n.FactValue))}
    for passage in found:
        for tag, said in passage.facts:
            fact = facts.get(tags.get(tag, tag))
            fault = disagreement(said, fact) if fact is not None else f"no fact is called {tag}"
            if fault:
                yield at_place(name, passage.place, "wrong-figure", f"{said!r}: {fault}")
    wanted, frame = tuple(expected_passages(shown)), printed_frame(shown)
    yield from _against(name, found, wanted, frame)
    yield from word_problems(name, found, wanted, frame)


def shown_in(name: str, document: n.Document) -> n.Document:
    """What an edition shows of the document: PDF and Word go without the data annex."""
    return document if name.endswith(".html") else printed(document)


def _against(
    name: str, found: tuple[EditionPassage, ...], wanted: tuple[Expected, ...], allowed: frozenset[str]
) -> Iterator[Problem]:
    """Passages with figures that the document does not hold, and passages of the document that are not there."""
    forms = {form for piece in wanted for form in piece.forms}
    masks: dict[str, list[Expected]] = {}
    for piece in wanted:
        for form in piece.forms:
            masks.setdefault(masked(form), []).append(piece)
    headings = headings_of(wanted)
    seen = {folded(passage.text) for passage in found}
    lost = [p for p in wanted if has_figure(p.text) and seen.isdisjoint(p.forms)]
    for passage in found:
        fold = folded(passage.text)
        known = fold in forms or is_frame(fold, allowed) or is_entry(fold, headings)
        if not known and has_figure(passage.text):
            meant = next((e for e in masks.get(masked(fold), ()) if e in lost), None)
            if meant is not None:
                lost.remove(meant)
            yield at_place(name, passage.place, "unknown-figure", _differs(passage, meant))
    for piece in lost:
        yield at_place(name, piece.place, "lost-figure", f"the report says {short(piece.text)!r}, the file does not")


def _differs(passage: EditionPassage, meant: Expected | None) -> str:
    if meant is None:
        return f"{short(passage.text)!r} is not in the report"
    said, right = numbers_in(passage.text), numbers_in(meant.text)
    pairs = [(a, b) for a, b in zip(said, right, strict=False) if a != b]
    swaps = ", ".join(f"{a} for {b}" for a, b in pairs) or "its figures differ"
    return f"{short(passage.text)!r} is not what the report says ({swaps}; {meant.place})"
