"""A template version: what ``template.yaml`` declares, and where its prose lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from report_builder.narrative.axes import AxisItem
from report_builder.narrative.shared_words import Wordings, read_wordings
from report_builder.narrative.template_lock import edits, files_of
from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.workspace.workspace import Workspace
from report_builder.workspace.yamlfile import Model, YamlFile, read

Slug = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")


class SectionModel(Model):
    """A chapter of the report: its prose file, and how its headings are numbered.

    A chapter with the scheme ``annex`` is part of the data annex: on the web and in the spreadsheets, not in print.
    """

    id: str = Slug
    file: str = Field(pattern=r"^[a-z0-9-]+\.md\.j2$")
    scheme: Literal["chapter", "appendix", "annex", "plain"] = "chapter"


class TableModel(Model):
    """A table: rows × columns of coordinates. ``gaps`` allows crossings that cannot occur; a dot stands there."""

    caption: str
    corner: str
    rows: tuple[AxisItem, ...] = Field(min_length=1)
    columns: tuple[AxisItem, ...] = Field(min_length=1)
    notes: tuple[str, ...] = ()
    source: str = ""
    wide: bool = False
    gaps: bool = False


class FigureModel(Model):
    """A chart: x × series of coordinates. ``height`` is the plot's, in pixels, for lines and bars.

    ``interval`` takes three series: low, middle, high. ``dot_goal`` takes two: what was reached, and the goal;
    ``pyramid`` takes two: what stands to the left and to the right of the groups on x, which read from below.
    """

    kind: Literal["line", "bar", "stacked_bar", "ranked_bar", "small_multiples", "interval", "dot_goal", "pyramid"]
    caption: str
    x: tuple[AxisItem, ...] = Field(min_length=1)
    series: tuple[AxisItem, ...] = Field(min_length=1)
    panels: tuple[AxisItem, ...] = ()
    measure: str = ""
    x_title: str = ""
    y_title: str
    height: int = Field(default=250, ge=80, le=500)
    alt: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""

    @model_validator(mode="after")
    def _has_its_series(self) -> Self:
        wanted = SERIES_OF.get(self.kind)
        if wanted and (len(self.series) != wanted or any(item.each for item in self.series)):
            raise ValueError(f"a figure of the kind {self.kind} takes {wanted} series, each written out")
        return self


SERIES_OF = {"interval": 3, "dot_goal": 2, "pyramid": 2}
"""How many series a kind of figure takes, where it is not any number."""


class Materiality(Model):
    """Below which a change is "i stort sett oförändrad": per cent of the earlier value, or percentage points."""

    percent: Decimal = Field(default=Decimal(0), ge=0, le=20)
    points: Decimal = Field(default=Decimal(0), ge=0, le=20)


class Landing(Model):
    """What of the report goes on its page on the web: a chapter, a table of key figures, and some figures."""

    summary: str = ""
    key_figures: str = ""
    figures: tuple[str, ...] = ()


class TemplateModel(Model):
    """``template.yaml``. ``coverage`` names the register of what the commission demands of such a report.

    ``facts`` lists what it needs as ``measure.statistic`` (``measure.*`` for all of a measure).

    ``shared`` pins the version of the workspace's own wordings, ``templates/shared/<version>``; see ``shared_words``.

    ``whats_new`` says that the prose puts in what is new since the report before: that one must have been built.
    """

    kind: str = Slug
    version: str = Field(pattern=r"^v[0-9]+$")
    language: Literal["sv"] = "sv"
    shared: str = Field(default="", pattern=r"^(v[0-9]+)?$")
    changes: str
    sections: tuple[SectionModel, ...] = Field(min_length=1)
    registers: tuple[str, ...] = ()
    facts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9*-]+$")], ...] = ()
    free_sections: tuple[str, ...] = ()
    materiality: Materiality = Materiality()
    coverage: str = ""
    whats_new: bool = False
    landing: Landing = Landing()
    tables: dict[str, TableModel] = Field(default_factory=dict)
    figures: dict[str, FigureModel] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A loaded template version."""

    model: TemplateModel
    file: YamlFile
    folder: Path
    wordings: Wordings

    def files(self) -> tuple[Path, ...]:
        """Every file that decides what the template says, the shared ones among them."""
        return tuple(sorted(files_of(self.folder).values()))


def load_template(workspace: Workspace, pin: str) -> Template:
    """The template version that a release pins, ``<kind>@v<N>``.

    Raises:
        ReportError: no such kind or version, a file that does not fit, a section whose prose is missing, wordings
            that do not fit, or a version that was released and has been edited since.

    """
    kind, _, version = pin.partition("@")
    folder = workspace.root / "templates" / kind / version
    path = folder / "template.yaml"
    if not path.is_file():
        known = sorted(
            f"{p.parent.parent.name}@{p.parent.name}" for p in folder.parent.parent.glob("*/v*/template.yaml")
        )
        hint = nearest(pin, known) or f"Templates here: {', '.join(known) or 'none'}."
        message = f"There is no template {pin}."
        raise ReportError(
            Problem(code="unknown-template", message=message, place=Place(file=workspace.shown(path)), hint=hint)
        )
    edited = tuple(edits(folder, workspace))
    if edited:
        raise ReportError(edited)
    model, file = read(path, workspace.shown(path), TemplateModel)
    wordings = read_wordings(workspace, model.shared, model.language, file)
    template = Template(model=model, file=file, folder=folder, wordings=wordings)
    problems = list(_misfits(template, kind, version))
    if problems:
        raise ReportError(problems)
    return template


def _misfits(template: Template, kind: str, version: str) -> Iterator[Problem]:
    model, file = template.model, template.file
    if (model.kind, model.version) != (kind, version):
        message = f"The file says {model.kind}@{model.version}, but its folder is {kind}/{version}."
        yield Problem(code="wrong-folder", message=message, place=file.place("version"))
    ids: set[str] = set()
    for i, section in enumerate(model.sections):
        if section.id in ids:
            message = f"The section {section.id} is given twice."
            yield Problem(code="duplicate-id", message=message, place=file.place("sections", i))
        ids.add(section.id)
        if not (template.folder / section.file).is_file():
            message = f"The prose of section {section.id}, {section.file}, does not exist."
            hint = nearest(section.file, (p.name for p in template.folder.glob("*.j2")))
            yield Problem(code="file-missing", message=message, place=file.place("sections", i, "file"), hint=hint)
