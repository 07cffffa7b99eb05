"""The fingerprint of a method version: a hash over what decides its values, not over its prose."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from report_builder.methods.method import Method

_PROSE = {
    "measure", "version", "name", "definition", "why", "valid_from", "decided_by", "decided", "diarienummer", "example",
    "label", "selection",
}  # fmt: skip
"""Fields that may be reworded without any value changing."""


def method_fingerprint(method: Method) -> str:
    """Sixteen hexadecimal digits; two versions share them exactly if they give the same values from the same data.

    A field that stands at its default counts as not written, so that a field which a later engine adds changes nothing.
    """
    decides = _without_prose(method.rules.model_dump(mode="json", exclude_defaults=True))
    text = json.dumps(decides, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def decisive(method: Method) -> dict[str, str]:
    """What decides the values, flat: ``clock.excluded_waiting`` to its value as text, for telling versions apart."""
    return dict(_flat(_without_prose(method.rules.model_dump(mode="json")), ""))


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: _without_prose(v) for k, v in value.items() if k not in _PROSE or isinstance(v, dict)}
        return {k: v for k, v in kept.items() if v not in (None, [], {})}
    return [_without_prose(item) for item in value] if isinstance(value, list) else value


def _flat(value: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for k, v in value.items() for pair in _flat(v, f"{name}.{k}" if name else k)]
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        named = [(str(item.get("id") or item.get("start") or i), item) for i, item in enumerate(value)]
        return [pair for k, v in named for pair in _flat(v, f"{name}.{k}")]
    return [(name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))]
