"""The least that each stage could do, or what others do of the same: written as plainly as it can be."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import tostring

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.editions import Resources


def parse_yaml(files: Iterable[Path]) -> None:
    """Parse every file, and look at nothing."""
    import yaml

    for file in files:
        yaml.safe_load(file.read_text(encoding="utf-8"))


def scan_as_text(files: Sequence[Path], delimiter: str = ";") -> None:
    """DuckDB reads every field of every file as text, and checks nothing."""
    import duckdb

    for file in files:
        source = duckdb.read_csv(str(file), header=True, delimiter=delimiter, quotechar='"', all_varchar=True)
        source.aggregate(", ".join(f'max(length("{column}"))' for column in source.columns)).fetchall()


def measure_by_hand(cases: Path, delimiter: str = ";") -> None:
    """Duration statistics for each case type, year and quarter in one DuckDB query over one scan."""
    import duckdb

    source = duckdb.read_csv(str(cases), header=True, delimiter=delimiter, quotechar='"', all_varchar=True)
    query = """
        with closed as (
            select arendeslag, try_cast(expedierad as date) as day, day - try_cast(registrerad as date) as days
            from source where expedierad <> ''
        )
        select arendeslag, year(day), quarter(day), count(*), avg(days),
               quantile_cont(days, 0.5), quantile_cont(days, 0.9), avg((days <= 183)::int)
        from closed
        group by grouping sets (
            (arendeslag, year(day)), (arendeslag, year(day), quarter(day)), (year(day)), (year(day), quarter(day))
        )
    """
    duckdb.query(query).fetchall()
    del source


def parse_markdown(files: Iterable[Path]) -> None:
    """Parse the prose as it stands, unfilled."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    for file in files:
        parser.parse(file.read_text(encoding="utf-8"))


def print_html(document: n.Document, resources: Resources) -> str:
    """The PDF edition's own pages as the text of an HTML file."""
    from report_builder.editions import paper

    return "<!DOCTYPE html>" + tostring(paper.paper_tree(document, resources.charts), encoding="unicode", method="html")


def plain_weasyprint(html: str, style: Path) -> bytes:
    """The same pages as a tagged PDF by WeasyPrint as it comes, with the tags that it writes itself."""
    import weasyprint

    gc.disable()  # as the PDF edition does: the two are not to differ by that
    try:
        return bytes(weasyprint.HTML(string=html).write_pdf(stylesheets=[str(style)], pdf_variant="pdf/ua-1"))
    finally:
        gc.enable()


def other_renderers() -> Path | None:
    """The interpreter of the environment that has pandoc and Typst, if `.ci/install renderers` has made it."""
    found = Path(__file__).resolve().parents[2] / ".judges" / "renderers" / "bin" / "python"
    return found if found.exists() else None


def plain_word(document: n.Document) -> bytes:
    """The same headings, paragraphs and tables by python-docx, without style, picture, reference or note."""
    import docx

    out = docx.Document()
    for node in walk(document):
        match node:
            case n.Heading():
                out.add_heading(plain_text(node.content), node.level)
            case n.Paragraph():
                out.add_paragraph(plain_text(node.content))
            case n.Table():
                table = out.add_table(0, len(node.columns))
                for row in node.rows:
                    for cell, content in zip(table.add_row().cells, row.cells, strict=True):
                        cell.text = plain_text(content)
    buffer = io.BytesIO()
    out.save(buffer)
    return buffer.getvalue()
