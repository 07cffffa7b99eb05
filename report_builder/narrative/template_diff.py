"""What moved between two template versions: sections, tables, figures, what they need, and the prose line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from report_builder.narrative.template import SectionModel, Template
from report_builder.workspace.yamlfile import Model


def template_differences(old: Template, new: Template) -> Iterator[str]:
    """Lines that tell what differs, the most telling first; none where the two say the same."""
    yield from _sections(old.model.sections, new.model.sections)
    for what in ("tables", "figures"):
        yield from _declared(what.removesuffix("s"), getattr(old.model, what), getattr(new.model, what))
    for what in ("registers", "free_sections"):
        yield from _names(what.replace("_", " "), getattr(old.model, what), getattr(new.model, what))
    for what in ("materiality", "coverage"):
        before, after = getattr(old.model, what), getattr(new.model, what)
        if before != after:
            yield f"{what}: {_shown(before)} → {_shown(after)}"
    yield from _prose(old, new)


def _sections(old: Sequence[SectionModel], new: Sequence[SectionModel]) -> Iterator[str]:
    before, after = {s.id: s for s in old}, {s.id: s for s in new}
    yield from (f"section {name}: removed" for name in before if name not in after)
    for name, section in after.items():
        if name not in before:
            yield f"section {name}: added ({section.scheme})"
        elif section.scheme != before[name].scheme:
            yield f"section {name}: {before[name].scheme} → {section.scheme}"
    kept_before, kept_after = [n for n in before if n in after], [n for n in after if n in before]
    stayed = difflib.SequenceMatcher(None, kept_before, kept_after, autojunk=False).get_matching_blocks()
    still = {kept_after[block.b + i] for block in stayed for i in range(block.size)}
    for name in kept_after:
        if name not in still:
            ahead = kept_after[: kept_after.index(name)]
            yield f"section {name}: moved {f'to after {ahead[-1]}' if ahead else 'to the front'}"


def _declared(what: str, old: Mapping[str, Model], new: Mapping[str, Model]) -> Iterator[str]:
    yield from (f"{what} {name}: removed" for name in old if name not in new)
    for name, model in new.items():
        if name not in old:
            yield f"{what} {name}: added"
            continue
        before, after = old[name].model_dump(), model.model_dump()
        for field in before:
            if before[field] != after.get(field):
                yield f"{what} {name}: {field}: {_shown(before[field])} → {_shown(after.get(field))}"


def _names(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    yield from (f"{what}: {name} is no longer needed" for name in old if name not in new)
    yield from (f"{what}: {name} is needed" for name in new if name not in old)


def _shown(value: Any, most: int = 90) -> str:
    """A field's value in few words: what is not said in the declaration is left out."""
    text = str(_told(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _told(value: Any) -> Any:
    if isinstance(value, Model):
        value = value.model_dump()
    if isinstance(value, dict):
        return {k: _told(v) for k, v in value.items() if v not in ("", None, (), "body")}
    return [_told(v) for v in value] if isinstance(value, list | tuple) else value


def _prose(old: Template, new: Template) -> Iterator[str]:
    before = {s.id: old.folder / s.file for s in old.model.sections}
    after = {s.id: new.folder / s.file for s in new.model.sections}
    for name, path in after.items():
        if name not in before:
            continue
        was, is_now = (p.read_text(encoding="utf-8").splitlines() for p in (before[name], path))
        changed = list(difflib.unified_diff(was, is_now, n=0, lineterm=""))[2:]
        if changed:
            added = sum(line.startswith("+") for line in changed)
            removed = sum(line.startswith("-") for line in changed)
            yield f"prose of {name}: {added} lines added, {removed} removed"
            yield from (f"    {line}" for line in changed)
