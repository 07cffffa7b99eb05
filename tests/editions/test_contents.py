"""What the table of contents lists: everything, or without the sections of appendices where that saves a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from reference import reference_meta, t

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve
from report_builder.editions import contents


def headings(chapters: int, sections: int, appendices: int) -> Iterator[n.Heading]:
    for scheme, count in (("chapter", chapters), ("appendix", appendices)):
        for i in range(count):
            yield n.Heading(id=f"{scheme}-{i}", level=1, content=t("Rubrik"), scheme=scheme)  # type: ignore[arg-type]
            for k in range(sections):
                name = f"{scheme}-{i}-{k}"
                yield n.Heading(id=name, level=2, content=t("Avsnitt"), scheme=scheme)  # type: ignore[arg-type]


def document(*sizes: int) -> n.Document:
    return resolve(n.Document(meta=reference_meta(), blocks=tuple(headings(*sizes))))


@pytest.mark.parametrize(
    ("sizes", "left_out"),
    [
        ((4, 3, 2), False),  # all of it has room on a page
        ((6, 4, 4), True),  # without the appendices' sections it has
        ((12, 5, 4), False),  # it takes two pages in any case
    ],
)
def test_sections_of_appendices_are_left_out_only_where_that_saves_a_page(
    sizes: tuple[int, int, int], left_out: bool
) -> None:
    listed = contents.entries(document(*sizes))
    chapters, sections, appendices = sizes
    assert sum(h.scheme == "chapter" for h in listed) == chapters * (1 + sections)
    assert sum(h.scheme == "appendix" for h in listed) == appendices * (1 if left_out else 1 + sections)


def test_a_third_level_is_never_listed() -> None:
    deep = n.Heading(id="djupt", level=3, content=t("Djupt"))
    made = resolve(n.Document(meta=reference_meta(), blocks=(*headings(1, 1, 0), deep)))
    assert deep.id not in {heading.id for heading in contents.entries(made)}
