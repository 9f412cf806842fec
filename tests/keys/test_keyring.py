"""The folder of keys: whole or absent, opened only with the right master key, and never over another one."""

import json
import shutil
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.errors import (
    DemoKeysInProduction,
    InvalidSubject,
    KeyFileExposed,
    KeyFileUnreadable,
    KeyringDamaged,
    KeyringExists,
    KeyringMissing,
    KeyringUnwritable,
    MasterKeyTooShort,
    RootKeyOffline,
    WrongMasterKey,
)
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts
from tests.keys.conftest import FACTS, MASTER_KEY, NOW, SUBJECT, request_of

FILES = {
    *("root.key", "issuing.key", "seal.key", "timestamp.key", "log.key"),
    *("root.pem", "issuing.pem", "seal.pem", "timestamp.pem", "root.crl", "keyring.json"),
}


@pytest.fixture
def copy(keyring_folder: Path, tmp_path: Path) -> Path:
    """A folder of keys that a test may damage."""
    folder = tmp_path / "keys"
    shutil.copytree(keyring_folder, folder)
    return folder


def test_a_new_folder_is_whole_and_for_its_owner_only(keyring_folder: Path) -> None:
    assert {path.name for path in keyring_folder.iterdir()} == FILES
    assert stat.S_IMODE(keyring_folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keyring_folder.iterdir()} == {0o600}
    assert not [path for path in keyring_folder.parent.iterdir() if path != keyring_folder]


def test_no_file_holds_a_bare_key_or_the_master_key(keyring_folder: Path) -> None:
    for path in keyring_folder.iterdir():
        content = path.read_bytes()
        assert b"BEGIN PRIVATE KEY" not in content
        assert MASTER_KEY not in content
        assert (b"BEGIN ENCRYPTED PRIVATE KEY" in content) == (path.suffix == ".key")


def test_every_start_finds_the_same_keys(keyring_folder: Path, keyring: Keyring) -> None:
    again = Keyring.open(keyring_folder, MASTER_KEY)
    assert again.root_pem == keyring.root_pem
    assert again.seal.certificate_der == keyring.seal.certificate_der
    assert again.log_key.public_key() == keyring.log_key.public_key()
    assert again.facts == FACTS


def test_the_keys_are_all_different(keyring: Keyring, keyring_folder: Path) -> None:
    certificates = [
        x509.load_pem_x509_certificate((keyring_folder / f"{name}.pem").read_bytes())
        for name in ("root", "issuing", "seal", "timestamp")
    ]
    spki = {one.public_key().public_bytes(serialization.Encoding.DER, SPKI) for one in certificates}
    assert len(spki) == 4


SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


def test_the_wrong_master_key_is_a_clear_error(keyring_folder: Path) -> None:
    with pytest.raises(WrongMasterKey, match="another master key"):
        Keyring.open(keyring_folder, b"another master key, also 32 bytes long")
    with pytest.raises(MasterKeyTooShort):
        Keyring.open(keyring_folder, b"short")


def test_keys_are_never_made_over_existing_ones(copy: Path) -> None:
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    with pytest.raises(KeyringExists):
        Keyring.create(copy, MASTER_KEY, FACTS, NOW)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


def test_an_empty_folder_may_be_filled_and_a_strangers_folder_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert Keyring.open_or_create(tmp_path / "empty", MASTER_KEY, FACTS, NOW).facts == FACTS
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(KeyringExists):
        Keyring.create(tmp_path / "other", MASTER_KEY, FACTS, NOW)
    with pytest.raises(KeyringDamaged):
        Keyring.open(tmp_path / "other", MASTER_KEY)


def test_a_place_where_nothing_can_be_written_is_named_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(KeyringUnwritable) as refusal:
        Keyring.create(tmp_path / "file" / "keys", MASTER_KEY, FACTS, NOW)
    assert str(tmp_path) not in str(refusal.value)


def test_missing_keys_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyringMissing):
        Keyring.open(tmp_path / "nowhere", MASTER_KEY)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        (KeyringFacts("", "CN", "seal@example.org", "http://x"), InvalidSubject),
        (KeyringFacts("Org", "China", "seal@example.org", "http://x"), InvalidSubject),
        (KeyringFacts("Org", "CN", "nobody", "http://x"), InvalidSubject),
    ],
)
def test_a_refusal_leaves_nothing_behind(tmp_path: Path, facts: KeyringFacts, error: type[Exception]) -> None:
    with pytest.raises(error):
        Keyring.create(tmp_path / "keys", MASTER_KEY, facts, NOW)
    with pytest.raises(MasterKeyTooShort):
        Keyring.create(tmp_path / "keys", b"short", FACTS, NOW)
    assert not list(tmp_path.iterdir())


def test_demo_keys_are_refused_in_production_before_the_master_key_is_looked_at(copy: Path) -> None:
    with pytest.raises(DemoKeysInProduction):
        Keyring.open(copy, b"any", production=True)
    assert "DEMO" in Keyring.open(copy, MASTER_KEY).issuing.certificate.subject.rfc4514_string()


