"""Changes of measure or method: the records that people write of them, and the gate that no unsaid change passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from report_builder.facts.ledger import Ledger
from report_builder.methods.fingerprint import method_fingerprint
from report_builder.methods.load import METHODS_FOLDER, load_methods, valid_from, versions
from report_builder.methods.method import Method
from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.workspace.yamlfile import Model, YamlFile, read

CHANGE_REGISTER = "content/registers/metodforandringar.yaml"
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words that must be there: an empty text is a fault."""


class ChangeRecord(Model):
    """A change of a measure, as it is decided and told.

    ``comparability`` is ``bridged`` (both versions are computed on the same cases, and compared within one version),
    ``linked`` (besides, older values are carried over by what the versions differ by in common periods) or ``broken``
    (nothing is computed across it and comparison is refused). A break that no version makes, such as a new law, has
    the same version before and after; ``case_types`` then names whom it concerns (all, where empty).

    ``link`` carries older values over by a ``ratio`` or a ``difference``; where that varies by more than
    ``link_tolerance`` per cent of the value between the common periods, nothing is linked. ``example`` says that the
    change is made up: nothing is published that rests on it.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    measure: str
    from_version: str = Field(pattern=r"^v[1-9][0-9]*$")
    to_version: str = Field(pattern=r"^v[1-9][0-9]*$")
    case_types: tuple[str, ...] = ()
    what: Said
    why: Said
    valid_from: date
    decided_by: Said
    decided: date
    diarienummer: Said
    example: bool = False
    comparability: Literal["bridged", "linked", "broken"]
    effect: Said
    advice: Said
    link: Literal["ratio", "difference"] = "ratio"
    link_tolerance: Decimal = Field(default=Decimal(10), gt=0)

    @property
    def outside(self) -> bool:
        """Whether the break comes from outside the method."""
        return self.from_version == self.to_version


class ChangeRegister(Model):
    """``metodforandringar.yaml``: the change records."""

    rows: tuple[ChangeRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The change records of a workspace, in order of ``valid_from``, and the file that they stand in."""

    rows: tuple[ChangeRecord, ...] = ()
    file: YamlFile | None = None

    def of(self, measure: str) -> tuple[ChangeRecord, ...]:
        """The records about a measure."""
        return tuple(c for c in self.rows if c.measure == measure)

    def path(self, measure: str, old: str, new: str) -> tuple[ChangeRecord, ...]:
        """The records that lead from one version to another, step by step; empty where some step has none."""
        steps: list[ChangeRecord] = []
        at = old
        while at != new:
            onward = [c for c in self.of(measure) if c.from_version == at and not c.outside and c not in steps]
            if not onward:
                return ()
            direct = [c for c in onward if c.to_version == new]
            steps.append((direct or onward)[0])
            at = steps[-1].to_version
        return tuple(steps)

    def into(self, method: Method) -> ChangeRecord | None:
        """The record of how the measure came to this version, if it ever had another."""
        found = [c for c in self.of(method.measure) if c.to_version == method.version and not c.outside]
        return found[-1] if found else None

    def place(self, change: ChangeRecord, *loc: str | int) -> Place | None:
        """Where a record, or a field of it, stands in the file."""
        if self.file is None:
            return None
        ids = [row.get("id") for row in self.file.data["rows"]]
        return self.file.place("rows", ids.index(change.id), *loc)


def load_changes(root: Path, history: Mapping[str, Sequence[Method]] | None = None) -> Changes:
    """Every change record of the workspace; none where there is no file.

    ``history`` holds versions that have been read already, by measure; the day of any other is read from its file.

    Raises:
        ReportError: every fault of the file: a record without a reason, an unknown measure or version, a record that
            leads to an earlier version, a date that is not that of the version, a duplicated id or step.

    """
    if not (root / CHANGE_REGISTER).is_file():
        return Changes()
    model, file = read(root / CHANGE_REGISTER, CHANGE_REGISTER, ChangeRegister)
    days = {m.id: m.rules.valid_from for versions_of in (history or {}).values() for m in versions_of}
    problems = [p for i in range(len(model.rows)) for p in _faults(root, model.rows, i, file, days)]
    if problems:
        raise ReportError(problems)
    return Changes(rows=tuple(sorted(model.rows, key=lambda c: (c.valid_from, c.id))), file=file)


def _faults(
    root: Path, rows: Sequence[ChangeRecord], i: int, file: YamlFile, days: Mapping[str, date]
) -> Iterator[Problem]:
    """What is wrong with record number ``i``; ``days`` is when method versions came into use, as far as it is known."""
    change = rows[i]
    if any(other.id == change.id for other in rows[:i]):
        message = f"The change record {change.id} is duplicated."
        place = file.place("rows", i, "id")
        yield Problem(code="duplicate-id", message=message, place=place, hint="Give each record an id of its own.")
    held = versions(root, change.measure)
    if not held:
        known = sorted(p.name for p in (root / METHODS_FOLDER).glob("*") if p.is_dir())
        message = f"The record {change.id} is about the measure {change.measure}, which has no method."
        hint = nearest(change.measure, known) or f"Measures: {', '.join(known)}."
        yield Problem(code="unknown-measure", message=message, place=file.place("rows", i, "measure"), hint=hint)
        return
    unknown = [field for field in ("from_version", "to_version") if getattr(change, field) not in held]
    for field in unknown:
        version = getattr(change, field)
        message = f"The record {change.id} is about {change.measure}@{version}, which does not exist."
        hint = f"Versions that exist: {', '.join(held)}."
        place = file.place("rows", i, field)
        yield Problem(code="unknown-method-version", message=message, place=place, hint=hint, value=version)
    if change.outside and change.comparability != "broken":
        message = f"The record {change.id} has one version before and after, so nothing bridges the break."
        hint = "Set comparability to broken, or name the versions that it leads from and to."
        yield Problem(code="nothing-bridges", message=message, place=file.place("rows", i, "comparability"), hint=hint)
    if not unknown and not change.outside:
        yield from _step_faults(root, rows, i, file, days)


