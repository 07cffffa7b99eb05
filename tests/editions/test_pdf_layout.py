"""What may not happen at the foot of a page, tried on chapters that end a line further down each time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pytest
from pdf_tree import Tag, TaggedPdf
from reference import note, p, reference_meta, row, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.editions import Resources
from report_builder.editions.pdf import paged, render

FILLERS = range(14, 40)
SHORT, LONG = 9, 45


def table(i: int) -> n.Table:
    columns = (n.Column(id="namn", header=t("Namn")), n.Column(id="antal", header=t("Antal"), align="number"))
    rows = tuple(row(f"Rad {k}", t(str(k))) for k in range(LONG if i % 2 else SHORT))
    return n.Table(id=f"tab-{i}", caption=t(f"Tabell i kapitel {i}"), columns=columns, rows=rows, source=t("Egen."))


def chapter(i: int) -> Iterator[n.Block]:
    yield n.Heading(id=f"kap-{i}", level=1, content=t(f"Kapitel {i}"))
    for k in range(i):
        notes = [note(f"{i}-{k}", "En not som ska stå vid sidans fot.")] if k % 9 == 8 else []
        yield p(f"Stycke {k}.", *notes)
    yield n.Heading(id=f"avsnitt-{i}", level=2, content=t(f"Avsnitt i kapitel {i}"))
    if i % 3 == 0:
        yield p("En kort inledning till tabellen.")
    yield table(i)


@pytest.fixture(scope="module")
def chapters(resources: Resources) -> list[Tag]:
    blocks = tuple(block for i in FILLERS for block in chapter(i))
    pdf = TaggedPdf(render(resolve(n.Document(meta=reference_meta(), blocks=blocks)), resources))
    found = [tag for tag in pdf.root.kids if isinstance(tag, Tag) and tag.all("H3") and not tag.all("TOC")]
    assert len(found) == len(FILLERS)
    return found


def parts(section: Tag) -> tuple[Tag, Tag, Tag, Tag]:
    """The heading above the table, what follows it at once, the table, and the line with its source."""
    at = next(i for i, tag in enumerate(section.kids) if isinstance(tag, Tag) and tag.role == "H3")
    heading, after = section.kids[at : at + 2]
    assert isinstance(heading, Tag) and isinstance(after, Tag)
    source = section.kids[-1]
    assert isinstance(source, Tag)
    return heading, after, section.all("Table")[0], source


def test_the_pages_are_hard_enough(chapters: list[Tag]) -> None:
    starts = [min(parts(section)[2].pages) - min(section.pages) for section in chapters]
    assert {0, 1} <= set(starts), "some tables should fit below the text, and some should not"
    assert any(len(parts(section)[2].pages) == 2 for section in chapters)


def test_no_heading_stays_alone_at_the_foot(chapters: list[Tag]) -> None:
    for section in chapters:
        heading, after, _, _ = parts(section)
        assert min(after.pages) == max(heading.pages)


def test_no_caption_is_parted_from_its_table(chapters: list[Tag]) -> None:
    for section in chapters:
        rows = parts(section)[2].all("TR")
        caption = parts(section)[2].all("Caption")[0]
        assert caption.pages == rows[0].pages == rows[1].pages


def test_no_source_is_parted_from_its_table(chapters: list[Tag]) -> None:
    for section in chapters:
        _, _, tagged, source = parts(section)
        assert source.pages == tagged.all("TR")[-1].pages


def test_a_table_that_fits_on_a_page_is_not_cut_and_no_row_ever(chapters: list[Tag]) -> None:
    for section in chapters:
        tagged = parts(section)[2]
        if len(tagged.all("TR")) == SHORT + 1:
            assert len(tagged.pages) == 1
        assert all(len(tag.pages) == 1 for tag in tagged.all("TR"))


def test_no_row_stays_alone_on_either_side_of_a_page_s_edge(chapters: list[Tag]) -> None:
    cut = [tagged for section in chapters if len((tagged := parts(section)[2]).pages) > 1]
    assert cut
    for tagged in cut:
        on = [min(row.pages) for row in tagged.all("TR")[1:]]
        assert min(on.count(page) for page in set(on)) >= 2


def test_notes_stand_on_the_page_that_calls_them(chapters: list[Tag]) -> None:
    notes = 0
    for section in chapters:
        for paragraph in section.all("P"):
            for called in paragraph.all("Note"):
                notes += 1
                assert called.pages == paragraph.all("Reference")[0].pages
    assert notes > 30


def test_a_line_breaks_late_also_before_a_link(resources: Resources) -> None:
    """Words that fill the line to the last point, then a link: whatever their length, no line is left almost empty."""
    words = "De öppna ärendena har ännu ingen handläggningstid, men de har en ålder. Den sista dagen var de"
    target = n.Heading(id="mal", level=1, content=t("Mål"))
    lines = [p(f"{words} {'i' * k} ", n.CrossRef(target="mal"), " väntat mer än två år.") for k in range(1, 16)]
    meta = reference_meta()
    pdf = TaggedPdf(render(resolve(n.Document(meta=meta, blocks=(target, *lines))), resources))
    first = [tag.kids[0] for tag in pdf.root.all("P") if str(tag.kids[0]).startswith("De")]
    assert len(first) == len(lines)
    assert all(len(str(words)) > 60 for words in first), first


def test_a_heading_begins_a_page_where_it_is_told_to_and_appendices_go_on(resources: Resources) -> None:
    """The first chapter and the first appendix begin one anyway."""
    asked = [
        ("ett", 1, "chapter", False),
        ("del", 2, "chapter", False),
        ("egen", 2, "chapter", True),
        ("tva", 1, "chapter", False),
        ("tre", 1, "chapter", True),
        ("bilaga", 1, "appendix", False),
        ("till", 1, "appendix", False),
        ("sist", 1, "appendix", True),
    ]
    blocks: list[n.Block] = []
    for name, level, scheme, new_page in asked:
        heading = n.Heading(id=name, level=level, content=t(name), scheme=scheme, new_page=new_page)  # type: ignore[arg-type]
        blocks += [heading, p("Ett stycke."), p("Ett till.")]
    made = paged(resolve(n.Document(meta=reference_meta(), blocks=tuple(blocks))), resources)
    first = made.heading_pages["ett"]
    found = {name: page - first for name, page in made.heading_pages.items()}
    assert found == {"ett": 0, "del": 0, "egen": 1, "tva": 1, "tre": 2, "bilaga": 3, "till": 3, "sist": 4}


def test_no_word_is_divided_into_less_than_three_letters(resources: Resources) -> None:
    words = [
        "avslutade",
        "inflödet",
        "unga",
        "ärenden",
        "databilagan",
        "andelen",
        "årsvis",
        "inkomna",
        "med",
        "handläggningen",
        "är",
        "sena",
    ]
    prose = [p(" ".join(words[(i + 5 * k * k + k) % len(words)] for k in range(40 + i))) for i in range(40)]
    heading = n.Heading(id="kapitel", level=1, content=t("Kapitel"))
    data = render(resolve(n.Document(meta=reference_meta(), blocks=(heading, *prose))), resources)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    parts = re.findall(r"(\w+)\ufffe(\w+)", text)  # how PDFium shows a hyphen that a line break brought
    assert len(parts) > 10
    assert [pair for pair in parts if min(map(len, pair)) < 3] == []