def test_a_manifest_edited_by_hand_is_noticed(copy: Path) -> None:
    """Demo keys cannot be talked into production, nor lists pointed elsewhere, without the master key."""
    manifest = json.loads((copy / "keyring.json").read_bytes())
    for change in ({"demo": False}, {"base_url": "http://elsewhere"}, {"mac": "0" * 64}):
        (copy / "keyring.json").write_text(json.dumps({**manifest, **change}))
        with pytest.raises(KeyringDamaged, match="changed by hand"):
            Keyring.open(copy, MASTER_KEY, production="demo" in change)


@pytest.mark.parametrize("name", sorted(FILES - {"root.key", "keyring.json"}))
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises((KeyringDamaged, KeyFileUnreadable), match=name.replace(".", r"\.")):
        Keyring.open(copy, MASTER_KEY)


@pytest.mark.parametrize("name", ["issuing.key", "seal.pem", "keyring.json", "log.key"])
def test_a_damaged_file_is_named(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"junk")
    with pytest.raises((KeyringDamaged, KeyFileUnreadable), match=name.replace(".", r"\.")):
        Keyring.open(copy, MASTER_KEY)


def test_files_of_two_keyrings_do_not_mix(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    Keyring.create(other, MASTER_KEY, FACTS, NOW)
    shutil.copy(other / "seal.pem", copy / "seal.pem")
    with pytest.raises(KeyringDamaged, match=r"seal\.pem"):
        Keyring.open(copy, MASTER_KEY)


def test_swapped_keys_are_noticed(copy: Path) -> None:
    """Each file has its own passphrase, so one cannot stand in for another."""
    shutil.copy(copy / "issuing.key", copy / "seal.key")
    with pytest.raises(KeyFileUnreadable, match=r"seal\.key"):
        Keyring.open(copy, MASTER_KEY)


def test_a_key_others_can_read_stops_the_start(copy: Path) -> None:
    (copy / "seal.key").chmod(0o644)
    with pytest.raises(KeyFileExposed, match=r"seal\.key"):
        Keyring.open(copy, MASTER_KEY)


def test_without_the_root_key_everything_but_a_new_root_list_works(copy: Path) -> None:
    (copy / "root.key").unlink()
    keyring = Keyring.open(copy, MASTER_KEY, clock=lambda: NOW)
    assert keyring.root_authority is None
    issuing, root = keyring.crls([(1, NOW, "superseded")], NOW + timedelta(days=1))
    assert x509.load_der_x509_crl(root).last_update_utc == NOW
    assert x509.load_der_x509_crl(issuing).get_revoked_certificate_by_serial_number(1) is not None
    assert keyring.timestamp_source.token(b"\1" * 32)
    key = ec.generate_private_key(ec.SECP256R1())
    assert keyring.issuing.issue(request_of(key), SUBJECT, invitation_id="i", now=NOW)
    with pytest.raises(RootKeyOffline):
        keyring.root_crl(NOW, [(2, NOW, "key_compromise")])


def test_our_root_is_the_anchor_for_both_purposes(keyring: Keyring) -> None:
    anchors = keyring.trust_anchors()
    assert anchors.signing == anchors.timestamping == (keyring.root_der,)


_CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts

step, calls, real = int(sys.argv[2]), 0, os.fsync

def killing(descriptor):
    global calls
    calls += 1
    if calls == step:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)

os.fsync = killing
facts = KeyringFacts("Organisation", "CN", "seal@example.org", "http://127.0.0.1")
Keyring.create(Path(sys.argv[1]), b"a master key of thirty-two bytes", facts, datetime(2026, 11, 22, tzinfo=UTC))
"""


@pytest.mark.parametrize("step", [1, 4, 11, 12])
def test_a_kill_in_the_middle_leaves_no_keys_and_the_next_start_makes_them(tmp_path: Path, step: int) -> None:
    """Steps 1 to 11 are the files, 12 is the folder just before it gets its name."""
    folder = tmp_path / "keys"
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder), str(step)], cwd=root, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr
    assert not folder.exists()
    assert list(tmp_path.iterdir())  # something half-made is there, under a hidden name
    with pytest.raises(KeyringMissing):
        Keyring.open(folder, MASTER_KEY)
    Keyring.open_or_create(folder, MASTER_KEY, FACTS, NOW)
    assert list(tmp_path.iterdir()) == [folder]


def test_two_processes_starting_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    script = (
        _CHILD.replace("Keyring.create(", "keyring = Keyring.open_or_create(") + "\nprint(keyring.root_pem.decode())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "keys"), "0"]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    ended = [process.communicate(timeout=60) for process in running]
    assert len({out for out, _ in ended}) == 1, ended
    assert ended[0][0].startswith(b"-----BEGIN CERTIFICATE"), ended
