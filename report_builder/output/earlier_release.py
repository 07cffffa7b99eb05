"""The release before, as the next one is compared with it: kept under everything that it is written from."""

from __future__ import annotations

import json
from collections.abc import Callable

from report_builder.document import store
from report_builder.facts.factfile import facts_csv, parse_facts
from report_builder.output.plan import Plan, own_inputs_of
from report_builder.output.versions import version_of_release
from report_builder.problems import ReportError
from report_builder.revisions.version import Version
from report_builder.workspace.cache import key

_KIND = "releases"


def kept_or(plan: Plan, write: Callable[[], Version]) -> Version:
    """The release of ``plan`` as it was written before from the very same inputs; else what ``write`` gives.

    Raises what ``write`` raises.
    """
    cache = plan.workspace.cache
    if cache.folder is None:
        return write()
    name = _name(plan)
    if (content := cache.get(_KIND, name)) is not None and (found := _restored(plan, content)) is not None:
        return found
    written = write()
    parts = {"document": store.dumps(written.document), "facts": facts_csv(written.facts)}
    cache.put(_KIND, name, json.dumps(parts, ensure_ascii=False).encode())
    return written


def _name(plan: Plan) -> str:
    """The key of everything that a release is written from, each file with its role, version and name."""
    parts = [part for entry in own_inputs_of(plan) for part in (entry.role, entry.version, entry.name, entry.path)]
    return key(plan.release.id, *parts)


def _restored(plan: Plan, content: bytes) -> Version | None:
    try:
        parts = json.loads(content)
        document = store.loads(parts["document"].encode(), "document.json")
        facts = parse_facts(parts["facts"].encode(), "facts.csv")
    except (ReportError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return version_of_release(plan.release, document, facts, tuple(own_inputs_of(plan)))
