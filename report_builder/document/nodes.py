"""The closed list of nodes a report is made of. It imports nothing and knows no format.

Every heading, table and figure has an authored, stable ``id``. Fields named ``number``, and ``CrossRef.text``, are
empty when a document is composed and filled once by :mod:`report_builder.document.resolve`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

DRAWN_VALUE = "obs_value"
"""The field of a chart's own data that holds what is drawn (SDMX OBS_VALUE); the claim ledger reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words as they stand; no markup of any kind is read in them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emphasis:
    """Stressed words (italics)."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strong:
    """Strongly stressed words (bold)."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to an address on the web."""

    url: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValue:
    """The printed value of a fact; ``text`` may hold its unit or wording ("ökade med 312 ärenden")."""

    fact_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Words with digits that are a reference and no figure: a law, a diarienummer, a publication."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossRef:
    """A reference to a heading, table or figure by id; ``text`` is "kapitel 3" or "tabell 4" once resolved."""

    target: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note at the foot of the page, anchored where it stands in the text."""

    id: str
    content: tuple[Inline, ...]
    number: str = ""


Inline = Text | Emphasis | Strong | Link | FactValue | Citation | CrossRef | Footnote


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading. ``level`` 1 is a chapter (or an appendix), 2 and 3 lie below it.

    ``scheme`` decides the numbering: ``chapter`` (1, 1.1), ``appendix`` (A, A.1), ``annex`` (DB1, DB1.1) or ``plain``
    (none; a summary). What stands under an ``annex`` chapter belongs to the data annex: it is in the web page, its
    tables are in the spreadsheets, and PDF and Word go without it (:mod:`report_builder.document.parts`).
    ``new_page`` asks for the beginning of a page; a summary, the first chapter and the first appendix have that anyway.
    """

    id: str
    level: int
    content: tuple[Inline, ...]
    scheme: Literal["chapter", "appendix", "annex", "plain"] = "chapter"
    number: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of running text."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletList:
    """A list without order; each item is a run of blocks (most often one paragraph)."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedList:
    """A numbered list, counted from ``start``."""

    items: tuple[tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A term and what it means."""

    term: tuple[Inline, ...]
    meaning: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionList:
    """A list of terms."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A boxed passage: ``note`` (worth knowing), ``method`` (how it is measured), ``warning`` (read with care)."""

    kind: Literal["note", "method", "warning"]
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table. ``number`` columns are right-aligned with tabular digits. ``width`` is a relative weight."""

    id: str
    header: tuple[Inline, ...]
    align: Literal["text", "number"] = "text"
    width: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: one inline run per column; the first cell is the row's header. ``total`` rows are set apart."""

    cells: tuple[tuple[Inline, ...], ...]
    kind: Literal["body", "total"] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A numbered table with caption, notes and a source line.

    ``wide`` asks for a landscape page. ``groups`` is a first header row over the columns: (title, number of columns
    spanned), empty titles over columns that belong to no group; the spans sum to the number of columns.
    """

    id: str
    caption: tuple[Inline, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[tuple[str, int], ...] = ()
    notes: tuple[tuple[Inline, ...], ...] = ()
    source: tuple[Inline, ...] = ()
    wide: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A numbered chart.

    ``spec`` is plain Vega-Lite JSON (with its data inside), ``data`` the same figures as a table (printed in an
    appendix or the data annex, never beside the chart), ``alt`` what the chart shows in full sentences. ``data_at``
    is the reference to that table, empty until the document is resolved and where the table stands nowhere.
    """

    id: str
    caption: tuple[Inline, ...]
    alt: str
    spec: dict[str, Any]
    data: Table
    notes: tuple[tuple[Inline, ...], ...] = ()
    source: tuple[Inline, ...] = ()
    number: str = ""
    data_at: str = ""


Block = Heading | Paragraph | BulletList | OrderedList | DefinitionList | Callout | Table | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who publishes: names, web address, colours as ``#rrggbb``, and ``logotype`` (an SVG's source text, or "").

    ``font`` is the family of text and charts; where it is empty, the only one among the font files.
    """

    name: str
    short: str
    web: str
    primary: str
    accent: str
    logotype: str = ""
    logotype_alt: str = ""
    font: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What cover, imprint, running heads and file properties are made of.

    ``status`` says whether the text may still change: a final edition is closed to typing where it can be. ``marks``
    are the status marks printed on every page ("Utkast", "Exempeldata"), empty for a final report on real data.
    ``created`` is the release's own date (ISO), never the clock's. ``imprint`` lists (label, value) pairs of the
    imprint page (article number, published, diarienummer), ``citation_advice`` its paragraphs on how to cite.
    """

    title: str
    subtitle: str
    kind: str
    release: str
    running_title: str
    language: str
    authority: Authority
    article_number: str
    published: str
    created: str
    reference: str
    commission: str
    marks: tuple[str, ...]
    mark_explanation: str
    imprint: tuple[tuple[str, str], ...]
    citation_advice: tuple[str, ...]
    labels: Labels
    status: Literal["draft", "final"] = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The fixed words of an edition, in the report's language, so that no edition holds a language of its own.

    ``page_of`` is a pattern with ``{page}`` and ``{pages}``; ``tables_of_figure`` leads to a figure's data.
    ``annex`` is what the data annex is called before a number, ``annex_letter`` what its numbers begin with,
    ``in_annex`` a pattern with ``{reference}`` for a reference into it.
    """

    contents: str
    table: str
    figure: str
    appendix: str
    chapter: str
    section: str
    source: str
    note: str
    page_of: str
    footnotes: str
    skip_to_content: str
    tables_of_figure: str
    annex: str = "Annex"
    annex_letter: str = "X"
    in_annex: str = "{reference}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report: what it is called and by whom (``meta``), and its blocks in reading order."""

    meta: Meta
    blocks: tuple[Block, ...]
