"""Markdown into nodes. What Jinja filled in arrives as tokens and becomes the nodes it stands for, never markup.

The dialect is CommonMark without raw HTML, with footnotes, definition lists, callouts (``::: note Title``) and spans:
``[12 § lag (1974:203)]{.cite}`` for a reference that holds digits, ``[measure.statistic case-type period]{.fact}`` for
a figure (``.value`` with its unit, ``.about`` in round terms, ``.change`` since a year earlier),
``[längre]{.stands reason="…"}`` for a word that compares or judges and shall stand although no fact shows it,
``[](#id)`` for a cross-reference, and a line ``{#id}`` before a heading for its id; ``{#id .page}`` lets the heading
begin a page. A digit that is typed in prose outside such a span is a fault: figures come from facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.facts.claims import comparisons, developments
from report_builder.narrative.fill import CLOSE, OPEN
from report_builder.narrative.slots import Fragment
from report_builder.problems import Place, Problem, ReportError, Severity, nearest

_TOKEN = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NEW_PAGE = " .page"
"""Behind the id of a heading that begins a page."""

FACT_ROLES = ("fact", "value", "about", "change")
"""The spans that stand for a figure."""

Say = Callable[[str, Sequence[str]], object]
"""Words a fact: role and the span's words (measure.statistic, case type, period) give the filler's token for it."""

_ROLES = ("cite", "stands")
"""The other spans: a reference, and a word that somebody has decided to keep."""

_NOT_OURS = re.compile(r"\[[^\]]*\]\{\.(?:cite|stands)\b[^}]*\}|”[^”]*”")
"""Words that are quoted, or kept with a reason: nobody asks which fact shows them."""

_GAP = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands where such words stood."""

_CALLOUTS: tuple[str, ...] = ("note", "method", "warning")


_CODE_HINT = "Write the words as a sentence of the report; a name of a column or a file needs no marks around it."
_FOREIGN = {
    "blockquote": (
        "A block quote (a line that begins with >)",
        "Write the quotation within quotation marks in a sentence with its source, or as a callout (::: note Title).",
    ),
    "hr": (
        "A rule across the page (---, *** or ___)",
        "Delete the line, or write a heading where a new part begins.",
    ),
    "fence": ("A code block (between lines of ``` or ~~~)", _CODE_HINT),
    "code_block": (
        "A code block (lines that begin with four spaces or a tab)",
        "Delete the spaces before the text; under an item of a list, indent it as the item's own words.",
    ),
    "code_inline": ("Code (between ` and `)", _CODE_HINT),
    "image": (
        "A picture in the prose (![...](...))",
        "Declare a figure in template.yaml and place it with figure('its name'), so that it has data and a text"
        " alternative.",
    ),
    "hardbreak": (
        "A forced line break (two spaces or a backslash at the end of a line)",
        "Delete the spaces or the backslash; leave an empty line where a new paragraph begins.",
    ),
}
"""What a report's prose does not hold, by markdown-it's name: its name to an author, and what to write instead."""

_FOUND_BY = {
    "hr": re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*"),
    "fence": re.compile(r"\s*(?:```|~~~).*"),
    "hardbreak": re.compile(r".*(?:\\| {2,})"),
}
"""The line of what has no words of its own, by how the whole line looks."""


def _first_line(node: SyntaxTreeNode) -> str:
    """The first words of a node, by which its line in the source is found."""
    told = next((n.content for n in node.walk() if n.type != "root" and n.content.strip()), "")
    return told.strip().split("\n", 1)[0]


