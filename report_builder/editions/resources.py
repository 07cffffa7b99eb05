"""What an edition needs beside the document: its style sheets and fonts, charts already drawn, files to carry along."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from report_builder.catalogue import LANGUAGE
from report_builder.editions.attachments import Attachment
from report_builder.editions.images import Charts
from report_builder.editions.style_files import font_folder, style_file
from report_builder.workspace.cache import NO_CACHE, Cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """The style files of a workspace, the charts of one build, and files that go inside its PDF.

    ``folder`` is ``templates/editions`` of the workspace; what is not there comes from the package. ``language`` is
    that of the numbers and dates in charts.

    ``cache`` keeps drawn charts and cut fonts between builds; without one they live as long as this object. Give the
    same object to every edition of a build, and a chart is drawn once.
    """

    folder: Path
    attachments: tuple[Attachment, ...] = ()
    cache: Cache = NO_CACHE
    language: str = LANGUAGE
    charts: Charts = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "charts", Charts(self.fonts, self.cache, self.language))

    @property
    def fonts(self) -> Path:
        """The folder of the font files that every edition and every chart uses."""
        return font_folder(self.folder)

    def file(self, name: str) -> Path:
        """The style file ``name``, such as ``print.css``."""
        return style_file(self.folder, name)

    def is_shipped(self, name: str) -> bool:
        """Whether the style file ``name`` is the package's, because the workspace has none of its own."""
        return not (self.folder / name).is_file()
