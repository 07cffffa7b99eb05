"""The checksum by which a delivered file is known."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from pathlib import Path

from report_builder.allowance import regular

Digest = Future[str]
"""A checksum on its way: it is taken while the file is read, or while its contract is."""


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits. Raises OSError where it cannot be read."""
    with regular(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
