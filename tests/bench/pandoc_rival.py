"""pandoc makes a Word file of a page. Run by the interpreter that has ``pypandoc_binary``."""

from __future__ import annotations

import subprocess
import sys


def main() -> None:
    """``python pandoc_rival.py PAGE.html FILE.docx``."""
    import pypandoc  # type: ignore[import-not-found]

    subprocess.run([pypandoc.get_pandoc_path(), sys.argv[1], "-o", sys.argv[2]], check=True, capture_output=True)


if __name__ == "__main__":
    main()
