"""Schema objects and their properties as the Open Data Contract Standard writes them: files and columns."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from report_builder.contracts.odcs.quality import (
    AuthoritativeDefinition,
    Context,
    CustomProperty,
    Odcs,
    Quality,
    Scalar,
    StableId,
)


class Synonym(Odcs):
    """Another name for the same thing."""

    id: StableId | None = None
    synonym: str
    description: str | None = None
    locale: str | None = None
    source: str | None = None
    status: str | None = None
    custom_properties: tuple[CustomProperty, ...] = ()


class EnumValue(Odcs):
    """A value that a column may have."""

    value: Scalar
    label: str | None = None
    id: StableId | None = None
    description: str | None = None
    custom_properties: tuple[CustomProperty, ...] = ()
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()
    tags: tuple[str, ...] = ()


class Element(Odcs):
    """What schema objects and properties have in common."""

    id: StableId | None = None
    name: str
    physical_type: str | None = None
    physical_name: str | None = None
    description: str | None = None
    business_name: str | None = None
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    synonyms: tuple[Synonym, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()


_LONGEST = 2**31
"""Characters; no engine holds a longer text."""


class LogicalTypeOptions(Odcs):
    """The options of every logical type; :mod:`.load` says which of them fit which type."""

    min_length: int | None = Field(None, ge=0, le=_LONGEST)
    max_length: int | None = Field(None, ge=0, le=_LONGEST)
    pattern: str | None = None
    format: str | None = None
    minimum: str | int | float | None = None
    maximum: str | int | float | None = None
    exclusive_minimum: str | int | float | None = None
    exclusive_maximum: str | int | float | None = None
    multiple_of: int | float | None = Field(None, gt=0, allow_inf_nan=False)
    timezone: bool | None = None
    default_timezone: str | None = None
    min_properties: int | None = None
    max_properties: int | None = None
    required: tuple[str, ...] | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool | None = None


class Relationship(Odcs):
    """A foreign key: ``from`` only at the level of an object, ``to`` always."""

    id: StableId | None = None
    type: Literal["foreignKey"] = "foreignKey"
    from_: str | tuple[str, ...] | None = Field(None, alias="from")
    to: str | tuple[str, ...]
    custom_properties: tuple[CustomProperty, ...] = ()


class ItemProperty(Odcs):
    """The items of an array or a map; metric files have none, and :mod:`report_builder.contracts.odcs.load` says so."""

    model_config = ConfigDict(extra="allow")


class Property(Element):
    """A column."""

    primary_key: bool = False
    primary_key_position: int = -1
    logical_type: (
        Literal["string", "date", "timestamp", "time", "number", "integer", "object", "array", "map", "boolean"] | None
    ) = None
    logical_type_options: LogicalTypeOptions = LogicalTypeOptions()
    required: bool = False
    unique: bool = False
    partitioned: bool = False
    partition_key_position: int = -1
    classification: str | None = None
    encrypted_name: str | None = None
    transform_source_objects: tuple[str, ...] = ()
    transform_logic: str | None = None
    transform_description: str | None = None
    examples: tuple[Any, ...] = ()
    critical_data_element: bool = False
    enum: tuple[EnumValue, ...] = ()
    semantic_type: Literal["column"] = "column"
    relationships: tuple[Relationship, ...] = ()
    quality: tuple[Quality, ...] = ()
    properties: tuple[ItemProperty, ...] = ()
    items: ItemProperty | None = None
    map: ItemProperty | None = None


class SchemaObject(Element):
    """A file, or a sheet of one."""

    logical_type: Literal["object"] = "object"
    data_granularity_description: str | None = None
    context: Context = None
    properties: tuple[Property, ...]
    relationships: tuple[Relationship, ...] = ()
    quality: tuple[Quality, ...] = ()
