"""One pass over the bytes of a text file before anything reads it as text.

It settles what a fast reader would hide: whether the bytes are the text that the contract says, and whether line
breaks and quotation marks are so regular that the fast reader sees the rows that a careful one would.
"""

from __future__ import annotations

import codecs
import mmap
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_CHUNK = 1 << 22
HEAD = 1 << 16
"""Bytes at the beginning of a file that are kept."""
_BLANK = b"\xef\xbb\xbf \t\r\n"
_BLANK_FIRST = re.compile(rb"[\xef\xbb\xbf \t]*\r?\n")
_NEWLINE, _RETURN, _QUOTE, _NUL = b'\n\r"\0'
LONGEST_LINE = 1 << 17
"""No row of a metric file is this long; a file that has lost its line breaks is. Python's own limit for a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteFault:
    """The first byte that cannot be: its offset in the file, and the line that it stands in, counted from 1."""

    code: str
    offset: int
    line_number: int
    line: bytes
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a look at the bytes gave.

    ``empty``: nothing but white space. ``regular``: one kind of line break, no line beyond all bounds, and every
    quotation mark begins or ends a field or is written twice. ``broken_fields``: a quoted field holds a line break.
    ``head`` is the beginning of the file, ``nul`` the offset of the first NUL byte or -1, ``utf8`` whether the bytes
    are UTF-8.
    """

    empty: bool
    regular: bool
    broken_fields: bool
    head: bytes
    nul: int = -1
    utf8: bool = True


def scan(path: Path, delimiter: str) -> Scan:
    """Look at the bytes of ``path``. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        if not file.read(1):
            return Scan(empty=True, regular=True, broken_fields=False, head=b"")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            walk = _Walk(delimiter=delimiter.encode())
            for start in range(0, len(content), _CHUNK):
                walk.step(content, start, min(len(content), start + _CHUNK))
                if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
                    content.madvise(mmap.MADV_DONTNEED, start, _CHUNK)  # seen: need not stay in memory for our sake
            head = content[:HEAD]
            return Scan(
                empty=not head.strip(_BLANK) and _is_blank(content),
                regular=walk.is_regular(len(content)) and not _BLANK_FIRST.match(head),
                broken_fields=walk.broken_fields,
                head=head,
                nul=walk.nul,
                utf8=walk.utf8,
            )


def byte_fault(path: Path, encoding: str, nul: int) -> ByteFault | None:
    """The first byte of ``path`` that text in ``encoding`` does not have; ``nul`` is where :func:`scan` saw a NUL."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return _fault(content, "utf-16", 0)
        if nul >= 0:
            return _fault(content, "nul-byte", nul)
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            pending = len(decoder.getstate()[0])
            if chunk.isascii() and not pending:
                continue
            try:
                decoder.decode(chunk, final=start + _CHUNK >= len(content))
            except UnicodeDecodeError as e:
                return _fault(content, "wrong-encoding", start - pending + e.start)
    return None


