"""Where things are: the folders of a workspace, its releases with their pins, and the registers people own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from report_builder.allowance import Allowance
from report_builder.periods import Period
from report_builder.problems import Place, Problem, ReportError, nearest, raise_errors
from report_builder.workspace.cache import NO_CACHE, Cache
from report_builder.workspace.colours import ChartColours, LineColour, TextColour
from report_builder.workspace.yamlfile import Model, YamlFile, parse, read

Day = date
"""A day; the name ``date`` is taken where a field has it."""

_LIMITS = "limits"
_OF_A_MODEL = frozenset({"bad-value", "missing-field", "unknown-field"})
"""Codes of what is wrong with values, in a file that could be read."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")


_OF_AN_EDITOR = re.compile(r"\..*\.sw[a-z]|\.#.*|#.*#|.*~|4913|\.DS_Store")


def is_content(name: str) -> bool:
    """Whether a file of this name may be part of a workspace: an editor's swap, lock and backup files never are."""
    return _OF_AN_EDITOR.fullmatch(name) is None


class AuthorityModel(Model):
    """Who publishes; ``logotype`` is an SVG file relative to the workspace, or empty.

    ``font`` is the family of text and charts, which lies in ``templates/editions/fonts``; it is left out where there is
    one family only. ``charts`` are the colours of charts that are not made of ``primary`` and ``accent``.
    """

    name: str
    short: str
    web: str
    primary: TextColour
    accent: LineColour
    font: str = ""
    charts: ChartColours = ChartColours()
    logotype: str = ""
    logotype_alt: str = ""
    genitive: str = ""


class TotalModel(Model):
    """The pseudo case type that stands for all of them together."""

    id: str
    name: str
    short: str


class MarksModel(Model):
    """The words of the status marks."""

    draft: str
    example: str


class OpenData(Model):
    """How the facts are published as open data, by DCAT-AP-SE.

    ``address`` is the folder on the web that bundles are laid in, each under its own name. ``publisher_type`` and
    ``themes`` are of the code lists of ADMS and of the European Union.
    """

    address: str = Field(pattern=r"^https://.+/$")
    contact: str = ""
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    publisher_type: str = "http://purl.org/adms/publishertype/NationalAuthority"
    themes: tuple[str, ...] = ("GOVE",)
    keywords: tuple[str, ...] = ()


class ReadingLimits(Model):
    """What reading one file may take: seconds, and MB of memory. A metric file may take more, the larger it is."""

    seconds: float = Field(60, gt=0, le=86_400)
    memory: int = Field(2048, ge=64, le=1 << 20)


class Settings(Model):
    """``content/workspace.yaml``: what holds for every release of the authority.

    ``archive`` is the profile that the archive takes: with 3a the PDF carries the facts and the methods inside.
    """

    authority: AuthorityModel
    language: Literal["sv"] = "sv"
    marks: MarksModel
    mark_explanation: str
    citation_advice: tuple[str, ...]
    count_noun: tuple[str, str]
    total: TotalModel
    case_type_register: str = "arendeslag"
    archive: Literal["pdf/a-2a", "pdf/a-3a"] = "pdf/a-3a"
    open_data: OpenData | None = None
    limits: ReadingLimits = ReadingLimits()


class _WithLimits(BaseModel):
    """The settings, as far as they are about limits."""

    model_config = ConfigDict(defer_build=True)
    limits: ReadingLimits = ReadingLimits()


