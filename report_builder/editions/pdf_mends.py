"""Two mends of the libraries that make the PDF, each for the time that it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def mended_line_breaks() -> Iterator[None]:
    """Keep words on their line when only the space behind them is too wide for it.

    WeasyPrint 70 breaks such a text after its first word when something follows in an element of its own (a link, a
    note): the space makes it seem too long, and no later place to break is found, because all of it fits.
    """
    from weasyprint.layout import inline

    plain = inline.split_first_line

    def split_first_line(text: str, style: Any, context: Any, max_width: Any, spacing: Any, **more: Any) -> Any:
        found = plain(text, style, context, max_width, spacing, **more)
        resume_at = found[2]
        if resume_at is None or not text.endswith(" ") or " " in text.encode()[:resume_at].decode().rstrip():
            return found
        words = plain(text.rstrip(" "), style, context, max_width, spacing, **more)
        if words[2] is not None:
            return found
        return plain(text, style, context, None, spacing, **more)

    inline.split_first_line = split_first_line
    try:
        yield
    finally:
        inline.split_first_line = plain


@contextmanager
def clear_stream_ends() -> Iterator[None]:
    """Leave no doubt about where a stream ends.

    pydyf writes a line feed behind a stream's data. When the last byte of the data happens to be a carriage return,
    the two look like one line end, and a strict reader finds the stream a byte shorter than it says. The last bytes of
    compressed data are a checksum, one in 256 of which ends so; such a stream is written uncompressed instead.
    """
    import pydyf

    plain = pydyf.Stream.data

    def data(stream: Any) -> bytes:
        written = bytes(plain.fget(stream))
        if not stream.compress or not written.endswith(b"\r\nendstream"):
            return written
        return bytes(pydyf.Stream(stream.stream, stream.extra).data)

    pydyf.Stream.data = property(data)
    try:
        yield
    finally:
        pydyf.Stream.data = plain
