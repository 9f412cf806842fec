"""The key ceremony on the command line, with SoftHSM2: the service then issues and seals with keys in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from config import from_environment
from keys.custody import CustodyKind
from keys.pkcs11 import HardwareEcKey
from signing_service.cli.main import main
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


def test_a_wrong_pin_is_told_by_name(holders: Path, tmp_path: Path, soft_hsm: SoftHsm) -> None:
    holders.write_text(holders.read_text().replace("ceremony", "no such token"))
    done = CliRunner().invoke(main, ["token", "check", "any"])
    assert (done.exit_code, "The token no such token is not present." in done.output) == (1, True)
    assert (tmp_path / "pin").read_text() not in done.output