def _step_faults(
    root: Path, rows: Sequence[ChangeRecord], i: int, file: YamlFile, days: Mapping[str, date]
) -> Iterator[Problem]:
    """A step leads to a later version, on the day when that came into use, and is recorded once."""
    change = rows[i]
    step = f"{change.measure} from {change.from_version} to {change.to_version}"
    if _number(change.to_version) < _number(change.from_version):
        message = f"The record {change.id} leads {step}, which is backwards."
        hint = "Exchange from_version and to_version. To return to an older rule, write it as the next version."
        place = file.place("rows", i, "to_version")
        yield Problem(code="backward-change", message=message, place=place, hint=hint, value=change.to_version)
        return
    earlier = next((r for r in rows[:i] if not r.outside and _step(r) == _step(change)), None)
    if earlier is not None:
        message = f"The records {earlier.id} and {change.id} both lead {step}."
        hint = "Write all that the change holds in one record."
        yield Problem(code="duplicate-step", message=message, place=file.place("rows", i, "to_version"), hint=hint)
    name = f"{change.measure}@{change.to_version}"
    began = days[name] if name in days else valid_from(root, change.measure, change.to_version)
    if began is not None and change.valid_from != began:
        message = f"The record {change.id} says {change.valid_from}, but {name} is valid from {began}."
        hint = f"Write valid_from: {began} here, or correct the day in {METHODS_FOLDER}/{name.replace('@', '/')}.yaml."
        place = file.place("rows", i, "valid_from")
        yield Problem(code="wrong-change-day", message=message, place=place, hint=hint, value=str(change.valid_from))


def _step(change: ChangeRecord) -> tuple[str, str, str]:
    return change.measure, change.from_version, change.to_version


def _number(version: str) -> int:
    return int(version[1:])


def load_history(root: Path, methods: Mapping[str, Method]) -> dict[str, tuple[Method, ...]]:
    """Every version of each measure of ``methods`` (which are not read again), the first one first.

    Raises:
        ReportError: a version's file is at fault, or two versions of a measure are valid on the same date.

    """
    history: dict[str, tuple[Method, ...]] = {}
    problems: list[Problem] = []
    for measure, method in methods.items():
        found: list[Method] = []
        for version in versions(root, measure):
            try:
                found.append(method if version == method.version else _alone(root, measure, version))
            except ReportError as e:
                problems += e.problems
        history[measure] = tuple(found)
        for earlier, later in pairwise(found):
            if later.rules.valid_from <= earlier.rules.valid_from:
                message = (
                    f"{later.id} is valid from {later.rules.valid_from}, when {earlier.id} is valid too "
                    f"(from {earlier.rules.valid_from})."
                )
                place = later.file.place("valid_from")
                hint = "A version is valid until the next one is: give the later version a later date."
                problems.append(Problem(code="two-versions-valid", message=message, place=place, hint=hint))
    if problems:
        raise ReportError(problems)
    return history


def _alone(root: Path, measure: str, version: str) -> Method:
    return load_methods(root, {measure: version}, alone=True)[measure]


def gate(
    methods: Mapping[str, Method],
    history: Mapping[str, Sequence[Method]],
    changes: Changes,
    before: Ledger | None,
    ledgers: Sequence[Ledger],
    release_file: YamlFile,
) -> list[Problem]:
    """What stops a build: a version that was edited after it was released, and a change that no record explains.

    ``before`` is what the previous release of the series published, ``ledgers`` what all releases have.
    """
    problems = list(_edited(history, ledgers))
    for measure, method in methods.items():
        old = before.version(measure) if before is not None else ""
        if before is None or not old or old == method.version or changes.path(measure, old, method.version):
            continue
        message = (
            f"{method.id} takes the place of {measure}@{old}, by which {before.release} was counted, "
            "and no change record explains it."
        )
        hint = (
            f"Add to {CHANGE_REGISTER}, under rows, a record with id, measure: {measure}, from_version: {old}, "
            f"to_version: {method.version}, what, why, valid_from: {method.rules.valid_from}, decided_by, decided, "
            "diarienummer, comparability (bridged, linked or broken), effect (on comparability), advice (to readers)."
        )
        place = release_file.place("methods", measure)
        problems.append(Problem(code="change-without-record", message=message, place=place, hint=hint, value=method.id))
    return problems


def _edited(history: Mapping[str, Sequence[Method]], ledgers: Sequence[Ledger]) -> Iterator[Problem]:
    for method in (m for versions_of in history.values() for m in versions_of):
        now = method_fingerprint(method)
        for ledger in ledgers:
            then = ledger.methods.get(method.id, now)
            if then != now:
                number = _number(method.version) + 1
                message = f"{method.id} was released with {ledger.release}, and its file has been edited since."
                hint = f"Restore the file from version control, and write what is new as v{number}.yaml."
                place = method.file.place()
                yield Problem(code="released-method-edited", message=message, place=place, hint=hint, value=now)
                break
