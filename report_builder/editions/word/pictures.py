"""Figures: the chart as SVG, a PNG behind it for programs that cannot show one, and its text alternative."""

from __future__ import annotations

from xml.etree import ElementTree

from report_builder.document import nodes as n
from report_builder.editions.ooxml import NAMESPACES, NO_XML, Xml, el, join, text
from report_builder.editions.word.draft import Draft
from report_builder.editions.word.inline import inlines
from report_builder.editions.word.styles import Style
from report_builder.editions.word.tables import below, caption
from report_builder.problems import Problem, ReportError

_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_DECORATIVE_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_NO_DISTANCE = {"distT": 0, "distB": 0, "distL": 0, "distR": 0}
_PNG_SCALE = 2.0
_EMU_PER_TWIP = 635
_EMU_PER_PIXEL = 9525
_LOGOTYPE_HEIGHT = 14 * 36000
"""The height of the logotype on the cover, 14 mm."""


def figure(node: n.Figure, draft: Draft) -> Xml:
    """A figure with its caption above it; below it notes, source, and where its numbers stand as a table."""
    if not node.alt.strip():
        hint = "Say in full sentences what the chart shows."
        message = f"Figure {node.id} has no text alternative."
        raise ReportError(Problem(code="missing-alt", message=message, hint=hint))
    svg, png = draft.charts.svg(node), draft.charts.png(node, _PNG_SCALE)
    width, height = _size(svg)
    scale = min(1.0, draft.page.text_width * _EMU_PER_TWIP / width)
    name = f"{draft.labels.figure} {node.number}"
    drawing = picture(svg, png, (round(width * scale), round(height * scale)), name, node.alt, draft)
    behind = _where_the_numbers_are(node, draft)
    return join(
        caption(draft.labels.figure, node, draft),
        draft.paragraph(Style.PICTURE, drawing),
        below(node, draft, followed=bool(behind)),
        behind,
    )


def logotype(authority: n.Authority, draft: Draft) -> Xml:
    """The authority's mark as a run, or nothing."""
    if not authority.logotype:
        return NO_XML
    width, height = _size(authority.logotype.encode())
    size = (round(_LOGOTYPE_HEIGHT * width / height), _LOGOTYPE_HEIGHT)
    alt = authority.logotype_alt or authority.name
    return picture(authority.logotype.encode(), _png(authority.logotype), size, authority.short, alt, draft)


def picture(svg: bytes, png: bytes, size: tuple[int, int], name: str, alt: str, draft: Draft) -> Xml:
    """A run with a picture in the line; ``size`` is its width and height in EMU (360 000 to a centimetre)."""
    number = draft.new_id("drawing")
    inline = el(
        "wp:inline",
        el("wp:extent", cx=size[0], cy=size[1]),
        el("wp:docPr", id=number, name=name, descr=alt),
        _graphic(svg, png, size, number, name, draft),
        **_NO_DISTANCE,
    )
    return el("w:r", el("w:drawing", inline))


def backdrop(svg: str, size: tuple[int, int], top: int, name: str, draft: Draft) -> Xml:
    """A run that lays a picture behind the text from the left edge of the page, ``top`` EMU down; it means nothing."""
    number = draft.new_id("drawing")
    decorative = el("adec:decorative", val=1)
    anchor = el(
        "wp:anchor",
        el("wp:simplePos", x=0, y=0),
        el("wp:positionH", el("wp:posOffset", text("0")), relativeFrom="page"),
        el("wp:positionV", el("wp:posOffset", text(str(top))), relativeFrom="page"),
        el("wp:extent", cx=size[0], cy=size[1]),
        el("wp:effectExtent", l=0, t=0, r=0, b=0),
        el("wp:wrapNone"),
        el("wp:docPr", el("a:extLst", el("a:ext", decorative, uri=_DECORATIVE_EXTENSION)), id=number, name=name),
        _graphic(svg.encode(), _png(svg), size, number, name, draft),
        **_NO_DISTANCE,
        simplePos=0,
        relativeHeight=0,
        behindDoc=1,
        locked=1,
        layoutInCell=1,
        allowOverlap=1,
    )
    return el("w:r", el("w:drawing", anchor))


def _graphic(svg: bytes, png: bytes, size: tuple[int, int], number: int, name: str, draft: Draft) -> Xml:
    """The picture itself: PNG for every program, SVG in an extension for those that know it."""
    vector = el("asvg:svgBlip", r_embed=_embed(svg, f"/word/media/image{number}.svg", "image/svg+xml", draft))
    extension = el("a:extLst", el("a:ext", vector, uri=_SVG_EXTENSION))
    raster = el("a:blip", extension, r_embed=_embed(png, f"/word/media/image{number}.png", "image/png", draft))
    frame = el("a:xfrm", el("a:off", x=0, y=0), el("a:ext", cx=size[0], cy=size[1]))
    image = el(
        "pic:pic",
        el("pic:nvPicPr", el("pic:cNvPr", id=number, name=name), el("pic:cNvPicPr")),
        el("pic:blipFill", raster, el("a:stretch", el("a:fillRect"))),
        el("pic:spPr", frame, el("a:prstGeom", el("a:avLst"), prst="rect")),
    )
    locks = el("wp:cNvGraphicFramePr", el("a:graphicFrameLocks", noChangeAspect=1))
    return join(locks, el("a:graphic", el("a:graphicData", image, uri=NAMESPACES["pic"])))


def _png(svg: str) -> bytes:
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=_PNG_SCALE))


def _embed(data: bytes, name: str, kind: str, draft: Draft) -> str:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    return str(draft.body.relate_to(Part(PackURI(name), kind, data, draft.body.package), _IMAGE))


def _size(svg: bytes) -> tuple[int, int]:
    """Width and height of an SVG in EMU, a pixel being a 96th of an inch."""
    element = ElementTree.fromstring(svg)  # noqa: S314 -- a chart that we drew, or the workspace's own logotype
    width, height = element.get("width"), element.get("height")
    if width is None or height is None:
        _, _, width, height = (element.get("viewBox") or "0 0 1 1").replace(",", " ").split()
    return (
        round(float(width.removesuffix("px")) * _EMU_PER_PIXEL),
        round(float(height.removesuffix("px")) * _EMU_PER_PIXEL),
    )


def _where_the_numbers_are(node: n.Figure, draft: Draft) -> Xml:
    if not node.data_at:
        return NO_XML
    words = n.Text(text=f"{draft.labels.tables_of_figure}: ")
    here = node.data.id in draft.targets
    place = n.CrossRef(target=node.data.id, text=node.data_at) if here else n.Text(text=node.data_at)
    return draft.paragraph(Style.SOURCE, inlines((words, place, n.Text(text=".")), draft))
