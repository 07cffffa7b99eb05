"""Inline nodes as runs: one list of all of them, one small rule each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, assert_never

from report_builder.document import nodes as n
from report_builder.document.names import bookmark_name, fact_tag
from report_builder.editions.ooxml import NO_XML, Xml, el, field, join, run
from report_builder.editions.word.draft import Draft
from report_builder.editions.word.styles import Style
from report_builder.problems import Problem

_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_SCHEMES = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How the words around a node are said, and in which part of the file they stand."""

    part: Any
    strong: bool = False
    emphasis: bool = False
    link: bool = False


def inlines(content: tuple[n.Inline, ...], draft: Draft, *, strong: bool = False) -> Xml:
    """Inline content of the running text as runs."""
    return _all(content, draft, Voice(part=draft.body, strong=strong))


def _all(content: tuple[n.Inline, ...], draft: Draft, voice: Voice) -> Xml:
    return join(*(_inline(node, draft, voice) for node in content))


def _inline(node: n.Inline, draft: Draft, voice: Voice) -> Xml:  # noqa: PLR0911 -- one line a node
    """One piece of inline content. This is the list of all of them."""
    match node:
        case n.Text(text=words):
            return run(words, _look(draft, voice))
        case n.Emphasis(content=content):
            return _all(content, draft, replace(voice, emphasis=True))
        case n.Strong(content=content):
            return _all(content, draft, replace(voice, strong=True))
        case n.Citation(content=content):
            return _all(content, draft, voice)
        case n.Link():
            return _link(node, draft, voice)
        case n.FactValue():
            return _fact(node, draft, voice)
        case n.CrossRef():
            return _reference(node, draft, voice)
        case n.Footnote():
            return _footnote(node, draft)
        case _:
            assert_never(node)


def _look(draft: Draft, voice: Voice) -> Xml:
    """A run has one character style; only in a link does stress have to be laid beside it."""
    if voice.link:
        bold = join(el("w:b"), el("w:bCs")) if voice.strong else NO_XML
        italic = join(el("w:i"), el("w:iCs")) if voice.emphasis else NO_XML
        return join(draft.look(Style.HYPERLINK), bold, italic)
    if voice.strong or voice.emphasis:
        both = voice.strong and voice.emphasis
        style = Style.STRONG_EMPHASIS if both else Style.STRONG if voice.strong else Style.EMPHASIS
        return draft.look(style)
    return NO_XML


def _link(node: n.Link, draft: Draft, voice: Voice) -> Xml:
    if not node.url.startswith(_SCHEMES):
        message = f"A link leads to {node.url}, which is no address on the web."
        hint = "Write the whole address, with https:// first."
        draft.problems.append(Problem(code="bad-link", message=message, value=node.url, hint=hint))
        return NO_XML
    relation = voice.part.relate_to(node.url, _HYPERLINK, is_external=True)
    return el("w:hyperlink", _all(node.content, draft, replace(voice, link=True)), r_id=relation, history=1)


def _fact(node: n.FactValue, draft: Draft, voice: Voice) -> Xml:
    """A number as a content control that says which fact it is; in a final report it cannot be typed over.

    In a draft it can, and a reviewer may strike out a sentence with a number in it: who reads the file back sees both.
    """
    look = _look(draft, voice)
    tag = fact_tag(node.fact_id)
    properties = el(
        "w:sdtPr",
        el("w:rPr", look) if look else NO_XML,
        el("w:alias", val=tag),
        el("w:tag", val=tag),
        el("w:id", val=draft.new_id("control")),
        el("w:lock", val="sdtContentLocked") if draft.final else NO_XML,
        el("w:text"),
    )
    return el("w:sdt", properties, el("w:sdtContent", run(node.text, look)))


def _reference(node: n.CrossRef, draft: Draft, voice: Voice) -> Xml:
    """The word of a reference as text ("tabell"), its number as a field that Word keeps right.

    What the field fetches is the number alone: Word's own "Tabell 4" would stand with a capital in mid-sentence. An
    appendix is numbered "Bilaga A" in one piece, which no field takes apart everywhere; a reference to it is a link.
    """
    look = _look(draft, voice)
    target = draft.targets[node.target]
    name = bookmark_name(node.target)
    if isinstance(target, n.Heading) and target.scheme == "appendix" and target.level == 1:
        return el("w:hyperlink", run(node.text, look), anchor=name, history=1)
    if not target.number or not node.text.endswith(target.number):
        return field(f"REF {name} \\h", run(node.text, look), look=look)
    word = node.text.removesuffix(target.number)
    instruction = f"REF {name} \\n \\h" if isinstance(target, n.Heading) else f"REF {name} \\h"
    return join(run(word, look), field(instruction, run(target.number, look), look=look))


def _footnote(node: n.Footnote, draft: Draft) -> Xml:
    """The mark in the text; the note goes to its own part. Word counts the marks, in the order of the numbers."""
    number = int(node.number)
    look = draft.look(Style.FOOTNOTE_MARK)
    content = _all(node.content, draft, Voice(part=draft.notes))
    sign = el("w:r", el("w:rPr", look), el("w:footnoteRef"))
    draft.footnotes[number] = el("w:footnote", draft.paragraph(Style.FOOTNOTE, sign, run(" "), content), id=number)
    return el("w:r", el("w:rPr", look), el("w:footnoteReference", id=number))
