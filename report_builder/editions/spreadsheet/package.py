"""The zip around a spreadsheet: the same files give the same bytes, whenever they are written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_STAMP = (1980, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, bytes], first: str) -> bytes:
    """``files`` as a zip, ``first`` before the others; an OpenDocument's ``mimetype`` is not compressed."""
    done = io.BytesIO()
    with zipfile.ZipFile(done, "w") as out:
        for name in sorted(files, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0o600 << 16
            out.writestr(entry, files[name], compresslevel=6)
    return done.getvalue()
