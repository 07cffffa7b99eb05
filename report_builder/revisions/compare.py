"""Two versions of a report compared, layer by layer."""

from __future__ import annotations

from report_builder.document import nodes as n
from report_builder.document.parts import annex_blocks
from report_builder.problems import Place, Problem, ReportError
from report_builder.revisions import figure_differences, input_differences, table_differences, wording_differences
from report_builder.revisions.comparison import Comparison, Layer, ReportDifference, VersionLabel, with_unique_ids
from report_builder.revisions.figure_descriptions import FigureDescriptions
from report_builder.revisions.outline import outline
from report_builder.revisions.version import Version


def compare_versions(old: Version, new: Version) -> Comparison:
    """Everything that differs between two versions of the same kind of report.

    Raises:
        ReportError: the two are of different kinds.

    """
    kinds = old.document.meta.kind, new.document.meta.kind
    if kinds[0] != kinds[1]:
        message = f"{old.name} is a {kinds[0]}, but {new.name} is a {kinds[1]}."
        hint = "Compare two versions of the same kind of report."
        raise ReportError(Problem(code="different-kinds", message=message, place=Place(file=new.name), hint=hint))
    rolled = figure_differences.rolled(old.facts, new.facts)
    before, after = (outline(v.document, rolled=rolled) for v in (old, new))
    paired = wording_differences.pair_outlines(before, after)
    under = {(c.layer, c.key): c for c in input_differences.input_differences(old, new)}
    places = figure_differences.printed_places(before, old.document) | figure_differences.printed_places(
        after, new.document
    )
    underlay = figure_differences.Underlay(old=old, new=new, inputs=under)
    descriptions = FigureDescriptions(places=places, names=input_differences.case_names(old, new))
    told = [
        *figure_differences.figure_differences(underlay, descriptions),
        *wording_differences.wording_differences(paired),
        *table_differences.table_differences(paired, rolled=rolled),
        *under.values(),
    ]
    chapters = {s.id: s.words for s in after.sections} | {
        s.id: s.words for s in before.sections if s.id not in {a.id for a in after.sections}
    }
    return Comparison(
        old=_side(old),
        new=_side(new),
        changes=tuple(with_unique_ids(sorted(told, key=_order))),
        chapters=tuple(chapters.items()),
        annex=_annexed(new) | (_annexed(old) - {s.id for s in after.sections}),
        periods=tuple(sorted({name for _, name in underlay.periods[1]} - {name for _, name in underlay.periods[0]})),
    )


def _annexed(version: Version) -> frozenset[str]:
    """The ids of the chapters in the data annex."""
    return frozenset(b.id for b in annex_blocks(version.document) if isinstance(b, n.Heading) and b.level == 1)


def _order(change: ReportDifference) -> tuple[int, bool, bool]:
    """By layer, what only follows from new periods last, printed figures first; within that as the report reads."""
    return list(Layer).index(change.layer), change.rolled, not change.printed


def _side(version: Version) -> VersionLabel:
    meta = version.document.meta
    return VersionLabel(
        release=version.release, title=meta.title, status=version.status, created=meta.created, marks=meta.marks
    )
