"""The signature over a bundle's list of checksums: Ed25519, made with the authority's key, checked with the public one.

The signature file holds the public key beside the signature, so that a bundle can be checked alone. That shows that
nothing has changed since somebody signed it; *who* signed is shown by the key's fingerprint, or by naming the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.packages.sums import SIGNATURE, SUMS
from report_builder.problems import Place, Problem, ReportError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_HEAD = "report_builder signature 1: Ed25519 over " + SUMS


def sign(data: bytes, key: Ed25519PrivateKey) -> bytes:
    """The signature file for the list of checksums ``data``."""
    return _text(_raw(key.public_key()), key.sign(data))


def _text(public: bytes, signature: bytes) -> bytes:
    return f"{_HEAD}\nkey {public.hex()}\nsignature {signature.hex()}\n".encode("ascii")


def signature_problems(files: Mapping[str, bytes], expected: Ed25519PublicKey | None = None) -> Iterator[Problem]:
    """What is wrong with the signature; a bundle without one is at fault only where a key is expected."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    place = Place(file=SIGNATURE)
    hint = "Fetch the bundle again from where it is kept."
    if SIGNATURE not in files:
        if expected is not None:
            message = "The bundle is not signed."
            yield Problem(code="not-signed", message=message, place=place, hint="Ask for the signed bundle.")
        return
    found = _parts(files[SIGNATURE])
    if found is None:
        message = "The signature file is not as it was written."
        yield Problem(code="bad-signature", message=message, place=place, hint=hint)
        return
    public, signature = found
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, files.get(SUMS, b""))
    except (InvalidSignature, ValueError):
        message = "The signature is not that of this list of checksums."
        yield Problem(code="bad-signature", message=message, place=place, hint=hint)
        return
    if expected is not None and _raw(expected) != public:
        message = f"The bundle is signed with another key, whose fingerprint is {_fingerprint(public)}."
        hint = "Ask the publisher which key is theirs."
        yield Problem(code="other-key", message=message, place=place, hint=hint)


def key_fingerprint(files: Mapping[str, bytes]) -> str:
    """The fingerprint of the key that signed, or "" where nobody did."""
    found = _parts(files.get(SIGNATURE, b""))
    return _fingerprint(found[0]) if found else ""


def _parts(data: bytes) -> tuple[bytes, bytes] | None:
    """Public key and signature, if the file is written exactly as :func:`sign` writes it."""
    try:
        head, key, signature, *_ = data.decode("ascii").split("\n")
        public, sign = bytes.fromhex(key.removeprefix("key ")), bytes.fromhex(signature.removeprefix("signature "))
    except ValueError:
        return None
    return (public, sign) if head == _HEAD and _text(public, sign) == data else None


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _fingerprint(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()


def private_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file without a passphrase.

    Raises:
        ReportError: there is no such file, or no Ed25519 key in it.

    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    data = _read(path)
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as e:
        raise _no_key(path, "an unencrypted private key", "openssl genpkey -algorithm ed25519 -out FILE") from e
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, "a private key of the kind Ed25519", "openssl genpkey -algorithm ed25519 -out FILE")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a PEM file; raises as :func:`private_key`."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    data = _read(path)
    how = "openssl pkey -in PRIVATE -pubout -out FILE"
    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm) as e:
        raise _no_key(path, "a public key", how) from e
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "a public key of the kind Ed25519", how)
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        message = f"The key cannot be read: {e.strerror or e}."
        raise ReportError(Problem(code="no-key", message=message, place=Place(file=str(path)))) from e


def _no_key(path: Path, wanted: str, how: str) -> ReportError:
    message = f"The file does not hold {wanted}, as PEM."
    return ReportError(Problem(code="no-key", message=message, place=Place(file=str(path)), hint=f"Make one: {how}"))
