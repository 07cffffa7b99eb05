"""The names that a document's ids go by in a Word file: who writes one and who reads one back must agree on them."""

from __future__ import annotations

import hashlib
import re

RELEASE_PROPERTY = "report-builder.release"
"""The property of the file that says which release it shows, as ``<kind>/<release>``."""

DOCUMENT_PROPERTY = "report-builder.document"
"""The property of the file that says which state of the document it shows: ``document.store.digest`` of it."""

_LONGEST_BOOKMARK = 40
_LONGEST_TAG = 64
_PLAIN_ID = re.compile(r"[a-z0-9-]+")


def bookmark_name(target: str) -> str:
    """The hidden bookmark of a heading, table or figure: Word allows forty letters, digits and underscores.

    An id that does not fit is cut and closed with a digest of the whole, so that two ids never share a bookmark.
    """
    name = "_Ref_" + target.replace("-", "_")
    if _PLAIN_ID.fullmatch(target) and len(name) <= _LONGEST_BOOKMARK:
        return name
    digest = hashlib.sha256(target.encode()).hexdigest()[:10]
    kept = re.sub(r"[^A-Za-z0-9_]", "_", name)[: _LONGEST_BOOKMARK - 11]
    return f"{kept}_{digest}"


def fact_tag(fact_id: str) -> str:
    """The tag of a fact's content control: the id itself, or, where Word's 64 characters are too few, a short form.

    The short form is the first 51 characters, ``#`` and twelve hexadecimal digits of the id's SHA-256. Who reads a file
    back computes the tags of the facts that the document holds, and looks the found ones up among them.
    """
    if len(fact_id) <= _LONGEST_TAG:
        return fact_id
    digest = hashlib.sha256(fact_id.encode()).hexdigest()[:12]
    return f"{fact_id[: _LONGEST_TAG - 13]}#{digest}"
