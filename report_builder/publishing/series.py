"""A page of every published report of a kind: each version with its files, and the methods that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files as resources
from typing import Any

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.methods.method import Method
from report_builder.packages.manifest import Manifest, bundle_entry
from report_builder.publishing.landing import PAGE, size
from report_builder.workspace.workspace import Release

_FILES = {
    PAGE: msgid("Page about the report"),
    ".pdf": msgid("The report as a PDF"),
    ".docx": msgid("The report as a Word file"),
    ".html": msgid("The report as a web page"),
    "facts.csv": msgid("All facts (CSV)"),
    "comparison/comparison.html": msgid("What is new since the previous report"),
}


def series_entry(release: Release, history: Mapping[str, Sequence[Method]]) -> dict[str, Any]:
    """What a bundle's manifest says of its release, so that this page can be made of manifests alone."""
    return {
        "title": release.title,
        "subtitle": release.subtitle,
        "article_number": release.article_number,
        "decided": release.decided.isoformat() if release.decided else "",
        "decided_by": release.decided_by,
        "errata": [{"date": e.date.isoformat(), "text": e.text.strip()} for e in release.errata],
        "methods": dict(release.methods),
        "history": [_method(method) for versions in history.values() for method in versions],
    }


def _method(method: Method) -> dict[str, str]:
    rules = method.rules
    return {
        "measure": method.measure,
        "version": method.version,
        "name": method.name,
        "valid_from": rules.valid_from.isoformat(),
        "decided": rules.decided.isoformat(),
        "decided_by": rules.decided_by,
        "diarienummer": rules.diarienummer,
        "why": " ".join(rules.why.split()),
    }


def series_page(manifests: Sequence[Manifest], archives: Mapping[str, int], primary: str) -> bytes:
    """The page of the bundles whose ``manifests`` these are, oldest first.

    ``archives`` are the sizes of their ZIP files, by bundle; ``primary`` is the authority's colour.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((resources(__package__) / "series.html.j2").read_text(encoding="utf-8"))
    by_release: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        by_release.setdefault(manifest.release, []).append(manifest)
    newest_first = [by_release[name] for name in sorted(by_release, reverse=True)]
    last = [bundle_entry(versions[-1]).about for versions in newest_first]
    named = {m["measure"]: m["name"] for about in reversed(last) for m in about["history"]}
    measures = [(named.get(m, m), [about["methods"].get(m, "–") for about in last]) for m in sorted(named)]
    used = {(measure, number) for about in last for measure, number in about["methods"].items()}
    every = {
        (m["measure"], m["version"]): m
        for about in reversed(last)
        for m in about["history"]
        if any(m["measure"] == measure and _number(m["version"]) <= _number(number) for measure, number in used)
    }
    html = template.render(
        title=last[0]["title"],
        primary=primary,
        releases=[_release(versions, archives) for versions in newest_first],
        measures=measures,
        history=[_method_words(every[key]) for key in sorted(every, key=lambda key: (key[0], _number(key[1])))],
    )
    return html.encode("utf-8")


def _number(version: str) -> int:
    return int(version.removeprefix("v"))


def _release(versions: Sequence[Manifest], archives: Mapping[str, int]) -> dict[str, Any]:
    about = bundle_entry(versions[-1]).about
    name = versions[-1].release
    return {
        "id": name.replace("/", "-"),
        "short": name.partition("/")[2],
        "title": about["title"],
        "subtitle": about["subtitle"],
        "editions": [_edition(v, archives) for v in reversed(versions)],
    }


def _edition(manifest: Manifest, archives: Mapping[str, int]) -> dict[str, Any]:
    bundle = bundle_entry(manifest)
    about, name, number = bundle.about, bundle.name, bundle.version
    day = about["errata"][number - 2]["date"] if number > 1 else bundle.published
    there = {entry.file: size(entry.size) for entry in manifest.outputs}
    found = [
        {"file": f"{name}/{file}", "words": gettext(words), "size": large if file != PAGE else ""}
        for key, words in _FILES.items()
        for file, large in there.items()
        if file == key or (key.startswith(".") and file.endswith(key) and "/" not in file)
    ]
    if name in archives:
        found.append(
            {"file": f"{name}.zip", "words": gettext("Everything in one package (ZIP)"), "size": size(archives[name])}
        )
    return {
        "heading": gettext("Version {number}", number=number),
        "words": gettext("Published {day}. Article number {number}.", day=_day(day), number=about["article_number"]),
        "erratum": about["errata"][number - 2]["text"] if number > 1 else "",
        "files": found,
    }


def _method_words(method: Mapping[str, str]) -> dict[str, str]:
    days = {"since": _day(method["valid_from"]), "decided": _day(method["decided"])}
    return {**method, **days, "version": method["version"].removeprefix("v")}


def _day(iso: str) -> str:
    return swedish.day(date.fromisoformat(iso))
