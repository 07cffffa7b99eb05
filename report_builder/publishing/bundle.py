"""The bundle: everything of a published report in one folder, each file named with its checksum."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.facts.fact import FactSet
from report_builder.output.manifest import Input, sha256
from report_builder.publishing import datafiles, journal, landing, opendata, sbom, series, sums
from report_builder.publishing.landing import Front
from report_builder.revisions.version import Version, read_version, version_of
from report_builder.workspace.workspace import OpenData, Release, Workspace

if TYPE_CHECKING:
    from report_builder.contracts.odcs.contract import Contract
    from report_builder.editions.images import Charts
    from report_builder.methods.method import Method

HOME = journal.FOLDER
INPUTS = "inputs"
"""The folder of a bundle in which its inputs lie, by their names in the workspace."""

README = "lasmig.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a bundle is made of: the release, what was built of it (``built``, by name), and what it was built from.

    ``withheld`` are the names of the inputs that stay in the house; ``before`` is the version that was published last;
    ``history`` has every version of each measure.
    """

    release: Release
    document: n.Document
    facts: FactSet
    built: Mapping[str, bytes]
    inputs: tuple[Input, ...]
    withheld: frozenset[str]
    charts: Charts
    front: Front
    history: Mapping[str, Sequence[Method]]
    open_data: OpenData | None = None
    before: Version | None = None


def contents(material: Material) -> dict[str, bytes]:
    """Every file of the bundle by name, the manifest and the list of checksums among them; not the signature.

    Raises:
        ReportError: a chart cannot be drawn, or the version before is of another kind.

    """
    files = dict(material.built)
    files |= datafiles.tables(material.document) | datafiles.figures(material.document)
    files |= datafiles.pictures(material.document, material.charts)
    files |= {f"{INPUTS}/{i.name}": i.path.read_bytes() for i in material.inputs if i.name not in material.withheld}
    files |= _comparison(material)
    files |= landing.page(material.release, material.document, files, material.front, material.open_data)
    if material.open_data is not None:
        files |= opendata.metadata(material.release, material.document, material.facts, files, material.open_data)
    files[sbom.NAME] = sbom.bill()
    files[README] = _readme(material, files)
    files["manifest.json"] = _manifest(material, files)
    files[sums.NAME] = sums.dumps(files)
    return files


def _comparison(material: Material) -> dict[str, bytes]:
    if material.before is None:
        return {}
    from report_builder.revisions.compare import compare_versions
    from report_builder.revisions.comparison import comparison_json
    from report_builder.revisions.comparison_page import comparison_page

    paths = {i.name: i.path for i in material.inputs}
    now = version_of(material.built, material.release.bundle, lambda entry: paths[entry.file].read_bytes())
    found = compare_versions(material.before, now)
    return {
        "comparison/comparison.html": comparison_page(found).encode("utf-8"),
        "comparison/comparison.json": comparison_json(found).encode("utf-8"),
    }


