"""Cut a release: the changelog's Unreleased section becomes the version's, the version is set, committed and tagged.

usage: .ci/release.py VERSION [DAY]     (DAY is today where it is not given)

Nothing is changed where anything is wrong: not on main, something uncommitted, nothing unreleased, a version that is
not a step up or is tagged already. Nothing is pushed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

CHANGELOG = Path("CHANGELOG.md")
VERSION_FILE = Path("report_builder/__init__.py")
BRANCH = "main"

_UNRELEASED = re.compile(r"^## \[Unreleased\]\n(.*?)(?=^## \[|\Z)", re.MULTILINE | re.DOTALL)
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class ReleaseError(Exception):
    """The release cannot be cut, and why."""


def git(*arguments: str) -> str:
    """What git says; what it refuses is a refusal."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise ReleaseError(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def cut(changelog: str, version: str, day: date) -> str:
    """The changelog with an empty Unreleased section above that of ``version``."""
    found = _UNRELEASED.search(changelog)
    if found is None or not re.search(r"^- ", found[1], re.MULTILINE):
        raise ReleaseError(f"{CHANGELOG} has nothing under Unreleased.")
    if f"## [{version}]" in changelog:
        raise ReleaseError(f"{CHANGELOG} has a section for {version} already.")
    kept = re.sub(r"^### \w+\n+(?=### |\Z)", "", found[1].strip() + "\n", flags=re.MULTILINE).strip()
    section = f"## [Unreleased]\n\n## [{version}] - {day.isoformat()}\n\n{kept}\n\n"
    return (changelog[: found.start()] + section + changelog[found.end() :]).rstrip("\n") + "\n"


def numbers(version: str) -> tuple[int, ...]:
    """A version's numbers, to be compared."""
    found = _FORM.fullmatch(version)
    if found is None:
        raise ReleaseError(f"{version!r} is not a version; write VERSION=0.2.0, for instance.")
    return tuple(int(part) for part in found.groups())


def release(version: str, day: date) -> str:
    """Cut the release; the tag."""
    wanted, text = numbers(version), VERSION_FILE.read_text(encoding="utf-8")
    held = _VERSION.search(text)
    if held is None:
        raise ReleaseError(f"{VERSION_FILE} has no __version__.")
    tag, tags = f"v{version}", git("tag", "--list", "v*").split()
    last = max((numbers(name[1:]) for name in tags), default=(0, 0, 0))
    if tag in tags or wanted <= last or wanted < numbers(held[1]):
        raise ReleaseError(
            f"{version} is no step up: the program is {held[1]}, the last tag {max(tags, default='none')}."
        )
    if git("rev-parse", "--abbrev-ref", "HEAD") != BRANCH:
        raise ReleaseError(f"A release is cut on {BRANCH}.")
    if git("status", "--porcelain"):
        raise ReleaseError("There are changes that are not committed.")
    changelog = cut(CHANGELOG.read_text(encoding="utf-8"), version, day)
    CHANGELOG.write_text(changelog, encoding="utf-8", newline="\n")
    VERSION_FILE.write_text(_VERSION.sub(f'__version__ = "{version}"', text), encoding="utf-8", newline="\n")
    git("commit", "--quiet", "--all", "--message", f"Release {version}")
    git("tag", "--annotate", tag, "--message", f"report_builder {version}")
    return tag


def main(arguments: list[str]) -> int:
    """Run it; 1 where it is refused."""
    if len(arguments) not in (1, 2):
        print("usage: make release VERSION=0.2.0", file=sys.stderr)
        return 2
    try:
        day = date.fromisoformat(arguments[1]) if len(arguments) == 2 else date.today()
        tag = release(arguments[0], day)
    except (ReleaseError, ValueError, OSError) as e:
        print(f"error: {e}", file=sys.stderr)
        return 1
    print(f"Tagged {tag}. To publish it: git push origin {BRANCH} {tag}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
