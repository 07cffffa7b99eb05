"""The catalogue: what a reader sees of the engine's own words, by language.

The engine is written in plain English, and every sentence of its own that a reader of a report, a supplier or a
reviewer sees passes through here. Its wording in another language lies in ``report_builder/locale/<language>/``, as
gettext catalogues (``.po``) that an editor can change, one for each room of the house. What a workspace words
differently lies in ``templates/shared/<version>/`` in the same form and goes first (:func:`using`).

A message is English text with named places, ``"{count} rows"``; the text is also the key of its translation. Where
the same English words mean two things, ``context`` (msgctxt) tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGE = "sv"
"""The language that readers get where nothing else is said."""

SOURCE = "en"
"""The language of the messages themselves: it needs no catalogue."""

Key = tuple[str, str]
"""Context (empty where there is none) and message."""

_SHIPPED = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language: each with one wording, or with one for one and one for many."""

    language: str
    wordings: Mapping[Key, str | tuple[str, ...]] = field(default_factory=dict)

    def one(self, message: str, context: str = "") -> str:
        """The wording of a message; the message itself where there is none."""
        found = self.wordings.get((context, message), message)
        return found if isinstance(found, str) else found[0]

    def many(self, singular: str, plural: str, count: int, context: str = "") -> str:
        """The wording for ``count`` things; English and Swedish have the same two forms."""
        found = self.wordings.get((context, singular), (singular, plural))
        forms = (found, found) if isinstance(found, str) else found
        return forms[0] if count == 1 else forms[1]


def read_messages(path: Path, language: str) -> dict[Key, str | tuple[str, ...]]:
    """The messages of one ``.po`` file that have a wording.

    Raises:
        babel.messages.pofile.PoFileError: the file is no catalogue.

    """
    from babel.messages.pofile import read_po

    found: dict[Key, str | tuple[str, ...]] = {}
    with path.open("rb") as file:
        for entry in read_po(file, locale=language, abort_invalid=True):
            if entry.id and entry.string and not entry.fuzzy:
                key = entry.id if isinstance(entry.id, str) else entry.id[0]
                found[entry.context or "", key] = entry.string if isinstance(entry.string, str) else tuple(entry.string)
    return found


@cache
def shipped(language: str) -> Catalogue:
    """The catalogue of a language as the package has it; of English, and of one that it lacks, an empty one."""
    wordings: dict[Key, str | tuple[str, ...]] = {}
    for path in sorted((_SHIPPED / language).glob("*.po")):
        wordings |= read_messages(path, language)
    return Catalogue(language, wordings)


_CURRENT: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def current() -> Catalogue:
    """The catalogue that readers get here and now."""
    return _CURRENT.get() or shipped(LANGUAGE)


@contextmanager
def using(language: str, own: Mapping[Key, str | tuple[str, ...]] | None = None) -> Iterator[Catalogue]:
    """Within this block readers get ``language``, with the wordings that a workspace has of its own before others."""
    catalogue = Catalogue(language, {**shipped(language).wordings, **(own or {})})
    token = _CURRENT.set(catalogue)
    try:
        yield catalogue
    finally:
        _CURRENT.reset(token)


def gettext(message: str, /, *, context: str = "", **values: object) -> str:
    """``message`` as the reader gets it, with ``values`` in its named places."""
    wording = current().one(message, context)
    return wording.format(**values) if values else wording


def ngettext(singular: str, plural: str, count: int, /, *, context: str = "", **values: object) -> str:
    """The same for ``count`` things; the number itself is in no place but the ones that ``values`` fill."""
    wording = current().many(singular, plural, count, context)
    return wording.format(**values) if values else wording


def msgid(message: str, *, context: str = "") -> str:
    """``message`` itself, marked for the catalogue: for constants, which get their wording where they are used.

    Where the message has a ``context``, :func:`gettext` is given the same one there.
    """
    return message