class CaseType(Model):
    """A row of the register; ``text`` is the name inside a sentence ("lex X", "klagomål").

    ``from`` and ``until`` are the first and the last day of the type, and ``successor_of`` those that it came from: one
    that was renamed or split, several that were merged. They end before it begins.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    short: str
    text: str = ""
    prioritised: bool = False
    law: str = ""
    description: str = ""
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    successor_of: tuple[str, ...] = ()


class Accepted(Model):
    """A warning about a delivery that the release lives with: which, why, who says so (a role), and since when.

    ``rule`` is the id that the rule has in the contract, or the warning's code; ``object`` and ``column`` narrow it.
    """

    rule: str = Field(min_length=1)
    object: str = ""
    column: str = ""
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    date: date


class Absent(Model):
    """A group of rows that a delivery rightly lacks, and why: ``group`` maps columns to a value, or to a period."""

    group: dict[str, str] = Field(min_length=1)
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    date: date


class DeliveryPin(Model):
    """A dataset of a release: the contract version it meets, and a file per schema object.

    ``as_of`` is the last day that the delivery covers, ``received`` the day when it came. What it says of
    ``provisional_from`` and the time after it is expected to be corrected.
    """

    dataset: str
    contract: str
    example: bool
    files: dict[str, str]
    as_of: date | None = None
    received: date | None = None
    provisional_from: date | None = None
    accepted: tuple[Accepted, ...] = ()
    absent: tuple[Absent, ...] = ()


class PeriodsModel(Model):
    """The whole years that a release accounts for, first to last, and the tertial it reports on where it has one.

    The tertial lies in the last year or in the year after it; the tertials before it are accounted for too.
    """

    years: tuple[str, ...] = Field(min_length=1)
    tertial: str = ""

    @field_validator("years")
    @classmethod
    def _are_years(cls, years: tuple[str, ...]) -> tuple[str, ...]:
        for year in years:
            if Period(year).kind != "year":
                raise ValueError(f"{year} is not a year")
        if list(years) != sorted(set(years)):
            raise ValueError("write each year once, first to last")
        return years

    @model_validator(mode="after")
    def _is_the_next_tertial(self) -> PeriodsModel:
        if self.tertial:
            tertial, last = Period(self.tertial), Period(self.years[-1])
            if tertial.kind != "tertial":
                raise ValueError(f"tertial: {self.tertial} is not a tertial; write {last.name}-T1 for instance")
            if tertial.start.year - last.start.year not in (0, 1):
                raise ValueError(f"tertial: {self.tertial} lies neither in {last.name} nor in the year after it")
        return self


class Erratum(Model):
    """What a new version of a published report puts right, in the words that its readers meet."""

    date: Day
    text: str = Field(min_length=1)


class Release(Model):
    """``release.yaml``: what a release is and which version of everything it is built from.

    ``review`` says of sections that were carried over from an earlier release whether somebody has read them since.
    ``decided_by`` (a role) and ``decided`` say who made it final, and when. A report that has been published is put
    right by the next version: each of ``errata`` is one.
    """

    kind: str
    release: str
    status: Literal["draft", "final"]
    title: str
    subtitle: str = ""
    running_title: str
    reference: str
    diarienummer: str
    article_number: str
    published: date
    created: date
    template: str = Field(pattern=r"^[a-z0-9_-]+@v[0-9]+$")
    periods: PeriodsModel
    deliveries: tuple[DeliveryPin, ...] = Field(min_length=1)
    methods: dict[str, str] = Field(min_length=1)
    previous: str = ""
    review: dict[str, Literal["to-review", "reviewed"]] = Field(default_factory=dict)
    decided_by: str = ""
    decided: date | None = None
    errata: tuple[Erratum, ...] = ()

    @property
    def id(self) -> str:
        """``<kind>/<release>``, as the command line takes it."""
        return f"{self.kind}/{self.release}"

    @property
    def edition(self) -> int:
        """Which version of the report this is: the first, and one more for each erratum."""
        return 1 + len(self.errata)

    @property
    def bundle(self) -> str:
        """What the published version is called: ``<kind>-<release>-v<N>``."""
        return f"{self.kind}-{self.release}-v{self.edition}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with ``templates/``, ``content/``, ``data_contracts/`` and ``output/``.

    ``cache`` is where whoever works in it keeps what can be computed again; by itself a workspace keeps nothing.
    """

    root: Path
    cache: Cache = NO_CACHE

    def shown(self, path: Path) -> str:
        """``path`` as people see it: relative to the workspace, with forward slashes."""
        resolved = path if path.is_absolute() else self.root / path
        try:
            return resolved.relative_to(self.root).as_posix()
        except ValueError:
            return resolved.as_posix()

    def release_dir(self, release_id: str) -> Path:
        """The folder of a release's content."""
        return self.root / "content" / release_id

    def output_dir(self, release_id: str) -> Path:
        """Where a build of the release is put."""
        return self.root / "output" / release_id

    def beside_output(self, release_id: str, what: str) -> Path:
        """Where something is kept beside a release's output, out of sight: ``.<release>.<what>``."""
        folder = self.output_dir(release_id)
        return folder.with_name(f".{folder.name}.{what}")

    def releases(self) -> tuple[str, ...]:
        """Every release that the workspace holds, as ``<kind>/<release>``."""
        found = (self.root / "content").glob("*/*/release.yaml")
        return tuple(sorted(f"{p.parent.parent.name}/{p.parent.name}" for p in found))

    def settings(self) -> Settings:
        """What holds for every release. Raises ReportError where the file does not fit."""
        path = self.root / "content" / "workspace.yaml"
        return read(path, self.shown(path), Settings)[0]

    def limits(self) -> Allowance:
        """What reading one file may take; what is wrong with the rest of the settings is no matter here.

        Raises ReportError where the limits do not fit.
        """
        path = self.root / "content" / "workspace.yaml"
        try:
            stated = read(path, self.shown(path), _WithLimits)[0].limits
        except ReportError as e:
            raise_errors(p for p in e.problems if p.code in _OF_A_MODEL and _LIMITS in p.message)
            stated = ReadingLimits()
        return Allowance(seconds=stated.seconds, memory=stated.memory << 20)

    def release(self, release_id: str) -> tuple[Release, YamlFile]:
        """The release and its file (for places in problems).

        Raises:
            ReportError: there is no such release, or its file does not fit.

        """
        parts = release_id.split("/")
        if len(parts) != 2 or not all(_SLUG.fullmatch(p) for p in parts):
            hint = "Write <kind>/<release>, as the folders under content are named."
            raise ReportError(Problem(code="bad-release", message=f"{release_id!r} is not a release.", hint=hint))
        path = self.release_dir(release_id) / "release.yaml"
        if not path.is_file():
            known = self.releases()
            hint = nearest(release_id, known) or f"Releases here: {', '.join(known) or 'none'}."
            message = f"There is no release {release_id} in this workspace."
            raise ReportError(
                Problem(code="unknown-release", message=message, place=Place(file=self.shown(path)), hint=hint)
            )
        release, file = read(path, self.shown(path), Release)
        if release.id != release_id:
            message = f"The file says {release.id}, but its folder is {release_id}."
            hint = "Correct kind and release in the file, or move the folder."
            raise ReportError(Problem(code="wrong-folder", message=message, place=file.place("release"), hint=hint))
        return release, file

    def register_path(self, name: str, release_id: str = "") -> Path:
        """The file of a register: the release's own, ``<release>/registers/``, where it has one, else the shared one.

        A register lives on after a release is out; a release that must stand as it was carries its own copy.
        """
        own = self.release_dir(release_id) / "registers" / f"{name}.yaml"
        return own if release_id and own.is_file() else self.root / "content" / "registers" / f"{name}.yaml"

    def register(self, name: str, release_id: str = "") -> tuple[tuple[dict[str, Any], ...], YamlFile]:
        """The rows of a register as a release sees it, each a mapping with an ``id`` or ``term`` of its own."""
        path = self.register_path(name, release_id)
        if not path.is_file():
            known = sorted(p.stem for p in path.parent.glob("*.yaml"))
            message = f"There is no register {name}."
            raise ReportError(
                Problem(
                    code="unknown-register", message=message, place=Place(file=self.shown(path)),
                    hint=nearest(name, known) or f"Registers here: {', '.join(known) or 'none'}.",
                )
            )  # fmt: skip
        file = parse(path, self.shown(path))
        rows = file.data.get("rows") if isinstance(file.data, dict) else None
        if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
            message = "A register is a mapping with the key rows, and under it a list of rows."
            raise ReportError(Problem(code="bad-register", message=message, place=file.place()))
        return tuple(rows), file

    def case_types(self, settings: Settings) -> tuple[CaseType, ...]:
        """The register of case types, in its own order. Raises ReportError where a row does not fit."""
        path = self.root / "content" / "registers" / f"{settings.case_type_register}.yaml"
        model, file = read(path, self.shown(path), CaseTypeRegister)
        ids = [c.id for c in model.rows]
        twice = [
            Problem(code="duplicate-id", message=f"The case type {c.id} is given twice.", place=file.place("rows", i))
            for i, c in enumerate(model.rows)
            if c.id in ids[:i]
        ]
        raise_errors([*twice, *_lifespan_problems(model.rows, file)])
        return model.rows


