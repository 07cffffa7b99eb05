"""The document: numbered once, stored and read back the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "editions"))

from reference import reference_document

from report_builder.document import nodes as n
from report_builder.document import store
from report_builder.document.parts import annex_blocks, printed
from report_builder.document.resolve import resolve
from report_builder.document.walk import plain_text, transformed, walk
from report_builder.problems import ReportError


def meta_only(*blocks: n.Block) -> n.Document:
    return n.Document(meta=reference_document().meta, blocks=blocks)


def heading(name: str, level: int = 1, scheme: str = "chapter") -> n.Heading:
    return n.Heading(id=name, level=level, content=(n.Text(text=name),), scheme=scheme)  # type: ignore[arg-type]


def test_chapters_and_appendices_count_each_by_themselves() -> None:
    document = meta_only(
        heading("summary", scheme="plain"), heading("a"), heading("a1", 2), heading("a2", 2), heading("b"),
        heading("b1", 2), heading("x", scheme="appendix"), heading("x1", 2, "appendix"),
        heading("y", scheme="appendix"),
    )  # fmt: skip
    numbers = [h.number for h in resolve(document).blocks if isinstance(h, n.Heading)]
    assert numbers == ["", "1", "1.1", "1.2", "2", "2.1", "A", "A.1", "B"]


def test_a_reference_is_worded_by_what_it_points_at() -> None:
    refs = n.Paragraph(content=tuple(n.CrossRef(target=t) for t in ("a", "a1", "x", "summary")))
    document = resolve(
        meta_only(
            refs, heading("summary", scheme="plain"), heading("a"), heading("a1", 2), heading("x", scheme="appendix")
        )
    )
    assert [r.text for r in walk(document) if isinstance(r, n.CrossRef)] == [
        "kapitel\u00a01", "avsnitt\u00a01.1", "bilaga\u00a0A", "summary",
    ]  # fmt: skip


def test_dead_references_and_shared_ids_are_told_all_at_once() -> None:
    dead = n.Paragraph(content=(n.CrossRef(target="aa"), n.CrossRef(target="zz")))
    with pytest.raises(ReportError) as e:
        resolve(meta_only(heading("a"), heading("a"), dead))
    assert sorted(p.code for p in e.value.problems) == ["dead-reference", "dead-reference", "duplicate-id"]


def test_the_stored_document_reads_back_the_same(tmp_path: Path) -> None:
    document = reference_document()
    path = tmp_path / "document.json"
    path.write_text(store.dumps(document), encoding="utf-8")
    assert store.load(path) == document
    assert store.dumps(store.load(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["format", "cut", "field", "node"])
def test_a_damaged_or_newer_store_is_refused(tmp_path: Path, damage: str) -> None:
    text = store.dumps(reference_document())
    data = json.loads(text)
    if damage == "format":
        data["format"] = 99
    elif damage == "field":
        data["document"]["meta"]["surprise"] = 1
    elif damage == "node":
        data["document"]["blocks"][0]["node"] = "Hologram"
    path = tmp_path / "document.json"
    path.write_text(text[:500] if damage == "cut" else json.dumps(data), encoding="utf-8")
    with pytest.raises(ReportError):
        store.load(path)


def test_a_walk_meets_every_node_in_reading_order_and_passes_by_what_it_is_told_to() -> None:
    word, cited, noted = n.Text(text="a"), n.Text(text="1"), n.Text(text="2")
    citation = n.Citation(content=(cited,))
    note = n.Footnote(id="not", content=(noted,))
    row = n.Row(cells=((word,), (citation, note)))
    column = n.Column(id="k", header=(word,))
    table = n.Table(id="tab", caption=(word,), columns=(column,), rows=(row,), groups=(("a", 1),))
    assert list(walk(table)) == [table, word, column, word, row, word, citation, cited, note, noted]
    assert list(walk((table,), past=(n.Citation,))) == [table, word, column, word, row, word, note, noted]


def test_what_a_change_leaves_alone_is_the_same_object() -> None:
    document = reference_document()
    assert transformed(document, lambda node: node) is document
    first, second = (n.Paragraph(content=(n.Text(text=words),)) for words in ("a", "b"))
    items = n.BulletList(items=((first,), (second,)))
    done = transformed(items, lambda node: n.Text(text="c") if node == n.Text(text="b") else node)
    assert done == n.BulletList(items=((first,), (n.Paragraph(content=(n.Text(text="c"),)),)))
    assert done.items[0] is items.items[0]


def test_tables_and_figures_start_again_with_every_appendix() -> None:
    def figure(name: str) -> n.Figure:
        data = n.Table(id=f"{name}-data", caption=(), columns=(), rows=())
        return n.Figure(id=name, caption=(), alt="", spec={}, data=data)

    def table(name: str) -> n.Table:
        return n.Table(id=name, caption=(), columns=(n.Column(id="a", header=()),), rows=())

    document = resolve(
        meta_only(
            heading("ett"), figure("f1"), table("t1"), heading("tva"), figure("f2"),
            heading("a", scheme="appendix"), figure("f3"), table("t2"), figure("f4"),
            heading("b", scheme="appendix"), figure("f5"), table("t3"),
        )
    )  # fmt: skip
    numbers = {b.id: b.number for b in document.blocks if isinstance(b, n.Figure | n.Table)}
    assert numbers == {
        "f1": "1", "t1": "1", "f2": "2", "f3": "A1", "t2": "A1", "f4": "A2", "f5": "B1", "t3": "B1",
    }  # fmt: skip


def annexed() -> n.Document:
    """A report whose data annex holds a chapter with a table, which the printed part refers to."""
    table = n.Table(
        id="bakom", caption=(), columns=(n.Column(id="a", header=()),), rows=(n.Row(cells=((n.Text(text="1"),),)),)
    )
    figure = n.Figure(id="fig", caption=(), alt="", spec={}, data=table)
    words = n.Paragraph(content=(n.CrossRef(target="bakom"), n.CrossRef(target="data"), n.CrossRef(target="b")))
    return resolve(
        meta_only(
            heading("a"), words, figure, heading("data", scheme="annex"), heading("d1", 2, "annex"), table,
            heading("mer", scheme="annex"), heading("b", scheme="appendix"),
        )
    )  # fmt: skip


def test_the_annex_counts_by_itself_and_is_named_where_it_is_referred_to() -> None:
    document = annexed()
    letter = document.meta.labels.annex_letter
    numbers = [h.number for h in document.blocks if isinstance(h, n.Heading)]
    assert numbers == ["1", f"{letter}1", f"{letter}1.1", f"{letter}2", "A"]
    said = document.meta.labels.in_annex.format(reference=f"tabell\u00a0{letter}1")
    figure = next(b for b in document.blocks if isinstance(b, n.Figure))
    assert (figure.number, figure.data_at) == ("1", said)
    assert next(r.text for r in walk(document) if isinstance(r, n.CrossRef)) == said


def test_print_goes_without_the_annex_and_links_to_nothing_in_it() -> None:
    document = annexed()
    on_paper = printed(document)
    assert [h.id for h in on_paper.blocks if isinstance(h, n.Heading)] == ["a", "b"]
    assert not any(isinstance(b, n.Table) for b in on_paper.blocks)
    assert [r.target for r in walk(on_paper) if isinstance(r, n.CrossRef)] == ["b"]
    assert [plain_text(b.content) for b in on_paper.blocks if isinstance(b, n.Paragraph)] == [
        plain_text(b.content) for b in document.blocks if isinstance(b, n.Paragraph)
    ]
    assert [h.id for h in annex_blocks(document) if isinstance(h, n.Heading)] == ["data", "d1", "mer"]
