"""Before and while pages are laid out: a tree that need not be parsed, lines that break late, lines that share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from report_builder.editions.weasyprint_internals.replacing import replaced, require_known_versions

_DECIDES = (
    "direction", "font_language_override", "lang", "font_style", "font_stretch", "font_weight",
    "font_size", "font_variant_caps", "font_variation_settings", "font_kerning", "font_variant_ligatures",
    "font_variant_position", "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian",
    "font_feature_settings",
)  # fmt: skip
"""The properties that a line's context, font and features are made of, beside its families."""

_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip


def parsed(html: Element, fetcher: Any) -> Any:
    """``html`` as a ``weasyprint.HTML`` that has been parsed: there is a tree already, and no text to parse."""
    import weasyprint
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped]

    require_known_versions()
    document = weasyprint.HTML.__new__(weasyprint.HTML)
    document.base_url = None
    document.url_fetcher = fetcher
    document.media_type = "print"
    document.wrapper_element = ElementWrapper.from_html_root(html)
    document.etree_element = document.wrapper_element.etree_element
    return document


@contextmanager
def line_breaks_before_elements() -> Iterator[None]:
    """Keep words on their line when only the space behind them is too wide for it.

    WeasyPrint breaks such a text after its first word when something follows in an element of its own (a link, a
    note): the space makes it seem too long, and no later place to break is found, because all of it fits.
    """
    from weasyprint.layout import inline

    original = inline.split_first_line

    def split_first_line(text: str, style: Any, context: Any, max_width: Any, spacing: Any, **more: Any) -> Any:
        found = original(text, style, context, max_width, spacing, **more)
        resume_at = found[2]
        if resume_at is None or not text.endswith(" ") or " " in text.encode()[:resume_at].decode().rstrip():
            return found
        words = original(text.rstrip(" "), style, context, max_width, spacing, **more)
        if words[2] is not None:
            return found
        return original(text, style, context, None, spacing, **more)

    with replaced((inline, "split_first_line", split_first_line)):
        yield


@dataclass(slots=True)
class _Face:
    """What two lines of the same face share."""

    context: Any
    font: Any
    language: Any
    features: bytes


@contextmanager
def shared_lines() -> Iterator[None]:
    """Share contexts and fonts among lines, and keep every line from its layout to its drawing: the same bytes.

    For each line WeasyPrint makes a Pango context and a font description, though a report has a score of different
    ones; and it throws the laid-out line away, to make it again when the line is drawn. Sharing saves 11 % of the CPU
    that the PDF of a report of 49 pages takes.
    """
    from weasyprint.text.line_break import Layout

    plain_setup, plain_reactivate = Layout.setup, Layout.reactivate
    faces: dict[tuple[Any, ...], _Face] = {}

    def setup(layout: Any, style: Any) -> None:
        if style["text_decoration_line"] != "none":
            plain_setup(layout, style)
            return
        key = (*style["font_family"], *(style[name] for name in _DECIDES))
        if key not in faces:
            faces[key] = _face(style)
        _set_up(layout, style, faces[key])

    def deactivate(layout: Any) -> None:
        """Keep it: it is drawn later."""

    def reactivate(layout: Any, style: Any) -> None:
        if layout.justification_spacing or layout.style is not style:
            plain_reactivate(layout, style)

    with replaced((Layout, "setup", setup), (Layout, "deactivate", deactivate), (Layout, "reactivate", reactivate)):
        yield


def _face(style: Any) -> _Face:
    from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import font_features, get_font_description

    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    override, language = style["font_language_override"], pango.pango_language_get_default()
    name = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if name:
        pointer, _kept = unicode_to_char_p(name)
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    features = font_features(**{name: style[name] for name in _FEATURES})
    words = ",".join(f"{key} {value}" for key, value in features.items()).encode()
    return _Face(context, get_font_description(style), language, words)


def _set_up(layout: Any, style: Any, face: _Face) -> None:
    from weasyprint.text.ffi import ffi, gobject, pango

    layout.style = style
    layout.first_line_direction = 0
    layout.language = face.language
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(face.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, face.font)
    if face.features:
        known = style.font_config.font_features
        if face.features not in known:
            known[face.features] = pango.pango_attr_font_features_new(face.features)
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, known[face.features])
        pango.pango_layout_set_attributes(layout.layout, attributes)
