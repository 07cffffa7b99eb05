"""The report's page on the web: a piece of HTML in Swedish to put into the authority's own page, and its JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.methods.revision_list import REVISION_FILE, parse_revision_counts, revision_sentences
from report_builder.publishing.opendata import CC0
from report_builder.workspace.workspace import OpenData, Release

if TYPE_CHECKING:
    from markupsafe import Markup

PAGE = "web/sida.html"
_KINDS = {
    "pdf": msgid("PDF, accessible and for the archive"),
    "docx": msgid("Word"),
    "html": msgid("Web page"),
    "xlsx": msgid("Data annex (Excel)"),
    "ods": msgid("Data annex (OpenDocument spreadsheet)"),
}
_DATA = {
    "facts.csv": msgid("All facts (CSV)"),
    "facts.sdmx.csv": msgid("All facts (SDMX-CSV)"),
    REVISION_FILE: msgid("Values that have changed since the report before (CSV)"),
    "tables/cells.csv": msgid("The content of the tables, cell by cell (CSV)"),
    "document.json": msgid("The report in machine-readable form (JSON)"),
    "manifest.json": msgid("Checksums and versions (JSON)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What of a report goes on its page: the chapter that sums it up, a table of key figures, and some figures."""

    summary: str = ""
    key_figures: str = ""
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to fetch: where it lies, what it is, and how large."""

    file: str
    words: str
    size: str


def landing_page(
    release: Release, document: n.Document, files: Mapping[str, bytes], front: Front, about: OpenData | None
) -> dict[str, bytes]:
    """The page as ``web/sida.html``, and what machines read of it as ``web/schema.jsonld``."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((resources(__package__) / "landing.html.j2").read_text(encoding="utf-8"))
    figures = [f for f in walk(document) if isinstance(f, n.Figure) and f.id in front.figures]
    described = _schema(release, document.meta, files, about)
    html = template.render(
        meta=document.meta,
        release=release,
        published=swedish.day(release.published),
        summary=list(_summary(document, front.summary)),
        revised=_revised(files),
        table=next((t for t in walk(document) if isinstance(t, n.Table) and t.id == front.key_figures), None),
        figures=sorted(figures, key=lambda figure: front.figures.index(figure.id)),
        text=plain_text,
        words=_marked_up,
        editions=list(_editions(release, files)),
        data=[Download(file=f, words=gettext(words), size=size(files[f])) for f, words in _DATA.items() if f in files],
        day=swedish.day,
        licence=CC0,
        schema=described.decode("utf-8").replace("<", "\\u003c"),
    )
    return {PAGE: html.encode("utf-8"), "web/schema.jsonld": described}


def _revised(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """What the report itself says of values that were published before; nothing where none were."""
    if REVISION_FILE not in files:
        return ()
    return revision_sentences(parse_revision_counts(files[REVISION_FILE], REVISION_FILE))


def _summary(document: n.Document, wanted: str) -> Iterator[tuple[str, Any]]:
    """The paragraphs and lists of the chapter ``wanted``, or of the first one, up to the next heading."""
    inside = False
    for block in document.blocks:
        if isinstance(block, n.Heading):
            if inside:
                return
            inside = block.id == wanted or (not wanted and block.level == 1)
        elif inside and isinstance(block, n.Paragraph):
            yield "p", block.content
        elif inside and isinstance(block, n.BulletList):
            yield "ul", [[p.content for p in item if isinstance(p, n.Paragraph)] for item in block.items]


def _marked_up(content: tuple[n.Inline, ...]) -> Markup:
    """Inline content as HTML; of its marks only stress is kept, and footnotes stay in the report."""
    from markupsafe import Markup, escape

    parts = []
    for item in content:
        match item:
            case n.Strong():
                parts.append(Markup("<strong>%s</strong>") % _marked_up(item.content))
            case n.Emphasis():
                parts.append(Markup("<em>%s</em>") % _marked_up(item.content))
            case _:
                parts.append(escape(plain_text((item,))))
    return Markup("").join(parts)


def _editions(release: Release, files: Mapping[str, bytes]) -> Iterator[Download]:
    for extension, words in _KINDS.items():
        name = f"{release.kind}-{release.release}.{extension}"
        if name in files:
            yield Download(file=name, words=gettext(words), size=size(files[name]))


def size(data: bytes | int) -> str:
    """``1,2 MB``, ``87 kB``: a file size as it is written beside a link."""
    from decimal import Decimal

    count = data if isinstance(data, int) else len(data)
    if count >= 999_500:
        return f"{swedish.number(Decimal(count) / 1_000_000, 1)}{swedish.NBSP}MB"
    return f"{swedish.number(max(1, round(count / 1000)))}{swedish.NBSP}kB"


def _schema(release: Release, meta: n.Meta, files: Mapping[str, bytes], about: OpenData | None) -> bytes:
    """The report and its data in the words of schema.org."""
    home = f"{about.address}{release.bundle}/" if about else ""
    publisher = {"@type": "GovernmentOrganization", "name": meta.authority.name, "url": f"https://{meta.authority.web}"}
    common = {
        "publisher": publisher,
        "inLanguage": meta.language,
        "datePublished": release.published.isoformat(),
        "version": str(release.edition),
    }
    if release.errata:
        common["dateModified"] = release.errata[-1].date.isoformat()
    report = {
        "@type": "Report",
        "@id": f"{home}#rapport",
        "name": meta.title,
        "alternateName": meta.subtitle,
        "reportNumber": release.article_number,
        "encoding": [
            {"@type": "MediaObject", "contentUrl": f"{home}{d.file}", "contentSize": d.size.replace(swedish.NBSP, " ")}
            for d in _editions(release, files)
        ],
        **common,
    }
    data = {
        "@type": "Dataset",
        "@id": f"{home}#uppgifter",
        "name": gettext("The facts of {title}", title=meta.title),
        "description": f"{gettext('The facts of the report {title}', title=meta.title)}. {meta.subtitle}.",
        "license": CC0,
        "isAccessibleForFree": True,
        "isBasedOn": {"@id": f"{home}#rapport"},
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{home}{name}", "encodingFormat": "text/csv"}
            for name in ("facts.csv", "facts.sdmx.csv")
            if name in files
        ],
        **common,
    }
    content = {"@context": "https://schema.org", "@graph": [report, data]}
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
