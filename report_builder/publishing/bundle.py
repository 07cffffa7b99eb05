"""The bundle: everything of a published report in one folder, each file listed with its checksum."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report_builder import swedish
from report_builder.catalogue import gettext, msgid
from report_builder.document import nodes as n
from report_builder.facts.fact import FactSet
from report_builder.packages.bundles import INPUTS
from report_builder.packages.manifest import MANIFEST, InputFile, Manifest, bundle_entry, read_manifest, sha256
from report_builder.packages.sums import SUMS, checksum_list
from report_builder.problems import Place
from report_builder.publishing import datafiles, journal, opendata
from report_builder.publishing.landing import Front, landing_page
from report_builder.publishing.sbom import SBOM, bill_of_materials
from report_builder.publishing.series import series_entry
from report_builder.revisions.version import Version, read_version, version_of
from report_builder.workspace.workspace import OpenData, Release, Workspace

if TYPE_CHECKING:
    from report_builder.contracts.odcs.contract import Contract
    from report_builder.editions.images import Charts
    from report_builder.methods.method import Method

HOME = journal.PUBLISHED

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
    inputs: tuple[InputFile, ...]
    withheld: frozenset[str]
    charts: Charts
    front: Front
    history: Mapping[str, Sequence[Method]]
    open_data: OpenData | None = None
    before: Version | None = None


def bundle_files(material: Material) -> dict[str, bytes]:
    """Every file of the bundle by name, the manifest and the list of checksums among them; not the signature.

    Raises:
        ReportError: a chart cannot be drawn, or the version before is of another kind.

    """
    files = dict(material.built)
    files |= datafiles.table_files(material.document) | datafiles.figures(material.document)
    files |= datafiles.pictures(material.document, material.charts)
    files |= {f"{INPUTS}/{i.name}": i.path.read_bytes() for i in material.inputs if i.name not in material.withheld}
    files |= _comparison(material)
    files |= landing_page(material.release, material.document, files, material.front, material.open_data)
    if material.open_data is not None:
        files |= opendata.metadata(material.release, material.document, material.facts, files, material.open_data)
    files[SBOM] = bill_of_materials()
    files[README] = _readme(material, files)
    files[MANIFEST] = _manifest(material, files)
    files[SUMS] = checksum_list(files)
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
    content: dict[str, Any] = json.loads(files[MANIFEST])
    for entry in content["inputs"]:
        entry["kept"] = entry["file"] not in material.withheld
    listed = ((name, data) for name, data in sorted(files.items()) if name != MANIFEST)
    content["outputs"] = [{"file": name, "sha256": sha256(data), "bytes": len(data)} for name, data in listed]
    content["program"]["python"] = platform.python_version()
    content["bundle"] = {
        "name": material.release.bundle,
        "version": material.release.edition,
        "published": material.release.published.isoformat(),
        "compared_with": material.before.name if material.before else None,
        "about": series_entry(material.release, material.history),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def withheld_inputs(inputs: Sequence[InputFile], contracts: Mapping[str, Contract], pinned: Release) -> frozenset[str]:
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


def published_bundles(workspace: Workspace, kind: str = "") -> Iterator[tuple[Path, Manifest]]:
    """The bundles that lie in the workspace (of a kind, if one is named), oldest release and version first.

    Raises:
        ReportError: a manifest cannot be read.

    """
    found = []
    for path in (workspace.root / HOME).glob(f"*/{MANIFEST}"):
        manifest = read_manifest(path.read_bytes(), Place(file=workspace.shown(path)))
        if not kind or manifest.release.partition("/")[0] == kind:
            found.append((path.parent, manifest))
    yield from sorted(found, key=lambda entry: order_of(entry[1]))


def order_of(manifest: Manifest) -> tuple[str, int]:
    """By release, and of a release by version."""
    return manifest.release, bundle_entry(manifest).version


def last_before(workspace: Workspace, release: Release) -> Version | None:
    """The version that was published last before this one: of the same release, else of the one before it in kind.

    Raises:
        ReportError: that version is damaged.

    """
    earlier = [
        folder
        for folder, manifest in published_bundles(workspace, release.kind)
        if order_of(manifest) < (release.id, release.edition)
    ]
    return read_version(earlier[-1], earlier[-1].name) if earlier else None


_ABOUT = {
    "document.json": msgid("the report's text, tables and figures in a form that programs read"),
    "facts.csv": msgid("all facts with method, data contract and source"),
    "facts.sdmx.csv": msgid("the same facts as SDMX-CSV 2.0"),
    "revisions.csv": msgid("the values that have changed since the report before"),
    "tables": msgid("the tables of the report as comma-separated files; index.csv lists them"),
    "figures": msgid("the figures as SVG and PNG, their numbers and text alternatives; index.csv lists them"),
    "validation": msgid("how the deliveries were checked against their data contracts"),
    "comparison": msgid("how the report differs from the one that was published before it"),
    "web": msgid("page and metadata for the web"),
    INPUTS: msgid("what the report is built from: methods, data contracts, templates, registers and texts"),
    SBOM: msgid("the program and the packages that it depends on (CycloneDX)"),
    MANIFEST: msgid("checksums and versions of everything that went in and came out"),
}


def _readme(material: Material, files: Mapping[str, bytes]) -> bytes:
    meta, release = material.document.meta, material.release
    there = [*sorted({name.partition("/")[0] for name in files}), MANIFEST]
    editions = [name for name in there if name.startswith(f"{release.kind}-")]
    month = swedish.month(release.published)
    lines = [
        meta.title,
        meta.subtitle,
        gettext("{authority}, {month}. Version {version}.", authority=meta.authority.name, month=month,
                version=release.edition),
        "",
        gettext("Here are the report and what it is based on:"),
        "",
        *(f"  {name}: {gettext('the report')}" for name in editions),
        *(f"  {name}: {gettext(_ABOUT[name])}" for name in dict.fromkeys(there) if name in _ABOUT),
        "",
    ]  # fmt: skip
    if material.withheld:
        lines += [
            gettext(
                "The following files are left out, since the data contract does not say that all of them is public."
            ),
            gettext("The manifest gives their checksums, so that they can be recognised:"),
            "",
            *(f"  {name}" for name in sorted(material.withheld)),
            "",
        ]
    lines += [
        gettext("{file} has a checksum for each file. Check the package like this:", file=SUMS),
        "",
        f"  report-builder verify {release.bundle}",
        f"  sha256sum --check {SUMS}",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")
