"""The key ceremony on the command line, with SoftHSM2: the service then issues and seals with keys in it."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from config import from_environment
from keys.custody import CustodyKind
from keys.pkcs11 import HardwareEcKey
from signing_service.cli.main import main
from signing_service.db.models.audit import LogEntry
from signing_service.services import build
from tests.factories import case as cases
from tests.factories.foreign_authority import ForeignAuthority
from tests.factories.tokens import SoftHsm


@pytest.fixture
def holders(soft_hsm: SoftHsm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose file of key holders names an empty token."""
    made = soft_hsm.new_token("ceremony")
    (tmp_path / "pin").write_text(made.pin)
    file = tmp_path / "holders.toml"
    file.write_text(
        f'[token]\nmodule = "{soft_hsm.module}"\nlabel = "ceremony"\npin_file = "{tmp_path / "pin"}"\n', "utf-8"
    )
    monkeypatch.setenv("SIGNING_KEY_HOLDERS", str(file))
    monkeypatch.setenv("SIGNING_DATA", str(tmp_path / "var"))
    return file


def key_entries() -> list[dict[str, Any]]:
    """What the log of this installation says of keys, in its order; those of responders left out."""
    services = build(from_environment())
    with services.db.read() as session:
        found = session.scalars(select(LogEntry.encoded).where(LogEntry.type.like("key.%")).order_by(LogEntry.idx))
        entries = [json.loads(one) for one in found]
    services.db.close()
    return [one for one in entries if one["data"]["purpose"] not in ("ocsp", "log")]


def told(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["token", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_service_issues_and_seals_with_keys_in_the_token(holders: Path) -> None:
    told("create-key", "issuing-1")
    told("create-key", "seal-1")
    assert "signs" in told("check", "issuing-1")
    told("take-over", "issuing", "issuing-1")
    holders.write_text(holders.read_text() + 'issuing = "issuing-1"\n')
    told("take-over", "seal", "seal-1")
    holders.write_text(holders.read_text() + 'seal = "seal-1"\n')
    settings = from_environment()
    assert not {"issuing.key", "seal.key"} & {file.name for file in settings.keys_dir.iterdir()}
    services = build(settings)
    try:
        assert services.keyring.seal.kind is CustodyKind.PKCS11
        issuing = services.keyring.issuing.certificate
        crl = x509.load_der_x509_crl(services.keyring.issuing_crl((), services.clock()))
        key = issuing.public_key()
        assert crl.is_signature_valid(key)  # type: ignore[arg-type]  # P-256, by the profile
        case = cases.completed(services)  # sealed, certificates issued, signed, closed
        assert case.seats[0].board().board.agreement.state == "completed"
    finally:
        services.db.close()
    assert isinstance(services.keyring.issuing._key, HardwareEcKey)
    kept = [(one["type"], one["data"]["purpose"]) for one in key_entries()]
    assert kept[:2] == [("key.created", "token"), ("key.created", "token")]
    for purpose in ("issuing", "seal"):
        assert ("key.created", purpose) in kept[2:]
        assert ("key.retired", purpose) in kept[2:]
    before = services.keyring.seal.certificate_der
    done = CliRunner().invoke(main, ["keys", "renew", "seal"])
    assert done.exit_code == 0, done.output
    again = build(settings)
    again.db.close()
    assert again.keyring.seal.certificate_der != before
    assert key_entries()[-1]["data"]["certificate_sha256"] == sha256(again.keyring.seal.certificate_der).hexdigest()
    done = CliRunner().invoke(main, ["token", "take-over", "issuing", "seal-1"])
    assert done.exit_code == 1
    assert "still hold" in done.output


def test_the_seal_of_an_organisation_is_requested_and_stored(holders: Path, tmp_path: Path) -> None:
    told("create-key", "jzfz", "--kind", "rsa3072")
    pem = told("request", "jzfz", "--organisation", "JZFZ Architectural Design", "--country", "CN", "--name", "Seal")
    asked = x509.load_pem_x509_csr(pem.encode())
    assert asked.is_signature_valid
    issued = ForeignAuthority("Seal Trust").issue(asked.public_key(), "Seal", "JZFZ")  # type: ignore[arg-type]
    file = tmp_path / "jzfz.pem"
    file.write_bytes(issued.public_bytes(Encoding.PEM))
    assert "stored" in told("certificate", "jzfz", str(file))
    assert "1 certificate" in told("check", "jzfz")
    created, certified = key_entries()
    assert (created["type"], certified["type"]) == ("key.created", "key.certified")
    assert certified["data"]["spki_sha256"] == created["data"]["spki_sha256"]
    assert certified["data"]["certificate_sha256"] == issued.fingerprint(hashes.SHA256()).hex()


@pytest.mark.parametrize("name", ["issuing", "seal", "timestamp"])
def test_a_renewed_certificate_is_recorded(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_DATA", str(tmp_path / "var"))
    done = CliRunner().invoke(main, ["keys", "renew", name])
    assert done.exit_code == 0, done.output
    (entry,) = key_entries()
    assert (entry["type"], entry["data"]["purpose"]) == ("key.certified", name)
    assert entry["data"]["not_after"][:10] in done.output


def test_the_seal_is_replaced_and_that_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNING_DATA", str(tmp_path / "var"))
    done = CliRunner().invoke(main, ["keys", "replace-seal", "--reason", "key_compromise"])
    assert done.exit_code == 0, done.output
    assert "is revoked (key_compromise)" in done.output
    retired, created = key_entries()
    assert (retired["type"], retired["data"]["reason"]) == ("key.retired", "key_compromise")
    assert (created["type"], created["data"]["purpose"]) == ("key.created", "seal")
    services = build(from_environment())
    services.db.close()
    certificate = x509.load_der_x509_certificate(services.keyring.seal.certificate_der)
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert created["data"]["spki_sha256"] == sha256(spki).hexdigest()


def test_a_wrong_pin_is_told_by_name(holders: Path, tmp_path: Path, soft_hsm: SoftHsm) -> None:
    holders.write_text(holders.read_text().replace("ceremony", "no such token"))
    done = CliRunner().invoke(main, ["token", "check", "any"])
    assert (done.exit_code, "The token no such token is not present." in done.output) == (1, True)
    assert (tmp_path / "pin").read_text() not in done.output
