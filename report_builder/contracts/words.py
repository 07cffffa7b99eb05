"""What a contract demands and what was found, in English for a terminal and in Swedish for the supplier.

The English is written where it is said; the Swedish is its wording in the catalogue, looked up only when somebody asks
for it, so that an answer in English reads no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from report_builder.catalogue import Catalogue, current, shipped
from report_builder.swedish import listing, number

_SWEDISH = "sv"


class Words(Protocol):
    """The same thing in English and in Swedish."""

    @property
    def en(self) -> str:
        """The English."""

    @property
    def sv(self) -> str:
        """The Swedish."""


Value = Words | str | int | date | Sequence[str | Words]
"""What stands in a place of a message: a count or a row is written as each language writes numbers, several things are
listed, and other words are said in the language of the message.
"""


@dataclass(frozen=True, slots=True)
class _Message:
    """A message of the catalogue with values in its named places; of two forms ``count`` chooses."""

    singular: str
    plural: str
    context: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def en(self) -> str:
        """The message itself."""
        text = self.plural if self.plural and self.values["count"] != 1 else self.singular
        return text.format_map({name: _english(value) for name, value in self.values.items()})

    @property
    def sv(self) -> str:
        """Its wording in the catalogue."""
        catalogue, count = _catalogue(), self.values.get("count")
        if self.plural and isinstance(count, int):
            text = catalogue.many(self.singular, self.plural, count, self.context)
        else:
            text = catalogue.one(self.singular, self.context)
        return text.format_map({name: _swedish(value) for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class _Quoted:
    """What is no message of the program's own: the words of a contract, or a sign."""

    en: str
    sv: str


@dataclass(frozen=True, slots=True)
class _Joined:
    """Several things said after each other; those without words are left out."""

    parts: tuple[Words, ...]
    between: str

    @property
    def en(self) -> str:
        """The English."""
        return self.between.join(said for part in self.parts if (said := part.en))

    @property
    def sv(self) -> str:
        """The Swedish."""
        return self.between.join(said for part in self.parts if (said := part.sv))


@dataclass(frozen=True, slots=True)
class _InEach:
    """The English of one thing and the Swedish of another."""

    english: Words
    swedish: Words

    @property
    def en(self) -> str:
        """The English of the one."""
        return self.english.en

    @property
    def sv(self) -> str:
        """The Swedish of the other."""
        return self.swedish.sv


def words(singular: str, plural: str = "", /, *, context: str = "", **values: Value) -> Words:
    """A message of the catalogue (``singular`` is its key) with ``values`` in its named places.

    With ``plural`` the message has two forms, and the value ``count`` says which one serves.
    """
    return _Message(singular, plural, context, values)


def quoted(en: str, sv: str | None = None) -> Words:
    """Words that are not the program's own, which stand as they are; without ``sv`` the same in both languages."""
    return _Quoted(en, en if sv is None else sv)


def joined(*parts: Words, between: str = " ") -> Words:
    """Several things said after each other; those without words are left out."""
    return _Joined(parts, between)


def in_each(en: Words, sv: Words) -> Words:
    """The English of one thing and the Swedish of another, where the two readers need different words."""
    return _InEach(en, sv)


def either(things: Sequence[str]) -> Words:
    """``a``, ``a or b``, ``a, b or c``."""
    if len(things) == 1:
        return quoted(things[0])
    return words("{things} or {last}", things=", ".join(things[:-1]), last=things[-1])


NOTHING = quoted("")
"""No words at all."""


def _catalogue() -> Catalogue:
    """The Swedish wordings, with a workspace's own where those are in use."""
    found = current()
    return found if found.language == _SWEDISH else shipped(_SWEDISH)


def _english(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")
    if isinstance(value, str | date):
        return str(value)
    return ", ".join(map(_english, value)) if isinstance(value, Sequence) else value.en


def _swedish(value: Value) -> str:
    if isinstance(value, int):
        return number(value)
    if isinstance(value, str | date):
        return str(value)
    return listing([_swedish(v) for v in value]) if isinstance(value, Sequence) else value.sv