def _lifespan_problems(rows: Sequence[CaseType], file: YamlFile) -> Iterator[Problem]:
    """Case types that end before they begin, or that come from one that is unknown or has not ended."""
    known = {row.id: row for row in rows}
    for i, row in enumerate(rows):
        if row.since and row.until and row.until < row.since:
            message = f"The case type {row.id} ends on {row.until}, before it begins on {row.since}."
            yield _at_row(file, i, "until", message, "Correct the one or the other.")
        for name in row.successor_of:
            before = known.get(name)
            if before is None or name == row.id:
                message = f"The case type {row.id} is said to come from {name}, which is no other row of the register."
                hint = nearest(name, known) or "A type that has ended keeps its row, with until."
            elif row.since is None or before.until is None or before.until >= row.since:
                message = f"The case type {row.id} comes from {name}, and {name} has not ended before {row.id} begins."
                hint = f"Write from for {row.id}, and for {name} until, with the day before."
            else:
                continue
            yield _at_row(file, i, "successor_of", message, hint)


def _at_row(file: YamlFile, row: int, field: str, message: str, hint: str) -> Problem:
    return Problem(code="case-type-time", message=message, place=file.place("rows", row, field), hint=hint)


def require_workspace(folder: Path) -> Workspace:
    """The workspace in ``folder``.

    Raises:
        ReportError: the folder is no workspace.

    """
    root = folder.resolve()
    if not (root / "content" / "workspace.yaml").is_file():
        message = "This folder is not a workspace: content/workspace.yaml is missing."
        hint = "Go to the workspace, or name it with --workspace DIR."
        raise ReportError(Problem(code="no-workspace", message=message, place=Place(file=str(folder)), hint=hint))
    return Workspace(root)


class CaseTypeRegister(Model):
    """The register of case types, or of whatever the figures are counted by."""

    rows: tuple[CaseType, ...] = Field(min_length=1)
