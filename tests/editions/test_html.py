"""The rules from node to element, and the web page: well-formed, whole in itself, sound for those who hear it."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import p, reference_document, reference_meta, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.document.walk import plain_text, walk
from report_builder.editions import Resources, colours, web
from report_builder.editions.columns import PORTRAIT, of_the_line, shares
from report_builder.editions.elements import el, serialise
from report_builder.problems import ReportError


@pytest.fixture(scope="module")
def page(web_page: str) -> Element:
    return ElementTree.fromstring(web_page.removeprefix("<!DOCTYPE html>\n"))


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def with_class(root: Element, name: str) -> Iterator[Element]:
    return (e for e in root.iter() if name in e.get("class", "").split())


def test_the_reference_document_holds_every_node(document: n.Document) -> None:
    kinds = {type(node) for node in walk(document)}
    assert {*get_args(n.Inline), *get_args(n.Block)} <= kinds


def test_it_is_the_same_document_when_read_as_html(web_page: str, page: Element) -> None:
    import tinyhtml5

    read = tinyhtml5.parse(web_page, namespace_html_elements=False)
    assert [e.tag for e in read.iter() if isinstance(e.tag, str)] == [e.tag for e in page.iter()]
    assert "".join(read.itertext()) == "".join(page.itertext()).rstrip("\n") + "\n"


def test_every_id_is_one_and_every_reference_arrives(page: Element) -> None:
    ids = Counter(e.get("id") for e in page.iter() if e.get("id"))
    assert set(ids.values()) == {1}
    inner = [e.get("href", "") for e in page.iter("a") if e.get("href", "").startswith("#")]
    assert len(inner) > 20
    assert {href[1:] for href in inner} <= set(ids)
    assert {e.get("aria-labelledby") for e in page.iter() if e.get("aria-labelledby")} <= set(ids)


def test_it_needs_nothing_from_elsewhere(page: Element) -> None:
    addresses = [e.get("src", "") for e in page.iter() if e.get("src")]
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert not [e.tag for e in page.iter() if e.tag in ("link", "script", "iframe", "object")]
    style = next(page.iter("style")).text or ""
    assert {url.partition(":")[0] for url in re.findall(r'url\("?([^")]*)', style)} == {"data"}
    assert "@import" not in style


def test_every_fact_can_be_found(page: Element, document: n.Document) -> None:
    facts = [(node.fact_id, node.text) for node in walk(document) if isinstance(node, n.FactValue)]
    assert [(e.get("data-fact"), e.text) for e in with_class(page, "fact")] == facts


def test_headings_go_down_one_step_at_a_time_from_one_title(page: Element, document: n.Document) -> None:
    levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert len(levels) == 2 + sum(isinstance(block, n.Heading) for block in document.blocks)


def test_landmarks_language_and_the_way_past_the_menu(page: Element) -> None:
    body = page.find("body")
    assert page.get("lang") == "sv"
    assert body is not None
    assert [len(list(page.iter(tag))) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert body[0].tag == "a"
    assert body[0].get("href") == f"#{next(page.iter('main')).get('id')}"
    assert all(e.get("aria-label") for e in page.iter("nav"))


def test_tables_have_captions_and_scopes(page: Element, document: n.Document) -> None:
    written = [node for node in walk(document) if isinstance(node, n.Table)]
    for table, node in zip(page.iter("table"), written, strict=True):
        assert words(next(table.iter("caption"))).startswith(f"Tabell {node.number}. ")
        assert {e.get("scope") for e in table.iter("th")} <= {"col", "row", "colgroup"}
        assert all(words(e) for e in table.iter("th"))
        for row in table.iter("tr"):
            assert row[0].tag == "th" or "groups" not in row.get("class", "")
        body = next(table.iter("tbody"))
        assert [row[0].get("scope") for row in body] == ["row"] * len(node.rows)
        across = [sum(int(cell.get("colspan", "1")) for cell in row) for row in body]
        assert across == [len(node.columns)] * len(node.rows)
        assert [row.get("class") for row in body] == ["total" if r.kind == "total" else None for r in node.rows]


def test_a_group_spans_its_columns_and_no_header_is_empty(page: Element, document: n.Document) -> None:
    table = next(e for e in page.iter("div") if e.get("id") == "tab-tid")
    first, second = next(table.iter("thead"))
    assert [(words(e), e.get("colspan"), e.get("rowspan")) for e in first] == [
        ("Ärendeslag", None, "2"),
        ("2024", "2", None),
        ("2025", "2", None),
    ]
    assert len(second) == 4


def test_figures_have_words_and_lead_to_their_numbers(page: Element, document: n.Document) -> None:
    figures = [node for node in walk(document) if isinstance(node, n.Figure)]
    for element, node in zip(page.iter("figure"), figures, strict=True):
        image = next(element.iter("img"))
        assert image.get("alt") == node.alt
        assert image.get("src", "").startswith("data:image/svg+xml;base64,")
        behind = next(with_class(element, "behind"))
        assert [a.get("href") for a in behind.iter("a")] == [f"#{node.data.id}"]
        assert words(behind) == "Figurens data: tabell B1."


def test_notes_lead_there_and_back(page: Element, document: n.Document) -> None:
    notes = [node for node in walk(document) if isinstance(node, n.Footnote)]
    items = list(next(with_class(page, "notes")).iter("li"))
    assert [e.get("id") for e in items] == [node.id for node in notes]
    calls = {e.get("id"): e for e in page.iter("a") if e.get("role") == "doc-noteref"}
    for item, node in zip(items, notes, strict=True):
        back = item[0]
        call = calls[back.get("href", "")[1:]]
        assert call.get("href") == f"#{node.id}"
        assert call.text == back.text == node.number
        assert words(item) == " ".join(f"{node.number} {plain_text(node.content)}".split())


def test_marks_stand_on_a_draft_and_on_nothing_else(page: Element, resources: Resources) -> None:
    assert [e.text for e in with_class(page, "mark")] == ["Utkast", "Exempeldata"]
    final = web.page_tree(reference_document(final=True), resources)
    assert not list(with_class(final, "mark"))
    assert not [e for e in final.iter("div") if e.get("class") == "callout warning" and "Utkast" in words(e)]


def test_a_word_from_outside_is_never_markup(resources: Resources) -> None:
    evil = '<script>alert("x")</script> & "citat" <b>'
    blocks = (n.Heading(id="k", level=1, content=t(evil)), p(evil, n.FactValue(fact_id='a"b', text=evil)))
    meta = dataclasses.replace(reference_meta(), title=evil, running_title=evil)
    text = web.render(resolve(n.Document(meta=meta, blocks=blocks)), resources).decode()
    assert "<script" not in text
    root = ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>\n"))
    assert words(next(root.iter("h2"))).endswith(evil)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_serialised_words_come_back(text: str, value: str) -> None:
    element = el("p", text, el("span", text, title=value), el("br"), text)
    back = ElementTree.fromstring(serialise(element))
    assert "".join(back.itertext()) == text * 3
    assert back[0].get("title") == value


def test_a_style_sheet_that_xml_and_html_read_differently_is_refused() -> None:
    with pytest.raises(ValueError, match="style sheet"):
        serialise(el("style", "a > b { } </style>"))


def test_the_page_names_the_authority_s_colours() -> None:
    assert "--tint" in colours.variables(reference_meta().authority)


def column_table(headers: list[str], cells: list[str], widths: list[int], *, wide: bool = False) -> n.Table:
    columns = tuple(
        n.Column(id=f"k{i}", header=t(header), align="number" if i else "text", width=width)
        for i, (header, width) in enumerate(zip(headers, widths, strict=True))
    )
    return n.Table(id="t", caption=t("T"), columns=columns, rows=(n.Row(cells=tuple(map(t, cells))),), wide=wide)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 9)), min_size=1, max_size=12))
def test_columns_share_the_width_and_none_is_too_narrow(columns: list[tuple[int, int]]) -> None:
    cells = ["9" * digits for digits, _ in columns]
    table = column_table(["x"] * len(cells), cells, [width for _, width in columns])
    try:
        given_shares = shares(table)
    except ReportError as error:
        assert error.problems[0].code == "table-too-wide"
        assert sum(map(len, cells)) > PORTRAIT / 2
        return
    assert abs(sum(given_shares) - 1) < 1e-9
    for share, cell in zip(given_shares, cells, strict=True):
        assert share * PORTRAIT * of_the_line(table) >= len(cell)


def test_widths_follow_the_authors_weights_where_there_is_room() -> None:
    assert shares(column_table(["a", "b"], ["1", "2"], [3, 1], wide=True)) == (0.75, 0.25)


@pytest.mark.judge("chromium")
@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_finds_nothing_wider_than_its_window(width: int, web_page: str, tmp_path: Path) -> None:
    """Measured in the browser itself: no element but the tables' own scrollers may stick out to the right."""
    probe = (
        "<script>addEventListener('load',()=>document.fonts.ready.then(()=>{document.title="
        "JSON.stringify([document.documentElement.scrollWidth,innerWidth,document.fonts.size])}))</script>"
    )
    (tmp_path / "page.html").write_text(web_page.replace("</body>", probe + "</body>"), encoding="utf-8")
    # A window cannot be narrower than 500 pixels; a frame can.
    frame = f'<iframe src="page.html" style="width:{width}px;height:900px" onload="setTimeout(report,500)"></iframe>'
    script = "<script>function report(){document.title=frames[0].document.title}</script>"
    (tmp_path / "frame.html").write_text(f"<!DOCTYPE html><title></title>{frame}{script}", encoding="utf-8")
    command = [
        *(shutil.which("chromium") or "chromium", "--headless", "--no-sandbox", "--disable-gpu"),
        *("--allow-file-access-from-files", "--virtual-time-budget=4000", "--dump-dom"),
        (tmp_path / "frame.html").as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=True).stdout
    found = re.search(r"<title>\[(\d+),(\d+),(\d+)\]", dom)
    assert found, dom[:300]
    content, window, faces = map(int, found.groups())
    assert window == width
    assert content <= window
    assert faces == 3
