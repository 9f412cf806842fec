"""The operator's folder of roots: each with a note, per purpose, and nothing that was slipped in."""

import pytest

from keys.errors import AnchorUnreadable
from keys.trust.folder import TrustFolder
from tests.signing_service.verification.pki import DER, NOW
from tests.signing_service.verification.worlds import basic, pki, stranger

ROOT = pki().root.public_bytes(DER)
NOTE = "国家授时中心根证书，来源：官方网站"


@pytest.fixture
def folder(tmp_path) -> TrustFolder:
    return TrustFolder(tmp_path / "trust")


def test_a_root_is_trusted_for_its_purpose_only(folder):
    root = folder.add("timestamping", ROOT, NOTE, NOW)
    assert folder.roots() == (root,)
    assert root.note == NOTE
    assert folder.anchors().timestamping == (ROOT,)
    assert folder.anchors().signing == ()


@pytest.mark.parametrize(("purpose", "note"), [("signing", "  "), ("everything", "why not")])
def test_without_note_or_purpose_nothing_is_trusted(folder, purpose, note):
    with pytest.raises(AnchorUnreadable):
        folder.add(purpose, ROOT, note, NOW)
    assert folder.roots() == ()


def test_a_root_can_be_removed(folder):
    root = folder.add("signing", ROOT, NOTE, NOW)
    assert folder.remove(root.sha256[:4]) == 0
    assert folder.remove(root.sha256[:12]) == 1
    assert folder.anchors().signing == ()


def test_a_certificate_under_anothers_name_is_refused(folder):
    root = folder.add("signing", ROOT, NOTE, NOW)
    other = folder.add("signing", stranger().root.public_bytes(DER), NOTE, NOW)
    files = folder.path / "signing"
    (files / f"{root.sha256}.pem").write_bytes((files / f"{other.sha256}.pem").read_bytes())
    with pytest.raises(AnchorUnreadable):
        folder.anchors()


def test_what_is_no_certificate_is_refused(folder):
    with pytest.raises(AnchorUnreadable):
        folder.add("signing", basic(), NOTE, NOW)
