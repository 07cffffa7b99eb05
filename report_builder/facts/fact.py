"""Facts: the numbers a report may say, each with its unit, its period, its method and where it came from.

A fact's id is readable and stable: ``<measure>.<statistic>.<case type>.<period>``, for example
``handlaggningstid.median.klagomal.2025``. A derived fact (a change between two facts) carries the id of the later
fact with the earlier period behind a tilde: ``arendebalans.antal.klagomal.2025-12-31~2024-12-31`` is the difference and
``…~%2024-12-31`` the relative change in per cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from report_builder.periods import Period
from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.swedish import PERCENT, POINTS


class ObsStatus(StrEnum):
    """SDMX code list CL_OBS_STATUS, the codes in use here."""

    NORMAL = "A"
    BREAK = "B"
    DEFINITION_DIFFERS = "D"
    ESTIMATED = "E"
    FORECAST = "F"
    MISSING = "M"
    PROVISIONAL = "P"
    SUPPRESSED = "Q"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that was read: workspace-relative name, SHA-256 of its bytes, number of data rows."""

    file: str
    sha256: str
    rows: int


LeftOutReason = Literal["outside", "no-start", "disorder", "unlisted-case-type", "unlisted-part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many candidates a selection left out for one reason.

    ``outside``: of another period, age or state. ``no-start`` and ``disorder``: the dates leave no time to measure.
    ``unlisted-case-type`` and ``unlisted-part``: the value is in no register or part, so they may belong here.
    """

    reason: LeftOutReason
    count: int


WHOLE = "@helhet"
"""Ends the id of a count of a case type together with all that it came from or became (a split, a merge)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a fact comes from.

    ``selection`` says in Swedish which rows count ("avslutade 2025, klagomål"); ``count`` is how many rows those are.
    ``rows`` names them (as a spreadsheet numbers them) where they are few enough to list; else they are found again
    by running the method's selection on the same file. ``derived_from`` holds fact ids when the value comes from facts.
    ``citation`` is the published source of a value that was taken over as it is. ``left_out`` says why the rows that
    the selection chose among are not in ``count``: with it they make up all that was read of the case type.
    """

    dataset: str = ""
    contract: str = ""
    sources: tuple[SourceFile, ...] = ()
    selection: str = ""
    count: int | None = None
    rows: tuple[int, ...] = ()
    derived_from: tuple[str, ...] = ()
    citation: str = ""
    left_out: tuple[LeftOut, ...] = ()

    @property
    def candidates(self) -> int | None:
        """The rows (and returns that are counted by themselves) that the selection chose among."""
        return None if self.count is None else self.count + sum(found.count for found in self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number.

    ``value`` is exact or rounded to at least six decimals (the printed rounding is ``decimals``, by the method);
    ``None`` is a missing or suppressed value. ``unit`` is a key that the wording knows: ``antal``, ``dagar``,
    ``procent``, ``procentenheter``, ``manader``. ``method`` is ``<measure>@v<N>``. ``example`` marks a value that rests
    on example data and must never be taken for an outcome. ``population`` names whom the value is about where that
    changed without the method changing (a new law): values about different populations cannot be compared.
    """

    id: str
    measure: str
    statistic: str
    case_type: str
    period: Period
    value: Decimal | None
    unit: str
    decimals: int
    method: str
    status: ObsStatus = ObsStatus.NORMAL
    example: bool = False
    label: str = ""
    provenance: Provenance = Provenance()
    population: str = ""


def fact_id(measure: str, statistic: str, case_type: str, period: Period) -> str:
    """The id of a fact; the parts use a–z, 0–9 and ``-``."""
    return f"{measure}.{statistic}.{case_type}.{period.name}"


class FactSet:
    """Facts by id, in the order of their ids; immutable once made."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        by_id: dict[str, Fact] = {}
        for fact in facts:
            if fact.id in by_id:
                raise ValueError(f"two facts share the id {fact.id}")
            by_id[fact.id] = fact
        self._by_id = dict(sorted(by_id.items()))

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, fact_id: object) -> bool:
        return fact_id in self._by_id

    def get(self, fact_id: str) -> Fact | None:
        """The fact with this id, or ``None``."""
        return self._by_id.get(fact_id)

    def require(self, fact_id: str, place: Place | None = None) -> Fact:
        """The fact with this id.

        Raises:
            ReportError: there is none; the hint names the nearest ids that exist.

        """
        fact = self._by_id.get(fact_id)
        if fact is None:
            message = f"There is no fact {fact_id}."
            raise ReportError(
                Problem(code="unknown-fact", message=message, place=place, hint=nearest(fact_id, self._by_id))
            )
        return fact

    def union(self, more: Iterable[Fact]) -> FactSet:
        """These facts and ``more``; a fact that is the same in both is kept once."""
        extra = [f for f in more if self._by_id.get(f.id) != f]
        return FactSet([*self, *extra])


def difference(later: Fact, earlier: Fact) -> Fact:
    """``later − earlier`` as a fact (per cent gives percentage points).

    Raises:
        ReportError: the two rest on different method versions, measures or units, so no difference exists.

    """
    _comparable(later, earlier)
    value = None if later.value is None or earlier.value is None else later.value - earlier.value
    return _derived(later, earlier, "", value, POINTS if later.unit == PERCENT else later.unit, later.decimals)


def relative_change(later: Fact, earlier: Fact) -> Fact:
    """``100 · (later − earlier) / earlier`` as a fact in per cent; no value where ``earlier`` is zero."""
    _comparable(later, earlier)
    value = None
    if later.value is not None and earlier.value:
        value = (100 * (later.value - earlier.value) / earlier.value).quantize(Decimal("1.000000"))
    return _derived(later, earlier, "%", value, PERCENT, 0)


def _comparable(later: Fact, earlier: Fact) -> None:
    """Both must have the same measure, unit, method version and population."""
    if later.unit != earlier.unit or later.measure != earlier.measure:
        message = f"{later.id} and {earlier.id} are different things and cannot be compared."
        hint = "A change may be stated only between values of the same measure and unit."
    elif later.method != earlier.method:
        message = f"{later.id} rests on {later.method} and {earlier.id} on {earlier.method}: they cannot be compared."
        hint = f"Ask for a period that {later.method} is computed for as well, or leave the change out of the text."
    elif later.population != earlier.population:
        across = later.population or earlier.population
        message = f"Between {earlier.id} and {later.id} lies a break ({across}): they cannot be compared."
        hint = "State each value by itself, and name the break."
    else:
        return
    raise ReportError(Problem(code="not-comparable", message=message, hint=hint))


def _derived(later: Fact, earlier: Fact, sign: str, value: Decimal | None, unit: str, decimals: int) -> Fact:
    status = ObsStatus.MISSING if value is None else ObsStatus.NORMAL
    return Fact(
        id=f"{later.id}~{sign}{earlier.period.name}",
        measure=later.measure,
        statistic=later.statistic,
        case_type=later.case_type,
        period=later.period,
        value=value,
        unit=unit,
        decimals=decimals,
        method=later.method,
        status=status,
        example=later.example or earlier.example,
        label=later.label,
        provenance=Provenance(derived_from=(later.id, earlier.id)),
        population=later.population,
    )
