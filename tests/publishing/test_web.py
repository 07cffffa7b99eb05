"""Beside the report on the web: its page, its data as open data, and what machines read of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import urljoin

import pytest
from finals import Issue
from lxml import html

SHAPES = Path(__file__).with_name("dcat-ap-se.shapes.ttl")


@pytest.fixture(scope="module")
def page(issue: Issue) -> html.HtmlElement:
    return html.fragment_fromstring((issue.folder / "web" / "sida.html").read_text(encoding="utf-8"))


def test_the_page_tells_what_the_report_says_and_where_to_fetch_it(issue: Issue, page: html.HtmlElement) -> None:
    assert (page.tag, page.get("lang")) == ("article", "sv")
    assert [h.text for h in page.xpath(".//h2")] == [
        "Sammanfattning",
        "Nyckeltal",
        "Ändrat sedan den förra rapporten",
        "Diagram",
        "Hämta rapporten",
        "Hämta uppgifterna",
    ]
    summary = page.xpath("string(.//section[@aria-labelledby='sammanfattning'])")
    assert "var balansen" in summary
    assert page.xpath("count(.//section[@aria-labelledby='nyckeltal']//tbody/tr)") == 8
    links = page.xpath(".//section[@aria-labelledby='hamta']//a/text()")
    assert len(links) == 5
    assert all(text.endswith((" kB)", " MB)", "\u00a0kB)", "\u00a0MB)")) for text in links)


def test_every_link_and_picture_of_the_page_is_in_the_bundle(issue: Issue, page: html.HtmlElement) -> None:
    home = (issue.folder / "web" / "sida.html").as_uri()
    inside = [a for a in page.xpath(".//@href | .//@src") if not a.startswith("https:") and not a.startswith("http:")]
    assert len(inside) > 10
    for address in inside:
        assert Path(urljoin(home, address).removeprefix("file://")).is_file(), address
    for picture in page.xpath(".//img"):
        assert len(picture.get("alt")) > 40


def test_the_figures_of_the_page_are_those_of_the_report(issue: Issue, page: html.HtmlElement) -> None:
    table = (issue.folder / "tables" / "tab-samlat.csv").read_text(encoding="utf-8").splitlines()[1:]
    shown = [[cell.text_content() for cell in row.xpath("td")] for row in page.xpath(".//tbody/tr")]
    plain = [[c.replace("\u00a0", "").replace("%", "").replace(",", ".").strip() for c in row] for row in shown]
    assert plain == [line.split(",")[-len(row) :] for line, row in zip(table, plain, strict=True)]


def test_machines_read_the_report_and_its_data(page: html.HtmlElement) -> None:
    graph = json.loads(page.xpath("string(.//script[@type='application/ld+json'])"))["@graph"]
    kinds = {thing["@type"]: thing for thing in graph}
    assert set(kinds) == {"Report", "Dataset"}
    assert kinds["Dataset"]["license"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert len(kinds["Report"]["encoding"]) == 5
    assert kinds["Report"]["datePublished"] == "2026-05-22"


def test_the_description_meets_the_swedish_profile(issue: Issue) -> None:
    import pyshacl
    import rdflib
    from rdflib.compare import isomorphic

    told = rdflib.Graph().parse(issue.folder / "web" / "dcat.ttl")
    assert isomorphic(told, rdflib.Graph().parse(issue.folder / "web" / "dcat.jsonld"))
    rules = rdflib.Graph().parse(SHAPES)
    conforms, _, said = pyshacl.validate(told, shacl_graph=rules)
    assert conforms, said
    for wanted in ("publisher", "title", "license", "format"):
        less = rdflib.Graph()
        less += (s for s in told if s[1] != rdflib.DCTERMS[wanted])
        assert not pyshacl.validate(less, shacl_graph=rules)[0], wanted


def test_a_distribution_is_the_file_that_it_tells_of(issue: Issue) -> None:
    import rdflib
    from rdflib.namespace import DCAT

    told = rdflib.Graph().parse(issue.folder / "web" / "dcat.ttl")
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    found = list(told.subjects(rdflib.RDF.type, DCAT.Distribution))
    assert len(found) == 4
    for distribution in found:
        address = str(told.value(distribution, DCAT.downloadURL))
        data = (issue.folder / address.partition(f"{issue.folder.name}/")[2]).read_bytes()
        assert int(told.value(distribution, DCAT.byteSize)) == len(data)
        checksum = told.value(told.value(distribution, spdx.checksum), spdx.checksumValue)
        assert str(checksum) == hashlib.sha256(data).hexdigest()


def test_the_bill_of_materials_meets_its_standard(issue: Issue) -> None:
    from importlib.metadata import version

    import cyclonedx.schema
    from jsonschema import Draft7Validator
    from referencing import Registry, Resource

    text = (issue.folder / "sbom.cdx.json").read_text(encoding="utf-8")
    folder = Path(cyclonedx.schema.__file__).parent / "_res"
    names = ("bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
    schemas = [json.loads((folder / name).read_text(encoding="utf-8")) for name in names]
    registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)
    judge = Draft7Validator(schemas[0], registry=registry)
    assert [error.message for error in judge.iter_errors(json.loads(text))] == []
    assert list(judge.iter_errors({**json.loads(text), "components": [{"name": "nameless kind"}]}))
    found = {c["name"].lower(): c["version"] for c in json.loads(text)["components"]}
    assert found["weasyprint"] == version("weasyprint")
    assert found["cryptography"] == version("cryptography")
    assert "pytest" not in found


def test_the_page_of_the_series_names_each_method(issue: Issue) -> None:
    page = html.document_fromstring((issue.folder.parent / "periodisk-rapport.html").read_text(encoding="utf-8"))
    assert page.get("lang") == "sv"
    cells = page.xpath("//section[@aria-labelledby='metoder']//tbody/tr/th/text()")
    assert {"Ärendebalans", "Ärendeflöden", "Handläggningstid"} <= set(cells)
    pinned = json.loads((issue.folder / "manifest.json").read_bytes())["bundle"]["about"]["methods"]
    assert len(cells) == len(pinned)
    history = page.xpath("//section[@aria-labelledby='metoder']//dt/text()")
    assert "Handläggningstid, version 1" in history
    assert "Handläggningstid, version 2" not in history
    for address in page.xpath("//section//li/a/@href"):
        assert (issue.folder.parent / address).is_file(), address


def test_the_catalogue_tells_of_every_bundle(issue: Issue) -> None:
    """That of one bundle is its own; a later version takes the place of the first, and another report comes beside."""
    import rdflib
    from rdflib.compare import isomorphic
    from rdflib.namespace import DCTERMS

    from report_builder.publishing.opendata import catalogue

    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    own = (issue.folder / "web" / "dcat.jsonld").read_bytes()
    alone = rdflib.Graph().parse(issue.folder.parent / "dcat.ttl")
    assert isomorphic(alone, rdflib.Graph().parse(issue.folder / "web" / "dcat.ttl"))
    later = own.replace(b"2026-t1-v1/", b"2026-t1-v2/").replace(b'"@value": "1"', b'"@value": "2"')
    other = own.replace(b"2026-t1", b"2026-t2").replace(b"2026-05-22", b"2026-09-18")
    told = rdflib.Graph().parse(data=catalogue([own, later, other])["dcat.ttl"], format="turtle")
    (listing,) = told.subjects(rdflib.RDF.type, dcat.Catalog)
    assert str(told.value(listing, DCTERMS.issued)) == "2026-05-22"
    reports = set(told.objects(listing, dcat.dataset)) - set(told.subjects(rdflib.RDF.type, dcat.DatasetSeries))
    assert len(reports) == 2
    assert {str(told.value(report, dcat.version)) for report in reports} == {"1", "2"}
    assert all("2026-t1-v1/" not in str(address) for address in told.objects(None, dcat.downloadURL))
