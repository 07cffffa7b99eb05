"""One pass over the bytes of a text file before anything reads it as text.

It settles what a fast reader would hide: whether the bytes are the text that the contract says, and whether line
breaks and quotation marks are so regular that counting lines is counting rows.
"""

from __future__ import annotations

import codecs
import hashlib
import mmap
import re
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_HEAD = 1 << 16
_BLANK = b"\xef\xbb\xbf \t\r\n"
_BLANK_FIRST = re.compile(rb"[\xef\xbb\xbf \t]*\r?\n")
_BLANK_LINE = re.compile(rb"\n[ \t]*\r?\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_LONE_NEWLINE = re.compile(rb"(?<!\r)\n")


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

    ``empty``: nothing but white space. ``regular``: one kind of line break, no blank line among the rows, no white
    space around a quoted field. ``head`` is the beginning of the file, ``fault`` the first byte that cannot be.
    """

    sha256: str
    empty: bool
    regular: bool
    head: bytes
    fault: ByteFault | None = None


def scan(path: Path, encoding: str, delimiter: str) -> Scan:
    """Look at the bytes of ``path``. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        if not file.read(1):
            return Scan(sha256=hashlib.sha256().hexdigest(), empty=True, regular=True, head=b"")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            end = _last_sign(content)
            return Scan(
                sha256=hashlib.sha256(content).hexdigest(),
                empty=end == 0,
                regular=_is_regular(content, end, delimiter.encode()),
                head=content[:_HEAD],
                fault=_first_fault(content, encoding),
            )


def _last_sign(content: mmap.mmap) -> int:
    """The offset behind the last byte that is not white space; 0 if there is none."""
    end = len(content)
    while end:
        start = max(0, end - _HEAD)
        kept = content[start:end].strip(_BLANK) if start == 0 else content[start:end].rstrip(_BLANK)
        if kept:
            return content.rfind(kept[-1:], start, end) + 1
        end = start
    return 0


def _is_regular(content: mmap.mmap, end: int, delimiter: bytes) -> bool:
    if _BLANK_FIRST.match(content) or _BLANK_LINE.search(content, 0, end) or _LONE_RETURN.search(content, 0, end):
        return False
    if content.find(b"\r\n") >= 0 and _LONE_NEWLINE.search(content):
        return False
    if content.find(b'"') < 0:
        return True
    loose = rb'[ \t]"[ \t]*(?:%b|\r?\n)|%b[ \t]+"' % (re.escape(delimiter), re.escape(delimiter))
    return re.search(loose + rb'|"[ \t]+(?:%b|\r?\n)' % re.escape(delimiter), content) is None


def _first_fault(content: mmap.mmap, encoding: str) -> ByteFault | None:
    nul = content.find(b"\0")
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


def _fault(content: mmap.mmap, code: str, offset: int) -> ByteFault:
    start = content.rfind(b"\n", 0, offset) + 1
    stop = content.find(b"\n", offset)
    line_number = 1
    for begin in range(0, offset, _CHUNK):
        line_number += content[begin : min(offset, begin + _CHUNK)].count(b"\n")
    line = content[start : min(len(content) if stop < 0 else stop, start + _HEAD)].rstrip(b"\r")
    return ByteFault(code=code, offset=offset, line_number=line_number, line=line, column=offset - start)
