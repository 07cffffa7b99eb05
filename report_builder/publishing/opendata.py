"""The facts of a report as open data: their description by DCAT-AP-SE 3, for the data portal to fetch.

Mandatory there: a catalogue's title, description, publisher, licence and data set; a data set's title, description and
publisher; an address and a format of each distribution; the name and the type of the publisher; name and e-mail of a
contact. What the profile recommends is given as well, where the workspace or the facts know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.facts.fact import FactSet
from report_builder.packages.manifest import sha256
from report_builder.publishing.rdf import Iri, Literal, Term, Thing, json_ld, things_of, turtle
from report_builder.workspace.workspace import OpenData, Release

DESCRIPTION = "web/dcat.jsonld"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
_EU = "http://publications.europa.eu/resource/authority"
_SWEDISH = Iri(f"{_EU}/language/SWE")
_SWEDEN = Iri(f"{_EU}/country/SWE")
_FORMS = {
    "facts.csv": msgid("Each fact with value, unit, period, method, data contract and source, one row for each fact."),
    "facts.sdmx.csv": msgid("The same facts in the statistical form SDMX-CSV 2.0."),
}
_SPREADSHEETS = (".xlsx", ".ods")
_ANNEX = msgid("The tables of the report and the data behind its figures, one to a sheet.")
_TYPES = {
    ".csv": ("CSV", "text/csv"),
    ".xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
}
"""By how a file's name ends: the EU's code of the file type, and the media type."""


def metadata(
    release: Release, document: n.Document, facts: FactSet, files: Mapping[str, bytes], about: OpenData
) -> dict[str, bytes]:
    """The description as ``web/dcat.ttl`` and ``web/dcat.jsonld``."""
    things = tuple(_things(release, document.meta, facts, files, about))
    return {"web/dcat.ttl": turtle(things), DESCRIPTION: json_ld(things)}


def catalogue(descriptions: Iterable[bytes]) -> dict[str, bytes]:
    """One catalogue of every report, from the ``dcat.jsonld`` of each bundle, oldest first: what the portal fetches.

    What a later bundle says of a thing holds; the catalogue has the data sets of all of them.
    """
    found: dict[str, Thing] = {}
    for thing in (thing for data in descriptions for thing in things_of(data)):
        before = found.get(thing.address)
        found[thing.address] = thing if before is None else _later(before, thing)
    if not found:
        return {}
    return {"dcat.ttl": turtle(found.values()), "dcat.jsonld": json_ld(found.values())}


def _later(before: Thing, thing: Thing) -> Thing:
    """``thing`` as described last; a catalogue keeps its first day and what it has listed."""
    if thing.kind != "dcat:Catalog":
        return thing
    listed = tuple(dict.fromkeys((*before.said["dcat:dataset"], *thing.said["dcat:dataset"])))
    said = {**thing.said, "dcterms:issued": before.said["dcterms:issued"], "dcat:dataset": listed}
    return Thing(thing.address, thing.kind, said)


def _things(
    release: Release, meta: n.Meta, facts: FactSet, files: Mapping[str, bytes], about: OpenData
) -> Iterator[Thing]:
    ids = {name: f"{about.address}#{name}" for name in ("katalog", "utgivare", "kontakt")}
    ids["serie"] = f"{about.address}{release.kind}#serie"
    data = f"{about.address}{release.kind}-{release.release}#uppgifter"
    given, contact = Iri(ids["utgivare"]), Iri(ids["kontakt"])
    yield Thing(
        ids["katalog"],
        "dcat:Catalog",
        {
            "dcterms:title": [_words(gettext("Facts in reports from {authority}", authority=meta.authority.name))],
            "dcterms:description": [
                _words(gettext("The facts in the authority's reports, one data set for each report."))
            ],
            "dcterms:publisher": [given],
            "dcterms:license": [Iri(CC0)],
            "dcterms:language": [_SWEDISH],
            "dcterms:issued": [_day(release)],
            "dcterms:modified": [_last_day(release)],
            "dcterms:spatial": [_SWEDEN],
            "foaf:homepage": [Iri(f"https://{meta.authority.web}")],
            "dcat:themeTaxonomy": [Iri(f"{_EU}/data-theme")],
            "dcat:dataset": [Iri(data), Iri(ids["serie"])],
        },
    )
    yield _publisher(ids["utgivare"], meta, about)
    yield _contact(ids["kontakt"], meta, about)
    common = {"dcterms:publisher": [given], "dcat:contactPoint": [contact], **_topics(about)}
    yield Thing(
        ids["serie"],
        "dcat:DatasetSeries",
        {
            "dcterms:title": [_words(gettext("{title}: the facts in the reports", title=meta.title))],
            "dcterms:description": [
                _words(gettext("One data set for each report that has been published, with facts of the same kinds."))
            ],
            **common,
        },
    )
    annex = [f"{release.kind}-{release.release}{suffix}" for suffix in _SPREADSHEETS]
    forms = [name for name in (*_FORMS, *annex) if name in files]
    yield Thing(data, "dcat:Dataset", {**common, **_dataset(release, meta, facts, about), **{
        "dcat:inSeries": [Iri(ids["serie"])],
        "dcat:distribution": [Iri(f"{data}-{_slug(name)}") for name in forms],
    }})  # fmt: skip
    for name in forms:
        yield _distribution(f"{data}-{_slug(name)}", name, files[name], release, about)
        yield _checksum(f"{data}-{_slug(name)}-summa", files[name])
    yield from _period(data, facts)


def _publisher(address: str, meta: n.Meta, about: OpenData) -> Thing:
    said: dict[str, Sequence[Term]] = {
        "foaf:name": [_words(meta.authority.name)],
        "dcterms:type": [Iri(about.publisher_type)],
        "foaf:homepage": [Iri(f"https://{meta.authority.web}")],
    }
    return Thing(address, "foaf:Agent", said)


def _contact(address: str, meta: n.Meta, about: OpenData) -> Thing:
    said: dict[str, Sequence[Term]] = {
        "vcard:fn": [Literal(about.contact or meta.authority.name)],
        "vcard:hasEmail": [Iri(f"mailto:{about.email}")],
    }
    return Thing(address, "vcard:Organization", said)


def _topics(about: OpenData) -> dict[str, Sequence[Term]]:
    return {
        "dcat:theme": [Iri(f"{_EU}/data-theme/{theme}") for theme in about.themes],
        "dcat:keyword": [_words(word) for word in about.keywords],
    }


def _dataset(release: Release, meta: n.Meta, facts: FactSet, about: OpenData) -> dict[str, Sequence[Term]]:
    home = f"{about.address}{release.bundle}"
    about_it = gettext(
        "The facts of the report {title}. {subtitle}. Each fact has a method of a certain version, and the report "
        "explains how it was computed. Version {version}.",
        title=meta.title,
        subtitle=meta.subtitle,
        version=release.edition,
    )
    said: dict[str, Sequence[Term]] = {
        "dcterms:title": [_words(f"{meta.title}, {_small(meta.subtitle)}" if meta.subtitle else meta.title)],
        "dcterms:description": [_words(about_it)],
        "dcterms:identifier": [Literal(f"{release.id}, version {release.edition}")],
        "dcat:version": [Literal(str(release.edition))],
        "dcterms:issued": [_day(release)],
        "dcterms:language": [_SWEDISH],
        "dcterms:accessRights": [Iri(f"{_EU}/access-right/PUBLIC")],
        "dcterms:spatial": [_SWEDEN],
        "dcat:landingPage": [Iri(f"{home}/web/sida.html")],
        "foaf:page": [Iri(f"{home}/{release.kind}-{release.release}.pdf")],
    }
    if release.errata:
        last = release.errata[-1]
        said["dcterms:modified"] = [_last_day(release)]
        said["adms:versionNotes"] = [_words(f"{swedish.day(last.date)}: {last.text.strip()}")]
    if len(facts):
        said["dcterms:temporal"] = [Iri(f"{about.address}{release.kind}-{release.release}#uppgifter-tid")]
    return said


def _period(data: str, facts: FactSet) -> Iterator[Thing]:
    if len(facts):
        first, last = min(f.period.start for f in facts), max(f.period.end for f in facts)
        said: dict[str, Sequence[Term]] = {
            "dcat:startDate": [Literal(first.isoformat(), type="xsd:date")],
            "dcat:endDate": [Literal(last.isoformat(), type="xsd:date")],
        }
        yield Thing(f"{data}-tid", "dcterms:PeriodOfTime", said)


def _distribution(address: str, name: str, data: bytes, release: Release, about: OpenData) -> Thing:
    file = Iri(f"{about.address}{release.bundle}/{name}")
    kind, media_type = _TYPES[PurePosixPath(name).suffix]
    said: dict[str, Sequence[Term]] = {
        "dcterms:title": [_words(name)],
        "dcterms:description": [_words(gettext(_FORMS.get(name, _ANNEX)))],
        "dcat:accessURL": [file],
        "dcat:downloadURL": [file],
        "dcterms:format": [Iri(f"{_EU}/file-type/{kind}")],
        "dcat:mediaType": [Iri(f"https://www.iana.org/assignments/media-types/{media_type}")],
        "dcterms:license": [Iri(CC0)],
        "dcterms:language": [_SWEDISH],
        "dcterms:issued": [_day(release)],
        "dcat:byteSize": [Literal(str(len(data)), type="xsd:nonNegativeInteger")],
        "spdx:checksum": [Iri(f"{address}-summa")],
        "dcatap:availability": [Iri(f"{_EU}/planned-availability/STABLE")],
    }
    return Thing(address, "dcat:Distribution", said)


def _checksum(address: str, data: bytes) -> Thing:
    said: dict[str, Sequence[Term]] = {
        "spdx:algorithm": [Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")],
        "spdx:checksumValue": [Literal(sha256(data), type="xsd:hexBinary")],
    }
    return Thing(address, "spdx:Checksum", said)


def _words(text: str) -> Literal:
    return Literal(text.replace(swedish.NBSP, " "), language="sv")


def _small(text: str) -> str:
    """The words as they stand inside a sentence."""
    return text[:1].lower() + text[1:]


def _day(release: Release) -> Literal:
    return Literal(release.published.isoformat(), type="xsd:date")


def _last_day(release: Release) -> Literal:
    """The day of the version: that of its erratum, where it has one."""
    day = release.errata[-1].date if release.errata else release.published
    return Literal(day.isoformat(), type="xsd:date")


def _slug(name: str) -> str:
    return name.replace(".", "-")
