"""The list of revised values as a file beside the report, and in sentences.

What is new, the chapter on changes, the cover note and the page on the web all say these sentences.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from report_builder import swedish
from report_builder.catalogue import gettext, msgid, ngettext
from report_builder.facts.csvcells import utf8_text
from report_builder.methods.revision import KINDS, Revision, RevisionCounts, RevisionKind, Revisions
from report_builder.problems import Place, Problem, ReportError
from report_builder.spreadsheet import inert

REVISION_FILE = "revisions.csv"
REVISION_COLUMNS = (
    "fact", "label", "case_type", "period", "unit", "published_in", "published", "published_decimals",
    "published_status", "now", "now_decimals", "now_status", "differs", "kind", "record", "printed",
)  # fmt: skip
"""``differs`` says in what: the printed ``value``, only ``decimals`` that are not printed, or only the ``mark``.

Where nothing differs from what was published, one row says so: ``nothing``, with ``published_in`` alone beside it.
"""


def revisions_csv(revisions: Revisions) -> str:
    """Every value that is not the same as it was published, one a row, those that print differently first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(REVISION_COLUMNS)
    for differs, found in (
        ("value", revisions.values),
        ("decimals", revisions.below),
        ("mark", revisions.remarked),
    ):
        writer.writerows(_row(revision, differs) for revision in found)
    if revisions.published_in and not (revisions.values or revisions.below or revisions.remarked):
        empty = dict.fromkeys(REVISION_COLUMNS, "")
        writer.writerow((empty | {"published_in": revisions.published_in, "differs": "nothing"}).values())
    return buffer.getvalue()


def _row(revision: Revision, differs: str) -> tuple[str, ...]:
    entry, fact = revision.entry, revision.fact
    return (
        fact.id,
        inert(fact.label),
        fact.case_type,
        fact.period.name,
        fact.unit,
        revision.published_in,
        _plain(entry.value),
        str(entry.decimals),
        entry.status,
        _plain(fact.value),
        str(fact.decimals),
        fact.status.value,
        differs,
        revision.kind if differs == "value" else "",
        revision.record,
        "true" if revision.printed else "false",
    )


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def parse_revision_counts(data: bytes, name: str) -> RevisionCounts:
    """How many values a list of revised values holds.

    Raises:
        ReportError: the file is no such list.

    """
    hint = "The program writes this file: build again, or fetch it from the bundle."
    text = utf8_text(data, name, code="bad-revisions", hint=hint)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = list(reader)
        kinds = Counter(row["kind"] for row in rows if (row["differs"], row["printed"]) == ("value", "true"))
        printed: dict[RevisionKind, int] = {kind: kinds[kind] for kind in KINDS if kinds[kind]}
        return RevisionCounts(
            published_in=rows[0]["published_in"] if rows else "",
            printed=printed,
            unprinted=sum((row["differs"], row["printed"]) == ("value", "false") for row in rows),
            below=sum(row["differs"] == "decimals" for row in rows),
            remarked=sum(row["differs"] == "mark" for row in rows),
        )
    except (csv.Error, KeyError) as e:
        message = f"The file is no list of revised values: {e}."
        raise ReportError(Problem(code="bad-revisions", message=message, place=Place(file=name), hint=hint)) from e


def revision_sentences(counts: RevisionCounts, before: str = "") -> tuple[str, ...]:
    """What a reader is told of revised values; nothing where nothing was published before.

    ``before`` names the report that published them, where it is not the one before.
    """
    if not counts.published_in:
        return ()
    return tuple(_sentences(counts, before or gettext("the report before", context="revisions")))


def _sentences(counts: RevisionCounts, before: str) -> Iterator[str]:
    if counts.total:
        yield ngettext(
            "{count} value in the report differs from what {before} published{why}.",
            "{count} values in the report differ from what {before} published{why}.",
            counts.total,
            count=swedish.number(counts.total),
            before=before,
            why=_why(counts),
        )
    else:
        yield gettext("No value in the report differs from what {before} published.", before=before)
    for count, (one, many) in (
        (counts.unprinted, _UNPRINTED),
        (counts.below, _BELOW),
        (counts.remarked, _REMARKED),
    ):
        if count:
            yield ngettext(one, many, count, count=swedish.number(count), before=before)


def _why(counts: RevisionCounts) -> str:
    """The reason that all have, or how many have each."""
    if len(counts.printed) == 1:
        (kind,) = counts.printed
        return f", {gettext(_KINDS[kind])}"
    parts = [f"{swedish.number(count)} {gettext(_KINDS[kind])}" for kind, count in counts.printed.items()]
    return f": {swedish.listing(parts)}"


_UNPRINTED = (
    msgid("{count} more published value has changed that only the data files of the report hold."),
    "{count} more published values have changed that only the data files of the report hold.",
)
_BELOW = (
    msgid("{count} value differs only in decimals that are not printed."),
    "{count} values differ only in decimals that are not printed.",
)
_REMARKED = (
    msgid("{count} value is the same and has another mark."),
    "{count} values are the same and have another mark.",
)


_KINDS = {
    "method-change": msgid("because a method has changed"),
    "method-and-data": msgid("because both a method and the data have changed"),
    "correction": msgid("because of a correction"),
    "data-revision": msgid("because the data was completed or corrected"),
    "forecast": msgid("because of a new projection"),
}
