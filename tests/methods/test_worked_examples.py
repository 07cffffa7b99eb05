"""Hand-made cases under versions that change one thing of the clock, with the answer worked out on paper."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from given import METHODS, cases, variant
from pydantic import Field

from report_builder.facts.fact import ObsStatus
from report_builder.methods import compute, flow_identity_problems
from report_builder.workspace.yamlfile import Model, read

FILES = sorted((Path(__file__).parent / "worked").glob("*.yaml"))
NO_VALUE = {"saknas": ObsStatus.MISSING, "undertryckt": ObsStatus.SUPPRESSED}


class Example(Model):
    """A worked example; an expected value is a number (text where it has decimals), ``saknas`` or ``undertryckt``.

    ``rules`` are written over those of version 1 where another version is told of; ``waits`` are the cases' waiting.
    """

    title: str
    text: str
    rules: dict[str, Any] = Field(default_factory=dict)
    cases: list[dict[str, str | date]]
    waits: list[dict[str, int | str | date]] = Field(default_factory=list)
    expected: dict[str, int | str]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_worked_example(path):
    example, _ = read(path, path.name, Example)
    methods = variant(example.rules) if example.rules else METHODS
    facts = compute(methods, [cases(example.cases, example.waits)], ["psl", "lex-sarah"], ["2023", "2024"])
    found = {name: _shown(facts.require(name)) for name in example.expected}
    assert found == {name: str(value) for name, value in example.expected.items()}
    assert flow_identity_problems(facts, methods) == []


def test_there_are_enough_examples():
    assert len(FILES) >= 10


def _shown(fact):
    if fact.value is None:
        return next(word for word, status in NO_VALUE.items() if status is fact.status)
    assert fact.status is ObsStatus.NORMAL
    assert isinstance(fact.value, Decimal)
    return str(fact.value)
