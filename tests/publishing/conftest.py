"""A report that has been published once, signed, for every test that takes it apart."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from finals import REPORT, Desk, made_final, project


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


@pytest.fixture(scope="session")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Issue:
    """The example of a periodic report, as final, published and signed with a test's key."""
    home = tmp_path_factory.mktemp("published")
    desk = made_final(project(home / "workspace"), REPORT)
    private, public = key_pair(home)
    done = desk.run("publish", REPORT, "--key", str(private))
    assert done.returncode == 0, done.stderr
    folder = desk.root / "output" / "published" / "periodisk-rapport-2026-t1-v1"
    return Issue(desk, done.stdout, folder, folder.with_name(f"{folder.name}.zip"), public)
