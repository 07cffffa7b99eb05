"""Another way from the same page to a PDF: pandoc turns its HTML into Typst, Typst sets it.

Run by the interpreter that has ``pypandoc_binary`` and ``typst``, which stand in an environment of their own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> None:
    """``python typst_rival.py PAGE.html FOLDER`` writes FOLDER/page.pdf; pictures are taken out of the page first."""
    import pypandoc  # type: ignore[import-not-found]
    import typst  # type: ignore[import-not-found]

    page, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    command = [Path(pypandoc.get_pandoc_path()).resolve(), "-f", "html", "-t", "typst", "-s", "--extract-media=media"]
    subprocess.run([*command, page, "-o", "page.typ"], cwd=folder, check=True, capture_output=True)
    typst.compile(folder / "page.typ", output=folder / "page.pdf")


if __name__ == "__main__":
    main()