def _manifest(material: Material, files: Mapping[str, bytes]) -> bytes:
    """The build's manifest, with what is in the bundle alone: its version, the version before, inputs kept or not."""
    content: dict[str, Any] = json.loads(files["manifest.json"])
    for entry in content["inputs"]:
        entry["kept"] = entry["file"] not in material.withheld
    listed = ((name, data) for name, data in sorted(files.items()) if name != "manifest.json")
    content["outputs"] = [{"file": name, "sha256": sha256(data), "bytes": len(data)} for name, data in listed]
    content["program"]["python"] = platform.python_version()
    content["bundle"] = {
        "name": material.release.bundle,
        "version": material.release.edition,
        "published": material.release.published.isoformat(),
        "compared_with": material.before.name if material.before else None,
        "about": series.told(material.release, material.history),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def withheld(inputs: Sequence[Input], contracts: Mapping[str, Contract], pinned: Release) -> frozenset[str]:
    """The metric files that stay in the house: all but those whose every column their contract calls public.

    Those of the release before, which deliveries are compared with, stay whatever their contract says.
    """
    home = f"content/{pinned.id}/"
    public = {
        f"{home}{relative}"
        for pin in pinned.deliveries
        for name, relative in pin.files.items()
        if all(column.public for column in contracts[pin.dataset].object(name).columns)
    }
    before = f"content/{pinned.previous}/"
    delivered = (
        i.name
        for i in inputs
        if i.role in ("metrics", "previous-metrics")
        or (i.name.startswith(before) and i.name != f"{before}release.yaml")
    )
    return frozenset(name for name in delivered if name not in public)


def published(workspace: Workspace, kind: str = "") -> Iterator[tuple[Path, dict[str, Any]]]:
    """The bundles that lie in the workspace (of a kind, if one is named), oldest release and version first."""
    found = []
    for path in (workspace.root / HOME).glob("*/manifest.json"):
        content = json.loads(path.read_bytes())
        if not kind or content["release"].partition("/")[0] == kind:
            found.append((content["release"], content["bundle"]["version"], path.parent, content))
    yield from ((folder, content) for _, _, folder, content in sorted(found, key=lambda entry: entry[:2]))


def last_before(workspace: Workspace, release: Release) -> Version | None:
    """The version that was published last before this one: of the same release, else of the one before it in kind.

    Raises:
        ReportError: that version is damaged.

    """
    earlier = [
        folder
        for folder, content in published(workspace, release.kind)
        if (content["release"], content["bundle"]["version"]) < (release.id, release.edition)
    ]
    return read_version(earlier[-1], earlier[-1].name) if earlier else None


_ABOUT = {
    "document.json": "rapportens text, tabeller och figurer i en form som program läser",
    "facts.csv": "alla uppgifter med metod, datakontrakt och källa",
    "facts.sdmx.csv": "samma uppgifter enligt SDMX-CSV 2.0",
    "tables": "rapportens tabeller som kommaseparerade filer; index.csv räknar upp dem",
    "figures": "figurerna som SVG och PNG, deras siffror och textalternativ; index.csv räknar upp dem",
    "validation": "hur leveranserna prövades mot sina datakontrakt",
    "comparison": "vad som skiljer rapporten från den som gavs ut före den",
    "web": "sida och metadata för webben",
    INPUTS: "det som rapporten är byggd av: mätmetoder, datakontrakt, mallar, register och texter",
    sbom.NAME: "programmet och de paket som det vilar på (CycloneDX)",
    "manifest.json": "kontrollsummor och versioner för allt som gick in och kom ut",
}


def _readme(material: Material, files: Mapping[str, bytes]) -> bytes:
    meta = material.document.meta
    there = [*sorted({name.partition("/")[0] for name in files}), "manifest.json"]
    editions = [name for name in there if name.startswith(f"{material.release.kind}-")]
    lines = [
        meta.title,
        meta.subtitle,
        f"{meta.authority.name}, {swedish.month(material.release.published)}. Version {material.release.edition}.",
        "",
        "Här finns rapporten och det som den vilar på:",
        "",
        *(f"  {name}: rapporten" for name in editions),
        *(f"  {name}: {_ABOUT[name]}" for name in dict.fromkeys(there) if name in _ABOUT),
        "",
    ]
    if material.withheld:
        lines += [
            "Följande filer ingår inte, eftersom datakontraktet inte säger att allt i dem är offentligt.",
            "Manifestet anger deras kontrollsummor, så att de går att känna igen:",
            "",
            *(f"  {name}" for name in sorted(material.withheld)),
            "",
        ]
    lines += [
        f"{sums.NAME} har en kontrollsumma för varje fil. Pröva paketet så här:",
        "",
        f"  report-builder verify {material.release.bundle}",
        f"  sha256sum --check {sums.NAME}",
    ]
    return ("\n".join(line for line in lines) + "\n").encode("utf-8")
