"""Drawing and writing the pages: our own tags in place of WeasyPrint's, and streams whose end is clear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from report_builder.editions.weasyprint_internals.boxes import Box, page_box
from report_builder.editions.weasyprint_internals.replacing import replaced


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page when it has been drawn: its outermost box, its height in CSS pixels, and the number of each box's content.

    ``numbers`` is the page's own table, from which whoever writes the tags takes what has found an owner.
    """

    box: Box
    height: float
    numbers: dict[Box, int]


@contextmanager
def own_tags(
    artifacts: Mapping[Box, Mapping[str, str]],
    spoken: Callable[[Box], str | None],
    write_tags: Callable[[Any, Sequence[DrawnPage]], None],
) -> Iterator[None]:
    """Let WeasyPrint draw within the block without the tags that it would write.

    What the boxes of ``artifacts`` draw is marked as an artifact of those properties, and everything else with a
    number. ``spoken`` gives the text to read where it differs from what is shown. When all pages are drawn,
    ``write_tags`` is called with the file (pydyf) and the pages.
    """
    import pydyf
    import weasyprint.pdf
    from weasyprint.pdf.stream import Stream

    @contextmanager
    def marked(stream: Any, box: Box, tag: str) -> Iterator[None]:
        properties: dict[str, Any]
        if box in artifacts:
            tag, properties = "Artifact", dict(artifacts[box])
        else:
            properties = {"MCID": len(stream._tags)}
            stream._tags[box] = properties["MCID"]
            if (text := spoken(box)) is not None:
                properties["ActualText"] = pydyf.String(text)
        stream.begin_marked_content(tag, pydyf.Dictionary(properties))
        yield
        stream.end_marked_content()

    def add_tags(pdf: Any, document: Any, _version: Any, streams: list[Any]) -> None:
        pages = zip(document.pages, streams, strict=True)
        write_tags(pdf, [DrawnPage(page_box(page), page.height, stream._tags) for page, stream in pages])

    with replaced((Stream, "marked", marked), (weasyprint.pdf, "add_tags", add_tags)):
        yield


@contextmanager
def clear_stream_ends() -> Iterator[None]:
    """Leave no doubt about where a stream ends.

    pydyf writes a line feed behind a stream's data. When the last byte of the data happens to be a carriage return,
    the two look like one line end, and a strict reader finds the stream a byte shorter than it says. The last bytes of
    compressed data are a checksum, one in 256 of which ends so; such a stream is written uncompressed instead.
    """
    import pydyf

    original = vars(pydyf.Stream)["data"]

    def data(stream: Any) -> bytes:
        written = bytes(original.fget(stream))
        if not stream.compress or not written.endswith(b"\r\nendstream"):
            return written
        return bytes(pydyf.Stream(stream.stream, stream.extra).data)

    with replaced((pydyf.Stream, "data", property(data))):
        yield
