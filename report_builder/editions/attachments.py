"""Files inside the PDF, as PDF/A-3 allows: each with its relation to the report and the release's own date."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels inside the PDF.

    ``relation`` is what it is to the report, in the terms of PDF/A-3: ``Data`` (the figures that tables and charts
    show), ``Source`` (what the report was made from), ``Supplement`` (what explains it). ``description`` is read by
    whoever opens the list of attachments.
    """

    name: str
    media_type: str
    relation: Literal["Data", "Source", "Supplement"]
    description: str
    data: bytes


def embed_attachments(pdf: Any, attachments: Sequence[Attachment], created: str) -> None:
    """Put ``attachments`` into a pydyf file, dated ``created`` (ISO), in the order of their names.

    WeasyPrint would name each of them twice, and ask the machine what a file's type is.
    """
    import pydyf

    names, associated = pydyf.Array(), pydyf.Array()
    for attachment in sorted(attachments, key=lambda a: a.name.encode()):
        stream = _stream(attachment, created)
        pdf.add_object(stream)
        file = pydyf.Dictionary(
            {
                "Type": "/Filespec",
                "F": pydyf.String(attachment.name),
                "UF": pydyf.String(attachment.name),
                "Desc": pydyf.String(attachment.description),
                "AFRelationship": f"/{attachment.relation}",
                "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
            }
        )
        pdf.add_object(file)
        names += [pydyf.String(attachment.name), file.reference]
        associated.append(file.reference)
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    pdf.catalog.setdefault("Names", pydyf.Dictionary())["EmbeddedFiles"] = tree.reference
    pdf.catalog["AF"] = associated


def _stream(attachment: Attachment, created: str) -> Any:
    import pydyf

    date = pydyf.String(f"D:{created.replace('-', '')}000000Z")
    checksum = hashlib.md5(attachment.data, usedforsecurity=False).hexdigest()  # what the PDF format asks for
    described = {
        "Type": "/EmbeddedFile",
        "Subtype": f"/{attachment.media_type.replace('/', '#2f')}",
        "Params": pydyf.Dictionary(
            {"Size": len(attachment.data), "CheckSum": f"<{checksum}>", "CreationDate": date, "ModDate": date}
        ),
    }
    return pydyf.Stream([attachment.data], described, compress=True)
