"""A small graph of statements, written as Turtle and as JSON-LD; the same graph gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class Iri:
    """The address of a thing."""

    address: str


@dataclass(frozen=True, slots=True)
class Literal:
    """Words or a value, in a language or of a data type (``xsd:date``)."""

    text: str
    language: str = ""
    type: str = ""


Term = Iri | Literal


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing: its address, what it is (``dcat:Dataset``), and what is said of it, property by property."""

    address: str
    kind: str
    said: Mapping[str, Sequence[Term]]


def turtle(things: Iterable[Thing]) -> bytes:
    """The things as Turtle."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for thing in things:
        parts = [f"    a {thing.kind}"]
        for name, terms in sorted(thing.said.items()):
            if terms:
                parts.append(f"    {name} {', '.join(_turtle(term) for term in terms)}")
        lines += ["", f"<{thing.address}>", " ;\n".join(parts) + " ."]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _turtle(term: Term) -> str:
    if isinstance(term, Iri):
        return f"<{term.address}>"
    text = json.dumps(term.text, ensure_ascii=False)
    return f"{text}@{term.language}" if term.language else f"{text}^^{term.type}" if term.type else text


def json_ld(things: Iterable[Thing]) -> bytes:
    """The things as JSON-LD, with the prefixes as its context."""
    graph = [
        {"@id": thing.address, "@type": thing.kind}
        | {name: [_json(term) for term in terms] for name, terms in thing.said.items() if terms}
        for thing in things
    ]
    content = {"@context": PREFIXES, "@graph": graph}
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def things_of(data: bytes) -> Iterator[Thing]:
    """The things of what :func:`json_ld` wrote."""
    for node in json.loads(data)["@graph"]:
        said = {name: [_term(term) for term in terms] for name, terms in node.items() if not name.startswith("@")}
        yield Thing(node["@id"], node["@type"], said)


def _term(node: Mapping[str, str]) -> Term:
    if "@id" in node:
        return Iri(node["@id"])
    return Literal(node["@value"], language=node.get("@language", ""), type=node.get("@type", ""))


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, Iri):
        return {"@id": term.address}
    more = {"@language": term.language} if term.language else {"@type": term.type} if term.type else {}
    return {"@value": term.text, **more}
