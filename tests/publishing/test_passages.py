"""What counts as the same passage when an edition is read back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from report_builder.verifying.edition_passages import folded, is_frame, masked

FRAME = frozenset(folded(w).casefold() for w in ("februari 2026", "Artikelnummer", "PM 2026-1", "Vad tillsynen visade"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("18\u00a0950 ären\u00adden", "18 950 ärenden.", True),
        ("3,4 månader", "34 månader", False),
        ("−12", "12", False),
        ("+12", "12", False),
        ("75 %", "75", False),
        ("2023–2025", "2023 2025", True),
        ("Den 12, 13 och 14", "Den 12 13 och 14", True),
        ("ökade", "minskade", False),
    ],
)
def test_figures_and_letters_count_and_spacing_does_not(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


def test_the_same_sentence_with_another_figure_has_the_same_mask() -> None:
    assert masked(folded("Balansen var 12\u00a0921 ärenden")) == masked(folded("Balansen var 12\u00a0922 ärenden"))


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("Februari 2026 · Artikelnummer PM 2026-1", True),
        ("Vad tillsynen visade", True),
        ("Februari 2027", False),
        ("Februari 2026, 312 ärenden", False),
    ],
)
def test_cover_and_imprint_may_say_what_the_report_says_of_itself_and_no_more(text: str, frame: bool) -> None:
    assert is_frame(folded(text), FRAME) is frame


def test_the_text_alternative_of_the_logotype_belongs_to_the_report() -> None:
    import dataclasses

    from report_builder.document import nodes as n
    from report_builder.verifying.edition_passages import printed_frame

    sys.path.insert(0, str(Path(__file__).parents[1] / "editions"))
    from reference import reference_meta

    meta = reference_meta()
    authority = dataclasses.replace(meta.authority, logotype_alt="Myndighetens vapen från 1974")
    document = n.Document(meta=dataclasses.replace(meta, authority=authority), blocks=())
    assert is_frame(folded("Myndighetens vapen från 1974"), printed_frame(document))
    assert not is_frame(folded("Myndighetens vapen från 1975"), printed_frame(document))


def test_what_leads_into_the_data_annex_belongs_to_the_report() -> None:
    from report_builder.document import nodes as n
    from report_builder.document.resolve import resolve
    from report_builder.verifying.edition_passages import expected_passages, printed_frame

    sys.path.insert(0, str(Path(__file__).parents[1] / "editions"))
    from reference import reference_meta

    text = n.Text(text="Fler tabeller")
    data = n.Table(
        id="fig-a-data", caption=(n.Text(text="Data"),), columns=(n.Column(id="a", header=(text,)),), rows=()
    )
    blocks = (
        n.Heading(id="a", level=1, content=(n.Text(text="Resultat"),)),
        n.Figure(id="fig-a", caption=(text,), alt="En figur.", spec={}, data=data),
        n.Heading(id="db", level=1, content=(text,), scheme="annex"),
        data,
    )
    document = resolve(n.Document(meta=reference_meta(), blocks=blocks))
    labels, figure = document.meta.labels, next(b for b in document.blocks if isinstance(b, n.Figure))
    forms = {form for piece in expected_passages(document) for form in piece.forms}
    assert folded(f"{labels.annex} {labels.annex_letter}1 Fler tabeller") in forms
    assert figure.data_at
    assert is_frame(folded(f"{labels.tables_of_figure}: {figure.data_at}."), printed_frame(document))
