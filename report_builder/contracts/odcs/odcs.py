"""The Open Data Contract Standard, versions 3.1.0 and 3.2.0, as models: every field that it knows, and no other.

A field that the engine does not act on is still listed, so that a contract may carry it for other programs; a field
that the standard does not know is a fault with file and line. What the standard leaves open is narrowed where free
text would hide a slip (the units of a quality rule, for instance).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from report_builder.contracts.odcs.quality import (
    AuthoritativeDefinition,
    Context,
    CustomProperty,
    Odcs,
    Scalar,
    StableId,
)
from report_builder.contracts.odcs.schema import SchemaObject


class Role(Odcs):
    """Who may read the data."""

    id: StableId | None = None
    role: str
    description: str | None = None
    access: str | None = None
    first_level_approvers: str | None = None
    second_level_approvers: str | None = None
    custom_properties: tuple[CustomProperty, ...] = ()


class Server(Odcs):
    """Where the data is kept: the fields of every type of server that the standard names."""

    id: StableId | None = None
    server: str | None = None
    type: str
    description: str | None = None
    environment: str | None = None
    roles: tuple[Role, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()
    account: str | None = None
    catalog: str | None = None
    catalog_url: str | None = None
    database: str | None = None
    dataset: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    endpoint_url: str | None = None
    format: str | None = None
    host: str | None = None
    location: str | None = None
    namespace: str | None = None
    path: str | None = None
    port: int | str | None = None
    project: str | None = None
    region: str | None = None
    region_name: str | None = None
    schema_: str | None = Field(None, alias="schema")
    service_name: str | None = None
    staging_dir: str | None = None
    stream: str | None = None
    warehouse: str | None = None
    workgroup: str | None = None


class Support(Odcs):
    """Where questions go."""

    id: StableId | None = None
    channel: str
    url: str | None = None
    description: str | None = None
    tool: str | None = None
    scope: str | None = None
    invitation_url: str | None = None
    custom_properties: tuple[CustomProperty, ...] = ()


class TeamMember(Odcs):
    """A member of the team that owns the contract; a role serves better than a person."""

    id: StableId | None = None
    username: str
    name: str | None = None
    description: str | None = None
    role: str | None = None
    date_in: str | None = None
    date_out: str | None = None
    replaced_by_username: str | None = None
    tags: tuple[str, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()


class Team(Odcs):
    """Who owns the contract."""

    id: StableId | None = None
    name: str | None = None
    description: str | None = None
    members: tuple[TeamMember, ...] = ()
    tags: tuple[str, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()


class Price(Odcs):
    """What the data costs."""

    id: StableId | None = None
    price_amount: int | float | None = None
    price_currency: str | None = None
    price_unit: str | None = None


class SlaProperty(Odcs):
    """A promise about the delivery: how often, how fresh, for how long."""

    id: StableId | None = None
    property: str
    value: Scalar
    value_ext: Scalar = None
    unit: str | None = None
    element: str | None = None
    driver: str | None = None
    description: str | None = None
    scheduler: str | None = None
    schedule: str | None = None
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()


class Description(Odcs):
    """What the data is for, and what it is not."""

    usage: str | None = None
    purpose: str | None = None
    limitations: str | None = None
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()


class ContractFile(Odcs):
    """A contract, whole."""

    api_version: Literal["v3.1.0", "v3.2.0"]
    kind: Literal["DataContract"]
    id: str
    version: str
    status: str
    name: str | None = None
    tenant: str | None = None
    domain: str | None = None
    data_product: str | None = None
    tags: tuple[str, ...] = ()
    description: Description = Description()
    schema_: tuple[SchemaObject, ...] = Field(alias="schema")
    servers: tuple[Server, ...] = ()
    support: tuple[Support, ...] = ()
    price: Price | None = None
    team: Team | None = None
    roles: tuple[Role, ...] = ()
    sla_default_element: str | None = None
    sla_properties: tuple[SlaProperty, ...] = ()
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()
    context: Context = None
    contract_created_ts: str | None = None
