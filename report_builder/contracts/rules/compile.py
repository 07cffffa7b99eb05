"""A contract compiled to its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.odcs.contract import Contract, FileContract
from report_builder.contracts.odcs.quality import LibraryRule, OwnRule, SqlRule
from report_builder.contracts.rules.column_rules import column_rules, key_rules, reference_rules
from report_builder.contracts.rules.metrics import metric_rule, sql_rule, unchecked_rule
from report_builder.contracts.rules.personal import personal_rules
from report_builder.contracts.rules.row_rules import between_rules
from report_builder.contracts.rules.rules import Rule
from report_builder.contracts.rules.service import service_rules
from report_builder.contracts.rules.text_rules import text_rules


def rules_of(contract: Contract, around: DeliveryContext, comparable: Collection[str] = ()) -> tuple[Rule, ...]:
    """Every rule of a contract, in its own order; ``comparable`` are the objects whose file before could be read."""
    return tuple(rule for file in contract.files for rule in _rules_of_file(contract, file, around, comparable))


def _rules_of_file(
    contract: Contract, file: FileContract, around: DeliveryContext, comparable: Collection[str]
) -> Iterator[Rule]:
    yield from text_rules(contract, file)
    for column in file.columns:
        yield from column_rules(file, column)
    yield from key_rules(file)
    yield from personal_rules(file)
    yield from reference_rules(contract, file)
    for declared in file.quality:
        match declared.rule:
            case LibraryRule() as rule:
                yield metric_rule(file, declared, rule)
            case SqlRule() as rule:
                yield sql_rule(file, declared, rule)
            case OwnRule() as rule:
                yield from between_rules(file, declared, rule, around, file.name in comparable)
            case rule:
                yield unchecked_rule(file, declared, rule)
    yield from service_rules(contract, file, around)
