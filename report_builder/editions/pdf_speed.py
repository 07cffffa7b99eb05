"""What WeasyPrint does over and over for every line of text, done once: the same bytes, in less time.

For each line it makes a Pango context and a font description, though a report has a score of different ones; and it
throws the laid-out line away, to make it again when the line is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

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


@dataclass(slots=True)
class _Face:
    """What two lines of the same face share."""

    context: Any
    font: Any
    language: Any
    features: bytes


@contextmanager
def quick_lines() -> Iterator[None]:
    """Share contexts and fonts among lines, and keep every line from its layout to its drawing."""
    from weasyprint.text.line_break import Layout

    plain = Layout.setup, Layout.deactivate, Layout.reactivate
    faces: dict[tuple[Any, ...], _Face] = {}

    def setup(layout: Any, style: Any) -> None:
        if style["text_decoration_line"] != "none":
            plain[0](layout, style)
            return
        key = (*style["font_family"], *(style[name] for name in _DECIDES))
        if key not in faces:
            faces[key] = _face(style)
        _set_up(layout, style, faces[key])

    def deactivate(layout: Any) -> None:
        """Keep it: it is drawn later."""

    def reactivate(layout: Any, style: Any) -> None:
        if layout.justification_spacing or layout.style is not style:
            plain[2](layout, style)

    Layout.setup, Layout.deactivate, Layout.reactivate = setup, deactivate, reactivate
    try:
        yield
    finally:
        Layout.setup, Layout.deactivate, Layout.reactivate = plain


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
