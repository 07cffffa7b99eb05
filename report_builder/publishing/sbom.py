"""The bill of materials: the program and every package that it stands on here, in CycloneDX 1.6.

It holds no date and no serial number, which the form leaves open: the same installation gives the same bytes.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement

SBOM = "sbom.cdx.json"
_PROGRAM = "report_builder"


def bill_of_materials() -> bytes:
    """The bill of materials as JSON with sorted keys."""
    found: dict[str, Distribution] = {}
    links: dict[str, list[str]] = {}
    waiting = [_PROGRAM]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = distribution(name)
        links[name] = sorted(_needs(found[name]))
        waiting += links[name]
    refs = {name: _ref(name, found[name].version) for name in found}
    program = _component(found.pop(_PROGRAM), "application", refs[_PROGRAM])
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": program},
        "components": [_component(found[name], "library", refs[name]) for name in sorted(found)],
        "dependencies": [{"ref": refs[name], "dependsOn": [refs[n] for n in links[name]]} for name in sorted(links)],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _needs(package: Distribution) -> set[str]:
    """The packages that a package asks for on this system, extras left out, that are installed."""
    needed = set()
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            name = _normal(requirement.name)
            try:
                distribution(name)
            except PackageNotFoundError:  # asked for by another release of the package than the one that runs
                continue
            needed.add(name)
    return needed


def _component(package: Distribution, kind: str, ref: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": kind,
        "bom-ref": ref,
        "name": package.metadata["Name"],
        "version": package.version,
        "purl": ref,
    }
    if "License-Expression" in package.metadata:
        made["licenses"] = [{"expression": package.metadata["License-Expression"]}]
    return made


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _ref(name: str, version: str) -> str:
    return f"pkg:pypi/{_normal(name)}@{version}"
