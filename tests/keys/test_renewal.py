"""Renewing: the key stays, the certificate is new, and what was issued before still verifies."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from keys.errors import NotRenewable, RootKeyOffline, WrongMasterKey
from keys.keyring import Keyring
from keys.renewal import renew_certificate, renew_root_crl
from tests.keys.conftest import MASTER_KEY, NOW, SUBJECT, Program, crl_pem, pem, request_of

LATER = NOW + timedelta(days=600)


@pytest.fixture
def folder(keyring_folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "keys"
    shutil.copytree(keyring_folder, copy)
    return copy


@pytest.mark.parametrize(("name", "years"), [("issuing", 10), ("seal", 2), ("timestamp", 5)])
def test_a_renewed_certificate_lives_a_whole_life_again_with_the_same_key(folder: Path, name: str, years: int) -> None:
    before = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
    ends = renew_certificate(folder, MASTER_KEY, name, LATER)
    after = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
    assert ends == after.not_valid_after_utc == LATER + timedelta(days=365 * years)
    assert after.public_key() == before.public_key()
    assert after.subject == before.subject
    assert after.serial_number != before.serial_number
    assert Keyring.open(folder, MASTER_KEY).ends()[name] == ends
    assert {path.name for path in folder.iterdir() if path.name.startswith(".")} == set()


def test_certificates_issued_before_verify_under_the_renewed_authority(
    folder: Path, tmp_path: Path, openssl: Program
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issued = Keyring.open(folder, MASTER_KEY).issuing.issue(request_of(key), SUBJECT, invitation_id="i", now=NOW)
    renew_certificate(folder, MASTER_KEY, "issuing", NOW + timedelta(hours=1))
    keyring = Keyring.open(folder, MASTER_KEY)
    moment = NOW + timedelta(days=1)
    (tmp_path / "root.pem").write_bytes(keyring.root_pem)
    (tmp_path / "chain.pem").write_bytes(pem(keyring.issuing_der))
    (tmp_path / "leaf.pem").write_bytes(pem(issued.der))
    (tmp_path / "crls.pem").write_bytes(b"".join(crl_pem(crl) for crl in keyring.crls([], moment)))
    result = openssl(
        *("verify", "-x509_strict", "-crl_check_all", "-attime", str(int(moment.timestamp()))),
        *("-CAfile", "root.pem", "-untrusted", "chain.pem", "-CRLfile", "crls.pem", "leaf.pem"),
    )
    assert result.stdout.strip() == "leaf.pem: OK", result.stderr


@pytest.mark.parametrize("name", ["root", "log", "../seal", ""])
def test_other_names_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(NotRenewable):
        renew_certificate(folder, MASTER_KEY, name, NOW)


def test_without_the_root_key_only_the_seal_can_be_renewed(folder: Path) -> None:
    (folder / "root.key").unlink()
    assert renew_certificate(folder, MASTER_KEY, "seal", LATER)
    for name in ("issuing", "timestamp"):
        with pytest.raises(RootKeyOffline):
            renew_certificate(folder, MASTER_KEY, name, LATER)
    with pytest.raises(RootKeyOffline):
        renew_root_crl(folder, MASTER_KEY, LATER)


def test_renewing_needs_the_master_key(folder: Path) -> None:
    with pytest.raises(WrongMasterKey):
        renew_certificate(folder, b"another master key, also 32 bytes long", "seal", NOW)


def test_what_the_root_revoked_once_stays_revoked(folder: Path) -> None:
    renew_root_crl(folder, MASTER_KEY, NOW, [(5, NOW, "key_compromise")])
    renew_root_crl(folder, MASTER_KEY, LATER, [(6, LATER, "superseded"), (5, LATER, "superseded")])
    keyring = Keyring.open(folder, MASTER_KEY)
    crl = x509.load_der_x509_crl(keyring.root_crl(LATER))
    assert {entry.serial_number: entry.revocation_date_utc for entry in crl} == {5: NOW, 6: LATER}
    reason = crl.get_revoked_certificate_by_serial_number(5).extensions.get_extension_for_class(x509.CRLReason)  # type: ignore[union-attr]
    assert reason.value.reason is x509.ReasonFlags.key_compromise


def test_a_health_check_sees_when_the_stored_list_of_an_offline_root_runs_out(folder: Path) -> None:
    (folder / "root.key").unlink()
    assert Keyring.open(folder, MASTER_KEY).ends()["root.crl"] == NOW + timedelta(days=180)
