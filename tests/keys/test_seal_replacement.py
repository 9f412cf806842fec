"""The service's own seal is revoked and replaced: everybody is told, the old key is gone, the new one seals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography import x509

from keys.keyring import Keyring
from keys.rotation import rotate_issuing
from keys.seal_replacement import replace_seal
from tests.keys.conftest import MASTER_KEY, NOW, Program
from tests.keys.test_rotation import LATER, opened, verdict


@pytest.fixture
def folder(keyring_folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "keys"
    shutil.copytree(keyring_folder, copy)
    return copy


def listed(keyring: Keyring) -> set[int]:
    return {entry.serial_number for der in keyring.crls((), LATER) for entry in x509.load_der_x509_crl(der)}


def test_the_old_seal_is_listed_and_another_key_seals(folder: Path, tmp_path: Path, openssl: Program) -> None:
    before = opened(folder)
    made = replace_seal(folder, MASTER_KEY, "key_compromise", NOW)
    after = opened(folder)
    old, new = (x509.load_der_x509_certificate(one.seal.certificate_der) for one in (before, after))
    assert old.public_key() != new.public_key()
    assert made.ends == new.not_valid_after_utc
    assert listed(after) == {old.serial_number}
    crl = x509.load_der_x509_crl(after.issuing_crl((), LATER))
    entry = crl.get_revoked_certificate_by_serial_number(old.serial_number)
    assert entry is not None
    assert entry.revocation_date_utc == NOW
    assert "revoked" in verdict(openssl, tmp_path, after, before.seal.certificate_der, [])
    assert verdict(openssl, tmp_path, after, after.seal.certificate_der, []).strip() == "leaf.pem: OK"
    assert len(list(folder.glob("seal*.key"))) == 1, "a key that others may know is not kept"


def test_what_was_revoked_stays_so_after_another_replacement_and_a_rotation(folder: Path) -> None:
    gone = []
    for reason in ("superseded", "key_compromise"):
        gone.append(x509.load_der_x509_certificate(opened(folder).seal.certificate_der).serial_number)
        replace_seal(folder, MASTER_KEY, reason, NOW)
    rotate_issuing(folder, MASTER_KEY, NOW)
    gone.append(x509.load_der_x509_certificate(opened(folder).seal.certificate_der).serial_number)
    replace_seal(folder, MASTER_KEY, "superseded", LATER)
    after = opened(folder)
    assert listed(after) == set(gone)
    newest = {entry.serial_number for entry in x509.load_der_x509_crl(after.issuing_crl((), LATER))}
    assert newest == {gone[-1]}, "each authority lists what it issued"


def test_a_kill_before_the_certificate_is_exchanged_leaves_a_folder_that_opens(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "before"
    shutil.copytree(folder, kept)
    replace_seal(folder, MASTER_KEY, "key_compromise", NOW)
    for name in ("seal.key", "seal.pem"):
        shutil.copy(kept / name, folder / name)
    assert opened(folder).seal.certificate_der == opened(kept).seal.certificate_der
    replace_seal(folder, MASTER_KEY, "key_compromise", NOW)
    assert opened(folder).seal.certificate_der != opened(kept).seal.certificate_der
    assert len(list(folder.glob("seal*.key"))) == 1
