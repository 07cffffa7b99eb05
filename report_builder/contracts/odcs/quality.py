"""Quality rules as the Open Data Contract Standard writes them, and the base of the standard's models.

Rules between columns are ``quality`` items with ``type: custom`` and ``engine: report-builder``; the forms of their
``implementation`` are in :mod:`.custom_rules`. Custom rules of other engines are kept and shown as
not run. ``mustBeBetween`` includes both bounds, as its set notation in the standard and datacontract-cli do.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from report_builder.contracts.odcs.custom_rules import Form
from report_builder.workspace.yamlfile import Model

OWN_ENGINE = "report-builder"
Scalar = str | int | float | bool | None
Context = str | dict[str, Any] | None
"""Guidance for other programs: kept, never read."""
StableId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]


class Odcs(Model):
    """Base of the standard's models: camelCase in the file, nothing unknown."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False)


class CustomProperty(Odcs):
    """A property that the standard lacks; :mod:`.load` names those that mean something here."""

    id: StableId | None = None
    property: str
    value: Any
    description: str | None = None
    vendor: str | None = None


class AuthoritativeDefinition(Odcs):
    """A link to where something is defined."""

    id: StableId | None = None
    url: str
    type: str
    description: str | None = None


Operator = Literal[
    "must_be", "must_not_be", "must_be_greater_than", "must_be_greater_or_equal_to", "must_be_less_than",
    "must_be_less_or_equal_to", "must_be_between", "must_not_be_between",
]  # fmt: skip
OPERATORS: tuple[Operator, ...] = (
    "must_be", "must_not_be", "must_be_greater_than", "must_be_greater_or_equal_to", "must_be_less_than",
    "must_be_less_or_equal_to", "must_be_between", "must_not_be_between",
)  # fmt: skip


class QualityBase(Odcs):
    """What every quality rule may say about itself."""

    id: StableId | None = None
    name: str | None = None
    description: str | None = None
    dimension: (
        Literal["accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"] | None
    ) = None
    method: str | None = None
    severity: Literal["error", "warning"] = "error"
    business_impact: str | None = None
    schedule: str | None = None
    scheduler: str | None = None
    unit: Literal["rows", "percent"] | None = None
    tags: tuple[str, ...] = ()
    authoritative_definitions: tuple[AuthoritativeDefinition, ...] = ()
    custom_properties: tuple[CustomProperty, ...] = ()


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("finite", "write a number that is not infinite")
    return value


FiniteNumber = Annotated[int | float, AfterValidator(_finite)]


class Comparing(QualityBase):
    """A rule whose figure is compared: exactly one operator must stand."""

    must_be: Annotated[Any, AfterValidator(_finite)] = None
    must_not_be: Annotated[Any, AfterValidator(_finite)] = None
    must_be_greater_than: FiniteNumber | None = None
    must_be_greater_or_equal_to: FiniteNumber | None = None
    must_be_less_than: FiniteNumber | None = None
    must_be_less_or_equal_to: FiniteNumber | None = None
    must_be_between: tuple[FiniteNumber, FiniteNumber] | None = None
    must_not_be_between: tuple[FiniteNumber, FiniteNumber] | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Comparing:
        if len(self.model_fields_set & set(OPERATORS)) != 1:
            kin = "mustBe, mustBeLessThan, mustBeBetween and their kin"
            raise PydanticCustomError("one_operator", "write exactly one of {kin}", {"kin": kin})
        return self

    @property
    def operator(self) -> tuple[Operator, Any]:
        """The operator that stands in the file, with its operand."""
        name = next(o for o in OPERATORS if o in self.model_fields_set)
        return name, getattr(self, name)


class Arguments(Odcs):
    """Arguments of the library metrics."""

    missing_values: tuple[Scalar, ...] | None = None
    valid_values: tuple[Scalar, ...] | None = Field(None, min_length=1)
    pattern: str | None = None
    properties: tuple[str, ...] | None = Field(None, min_length=1)


class LibraryRule(Comparing):
    """A metric of the standard's library."""

    type: Literal["library"] = "library"
    metric: Literal["nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"]
    arguments: Arguments = Arguments()


class SqlRule(Comparing):
    """A single SELECT that gives one figure; ``{object}`` and ``{property}`` stand for the names at hand."""

    type: Literal["sql"]
    query: str


class TextRule(QualityBase):
    """A rule in words, for people."""

    type: Literal["text"]


class OwnRule(QualityBase):
    """A rule between columns, of this engine."""

    type: Literal["custom"]
    engine: Literal["report-builder"]
    implementation: Form


class ForeignRule(QualityBase):
    """A rule of another engine: kept, never run."""

    type: Literal["custom"]
    engine: str
    implementation: str | dict[str, Any]


def _kind(value: Any) -> str:
    if not isinstance(value, dict):
        return "library"
    kind = str(value.get("type", "library"))
    if kind == "custom":
        return "custom" if value.get("engine") == OWN_ENGINE else "foreign"
    return kind if kind in {"sql", "text"} else "library"


Quality = Annotated[
    Annotated[LibraryRule, Tag("library")]
    | Annotated[SqlRule, Tag("sql")]
    | Annotated[TextRule, Tag("text")]
    | Annotated[OwnRule, Tag("custom")]
    | Annotated[ForeignRule, Tag("foreign")],
    Discriminator(_kind),
]
