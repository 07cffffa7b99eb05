"""Where the files lie that decide how editions look: the workspace's own file first, else the one in this package.

``report_builder/editions/style`` has all of them. A workspace that wants another look puts a file of the same name into
``templates/editions``; what it does not have there is the package's. Fonts go together: with a font of its own, a
workspace uses none of the package's.
"""

from __future__ import annotations

from pathlib import Path

from report_builder.workspace.workspace import is_content

SHIPPED = Path(__file__).parent / "style"
"""The style files of this package."""

FONTS = "fonts"
"""The folder of the TrueType files, in the package and in a workspace."""


def own_folder(root: Path) -> Path:
    """Where the workspace in ``root`` has style files of its own, if it has any."""
    return root / "templates" / "editions"


def style_file(own: Path, name: str) -> Path:
    """The file ``name``, such as ``print.css``: in the folder ``own`` if it is there, else in the package."""
    parts = Path(name).parts
    if parts[0] == FONTS:
        return font_folder(own).joinpath(*parts[1:])
    found = own / name
    return found if found.is_file() else SHIPPED / name


def font_folder(own: Path) -> Path:
    """The folder with the font of editions and charts."""
    fonts = own / FONTS
    return fonts if any(fonts.glob("*.ttf")) else SHIPPED / FONTS


def style_files(own: Path) -> dict[str, Path]:
    """Every file that may decide how an edition looks, by its name in ``templates/editions``, with forward slashes."""
    found = {**_files(SHIPPED), **_files(own)}
    fonts = {f"{FONTS}/{name}": path for name, path in _files(font_folder(own)).items()}
    others = {name: path for name, path in found.items() if not name.startswith(f"{FONTS}/")}
    return dict(sorted({**others, **fonts}.items()))


def _files(folder: Path) -> dict[str, Path]:
    paths = (path for path in folder.rglob("*") if path.is_file() and is_content(path.name))
    return {path.relative_to(folder).as_posix(): path for path in paths}
