"""What a template puts in as whole blocks: tables, figures, registers, method boxes, the release's own sections."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from report_builder import swedish
from report_builder.catalogue import gettext, ngettext
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.narrative.book import Book, Coordinates
from report_builder.narrative.chapters import changes, method_notes
from report_builder.narrative.chapters import worked_examples as worked
from report_builder.narrative.chapters.coverage import load_demands, matrix
from report_builder.narrative.chapters.outlook import NO_OUTLOOKS, Outlooks, outlook_table
from report_builder.narrative.chapters.quality import quality_blocks, remark_blocks
from report_builder.narrative.charts.figures import drawn
from report_builder.narrative.checks.example_marks import marked_rows
from report_builder.narrative.fill import CLOSE, OPEN, Filler
from report_builder.narrative.fill import plain_data as text
from report_builder.narrative.markup import Markup, Say
from report_builder.narrative.slots import REVISED_VALUES, REVISIONS, WHATS_NEW, Filled, Slot, SlotContent
from report_builder.narrative.tables import data_table, fact_table, register_table
from report_builder.narrative.template import FigureModel, TableModel, Template
from report_builder.problems import Place, Problem, ReportError, nearest
from report_builder.workspace.workspace import CaseType, Workspace

if TYPE_CHECKING:
    from report_builder.deliveries.acceptance import Remark
    from report_builder.deliveries.delivery import Delivery
    from report_builder.methods.examples import Examples
    from report_builder.methods.history import Past
    from report_builder.methods.method import Method
    from report_builder.methods.release_facts import ReleaseFacts
    from report_builder.methods.tally import MethodTally

_PRIVATE = re.compile(f"[{OPEN}{CLOSE}]")


class Inserts:
    """Whole blocks for templates. ``free_used`` and ``figures`` say what has been put in so far.

    Among the figures a slot stands by its name: which figures it holds is known when it is filled.
    """

    def __init__(
        self,
        *,
        workspace: Workspace,
        template: Template,
        book: Book,
        filler: Filler,
        say: Say,
        methods: Mapping[str, Method],
        deliveries: Sequence[Delivery],
        remarks: Sequence[Remark],
        measured: ReleaseFacts,
        past: Past,
        outlooks: Outlooks = NO_OUTLOOKS,
    ) -> None:
        self._workspace = workspace
        self._template = template
        self._book = book
        self._filler = filler
        self._say = say
        self._methods = methods
        self._deliveries = deliveries
        self._remarks = remarks
        self._measured = measured
        self._past = past
        self._outlooks = outlooks
        self._filled = Filled(filler.fragments, {})
        self.figures: list[n.Figure | str] = []
        self.free_used: set[str] = set()

    def names(self) -> dict[str, Any]:
        """What Jinja knows by name."""
        functions: tuple[Callable[..., Any], ...] = (
            self.table, self.figure, self.rows, self.register_table, self.method, self.method_box, self.method_text,
            self.method_table, self.free, self.figure_data, self.terms, self.sources_list, self.quality_note,
            self.quality_tables, self.whats_new, self.change_sentence, self.change_account, self.definition_history,
            self.revision_summary, self.revision_tables, self.coverage_matrix, self.reference_list, self.outlook_table,
            self.worked_methods, self.worked_examples,
        )  # fmt: skip
        return {f.__name__: self._filler.guarded(f) for f in functions}

    def table(self, table_id: str, case_type: str | CaseType = "", period: str = "") -> Any:
        """The declared table ``table_id``; arguments fill in what its axes leave open and join its id."""
        model = self._declared("tables", self._template.model.tables, table_id)
        under, names, suffix = self._arguments(case_type, period)
        loc = ("tables", table_id)
        return self._filler.keep(
            (
                fact_table(
                    model, self._book, under,
                    table_id=table_id + suffix,
                    caption=self._words(model.caption, (*loc, "caption"), names),
                    notes=[self._words(note, (*loc, "notes", i), names) for i, note in enumerate(model.notes)],
                    source=self._words(model.source, (*loc, "source"), names),
                    starred=self._starred(model, table_id, names),
                ),
            )
        )  # fmt: skip

    def figure(self, figure_id: str, case_type: str | CaseType = "", period: str = "") -> Any:
        """The declared figure ``figure_id``, as :meth:`table`; its data is kept for the appendix."""
        model = self._declared("figures", self._template.model.figures, figure_id)
        under, names, suffix = self._arguments(case_type, period)
        node = self._drawn(model, figure_id, figure_id + suffix, Coordinates(measure=model.measure).over(under), names)
        self.figures.append(node)
        return self._filler.keep((node,))

    def _drawn(
        self, model: FigureModel, figure_id: str, node_id: str, under: Coordinates, names: Mapping[str, Any]
    ) -> n.Figure:
        loc = ("figures", figure_id)
        return drawn(
            model, self._book, under,
            node_id=node_id,
            caption=self._words(model.caption, (*loc, "caption"), names),
            alt=plain_text(self._words(model.alt, (*loc, "alt"), names)),
            notes=tuple(self._words(note, (*loc, "notes", i), names) for i, note in enumerate(model.notes)),
            source=self._words(model.source, (*loc, "source"), names),
            changes=self._past.changes,
        )  # fmt: skip

    def _starred(
        self, model: TableModel, table_id: str, names: Mapping[str, Any]
    ) -> list[tuple[str, tuple[n.Inline, ...]]]:
        """The notes of rows and columns, each once, in the order that a reader meets them: head first."""
        found: dict[str, tuple[n.Inline, ...]] = {}
        for axis in ("columns", "rows"):
            for i, item in enumerate(getattr(model, axis)):
                if item.note and item.note not in found:
                    found[item.note] = self._words(item.note, ("tables", table_id, axis, i, "note"), names)
        return list(found.items())

    def rows(self, register: str) -> tuple[dict[str, Any], ...]:
        """The rows of a register that the template says it needs; ``example`` says of each whether it is made up."""
        self._allowed(register)
        return marked_rows(*self._workspace.register(register, self._book.release.id))

    def register_table(
        self,
        register: str,
        columns: Sequence[tuple[str, str]],
        id: str,
        caption: str,
        source: str = "",
        only: tuple[str, Sequence[str]] | None = None,
    ) -> Any:
        """A register as a table; ``columns`` are (field, header) pairs, ``only`` a field and the values to show.

        Of a field that lists several values, one of those to show is enough.
        """
        rows = tuple(r for r in self.rows(register) if only is None or _has_any(r.get(only[0]), only[1]))
        table = register_table(rows, columns, table_id=id, caption=text(caption), source=text(source), book=self._book)
        return self._filler.keep((table,))

    def method(self, measure: str) -> Method:
        """The version of a method that the release pins."""
        if measure not in self._methods:
            message = f"The release pins no method {measure}."
            raise ReportError(Problem(code="unknown-method", message=message, hint=nearest(measure, self._methods)))
        return self._methods[measure]

    def method_box(self, measure: str) -> Any:
        """A method callout, written from the method's own definition."""
        return self._filler.keep(method_notes.box(self.method(measure)))

    def method_text(self, measure: str) -> Any:
        """The long explanation that lies beside the method's file."""
        method = self.method(measure)
        name = method.file.name.removesuffix(".yaml") + ".md"
        source = _PRIVATE.sub("", method.explanation)
        markup = Markup(self._filled, file=name, source=source, scope=f"method-{measure}", cited=True)
        blocks = markup.blocks(source)
        self._filler.problems += markup.problems
        return self._filler.keep(blocks)

    def method_table(self) -> Any:
        """A table of every method in force."""
        return self._filler.keep((method_notes.method_table(self._methods),))

    def worked_methods(self) -> tuple[Method, ...]:
        """The methods in force that have worked examples: those of times first, then stocks, flows and the others."""
        found = [m for m in self._methods.values() if self._examples(m) is not None]
        order = ("duration", "stock", "flow")
        return tuple(sorted(found, key=lambda m: order.index(m.rules.family) if m.rules.family in order else 3))

    def worked_examples(self, measure: str) -> Any:
        """The worked examples of a method: its cases as timelines, and a table of what is counted and why."""
        examples = self._examples(self.method(measure))
        return self._filler.keep(
            () if examples is None else worked.blocks(examples, self._book.case_type_in_text, self._book.chart_style)
        )

    def free(self, section: str) -> Any:
        """A section that a unit writes for this release: Markdown, in which Jinja is plain text."""
        path = self._workspace.release_dir(self._book.release.id) / "sections" / f"{section}.md"
        shown = self._workspace.shown(path)
        if section not in self._template.model.free_sections:
            hint = nearest(section, self._template.model.free_sections)
            raise ReportError(Problem(code="unknown-section", message=f"No free section {section}.", hint=hint))
        self.free_used.add(section)
        if not path.is_file():
            hint = "Write the file, or an empty one if there is nothing to say."
            message = f"The release lacks its section {section}."
            raise ReportError(Problem(code="file-missing", message=message, place=Place(file=shown), hint=hint))
        source = _PRIVATE.sub("", path.read_text(encoding="utf-8"))
        markup = Markup(self._filled, file=shown, source=source, scope=section, say=self._say)
        blocks = markup.blocks(source)
        self._filler.problems += markup.problems
        return self._filler.keep(blocks)

    def figure_data(self) -> Any:
        """The data of every figure so far, a table each."""
        given = tuple(self.figures)

        def tables(content: SlotContent) -> tuple[n.Block, ...]:
            blocks = (b for one in given for b in ((one,) if isinstance(one, n.Figure) else content.get(one, ())))
            return tuple(data_table(block) for block in blocks if isinstance(block, n.Figure))

        return self._filler.keep(tables)

    def terms(self) -> Any:
        """The register of terms as a list, in Swedish order."""
        rows = sorted(self.rows("begrepp"), key=lambda r: swedish.sort_key(str(r["term"])))
        items = tuple(n.Definition(term=text(str(r["term"])), meaning=text(str(r["betydelse"]))) for r in rows)
        return self._filler.keep((n.DefinitionList(items=items),))

    def reference_list(self, register: str) -> Any:
        """A register of references, ``text`` and perhaps ``url`` in each row, in Swedish order."""
        rows = sorted(self.rows(register), key=lambda row: swedish.sort_key(str(row["text"])))
        items = []
        for row in rows:
            url = str(row.get("url", ""))
            link = (n.Text(text=" "), n.Link(url=url, content=(n.Text(text=url),))) if url else ()
            items.append((n.Paragraph(content=(*text(str(row["text"])), *link)),))
        return self._filler.keep((n.BulletList(items=tuple(items)),))

    def coverage_matrix(self, caption: str) -> Any:
        """What the commission demands of this kind of report, and where it is answered."""
        register = self._template.model.coverage
        if not register:
            hint = "Name the register of demands under coverage in template.yaml."
            raise ReportError(Problem(code="no-coverage", message="The template names no demands.", hint=hint))
        demands, _ = load_demands(self._workspace, register, self._book.release.id)
        return self._filler.keep((matrix(demands, self._book.release.kind, caption),))

    def outlook_table(self, of: Literal["tid", "balans"], table_id: str, caption: str) -> Any:
        """Where the times (``tid``) or the backlogs (``balans``) are heading by the days of their goals."""
        labels = {c.id: c.short for c in self._book.case_types}
        return self._filler.keep((outlook_table(self._outlooks, of, labels, table_id=table_id, caption=caption),))

    def change_sentence(self) -> Any:
        """For a summary: which measures are counted differently from before, and from when."""
        words = changes.sentence(self._measured.bridges)
        return self._filler.keep((n.Citation(content=text(words)),))

    def change_account(self) -> Any:
        """Every change of method: its record, what it does to the figures, and the chart with the break."""
        blocks = [block for bridge in self._measured.bridges for block in changes.account_of(bridge, self._book)]
        self.figures += [block for block in blocks if isinstance(block, n.Figure)]
        if not blocks:
            blocks = [n.Paragraph(content=text(changes.sentence(())))]
        return self._filler.keep(tuple(blocks))

    def definition_history(self) -> Any:
        """Every version of every measure from the first one to the one in force."""
        history = {measure: self._past.until(method) for measure, method in self._methods.items()}
        return self._filler.keep((changes.history_table(history, self._past.changes.rows),))

    def revision_summary(self) -> Any:
        """How many published values print differently now and why, with references to the tables of them."""
        return self._filler.keep(Slot(REVISIONS))

    def revision_tables(self) -> Any:
        """Which published values print differently now, and how the main ones have moved between releases."""
        self.figures.append(REVISED_VALUES)
        return self._filler.keep(Slot(REVISED_VALUES))

    def whats_new(self) -> Any:
        """What is new since the report before."""
        if not self._template.model.whats_new:
            message = "The template does not say that it tells what is new since the report before."
            raise ReportError(
                Problem(code="undeclared-news", message=message, hint="Write whats_new: true in its file.")
            )
        return self._filler.keep(Slot(WHATS_NEW))

    def sources_list(self) -> Any:
        """Every file that the report rests on: name, rows, contract, and the checksum that proves it."""
        items = []
        for delivery in self._deliveries:
            for source in delivery.sources.values():
                what = gettext("example data") if delivery.example else gettext("published or delivered data")
                rests = ngettext(
                    "{rows} row, data contract {contract}, SHA-256 {checksum}…",
                    "{rows} rows, data contract {contract}, SHA-256 {checksum}…",
                    source.rows,
                    rows=swedish.number(source.rows),
                    contract=delivery.contract,
                    checksum=source.sha256[:16],
                )
                words = (
                    n.Strong(content=(n.Citation(content=text(source.file)),)),
                    n.Text(text=f" ({what}), "),
                    n.Citation(content=text(rests)),
                )
                items.append((n.Paragraph(content=words),))
        return self._filler.keep((n.BulletList(items=tuple(items)),))

    def _accounted(self) -> list[tuple[Method, MethodTally]]:
        """Each method of cases that the release pins, with what became of the rows that it read."""
        return [(self._methods[measure], tally) for measure, tally in self._measured.tallies.items()]

    def quality_note(self) -> Any:
        """What contracts and methods had to remark on the deliveries, and why they are used all the same."""
        return self._filler.keep(remark_blocks(self._remarks))

    def quality_tables(self) -> Any:
        """What was delivered: rows, filled cells, and the values that each period has rows of."""
        return self._filler.keep(quality_blocks(self._deliveries, self._remarks, self._book, self._accounted()))

    # --- what the functions share

    def _arguments(self, case_type: str | CaseType, period: str) -> tuple[Coordinates, dict[str, Any], str]:
        wanted = case_type.id if isinstance(case_type, CaseType) else case_type
        row = next((c for c in self._book.case_types if c.id == wanted), None)
        at = Coordinates(case_type=wanted, period=self._book.periods.named(period) if period else None)
        suffix = "".join(f"-{part.lower()}" for part in (wanted, period) if part)
        return at, {"case_type": row or self._book.settings.total}, suffix

    def _examples(self, method: Method) -> Examples | None:
        from report_builder.methods.examples import load_examples

        return load_examples(self._workspace.root, method)

    def _declared(self, what: str, known: Mapping[str, Any], name: str) -> Any:
        if name not in known:
            message = f"The template declares no {what.removesuffix('s')} {name}."
            raise ReportError(Problem(code=f"unknown-{what[:-1]}", message=message, hint=nearest(name, known)))
        return known[name]

    def _allowed(self, register: str) -> None:
        if register not in self._template.model.registers:
            hint = "Add it under registers in template.yaml."
            message = f"The template does not say that it needs the register {register}."
            raise ReportError(Problem(code="unlisted-register", message=message, hint=hint))

    def _words(self, words: str, loc: tuple[str | int, ...], names: Mapping[str, Any]) -> tuple[n.Inline, ...]:
        if not words:
            return ()
        place = self._template.file.place(*loc)
        filled = self._filler.render_string(words, place, names)
        markup = Markup(self._filled, file=place.file, source=words, scope="template", line=place.line)
        content = markup.inlines(filled.strip())
        self._filler.problems += markup.problems
        return content


def _has_any(value: object, wanted: Sequence[str]) -> bool:
    """Whether a field is one of the wanted values, or lists one."""
    return any(item in wanted for item in (value if isinstance(value, list | tuple) else (value,)))
