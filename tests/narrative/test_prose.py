"""Prose: what Jinja fills in is data, Markdown becomes nodes, and every fault names its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.narrative.fill import Filler
from report_builder.narrative.markup import Markup
from report_builder.problems import Problem


def prose(folder: Path, text: str, **names: Any) -> tuple[tuple[n.Block, ...], list[Problem]]:
    """The blocks of a template file and the faults found in it."""
    (folder / "a.md.j2").write_text(text, encoding="utf-8")
    filler = Filler(folder, lambda p: p.name)
    filler.offer(names)
    filled = filler.render("a.md.j2")
    markup = Markup(filler.fragments, file="a.md.j2", source=text, scope="a")
    blocks = markup.blocks(filled)
    return blocks, [*filler.problems, *markup.problems]


def codes(problems: list[Problem]) -> list[tuple[str, int | None]]:
    return [(p.code, p.place.line if p.place else None) for p in problems]


def test_every_construct_becomes_its_node(tmp_path: Path) -> None:
    text = """{#start}
# Rubrik

Ett *viktigt* och **starkt** stycke, se [](#start) och [lagen](https://example.se/a).
Enligt [12 § lagen (1974:203)]{.cite}.[^a]

[^a]: En not om [lag 2018:1937]{.cite}.

- ett
- två

1. först
2. sedan

Ord
: Vad det betyder

::: warning Läs noga
Innehåll.
:::
"""
    blocks, problems = prose(tmp_path, text)
    assert problems == []
    assert [type(b).__name__ for b in blocks] == [
        "Heading", "Paragraph", "BulletList", "OrderedList", "DefinitionList", "Callout",
    ]  # fmt: skip
    inlines = [type(i).__name__ for i in walk(blocks[1])]
    assert {"Emphasis", "Strong", "CrossRef", "Link", "Citation", "Footnote"} <= set(inlines)
    (note,) = [i for i in walk(blocks[1]) if isinstance(i, n.Footnote)]
    assert plain_text(note.content) == "En not om lag 2018:1937."
    assert blocks[-1] == n.Callout(
        kind="warning", title="Läs noga", blocks=(n.Paragraph(content=(n.Text(text="Innehåll."),)),)
    )


HOSTILE = [
    "# Rubrik", "[x](https://ond.example)", "{{ 7 * 7 }}", "{% raw %}", "<script>alert(1)</script>", "**fet**",
    "[^a]: not", "::: note X", "`kod`", "\\", "a\n\n# b", "[12 §]{.cite}", "{#id}",
]  # fmt: skip


def words_alone(blocks: tuple[n.Block, ...]) -> str:
    """The words of the only paragraph, if there is nothing in it but plain words and words marked as a reference."""
    (paragraph,) = blocks
    assert isinstance(paragraph, n.Paragraph)
    for item in paragraph.content:
        inner = item.content if isinstance(item, n.Citation) else (item,)
        assert all(isinstance(part, n.Text) for part in inner)
    return plain_text(paragraph.content)


@pytest.mark.parametrize("value", HOSTILE)
def test_content_is_data(tmp_path: Path, value: str) -> None:
    blocks, problems = prose(tmp_path, "Före {{ x }} efter.\n", x=value)
    assert problems == []
    assert words_alone(blocks) == f"Före {value} efter."


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_content_comes_out_as_it_went_in(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    blocks, problems = prose(tmp_path_factory.mktemp("p"), "Ord: {{ x }}.\n", x=value)
    assert problems == []
    assert words_alone(blocks) == f"Ord: {value}."


def test_a_heading_begins_a_page_where_its_line_says_so(tmp_path: Path) -> None:
    text = "{#a .page}\n# Ett\n\n{#b}\n## Två\n\n{#c{% if x %} .page{% endif %}}\n## Tre\n"
    blocks, problems = prose(tmp_path, text, x=True)
    assert problems == []
    found = {b.id: b.new_page for b in blocks if isinstance(b, n.Heading)}
    assert found == {"a": True, "b": False, "c": True}


def test_a_macro_may_hold_markup_and_its_arguments_may_not(tmp_path: Path) -> None:
    text = "{% macro m(x) %}**{{ x }}**{% endmacro %}\nA {{ m('*b*') }}.\n"
    blocks, problems = prose(tmp_path, text)
    assert problems == []
    (strong,) = [i for i in walk(blocks[0]) if isinstance(i, n.Strong)]
    assert strong.content == (n.Text(text="*b*"),)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Rad ett.\n\nDet kom in 312 ärenden.\n", ("typed-digit", 3)),
        ("Rad ett.\n\nBalansen ökade kraftigt.\n", ("direction-without-fact", 3)),
        ("Text.[^saknas]\n", ("unknown-footnote", 1)),
        ("Text.[^tom]\n\n[^tom]:\n", ("empty-footnote", 1)),
        ("# Rubrik utan id\n", ("no-id", 1)),
        ("{#Fel Id}\n# Rubrik\n", ("bad-id", 1)),
        ("Text.\n\n{#kvar}\n", ("stray-id", 3)),
        ("{#start .sida}\n# Rubrik\n", ("bad-id", 1)),
        ("[ord]{.okand}\n", ("unknown-role", 1)),
        ("Ett.\n\nKön är [längre]{.stands} än förut.\n", ("no-reason", 3)),
        ('Ett.\n\nKön är [längre]{.stands reason=" "} än förut.\n', ("no-reason", 3)),
        ('Ett.\n\nKön är [längre]{.stands reason="Målet."} och fler än förut.\n', ("comparison-without-fact", 3)),
        ("[ord](ftp://x)\n", ("bad-link", 1)),
        ("Ett.\n\n{{ okant }}\n", ("unknown-name", 3)),
        ("Ett.\n\n{% if x %}\n", ("template-syntax", 3)),
        ("Ett.\n{{ 3 + 4 }}\n", ("bare-number", 2)),
        ("Ett.\n{{ x.__class__.__mro__ }}\n", ("forbidden", 2)),
        ("Ett.\n{{ 1 / 0 }}\n", ("template-fault", 2)),
        ("{% include 'finns-inte.md.j2' %}\n", ("file-missing", None)),
        ("{% include 'a.md.j2' %}\n", ("include-cycle", 1)),
        ("<b>html</b>\n", None),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str, fault: tuple[str, int | None] | None) -> None:
    blocks, problems = prose(tmp_path, text, x="ord")
    if fault is None:  # raw HTML is text
        assert problems == []
        assert "<b>" in plain_text(blocks[0].content)  # type: ignore[union-attr]
    else:
        assert fault in codes(problems)


@pytest.mark.parametrize(
    ("kept", "bare"),
    [
        ('Kön är [längre]{.stands reason="Det gäller kön i lagens mening."} än förut.', "Kön är längre än förut."),
        ("Enligt [revisionen är kön längre än förut]{.cite}.", "Enligt revisionen är kön längre än förut."),
        ("Revisionen skriver: ”Kön är längre än förut.”", "Revisionen skriver: Kön är längre än förut."),
        ('Balansen [ökade]{.stands reason="Det gäller åren före rapporten."} då.', "Balansen ökade då."),
    ],
)
def test_a_word_that_is_quoted_or_kept_with_a_reason_does_not_warn(tmp_path: Path, kept: str, bare: str) -> None:
    blocks, problems = prose(tmp_path, kept)
    assert problems == []
    assert plain_text(blocks[0].content).replace("”", "") == bare  # type: ignore[union-attr]
    _, problems = prose(tmp_path, bare)
    assert {p.code for p in problems} <= {"comparison-without-fact", "direction-without-fact"}
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("Ett.\n\n```\nkod\n```\n", 3, "A code block (between"),
        ("Ett.\n\n~~~ python\nkod\n~~~\n", 3, "A code block (between"),
        ("Ett.\n\n    Indraget stycke.\n", 3, "four spaces"),
        ("Ett.\n\n> Vi hann inte.\n", 3, "A block quote"),
        ("- Ett.\n\n  > Vi hann **inte**.\n", 3, "A block quote"),
        ("Ett.\n\n***\n\nTvå.\n", 3, "A rule"),
        ("Ett.\n\n- - -\n\nTvå.\n", 3, "A rule"),
        ("Ett.\n\nSe `arenden.csv`.\n", 3, "Code (between"),
        ("Ett.\n\n![En kurva](kurva.png)\n", 3, "A picture"),
        ("Ett.\nTvå.\\\nTre.\n", 2, "A forced line break"),
    ],
)
def test_markdown_that_a_report_does_not_hold_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, text: str, line: int, name: str
) -> None:
    _, problems = prose(tmp_path, text)
    (told,) = [p for p in problems if p.code == "unknown-markup"]
    assert name in told.message
    assert told.place is not None
    assert told.place.line == line
    assert told.hint


def test_an_unknown_name_gets_its_neighbours(tmp_path: Path) -> None:
    _, problems = prose(tmp_path, "{{ nubmer('a') }}\n", number=lambda _: "x")
    assert "number" in problems[0].hint