@cache
def _parser() -> MarkdownIt:
    """Built once: it holds rules, and nothing of the texts that it reads."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.use(footnote_plugin, inline=False).use(deflist_plugin).use(attrs_plugin, spans=True)
    for kind in _CALLOUTS:
        parser.use(container_plugin, name=kind)
    return parser


class Markup:
    """Reads one prose text into blocks; ``problems`` holds what is wrong with it.

    ``source`` is the text as the author wrote it (before Jinja), used to find the line of a fault. ``cited`` is for a
    text whose digits are its own, such as a method's definition: none of them is a figure of the report.
    """

    def __init__(
        self,
        fragments: Sequence[Fragment],
        *,
        file: str,
        source: str,
        scope: str,
        scheme: str = "chapter",
        line: int | None = None,
        cited: bool = False,
        say: Say | None = None,
    ) -> None:
        self.problems: list[Problem] = []
        self._fragments = fragments
        self._file = file
        self._source = source.splitlines()
        self._scope = scope
        self._scheme = scheme
        self._line = line
        self._cited = cited
        self._say = say
        self._notes: dict[str, tuple[n.Inline, ...]] = {}
        self._pending_id = ""
        self._pending_page = False

    def blocks(self, text: str) -> tuple[n.Block, ...]:
        """The blocks of a filled prose text."""
        tree = SyntaxTreeNode(_parser().parse(text))
        for node in tree.children:
            if node.type == "footnote_block":
                self._collect_notes(node)
        blocks = tuple(b for child in tree.children for b in self._block(child))
        if self._pending_id:
            self._fault("stray-id", f"The id {self._pending_id} stands before no heading.", self._pending_id)
        return blocks

    def inlines(self, text: str) -> tuple[n.Inline, ...]:
        """The inline content of a filled one-line text (a caption, a note)."""
        tree = SyntaxTreeNode(_parser().parseInline(text))
        return tuple(i for child in tree.children for i in self._inline_children(child))

    def warn(self, code: str, message: str, words: str, hint: str) -> None:
        """Note something about ``words``, with the line that they stand on."""
        self._fault(code, message, words, hint, Severity.WARNING)

    # --- blocks

    def _block(self, node: SyntaxTreeNode) -> Iterator[n.Block]:
        match node.type:
            case "heading":
                yield self._heading(node)
            case "paragraph":
                yield from self._paragraph(node)
            case "bullet_list":
                yield n.BulletList(items=self._items(node))
            case "ordered_list":
                yield n.OrderedList(items=self._items(node), start=int(node.attrs.get("start", 1)))
            case "dl":
                yield n.DefinitionList(items=tuple(self._definitions(node)))
            case "footnote_block":
                return
            case kind if kind.removeprefix("container_") in _CALLOUTS:
                yield self._callout(node)
            case other:
                self._foreign(other, node)

    def _heading(self, node: SyntaxTreeNode) -> n.Heading:
        content = self._inline_children(node.children[0])
        level = int(node.tag[1])
        words = plain_text(content)
        if level > 3:
            self._fault("deep-heading", f"The heading {words!r} has level {level}; 3 is the deepest.", words)
        anchor, self._pending_id = self._pending_id, ""
        new_page, self._pending_page = self._pending_page, False
        if not anchor:
            self._fault("no-id", f"The heading {words!r} has no id.", words, "Write {#id} on the line before it.")
        scheme = self._scheme if self._scheme in ("chapter", "appendix", "annex") else "plain"
        return n.Heading(
            id=anchor,
            level=min(level, 3),
            content=content,
            scheme=scheme,  # type: ignore[arg-type]
            new_page=new_page,
        )

    def _paragraph(self, node: SyntaxTreeNode) -> Iterator[n.Block]:
        text = node.children[0].content.strip()
        whole = _TOKEN.fullmatch(text)
        if whole and (blocks := self._as_blocks(int(whole.group(1)))) is not None:
            yield from blocks
        elif text.startswith("{#") and text.endswith("}") and "\n" not in text:
            name = text[2:-1].removesuffix(_NEW_PAGE)
            self._pending_id, self._pending_page = self._identifier(name), text[2:-1] != name
        else:
            self._directions(text)
            yield n.Paragraph(content=self._inline_children(node.children[0]))

    def _directions(self, text: str) -> None:
        """Notice typed words that tell of a rise or a fall, in sentences where no fact shows it."""

        spoken = [f"]{{.{role}}}" for role in FACT_ROLES]

        def shows_fact(sentence: str) -> bool:
            filled = (self._fragments[int(token)] for token in _TOKEN.findall(sentence))
            return any(role in sentence for role in spoken) or any(
                isinstance(x, n.FactValue) for part in filled for x in part
            )

        text = _NOT_OURS.sub(_GAP, text)
        keep = 'if the word shall stand without one, write [{word}]{{.stands reason="why"}}.'
        for word, sentence in developments(text, shows_fact):
            hint = f"Say it with change(), or put the figure that shows it in the sentence; {keep.format(word=word)}"
            message = f"The sentence says that something developed ({word!r}) and names no fact."
            self._fault("direction-without-fact", message, sentence, hint, Severity.WARNING)
        for word, sentence in () if self._cited else comparisons(text, shows_fact):
            hint = (
                "Tie the word to its fact with direction() or side(), or put the figure that shows it in the sentence; "
                + keep.format(word=word)
            )
            message = f"The sentence compares ({word!r}) and names no fact."
            self._fault("comparison-without-fact", message, sentence, hint, Severity.WARNING)

    def _items(self, node: SyntaxTreeNode) -> tuple[tuple[n.Block, ...], ...]:
        return tuple(tuple(b for child in item.children for b in self._block(child)) for item in node.children)

    def _definitions(self, node: SyntaxTreeNode) -> Iterator[n.Definition]:
        term: tuple[n.Inline, ...] = ()
        for child in node.children:
            if child.type == "dt":
                term = self._inline_children(child.children[0])
            else:
                paragraphs = [self._inline_children(p.children[0]) for p in child.children if p.type == "paragraph"]
                yield n.Definition(term=term, meaning=tuple(i for p in paragraphs for i in p))

    def _callout(self, node: SyntaxTreeNode) -> n.Callout:
        kind = node.type.removeprefix("container_")
        title = self._expand(node.info.strip().removeprefix(kind).strip())
        blocks = tuple(b for child in node.children for b in self._block(child))
        if not title:
            self._fault("no-title", f"A callout {kind} has no title.", f"::: {kind}", "Write it after the kind.")
        return n.Callout(kind=kind, title=title, blocks=blocks)  # type: ignore[arg-type]

    def _collect_notes(self, block: SyntaxTreeNode) -> None:
        for note in block.children:
            label = str(note.meta.get("label", ""))
            content = [self._inline_children(p.children[0]) for p in note.children if p.type == "paragraph"]
            joined = tuple(i for p in content for i in p)
            if not plain_text(joined).strip():
                self._fault("empty-footnote", f"The footnote {label} has no text.", f"[^{label}]")
            self._notes[label] = joined

    def _foreign(self, kind: str, node: SyntaxTreeNode) -> None:
        """Markdown that a report has no place for: said by its name, with the line and with what to write instead."""
        name, hint = _FOREIGN.get(kind, (kind.replace("_", " ").capitalize(), ""))
        message = f"{name} is not part of a report's prose."
        marks = _FOUND_BY.get(kind)
        line = self._line or (self._find_line(marks) if marks else self._find(_first_line(node)))
        place = Place(file=self._file, line=line)
        self.problems.append(Problem(code="unknown-markup", message=message, place=place, hint=hint))

    # --- inlines

    def _inline_children(self, node: SyntaxTreeNode) -> tuple[n.Inline, ...]:
        return _merge(i for child in node.children for i in self._inline(child))

    def _inline(self, node: SyntaxTreeNode) -> Iterator[n.Inline]:
        match node.type:
            case "text":
                yield from self._text(node.content)
            case "softbreak":
                yield n.Text(text=" ")
            case "em":
                yield n.Emphasis(content=self._inline_children(node))
            case "strong":
                yield n.Strong(content=self._inline_children(node))
            case "link":
                yield from self._link(node)
            case "span":
                yield from self._span(node)
            case "footnote_ref":
                label = str(node.meta.get("label", ""))
                yield n.Footnote(id=f"fn-{self._scope}-{label}", content=self._notes.get(label, ()))
            case "footnote_anchor":
                return
            case other:
                self._foreign(other, node)

    def _text(self, text: str) -> Iterator[n.Inline]:
        at = 0
        for token in _TOKEN.finditer(text):
            yield from self._literal(text[at : token.start()])
            yield from self._as_inlines(int(token.group(1)))
            at = token.end()
        yield from self._literal(text[at:])

    def _literal(self, text: str) -> Iterator[n.Inline]:
        if not text:
            return
        if self._cited and any(c.isdigit() for c in text):
            yield n.Citation(content=(n.Text(text=text),))
            return
        if any(c.isdigit() for c in text):
            hint = "Take the figure from a fact, or mark the reference: [12 § …]{.cite}."
            self._fault("typed-digit", f"A digit is typed in the prose: {text.strip()!r}.", text, hint)
        if "[^" in text:
            self._fault("unknown-footnote", f"A footnote has no text: {text.strip()!r}.", text)
        yield n.Text(text=text)

    def _link(self, node: SyntaxTreeNode) -> Iterator[n.Inline]:
        target = self._expand(unquote(str(node.attrs.get("href", ""))))
        if target.startswith("#"):
            yield n.CrossRef(target=self._identifier(target[1:]))
        elif target.startswith(("https://", "http://", "mailto:")):
            yield n.Link(url=target, content=self._unchecked(node))
        else:
            hint = "Write https://… for the web, #id for a place in the report."
            self._fault("bad-link", f"The link {target!r} leads nowhere.", target, hint)

    def _span(self, node: SyntaxTreeNode) -> Iterator[n.Inline]:
        role = str(node.attrs.get("class", ""))
        if role == "cite":
            yield n.Citation(content=self._unchecked(node))
        elif role == "stands":
            if not str(node.attrs.get("reason", "")).strip():
                words = "".join(child.content for child in node.children)
                hint = f'Write why: [{words}]{{.stands reason="…"}}.'
                self._fault("no-reason", f"The word {words!r} shall stand, and no reason is given.", words, hint)
            yield from self._inline_children(node)
        elif role in FACT_ROLES and self._say is not None:
            yield from self._spoken(role, "".join(child.content for child in node.children), self._say)
        else:
            roles = _ROLES if self._say is None else (*_ROLES, *FACT_ROLES)
            known = ", ".join(roles)
            hint = nearest(role, roles) or f"There is: {known}."
            self._fault("unknown-role", f"The role {role!r} is not known.", role, hint)

    def _spoken(self, role: str, words: str, say: Say) -> Iterator[n.Inline]:
        if len(words.split()) != 3:
            hint = "Write [measure.statistic case-type period]{.fact}."
            self._fault("bad-fact", f"{words!r} is not measure.statistic, case type and period.", words, hint)
            return
        try:
            token = str(say(role, words.split()))
        except ReportError as e:
            for problem in e.problems:
                self._fault(problem.code, problem.message, words, problem.hint)
            return
        except ValueError as e:
            self._fault("bad-fact", f"{words!r}: {e}.", words)
            return
        yield from self._text(token)

    def _unchecked(self, node: SyntaxTreeNode) -> tuple[n.Inline, ...]:
        """The content of a reference, in which digits may stand."""
        before = list(self.problems)
        content = self._inline_children(node)
        self.problems = before + [p for p in self.problems[len(before) :] if p.code != "typed-digit"]
        return content

    # --- tokens, ids and faults

    def _as_blocks(self, index: int) -> tuple[n.Block, ...] | None:
        fragment = self._fragments[index]
        blocks = tuple(x for x in fragment if isinstance(x, n.Block))
        return blocks if len(blocks) == len(fragment) else None

    def _as_inlines(self, index: int) -> Iterator[n.Inline]:
        for part in self._fragments[index]:
            if isinstance(part, n.Inline):
                yield part
            else:
                hint = "Put it in a paragraph of its own, with a blank line before and after."
                self._fault("block-in-text", "A table, figure or section stands inside a sentence.", "", hint)

    def _expand(self, text: str) -> str:
        def words(token: re.Match[str]) -> str:
            return plain_text(tuple(self._as_inlines(int(token.group(1)))))

        return _TOKEN.sub(words, text)

    def _identifier(self, text: str) -> str:
        name = self._expand(text)
        if not _ID.fullmatch(name):
            self._fault("bad-id", f"{name!r} is no id.", name, "Use a–z, 0–9 and hyphen.")
        return name

    def _fault(self, code: str, message: str, words: str, hint: str = "", severity: Severity = Severity.ERROR) -> None:
        place = Place(file=self._file, line=self._line or self._find(words))
        self.problems.append(Problem(code=code, message=message, place=place, hint=hint, severity=severity))

    def _find(self, words: str) -> int | None:
        """The first line of the source that holds the longest plain stretch of ``words``."""
        wanted = max(_TOKEN.split(words.replace(_GAP, f"{OPEN}0{CLOSE}")), key=len, default="").strip()
        return next((i for i, line in enumerate(self._source, 1) if wanted and wanted in line), None)

    def _find_line(self, marks: re.Pattern[str]) -> int | None:
        return next((i for i, line in enumerate(self._source, 1) if marks.fullmatch(line)), None)


def _merge(inlines: Iterator[n.Inline]) -> tuple[n.Inline, ...]:
    """Neighbouring texts joined, so that the same sentence is the same node however it was typed."""
    merged: list[n.Inline] = []
    for item in inlines:
        last = merged[-1] if merged else None
        if isinstance(item, n.Text) and isinstance(last, n.Text):
            merged[-1] = n.Text(text=last.text + item.text)
        else:
            merged.append(item)
    return tuple(merged)
