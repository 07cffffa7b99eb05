"""Workspaces with a release that is final, decided, reviewed and of real data as far as the program can tell."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))
from workspaces import PROJECT, Desk

REPORT = "periodisk-rapport/2026-t1"
YEARLY = "arsrapport/2025"


def report_builder(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The program, run in ``folder`` as a person would; nothing of it may be a traceback."""
    command = [sys.executable, "-m", "report_builder.cli", *map(str, arguments)]
    paths = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    surroundings = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=surroundings)
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    assert done.returncode != 3, done.stderr
    return done


def project(root: Path) -> Desk:
    """The project's own workspace, in a copy."""
    for folder in ("content", "data_contracts", "templates"):
        shutil.copytree(PROJECT / folder, root / folder)
    return Desk(root)


def yearly(root: Path) -> Desk:
    """A small yearly report that the project does not know."""
    shutil.copytree(PROJECT / "tests" / "workspaces" / "arsrapport", root)
    return Desk(root)


def made_real(desk: Desk) -> Desk:
    """The workspace once its methods, changes and registers have been decided: nothing says that it is an example."""
    for path in (desk.root / "content").rglob("*.yaml"):
        if path.name != "release.yaml":
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"^ *example: true\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    return desk


def made_final(desk: Desk, release: str) -> Desk:
    """The release at the desk as it is when it may be published, its template locked."""
    made_real(desk)
    path = desk.root / "content" / release / "release.yaml"
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key = line.strip().partition(":")[0]
        new = {
            "status": "status: final",
            "diarienummer": "diarienummer: 1.2-00001/2026",
            "article_number": "article_number: X 2026-1",
            "example": "    example: false",
            "review": "",
        }
        kept.append(new.get(key, line))
    sections = sorted((path.parent / "sections").glob("*.md"))
    kept += ["decided_by: avdelningschefen", "decided: 2026-02-20", "review:"]
    kept += [f"  {section.stem}: reviewed" for section in sections]
    path.write_text("\n".join([*kept, ""]), encoding="utf-8")
    template = f"{release.partition('/')[0]}@v1"
    locked = desk.run("templates", "lock", template, "--release", release)
    assert locked.returncode == 0 or "is locked already" in locked.stderr, locked.stderr
    return desk


@dataclass(frozen=True)
class Issue:
    """What a publication left: the workspace, what was said, the bundle, its ZIP, and the public key."""

    desk: Desk
    said: str
    folder: Path
    archive: Path
    key: Path


def key_pair(folder: Path) -> tuple[Path, Path]:
    """A private and a public key as PEM files, as openssl writes them."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key, pem = Ed25519PrivateKey.generate(), serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(pem, *plain))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that ``make`` has filled, once for all processes that the tests run in; nobody changes it afterwards."""
    common = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent
    folder = common / name
    with (common / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = common / f".{name}.done"
        if not done.exists():  # not moved here when ready: the program keeps the fonts that it has found open
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
