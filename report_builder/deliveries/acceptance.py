"""Warnings about deliveries weighed against what the release accepts: which are explained, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from report_builder.deliveries.delivery import Delivery
from report_builder.problems import Problem, Severity
from report_builder.workspace.workspace import Accepted, Release
from report_builder.workspace.yamlfile import YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A warning about a delivery; ``accepted`` is the release's reason for living with it, None where it has none."""

    problem: Problem
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The remarks on the deliveries of a release, and what is wrong with what it accepts."""

    remarks: tuple[Remark, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def to_tell(self) -> tuple[Problem, ...]:
        """What the one who builds must hear of: remarks that nobody has accepted, and faults of acceptances."""
        return (*(r.problem for r in self.remarks if r.accepted is None), *self.problems)


def weigh(found: Sequence[Problem], deliveries: Sequence[Delivery], release: Release, file: YamlFile) -> Weighed:
    """Every warning with its acceptance. ``file`` is the release's own, for places.

    A remark that nobody has accepted is an error in a final release; an acceptance of what does not occur is a warning.
    """
    of = {delivery.dataset: delivery for delivery in deliveries}
    severity = Severity.ERROR if release.status == "final" else Severity.WARNING
    used: set[tuple[int, int]] = set()
    remarks = []
    for problem in found:
        matching = [
            (i, j)
            for i, pin in enumerate(release.deliveries)
            for j, accepted in enumerate(pin.accepted)
            if _is_about(accepted, problem, of[pin.dataset])
        ]
        used.update(matching)
        if matching:
            i, j = matching[0]
            remarks.append(Remark(problem=problem, accepted=release.deliveries[i].accepted[j]))
        else:
            remarks.append(Remark(problem=replace(problem, severity=severity)))
    faults = (*_unused(release, file, used), *_needless(of, release, file))
    return Weighed(remarks=tuple(remarks), problems=faults)


def _is_about(accepted: Accepted, problem: Problem, delivery: Delivery) -> bool:
    """Whether an acceptance of a delivery is about a problem: its file, its rule and, where it says so, its column."""
    if problem.place is None or accepted.rule not in {problem.rule, problem.code}:
        return False
    objects = {name for name, source in delivery.sources.items() if source.file == problem.place.file}
    if not objects or (accepted.object and accepted.object not in objects):
        return False
    return not accepted.column or accepted.column == problem.place.column


def _unused(release: Release, file: YamlFile, used: set[tuple[int, int]]) -> Iterator[Problem]:
    for i, pin in enumerate(release.deliveries):
        for j, accepted in enumerate(pin.accepted):
            if (i, j) not in used:
                yield Problem(
                    code="unused-acceptance",
                    message=f"The release accepts {accepted.rule} in {pin.dataset}, but nothing is remarked there.",
                    place=file.place("deliveries", i, "accepted", j),
                    hint="Remove the acceptance, or correct the name of its rule, object or column.",
                    severity=Severity.WARNING,
                    value=accepted.rule,
                )


def _needless(of: Mapping[str, Delivery], release: Release, file: YamlFile) -> Iterator[Problem]:
    for i, pin in enumerate(release.deliveries):
        gaps = [gap for quality in of[pin.dataset].quality for groups in quality.groups for gap in groups.gaps]
        stated = {gap.stated for gap in gaps}
        for j, absent in enumerate(pin.absent):
            if j not in stated:
                group = ", ".join(f"{column} {value}" for column, value in absent.group.items())
                yield Problem(
                    code="needless-absence",
                    message=f"The release says that {pin.dataset} lacks {group}, but no such group is missing.",
                    place=file.place("deliveries", i, "absent", j),
                    hint="Remove the statement, or correct its columns, values and periods.",
                    severity=Severity.WARNING,
                )
