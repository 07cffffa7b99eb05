"""The list of checksums: every file of a bundle, a line for each, in the form that ``sha256sum --check`` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from report_builder.packages.manifest import sha256
from report_builder.problems import Place, Problem, ReportError

SUMS = "sha256sums.txt"
SIGNATURE = "sha256sums.sig"

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def checksum_list(files: Mapping[str, bytes]) -> bytes:
    """The list for ``files``, in the order of their names; the list itself and its signature stand outside."""
    lines = (f"{sha256(files[name])}  {name}\n" for name in sorted(files) if name not in (SUMS, SIGNATURE))
    return "".join(lines).encode("utf-8")


def checksum_problems(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Every file that is changed, missing or not listed, and a list that is not as :func:`checksum_list` writes it.

    Raises:
        ReportError: the list is missing, or is none.

    """
    listed = _read(files)
    for name, digest in listed.items():
        if name not in files:
            message = "The list of checksums names the file, and it is not here."
            yield Problem(code="file-missing", message=message, place=Place(file=name), hint=_FETCH)
        elif sha256(files[name]) != digest:
            message = "The file is not the one that was published: its checksum is another."
            yield Problem(code="checksum", message=message, place=Place(file=name), hint=_FETCH)
    for name in sorted(set(files) - set(listed) - {SUMS, SIGNATURE}):
        message = "The file was not published: the list of checksums does not name it."
        yield Problem(code="extra-file", message=message, place=Place(file=name), hint="Move it out of the bundle.")
    if files[SUMS] != "".join(f"{digest}  {name}\n" for name, digest in sorted(listed.items())).encode("utf-8"):
        message = "The list of checksums has been rewritten: its lines or their order are not as published."
        yield Problem(code="checksum", message=message, place=Place(file=SUMS), hint=_FETCH)


_FETCH = "Fetch the bundle again from where it is kept."


def _read(files: Mapping[str, bytes]) -> dict[str, str]:
    place = Place(file=SUMS)
    if SUMS not in files:
        message = "The bundle has lost its list of checksums."
        raise ReportError(Problem(code="file-missing", message=message, place=place, hint=_FETCH))
    try:
        lines = files[SUMS].decode("utf-8").split("\n")
    except UnicodeDecodeError as e:
        message = "The list of checksums cannot be read."
        raise ReportError(Problem(code="checksum", message=message, place=place, hint=_FETCH)) from e
    matches = [_LINE.fullmatch(line) for line in lines if line]
    if not matches or not all(matches):
        message = "The list of checksums holds a line that is no checksum with a file name."
        raise ReportError(Problem(code="checksum", message=message, place=place, hint=_FETCH))
    return {m[2]: m[1] for m in matches if m}
