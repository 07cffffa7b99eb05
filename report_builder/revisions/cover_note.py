"""A draft of the cover note (missiv) that goes with a release: as plain text, or as a Word file to go on writing in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.methods.revision import RevisionCounts
from report_builder.revisions.comparison import Comparison, Layer
from report_builder.revisions.redline.wordparts import Parts
from report_builder.revisions.version import Version
from report_builder.revisions.whats_new import point_text, revised_since, whats_new_points
from report_builder.swedish import listing, number

_DRAFT = msgid("Cover note (draft)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the cover note says; square brackets are blanks where a person must decide."""

    sender: str
    facts: tuple[tuple[str, str], ...]
    title: str
    warning: str
    handing_over: str
    heading: str
    points: tuple[str, ...]
    decision: str


def draft(comparison: Comparison, version: Version) -> Note:
    """The cover note of the new version."""
    meta = version.document.meta
    points = [point_text(point) for point in whats_new_points(comparison, _revised(comparison, version))]
    if words := sum(not c.rolled for c in comparison.of(Layer.WORDING)):
        many = "The text has changed in {count} places."
        points.append(ngettext("The text has changed in {count} place.", many, words, count=number(words)))
    unfit = gettext("The report is marked {marks} and must not be handed over as it is.", marks=listing(meta.marks))
    before = comparison.old
    handing_over = gettext("{authority} hereby hands over {title}.", authority=meta.authority.name, title=meta.title)
    return Note(
        sender=meta.authority.name,
        facts=(
            *meta.imprint,
            (gettext("Date", context="cover note"), meta.created),
            (gettext("Recipient", context="cover note"), gettext("[fill in]", context="cover note")),
        ),
        title=meta.title,
        warning=unfit if meta.marks else "",
        handing_over=" ".join(filter(None, (handing_over, _sentence(meta.subtitle)))),
        heading=gettext("New since the report before ({title}, {day})", title=before.title, day=before.created),
        points=tuple(points or (gettext("Nothing has changed since the report before."),)),
        decision=gettext("The decision was taken by [position] after a presentation by [position]."),
    )


def _revised(comparison: Comparison, version: Version) -> RevisionCounts:
    """What the version itself says of revised values, where it says so of the version that it is compared with."""
    own = version.revised()
    return own if own.published_in == comparison.old.release else revised_since(comparison)


def _sentence(words: str) -> str:
    return f"{words}." if words and words[-1] not in ".!?" else words


def as_text(note: Note) -> str:
    """The note as plain text."""
    lines = [
        note.sender,
        gettext(_DRAFT).upper(),
        "",
        *(f"{label}: {value}" for label, value in note.facts),
        "",
        note.title,
        "",
        note.handing_over,
        "",
        *((gettext("NOTE: {warning}", warning=note.warning), "") if note.warning else ()),
        f"{note.heading}:",
        *(f"– {point}" for point in note.points),
        "",
        note.decision,
        "",
    ]
    return "\n".join(lines)


def as_word(note: Note, created: str) -> bytes:
    """The note as a Word file in Word's own styles; ``created`` is an ISO date. The same note gives the same bytes."""
    from datetime import datetime

    from docx import Document
    from docx.shared import Cm, Pt, RGBColor

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    for level in (1, 2):
        document.styles[f"Heading {level}"].font.color.rgb = RGBColor(0, 0, 0)
    _in_swedish(document)
    document.add_paragraph(note.sender)
    document.add_heading(gettext(_DRAFT), level=1)
    for label, value in note.facts:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        line.add_run(f"{label}: ").bold = True
        line.add_run(value)
    document.add_heading(note.title, level=2)
    document.add_paragraph(note.handing_over)
    if note.warning:
        document.add_paragraph().add_run(note.warning).bold = True
    document.add_heading(note.heading, level=2)
    for point in note.points:
        document.add_paragraph(point, style="List Bullet")
    document.add_paragraph(note.decision)
    core = document.core_properties
    core.title, core.author = gettext("Cover note: {title}", title=note.title), note.sender
    core.comments, core.language = "", "sv-SE"
    core.created = core.modified = datetime.fromisoformat(f"{created}T00:00:00")
    raw = io.BytesIO()
    document.save(raw)
    return Parts(raw.getvalue(), "the cover note").saved()


def _in_swedish(document: Any) -> None:
    """Word checks the spelling by the language of the text, and screen readers choose their voice by it."""
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "sv-SE")
