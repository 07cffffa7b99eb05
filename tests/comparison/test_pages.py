"""Pages side by side: what moved and what changed is marked, what stayed is not, and no page is lost."""

from __future__ import annotations

import pytest
from lxml import html

from report_builder.problems import ReportError
from report_builder.revisions.comparison import Comparison, VersionLabel
from report_builder.revisions.pdf_pages import side_by_side

SIDE = VersionLabel(release="rapport/2026", title="Rapporten", status="draft", created="2026-02-13")
NOTHING = Comparison(old=SIDE, new=SIDE, changes=(), chapters=())


def pdf(*pages: str) -> bytes:
    """A PDF of pages of lines, one paragraph a line."""
    from weasyprint import HTML

    body = "".join(
        f"<section style='break-after:page'>{''.join(f'<p>{line}</p>' for line in page.split('|'))}</section>"
        for page in pages
    )
    return bytes(HTML(string=body).write_pdf())


def shown(old: bytes, new: bytes) -> html.HtmlElement:
    return html.fromstring(side_by_side(old, new, NOTHING))


def marks(tree: html.HtmlElement, state: str) -> int:
    return len(tree.xpath(f"//div[@class='paper']/span[@class='{state}']"))


def test_the_same_pages_have_no_marks() -> None:
    same = pdf("Ett|Två", "Tre")
    tree = shown(same, same)
    assert len(tree.xpath("//section")) == 2
    assert not tree.xpath("//div[@class='paper']/span")


def test_a_changed_line_is_marked_on_both_sides_and_told() -> None:
    tree = shown(pdf("Ett|Balansen är 12|Tre"), pdf("Ett|Balansen är 13|Tre"))
    assert (marks(tree, "changed"), marks(tree, "moved")) == (2, 0)
    assert tree.xpath("//li/text()") == ["Balansen är 12", "Balansen är 13"]


def test_a_line_that_was_pushed_down_has_moved() -> None:
    tree = shown(pdf("Ett|Två"), pdf("Nytt|Ett|Två"))
    assert (marks(tree, "changed"), marks(tree, "moved")) == (1, 4)


def test_a_page_without_a_partner_stands_alone() -> None:
    tree = shown(pdf("Ett|Två", "Tre|Fyra"), pdf("Ett|Två", "Helt|Annat", "Tre|Fyra"))
    assert len(tree.xpath("//section")) == 3
    assert tree.xpath("//p[@class='none']/text()") == ["Sidan är ny."]


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(ReportError):
        side_by_side(b"no pdf", pdf("Ett"), NOTHING)


def test_a_page_more_at_the_end_leaves_the_numbers_of_the_others_unmarked() -> None:
    tree = shown(pdf("Ett|Två|1 (2)", "Tre|2 (2)"), pdf("Ett|Två|1 (3)", "Tre|2 (3)", "Fyra|3 (3)"))
    assert (marks(tree, "changed"), marks(tree, "moved")) == (2, 0)
