"""A mend of WeasyPrint's line breaking, for the time of one layout."""

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
