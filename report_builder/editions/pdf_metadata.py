"""What a PDF says it is, in its XMP packet: PDF/A-2a by WeasyPrint, and PDF/UA-1 by us."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"


def identify(pdf: Any) -> None:
    """Add to the file's XMP that it is PDF/UA-1 too, with the schema that PDF/A asks for, and leave it uncompressed."""
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number]
    packet = ElementTree.fromstring(b"".join(stream.stream))  # noqa: S314 -- written by WeasyPrint just now
    rdf = packet.find(f"{{{_RDF}}}RDF")
    if rdf is None:
        raise RuntimeError("WeasyPrint wrote no RDF")
    for prefix, uri in (("pdfuaid", _UA), ("pdfaExtension", _EXTENSION), ("pdfaSchema", _SCHEMA)):
        ElementTree.register_namespace(prefix, uri)
    ElementTree.register_namespace("pdfaProperty", _PROPERTY)
    ElementTree.register_namespace("x", "adobe:ns:meta/")
    rdf.append(ElementTree.Element(f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": "", f"{{{_UA}}}part": "1"}))
    rdf.append(_ua_schema())
    begin = '<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
    stream.stream = [begin + ElementTree.tostring(packet, encoding="utf-8") + b'\n<?xpacket end="r"?>']
    stream.compress = False


def _ua_schema() -> ElementTree.Element:
    """PDF/A knows no PDF/UA: a file that names it must bring the description of that property."""
    made = ElementTree.Element(f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
    schema = _item(_within(made, _EXTENSION, "schemas"), "Bag")
    _within(schema, _SCHEMA, "schema").text = "PDF/UA identification schema"
    _within(schema, _SCHEMA, "namespaceURI").text = _UA
    _within(schema, _SCHEMA, "prefix").text = "pdfuaid"
    part = _item(_within(schema, _SCHEMA, "property"), "Seq")
    _within(part, _PROPERTY, "name").text = "part"
    _within(part, _PROPERTY, "valueType").text = "Integer"
    _within(part, _PROPERTY, "category").text = "internal"
    _within(part, _PROPERTY, "description").text = "The part of ISO 14289 that the file conforms to"
    return made


def _within(parent: ElementTree.Element, namespace: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{namespace}}}{name}")


def _item(parent: ElementTree.Element, container: str) -> ElementTree.Element:
    item = _within(_within(parent, _RDF, container), _RDF, "li")
    item.set(f"{{{_RDF}}}parseType", "Resource")
    return item