@dataclass(slots=True)
class _Walk:
    """Takes a file in pieces; what it carries from one to the next is the last line break, the open quotation and the
    beginning of a sign that was cut in two.
    """

    delimiter: bytes
    nul: int = -1
    broken_fields: bool = False
    utf8: bool = True
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))
    _quotes: int = 0
    _line_start: int = 0
    _returns: bool = False
    _bare_newlines: bool = False
    _loose: bool = False

    def step(self, content: mmap.mmap, start: int, stop: int) -> None:
        import numpy as np

        signs = np.frombuffer(content[start:stop], np.uint8)  # a copy: a view that outlives us would keep the file open
        if self.nul < 0 and not signs.all():
            self.nul = start + int((signs == _NUL).argmax())
        self._text(content, start, stop)
        newlines = np.flatnonzero(signs == _NEWLINE) + start
        self._lines(content, newlines, stop)
        if not self._loose and (signs == _RETURN).any():
            self._break_signs(content, np.flatnonzero(signs == _RETURN) + start, newlines)
        elif newlines.size:
            self._bare_newlines = True
        if not self._loose and (signs == _QUOTE).any():
            self._fields(content, np.flatnonzero(signs == _QUOTE) + start, newlines)
        elif self._quotes % 2 and newlines.size:
            self.broken_fields = True

    def is_regular(self, size: int) -> bool:
        mixed = self._returns and self._bare_newlines
        return not (self._loose or mixed or self._quotes % 2 or size - self._line_start > LONGEST_LINE)

    def _text(self, content: mmap.mmap, start: int, stop: int) -> None:
        """Whether all up to the last whole sign before ``stop`` is UTF-8."""
        chunk = content[start:stop]
        if not self.utf8 or (chunk.isascii() and not self._decoder.getstate()[0]):
            return
        try:
            self._decoder.decode(chunk, final=stop == len(content))
        except UnicodeDecodeError:
            self.utf8 = False

    def _lines(self, content: mmap.mmap, newlines: np.ndarray[Any, Any], stop: int) -> None:
        import numpy as np

        if newlines.size:
            longest = max(int(newlines[0]) - self._line_start, int(np.diff(newlines).max(initial=0)))
            self._loose |= longest > LONGEST_LINE
            self._line_start = int(newlines[-1])
        self._loose |= stop - self._line_start > LONGEST_LINE

    def _break_signs(self, content: mmap.mmap, returns: np.ndarray[Any, Any], newlines: np.ndarray[Any, Any]) -> None:
        """A carriage return belongs to a newline; a file has them before all newlines or before none."""
        self._returns = True
        followed = _beside(content, returns, 1) == _NEWLINE
        self._loose |= not followed.all()
        self._bare_newlines |= bool((_beside(content, newlines, -1) != _RETURN).any())

    def _fields(self, content: mmap.mmap, quotes: np.ndarray[Any, Any], newlines: np.ndarray[Any, Any]) -> None:
        """Quotation marks open and close by turns; one within a field is a close and an open side by side."""
        import numpy as np

        opens = (np.arange(quotes.size) + self._quotes) % 2 == 0
        before, after = _beside(content, quotes[opens], -1), _beside(content, quotes[~opens], 1)
        if not self._quotes and quotes[0] == len(codecs.BOM_UTF8) and content[: quotes[0]] == codecs.BOM_UTF8:
            before[0] = _NEWLINE
        edges = [_QUOTE, *self.delimiter]
        self._loose |= not np.isin(before, [*edges, _NEWLINE]).all()
        self._loose |= not np.isin(after, [*edges, _NEWLINE, _RETURN]).all()
        if newlines.size:
            inside = (np.searchsorted(quotes, newlines) + self._quotes) % 2
            self.broken_fields |= bool(inside.any())
        self._quotes += quotes.size


def _beside(content: mmap.mmap, offsets: np.ndarray[Any, Any], step: int) -> np.ndarray[Any, Any]:
    """The bytes before or after those at ``offsets``; beyond the ends of the file stands a newline."""
    import numpy as np

    beside = offsets + step
    signs = np.frombuffer(content, np.uint8)
    found = signs[np.clip(beside, 0, len(content) - 1)]
    return np.where((beside < 0) | (beside >= len(content)), _NEWLINE, found)


def _is_blank(content: mmap.mmap) -> bool:
    return all(not content[at : at + _CHUNK].strip(_BLANK) for at in range(0, len(content), _CHUNK))


def _fault(content: mmap.mmap, code: str, offset: int) -> ByteFault:
    start = content.rfind(b"\n", 0, offset) + 1
    stop = content.find(b"\n", offset)
    line_number = 1
    for begin in range(0, offset, _CHUNK):
        line_number += content[begin : min(offset, begin + _CHUNK)].count(b"\n")
    line = content[start : min(len(content) if stop < 0 else stop, start + HEAD)].rstrip(b"\r")
    return ByteFault(code=code, offset=offset, line_number=line_number, line=line, column=offset - start)
