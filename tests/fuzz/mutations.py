"""Damage: what happens to bytes and texts on their way, by chance from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable

Bytes = Callable[[random.Random, bytes], bytes]

WORDS = (
    "", " ", "\t", "\n", "\r\n", "\x00", "\x1f", "\ufeff", "\u200b", "\xa0", "å", "Å", "a\u030a", "𝔸", "\uffff", "0",
    "-0", "+1", "1e400", "1e-400", "NaN", "Infinity", "-Infinity", "null", "None", "true", "TRUE", "ja", "nej",
    "1" * 50, "1" * 5000, "0x1F", "1,5", "1.5", "1 000", "1\xa0000", "12:60", "24:00", "0001-01-01", "9999-12-31",
    "0000-00-00", "2025-02-29", "2024-02-29", "2025-13-01", "2025-1-1", "01/02/2025", "infinity", "epoch", "=1+1",
    "@a", "-1+1", '"', '""', "'", ";", ",", "|", "#N/A", "#REF!", "..", "-", "x", "<b>", "&amp;", "{{ 1 }}",
    "{% for %}", "${x}", "../../etc/passwd", "*a", "&a [*a]", "- - -", "? ", ": ", "!!python/object:os.system", "%",
    "%s", "\\u0000", "\\ud800",
)  # fmt: skip
"""What people, programs and attackers put in cells."""


def flipped(chance: random.Random, data: bytes) -> bytes:
    """A few bits turned."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwritten(chance: random.Random, data: bytes) -> bytes:
    """A stretch of other bytes in place of some."""
    at, length = chance.randrange(len(data) + 1), chance.choice((1, 2, 4, 8, 64))
    new = chance.choice((b"\0" * length, b"\xff" * length, chance.randbytes(length), data[:length]))
    return data[:at] + new + data[at + length :]


def cut_off(chance: random.Random, data: bytes) -> bytes:
    """The end is missing, or the beginning, or something in the middle."""
    a, b = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    return chance.choice((data[:a], data[a:], data[:a] + data[b:]))


def repeated(chance: random.Random, data: bytes) -> bytes:
    """A stretch more than once."""
    a, b = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    b = min(b, a + 2000)
    return data[:b] + data[a:b] * chance.choice((1, 2, 50)) + data[b:]


def with_a_word(chance: random.Random, data: bytes) -> bytes:
    """A word that means something to somebody, anywhere."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(WORDS).encode("utf-8", "surrogatepass") + data[at:]


def with_a_number(chance: random.Random, data: bytes) -> bytes:
    """A number of 4 or 8 bytes set to an extreme: lengths and offsets of binary formats."""
    size = chance.choice((2, 4, 8))
    value = chance.choice((0, 1, (1 << (8 * size - 1)) - 1, 1 << (8 * size - 1), (1 << 8 * size) - 1))
    at = chance.randrange(max(len(data) - size, 0) + 1)
    return data[:at] + value.to_bytes(size, chance.choice(("little", "big"))) + data[at + size :]


def in_another_encoding(chance: random.Random, data: bytes) -> bytes:
    """As a program saves it that means another encoding."""
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "windows-1252", "utf-8-sig", "cp850")), "replace")


def with_other_lines(chance: random.Random, data: bytes) -> bytes:
    """With the line breaks of another system, in places or everywhere."""
    other = chance.choice((b"\r", b"\r\n", b"\n\n", b"", b"\x0b", "\u2028".encode()))
    return data.replace(b"\n", other, chance.choice((-1, 1, 2)))


ANY: tuple[Bytes, ...] = (flipped, overwritten, cut_off, repeated, with_a_word, with_a_number)
TEXT: tuple[Bytes, ...] = (*ANY, with_a_word, with_a_word, in_another_encoding, with_other_lines)


def damaged(chance: random.Random, data: bytes, ways: tuple[Bytes, ...] = ANY) -> bytes:
    """``data`` after one to three accidents."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(ways)(chance, data)
    return data
