"""Two versions of a report compared, layer by layer."""

from __future__ import annotations

from report_builder.problems import Place, Problem, ReportError
from report_builder.revisions import figures, grids, inputs, prose
from report_builder.revisions.changes import Change, Comparison, Layer, Side, numbered
from report_builder.revisions.figure_words import Telling
from report_builder.revisions.outline import outline
from report_builder.revisions.version import Version


def compare(old: Version, new: Version) -> Comparison:
    """Everything that differs between two versions of the same kind of report.

    Raises:
        ReportError: the two are of different kinds.

    """
    kinds = old.document.meta.kind, new.document.meta.kind
    if kinds[0] != kinds[1]:
        message = f"{old.name} is a {kinds[0]}, but {new.name} is a {kinds[1]}."
        hint = "Compare two versions of the same kind of report."
        raise ReportError(Problem(code="different-kinds", message=message, place=Place(file=new.name), hint=hint))
    rolled = figures.rolled(old.facts, new.facts)
    before, after = (outline(v.document, rolled=rolled) for v in (old, new))
    laid = prose.lay(before, after)
    under = {(c.layer, c.key): c for c in inputs.changes(old, new)}
    places = figures.printed(before, old.document) | figures.printed(after, new.document)
    underlay = figures.Underlay(old=old, new=new, inputs=under)
    telling = Telling(places=places, names=inputs.case_names(old, new))
    told = [
        *figures.changes(underlay, telling),
        *prose.changes(laid),
        *grids.changes(laid, rolled=rolled),
        *under.values(),
    ]
    chapters = {s.id: s.words for s in after.sections} | {
        s.id: s.words for s in before.sections if s.id not in {a.id for a in after.sections}
    }
    return Comparison(
        old=_side(old),
        new=_side(new),
        changes=tuple(numbered(sorted(told, key=_order))),
        chapters=tuple(chapters.items()),
        periods=tuple(sorted({name for _, name in underlay.periods[1]} - {name for _, name in underlay.periods[0]})),
    )


def _order(change: Change) -> tuple[int, bool, bool]:
    """By layer, what only follows from new periods last, printed figures first; within that as the report reads."""
    return list(Layer).index(change.layer), change.rolled, not change.printed


def _side(version: Version) -> Side:
    meta = version.document.meta
    return Side(release=version.release, title=meta.title, status=version.status, created=meta.created)
