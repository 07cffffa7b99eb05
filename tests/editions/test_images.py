"""Charts: Swedish numbers, the report's own font, the same bytes, and a clear word on what cannot be drawn."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from reference import reference_document

from report_builder.document import nodes as n
from report_builder.document.walk import walk
from report_builder.editions import Resources, images
from report_builder.problems import ReportError
from report_builder.workspace.cache import Cache

SVG = "{http://www.w3.org/2000/svg}"
NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def texts(svg: bytes) -> list[str]:
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def bars(values: list[dict[str, Any]], axis: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "data": {"values": values},
        "mark": "bar",
        "width": 200,
        "height": 120,
        "encoding": {
            "x": {"field": "a", "type": "nominal"},
            "y": {"field": "b", "type": "quantitative", "axis": axis},
        },
        **more,
    }


@pytest.fixture
def figure(document: n.Document) -> n.Figure:
    return next(node for node in walk(document) if isinstance(node, n.Figure))


def test_numbers_are_swedish(resources: Resources) -> None:
    drawn = texts(images.svg(bars([{"a": "x", "b": -0.5}, {"a": "y", "b": 0.5}], {"format": ".1%"}), resources.fonts))
    assert f"{MINUS}50,0{NBSP}%" in drawn
    thousands = texts(images.svg(bars([{"a": "x", "b": 12000}], {"format": ",.0f"}), resources.fonts))
    assert f"10{NBSP}000" in thousands


def test_months_and_days_are_in_lower_case(resources: Resources) -> None:
    spec = bars([{"a": f"2025-{m:02d}-15", "b": 1} for m in range(1, 13)], {})
    spec["encoding"]["x"] = {"field": "a", "type": "temporal", "axis": {"format": "%B", "tickCount": "month"}}
    spec["width"] = 1200
    drawn = texts(images.svg(spec, resources.fonts))
    assert {"februari", "augusti", "december"} <= set(drawn)


def test_hidden_labels_are_gone(resources: Resources) -> None:
    spec = bars([{"a": f"{i:03d} ett mycket långt namn", "b": i} for i in range(40)], {})
    spec["encoding"]["x"]["axis"] = {"labelAngle": 0, "labelOverlap": True}
    root = ElementTree.fromstring(images.svg(spec, resources.fonts))
    drawn = list(root.iter(f"{SVG}text"))
    assert 1 < len(drawn) < 40
    assert all(e.get("opacity") != "0" for e in drawn)


@pytest.mark.parametrize("written", ["Source Sans 3", "'Source Sans 3'", None])
def test_text_is_drawn_in_the_font_however_it_is_written(written: str | None, resources: Resources) -> None:
    from PIL import Image

    spec = bars([{"a": "Ärende", "b": 3}], {"title": "Åldersfördelning"})
    spec["config"] = {"font": written} if written else {}
    ink = Image.open(io.BytesIO(images.png(spec, resources.fonts, 2))).convert("L")
    left = ink.crop((0, 0, 40, ink.height))
    assert left.getextrema()[0] < 100, "the axis title at the left edge is missing"
    svg = ElementTree.fromstring(images.svg(spec, resources.fonts))
    assert {e.get("font-family") for e in svg.iter(f"{SVG}text")} == {"'Source Sans 3'"}


def test_all_unknown_fonts_are_named(resources: Resources) -> None:
    axis = {"labelFont": "Comic Sans MS", "titleFont": "Papyrus"}
    with pytest.raises(ReportError) as caught:
        images.svg(bars([{"a": "x", "b": 1}], axis), resources.fonts)
    assert {p.code for p in caught.value.problems} == {"missing-font"}
    assert "Comic Sans MS" in str(caught.value)
    assert "Papyrus" in str(caught.value)


def test_a_field_that_is_called_font_is_data(resources: Resources) -> None:
    images.svg(bars([{"a": "x", "b": 1, "font": "Papyrus"}], {}), resources.fonts)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mark": "okänd"}, "broken-chart"),
        ({"data": {"url": "https://example.invalid/data.csv"}}, "broken-chart"),
        ({"title": "Ett leende \N{GRINNING FACE}"}, "missing-glyph"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    change: dict[str, Any], code: str, figure: n.Figure, resources: Resources
) -> None:
    broken = n.Figure(
        id="fig-trasig", caption=(), alt="x", spec={**bars([{"a": "x", "b": 1}], {}), **change}, data=figure.data
    )
    with pytest.raises(ReportError) as caught:
        resources.charts.svg(broken)
    assert caught.value.problems[0].code == code
    assert "fig-trasig" in str(caught.value)


def test_a_folder_without_fonts_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no font"):
        images.svg(bars([{"a": "x", "b": 1}], {}), tmp_path)


def test_a_chart_is_kept_and_found_again_and_an_altered_one_is_drawn_again(
    figure: n.Figure, resources: Resources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = images.Charts(resources.fonts, Cache(tmp_path))
    svg, png = first.svg(figure), first.png(figure, 2)
    for path in tmp_path.rglob("*"):
        if path.is_file() and png in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(png, svg))
    assert images.Charts(resources.fonts, Cache(tmp_path)).png(figure, 2) == png
    again = images.Charts(resources.fonts, Cache(tmp_path))
    monkeypatch.setattr(images, "svg", lambda *_: pytest.fail("drawn again"))
    assert (again.svg(figure), again.png(figure, 2)) == (svg, png)


def test_a_chart_is_drawn_though_it_cannot_be_kept(figure: n.Figure, resources: Resources, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    unkept = images.Charts(resources.fonts, Cache(tmp_path / "file" / "charts"))
    assert unkept.svg(figure) == images.Charts(resources.fonts).svg(figure)


def test_another_value_is_another_chart(figure: n.Figure, resources: Resources) -> None:
    spec = copy.deepcopy(figure.spec)
    spec["data"]["values"][0]["antal"] += 1
    changed = n.Figure(id=figure.id, caption=(), alt=figure.alt, spec=spec, data=figure.data)
    assert resources.charts.svg(changed) != resources.charts.svg(figure)


def test_drawing_leaves_the_specification_as_it_was(resources: Resources) -> None:
    figure = next(node for node in walk(reference_document()) if isinstance(node, n.Figure))
    before = copy.deepcopy(figure.spec)
    images.svg(figure.spec, resources.fonts)
    assert figure.spec == before
