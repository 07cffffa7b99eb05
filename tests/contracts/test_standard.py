"""The models of a contract know every field that the standard's own package knows."""

from __future__ import annotations

import pytest
from open_data_contract_standard import model as standard
from pydantic import BaseModel

from report_builder.contracts.odcs.odcs import (
    ContractFile,
    Description,
    Price,
    Role,
    Server,
    SlaProperty,
    Support,
    Team,
    TeamMember,
)
from report_builder.contracts.odcs.quality import (
    AuthoritativeDefinition,
    CustomProperty,
    ForeignRule,
    LibraryRule,
    OwnRule,
    SqlRule,
    TextRule,
)
from report_builder.contracts.odcs.schema import EnumValue, Property, Relationship, SchemaObject, Synonym

PAIRS = [
    (ContractFile, standard.OpenDataContractStandard),
    (SchemaObject, standard.SchemaObject),
    (Property, standard.SchemaProperty),
    (Relationship, standard.Relationship),
    (Synonym, standard.Synonym),
    (EnumValue, standard.EnumValue),
    (Description, standard.Description),
    (Support, standard.Support),
    (Team, standard.Team),
    (TeamMember, standard.TeamMember),
    (SlaProperty, standard.ServiceLevelAgreementProperty),
    (Price, standard.Pricing),
    (Role, standard.Role),
    (Server, standard.Server),
    (CustomProperty, standard.CustomProperty),
    (AuthoritativeDefinition, standard.AuthoritativeDefinition),
]


def names(model: type[BaseModel]) -> set[str]:
    """The fields of a model as a contract writes them."""
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda model: model.__name__)
def test_no_field_of_the_standard_is_unknown(ours: type[BaseModel], theirs: type[BaseModel]) -> None:
    assert names(theirs) <= names(ours)


def test_a_quality_rule_knows_every_field_of_the_standard() -> None:
    kinds = (LibraryRule, SqlRule, TextRule, OwnRule, ForeignRule)
    deprecated = {"rule"}  # now called metric
    assert names(standard.DataQuality) - deprecated <= {name for kind in kinds for name in names(kind)}
