"""Places in a draft whose content is known only when the rest of the report is: what was revised, and what is new.

A slot stands among the fragments that filled prose refers to, as a function of what fills the slots; the content is
given when the prose is read into blocks. The draft itself never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from report_builder.document import nodes as n

Fragment = tuple[n.Inline, ...] | tuple[n.Block, ...]
"""What a token in filled prose stands for."""

SlotContent = Mapping[str, tuple[n.Block, ...]]
"""The blocks of each slot by its name; one that is not there is empty."""

LateFragment = Callable[[SlotContent], Fragment]
"""A fragment that depends on what fills the slots."""

REVISIONS, REVISED_VALUES, WHATS_NEW = "revisions", "revised-values", "whats-new"
"""The slots there are: how many published values print differently now, which they are, and what is new."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The fragment that is whatever fills the slot ``name``."""

    name: str

    def __call__(self, content: SlotContent) -> Fragment:
        """The blocks that fill it."""
        return content.get(self.name, ())


class Filled(Sequence[Fragment]):
    """Fragments with their slots filled; the list that they come from may go on growing."""

    def __init__(self, fragments: Sequence[Fragment | LateFragment], content: SlotContent) -> None:
        self._fragments = fragments
        self._content = content

    def __len__(self) -> int:
        return len(self._fragments)

    def __getitem__(self, index: int) -> Fragment:  # type: ignore[override]
        found = self._fragments[index]
        return found(self._content) if callable(found) else found
